//! Functions in another language: exact, bounded, and unknown when they cannot say.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, card, compile};
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Form, Outcome, RawAnswers, evaluate, read_lenient};
use std::time::{Duration, Instant};

fn text_of(items: &str) -> String {
    format!(
        r#"disease shitei 999 "関数" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}

section a "あ" {{
  field x "エックス" : decimal 4.1 -50..50
  field n "エヌ"     : integer 0..9
}}

{items}
judgement diagnosis "診断" {{
  category yes "該当" when result >= 1
  otherwise none "なし"
  eligible yes
}}
"#
    )
}

fn form(items: &str) -> Form {
    let mut files = Files::new();
    files.insert("form.kohyo", text_of(items));
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(compiled.diagnostics, []);
    Form::new(compiled.program.unwrap()).unwrap()
}

/// Evaluates a function of x and n with this body.
fn call(body: &str, answers: &[(&str, &str)]) -> Outcome {
    let form = form(&format!(
        "function f \"関数\" (x: decimal, n: integer) : decimal 6.2 = rhai \"\"\"\n{body}\n\"\"\"\nvalue result \"値\" : decimal 6.2 = f(x, n)"
    ));
    evaluated(&form, answers)
}

fn evaluated(form: &Form, answers: &[(&str, &str)]) -> Outcome {
    let mut raw = RawAnswers::default();
    for (name, value) in answers {
        raw.insert((*name).to_owned(), vec![(*value).to_owned()]);
    }
    let context = Context {
        today: "2026-06-01".parse().unwrap(),
        application: Application::New,
    };
    let (answers, findings) = read_lenient(form, &raw);
    assert_eq!(findings, []);
    evaluate(form, &answers, &context)
}

/// What it came to, the result, and what was found besides unanswered questions.
fn told(outcome: &Outcome) -> String {
    let found: Vec<String> = outcome
        .findings
        .iter()
        .map(|f| {
            format!(
                " [{} {:?}: {} / {}]",
                f.check,
                f.level,
                f.message,
                f.help.as_deref().unwrap_or("")
            )
        })
        .collect();
    format!(
        "{} {:?}{}",
        outcome.values[0].text,
        outcome.result,
        found.concat()
    )
}

#[test]
fn numbers_are_exact_decimals() {
    let known = [("x", "0.1"), ("n", "5")];
    let table: Vec<String> = [
        "x + 0.2",
        "n / 2",
        "7 / 7 * 3",
        "1 / 8",
        "(0 - 1) / 8",
        "2 * x * n",
        "n % 2",
        "let s = 0; for i in 0..1000 { s += 0.1; } s",
        "let t = [[0, 1.5], [5, 2.5], [9, 3.5]]; let r = 0.0; for l in t { if n >= l[0] { r = l[1]; } } r",
        "fn twice(v) { v * 2 } twice(x) + twice(n)",
        "n.to_decimal().sqrt()",
        "x.floor() + n",
    ]
    .iter()
    .map(|body| format!("{body} -> {}", told(&call(body, &known))))
    .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn what_goes_wrong_is_unknown_and_told() {
    let known = [("x", "1"), ("n", "5")];
    let table: Vec<String> = [
        "loop {}",
        "let a = []; loop { a.push(a); }",
        "let s = \"ab\"; loop { s += s; }",
        "let a = []; a.pad(100000000, 0); 1",
        "fn f(n) { f(n + 1) } f(0)",
        "let m = #{}; let i = 0; loop { m[\"\" + i] = i; i += 1; }",
        "x / 0",
        "n / 0",
        "99999999999999999999999999.0 * 99999999999.0",
        "2.0 ** 500",
        "throw \"計算できません\"",
        "\"文字\"",
        "x > 0",
        "x * 100000",
        "sleep(1)",
        "missing(x)",
        "let a = [1]; a[7]",
    ]
    .iter()
    .map(|body| {
        let started = Instant::now();
        let outcome = call(body, &known);
        assert!(started.elapsed() < Duration::from_secs(5), "{body}");
        format!("{body} -> {}", told(&outcome))
    })
    .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn an_unknown_argument_is_an_unknown_result_until_every_completion_agrees() {
    // Nothing is guessed from the ends of a range: this function is high in the middle only.
    let hump = "if n == 4 { 1 } else { 0 }";
    assert_eq!(told(&call(hump, &[("x", "1")])), "不明 Undetermined");
    assert_eq!(
        told(&call(hump, &[("x", "1"), ("n", "4")])),
        "1.00 Eligible"
    );
    // Ten values of n are few enough to try each of them.
    assert_eq!(told(&call("x + n", &[("x", "2")])), "不明 Eligible");
    let missing = call(hump, &[("x", "1")]).missing;
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].items[0].name, "n");
    // A thousand values of x with each n are too many for a script that spends all it may.
    let started = Instant::now();
    let outcome = call("let i = 0; while i < 4000 { i += 1; } 2", &[]);
    assert_eq!(outcome.result, kohyo_engine::ResultKind::Undetermined);
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn mistakes_in_functions() {
    let told = |items: &str| {
        let mut files = Files::new();
        let text = text_of(items);
        files.insert("form.kohyo", text.clone());
        let found = compile(&files, "form.kohyo").diagnostics;
        let lines: Vec<String> = found
            .iter()
            .map(|d| {
                let line = text.get(..d.span.start as usize).unwrap().lines().count();
                format!(
                    "{} 行 {line} 「{}」 {}",
                    d.code,
                    d.span.of(&text),
                    d.message
                )
            })
            .collect();
        format!("{items}\n=> {}", lines.join("\n=> "))
    };
    let value = "value result \"値\" : decimal 6.2 =";
    let table = [
        format!("function f (x: decimal) : decimal 4.1 = rhai \"\"\"\n  let y = x;\n  y + (z * 2)\n\"\"\"\n{value} f(x)"),
        format!("function f (x: decimal) : decimal 4.1 = rhai \"\"\" x + \"\"\"\n{value} f(x)"),
        format!("function f (x: decimal) : decimal 4.1 = rhai \"\"\" import \"a\" as a; eval(\"1\") \"\"\"\n{value} f(x)"),
        format!("function f (x: decimal, x: integer) : text 4 = rhai \"\"\" x \"\"\"\n{value} 1"),
        format!("function sqrt (x: decimal) : decimal 40.2 = rhai \"\"\" x \"\"\"\n{value} 1"),
        format!("function f (x: integer) : integer = rhai \"\"\" x \"\"\"\n{value} f(x)"),
        format!("function f (x: integer, y: decimal) : integer = rhai \"\"\" x \"\"\"\n{value} f(n)"),
        format!("function f (x: decimal \"cm\") : decimal 4.1 = rhai \"\"\" x \"\"\"\n{value} f(12 kg)"),
        format!("function hight (x: decimal) : decimal 4.1 = rhai \"\"\" x \"\"\"\n{value} height(x)"),
        format!("function f (x: decimal) : decimal 4.1 = rhai \"\"\" x \"\"\"\nfunction f () : integer = rhai \"\"\" 1 \"\"\"\n{value} f(x)"),
        format!("function f (x: decimal) : decimal 4.1 = rhai \"\"\" x\n{value} n"),
        format!("function f (x: decimal) : decimal 4.2 9.0..1.0 = rhai \"\"\" x \"\"\"\n{value} f(x)"),
        format!("function f (x: decimal) : decimal 4.2 0..0.00000000000000000000000000001 = rhai \"\"\" x \"\"\"\n{value} f(x)"),
        format!("function f (x: decimal) : decimal 2.2 0.00..0.99 = rhai \"\"\" x \"\"\"\n{value} f(x)"),
        format!("function f (x: text) : decimal 4.1 = rhai \"\"\" x \"\"\"\n{value} n"),
    ]
    .iter()
    .map(|items| told(items))
    .collect::<Vec<_>>();
    insta::assert_snapshot!(table.join("\n\n"));
}

#[test]
fn functions_of_modules_and_private_ones() {
    let mut files = Files::new();
    files.insert(
        "m.kohyo",
        "module m \"M\" {}\nprivate function half (x: decimal) : decimal 6.2 = rhai \"\"\" x / 2 \"\"\"\nfunction third (x: decimal) : decimal 6.2 = rhai \"\"\" x / 3 \"\"\"\nvalue halved \"半\" : decimal 6.2 = half(9)\n",
    );
    files.insert(
        "form.kohyo",
        text_of("use m as m\nvalue result \"値\" : decimal 6.2 = third(x) + m.halved"),
    );
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(compiled.diagnostics, []);
    let program = compiled.program.unwrap();
    let names: Vec<&str> = program.functions.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["m.half", "m.third"]);
    let form = Form::new(program).unwrap();
    let result = evaluated(&form, &[("x", "6")]);
    let value = result.values.iter().find(|v| v.name == "result").unwrap();
    assert_eq!(value.text, "6.50");
    files.insert(
        "form.kohyo",
        text_of("use m as m\nvalue result \"値\" : decimal 6.2 = half(x)"),
    );
    let found = compile(&files, "form.kohyo").diagnostics;
    let codes: Vec<&str> = found.iter().map(|d| d.code).collect();
    assert_eq!(codes, ["E0324"]);
}

#[test]
fn a_form_whose_script_cannot_be_read_is_refused() {
    let form = form(
        "function f () : integer = rhai \"\"\" 1 \"\"\"\nvalue result \"値\" : decimal 6.2 = f()",
    );
    let mut program = form.into_program();
    let again = kohyo_engine::from_json(kohyo_engine::to_json(&program).as_bytes()).unwrap();
    assert_eq!(*again.program(), program);
    program.functions[0].script = "1 +".to_owned();
    let error = Form::new(program).unwrap_err();
    insta::assert_snapshot!(error.to_string());
}

#[test]
fn the_card_shows_the_function_itself() {
    let form = form(
        "function f \"倍\" (x: decimal) cites \"２倍\" : decimal 4.1 \"cm\" = rhai \"\"\"\n  x * 2\n\"\"\"\nvalue result \"値\" : decimal 6.2 = f(x) / 1 cm",
    );
    let card = card(form.program());
    let from = card.find("■ Rhai").unwrap();
    let to = card.find("■ 判定").unwrap();
    insta::assert_snapshot!(&card[from..to]);
}

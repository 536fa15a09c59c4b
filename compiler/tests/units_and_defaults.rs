//! Conversions of units, and what a new form says before it is filled in.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::{Files, cases, compile};
use kohyo_engine::program::Application;
use kohyo_engine::{Context, Form, RawAnswers, first_answers, read_lenient};

const FORM: &str = r#"disease shitei 999 "単位と初期値" {
  edition "2024" from 2024-04-01
  source notice "試験"
}

section a "あ" {
  field creatinine "クレアチニン" : decimal 4.2 "mg/dL" 0..50
  field urea       "尿素窒素"     : decimal 4.1 "mg/dL" 0..200
  field protein    "蛋白量"       : decimal 5.2 "g" 0..100
  each side eye "眼" of right "右", left "左" { field pressure "眼圧" : decimal 3.1 "mmHg" 0..80 better lower }
  field written_on "記載日"       : date default today required
  field since      "治療開始年"   : year default today
  field visits     "受診回数"     : integer "回" 0..31 default 0 required
  field smoking    "喫煙"         : choice { 1 yes "あり"; 2 no "なし" } default no
  field tobacco    "本数"         : integer "本" 0..99 default 20 shown when smoking is yes
  field helpers    "介助"         : choices { 1 family "家族"; 2 nurse "看護師" } default { family; nurse }
  field renewed    "前回からの変化" : text 40 renewal only default "変化なし"
}

convert 1 "mg/dL" = 88.4 "µmol/L" for creatinine
convert 1 "mg/dL" = 0.357 "mmol/L" for urea
convert 1 g = 1000 mg
convert 1 kPa = 7.5 mmHg for pressure

criterion high     "高クレアチニン" = creatinine >= 100 µmol/L
criterion between  "中間"           = creatinine in 88.4 ..< 100 µmol/L
criterion urea_up  "尿素高値"       = urea > 10 mmol/L
criterion protein3 "蛋白3500mg以上" = protein >= 3500 mg
criterion same     "逆向き"         = 3500 mg <= protein
criterion pressed  "高眼圧"         = worse pressure >= 4 kPa

judgement diagnosis "診断" {
  category a "A" when high
  otherwise none "なし"
  eligible a
}
"#;

fn form() -> Form {
    let mut files = Files::new();
    files.insert("form.kohyo", FORM);
    let compiled = compile(&files, "form.kohyo");
    assert_eq!(compiled.diagnostics, []);
    Form::new(compiled.program.unwrap()).unwrap()
}

#[test]
fn comparisons_in_another_unit_are_exact() {
    let cases = cases::parse(
        r#"
cases:
  - name: 1.13 mg/dL は 99.892 µmol/L、1.14 mg/dL は 100.776 µmol/L
    on: 2026-06-01
    answers: { creatinine: 1.13, urea: 28.0, protein: 3.49, pressure: { right: 29.9, left: 10 } }
    expect: { values: { high: "false", between: "true", urea_up: "false", protein3: "false", same: "false", pressed: "false" } }
  - name: 境目の上
    on: 2026-06-01
    answers: { creatinine: 1.14, urea: 28.1, protein: 3.5, pressure: { right: 30, left: 10 } }
    expect: { values: { high: "true", between: "false", urea_up: "true", protein3: "true", same: "true", pressed: "true" } }
  - name: ちょうど 88.4 µmol/L
    on: 2026-06-01
    answers: { creatinine: 1 }
    expect: { values: { high: "false", between: "true", urea_up: unknown } }
"#,
    )
    .unwrap();
    let report = cases::run(&form(), &cases);
    let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(report.passed, 3);
}

#[test]
fn a_conversion_is_read_with_the_rule() {
    let form = form();
    let texts: Vec<String> = form
        .program()
        .definitions
        .iter()
        .map(|d| match &d.rule {
            kohyo_engine::program::Rule::Criterion(cond) => cond.text.clone(),
            _ => String::new(),
        })
        .collect();
    insta::assert_snapshot!(texts.join("\n"), @r#"
    クレアチニンが100μmol/L以上（1mg/dL＝88.4µmol/Lで換算）
    クレアチニンが88.4以上100μmol/L未満（1mg/dL＝88.4µmol/Lで換算）
    尿素窒素が10mmol/Lを超える（1mg/dL＝0.357mmol/Lで換算）
    蛋白量が3500mg以上（1g＝1000mgで換算）
    3500mgが蛋白量以下（1g＝1000mgで換算）
    悪い方の眼の眼圧が4kPa以上（1kPa＝7.5mmHgで換算）
    "#);
}

#[test]
fn the_accepted_layout_is_kept() {
    let laid_out = kohyo_dsl::format(FORM).unwrap();
    assert_eq!(kohyo_dsl::format(&laid_out).unwrap(), laid_out);
}

fn new_form(form: &Form, application: Application, known: RawAnswers) -> String {
    let context = Context {
        today: "2026-06-01".parse().unwrap(),
        application,
    };
    let raw = first_answers(form, &context, known);
    // Nothing that a first answer says is a mistake.
    let (answers, intake) = read_lenient(form, &raw);
    assert_eq!(intake, []);
    let findings = kohyo_engine::evaluate(form, &answers, &context).findings;
    assert!(
        findings.iter().all(|f| f.check.starts_with("required.")),
        "{findings:#?}"
    );
    raw.iter()
        .map(|(name, values)| format!("{name}: {}\n", values.join(" ")))
        .collect()
}

#[test]
fn a_new_form_begins_with_its_first_answers_where_they_are_shown() {
    insta::assert_snapshot!(new_form(&form(), Application::New, RawAnswers::new()), @r#"
    helpers: 1 2
    since: 2026
    smoking: 2
    visits: 0
    written_on: 2026-06-01
    "#);
}

#[test]
fn what_is_known_is_never_replaced_and_may_show_more() {
    let known = RawAnswers::from([("smoking".to_owned(), vec!["1".to_owned()])]);
    insta::assert_snapshot!(new_form(&form(), Application::Renewal, known), @r#"
    helpers: 1 2
    renewed: 変化なし
    since: 2026
    smoking: 1
    tobacco: 20
    visits: 0
    written_on: 2026-06-01
    "#);
}

/// Items behind a form with two fields; the findings as text.
fn check(items: &str) -> String {
    let text = format!(
        r#"disease shitei 999 "単位" {{
  edition "2024" from 2024-04-01
  source notice "試験"
}}
section a "あ" {{
  field creatinine "クレアチニン" : decimal 4.2 "mg/dL" 0..50
  field note "自由" : text 5
}}
judgement diagnosis "診断" {{ category a "A" when creatinine >= 1 mg/dL; otherwise none "なし"; eligible a }}
{items}
"#
    );
    let mut files = Files::new();
    files.insert("form.kohyo", text.as_str());
    compile(&files, "form.kohyo")
        .diagnostics
        .iter()
        .map(|d| {
            format!(
                "{} {}「{}」→ {}\n",
                d.code,
                d.message,
                d.span.of(&text),
                d.help.clone().unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn mistakes_in_conversions_and_first_answers() {
    let items = [
        "criterion b = creatinine >= 100 µmol/L",
        "convert 1 \"mg/dL\" = 1 \"mg/dL\"",
        "convert 0 g = 1000 mg",
        "convert 1 \"mg/dL\" = 88.4 \"µmol/L\" for note",
        "convert 1 \"mg/dL\" = 88.4 \"µmol/L\" for creatine",
        "convert 1 \"mg/dL\" = 88.4 \"µmol/L\" for creatinine\nconvert 1 \"µmol/L\" = 0.0113 \"mg/dL\" for creatinine",
        "convert 1 \"mg/dL\" = 88.4 \"µmol/L\"\ncriterion b = creatinine >= 5000 µmol/L",
        "section b \"い\" { field x \"x\" : integer 0..9 default 10 }",
        "section b \"い\" { field x \"x\" : integer 0..9 default 1.5 }",
        "section b \"い\" { field x \"x\" : integer \"回\" 0..9 default 1 日 }",
        "section b \"い\" { field x \"x\" : decimal 3.1 default 12345 }",
        "section b \"い\" { field x \"x\" : integer \"歳\" 0..99 default 20 years\n field y \"y\" : integer \"µg\" 0..9 default 1 \"μg\" }",
        "section b \"い\" { field x \"x\" : choice { 1 a \"あ\"; 2 b \"い\" } default c }",
        "section b \"い\" { field x \"x\" : choice { 1 a \"あ\"; 2 b \"い\" } default { a; b } }",
        "section b \"い\" { field x \"x\" : date default 3 }",
        "section b \"い\" { field x \"x\" : text 3 default \"長すぎる文\" }",
        "section b \"い\" { field x \"x\" : phone default \"03\" }",
    ];
    let all: Vec<String> = items.iter().map(|i| format!("{i}\n{}", check(i))).collect();
    insta::assert_snapshot!(all.join("\n"));
}

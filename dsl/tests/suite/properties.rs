//! Properties over arbitrary, damaged and generated texts. What is read at first sight is always what
//! the grammar would have read.

use crate::layout::laid_out;
use crate::{EVERYTHING, PARKINSON};
use kohyo_dsl::{Palette, Severity, Span, format, header, parse, parse_by_grammar, render};
use proptest::prelude::*;

/// Reads, draws and lays out a text; every place must lie in it, on character boundaries.
fn survive(text: &str) {
    let parsed = parse("x", text);
    assert_eq!(parsed, parse_by_grammar("x", text), "{text}");
    assert_eq!(header("x", text), parsed.file.header, "{text}");
    let inside = |span: Span| {
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(
            start <= end && text.is_char_boundary(start) && text.is_char_boundary(end),
            "{span:?} of {text:?}"
        );
    };
    for d in &parsed.diagnostics {
        inside(d.span);
        d.labels.iter().for_each(|l| inside(l.span));
        d.fix.iter().for_each(|f| inside(f.span));
    }
    for item in &parsed.file.items {
        inside(item.span);
    }
    render(&parsed.diagnostics, |_| Some(text), Palette::Plain);
    let errors = parsed
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error);
    match format(text) {
        Ok(_) => assert!(!errors, "laid out in spite of mistakes: {text:?}"),
        Err(_) => assert!(errors, "not laid out without mistakes: {text:?}"),
    }
    if !errors {
        laid_out(text);
    }
}

#[test]
fn a_header_that_runs_into_the_next_item_is_no_header() {
    for rest in [
        "se common.patient",
        "\notherwisemon.patient",
        "\nuse",
        "\n# 注\n.patient",
    ] {
        survive(&format!(
            "module scale.x \"え\" {{\n  edition \"2024\" from 2024-04-01\n}}{rest}\n"
        ));
    }
}

#[test]
fn a_line_still_breaks_where_a_forgotten_brace_is_written() {
    let text = PARKINSON.replacen("  }\n  field response", "field response", 1);
    assert_ne!(text, PARKINSON);
    survive(&text);
}

/// A piece of text that occurs in definitions, or nearly.
fn snippet() -> BoxedStrategy<String> {
    let known = [
        "{",
        "}",
        "(",
        ")",
        ";",
        ":",
        "=",
        "|",
        ",",
        "..",
        "..<",
        "<..",
        "<..<",
        "<",
        ">=",
        "-",
        "+",
        "\"",
        "\"題\"",
        "\n",
        " ",
        "　",
        "：",
        "｛",
        "｝",
        "「",
        "」",
        "１３５",
        "1,500",
        "2023-02-30",
        "3 mg/dL",
        "5 ％",
        "≧",
        "==",
        "&&",
        "#",
        "//",
        "criterion",
        "section",
        "field",
        "group",
        "judgement",
        "category",
        "otherwise",
        "table",
        "code",
        "check",
        "any of",
        "at least 2 of",
        "first match",
        "sum of",
        "when",
        "is",
        "in",
        "not",
        "and",
        "or",
        "unless",
        "if",
        "then",
        "else",
        "shown",
        "treat unknown as no",
        "required",
        "carry",
        "choice",
        "module",
        "use",
        "private",
        "migrate from edition",
        "from",
        "drop",
        "map",
        "->",
        "each side",
        "rows",
        "of",
        "of x {",
        "bands of",
        "gives",
        "sum of domain {",
        "domain \"題\" {",
        "better",
        "worse",
        "higher",
        "within 3 days of",
        "1 year 6 months",
        "includes any of {",
        "earliest of {",
        "count of x in {",
        "age in months at",
        "month of",
        "year of",
        "subtype",
        "gap in",
        "because",
        ".",
        "x",
        "criterion x = ",
        "\ncriterion",
        "\nfield x",
        "を",
        "ｱ",
        "\u{fe00}",
        "\\",
        "@",
        "\u{0}",
    ];
    prop_oneof![
        4 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
    .boxed()
}

/// A valid text with some characters replaced, removed or inserted.
fn damaged() -> BoxedStrategy<String> {
    let change = (
        any::<prop::sample::Index>(),
        0_usize..12,
        prop::option::of(snippet()),
    );
    (
        prop::sample::select(vec![PARKINSON, EVERYTHING]),
        prop::collection::vec(change, 1..6),
    )
        .prop_map(|(text, changes)| {
            let mut characters: Vec<char> = text.chars().collect();
            for (at, removed, inserted) in changes {
                let at = at.index(characters.len().max(1));
                let end = (at + removed).min(characters.len());
                characters.splice(at..end, inserted.unwrap_or_default().chars());
            }
            characters.into_iter().collect()
        })
        .boxed()
}

// ---------------------------------------------------------------------- generated definitions

fn name() -> BoxedStrategy<String> {
    prop::sample::select(vec![
        "a",
        "b",
        "stage",
        "grade",
        "value",
        "安静時振戦",
        "count",
        "none",
        "x_1",
        "new",
        "months",
        "first",
        "points",
    ])
    .prop_map(str::to_owned)
    .boxed()
}

fn label() -> BoxedStrategy<String> {
    prop::sample::select(vec![
        "\"題\"",
        "\"長い 見出し: {#}\"",
        "\"\\\"引用\\\"\"",
        "\"\"",
    ])
    .prop_map(str::to_owned)
    .boxed()
}

fn number() -> BoxedStrategy<String> {
    (
        0_u32..2000,
        prop::option::of(0_u32..99),
        prop::sample::select(vec!["", " mg/dL", " %", " \"/mm3\"", "mL/分/1.73m2", " 歳"]),
    )
        .prop_map(|(n, f, unit)| {
            format!("{n}{}{unit}", f.map_or(String::new(), |f| format!(".{f}")))
        })
        .boxed()
}

/// Blanks between two members or words.
fn gap() -> BoxedStrategy<String> {
    prop::sample::select(vec![" ", "  ", "\n", "\n\n  ", " # 注釈\n"])
        .prop_map(str::to_owned)
        .boxed()
}

fn separator() -> BoxedStrategy<String> {
    prop::sample::select(vec!["; ", ";\n", "\n", "\n\n\n", " # 注釈; {\n"])
        .prop_map(str::to_owned)
        .boxed()
}

fn expr() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        name(),
        (name(), name()).prop_map(|(a, b)| format!("hy.{a} is {b}")),
        (name(), name(), name()).prop_map(|(a, b, c)| format!("{a} is not {b}.{c}")),
        (name(), name(), name()).prop_map(|(a, b, c)| format!("hy.{a} in {{ {b}.{c} | {a} }}")),
        name().prop_map(|a| format!("worse hy.{a} < better {a} - 1")),
        (name(), name(), name()).prop_map(|(a, b, c)| format!("{a} not in {{ {b}; {c} }}")),
        (name(), number()).prop_map(|(a, n)| format!("{a} >= {n}")),
        (name(), number()).prop_map(|(a, n)| format!("{a} in 3 ..< {n}")),
        (name(), number()).prop_map(|(a, n)| format!("{a} in 3 <..< {n}")),
        name().prop_map(|a| format!("{a} is not answered")),
        Just("age at onset >= 18 years".to_owned()),
        Just("age at onset in 6 months ..< 7 years 6 months".to_owned()),
        Just("visit within 2 weeks 3 days after latest of tests { taken }".to_owned()),
        (name(), name(), name()).prop_map(|(a, b, c)| {
            format!("{a} includes at least 1 of {{ {b}\n{c} }} or count of {a} in {{ {b} }} = 1")
        }),
        Just("age in months at onset < 12 months".to_owned()),
        Just("age in days at today in 3 days..30 days".to_owned()),
        Just("visit within 6 months before onset + 2 weeks".to_owned()),
        Just("visit within 1 day of onset".to_owned()),
        Just("months from a to today < 6 months".to_owned()),
        Just("new application".to_owned()),
        Just("2024-02-29 <= onset".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let members = prop::collection::vec((inner.clone(), separator()), 1..4).boxed();
        let block = |head: &'static str| {
            members.clone().prop_map(move |m| {
                let lines: String = m.iter().map(|(e, s)| format!("{e}{s}")).collect();
                format!("{head} {{ {lines} }}")
            })
        };
        prop_oneof![
            (inner.clone(), gap(), inner.clone()).prop_map(|(a, g, b)| format!("{a}{g}and {b}")),
            (inner.clone(), gap(), inner.clone()).prop_map(|(a, g, b)| format!("{a}{g}or{g}{b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) unless {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) + -({b}) > 3")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner
                .clone()
                .prop_map(|a| format!("({a}) treat unknown as no")),
            inner
                .clone()
                .prop_map(|a| format!("({a}) if shown else no")),
            inner.clone().prop_map(|a| format!("round({a}, 1) = 2")),
            inner
                .clone()
                .prop_map(|a| format!("sum of {{ \"題\": 8 when {a}; -3 when {a} }} > 3")),
            inner
                .clone()
                .prop_map(|a| format!("first match {{ yes when {a}\notherwise no }}")),
            (name(), number(), inner.clone()).prop_map(|(a, n, b)| format!(
                "bands of {a} + 1 {{ < {n} gives 0 # 注釈\n>= {n} gives sum of {{ 2 when {b} }};\n-3 <.. -2 gives x }} > 3"
            )),
            (name(), number(), separator(), inner.clone()).prop_map(|(a, n, s, b)| format!(
                "bands of -{a} * 2 {{ <= -{n} gives a{s}= {n} gives ({b});\n-3 .. {n} gives 1{s} }} = 1"
            )),
            (name(), name(), inner.clone()).prop_map(|(a, b, e)| format!("sum of {a}.{b} {{ 2 when {e} }} > 3")),
            (name(), inner.clone(), separator()).prop_map(|(a, e, s)| format!("at most 1 of {a} {{ {e}{s} }}")),
            (separator(), inner.clone()).prop_map(|(s, a)| format!(
                "sum of domain {{ domain \"題\" {{ 2 when {a}{s}3 }}{s}domain \"\" {{ {a} }}{s} }} > 3"
            )),
            inner.clone().prop_map(|a| format!(
                "sum of domain {{ domain \"題\" {{ 2 when {a}\n\"題\": 3 when {a} }} domain \"\" {{ 1 when {a} }} }} > 3"
            )),
            block("any of"),
            block("at least 2 of"),
            block("none of"),
        ]
    })
    .boxed()
}

fn member() -> BoxedStrategy<String> {
    let modifiers = prop_oneof![
        Just(String::new()),
        Just("better higher".to_owned()),
        label().prop_map(|l| format!("better lower help {l}")),
        Just("required carry expires 12 months personal quasi".to_owned()),
        expr().prop_map(|e| format!("required when {e} carry never")),
        (expr(), label()).prop_map(|(e, l)| format!("help {l} shown when {e} new only")),
    ];
    let ty = prop::sample::select(vec![
        "finding",
        "text 40 lines 2",
        "integer \"回\" -5..5",
        "decimal 4.1 -10.0..10.0",
        "date",
        "choices of x.y",
        "choice { 1 a \"あ\"; 2 none \"い\" points -2 }",
        "choice {\n1 a \"あ\"\n10 other \"い\" unknown\n}",
    ]);
    let field = (name(), label(), gap(), ty, modifiers.clone())
        .prop_map(|(n, l, g, t, m)| format!("field {n} {l}{g}: {t} {m}"))
        .boxed();
    let fields = prop::collection::vec((field.clone(), separator()), 0..3)
        .prop_map(|m| m.iter().map(|(m, s)| format!("{m}{s}")).collect::<String>())
        .boxed();
    prop_oneof![
        8 => field,
        1 => (name(), label(), gap(), modifiers.clone(), fields.clone())
            .prop_map(|(n, l, g, m, f)| format!("rows {n} {l} 0..10{g}{m} of {{ {f} }}")),
        1 => (name(), label(), gap(), modifiers, fields)
            .prop_map(|(n, l, g, m, f)| format!("each side {n} {l} {m} of{g}right {l}, left \"左\"{g}{{{f}}}")),
        1 => label().prop_map(|l| format!("note {l}")),
        1 => name().prop_map(|n| format!("display {n}")),
    ]
    .boxed()
}

fn item() -> BoxedStrategy<String> {
    let members = prop::collection::vec((member(), separator()), 0..5)
        .prop_map(|m| m.iter().map(|(m, s)| format!("{m}{s}")).collect::<String>())
        .boxed();
    prop_oneof![
        (name(), label(), gap(), expr()).prop_map(|(n, l, g, e)| format!("criterion {n} {l}{g}={g}{e}")),
        (name(), expr()).prop_map(|(n, e)| format!("private score {n} = {e}")),
        (name(), label(), members)
            .prop_map(|(n, l, m)| format!("section {n} {l} {{ {m} group g \"群\" {{\n{m}}} }}")),
        (name(), label(), expr()).prop_map(|(n, l, e)| format!(
            "judgement {n} {l} {{ category {n} {l} when {e}\notherwise none {l}; eligible {n}, none }}"
        )),
        (name(), label(), expr()).prop_map(|(n, l, e)| format!(
            "judgement {n} {l} first match {{\nsubtype {n} {l} when {e} {{ category {n} {l} when {e}\ncategory a {l} when {e} }}\notherwise none {l}; eligible {n}, {n}.a }}"
        )),
        (name(), label(), expr(), separator()).prop_map(|(n, l, e, s)| format!(
            "judgement {n} {l} {{ subtype {n} {l} cites {l} when {e} {{ category {n} {l} when {e}{s}category a {l} when {e} }}{s}category x {l} when {e}{s}eligible {n}, {n}.a{s} }}"
        )),
        (name(), name(), label(), separator(), gap()).prop_map(|(n, m, l, s, g)| format!(
            "migrate from edition {l} {{ drop {n}, {m} because {l}{s}  ask {m}{g}because {l}{s}  {n} from {m} map {{ 1 -> 2; 1a ->{g}x }}{g}  where it fits{s}  drop from {n}{s}  ask from old_ask{s}  map from where{s}  where from it }}"
        )),
        (name(), label(), number()).prop_map(|(n, l, m)| format!(
            "threshold {n} {l} {{ {m} from 2017-04-01 to 2020-03-31 # 注釈\n{m}\nfrom 2020-04-01; }}"
        )),
        (name(), expr()).prop_map(|(n, e)| format!(
            "table {n} : p | q {{ | x < 3 mg | >= 3\ny in -3 ..< -2 | q | p # 注釈\n-2 ..< 5 | q | p\n({e}) | p | q\n}}"
        )),
        (label(), expr()).prop_map(|(l, e)| format!("check R1 error {l} at a, b\nviolated when {e}")),
        label().prop_map(|l| format!("not judged {l} because {l}")),
        name().prop_map(|n| format!("use scale.{n} as {n}")),
        (name(), label(), expr()).prop_map(|(n, l, e)| format!("gap in {n} when {e}\nbecause {l}")),
        (name(), label(), expr()).prop_map(|(n, l, e)| format!("overlap in m.{n} when {e} because {l}")),
        name().prop_map(|n| format!("use shitei 090 only severity, {n} as {n}")),
        name().prop_map(|n| format!("use shoman 02-028 branch 03 only {n} as {n}")),
    ].boxed()
}

fn definition() -> BoxedStrategy<String> {
    let between = prop::sample::select(vec!["\n", "\n\n\n", "\n# 注釈\n", "\n\n# 注釈\n\n"]);
    prop::collection::vec((item(), between), 1..5)
        .prop_map(|items| {
            let items: String = items.iter().map(|(i, b)| format!("{i}{b}")).collect();
            format!("module a \"a\" {{ status draft }}\n{items}")
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn any_words_are_answered(words in prop::collection::vec(snippet(), 0..60)) {
        survive(&words.join(" "));
        survive(&words.concat());
    }

    #[test]
    fn damaged_definitions_are_answered(text in damaged()) {
        survive(&text);
    }

    #[test]
    fn generated_definitions_keep_their_meaning_when_laid_out(text in definition()) {
        let parsed = parse("x", &text);
        prop_assert_eq!(&parsed, &parse_by_grammar("x", &text));
        let found = parsed.diagnostics;
        prop_assert!(found.is_empty(), "{}\n{text}", render(&found, |_| Some(&text), Palette::Plain));
        laid_out(&text);
    }
}

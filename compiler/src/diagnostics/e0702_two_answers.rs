//! Cells of a table that overlap and differ.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0702",
    severity: Severity::Warning,
    title: "同じ患者に二つの答えがある",
    explanation: "表のセルが重なり、同じ患者に異なる結果を出しています。どちらが先に書かれているかで結果が変わります。
例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"table level "程度" : low "軽い" | high "重い" {
                      | yes
  albumin <= 3.0 g/dL | low
  >= 3.0              | high
}"#,
    ),
    right: Example::Items(
        r#"table level "程度" : low "軽い" | high "重い" {
                      | yes
  albumin <= 3.0 g/dL | low
  > 3.0               | high
}"#,
    ),
};

pub(crate) fn two_answers(file: &str, span: Span, label: &str, one: &str, two: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」は、同じ患者に「{one}」と「{two}」の二つの答えを出します"),
        )
        .help("境目の値がどちらに入るかを決め、片方の範囲から除いてください")
}

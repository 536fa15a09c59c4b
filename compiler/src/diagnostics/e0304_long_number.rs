//! A number with more digits than can be exact.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0304",
    severity: Severity::Error,
    title: "数の桁が多すぎる",
    explanation: "数は 28 桁まで正確に扱います。それより長い数は扱えないため、桁を減らしてください。",
    wrong: Example::Items(
        r#"criterion high "高値" = albumin >= 0.00000000000000000000000000001 g/dL"#,
    ),
    right: Example::Items(r#"criterion high "高値" = albumin >= 0.1 g/dL"#),
};

pub(crate) fn long_number(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "数値の桁が多すぎます")
        .help("28桁までの数値を書いてください")
}

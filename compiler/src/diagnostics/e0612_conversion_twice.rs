//! Two conversions between the same units for the same field.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0612",
    severity: Severity::Error,
    title: "同じ換算が二度ある",
    explanation: "同じ項目の同じ単位の換算は一度だけ書きます。二つの数が違うと、どちらで比べるか決まりません。",
    wrong: Example::Items(
        r#"convert 1 g = 1000 mg
convert 1 g = 100 mg"#,
    ),
    right: Example::Items(r#"convert 1 g = 1000 mg"#),
};

pub(crate) fn conversion_twice(file: &str, span: Span, other: &str, first: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "同じ単位の換算がすでにあります")
        .label(other, first, "最初の換算")
        .help("どちらか 1 つにするか、`for` で項目を分けてください")
}

//! The value of a hidden number is no number.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0513",
    severity: Severity::Error,
    title: "数の `if shown else` の値が違う",
    explanation: "数の項目が表示されないときの値は、数で書きます。",
    wrong: Example::Items(r#"score hours "装着時間" = device_hours if shown else no"#),
    right: Example::Items(r#"score hours "装着時間" = device_hours if shown else 0"#),
};

pub(crate) fn shown_else_number(file: &str, span: Span) -> Diagnostic {
    DECLARATION.found(file, span, "数値の `if shown else` の後には数を書きます")
}

//! The value of a hidden number is no number.

use super::words::unit_code;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0513",
    severity: Severity::Error,
    title: "数の `if shown else` の値が違う",
    explanation: "数の項目が表示されないときの値は、数で書きます。",
    wrong: Example::Items(r#"score hours "装着時間" = device_hours if shown else no"#),
    right: Example::Items(r#"score hours "装着時間" = device_hours if shown else 0"#),
};

pub(crate) fn shown_else_number(file: &str, span: Span, unit: Option<String>) -> Diagnostic {
    let unit = unit.map_or_else(String::new, |unit| format!(" {}", unit_code(&unit)));
    DECLARATION
        .found(file, span, "数値の `if shown else` の後には数を書きます")
        .help(format!("例: `… if shown else 0{unit}`"))
}

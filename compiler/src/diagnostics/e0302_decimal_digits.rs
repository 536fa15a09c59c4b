//! A decimal with impossible digits.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0302",
    severity: Severity::Error,
    title: "小数の桁数が合わない",
    explanation: "`decimal 4.1` は、全体で 4 桁、そのうち小数 1 桁（999.9 まで）という意味です。小数の桁は全体の桁より少なく、全体は 28 桁までです。",
    wrong: Example::Items(
        r#"section body "身体" {
  field weight "体重" : decimal 1.4 "kg"
}"#,
    ),
    right: Example::Items(
        r#"section body "身体" {
  field weight "体重" : decimal 4.1 "kg"
}"#,
    ),
};

pub(crate) fn decimal_digits(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "小数の桁数が合いません")
        .help("`decimal 4.1` は全体で4桁、うち小数1桁（999.9まで）という意味です")
}

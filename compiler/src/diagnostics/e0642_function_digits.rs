//! A result with more digits than an exact decimal holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0642",
    severity: Severity::Error,
    title: "関数の結果の桁数が正しくない",
    explanation: "`decimal 4.2` は全体で 4 桁、うち小数点以下 2 桁という意味です。
桁数は 1 から 28 まで、小数点以下はそれを超えません。関数の結果はこの桁数に四捨五入されます。",
    wrong: Example::Items(
        "function half \"半分\" (x: decimal) : decimal 1.2 = rhai \"\"\" x / 2 \"\"\"",
    ),
    right: Example::Items(
        "function half \"半分\" (x: decimal) : decimal 3.2 = rhai \"\"\" x / 2 \"\"\"",
    ),
};

pub(crate) fn function_digits(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "関数の結果の桁数が正しくありません")
        .help("`decimal 4.2` のように、全体の桁数と小数点以下の桁数を書きます")
}

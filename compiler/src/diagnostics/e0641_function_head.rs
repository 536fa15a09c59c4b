//! Parameters or result of a function that cannot be.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0641",
    severity: Severity::Error,
    title: "関数の引数か結果の書き方が違う",
    explanation: "関数の引数の名前はそれぞれ別で、結果は `decimal` か `integer` です。
`abs` や `round` のように初めからある関数と同じ名前は付けられません。",
    wrong: Example::Items(
        "function ratio \"比\" (a: decimal, a: decimal) : decimal 4.1 = rhai \"\"\" a / a \"\"\"",
    ),
    right: Example::Items(
        "function ratio \"比\" (a: decimal, b: decimal) : decimal 4.1 = rhai \"\"\" a / b \"\"\"",
    ),
};

pub(crate) fn function_head(file: &str, span: Span, message: String, help: &str) -> Diagnostic {
    DECLARATION.found(file, span, message).help(help)
}

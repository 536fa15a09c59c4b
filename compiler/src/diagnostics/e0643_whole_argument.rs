//! A number with digits after the point where a function takes whole numbers.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0643",
    severity: Severity::Error,
    title: "整数の引数に小数を渡している",
    explanation: "`integer` の引数に整数でない数を渡すと、関数は値を出せません。
引数を `decimal` にするか、`round(x, 0)` などで整数にしてから渡します。",
    wrong: Example::Items(
        "function half \"半分\" (x: integer) : decimal 4.1 = rhai \"\"\" x / 2 \"\"\"
value h \"値\" : decimal 4.1 = half(2.5)",
    ),
    right: Example::Items(
        "function half \"半分\" (x: decimal) : decimal 4.1 = rhai \"\"\" x / 2 \"\"\"
value h \"値\" : decimal 4.1 = half(2.5)",
    ),
};

pub(crate) fn whole_argument(file: &str, span: Span, parameter: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("引数「{parameter}」は整数ですが、小数を渡しています"),
        )
        .help("引数を `decimal` にするか、`round(x, 0)` などで整数にして渡します")
}

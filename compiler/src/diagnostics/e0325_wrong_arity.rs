//! A function with too many or too few arguments.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0325",
    severity: Severity::Error,
    title: "関数に渡す値の数が違う",
    explanation: "`round(x, 1)` は値と小数の桁の二つ、`power(x, y)` も二つ、そのほかの関数は一つの値を取ります。",
    wrong: Example::Items(r#"value index "指数" : decimal 5.2 = round(walking)"#),
    right: Example::Items(r#"value index "指数" : decimal 5.2 = round(walking, 1)"#),
};

pub(crate) fn wrong_arity(file: &str, name: &Name, wanted: usize, found: usize) -> Diagnostic {
    let message = format!(
        "「{}」には値が{wanted}個必要ですが、{found}個あります",
        name.text
    );
    DECLARATION.found(file, name.span, message)
}

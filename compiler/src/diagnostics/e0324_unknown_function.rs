//! A function that does not exist.

use super::words::code_list;
use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0324",
    severity: Severity::Error,
    title: "その関数はない",
    explanation:
        "使える関数は `abs`、`round`、`floor`、`ceiling`、`sqrt`、`ln`、`exp`、`power` です。
ほかの計算は `function` で定義します。
常用対数は `ln(x) / ln(10)`、最大値と最小値は `max of { … }`、`min of { … }` と書きます。",
    wrong: Example::Items(r#"value index "指数" : decimal 5.2 = root(walking)"#),
    right: Example::Items(r#"value index "指数" : decimal 5.2 = sqrt(walking)"#),
};

pub(crate) fn unknown_function(file: &str, name: &Name, meant: Option<String>) -> Diagnostic {
    const KNOWN: [&str; 8] = [
        "abs", "round", "floor", "ceiling", "sqrt", "ln", "exp", "power",
    ];
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」という関数はありません", name.text),
        )
        .help(match meant {
            Some(meant) => format!("「{meant}」のことですか"),
            None => format!("使える関数は {} です", code_list(&KNOWN)),
        })
}

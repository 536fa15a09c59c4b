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

/// What stands for a function of other languages.
fn habit(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "log10" => "常用対数は `ln(x) / ln(10)` と書きます",
        "log" => "自然対数は `ln(x)`、常用対数は `ln(x) / ln(10)` と書きます",
        "log2" => "2 を底とする対数は `ln(x) / ln(2)` と書きます",
        "min" => "最小値は `min of { a; b }` と書きます",
        "max" => "最大値は `max of { a; b }` と書きます",
        "sum" => "合計は `sum of { a; b }` と書きます",
        "count" => "満たす条件の数は `count of { a; b }` と書きます",
        "average" | "avg" | "mean" => "平均は、合計を個数で割ります。例: `sum of { a; b } / 2`",
        "pow" => "累乗は `power(x, 2)` と書きます",
        "if" => "場合分けは `if 条件 then 値 else 値` と書きます",
        _ => return None,
    })
}

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
        .help(match (meant, habit(&name.text)) {
            (Some(meant), _) => format!("「{meant}」のことですか"),
            (None, Some(instead)) => instead.to_owned(),
            (None, None) => format!("使える関数は {} です", code_list(&KNOWN)),
        })
}

//! A number or condition without a value for the rest.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0507",
    severity: Severity::Error,
    title: "どの場合にも当てはまらないときの値がない",
    explanation: "条件や、計算の途中の数を `first match` で決めるときは、どの場合にも当てはまらないときの値を最後の `otherwise` に書きます。
公表された表に当てはまる行のない患者がいるなら、`score` か `value` として名前を付けます。そこでは `otherwise` を省け、当てはまらない患者は値なし（不明）になり、その患者が例に示されます。",
    wrong: Example::Items(
        r#"score staging "病期の点数" = sum of { first match { 2 when tremor is present; 1 when rigidity is present }; 1 }"#,
    ),
    right: Example::Items(
        r#"score staging "病期の点数" = sum of { first match { 2 when tremor is present; 1 when rigidity is present; otherwise 0 }; 1 }"#,
    ),
};

/// Code of [`no_last_arm`].
pub(crate) const NO_LAST_ARM: &str = DECLARATION.code;

pub(crate) fn no_last_arm(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "どの場合にも当てはまらないときの値がありません")
        .help("最後に `otherwise …` を書くか、公表された表のとおりなら `score` として名前を付けてください")
}

/// The same of a condition.
pub(crate) fn no_last_condition(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            "どの場合にも当てはまらないときの答えがありません",
        )
        .help("最後に `otherwise no` か `otherwise yes` を書いてください")
}

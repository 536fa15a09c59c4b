//! A number or condition without a value for the rest.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0507",
    severity: Severity::Error,
    title: "どの場合にも当てはまらないときの値がない",
    explanation: "数や条件を `first match` で決めるときは、どの場合にも当てはまらないときの値を最後の `otherwise` に書きます。",
    wrong: Example::Items(
        r#"score staging "病期の点数" = first match { 2 when tremor is present; 1 when rigidity is present }"#,
    ),
    right: Example::Items(
        r#"score staging "病期の点数" = first match { 2 when tremor is present; 1 when rigidity is present; otherwise 0 }"#,
    ),
};

pub(crate) fn no_last_arm(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "どの場合にも当てはまらないときの値がありません")
        .help("最後に `otherwise …` を書いてください")
}

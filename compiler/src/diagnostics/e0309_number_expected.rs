//! Something that is no number where a number belongs.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0309",
    severity: Severity::Error,
    title: "数が必要な場所",
    explanation: "点数、計算値、`sum of { … }` の中には数を書きます。条件を満たすときの点数は `2 when 条件`、満たす条件の数は `count of { … }` と書きます。",
    wrong: Example::Items(
        r#"score motor "運動症状" = sum of { tremor is present; rigidity is present }"#,
    ),
    right: Example::Items(
        r#"score motor "運動症状" = sum of { 2 when tremor is present; 1 when rigidity is present }"#,
    ),
};

pub(crate) fn number_expected(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには数値が必要です")
        .help("条件を数えるときは `count of { … }`、点数は `2 when …` と書きます")
}

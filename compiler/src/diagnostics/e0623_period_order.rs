//! Periods of a threshold that do not follow one another.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0623",
    severity: Severity::Error,
    title: "基準値の期間がつながっていない",
    explanation:
        "どの日にも基準値が一つだけ決まるように、期間は古い順に、すき間も重なりもなく書きます。
最初の期間より前の日には値がなく、それを読む判定は「不明」になります。",
    wrong: Example::Items(
        r#"threshold limit "基準値" { 3 from 2020-01-01 to 2020-12-31; 4 from 2020-12-01 }"#,
    ),
    right: Example::Items(
        r#"threshold limit "基準値" { 3 from 2020-01-01 to 2020-12-31; 4 from 2021-01-01 }"#,
    ),
};

/// `what` goes on after 「基準値の期間」.
pub(crate) fn period_order(file: &str, span: Span, what: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("基準値の期間{what}"))
        .help(
            "前の期間の終わりの翌日から次の期間を始めます。\
             例: `135 from 2017-04-01 to 2024-03-31; 110 from 2024-04-01`",
        )
}

//! Whole years or months between dates, compared so that a part of one more makes no difference.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0332",
    severity: Severity::Warning,
    title: "満年数・満月数では「以内」「を超える」にならない",
    explanation: "`years from A to B` と `months from A to B` は、過ぎた年や月を端数を切り捨てて数えます。
そのため `<= 5 years` は5年11か月でも成り立ち、`> 3 years` は3年6か月では成り立ちません。「5年以内」「3年を超える」とは違う条件です。
日まで見るときは、日付で比べます（`B within 5 years after A`、`B > A + 3 years`）。
満年数で区切るときは、`< 6 years` か `>= 4 years` と書けば読み違えられません。
年齢（`age at …`）は満年齢で数えるのが公式の文の数え方なので、知らせません。",
    wrong: Example::Items(
        r#"section course "経過" {
  field visit "受診日" : date
}

criterion early "発症から5年以内の受診" = years from onset to visit <= 5 years"#,
    ),
    right: Example::Items(
        r#"section course "経過" {
  field visit "受診日" : date
}

criterion early "発症から5年以内の受診" = visit within 5 years after onset"#,
    ),
};

/// `counted` is how the period is counted and the constant; `remedy` compares the dates, `whole`
/// says the same of whole units.
pub(crate) fn whole_period(
    file: &str,
    span: Span,
    (counted, length): (&str, &str),
    beyond: bool,
    remedy: Option<&str>,
    whole: &str,
) -> Diagnostic {
    let told = if beyond {
        format!("端数を切り捨てた{counted}なので、{length} を少し超えても成り立ちません")
    } else {
        format!("端数を切り捨てた{counted}なので、{length} を少し超えても成り立ちます")
    };
    let help = match remedy {
        Some(remedy) => {
            format!("日まで見るなら `{remedy}`、{counted}で区切るなら `{whole}` と書きます")
        }
        None => {
            format!("{counted}で区切るなら `{whole}` と書きます。日まで見るなら、日付で比べます")
        }
    };
    DECLARATION.found(file, span, told).help(help)
}

/// Whether a finding is about such a period.
pub(crate) fn is_of_period(found: &Diagnostic) -> bool {
    found.code == DECLARATION.code
}

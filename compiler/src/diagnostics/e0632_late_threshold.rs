//! A threshold that begins after the edition that reads it.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0632",
    severity: Severity::Warning,
    title: "版の適用より後に始まる基準値",
    explanation:
        "版の適用の初日から、基準値の最初の期間が始まる前の日までは、基準値がなく、それを読む判定は「不明」になります。
それまでの基準値があれば、その期間を初めに書きます。なければ、最初の期間を版の適用の初日から始めます。",
    wrong: Example::Items(r#"threshold limit "基準値" { 3 from 2025-04-01 }"#),
    right: Example::Items(
        r#"threshold limit "基準値" { 2 from 2024-04-01 to 2025-03-31; 3 from 2025-04-01 }"#,
    ),
};

/// `edition` and `first` are the days on which the edition and the first period begin.
pub(crate) fn late_threshold(file: &str, name: &Name, edition: &str, first: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」は{first}からで、それまでの値がありません", name.text),
        )
        .note(format!(
            "この版は{edition}から適用されます。その間は、この値を読む判定が「不明」になります"
        ))
        .help("前の期間を書くか、最初の期間を版の適用の初日から始めます")
}

//! Something else where an outcome of a grade belongs.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0509",
    severity: Severity::Error,
    title: "区分の名前が必要な場所",
    explanation: "区分（grade）の `first match` では、`when` の前に、`:` の後で宣言した区分の名前を書きます。",
    wrong: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { 2 when tremor is present; otherwise mild }"#,
    ),
    right: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { severe when tremor is present; otherwise mild }"#,
    ),
};

pub(crate) fn outcome_expected(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには区分の名前が必要です")
        .help("`severe when …` のように、宣言した区分を書きます")
}

/// The label of an outcome stands where its name belongs.
pub(crate) fn outcome_label(file: &str, span: Span, name: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには区分の名前を、引用符なしで書きます")
        .help(format!("`{name}` と書きます"))
        .fix(span, name)
}

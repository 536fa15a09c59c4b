//! Something else where an outcome of a grade belongs.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0509",
    severity: Severity::Error,
    title: "区分の名前が必要な場所",
    explanation: "区分（grade）の `first match` では、`when` の前に、`:` の後で宣言した区分の名前を書きます。
`bands of` や `if` は `when` の前に書けません。範囲も条件の一部として `when x < 40` のように書きます。`bands of` だけで決まる区分は、`= bands of x { … }` と書けます。",
    wrong: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { 2 when tremor is present; otherwise mild }"#,
    ),
    right: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { severe when tremor is present; otherwise mild }"#,
    ),
};

/// `bands`: bands or a choice stand there.
pub(crate) fn outcome_expected(file: &str, span: Span, bands: bool) -> Diagnostic {
    let help = if bands {
        "区分の名前を先に書き、範囲は条件にします。例: `severe when x < 40 and …`。`bands of` だけで決まる区分は `= bands of x { … }` と書けます"
    } else {
        "`severe when …` のように、宣言した区分を書きます"
    };
    DECLARATION
        .found(file, span, "ここには区分の名前が必要です")
        .help(help)
}

/// The label of an outcome stands where its name belongs.
pub(crate) fn outcome_label(file: &str, span: Span, name: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには区分の名前を、引用符なしで書きます")
        .help(format!("`{name}` と書きます"))
        .fix(span, name)
}

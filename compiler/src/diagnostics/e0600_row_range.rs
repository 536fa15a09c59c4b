//! A range of rows that cannot be.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0600",
    severity: Severity::Error,
    title: "行の数の範囲が正しくない",
    explanation: "行の数は、小さい方から、1 行以上 50 行までで書きます。
紙の様式に並ぶ行の数に合わせます。",
    wrong: Example::Items(
        r#"section more "追加" { rows drugs "使用薬剤" 0..500 of { field dose "一日量" : integer "mg" 0..999 } }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { rows drugs "使用薬剤" 0..10 of { field dose "一日量" : integer "mg" 0..999 } }"#,
    ),
};

pub(crate) fn row_range(file: &str, span: Span, most: u32) -> Diagnostic {
    DECLARATION
        .found(file, span, "行の数の範囲が正しくありません")
        .help(format!(
            "1 行以上 {most} 行まで、小さい方から書きます。例: 0..10"
        ))
}

//! Something that is no date beside a date.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0310",
    severity: Severity::Error,
    title: "日付が必要な場所",
    explanation: "日付と比べられるのは日付だけです。日付の項目、`today`、`2024-04-01` のような日付のいずれかを書きます。
期間を比べるときは `months from onset to today >= 6 months` と書きます。",
    wrong: Example::Items(r#"criterion recent "最近の発症" = onset > 2023"#),
    right: Example::Items(r#"criterion recent "最近の発症" = onset > 2023-12-31"#),
};

/// `taken when organism is not none` among the dates of rows.
pub(crate) fn chosen_date(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "日付を条件で選ぶことはできません")
        .help("行のうち条件に当たるものの日付は、行どうしを比べて書きます。例: any of cultures as first \"先の培養\" { organism is not none and first.taken < today }")
}

pub(crate) fn date_expected(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには日付の項目が必要です")
        .help("日付の項目、`today`、`2024-04-01` のいずれかを書きます")
}

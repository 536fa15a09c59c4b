//! A date that is shifted by something else than a time, or twice.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0625",
    severity: Severity::Error,
    title: "日付のずらし方が読めない",
    explanation: "日付には、日・週・月・年で数えた期間を一度だけ足すか引くことができます。
二つの日付の間は `days from onset to visit` のように数えます。
月と年は暦で数え、同じ日がない月ではその月の末日になります。",
    wrong: Example::Items(r#"criterion late "遅い" = onset + 6 < today"#),
    right: Example::Items(r#"criterion late "遅い" = onset + 6 months < today"#),
};

/// `visit - onset`.
pub(crate) fn date_difference(file: &str, span: Span, earlier: &str, later: &str) -> Diagnostic {
    let written = format!("days from {earlier} to {later}");
    DECLARATION
        .found(file, span, "日付から日付は引けません")
        .help(format!(
            "間の日数は `{written}` と書きます（`months from …`、`years from …` もあります）"
        ))
        .fix(span, written)
}

pub(crate) fn bad_shift(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            "日付には「+ 期間」か「- 期間」を一度だけ付けられます",
        )
        .help("例: `visit >= onset + 6 months`（days、weeks、months、years）")
}

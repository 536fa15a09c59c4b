//! A comparison of a score or calculated value that always comes out the same.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0721",
    severity: Severity::Warning,
    title: "比べても結果の変わらない点数・計算値",
    explanation: "点数や計算値が、比べている値に決して届かないか、必ず届きます。点数の合計の上限や、しきい値を確かめてください。",
    wrong: Example::Items(
        r#"score total "合計点" = sum of { 2 when tremor is present; 3 when rigidity is present }
criterion severe "重い" = total >= 6 or albumin <= 3.0 g/dL"#,
    ),
    right: Example::Items(
        r#"score total "合計点" = sum of { 2 when tremor is present; 3 when rigidity is present }
criterion severe "重い" = total >= 5 or albumin <= 3.0 g/dL"#,
    ),
};

pub(crate) fn threshold_beyond(
    file: &str,
    span: Span,
    condition: &str,
    always: bool,
) -> Diagnostic {
    let word = if always {
        "必ず成り立ちます"
    } else {
        "決して成り立ちません"
    };
    DECLARATION
        .found(file, span, format!("「{condition}」は{word}"))
        .help("しきい値か、点数・計算の決め方を確かめてください")
}

//! A calculated value that can leave the type it is declared with.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0329",
    severity: Severity::Warning,
    title: "計算値が書いた型に収まらない",
    explanation: "`value` に書いた型の整数部の桁か範囲を、計算の結果が超えることがあります。
計算値は範囲で切り詰められず、そのまま判定に使われます。
範囲を実際に取り得る値に広げるか、計算式と入力項目の範囲を確かめてください。",
    wrong: Example::Items(r#"value doubled "二倍" : decimal 3.1 "g/dL" 0.0..30.0 = albumin * 2"#),
    right: Example::Items(r#"value doubled "二倍" : decimal 3.1 "g/dL" 0.0..40.0 = albumin * 2"#),
};

/// `example` are the answers of a patient and the value that they give.
pub(crate) fn value_beyond_type(
    (file, span): (&str, Span),
    label: &str,
    values: &str,
    declared: &str,
    example: (&str, &str),
) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("「{label}」は {values} になり得ます"))
        .note(format!("この型に収まるのは {declared} です"))
        .help(format!(
            "例: {} のとき {}。型を広げるか、計算式と入力項目の範囲を確認してください",
            example.0, example.1
        ))
}

//! A threshold outside the range of the field.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0326",
    severity: Severity::Warning,
    title: "条件がいつも同じ結果になる",
    explanation:
        "しきい値が項目の範囲の外にあるため、条件はどの値でも成り立つか、どの値でも成り立ちません。
しきい値の桁や単位、または項目の範囲を確かめてください。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 30 g/dL"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.0 g/dL"#),
};

pub(crate) fn threshold_outside(
    file: &str,
    span: Span,
    field: &str,
    range: &str,
    always: bool,
) -> Diagnostic {
    let word = if always {
        "常に成り立ちます"
    } else {
        "決して成り立ちません"
    };
    DECLARATION
        .found(file, span, format!("この条件は{word}"))
        .note(format!("{field}の範囲は {range} です"))
        .help("しきい値か項目の範囲を確認してください")
}

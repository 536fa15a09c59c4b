//! Values in different units are compared or added.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0306",
    severity: Severity::Error,
    title: "単位が合わない",
    explanation:
        "異なる単位の値を比べたり、足したりしています。換算は宣言された場合だけ行われます。
同じ単位の値どうしを比べるか、`convert` で換算を宣言してください。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 15 g/L"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 1.5 g/dL"#),
};

pub(crate) fn unit_mismatch(
    file: &str,
    span: Span,
    left: Option<String>,
    right: Option<String>,
) -> Diagnostic {
    let name =
        |unit: Option<String>| unit.map_or_else(|| "単位なし".to_owned(), |u| format!("「{u}」"));
    let message = format!("単位が合いません（{} と {}）", name(left), name(right));
    DECLARATION
        .found(file, span, message)
        .help("同じ単位の値どうしを比べるか、`convert` で換算を宣言してください")
}

//! A choice in a calculation, one of its codes without points.

use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0316",
    severity: Severity::Error,
    title: "点数のない選択肢がある",
    explanation:
        "選択肢の項目を数として使うには、「不明」以外のすべての選択肢に `points` が必要です。
点数を付けるか、`is` で比べてください。",
    wrong: Example::Items(r#"score motor "運動症状" = sum of { tremor }"#),
    right: Example::Items(r#"score motor "運動症状" = sum of { 1 when tremor is present }"#),
};

/// `other` is the file of the code.
pub(crate) fn code_without_points(
    file: &str,
    path: &Path,
    field: &ast::Field,
    code: &ast::Code,
    other: &str,
) -> Diagnostic {
    let message = format!(
        "「{}」の選択肢「{}」に点数がありません",
        field.label.text, code.label.text
    );
    let diagnostic = DECLARATION.found(file, path.span, message);
    let diagnostic = diagnostic.label(other, code.label.span, "この選択肢");
    diagnostic.help(format!(
        "`{} {} \"{}\" points …` と点数を付けるか、`is` で比べてください",
        code.value.text, code.name.text, code.label.text
    ))
}

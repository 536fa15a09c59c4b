//! `better` of a question that does not say which answer is the better one.

use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0608",
    severity: Severity::Error,
    title: "どちらが良い値か書かれていない",
    explanation: "視力は大きい方が、聴力レベルは小さい方が良い値です。どちらなのかを項目に書きます。",
    wrong: Example::Items(
        r#"section more "追加" {
  each side eye "眼" of right "右", left "左" { field acuity "視力" : decimal 3.2 0..2.0 }
}
criterion blind "失明" = better acuity <= 0.1"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  each side eye "眼" of right "右", left "左" { field acuity "視力" : decimal 3.2 0..2.0 better higher }
}
criterion blind "失明" = better acuity <= 0.1"#,
    ),
};

pub(crate) fn better_unsaid(
    file: &str,
    path: &Path,
    other: &str,
    field: &ast::Field,
) -> Diagnostic {
    let label = &field.label.text;
    let message = format!("「{label}」はどちらが良い値か書かれていません");
    DECLARATION
        .found(file, path.span, message)
        .label(other, field.name.span, "この項目")
        .help("項目に `better higher`（大きい方が良い）か `better lower` を書きます")
}

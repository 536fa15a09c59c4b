//! A field that is no number in a calculation.

use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0315",
    severity: Severity::Error,
    title: "数ではない項目を計算に使っている",
    explanation: "計算に使える項目は、`integer`、`decimal` と、選択肢のすべてに `points` の付いた `choice` です。",
    wrong: Example::Items(r#"score motor "運動症状" = sum of { relatives }"#),
    right: Example::Items(r#"score motor "運動症状" = sum of { walking }"#),
};

pub(crate) fn field_is_no_number(file: &str, path: &Path, field: &ast::Field) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」は数値の項目ではありません", field.label.text),
        )
        .help("数値の項目（integer、decimal）か、点数（points）付きの選択肢が必要です")
}

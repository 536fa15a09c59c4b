//! A field that is no number in a calculation.

use super::e0615_points_of_several::sum_of_codes;
use super::words::path_text;
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
    let label = &field.label.text;
    let found = |message| DECLARATION.found(file, path.span, message);
    match sum_of_codes(field) {
        Some(sum) => found(format!(
            "「{label}」はいくつも選べる項目なので、そのままでは数になりません"
        ))
        .help(format!(
            "選ばれたコードの点数は `{sum}`、選ばれた数は `count of {} in {{ … }}` と書きます",
            path_text(path)
        )),
        None => found(format!("「{label}」は数値の項目ではありません"))
            .help("数値の項目（integer、decimal）か、点数（points）付きの選択肢が必要です"),
    }
}

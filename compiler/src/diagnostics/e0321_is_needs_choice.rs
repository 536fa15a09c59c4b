//! `is` with a field of which not one code is chosen.

use super::words::{Compared, compared_number, path_text};
use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0321",
    severity: Severity::Error,
    title: "一つを選ぶ項目ではない",
    explanation: "`is` と `in { … }` は、選択肢から一つを選ぶ項目に使います。複数選択の項目は `includes`、数と日付は `=`、`>=` などで比べます。",
    wrong: Example::Items(r#"criterion maternal "母に同じ病がある" = relatives is mother"#),
    right: Example::Items(r#"criterion maternal "母に同じ病がある" = relatives includes mother"#),
};

pub(crate) fn is_needs_choice(
    file: &str,
    path: &Path,
    field: &ast::Field,
    compared: &Compared<'_>,
) -> Diagnostic {
    let message = format!("「{}」は一つを選ぶ項目ではありません", field.label.text);
    let found = DECLARATION.found(file, path.span, message);
    match field.ty.kind {
        ast::TypeKind::Choices(_) | ast::TypeKind::ChoicesOf(_) => found.help(format!(
            "複数選択は `{} includes …` と書きます",
            path_text(path)
        )),
        _ => compared_number(found, path, compared),
    }
}

//! Rows or sides where a condition or value belongs.

use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0605",
    severity: Severity::Error,
    title: "行や側をそのまま条件や値にしている",
    explanation: "行や側の名前は、条件でも値でもありません。`any of`、`all of` で条件を、`sum of`、`max of` で値を、`drugs.count` で行の数を読みます。",
    wrong: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion many "多剤" = drugs >= 3"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion many "多剤" = drugs.count >= 3"#,
    ),
};

pub(crate) fn repeat_is_no_value(file: &str, path: &Path, repeat: &ast::Repeat) -> Diagnostic {
    let name = &repeat.name.text;
    let example = match repeat.kind {
        ast::RepeatKind::Rows { .. } => format!("`any of {name} {{ … }}`、`{name}.count >= 1`"),
        ast::RepeatKind::Sides(_) => format!("`any of {name} {{ … }}`、`all of {name} {{ … }}`"),
    };
    let label = &repeat.label.text;
    let message = format!("「{label}」はそのままでは条件や値になりません");
    DECLARATION
        .found(file, path.span, message)
        .help(format!("{example} のように書きます"))
}

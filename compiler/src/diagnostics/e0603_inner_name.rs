//! A question of rows or sides, named outside of them.

use super::words::path_text;
use kohyo_dsl::ast::{self, Name, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0603",
    severity: Severity::Error,
    title: "どの行・どの側の項目か決まらない",
    explanation: "rows や each side の中の項目は、行や側の数だけあります。外から読むときは、どれを読むのかを書きます。",
    wrong: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = dose >= 30 mg"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = any of drugs { dose >= 30 mg }"#,
    ),
};

/// `joints.before`: one side has a name of its own.
pub(crate) fn dotted_side(file: &str, path: &Path, meant: String) -> Diagnostic {
    let message = format!("「{}」とは書けません", path_text(path));
    DECLARATION
        .found(file, path.span, message)
        .help(format!("一方の側の項目は `{meant}` と書きます"))
        .fix(path.span, meant)
}

pub(crate) fn inner_name(file: &str, name: &Name, repeat: &ast::Repeat) -> Diagnostic {
    let (set, inner) = (&repeat.name.text, &name.text);
    let label = &repeat.label.text;
    let (message, help) = match &repeat.kind {
        ast::RepeatKind::Rows { .. } => (
            format!("「{inner}」は「{label}」の行ごとの項目です。どの行か決まりません"),
            format!(
                "`any of {set} {{ {inner} … }}`、`sum of {set} {{ {inner} }}` のように書きます"
            ),
        ),
        ast::RepeatKind::Sides(sides) => {
            let one = sides.first().map_or("", |s| s.name.text.as_str());
            (
                format!("「{inner}」は「{label}」の側ごとの項目です。どの側か決まりません"),
                format!(
                    "`better {inner}`、`worse {inner}`、`any of {set} {{ {inner} … }}`、\
                     一方だけなら `{inner}_{one}` と書きます"
                ),
            )
        }
    };
    DECLARATION.found(file, name.span, message).help(help)
}

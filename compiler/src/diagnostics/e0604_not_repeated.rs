//! `any of x { … }` where `x` has neither rows nor sides.

use super::words::{code_list, path_text};
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0604",
    severity: Severity::Error,
    title: "行でも側でもない",
    explanation: "`any of drugs { … }` のように名前を書くと、その行や側ごとに条件を読みます。名前は rows か each side のものです。
条件を並べるときは、名前なしで `any of { a; b }` と書きます。",
    wrong: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = any of albumin { albumin >= 3.0 g/dL }"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = any of drugs { dose >= 30 mg }"#,
    ),
};

pub(crate) fn not_repeated(file: &str, path: &Path, known: &[&str]) -> Diagnostic {
    let message = format!(
        "「{}」は rows でも each side でもありません",
        path_text(path)
    );
    let diagnostic = DECLARATION.found(file, path.span, message);
    if known.is_empty() {
        return diagnostic.help("条件を並べるなら `any of { a; b }` と名前なしで書きます");
    }
    diagnostic.help(format!("使えるのは {} です", code_list(known)))
}

//! A code that stands twice in its table.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0214",
    severity: Severity::Error,
    title: "同じコードが表に二度ある",
    explanation: "コード表の番号と名前は、表の中で一つずつでなければなりません。番号は記録に残る値、名前は条件に書く語です。",
    wrong: Example::Items(r#"code degree "程度" { 1 mild "軽度"; 1 severe "重度" }"#),
    right: Example::Items(r#"code degree "程度" { 1 mild "軽度"; 2 severe "重度" }"#),
};

pub(crate) fn duplicate_code(file: &str, name: &Name) -> Diagnostic {
    DECLARATION.found(
        file,
        name.span,
        format!("コード「{}」が同じ表に二度あります", name.text),
    )
}

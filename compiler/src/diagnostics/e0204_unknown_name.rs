//! A name that nothing declares.

use super::words::code_list;
use crate::suggest::Meant;
use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0204",
    severity: Severity::Error,
    title: "その名前はない",
    explanation: "書かれた名前が、このファイルにも `use` したモジュールにもありません。
モジュールに別名を付けたとき（`use scale.hoehn_yahr as hy`）は `hy.stage` のように書きます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremer is present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

/// Code of [`unknown_name`].
pub(crate) const UNKNOWN_NAME: &str = DECLARATION.code;

pub(crate) fn unknown_name(file: &str, name: &Name, found: Option<Meant>) -> Diagnostic {
    let diagnostic = DECLARATION.found(
        file,
        name.span,
        format!("「{}」という名前はありません", name.text),
    );
    match found {
        Some(found) => found.tell(diagnostic, name),
        None => diagnostic.help("項目・基準の名前か、`use` の書き忘れを確認してください"),
    }
}

/// The unknown name stands where a type belongs.
pub(crate) fn unknown_type(mut diagnostic: Diagnostic) -> Diagnostic {
    const TYPES: [&str; 12] = [
        "text",
        "kana",
        "digits",
        "postal_code",
        "phone",
        "integer",
        "decimal",
        "date",
        "month",
        "year",
        "choice",
        "choices",
    ];
    if diagnostic.fix.is_none() {
        diagnostic.help = Some(format!("型は {} か、コード表の名前です", code_list(&TYPES)));
    }
    diagnostic
}

//! A code, outcome or category that does not exist.

use super::words::code_list;
use crate::suggest::nearest;
use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0215",
    severity: Severity::Error,
    title: "そのコード・区分はない",
    explanation: "`is` や `in` の後、`eligible` の後、`first match` の結果には、その項目の選択肢や、宣言した区分の名前を書きます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor is presnt"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

pub(crate) fn unknown_option<'n>(
    file: &str,
    name: &Name,
    what: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let found = nearest(&name.text, known.iter().copied());
    let message = format!("「{}」という{what}はありません", name.text);
    let diagnostic = DECLARATION.found(file, name.span, message);
    match found {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(name.span, found),
        None => diagnostic.help(format!("使えるのは {} です", code_list(&known))),
    }
}

//! A code, outcome or category that does not exist.

use super::words::code_list;
use crate::suggest::meant;
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

/// For leaving out what follows from another mistake.
pub(crate) const UNKNOWN_OPTION: &str = DECLARATION.code;

/// The help where the codes themselves could not be read.
pub(crate) const UNREAD: &str = "先に、コードの誤りを直してください";

/// `known` are names with their labels.
pub(crate) fn unknown_option<'n>(
    file: &str,
    name: &Name,
    what: &str,
    known: impl IntoIterator<Item = (&'n str, &'n str)>,
) -> Diagnostic {
    let known: Vec<(&str, &str)> = known.into_iter().collect();
    let message = format!("「{}」という{what}はありません", name.text);
    let diagnostic = DECLARATION.found(file, name.span, message);
    match meant(&name.text, &known) {
        Some(found) => found.tell(diagnostic, name),
        // What it has could not be read.
        None if known.is_empty() => diagnostic.help(UNREAD),
        None => {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            diagnostic.help(format!("使えるのは {} です", code_list(&names)))
        }
    }
}

//! Where the lines of a block begin.

use crate::lex::{Kind, Token};
use crate::words::{self, is_reserved};

/// Whether a new member of a block begins at `next`, when a line break stands between the two.
pub(crate) fn breaks_member(
    last: Token,
    next: Token,
    after_next: Option<&Token>,
    clean: &str,
) -> bool {
    let word = next.word(clean);
    let begins = match next.kind {
        Kind::Word => match word {
            "not" => after_next.is_none_or(|t| t.word(clean) != "in"),
            "if" => after_next.is_none_or(|t| t.word(clean) != "shown"),
            "otherwise" | "yes" | "no" | "today" => true,
            _ => !is_reserved(word),
        },
        Kind::Sign => word == "(",
        _ => true,
    };
    let word = last.word(clean);
    let ended = match last.kind {
        Kind::Word => matches!(word, "yes" | "no" | "today") || !is_reserved(word),
        Kind::Sign => matches!(word, "}" | ")" | ";"),
        _ => true,
    };
    begins && ended && next.first
}

/// Whether `word` begins a line of a block that belongs to an item of kind `keyword`.
pub(crate) fn line_words(keyword: &str) -> &'static [&'static str] {
    match keyword {
        "section" | "group" | "rows" | "each" => words::MEMBERS,
        "judgement" => words::JUDGEMENT_LINES,
        "disease" | "module" => words::HEADER_LINES,
        _ => &[],
    }
}

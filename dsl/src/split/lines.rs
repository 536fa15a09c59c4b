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

/// Whether a new line of `bands of E { … }` or of a threshold begins at `next`.
pub(crate) fn begins_band(last: Token, next: Token, clean: &str) -> bool {
    let ended = match last.kind {
        Kind::Word => !is_reserved(last.word(clean)),
        Kind::Sign => matches!(last.word(clean), "}" | ")" | ";"),
        _ => true,
    };
    next.first && ended && !matches!(next.word(clean), "gives" | "from" | "to" | ";")
}

/// Tells which `{` hold the bands of a `bands of E`, from the words of an item one after the other.
pub(crate) struct BandBlocks<'w> {
    /// For each open bracket whether a `bands of` in it still waits for its block.
    waiting: Vec<bool>,
    /// Whether a quantifier awaits its block: `sum of drugs {`.
    over: bool,
    last: &'w str,
}

impl Default for BandBlocks<'_> {
    fn default() -> Self {
        Self {
            waiting: vec![false],
            over: false,
            last: "",
        }
    }
}

impl<'w> BandBlocks<'w> {
    /// Whether `word`, the next one, is a `{` that holds bands.
    pub(crate) fn opens(&mut self, word: &'w str) -> bool {
        let last = std::mem::replace(&mut self.last, word);
        match word {
            "of" if last == "bands" => self.waiting.last_mut().into_iter().for_each(|w| *w = true),
            "of" => self.over = true,
            "{" | "(" => {
                let over = word == "{" && std::mem::take(&mut self.over);
                let own = over || matches!(last, "match" | "in");
                let waits = self.waiting.last_mut().filter(|_| word == "{" && !own);
                let holds = waits.is_some_and(std::mem::take);
                self.waiting.push(false);
                return holds;
            }
            "}" | ")" => {
                self.waiting.pop();
            }
            _ => {}
        }
        false
    }
}

/// Whether `word` begins a line of a block that belongs to an item of kind `keyword`.
pub(crate) fn line_words(keyword: &str) -> &'static [&'static str] {
    match keyword {
        "section" | "group" | "rows" | "each" => words::MEMBERS,
        "judgement" => words::JUDGEMENT_LINES,
        "subtype" => words::SUBTYPE_LINES,
        "disease" | "module" | "programme" => words::HEADER_LINES,
        _ => &[],
    }
}

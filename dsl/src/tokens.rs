//! The words, numbers, texts and signs of a file, for those who look at a text with mistakes.

use crate::Span;
use crate::lex::{self, Kind};
use crate::words::{KEYWORDS, is_reserved};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword or a name; which of the two only its place tells.
    Word {
        /// The language knows the word.
        keyword: bool,
        /// It cannot be a name.
        reserved: bool,
    },
    /// `135`, `0.15`, `11-080`.
    Number,
    /// `2017-04-01`.
    Date,
    /// `mg/dL` after a number; a unit of letters only is a word.
    Unit,
    /// `"…"`.
    Text,
    /// `{`, `>=`, `|`, …
    Sign,
    /// `# …` up to the end of the line.
    Comment,
}

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
    /// Whether it is the first of its line.
    pub first: bool,
}

/// All tokens of `text`, whatever is wrong with it.
pub fn words(text: &str) -> Vec<Word> {
    let lexed = lex::read("", text);
    let kind = |token: &lex::Token| match token.kind {
        Kind::Word => {
            let word = token.word(&lexed.clean);
            TokenKind::Word {
                keyword: KEYWORDS.contains(&word),
                reserved: is_reserved(word),
            }
        }
        Kind::Number => TokenKind::Number,
        Kind::Date => TokenKind::Date,
        Kind::Unit => TokenKind::Unit,
        Kind::Text => TokenKind::Text,
        Kind::Sign => TokenKind::Sign,
        Kind::Comment => TokenKind::Comment,
    };
    lexed
        .tokens
        .iter()
        .map(|token| Word {
            kind: kind(token),
            span: token.span,
            first: token.first,
        })
        .collect()
}

/// Every word of the language, sorted.
pub fn keywords() -> &'static [&'static str] {
    KEYWORDS
}

//! Blanks between tokens.

use super::lines::{Block, Line};
use crate::lex::{Kind, Token};
use crate::words::is_reserved;

/// The tokens of `line` from `range` as text, one blank between most of them.
pub(super) fn joined(line: &Line<'_>, from: usize, to: usize, text: &str) -> String {
    let mut printer = Printer {
        text,
        open: Vec::new(),
        block: line.block,
    };
    let mut out = String::new();
    for i in 0..to {
        let Some(token) = line.tokens.get(i) else {
            break;
        };
        if i > from {
            out.push_str(printer.gap(line, i));
        }
        if i >= from {
            out.push_str(token.span.of(text).trim_end());
        }
        printer.follow(line, i);
    }
    out
}

/// Whether `token` is a `-` that is the sign of what follows, given the tokens before it.
fn is_sign(text: &str, line: &Line<'_>, i: usize) -> bool {
    let before = |back: usize| i.checked_sub(back).and_then(|b| line.tokens.get(b));
    let word = |t: Option<&Token>| t.map_or("", |t| t.span.of(text));
    let Some(last) = before(1) else {
        // At the beginning of a line `-` goes on with the line before, except where it cannot.
        return line.block == Some(Block::Rows) || line.begins;
    };
    let last_word = word(Some(last));
    match last.kind {
        Kind::Sign => !matches!(last_word, ")" | "}"),
        Kind::Word => {
            is_reserved(last_word) && !matches!(last_word, "yes" | "no" | "today")
                || matches!(last_word, "points" | "integer" | "default")
        }
        Kind::Number => word(before(2)) == "decimal",
        Kind::Text => true,
        Kind::Date | Kind::Unit | Kind::Comment => false,
    }
}

struct Printer<'a> {
    text: &'a str,
    /// Blocks that were opened on this line.
    open: Vec<Block>,
    /// The block around the beginning of the line.
    block: Option<Block>,
}

impl<'a> Printer<'a> {
    fn word(&self, line: &Line<'_>, i: usize) -> &'a str {
        line.tokens.get(i).map_or("", |t| t.span.of(self.text))
    }

    fn follow(&mut self, line: &Line<'_>, i: usize) {
        match self.word(line, i) {
            "{" => {
                let before = |back: usize| i.checked_sub(back).map_or("", |b| self.word(line, b));
                let members = matches!(before(1), "of" | "match")
                    || before(2) == "domain"
                    || self.is_over(line, i);
                self.open.push(if members {
                    Block::Members
                } else {
                    Block::Codes
                });
            }
            "}" if self.open.pop().is_none() => self.block = None,
            _ => {}
        }
    }

    /// Whether the `{` at token `i` follows `of drugs` or `of alias.drugs`.
    fn is_over(&self, line: &Line<'_>, i: usize) -> bool {
        let mut name = i;
        while name > 3 && self.word(line, name - 2) == "." {
            name -= 2;
        }
        let named = name
            .checked_sub(1)
            .and_then(|n| line.tokens.get(n))
            .is_some_and(|t| t.kind == Kind::Word);
        named && name > 1 && self.word(line, name - 2) == "of"
    }

    /// What stands between token `i` and the one before.
    fn gap(&self, line: &Line<'_>, i: usize) -> &'static str {
        let (Some(token), Some(last)) = (
            line.tokens.get(i),
            i.checked_sub(1).and_then(|l| line.tokens.get(l)),
        ) else {
            return "";
        };
        if token.kind == Kind::Comment {
            return "  ";
        }
        let (word, last_word) = (self.word(line, i), self.word(line, i - 1));
        let glued = token.span.start == last.span.end;
        let tight = match (last_word, word) {
            ("(", _) | (_, ")" | "," | ";") => true,
            (".", _) | (_, ".") => last.kind != Kind::Text && token.kind != Kind::Text,
            (_, "(") => glued && last.kind == Kind::Word && !is_reserved(last_word),
            (_, "..") => matches!(last.kind, Kind::Number | Kind::Date),
            ("..", _) => i
                .checked_sub(2)
                .and_then(|b| line.tokens.get(b))
                .is_some_and(|t| matches!(t.kind, Kind::Number | Kind::Date)),
            ("-", _) => is_sign(self.text, line, i - 1),
            (_, ":") => {
                last.kind == Kind::Text && self.innermost() == Some(Block::Members)
                    || self.in_parentheses(line, i)
            }
            // `1a`: the value of a code.
            _ => {
                glued
                    && last.kind == Kind::Number
                    && token.kind == Kind::Word
                    && self.innermost() == Some(Block::Codes)
            }
        };
        if tight { "" } else { " " }
    }

    /// Whether token `i` stands in parentheses of its line: `(height: decimal)`.
    fn in_parentheses(&self, line: &Line<'_>, i: usize) -> bool {
        let words = || (0..i).map(|before| self.word(line, before));
        let opened = words().filter(|word| *word == "(").count();
        opened > words().filter(|word| *word == ")").count()
    }

    fn innermost(&self) -> Option<Block> {
        self.open.last().copied().or(self.block)
    }
}

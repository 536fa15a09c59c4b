//! Which braces the author forgot or wrote once too often, read off the layout.

use super::View;
use crate::lex::{Kind, Token};
use crate::words;
use std::ops::Range;

/// A brace that the author forgot or wrote once too often.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slip {
    /// Before token `before` a `}` is missing for the `{` at (or after) token `open`.
    Unclosed { before: usize, open: usize },
    /// After this token a `{` is missing.
    Unopened { after: usize },
    /// This brace is one too many.
    Stray(usize),
}

/// The braces of a region that do not pair, in the order of the text. Nothing is suspected in a
/// region whose braces pair, whatever its layout.
pub(super) fn slips(view: View<'_>, range: Range<usize>) -> Vec<Slip> {
    let (mut opened, mut closed, mut stray) = (0_usize, 0_usize, 0_usize);
    for i in range.clone().filter(|i| view.is_kind(*i, Kind::Sign)) {
        match view.word(i) {
            "{" => opened += 1,
            "}" if opened == closed => stray += 1,
            "}" => closed += 1,
            _ => {}
        }
    }
    if opened == closed && stray == 0 {
        return Vec::new();
    }
    let mut search = Search {
        view,
        unclosed: opened - closed,
        stray,
        open: Vec::new(),
        slips: Vec::new(),
    };
    for i in range {
        if let Some(token) = view.get(i) {
            search.token(i, token);
        }
    }
    search.slips
}

struct Search<'a> {
    view: View<'a>,
    /// How many `}` are missing.
    unclosed: usize,
    /// How many `}` are too many.
    stray: usize,
    /// The tokens at or after which a block began.
    open: Vec<usize>,
    slips: Vec<Slip>,
}

impl Search<'_> {
    fn token(&mut self, i: usize, token: Token) {
        while self.unclosed > 0
            && let Some(open) = self.left_open(i, token)
        {
            self.open.pop();
            self.slips.push(Slip::Unclosed { before: i, open });
            self.unclosed -= 1;
        }
        match self.view.word(i) {
            "{" if self.unclosed > 0 && i > 0 && self.view.word(i - 1) == "{" => {
                self.slips.push(Slip::Stray(i));
                self.unclosed -= 1;
            }
            "{" => self.open.push(i),
            "}" if self.open.is_empty() || self.stray > 0 && self.closes_too_much(i, token) => {
                self.slips.push(Slip::Stray(i));
                self.stray = self.stray.saturating_sub(1);
            }
            "}" => {
                self.open.pop();
            }
            _ if self.stray > 0 && self.lacks_opening(i) => {
                self.slips.push(Slip::Unopened { after: i });
                self.open.push(i);
                self.stray -= 1;
            }
            _ => {}
        }
    }

    fn indent(&self, i: usize) -> u32 {
        self.view.get(i).map_or(0, |t| t.indent)
    }

    /// The innermost block, if token `i` shows that it should have ended before.
    fn left_open(&self, i: usize, token: Token) -> Option<usize> {
        let top = self.open.last().copied()?;
        let word = self.view.word(i);
        if !token.first {
            // `choice { 1 a "あ" required`: a modifier cannot follow a code.
            let codes = top > 0 && matches!(self.view.word(top - 1), "choice" | "choices");
            let after_code = i > 0
                && (self.view.is_kind(i - 1, Kind::Text) || self.view.word(i - 1) == "unknown");
            return (codes && after_code && words::begins_modifier(word)).then_some(top);
        }
        let left = if word == "}" {
            token.indent < self.indent(top)
        } else {
            token.indent <= self.indent(top) && i > top + 1
        };
        left.then_some(top)
    }

    /// Whether the `}` at token `i` closes a block that should go on.
    fn closes_too_much(&self, i: usize, token: Token) -> bool {
        let Some(top) = self.open.last().and_then(|top| self.view.get(*top)) else {
            return true;
        };
        let doubled = i > 0 && self.view.word(i - 1) == "}" && top.line != token.line;
        if token.first {
            token.indent > top.indent
        } else {
            doubled
        }
    }

    /// Whether a block must begin after token `i` and does not.
    fn lacks_opening(&self, i: usize) -> bool {
        let before = |back: usize| i.checked_sub(back).map_or("", |b| self.view.word(b));
        if self.view.word(i + 1) == "{" {
            return false;
        }
        match self.view.word(i) {
            // `any of drugs {` opens after the name.
            "of" if self.view.is_name(i + 1) && self.opens_after_path(i + 1) => false,
            "of" => {
                words::QUANTIFIERS.contains(&before(1))
                    || matches!(before(2), "least" | "most" | "exactly")
            }
            "match" => before(1) == "first",
            "choice" => before(1) == ":",
            "choices" => before(1) == ":" && self.view.word(i + 1) != "of",
            "in" => {
                self.view.is_name(i + 1) && matches!(self.view.word(i + 2), ";" | "," | "|" | "}")
            }
            _ => self.ends_heading(i),
        }
    }

    /// Whether a `{` follows the path that begins at token `i`.
    fn opens_after_path(&self, mut i: usize) -> bool {
        while self.view.word(i + 1) == "." {
            i += 2;
        }
        self.view.word(i + 1) == "{"
    }

    /// Whether token `i` is the last of a heading such as `group A "…" shown when …`.
    fn ends_heading(&self, i: usize) -> bool {
        let next = self.view.get(i + 1);
        if next.is_none_or(|t| !t.first) {
            // `code finding "所見" 1 present "あり"; …`
            return self.view.is_kind(i, Kind::Text)
                && next.is_some_and(|t| t.kind == Kind::Number)
                && (i > 1 && self.view.word(i - 2) == "code");
        }
        if words::goes_on(self.view.word(i + 1), &[]) || self.view.awaits_operand(i) {
            return false;
        }
        let mut start = i;
        while self.view.get(start).is_some_and(|t| !t.first) {
            if start == 0 || matches!(self.view.word(start), "{" | "}") {
                return false;
            }
            start -= 1;
        }
        let keyword = match self.view.word(start) {
            "private" => self.view.word(start + 1),
            word => word,
        };
        let headed = self.view.is_name(start + 1) && i > start + 1;
        headed
            && matches!(
                keyword,
                "section"
                    | "judgement"
                    | "subtype"
                    | "threshold"
                    | "group"
                    | "each"
                    | "code"
                    | "table"
                    | "disease"
                    | "module"
                    | "programme"
            )
    }
}

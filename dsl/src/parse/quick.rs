//! Reads what is well-formed at first sight, straight from the tokens.
//!
//! The grammar (`grammar.pest`) says what the language is and explains every mistake. Reading by it
//! costs ten times as much as the text deserves, and nearly every item of a definition has no
//! mistake. So an item is read here first; whatever is not plainly right (a mistake, a doubtful
//! layout, a word this reader does not know) is given up without a message, and the grammar reads
//! the item from the beginning.
//!
//! INVARIANT: what is read here is exactly what the grammar would have read, without a finding.
//! [`crate::parse_by_grammar`] is there to compare with; the property tests and the fuzzer do.
//! A construct that is added to the grammar need not be added here: a keyword that is not expected
//! gives up. Only one that begins an operand must be told from a name ([`Quick::is_at_keyword`]).

mod blocks;
mod expr;
mod fields;
mod items;
mod judgements;
mod migrations;

use super::leaves::{date_of, unquoted};
use super::{is_name_continue, is_name_start};
use crate::Span;
use crate::ast::{DateLiteral, Name, NumberLiteral, Path, Text};
use crate::lex::{Kind, Token, continues_unit};
use crate::words::{self, is_keyword, is_reserved};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// How a row of tokens becomes syntax; nothing if it is not plainly right.
pub(super) type Reading<'a, T> = fn(&mut Quick<'a>) -> Option<T>;

/// A place in a row of tokens.
pub(super) struct Quick<'a> {
    clean: &'a str,
    tokens: &'a [Token],
    at: usize,
    /// The word at that place; empty at the end.
    word: &'a str,
}

/// Reads all of `tokens`.
pub(super) fn read<'a, T>(
    clean: &'a str,
    tokens: &'a [Token],
    reading: Reading<'a, T>,
) -> Option<T> {
    // Closing braces that the author forgot have no width.
    if tokens.last().is_none_or(|t| t.span.start == t.span.end) {
        return None;
    }
    let mut quick = Quick {
        clean,
        tokens,
        at: 0,
        word: "",
    };
    quick.look();
    let read = reading(&mut quick)?;
    quick.is_at_end().then_some(read)
}

impl<'a> Quick<'a> {
    fn look(&mut self) {
        self.word = self.word_at(self.at);
    }

    fn step(&mut self) {
        self.at += 1;
        self.look();
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn token(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn kind(&self) -> Option<Kind> {
        self.token().map(|t| t.kind)
    }

    fn word_at(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| t.word(self.clean))
    }

    /// The word after the one at this place.
    fn next_word(&self) -> &'a str {
        self.word_at(self.at + 1)
    }

    /// Moves over `word` if it stands here.
    fn takes(&mut self, word: &str) -> bool {
        let found = self.word == word;
        if found {
            self.step();
        }
        found
    }

    /// Moves over `word`, which must stand here.
    fn take(&mut self, word: &str) -> Option<()> {
        self.takes(word).then_some(())
    }

    /// From token `start` to the one before this place.
    fn span_from(&self, start: usize) -> Span {
        let first = self.tokens.get(start).map_or(Span::default(), |t| t.span);
        let last = self.at.checked_sub(1).and_then(|l| self.tokens.get(l));
        last.map_or(first, |last| first.to(last.span))
    }

    /// From this place to the last token.
    fn span_to_end(&self) -> Span {
        let last = self.tokens.last().map_or(Span::default(), |t| t.span);
        self.token().map_or(last, |token| token.span.to(last))
    }

    /// Whether the token at this place is glued to the one before.
    fn is_glued(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|b| self.tokens.get(b));
        before
            .zip(self.token())
            .is_some_and(|(before, token)| before.span.end == token.span.start)
    }

    // ------------------------------------------------------------------ lines

    /// Lines up to `}`, kept apart by `;` or line breaks, each read by `line`.
    fn lines<T>(&mut self, line: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut read = Vec::new();
        let mut separated = true;
        while self.word != "}" {
            if !separated && !self.token()?.first {
                return None;
            }
            read.push(line(self)?);
            separated = self.separators();
        }
        self.step();
        Some(read)
    }

    /// Moves over `;`.
    fn separators(&mut self) -> bool {
        let start = self.at;
        while self.takes(";") {}
        self.at > start
    }

    // ------------------------------------------------------------------ names

    /// A name where only a name can stand.
    fn name(&mut self) -> Option<Name> {
        if is_reserved(self.word) {
            return None;
        }
        self.word_as_name()
    }

    /// A code, outcome or category.
    fn code_name(&mut self) -> Option<Name> {
        let free = matches!(self.word, "yes" | "no" | "today");
        if self.word == "answered" || !free && is_reserved(self.word) {
            return None;
        }
        self.word_as_name()
    }

    /// A category, perhaps of a subtype: `mpa.definite`, written without blanks.
    fn category_name(&mut self) -> Option<Name> {
        let mut name = self.code_name()?;
        if self.word == "." {
            let dot = self.is_glued();
            self.step();
            if !dot || !self.is_glued() {
                return None;
            }
            let inner = self.code_name()?;
            name.span = name.span.to(inner.span);
            name.text = format!("{}.{}", name.text, inner.text);
        }
        Some(name)
    }

    fn word_as_name(&mut self) -> Option<Name> {
        let token = self.token().filter(|t| t.kind == Kind::Word)?;
        if !is_word(self.word) {
            return None;
        }
        let text = composed(self.word);
        self.step();
        Some(Name {
            text,
            span: token.span,
        })
    }

    fn path(&mut self) -> Option<Path> {
        let start = self.at;
        let mut names = vec![self.name()?];
        while self.takes(".") {
            names.push(self.name()?);
        }
        Some(Path {
            names,
            span: self.span_from(start),
        })
    }

    // ------------------------------------------------------------------ texts

    fn text(&mut self) -> Option<Text> {
        let token = self.token().filter(|t| t.kind == Kind::Text)?;
        let text = quoted(self.word)?;
        self.step();
        Some(Text {
            text,
            span: token.span,
        })
    }

    fn text_if_any(&mut self) -> Option<Option<Text>> {
        match self.kind() {
            Some(Kind::Text) => self.text().map(Some),
            _ => Some(None),
        }
    }

    fn cites_if_any(&mut self) -> Option<Vec<Text>> {
        if self.takes("cites") {
            self.cited()
        } else {
            Some(Vec::new())
        }
    }

    /// The texts after `cites`.
    fn cited(&mut self) -> Option<Vec<Text>> {
        let mut texts = vec![self.text()?];
        while self.takes(",") {
            texts.push(self.text()?);
        }
        Some(texts)
    }

    // ------------------------------------------------------------------ numbers and dates

    fn date(&mut self) -> Option<DateLiteral> {
        let token = self.token().filter(|t| t.kind == Kind::Date)?;
        let plain = |c: char| c.is_ascii_digit() || c == '-';
        if !self.word.chars().all(plain) || self.word.find('-') != Some(4) {
            return None;
        }
        let date = date_of(self.word, token.span);
        self.step();
        date
    }

    /// A count, which is followed by no point.
    fn count<N: std::str::FromStr>(&mut self) -> Option<N> {
        let token = self.token().filter(|t| t.kind == Kind::Number)?;
        if !self.word.bytes().all(|b| b.is_ascii_digit()) || token.span.start == token.span.end {
            return None;
        }
        let count = self.word.parse().ok()?;
        self.step();
        Some(count)
    }

    /// `-5`, `0.5`; the sign is glued to its number.
    fn signed(&mut self) -> Option<NumberLiteral> {
        let start = self.at;
        let negative = self.takes("-");
        if negative && !self.is_glued() {
            return None;
        }
        let digits = self.digits()?;
        Some(NumberLiteral {
            digits: if negative {
                format!("-{digits}")
            } else {
                digits.to_owned()
            },
            unit: None,
            span: self.span_from(start),
        })
    }

    /// A number, perhaps with a sign, and its unit if one follows on the same line.
    fn bound(&mut self) -> Option<NumberLiteral> {
        let start = self.at;
        let mut number = self.signed()?;
        number.unit = self.unit()?;
        number.span = self.span_from(start);
        Some(number)
    }

    fn digits(&mut self) -> Option<&'a str> {
        let word = self.word;
        self.token().filter(|t| t.kind == Kind::Number)?;
        let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return None;
        }
        self.step();
        // `2024-4-1` may be a date to the grammar whatever it is to the tokens.
        let joined = self.is_glued() && matches!(self.word, "-" | "/" | ".");
        (!joined).then_some(word)
    }

    /// The unit after a number.
    fn unit(&mut self) -> Option<Option<Text>> {
        let Some(token) = self.token().filter(|t| !t.first) else {
            return Some(None);
        };
        match token.kind {
            Kind::Text => return self.text().map(Some),
            Kind::Word | Kind::Unit => {}
            _ => return Some(None),
        }
        let word = self.word;
        let leading: &str = word
            .find(|c| !is_name_continue(c))
            .and_then(|end| word.get(..end))
            .unwrap_or(word);
        if is_reserved(leading) || words::is_no_unit(leading) {
            return if token.kind == Kind::Word {
                Some(None)
            } else {
                None
            };
        }
        let counts_time = matches!(word, "years" | "months" | "days");
        if word.starts_with('_') || is_keyword(word) && !counts_time {
            return None;
        }
        let mut after = self.clean.get(token.span.end as usize..)?.chars();
        let goes_on = match after.next() {
            Some('.') => after.next().is_some_and(is_name_continue),
            Some(c) => continues_unit(c),
            None => false,
        };
        if word.is_empty() || goes_on {
            return None;
        }
        self.step();
        Some(Some(Text {
            text: composed(word),
            span: token.span,
        }))
    }
}

/// Whether `word` can be a word to the grammar.
fn is_word(word: &str) -> bool {
    let mut characters = word.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_continue)
}

/// A word of the author, NFC-normalised.
fn composed(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    match is_nfc_quick(word.chars()) {
        IsNormalized::Yes => word.to_owned(),
        _ => word.nfc().collect(),
    }
}

/// What stands between the quotation marks of `written`, unless they do not pair.
fn quoted(written: &str) -> Option<String> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let mut escaped = false;
    for byte in inner.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' | b'\n' => return None,
            _ => {}
        }
    }
    (!escaped).then(|| unquoted(written))
}

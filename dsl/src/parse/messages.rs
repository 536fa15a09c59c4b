//! Why a line could not be read, in the words of the language.

mod borrowed;
mod expressions;
mod habits;
mod lines;
mod missing;
mod phrases;
mod spelling;
mod wanted;

use super::read::Reader;
use super::{Failure, Rule};
use crate::diagnostic::Diagnostic;
use crate::lex::{Kind, Token};
use crate::{Span, codes};
pub(super) use expressions::subtracted;
use std::ops::Range;
use wanted::describe;

/// Explains a failure to read the tokens of `range` by `rule`.
pub(super) fn explain(
    reader: &Reader<'_>,
    failure: &Failure,
    range: &Range<usize>,
    rule: Rule,
) -> Diagnostic {
    let at = reader.start_of(range) as usize + failure.at;
    let found = reader
        .piece
        .tokens
        .partition_point(|t| t.span.end as usize <= at);
    let found = found.clamp(range.start, range.end);
    let place = Place {
        reader,
        range,
        rule,
        wanted: &failure.wanted,
        found,
        token: reader.token(found).filter(|_| found < range.end),
        last: found
            .checked_sub(1)
            .filter(|l| *l >= range.start)
            .and_then(|l| reader.token(l)),
    };
    place
        .unknown_line()
        .or_else(|| place.borrowed())
        .or_else(|| place.habit())
        .or_else(|| place.misplaced_line())
        .or_else(|| place.phrase())
        .or_else(|| place.weeks_between())
        .or_else(|| place.counted_block())
        .or_else(|| place.includes_several())
        .or_else(|| place.negative_weight())
        .or_else(|| place.exact_band())
        .or_else(|| place.reserved_name())
        .or_else(|| place.rows_or_sides())
        .or_else(|| place.missing_of())
        .or_else(|| place.missing_count())
        .or_else(|| place.unit_of_age())
        .or_else(|| place.missing_time_unit())
        .or_else(|| place.misspelt())
        .or_else(|| place.code_without_value())
        .or_else(|| place.check_without_id())
        .or_else(|| place.missing_name())
        .or_else(|| place.missing_text())
        .or_else(|| place.missing_reason())
        .or_else(|| place.missing_type())
        .or_else(|| place.missing_number())
        .or_else(|| place.missing_sign())
        .or_else(|| place.missing_word())
        .or_else(|| place.unfinished())
        .or_else(|| place.two_conditions())
        .or_else(|| place.two_names())
        .unwrap_or_else(|| place.unexpected())
}

/// Where reading failed.
struct Place<'a> {
    reader: &'a Reader<'a>,
    range: &'a Range<usize>,
    rule: Rule,
    wanted: &'a [Rule],
    /// Index of the token that was not understood.
    found: usize,
    /// That token; nothing at the end.
    token: Option<Token>,
    /// The token before.
    last: Option<Token>,
}

impl Place<'_> {
    fn word(&self) -> &str {
        self.token.map_or("", |t| t.word(self.reader.clean))
    }

    fn last_word(&self) -> &str {
        self.last.map_or("", |t| t.word(self.reader.clean))
    }

    /// The token `back` places before the one that was not understood.
    fn word_before(&self, back: usize) -> &str {
        self.found
            .checked_sub(back)
            .filter(|i| *i >= self.range.start)
            .map_or("", |i| self.reader.word(i))
    }

    fn wants(&self, rule: Rule) -> bool {
        self.wanted.contains(&rule)
    }

    fn is_word(&self) -> bool {
        self.token.is_some_and(|t| t.kind == Kind::Word)
    }

    fn kind(&self) -> Option<Kind> {
        self.token.map(|t| t.kind)
    }

    /// The place to underline: the token, or the one before at the end of a line.
    fn span(&self) -> Span {
        self.token.or(self.last).map_or(Span::default(), |t| t.span)
    }

    fn error(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.reader.file, self.span(), message)
    }

    /// Something is missing between the last token and this one.
    fn missing(&self, what: &str, insert: Option<&str>, message: String) -> Diagnostic {
        let same_line = self.token.is_some_and(|t| !t.first) || self.last.is_none();
        let (span, note) = match (self.token, self.last) {
            (Some(token), _) if same_line => (token.span, format!("この前に{what}が要ります")),
            (_, Some(last)) => (last.span, format!("この後に{what}が要ります")),
            _ => (self.span(), String::new()),
        };
        let diagnostic =
            Diagnostic::error(codes::MISSING, self.reader.file, span, message).note(note);
        match (insert, self.last) {
            (Some(insert), Some(last)) => {
                let after = Span {
                    start: last.span.end,
                    end: last.span.end,
                };
                let blank = if insert == "," { "" } else { " " };
                diagnostic.fix(after, format!("{blank}{insert}"))
            }
            _ => diagnostic,
        }
    }

    fn unexpected(&self) -> Diagnostic {
        let mut wanted: Vec<String> = Vec::new();
        for rule in self.wanted {
            for description in describe(*rule) {
                if !wanted.contains(&description) {
                    wanted.push(description);
                }
            }
        }
        let word: String = self.word().chars().take(30).collect();
        let diagnostic = match self.token {
            None => self.missing("続き", None, "途中で終わっています".to_owned()),
            Some(_) => self.error(codes::UNEXPECTED, format!("ここに「{word}」は書けません")),
        };
        if wanted.is_empty() {
            return diagnostic;
        }
        diagnostic.help(format!("ここに書けるもの: {}", wanted.join("、")))
    }
}

/// A word that is none of the language, and the one that was probably meant.
pub(crate) fn unknown_word(file: &str, span: Span, word: &str, meant: &str) -> Diagnostic {
    let message = format!("「{word}」という語は使えません");
    Diagnostic::error(codes::UNKNOWN_WORD, file, span, message)
        .help(format!("「{meant}」と書きます"))
        .fix(span, meant)
}

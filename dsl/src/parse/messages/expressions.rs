//! Conditions that are not finished, or followed by what cannot follow.

use super::Place;
use crate::ast::TimeUnit;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::words::{self, is_reserved, number_word};
use crate::{Span, codes};

impl Place<'_> {
    /// `weeks from onset to visit`: time is counted in days, and a week is seven of them.
    pub(super) fn weeks_between(&self) -> Option<Diagnostic> {
        let last = self.last.filter(|_| self.last_word() == "weeks")?;
        if self.word() != "from" {
            return None;
        }
        let name = |after: usize| self.reader.word(self.found + after);
        let (from, to) = match name(2) {
            "to" => (name(1), name(3)),
            _ => ("A", "B"),
        };
        let message = "「weeks from」とは書けません";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, last.span, message)
                .help(format!(
                    "「days from {from} to {to}」と書きます。「6 weeks」とも比べられます"
                ))
                .fix(last.span, "days"),
        )
    }

    /// `2 or more of {`, `two of {`, `any 2 of {`, `at least 2 of 3 {`.
    pub(super) fn counted_block(&self) -> Option<Diagnostic> {
        let token = self.token?;
        let next = self.reader.word(self.found + 1);
        let wrong = |begin: Span, n: u32| {
            let written = begin.to(token.span).of(self.reader.clean);
            let meant = format!("at least {n} of");
            let message = format!("「{written}」とは書けません");
            Diagnostic::error(
                codes::UNEXPECTED,
                self.reader.file,
                begin.to(token.span),
                message,
            )
            .help(format!("「{meant} {{ … }}」と書きます"))
        };
        if self.word() == "of" && next == "{" {
            let more = self.last_word() == "more" && self.word_before(2) == "or";
            let back = if more { 3 } else { 1 };
            let n = number_word(self.word_before(back))?;
            // INVARIANT: there is a word `back` tokens before.
            let from = self.reader.token(self.found.checked_sub(back)?)?.span;
            let fix = from.to(token.span);
            return Some(wrong(from, n).fix(fix, format!("at least {n} of")));
        }
        let n = self.word().parse().ok()?;
        let last = self.last?;
        if self.last_word() == "any" && next == "of" {
            let of = self.reader.token(self.found + 1)?;
            let fix = last.span.to(of.span);
            return Some(wrong(last.span, n).fix(fix, format!("at least {n} of")));
        }
        let counted = matches!(self.word_before(3), "least" | "most" | "exactly");
        (self.last_word() == "of" && counted && next == "{").then(|| {
            let message = format!("「of {n}」とは書けません");
            let span = last.span.to(token.span);
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help("「at least 2 of { … }」のように書きます。いくつのうちかは、中に並べた条件の数です")
                .fix(span, "of")
        })
    }

    /// `x includes any { a; b }`: several codes stand after `of`.
    pub(super) fn includes_several(&self) -> Option<Diagnostic> {
        let at = (0..4).find(|back| self.word_before(back + 1) == "includes")?;
        let includes = self.found.checked_sub(at + 1)?;
        let counts = ["any", "all", "none", "at", "exactly"];
        let first = self.reader.token(includes + 1)?;
        if !counts.contains(&self.reader.word(includes + 1)) {
            return None;
        }
        let field = includes
            .checked_sub(1)
            .filter(|i| *i >= self.range.start)
            .map_or("x", |i| self.reader.word(i));
        let message = "「includes」の後には、コードを一つ書くか、いくつかを「{ }」に並べます";
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, first.span, message).help(
                format!(
                    "例: {field} includes any of {{ a; b }}、{field} includes at least 2 of {{ a; b; c }}"
                ),
            ),
        )
    }

    /// A line that begins with `-1 when`, which goes on with the line before.
    pub(super) fn negative_weight(&self) -> Option<Diagnostic> {
        if self.word() != "when" || self.word_before(2) != "-" {
            return None;
        }
        // INVARIANT: there are two words before.
        let minus = self.reader.token(self.found.checked_sub(2)?)?;
        let before = self.reader.token(self.found.checked_sub(3)?)?;
        if !minus.first || self.last?.kind != Kind::Number {
            return None;
        }
        Some(subtracted(self.reader.file, minus.span, before.span))
    }

    /// `0 gives 1` among bands: a single value is a comparison.
    pub(super) fn exact_band(&self) -> Option<Diagnostic> {
        let first = self.reader.token(self.range.start)?;
        let token = self.token?;
        let single = first.kind == Kind::Number && self.found <= self.range.start + 2;
        if self.rule != Rule::read_band || self.word() != "gives" {
            return None;
        }
        if let Some(found) = self.open_range() {
            return Some(found);
        }
        if !single {
            return None;
        }
        let begin = Span {
            start: first.span.start,
            end: first.span.start,
        };
        let value = Span {
            start: first.span.start,
            end: token.span.start,
        };
        let value = value.of(self.reader.clean).trim();
        Some(
            self.error(codes::UNEXPECTED, "ここに「gives」は書けません")
                .note("一つの値だけの区分です")
                .help(format!("「= {value} gives …」と書きます"))
                .fix(begin, "= "),
        )
    }

    /// `48.. gives 1`: a range that is open at one end is a comparison.
    fn open_range(&self) -> Option<Diagnostic> {
        let begin = self.reader.token(self.range.start)?;
        let last = self.last.filter(|_| self.last_word() == "..")?;
        let span = begin.span.to(last.span);
        let low = Span {
            start: begin.span.start,
            end: last.span.start,
        };
        let meant = format!(">= {}", low.of(self.reader.clean).trim());
        let message = format!("「{}」とは書けません", span.of(self.reader.clean));
        Some(
            Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message)
                .help(format!("「{meant} gives …」と書きます"))
                .fix(span, meant),
        )
    }

    /// An operand was expected.
    pub(super) fn unfinished(&self) -> Option<Diagnostic> {
        if !self.wants_operand() {
            return None;
        }
        let word = self.word();
        let last = self.last_word();
        if self.is_word() && is_reserved(word) {
            let message = format!("「{word}」の前に条件や値がありません");
            return Some(
                self.error(codes::MISSING, message)
                    .help("例: tremor is present"),
            );
        }
        if matches!(self.kind(), Some(Kind::Sign)) && !matches!(word, "}" | ")" | ";") {
            return Some(
                self.error(codes::UNEXPECTED, format!("ここに「{word}」は書けません"))
                    .help("ここには条件や値を書きます"),
            );
        }
        let message = if last.is_empty() || last.starts_with('"') {
            "条件や値がありません".to_owned()
        } else {
            format!("「{last}」の後に条件や値がありません")
        };
        Some(
            self.missing("条件か値", None, message)
                .help("例: tremor is present、igg4 >= 135 mg/dL"),
        )
    }

    pub(super) fn wants_operand(&self) -> bool {
        [
            Rule::expr,
            Rule::operand,
            Rule::before,
            Rule::tight_expr,
            Rule::block_member,
            Rule::amount,
            Rule::arm,
        ]
        .into_iter()
        .any(|r| self.wants(r))
            && !self.wants(Rule::after)
            && !self.wants(Rule::joint)
            && !self.wants(Rule::amount_joint)
    }

    /// Whether a number of years, months, weeks or days stands before this place, on its line.
    fn is_time_unit(&self) -> bool {
        TimeUnit::named(self.last_word()).is_some() && self.token.is_some_and(|t| !t.first)
    }

    /// A complete condition is followed by another on the same line.
    pub(super) fn two_conditions(&self) -> Option<Diagnostic> {
        let token = self.token?;
        if !(self.wants(Rule::joint) || self.wants(Rule::after) || self.wants(Rule::tight_joint)) {
            return None;
        }
        let word = self.word();
        match token.kind {
            Kind::Sign if word == "|" => Some(
                self.error(codes::UNEXPECTED, "ここに「|」は書けません")
                    .help("「または」は「or」と書きます"),
            ),
            Kind::Sign if word == "," => Some(
                self.error(codes::UNEXPECTED, "ここに「,」は書けません")
                    .help("「かつ」は「and」、「または」は「or」、並べるときは「any of { a; b }」と書きます"),
            ),
            Kind::Sign if word == "{" => Some(
                self.error(codes::UNEXPECTED, "ここに「{」は書けません")
                    .help("条件を並べるときは「any of { … }」「all of { … }」「at least 2 of { … }」と書きます"),
            ),
            Kind::Sign => None,
            _ if word == "cites" => Some(
                self.error(codes::UNEXPECTED, "「cites」は条件の前に書きます")
                    .help("例: category a \"一\" cites \"…\" when …、criterion b \"二\" cites \"…\" = …"),
            ),
            _ if is_reserved(word) && self.is_word() => None,
            _ if self.last.is_some_and(|l| l.kind == Kind::Number)
                && self.is_word()
                && !token.first
                && !words::KEYWORDS.contains(&word) =>
            Some(
                self.error(codes::UNEXPECTED, format!("「{word}」は単位として読めません"))
                    .help(format!("単位は「\"」で囲むこともできます。例: \"{word}\"")),
            ),
            Kind::Number if self.is_time_unit() => Some(
                self.error(codes::UNEXPECTED, format!("「{}」の後に「{word}」は書けません", self.last_word()))
                    .help("二つの単位で書ける期間は、年と月（1 year 6 months）、週と日（2 weeks 3 days）です"),
            ),
            _ => Some(
                self.error(codes::UNEXPECTED, format!("「{}」の後に「{word}」は書けません", self.last_word()))
                    .note("この前で条件が終わっています")
                    .help("「and」か「or」でつなぐか、「any of { a; b }」の中に並べます"),
            ),
        }
    }

    /// A list of names without commas, or two names in one cell of a table.
    pub(super) fn two_names(&self) -> Option<Diagnostic> {
        let (word, last) = (self.word(), self.last_word());
        if !self.is_word() || self.last.is_none() {
            return None;
        }
        if self.rule == Rule::read_cell {
            return Some(
                self.error(
                    codes::UNEXPECTED,
                    format!("「{last}」の後に「{word}」は書けません"),
                )
                .help("表のます目には結果の名前を 1 つだけ書き、「|」で区切ります"),
            );
        }
        self.wants(Rule::comma).then(|| {
            self.missing(
                "「,」",
                Some(","),
                format!("「{last}」と「{word}」の間に「,」がありません"),
            )
            .help(format!("「{last}, {word}」と書きます"))
        })
    }
}

/// A line that begins with the sign at `minus`, which goes on with what ends at `before`.
pub(in crate::parse) fn subtracted(file: &str, minus: Span, before: Span) -> Diagnostic {
    let end = Span {
        start: before.end,
        end: before.end,
    };
    let message = "「-」で始まる行は、前の行からの引き算になります";
    Diagnostic::error(codes::SEPARATOR, file, minus, message)
        .help("負の点数の行の前には「;」を書きます")
        .fix(end, ";")
}

//! Lines of scores, grades and bands that are written the other way round, or without their block:
//! `a gives 2`, `2 when a` alone, `otherwise` among bands.

use super::Place;
use crate::diagnostic::Diagnostic;
use crate::lex::Kind;
use crate::parse::Rule;
use crate::{Span, codes};
use std::ops::Range;

impl Place<'_> {
    /// A line of another block than the one it stands in.
    pub(super) fn misplaced_line(&self) -> Option<Diagnostic> {
        self.condition_first()
            .or_else(|| self.signed_weight())
            .or_else(|| self.bare_block())
            .or_else(|| self.weight_alone())
            .or_else(|| self.band_for_the_rest())
            .or_else(|| self.band_with_plus())
            .or_else(|| self.domain_alone())
            .or_else(|| self.domain_without_label())
    }

    /// `fever is present gives 2`, `fever is present: 2` among weights and arms.
    fn condition_first(&self) -> Option<Diagnostic> {
        let all = self.range.clone();
        let line = matches!(self.rule, Rule::read_arm | Rule::read_condition);
        if !line || !matches!(self.word(), "gives" | ":" | "then") {
            return None;
        }
        let condition = self.text(all.start..self.found);
        let value = self.text(self.found + 1..all.end);
        let plain = !condition.is_empty() && !value.is_empty() && !value.contains("gives");
        let meant = match self.is_weight(self.range.start..self.found) {
            true => format!("{condition} when {value}"),
            false => format!("{value} when {condition}"),
        };
        plain.then(|| self.meant_by(&all, &meant))
    }

    /// Whether the tokens `range` are a number of points: `1: fever is present`.
    fn is_weight(&self, range: Range<usize>) -> bool {
        let kind = |i: usize| self.reader.token(i).map(|t| t.kind);
        let numbers = range.clone().filter(|i| kind(*i) == Some(Kind::Number));
        let signs = range.clone().filter(|i| self.reader.word(*i) == "-");
        numbers.count() == 1 && signs.count() + 1 == range.len()
    }

    /// `+2 when fever is present`.
    fn signed_weight(&self) -> Option<Diagnostic> {
        let number = self.reader.token(self.found + 1)?;
        let plus = self.word() == "+" && self.found == self.range.start;
        if !plus || number.kind != Kind::Number {
            return None;
        }
        let meant = self.reader.word(self.found + 1);
        let signed = self.found..self.found + 2;
        Some(self.meant_by(&signed, meant))
    }

    /// `= { … }` without the words that say how the lines are read.
    fn bare_block(&self) -> Option<Diagnostic> {
        if self.word() != "{" || self.last_word() != "=" || self.rule != Rule::read_item {
            return None;
        }
        let (block, help) = match self.item_keyword() {
            "grade" => (
                "first match",
                "上から順に当てはめるなら「first match { … }」と書きます",
            ),
            "score" | "value" => (
                "sum of",
                "点数を合計するなら「sum of { … }」、上から順に当てはめるなら「first match { … }」と書きます",
            ),
            _ => (
                "all of",
                "すべてなら「all of { … }」、いずれかなら「any of { … }」と書きます",
            ),
        };
        let before = Span {
            end: self.span().start,
            ..self.span()
        };
        Some(
            self.error(codes::UNEXPECTED, "「=」の後に「{」だけでは書けません")
                .help(help)
                .fix(before, format!("{block} ")),
        )
    }

    /// `score p = 2 when a`, `value v = n when a else 0`, `(70 when a; 75 when b)`.
    fn weight_alone(&self) -> Option<Diagnostic> {
        let line = matches!(self.rule, Rule::read_arm | Rule::read_condition);
        let number = matches!(self.item_keyword(), "score" | "value");
        if self.word() != "when" {
            return None;
        }
        let inside = self.wants(Rule::close_round);
        if !(inside || number && self.rule == Rule::read_item && !line) {
            return None;
        }
        let sign = if inside { "(" } else { "=" };
        let mut before = (self.range.start..self.found).rev();
        let begin = before.find(|i| self.reader.word(*i) == sign)? + 1;
        let mut after = self.found + 1..self.range.end;
        let end = after
            .find(|i| matches!(self.reader.word(*i), "else" | ";" | "," | ")"))
            .unwrap_or(self.range.end);
        let (value, condition) = (
            brief(self.text(begin..self.found), "2"),
            brief(self.text(self.found + 1..end), "…"),
        );
        let otherwise = match self.reader.word(end) {
            "else" => brief(self.text(end + 1..self.range.end), "0"),
            ";" | "," => "…",
            _ => "0",
        };
        let chosen = format!("if {condition} then {value} else {otherwise}");
        let help = if inside || self.reader.word(end) == "else" {
            format!("場合で変わる数は「{chosen}」と書きます")
        } else {
            format!("「sum of {{ {value} when {condition} }}」か「{chosen}」と書きます")
        };
        let message = "「when」は「sum of { … }」「first match { … }」などの中の行に書きます";
        Some(self.error(codes::UNEXPECTED, message).help(help))
    }

    /// `otherwise gives 1`, `else gives 1` among bands.
    fn band_for_the_rest(&self) -> Option<Diagnostic> {
        let rest = matches!(self.word(), "otherwise" | "else");
        if self.rule != Rule::read_band || !rest || self.found != self.range.start {
            return None;
        }
        let message = format!("「bands」に「{}」の行はありません", self.word());
        let meant = self.rest_of_bands();
        let meant = meant.as_deref().unwrap_or("> 4 gives 1");
        Some(
            self.error(codes::UNEXPECTED, message)
                .help(format!("残りの値も範囲で書きます。例: {meant}")),
        )
    }

    /// What lies above the band before, with what this line gives.
    fn rest_of_bands(&self) -> Option<String> {
        let gives = self.found.checked_sub(1)?;
        let gives = (0..=gives)
            .rev()
            .find(|i| self.reader.word(*i) == "gives")?;
        let signs = ["<", "<=", "..", "..<", "<..", "<..<"];
        let from = gives.saturating_sub(5);
        let sign = (from..gives)
            .rev()
            .find(|i| signs.contains(&self.reader.word(*i)))?;
        let above = match self.reader.word(sign) {
            "<" | "..<" | "<..<" => ">=",
            _ => ">",
        };
        let high = self.text(sign + 1..gives);
        let value = self.find("gives")?;
        let value = self.text(value + 1..self.range.end);
        Some(format!("{above} {high} gives {value}"))
    }

    /// `10+ gives 2` among bands.
    fn band_with_plus(&self) -> Option<Diagnostic> {
        let number = self.last.filter(|last| last.kind == Kind::Number)?;
        let first = self.found == self.range.start + 1;
        if self.rule != Rule::read_band || self.word() != "+" || !first {
            return None;
        }
        let meant = format!(">= {}", number.word(self.reader.clean));
        Some(self.meant_by(&(self.range.start..self.found + 1), &meant))
    }

    /// `domain "皮膚" { … }` in another block than `sum of domain { … }`.
    fn domain_alone(&self) -> Option<Diagnostic> {
        let label = self.kind() == Some(Kind::Text) && self.last_word() == "domain";
        let line = matches!(self.rule, Rule::read_arm | Rule::read_condition);
        if !label || !line {
            return None;
        }
        let span = self.last?.span;
        let message = "「domain」の行は「sum of domain { … }」の中に書きます";
        let help = format!(
            "領域ごとの最高点の合計は「sum of domain {{ domain {} {{ … }} }}」と書きます",
            self.word()
        );
        Some(Diagnostic::error(codes::UNEXPECTED, self.reader.file, span, message).help(help))
    }

    /// `domain { … }` inside `sum of domain { … }`: what is meant is the name of a domain.
    pub(super) fn domain_without_label(&self) -> Option<Diagnostic> {
        let domain =
            self.rule == Rule::read_domain && self.reader.word(self.range.start) == "domain";
        let opens = self.found == self.range.start + 1 && self.kind() != Some(Kind::Text);
        if !domain || !opens || self.words_in_japanese().is_some() {
            return None;
        }
        let message = "「domain」の後に見出しがありません".to_owned();
        let found = self.missing("「\"」で囲んだ見出し", None, message);
        Some(found.help("例: domain \"皮膚\" { 2 when rash is present }"))
    }

    /// The word that the item begins with.
    fn item_keyword(&self) -> &str {
        match self.reader.word(self.range.start) {
            "private" => self.reader.word(self.range.start + 1),
            word => word,
        }
    }
}

/// A short text as it is, and instead of a long one an example.
fn brief<'t>(text: &'t str, example: &'t str) -> &'t str {
    let short = !text.is_empty() && text.len() <= 60 && !text.contains('\n');
    if short { text } else { example }
}

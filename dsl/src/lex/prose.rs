//! Operators in the words of prose and of other languages: `または`, `以上`, `between 1 and 3`.
//!
//! In go the tokens of a file, out comes what each of these words must be instead. Where it is
//! certain and has room, it is written into the clean copy, so that the rest is read as it was meant.

use super::repairs::days_in_month;
use super::{Kind, Lexed, Token};
use crate::diagnostic::Diagnostic;
use crate::parse::unknown_word;
use crate::words::{TYPES, is_keyword, is_no_unit, is_reserved, number_word};
use crate::{Span, codes};
use std::collections::BTreeSet;

/// In the clean copy: `is`, where the blank between two words has room for no more.
const IS: &str = "~";

/// Words that join conditions.
const JOINERS: &[(&str, &str)] = &[
    ("または", "or"),
    ("又は", "or"),
    ("もしくは", "or"),
    ("若しくは", "or"),
    ("あるいは", "or"),
    ("OR", "or"),
    ("かつ", "and"),
    ("且つ", "and"),
    ("および", "and"),
    ("及び", "and"),
    ("AND", "and"),
    ("except", "unless"),
];

/// Words that compare with a number, before or after it.
const COMPARISONS: &[(&str, &str)] = &[
    ("以上", ">="),
    ("以下", "<="),
    ("未満", "<"),
    ("超", ">"),
    ("を超える", ">"),
    ("より大きい", ">"),
    ("より小さい", "<"),
];

/// Two words that compare with the number after them.
const PHRASES: &[(&str, &str, &str)] = &[
    ("more", "than", ">"),
    ("greater", "than", ">"),
    ("higher", "than", ">"),
    ("larger", "than", ">"),
    ("less", "than", "<"),
    ("lower", "than", "<"),
    ("smaller", "than", "<"),
    ("fewer", "than", "<"),
    ("at", "least", ">="),
    ("at", "most", "<="),
];

/// Names that codes usually have, for tables of codes that stand in another file.
const USUAL_CODES: &[&str] = &[
    "present", "absent", "positive", "negative", "unclear", "あり", "なし", "陽性", "陰性",
];

/// Puts operators for words of prose.
pub(super) fn reword(file: &str, lexed: &mut Lexed) {
    let mut codes: Option<BTreeSet<String>> = None;
    let mut i = 0;
    while i < lexed.tokens.len() {
        let prose = Prose { file, lexed };
        i = match prose.change(i, &mut codes) {
            Some(change) => change.make(lexed),
            None => i + 1,
        };
    }
}

/// What stands instead of some tokens.
struct Change {
    /// The first token that is replaced.
    from: usize,
    /// The token after the last.
    to: usize,
    /// Their place.
    span: Span,
    /// The words to read there; none where there is surely no room for them.
    words: Vec<(String, Kind)>,
    /// What an author reads.
    finding: Diagnostic,
}

impl Change {
    /// Makes it, and says which token to look at next.
    fn make(self, lexed: &mut Lexed) -> usize {
        let finding = self.finding;
        // A sign may have been reported before it was known what it should be.
        lexed.diagnostics.retain(|d| {
            let inside = self.span.start <= d.span.start && d.span.end <= self.span.end;
            let sign = d.code == codes::SIGN && inside;
            let letters = d.code == codes::LOOKALIKE && d.span == self.span;
            !sign && !letters && (d.code, d.span) != (finding.code, finding.span)
        });
        lexed.diagnostics.push(finding);
        let Some(tokens) = laid_out(&self.words, self.span, lexed, self.from) else {
            lexed.guessed.push(self.span);
            return self.to.max(self.from + 1);
        };
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let mut clean = " ".repeat(end - start);
        for (token, (word, _)) in tokens.iter().zip(&self.words) {
            let at = token.span.start as usize - start;
            clean.replace_range(at..at + word.len(), word);
        }
        lexed.clean.replace_range(start..end, &clean);
        let next = self.from + tokens.len();
        lexed.tokens.splice(self.from..self.to, tokens);
        next
    }
}

/// Tokens that read `words` inside `span`, if they have room there.
fn laid_out(
    words: &[(String, Kind)],
    span: Span,
    lexed: &Lexed,
    from: usize,
) -> Option<Vec<Token>> {
    let like = lexed.tokens.get(from)?;
    let room = (span.end - span.start) as usize;
    let needed = words.iter().map(|(word, _)| word.len() + 1).sum::<usize>();
    // Several words share a place only where every byte is a character.
    let fits = needed <= room + 1 && (words.len() == 1 || span.of(&lexed.clean).is_ascii());
    if words.is_empty() || !fits {
        return None;
    }
    let mut at = span.start as usize;
    let mut tokens: Vec<Token> = Vec::with_capacity(words.len());
    for (word, kind) in words {
        let begins = tokens.is_empty();
        tokens.push(Token {
            kind: *kind,
            span: Span::new(at, at + word.len()),
            line_breaks: if begins { like.line_breaks } else { 0 },
            first: like.first && begins,
            ..*like
        });
        at += word.len() + 1;
    }
    if let Some(last) = tokens.last_mut() {
        last.span.end = span.end;
    }
    Some(tokens)
}

struct Prose<'l> {
    file: &'l str,
    lexed: &'l Lexed,
}

impl<'l> Prose<'l> {
    /// What must stand instead of the words that begin at token `i`.
    fn change(&self, i: usize, codes: &mut Option<BTreeSet<String>>) -> Option<Change> {
        match self.token(i)?.kind {
            Kind::Word => self
                .era(i)
                .or_else(|| self.joiner(i))
                .or_else(|| self.is_not(i))
                .or_else(|| self.else_if(i))
                .or_else(|| self.comparison(i))
                .or_else(|| self.phrase(i))
                .or_else(|| self.counted(i))
                .or_else(|| self.between(i))
                .or_else(|| self.is_no(i))
                .or_else(|| self.row(i))
                .or_else(|| self.is_left_out(i, codes)),
            Kind::Number => self
                .compared_twice(i)
                .or_else(|| self.band(i))
                .or_else(|| self.comparison_after(i))
                .or_else(|| self.large_number(i))
                .or_else(|| self.span_of_numbers(i)),
            Kind::Sign => self
                .equal_to_a_code(i, codes)
                .or_else(|| self.sides_apart(i)),
            _ => None,
        }
    }

    // ------------------------------------------------------------------ looking around

    fn token(&self, i: usize) -> Option<Token> {
        self.lexed.tokens.get(i).copied()
    }

    fn word(&self, i: usize) -> &'l str {
        self.token(i).map_or("", |t| t.word(&self.lexed.clean))
    }

    fn is_kind(&self, i: usize, kind: Kind) -> bool {
        self.token(i).is_some_and(|t| t.kind == kind)
    }

    /// Whether token `i` goes on with the line of the token before it.
    fn goes_on(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| !t.first)
    }

    /// Whether token `i` is a name and surely no word of the language.
    fn is_name(&self, i: usize) -> bool {
        let word = self.word(i);
        self.is_kind(i, Kind::Word) && !is_reserved(word) && !is_keyword(word)
    }

    /// Whether an operand can end with token `i`, and a heading cannot.
    fn ends_operand(&self, i: usize) -> bool {
        match self.token(i).map(|t| t.kind) {
            Some(Kind::Number | Kind::Unit | Kind::Date | Kind::Text) => true,
            Some(Kind::Word) => self.is_name(i) || matches!(self.word(i), "yes" | "no" | "today"),
            Some(Kind::Sign) => matches!(self.word(i), ")" | "}"),
            _ => false,
        }
    }

    fn follows_operand(&self, i: usize) -> bool {
        self.goes_on(i) && i.checked_sub(1).is_some_and(|last| self.ends_operand(last))
    }

    /// Whether token `i` may follow a name that is compared, which can be a word of the language:
    /// `points 3以上`.
    fn follows_compared(&self, i: usize) -> bool {
        let named = |last: usize| {
            let word = self.word(last);
            let takes_number =
                TYPES.contains(&word) || matches!(word, "branch" | "expires" | "lines");
            self.is_kind(last, Kind::Word) && !is_reserved(word) && !takes_number
        };
        let closed = |last: usize| matches!(self.word(last), ")" | "}");
        self.goes_on(i)
            && i.checked_sub(1)
                .is_some_and(|last| named(last) || closed(last))
    }

    /// Whether an operand or `not` begins with token `i`, on the line of the token before.
    fn begins_operand(&self, i: usize) -> bool {
        let word = self.word(i);
        let begins = match self.token(i).map(|t| t.kind) {
            Some(Kind::Word) => {
                !is_reserved(word) || matches!(word, "not" | "yes" | "no" | "today")
            }
            Some(Kind::Number | Kind::Date) => true,
            Some(Kind::Sign) => word == "(",
            _ => false,
        };
        begins && self.goes_on(i)
    }

    /// Whether the tokens `i` and `i + 1` have nothing between them.
    fn is_glued(&self, i: usize) -> bool {
        let next = self.token(i + 1);
        self.token(i)
            .zip(next)
            .is_some_and(|(token, next)| token.span.end == next.span.start)
    }

    /// The token after the number at token `i` and its unit.
    fn after_amount(&self, i: usize) -> usize {
        let word = self.word(i + 1);
        let unit = match self.token(i + 1).map(|t| t.kind) {
            Some(Kind::Unit | Kind::Text) => true,
            Some(Kind::Word) => !is_reserved(word) && !is_no_unit(word),
            _ => false,
        };
        i + 1 + usize::from(unit && self.goes_on(i + 1))
    }

    /// The place of the tokens `from..to`.
    fn region(&self, from: usize, to: usize) -> Option<Span> {
        let last = self.token(to.checked_sub(1)?)?;
        Some(self.token(from)?.span.to(last.span))
    }

    fn written(&self, from: usize, to: usize) -> &'l str {
        let region = self.region(from, to);
        region.map_or("", |region| region.of(&self.lexed.clean).trim())
    }

    // ------------------------------------------------------------------ making changes

    /// `meant` instead of the tokens `from..to`, which cannot be written.
    fn replaced(
        &self,
        (from, to): (usize, usize),
        words: Vec<(String, Kind)>,
        meant: &str,
    ) -> Option<Change> {
        let span = self.region(from, to)?;
        let message = format!("「{}」とは書けません", self.written(from, to));
        let finding = Diagnostic::error(codes::UNEXPECTED, self.file, span, message)
            .help(format!("「{meant}」と書きます"))
            .fix(span, meant);
        Some(Change {
            from,
            to,
            span,
            words,
            finding,
        })
    }

    /// `words` instead of token `i`, which is no word of the language.
    fn no_word(&self, i: usize, words: Vec<(String, Kind)>, meant: &str) -> Option<Change> {
        let span = self.token(i)?.span;
        Some(Change {
            from: i,
            to: i + 1,
            span,
            words,
            finding: unknown_word(self.file, span, self.word(i), meant),
        })
    }

    fn sign(&self, (from, to): (usize, usize), meant: &str) -> Option<Change> {
        self.replaced((from, to), vec![(meant.to_owned(), Kind::Sign)], meant)
    }

    // ------------------------------------------------------------------ words between operands

    /// `a または b`, `a except b`.
    fn joiner(&self, i: usize) -> Option<Change> {
        let word = self.word(i);
        let (_, meant) = JOINERS.iter().find(|(prose, _)| *prose == word)?;
        let follows = self.follows_operand(i) || !word.is_ascii() && self.follows_compared(i);
        if !(follows && self.begins_operand(i + 1)) {
            return None;
        }
        self.no_word(i, vec![((*meant).to_owned(), Kind::Word)], meant)
    }

    /// `tremor isnt present`.
    fn is_not(&self, i: usize) -> Option<Change> {
        let compared = matches!(self.word(i), "isnt" | "isnot") && self.is_name(i + 1);
        let glued = self.is_glued(i.checked_sub(1)?);
        if !compared || !self.follows_compared(i) || glued {
            return None;
        }
        let change = self.no_word(i, is_not(), "is not")?;
        // The blank before the word becomes the sign.
        let span = Span {
            start: change.span.start - 1,
            ..change.span
        };
        Some(Change { span, ..change })
    }

    /// `if a then 1 elif b then 2 else 0`.
    fn else_if(&self, i: usize) -> Option<Change> {
        let word = self.word(i);
        let other = matches!(word, "elif" | "elsif" | "elseif");
        let follows = || i.checked_sub(1).is_some_and(|last| self.ends_operand(last));
        if !other || !follows() || !self.begins_operand(i + 1) {
            return None;
        }
        self.no_word(i, Vec::new(), "else if")
    }

    /// `体温 以上 38.0 ℃`, `発熱 が あり`.
    fn comparison(&self, i: usize) -> Option<Change> {
        let word = self.word(i);
        let particle = matches!(word, "が" | "は") && self.goes_on(i + 1);
        let known = COMPARISONS.iter().find(|(prose, _)| *prose == word);
        if !(particle || known.is_some()) || !self.follows_compared(i) {
            return None;
        }
        if particle {
            return match self.is_name(i + 1) {
                true => self.particle(i),
                false => self.compared_after(i, i + 1),
            };
        }
        let (_, sign) = known?;
        (self.is_kind(i + 1, Kind::Number) && self.goes_on(i + 1))
            .then(|| self.sign((i, i + 1), sign))
            .flatten()
    }

    /// `発熱 が あり`.
    fn particle(&self, i: usize) -> Option<Change> {
        let is = vec![("is".to_owned(), Kind::Word)];
        let mut change = self.replaced((i, i + 1), is, "is")?;
        let name = i.checked_sub(1).map_or("", |last| self.word(last));
        let meant = format!("「{name} is {}」と書きます", self.word(i + 1));
        change.finding = change.finding.help(meant);
        Some(change)
    }

    /// `points 3以上`.
    fn comparison_after(&self, i: usize) -> Option<Change> {
        self.follows_compared(i)
            .then(|| self.compared_after(i, i))
            .flatten()
    }

    /// The number at token `number`, and after it the word that compares; replaced from token `from`.
    fn compared_after(&self, from: usize, number: usize) -> Option<Change> {
        let (at, unit, sign) = self.word_that_compares(number)?;
        let amount = format!("{} {unit}", self.written(number, at));
        let meant = format!("{sign} {}", amount.trim());
        self.replaced((from, at + 1), Vec::new(), &meant)
    }

    /// The token behind the number at token `number` that ends with a word that compares, what of it
    /// is the unit, and the sign that is meant.
    fn word_that_compares(&self, number: usize) -> Option<(usize, &'l str, &'static str)> {
        if !self.is_kind(number, Kind::Number) {
            return None;
        }
        let compared = |at: usize| {
            let word = match self.token(at)?.kind {
                Kind::Word | Kind::Unit if self.goes_on(at) => self.word(at),
                _ => return None,
            };
            let found = COMPARISONS.iter().find(|(prose, _)| word.ends_with(prose));
            found.map(|(prose, sign)| (at, word.strip_suffix(prose).unwrap_or(""), *sign))
        };
        compared(number + 1).or_else(|| {
            let at = self.after_amount(number);
            compared(at).filter(|(_, rest, _)| rest.is_empty())
        })
    }

    /// `x >= 5.0 mg/dL以上`: what is compared by a sign and by a word.
    fn compared_twice(&self, i: usize) -> Option<Change> {
        let before = self.word(i.checked_sub(1)?);
        if !matches!(before, "<" | "<=" | "=" | ">" | ">=") {
            return None;
        }
        let (at, unit, sign) = self.word_that_compares(i)?;
        let amount = format!("{} {unit}", self.written(i, at));
        let meant = format!("{sign} {}", amount.trim());
        let whole = self.region(i.checked_sub(1)?, at + 1)?;
        let word = self.word(at).strip_prefix(unit).unwrap_or("");
        let message = format!("「{before}」と「{word}」の両方は書けません");
        let finding = Diagnostic::error(codes::UNEXPECTED, self.file, whole, message);
        let finding = if before == sign {
            finding
                .help(format!("「{meant}」と書きます"))
                .fix(whole, &meant)
        } else {
            let other = format!("{before} {}", amount.trim());
            finding.help(format!("「{other}」か「{meant}」のどちらかを書きます"))
        };
        // What is left without the word: its unit, or what stands before it.
        let (from, kept) = match unit {
            "" => (at - 1, self.word(at - 1)),
            unit => (at, unit),
        };
        Some(Change {
            from,
            to: at + 1,
            span: self.region(from, at + 1)?,
            words: vec![(kept.to_owned(), self.token(from)?.kind)],
            finding,
        })
    }

    /// `5 mg/dL未満 gives 1`, `5以上 gives 2`, `40以上60未満 gives 1` among bands.
    fn band(&self, i: usize) -> Option<Change> {
        let begins = !self.goes_on(i)
            || i.checked_sub(1)
                .is_some_and(|last| matches!(self.word(last), "{" | ";" | ","));
        if !begins {
            return None;
        }
        if self.word(i + 2) == "gives"
            && let Some(range) = range_in_words(self.word(i), self.word(i + 1))
        {
            return self.replaced((i, i + 2), Vec::new(), &range);
        }
        let (at, ..) = self.word_that_compares(i)?;
        (self.word(at + 1) == "gives")
            .then(|| self.compared_after(i, i))
            .flatten()
    }

    /// `令和5年4月1日`.
    fn era(&self, i: usize) -> Option<Change> {
        let meant = day_of_era(self.word(i))?;
        self.replaced((i, i + 1), vec![(meant.clone(), Kind::Date)], &meant)
    }

    /// `is more than 3`, `is at least 3`, `more than 3`.
    fn phrase(&self, i: usize) -> Option<Change> {
        let is = usize::from(self.word(i) == "is");
        let words = (self.word(i + is), self.word(i + is + 1));
        let mut phrases = PHRASES.iter();
        let (.., sign) = phrases.find(|(first, second, _)| (*first, *second) == words)?;
        if !self.follows_compared(i) {
            return None;
        }
        let end = i + is + 2;
        let counts = self.word(end + 1) == "of";
        (self.is_kind(end, Kind::Number) && self.goes_on(end) && !counts)
            .then(|| self.sign((i, end), sign))
            .flatten()
    }

    /// `more than 1 of {`, `fewer than 3 of {`, `at least two of {`, `atleast 2 of {`,
    /// `exactly one of {`.
    fn counted(&self, i: usize) -> Option<Change> {
        let glued = match self.word(i) {
            "atleast" => Some("at least"),
            "atmost" => Some("at most"),
            _ => None,
        };
        let next = glued.is_some() || self.word(i) == "exactly";
        let number = if next { i + 1 } else { i + 2 };
        if self.word(number + 1) != "of" || self.follows_operand(i) {
            return None;
        }
        let n = number_word(self.word(number))?;
        let (meant, n) = match (glued, self.word(i), self.word(i + 1)) {
            (Some(meant), ..) => (meant, n),
            (_, "more", "than") => ("at least", n.checked_add(1)?),
            (_, "less" | "fewer", "than") => ("at most", n.checked_sub(1)?),
            (_, "at", "least") if self.is_kind(number, Kind::Word) => ("at least", n),
            (_, "at", "most") if self.is_kind(number, Kind::Word) => ("at most", n),
            (_, "exactly", _) if self.is_kind(number, Kind::Word) => ("exactly", n),
            _ => return None,
        };
        let words = meant.split(' ').map(|word| (word.to_owned(), Kind::Word));
        let words = words.chain([(n.to_string(), Kind::Number)]).collect();
        self.replaced((i, number + 1), words, &format!("{meant} {n}"))
    }

    /// `x between 1 and 3`, `x is between 1 and 3`.
    fn between(&self, i: usize) -> Option<Change> {
        let is = usize::from(self.word(i) == "is");
        if self.word(i + is) != "between" || !self.follows_compared(i) {
            return None;
        }
        let low = i + is + 1;
        let and = self.after_amount(low);
        let high = and + 1;
        let numbers = self.is_kind(low, Kind::Number) && self.is_kind(high, Kind::Number);
        if !numbers || self.word(and) != "and" {
            return None;
        }
        let end = self.after_amount(high);
        let dots = if and > low + 1 { " .. " } else { ".." };
        let (from, up_to) = (self.written(low, and), self.written(high, end));
        let meant = format!("in {from}{dots}{up_to}");
        let mut words = vec![("in".to_owned(), Kind::Word)];
        let kept = |from: usize, to: usize| {
            let token = |t: usize| Some((self.word(t).to_owned(), self.token(t)?.kind));
            (from..to).filter_map(token).collect::<Vec<_>>()
        };
        words.extend(kept(low, and));
        words.push(("..".to_owned(), Kind::Sign));
        words.extend(kept(high, end));
        self.replaced((i, end), words, &meant)
    }

    /// `x is no present`.
    fn is_no(&self, i: usize) -> Option<Change> {
        let said = self.word(i) == "is" && self.word(i + 1) == "no";
        if !(said && self.goes_on(i + 2) && self.is_name(i + 2)) {
            return None;
        }
        self.replaced((i, i + 2), is_not(), "is not")
    }

    // ------------------------------------------------------------------ codes

    /// `fever present`, `fever not present`.
    fn is_left_out(&self, i: usize, declared: &mut Option<BTreeSet<String>>) -> Option<Change> {
        let not = usize::from(self.word(i + 1) == "not");
        let code = i + 1 + not;
        if !self.goes_on(i + 1) || !self.goes_on(code) || self.is_glued(i) {
            return None;
        }
        if !self.is_name(i) || !self.is_name(code) {
            return None;
        }
        if !self.begins_condition(i) || self.is_kind(code + 1, Kind::Text) || self.is_listed(i) {
            return None;
        }
        let declared = declared.get_or_insert_with(|| self.codes());
        if !declared.contains(self.word(code)) || declared.contains(self.word(i)) {
            return None;
        }
        let after = self.token(i)?.span.end;
        let at = |end: u32| Span { start: after, end };
        let (name, code) = (self.word(i), self.written(i + 1, code + 1));
        let finding = Diagnostic::error(
            codes::MISSING,
            self.file,
            self.region(i, i + 2 + not)?,
            format!("「{name}」と「{code}」の間に「is」がありません"),
        )
        .help(format!("「{name} is {code}」と書きます"))
        .fix(at(after), " is");
        // The blank after the name becomes the sign.
        Some(Change {
            from: i + 1,
            to: i + 1,
            span: at(after + 1),
            words: vec![(IS.to_owned(), Kind::Sign)],
            finding,
        })
    }

    /// Whether a condition can begin with the name at token `i`.
    fn begins_condition(&self, i: usize) -> bool {
        let Some(last) = i.checked_sub(1) else {
            return false;
        };
        let word = self.word(last);
        match self.token(last).map(|t| t.kind) {
            _ if !self.goes_on(i) => true,
            Some(Kind::Sign) => matches!(word, "{" | "(" | ";" | "="),
            Some(Kind::Word) => matches!(
                word,
                "and" | "or" | "not" | "unless" | "when" | "if" | "then" | "else"
            ),
            _ => false,
        }
    }

    /// Whether token `i` stands in a list of codes: `in { a b }`, `default { a b }`.
    fn is_listed(&self, i: usize) -> bool {
        let before = (0..i).rev();
        let open = before
            .take_while(|t| {
                self.is_kind(*t, Kind::Word) || matches!(self.word(*t), "{" | ";" | ",")
            })
            .find(|t| self.word(*t) == "{");
        open.and_then(|open| open.checked_sub(1))
            .is_some_and(|list| matches!(self.word(list), "in" | "default"))
    }

    /// The names of the codes of this file: `1 present "あり"`.
    fn codes(&self) -> BTreeSet<String> {
        let declared = |i: &usize| {
            self.is_kind(*i, Kind::Word)
                && self.is_kind(*i + 1, Kind::Text)
                && i.checked_sub(1)
                    .is_some_and(|n| self.is_kind(n, Kind::Number))
        };
        let own = (0..self.lexed.tokens.len()).filter(declared);
        let own = own.map(|i| self.word(i));
        own.chain(USUAL_CODES.iter().copied())
            .map(str::to_owned)
            .collect()
    }

    /// `fever == present`.
    fn equal_to_a_code(&self, i: usize, declared: &mut Option<BTreeSet<String>>) -> Option<Change> {
        let span = self.token(i)?.span;
        let constant = matches!(self.word(i + 1), "yes" | "no");
        if self.word(i) != "=" || span.end - span.start < 2 || !(constant || self.is_name(i + 1)) {
            return None;
        }
        let declared = declared.get_or_insert_with(|| self.codes());
        let message = "「==」という記号はありません";
        let code = constant || declared.contains(self.word(i + 1));
        code.then(|| Change {
            from: i,
            to: i + 1,
            span,
            words: vec![(IS.to_owned(), Kind::Sign)],
            finding: Diagnostic::error(codes::SIGN, self.file, span, message)
                .help(format!("選択肢は「is {}」と書きます", self.word(i + 1)))
                .fix(span, "is"),
        })
    }

    // ------------------------------------------------------------------ numbers and signs

    /// `10万 "/μL"`, `1e3 U/L`.
    fn large_number(&self, i: usize) -> Option<Change> {
        let word = self.word(i + 1);
        if !(self.is_glued(i) && self.is_kind(i + 1, Kind::Word)) {
            return None;
        }
        let unit = |kind: Kind| self.is_kind(i + 2, kind) && self.goes_on(i + 2);
        let zeros = match word {
            "万" if unit(Kind::Text) || unit(Kind::Sign) && self.word(i + 2) == "/" => 4,
            "億" if unit(Kind::Text) => 8,
            "万" if self.is_unit_apart(i + 2) || self.ends_range(i) => 4,
            // `1e3 a "…"` is a code.
            _ if self.is_kind(i + 3, Kind::Text) => return None,
            _ => word.strip_prefix(['e', 'E'])?.parse().ok()?,
        };
        let meant = without_power(self.word(i), zeros)?;
        self.replaced((i, i + 2), Vec::new(), &meant)
    }

    /// Whether the number at token `i` ends a range of a file without the unit 万: `0..100万`.
    fn ends_range(&self, i: usize) -> bool {
        let before = i.checked_sub(1).map_or("", |last| self.word(last));
        before == ".." && !self.lexed.clean.contains("\"万\"")
    }

    /// Whether token `i` is a unit behind a number that is written with 万: `10万 mg/dL`.
    fn is_unit_apart(&self, i: usize) -> bool {
        let word = self.word(i);
        let names = self.is_kind(i, Kind::Word) && !is_reserved(word) && !is_keyword(word);
        names && self.goes_on(i) && !is_no_unit(word) && !self.is_kind(i + 1, Kind::Text)
    }

    /// `labs[1].value`, as if rows were a list: the answers of a row have names of their own.
    fn row(&self, i: usize) -> Option<Change> {
        let reads = self.word(i + 1) == "{"
            && self.is_kind(i + 2, Kind::Number)
            && self.word(i + 3) == "}"
            && self.word(i + 4) == "."
            && self.is_name(i + 5);
        if !(reads && self.is_name(i) && (i..i + 5).all(|at| self.is_glued(at))) {
            return None;
        }
        let bracket = self.token(i + 1)?.span;
        let mut signs = self.lexed.diagnostics.iter();
        if !signs.any(|d| d.code == codes::SIGN && d.span == bracket) {
            return None;
        }
        let (rows, number, value) = (self.word(i), self.word(i + 2), self.word(i + 5));
        let meant = format!("{rows}_{number}_{value}");
        let change = self.replaced((i, i + 6), vec![(meant.clone(), Kind::Word)], &meant)?;
        let message = format!("「{rows}[{number}].{value}」とは書けません");
        let finding = Diagnostic::error(codes::UNEXPECTED, self.file, change.span, message)
            .help(format!(
                "{number} 行目の答えは「{meant}」と書きます。どの行でもよければ「any of {rows} {{ {value} … }}」、すべての行なら「all of {rows} {{ {value} … }}」です"
            ))
            .fix(change.span, &meant);
        Some(Change { finding, ..change })
    }

    /// `points 1-2`.
    fn span_of_numbers(&self, i: usize) -> Option<Change> {
        let span = self.follows_compared(i)
            && self.word(i + 1) == "-"
            && self.is_kind(i + 2, Kind::Number)
            && self.is_glued(i)
            && self.is_glued(i + 1);
        let meant = format!("in {}..{}", self.word(i), self.word(i + 2));
        span.then(|| self.replaced((i, i + 3), Vec::new(), &meant))
            .flatten()
    }

    /// `of right "右"; left "左" {`: the names of sides are listed with `,`.
    fn sides_apart(&self, i: usize) -> Option<Change> {
        let side =
            |name: usize| self.is_kind(name, Kind::Word) && self.is_kind(name + 1, Kind::Text);
        let first = i.checked_sub(2)?;
        let listed = first
            .checked_sub(1)
            .is_some_and(|before| matches!(self.word(before), "of" | ","));
        let opens = matches!(self.word(i + 3), "{" | "," | ";");
        if self.word(i) != ";" || !(listed && side(first) && side(i + 1) && opens) {
            return None;
        }
        let span = self.token(i)?.span;
        let finding = Diagnostic::error(
            codes::SEPARATOR,
            self.file,
            span,
            "側の名前は「;」では区切れません",
        )
        .help("「,」で区切ります。例: each side eye \"眼\" of right \"右\", left \"左\" { … }")
        .fix(span, ",");
        Some(Change {
            from: i,
            to: i + 1,
            span,
            words: vec![(",".to_owned(), Kind::Sign)],
            finding,
        })
    }
}

/// The years before the first of each era.
const ERAS: &[(&str, u16)] = &[
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("大正", 1911),
];

/// `2023-04-01` of `令和5年4月1日`.
fn day_of_era(word: &str) -> Option<String> {
    let (rest, before) = ERAS
        .iter()
        .find_map(|(era, before)| Some((word.strip_prefix(era)?, *before)))?;
    let (year, rest) = rest.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix('日')?;
    let year: u16 = if year == "元" { 1 } else { year.parse().ok()? };
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let year = before.checked_add(year)?;
    let exists = (1..=days_in_month(year, month)).contains(&day);
    exists.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// `40 ..< 60` of `40` and `以上60未満`.
fn range_in_words(low: &str, word: &str) -> Option<String> {
    let (above, rest) = [("以上", true), ("超", false)]
        .iter()
        .find_map(|(prose, included)| Some((*included, word.strip_prefix(prose)?)))?;
    let (high, below) = [("未満", false), ("以下", true)]
        .iter()
        .find_map(|(prose, included)| Some((rest.strip_suffix(prose)?, *included)))?;
    let sign = match (above, below) {
        (true, true) => "..",
        (true, false) => "..<",
        (false, true) => "<..",
        (false, false) => "<..<",
    };
    let digits = high.bytes().all(|b| b.is_ascii_digit()) && !high.is_empty();
    digits.then(|| format!("{low} {sign} {high}"))
}

/// `is not`, in little room.
fn is_not() -> Vec<(String, Kind)> {
    vec![(IS.to_owned(), Kind::Sign), ("not".to_owned(), Kind::Word)]
}

/// `digits` times ten to the power of `zeros`, written out; nothing if it has a fraction.
pub(super) fn without_power(digits: &str, zeros: usize) -> Option<String> {
    const MOST: usize = 12;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let more = zeros.checked_sub(fraction.len())?;
    let number = format!("{whole}{fraction}{}", "0".repeat(more.min(MOST)));
    let number = number.trim_start_matches('0');
    (zeros <= MOST && !number.is_empty()).then(|| number.to_owned())
}

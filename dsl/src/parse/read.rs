//! Reads one item; if that fails, its blocks line by line, so that several mistakes in one item
//! give several findings and everything right is kept.
//!
//! A block that was read line by line is put aside under the place of its `{` ([`Fills`]), blanked
//! in the text, and the rest read again: what then fails is a mistake outside the block.

use super::items::{JudgementLine, TableBody};
use super::messages::subtracted;
use super::quick::{self, Quick, Reading};
use super::{Failure, Node, Rule, follow, items, table};
use crate::ast::{
    Band, Category, Code, Domain, Expr, Header, Item, ItemKind, Member, MigrationLine, Name, Period,
};
use crate::diagnostic::Diagnostic;
use crate::lex::{Kind, Token};
use crate::split::{BandBlocks, Piece, begins_band, breaks_member, line_words};
use crate::words::is_reserved;
use crate::{Span, codes, words};
use std::collections::BTreeMap;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// One arm of `first match`.
pub(super) enum Arm {
    /// `B when A`: result and condition.
    When(Expr, Expr),
    /// `otherwise C`.
    Otherwise(Expr),
}

/// A block whose lines were read one by one.
pub(super) enum Fill {
    Header(Vec<items::HeaderEntry>),
    Members(Vec<Member>),
    Judgement(Vec<JudgementLine>),
    Migration(Vec<MigrationLine>),
    Subtype(Vec<Category>),
    Periods(Vec<Period>),
    Domains(Vec<Domain>),
    Bands(Vec<Band>),
    Codes(Vec<Code>),
    Conditions(Vec<Expr>),
    Arms(Vec<Arm>),
    Table(TableBody),
}

/// Blocks that were read already, by the place of their `{`.
pub(super) type Fills = BTreeMap<u32, Fill>;

/// Turns nodes into syntax; knows where the text stands in the file.
pub(super) struct Build<'a> {
    pub file: &'a str,
    /// The text the nodes point into.
    pub text: &'a str,
    /// Where that text begins in the file.
    pub base: u32,
    /// The tokens of the item.
    pub tokens: &'a [Token],
    pub fills: &'a mut Fills,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

/// How a node becomes syntax.
type Builder<T> = fn(&mut Build<'_>, Node<'_>) -> Option<T>;

/// Reads one piece of a file.
pub(super) struct Reader<'a> {
    pub file: &'a str,
    pub clean: &'a str,
    pub piece: &'a Piece,
    /// Places whose mistakes are known; what follows from them is not reported.
    guessed: &'a [Span],
    fills: Fills,
    /// Everything is read by the grammar, even what needs it not.
    by_grammar: bool,
    pub diagnostics: Vec<Diagnostic>,
    pub lost: Vec<Name>,
}

/// What the lines of a block are.
#[derive(Clone, Copy)]
enum Lines {
    /// Of a header, section, group or judgement: the keyword of what the block belongs to.
    Keyword(&'static [&'static str]),
    Migration,
    Codes,
    Conditions,
    Arms,
    Bands,
    Periods,
}

/// A `{` and its `}`.
struct Group {
    open: usize,
    close: usize,
    lines: Lines,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        file: &'a str,
        clean: &'a str,
        piece: &'a Piece,
        guessed: &'a [Span],
        by_grammar: bool,
    ) -> Self {
        Self {
            file,
            clean,
            piece,
            guessed,
            fills: Fills::new(),
            by_grammar,
            diagnostics: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Reads the piece as a header.
    pub(super) fn header(&mut self) -> Option<Header> {
        self.quick(&self.all(), Quick::header)
            .or_else(|| self.read(Rule::read_header, self.all(), |b, n| b.header(n)))
    }

    /// Reads the piece as an item.
    pub(super) fn item(&mut self) -> Option<Item> {
        if self.piece.keyword(self.clean) == "table" {
            return self.table();
        }
        self.quick(&self.all(), Quick::item)
            .or_else(|| self.read(Rule::read_item, self.all(), |b, n| b.item(n)))
    }

    /// Reads the tokens of `range` without the grammar, if they are plainly right.
    pub(super) fn quick<T>(&self, range: &Range<usize>, reading: Reading<'a, T>) -> Option<T> {
        let tokens = self.piece.tokens.get(range.clone())?;
        (!self.by_grammar)
            .then(|| quick::read(self.clean, tokens, reading))
            .flatten()
    }

    fn table(&mut self) -> Option<Item> {
        let all = self.all();
        let Some((open, close)) = self.brackets(&all).pop() else {
            return self.read(Rule::read_item, all, |b, n| b.item(n));
        };
        let of_numbers = self.is_of_numbers(open);
        let body = table::read(self, open + 1..close, of_numbers);
        let ends = close + 1 == all.end;
        let head = if of_numbers {
            Quick::numbers_without_body
        } else {
            Quick::table_without_body
        };
        if let Some(mut item) = self.quick(&(0..open + 1), head).filter(|_| ends) {
            item.span = item.span.to(self.token(close)?.span);
            match &mut item.kind {
                ItemKind::Table(table) => {
                    table.columns = body.columns;
                    table.rows = body.rows;
                }
                ItemKind::Score(score) => score.rule = table::cells(body, item.span),
                _ => {}
            }
            return Some(item);
        }
        self.fills
            .insert(self.token(open)?.span.start, Fill::Table(body));
        match self.attempt(Rule::read_item, &all, &[(open, close)], |b, n| b.item(n)) {
            Ok(item) => item,
            Err(failure) => {
                self.explain(&failure, &all, Rule::read_item);
                self.lose(&all, Rule::read_item);
                None
            }
        }
    }

    /// Whether the table whose `{` is token `open` is one of numbers: `: score {`.
    fn is_of_numbers(&self, open: usize) -> bool {
        let colon = (0..open).find(|i| self.word(*i) == ":");
        let after = |n: usize| colon.map_or("", |colon| self.word(colon + n));
        after(1) == "score" && matches!(after(2), "{" | "cites")
    }

    /// Reads the tokens of `range` by `rule`, as far as that is possible.
    pub(super) fn read<T>(
        &mut self,
        rule: Rule,
        range: Range<usize>,
        build: Builder<T>,
    ) -> Option<T> {
        let failure = match self.attempt(rule, &range, &[], build) {
            Ok(value) => {
                if value.is_none() {
                    self.lose(&range, rule);
                }
                return value;
            }
            Err(failure) => failure,
        };
        let known = self.diagnostics.len();
        let groups = self.groups(&range);
        for group in &groups {
            self.fill(group);
        }
        let blanked: Vec<_> = groups.iter().map(|g| (g.open, g.close)).collect();
        let value = match self.attempt(rule, &range, &blanked, build) {
            Ok(value) => {
                if self.diagnostics.len() == known {
                    self.explain(&failure, &range, rule);
                }
                value
            }
            Err(outside) => {
                self.explain(&outside, &range, rule);
                None
            }
        };
        if value.is_none() {
            self.lose(&range, rule);
        }
        value
    }

    /// Reads the tokens of `range` with the contents of `blanked` left out.
    fn attempt<T>(
        &mut self,
        rule: Rule,
        range: &Range<usize>,
        blanked: &[(usize, usize)],
        build: Builder<T>,
    ) -> Result<Option<T>, Failure> {
        let text = self.text_of(range, blanked);
        let node = follow(rule, &text)?;
        let mut builder = Build {
            file: self.file,
            text: &text,
            base: self.start_of(range),
            tokens: &self.piece.tokens,
            fills: &mut self.fills,
            diagnostics: &mut self.diagnostics,
        };
        Ok(build(&mut builder, node))
    }

    fn text_of(&self, range: &Range<usize>, blanked: &[(usize, usize)]) -> String {
        let start = self.start_of(range) as usize;
        let end = self.end_of(range) as usize;
        let mut text = self.clean.get(start..end).unwrap_or("").to_owned();
        if !blanked.is_empty() {
            let mut at = start;
            text.clear();
            for (open, close) in blanked {
                let (Some(open), Some(close)) = (self.token(*open), self.token(*close)) else {
                    continue;
                };
                let (from, to) = (open.span.end as usize, close.span.start as usize);
                text.push_str(self.clean.get(at..from).unwrap_or(""));
                text.extend(std::iter::repeat_n(' ', to.saturating_sub(from)));
                at = to;
            }
            text.push_str(self.clean.get(at..end).unwrap_or(""));
        }
        // Closing braces that are missing at the end of the item have no width.
        let tokens = self.piece.tokens.get(range.clone()).unwrap_or_default();
        let missing = tokens
            .iter()
            .rev()
            .take_while(|t| t.span.start == t.span.end);
        text.extend(missing.map(|_| '}'));
        text
    }

    // ------------------------------------------------------------------ tokens

    fn all(&self) -> Range<usize> {
        0..self.piece.tokens.len()
    }

    pub(super) fn token(&self, i: usize) -> Option<Token> {
        self.piece.tokens.get(i).copied()
    }

    pub(super) fn word(&self, i: usize) -> &'a str {
        self.token(i).map_or("", |t| t.word(self.clean))
    }

    pub(super) fn start_of(&self, range: &Range<usize>) -> u32 {
        self.token(range.start).map_or(0, |t| t.span.start)
    }

    pub(super) fn end_of(&self, range: &Range<usize>) -> u32 {
        range
            .end
            .checked_sub(1)
            .filter(|last| *last >= range.start)
            .and_then(|last| self.token(last))
            .map_or_else(|| self.start_of(range), |t| t.span.end)
    }

    /// Whether something in `range` was only guessed.
    pub(super) fn is_guessed(&self, range: &Range<usize>) -> bool {
        let (start, end) = (self.start_of(range), self.end_of(range));
        let first = self.guessed.partition_point(|span| span.end <= start);
        self.guessed.get(first).is_some_and(|span| span.start < end)
    }

    fn is_name(&self, i: usize) -> bool {
        self.token(i).is_some_and(|t| t.kind == Kind::Word) && !is_reserved(self.word(i))
    }

    /// The outermost `{` and `}` of `range`.
    fn brackets(&self, range: &Range<usize>) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut depth = 0_usize;
        let mut open = range.start;
        for i in range.clone() {
            match self.word(i) {
                "{" => {
                    if depth == 0 {
                        open = i;
                    }
                    depth += 1;
                }
                "}" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        found.push((open, i));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The outermost blocks of `range` whose lines can be read one by one.
    fn groups(&self, range: &Range<usize>) -> Vec<Group> {
        let brackets = self.brackets(range);
        let last = brackets.last().map(|(open, _)| *open);
        let judgement = self.keyword(range) == "judgement";
        brackets
            .into_iter()
            .filter_map(|(open, close)| {
                let before = open.checked_sub(1).filter(|b| *b >= range.start);
                let rows = Some(open) == last && is_rows(self.word(range.start));
                let lines = match before.map_or("", |b| self.word(b)) {
                    "of" if before.is_some_and(|of| self.is_of_codes(of)) => return None,
                    "of" if !rows => Lines::Conditions,
                    // `judgement x "…" first match {` holds categories.
                    "match" if !judgement => Lines::Arms,
                    // A domain without its label, not the block around domains.
                    "domain" if open == range.start + 1 => Lines::Conditions,
                    "domain" => Lines::Keyword(words::DOMAIN_LINES),
                    "choice" | "choices" => Lines::Codes,
                    "in" | "default" | "map" => return None,
                    _ if self.labels_domain(before) => Lines::Conditions,
                    _ if self.opens_bands(open, range) => Lines::Bands,
                    _ if before.is_some_and(|b| self.is_over(b, range)) => Lines::Conditions,
                    _ if Some(open) == last => self.lines_of_body(range)?,
                    _ => return None,
                };
                Some(Group { open, close, lines })
            })
            .collect()
    }

    /// Whether the `of` at token `of` ends `includes any of`, `includes at least 2 of`.
    fn is_of_codes(&self, of: usize) -> bool {
        let back = |n: usize| of.checked_sub(n).map_or("", |i| self.word(i));
        match (back(1), back(2), back(3)) {
            ("any" | "all" | "none", "includes", _) => true,
            (_, "exactly", "includes") => true,
            (_, "least" | "most", "at") => back(4) == "includes",
            _ => false,
        }
    }

    /// Whether token `i` ends `of drugs` or `of alias.drugs`.
    fn is_over(&self, mut i: usize, range: &Range<usize>) -> bool {
        while i > range.start + 1 && self.is_name(i) && self.word(i - 1) == "." {
            i -= 2;
        }
        i > range.start && self.is_name(i) && self.word(i - 1) == "of"
    }

    /// The first word, after `private`.
    fn keyword(&self, range: &Range<usize>) -> &'a str {
        match self.word(range.start) {
            "private" => self.word(range.start + 1),
            word => word,
        }
    }

    /// Whether token `i` is the label of a domain.
    fn labels_domain(&self, i: Option<usize>) -> bool {
        i.is_some_and(|i| self.token(i).is_some_and(|t| t.kind == Kind::Text))
            && i.and_then(|i| i.checked_sub(1))
                .is_some_and(|keyword| self.word(keyword) == "domain")
    }

    /// Whether the `{` at token `open` holds the bands of `bands of E`.
    fn opens_bands(&self, open: usize, range: &Range<usize>) -> bool {
        let mut blocks = BandBlocks::default();
        (range.start..=open).fold(false, |_, i| blocks.opens(self.word(i)))
    }

    fn lines_of_body(&self, range: &Range<usize>) -> Option<Lines> {
        match self.keyword(range) {
            "code" => Some(Lines::Codes),
            "migrate" => Some(Lines::Migration),
            "threshold" => Some(Lines::Periods),
            keyword => Some(line_words(keyword))
                .filter(|w| !w.is_empty())
                .map(Lines::Keyword),
        }
    }

    // ------------------------------------------------------------------ line by line

    /// Reads the lines of a block one by one and puts the result aside.
    fn fill(&mut self, group: &Group) {
        let inner = group.open + 1..group.close;
        let lines = self.lines(&inner, group.lines);
        let fill = match group.lines {
            Lines::Conditions => {
                Fill::Conditions(
                    self.read_lines(Rule::read_condition, lines, |b, n| b.read_condition(n)),
                )
            }
            Lines::Arms => Fill::Arms(self.read_lines(Rule::read_arm, lines, |b, n| b.read_arm(n))),
            Lines::Codes => {
                Fill::Codes(self.read_lines(Rule::read_code, lines, |b, n| b.read_code(n)))
            }
            Lines::Bands => {
                Fill::Bands(self.read_lines(Rule::read_band, lines, |b, n| b.read_band(n)))
            }
            Lines::Periods => {
                Fill::Periods(self.read_lines(Rule::read_period, lines, |b, n| b.read_period(n)))
            }
            Lines::Keyword(words) if words == words::DOMAIN_LINES => {
                Fill::Domains(self.read_lines(Rule::read_domain, lines, |b, n| b.read_domain(n)))
            }
            Lines::Keyword(words) if words == words::SUBTYPE_LINES => {
                Fill::Subtype(self.read_lines(Rule::read_subtype_line, lines, |b, n| {
                    b.read_subtype_line(n)
                }))
            }
            Lines::Migration => {
                Fill::Migration(self.read_lines(Rule::read_migration_line, lines, |b, n| {
                    b.read_migration_line(n)
                }))
            }
            Lines::Keyword(words) if words == words::MEMBERS => {
                Fill::Members(self.read_lines(Rule::read_member, lines, |b, n| b.read_member(n)))
            }
            Lines::Keyword(words) if words == words::JUDGEMENT_LINES => {
                Fill::Judgement(self.read_lines(Rule::read_judgement_line, lines, |b, n| {
                    b.read_judgement_line(n)
                }))
            }
            Lines::Keyword(_) => {
                Fill::Header(self.read_lines(Rule::read_header_entry, lines, |b, n| {
                    b.read_header_entry(n)
                }))
            }
        };
        if let Some(open) = self.token(group.open) {
            self.fills.insert(open.span.start, fill);
        }
    }

    fn read_lines<T>(&mut self, rule: Rule, lines: Vec<Range<usize>>, build: Builder<T>) -> Vec<T> {
        lines
            .into_iter()
            .filter_map(|line| self.read(rule, line, build))
            .collect()
    }

    /// Cuts the inside of a block into its lines, separators left out.
    fn lines(&mut self, inner: &Range<usize>, lines: Lines) -> Vec<Range<usize>> {
        let closed = self.parentheses_close(inner);
        let mut found = Vec::new();
        let mut start = inner.start;
        let mut depth = 0_usize;
        for i in inner.clone() {
            let word = self.word(i);
            if depth == 0 && i > start && self.begins_line(i, lines) {
                found.push(start..i);
                start = i;
                if !matches!(lines, Lines::Keyword(words) if words == words::DOMAIN_LINES) {
                    self.check_joined(i);
                }
            }
            match word {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                "(" if closed => depth += 1,
                ")" if closed => depth = depth.saturating_sub(1),
                ";" | "," if depth == 0 && self.separates(word, lines) => {
                    found.push(start..i);
                    start = i + 1;
                }
                _ => {}
            }
        }
        found.push(start..inner.end);
        found.retain(|line| !line.is_empty());
        found
    }

    /// Whether every `(` of `range` has its `)`; if not, lines are cut regardless of them.
    fn parentheses_close(&self, range: &Range<usize>) -> bool {
        let mut open = 0_usize;
        for i in range.clone() {
            match self.word(i) {
                "(" => open += 1,
                ")" if open == 0 => return false,
                ")" => open -= 1,
                _ => {}
            }
        }
        open == 0
    }

    /// Reports a line that begins at token `i` on the same line as the one before.
    fn check_joined(&mut self, i: usize) {
        let last = i.checked_sub(1);
        let after_separator = last.is_some_and(|last| self.word(last) == ";");
        if self.is_negative_weight(i) && !after_separator {
            let places = self.token(i).zip(last.and_then(|last| self.token(last)));
            let found = places.map(|(minus, last)| subtracted(self.file, minus.span, last.span));
            self.diagnostics.extend(found);
            return;
        }
        if let Some(token) = self.token(i).filter(|t| !t.first && !after_separator) {
            self.diagnostics.push(joined(self.file, token.span));
        }
    }

    /// Whether a sign ends a line (names after `eligible` are listed with `,`).
    fn separates(&self, word: &str, lines: Lines) -> bool {
        word == ";" || !matches!(lines, Lines::Keyword(_) | Lines::Migration)
    }

    fn begins_line(&self, i: usize, lines: Lines) -> bool {
        let (Some(token), Some(last)) =
            (self.token(i), i.checked_sub(1).and_then(|l| self.token(l)))
        else {
            return false;
        };
        let word = self.word(i);
        match lines {
            Lines::Codes => {
                let goes_on = matches!(word, "points" | "unknown" | ";" | ",");
                let numbered = token.kind == Kind::Number
                    && last.kind == Kind::Text
                    && self.token(i + 1).is_some_and(|t| t.kind == Kind::Word);
                token.first && !goes_on || numbered
            }
            Lines::Bands | Lines::Periods => begins_band(last, token, self.clean),
            Lines::Conditions | Lines::Arms => {
                breaks_member(last, token, self.token(i + 1).as_ref(), self.clean)
                    || self.is_negative_weight(i)
            }
            Lines::Migration => {
                let goes_on = words::MIGRATION_WORDS.contains(&word)
                    || matches!(last.word(self.clean), "because" | ",");
                token.first && token.kind == Kind::Word && !goes_on
            }
            Lines::Keyword(words) => self.begins_keyword_line(i, token, last, words),
        }
    }

    /// Whether a line `-1 when …` begins at token `i`.
    fn is_negative_weight(&self, i: usize) -> bool {
        let first = self.token(i).is_some_and(|t| t.first) && self.word(i) == "-";
        let number = self.token(i + 1).is_some_and(|t| t.kind == Kind::Number);
        first && number && self.word(i + 2) == "when"
    }

    /// Whether a line of a section, judgement or header begins at token `i`, its keyword perhaps
    /// misspelt.
    fn begins_keyword_line(
        &self,
        i: usize,
        token: Token,
        last: Token,
        words: &[&'static str],
    ) -> bool {
        let word = self.word(i);
        let after_end = matches!(last.word(self.clean), "}" | ")" | ";");
        let kind = |i: usize| self.token(i).map(|t| t.kind);
        let named = self.is_name(i + 1) || kind(i + 1) == Some(Kind::Text);
        if words.contains(&word) {
            let reserved_name = kind(i + 1) == Some(Kind::Word) && kind(i + 2) == Some(Kind::Text);
            return (token.first || after_end)
                && (named || reserved_name || kind(i + 1) == Some(Kind::Number));
        }
        named
            && token.first
            && self.is_name(i)
            && (last.kind != Kind::Sign || after_end)
            && !is_reserved(last.word(self.clean))
            && !words::goes_on(word, words)
    }

    /// Remembers the name that a line or item was to define.
    fn lose(&mut self, range: &Range<usize>, rule: Rule) {
        const NAMELESS: &[&str] = &[
            "use",
            "check",
            "not",
            "gap",
            "overlap",
            "note",
            "display",
            "otherwise",
            "eligible",
            "migrate",
            "domain",
        ];
        if rule == Rule::read_code {
            return self.lose_code(range);
        }
        let private = usize::from(self.word(range.start) == "private");
        let keyword = range.start + private;
        let side = usize::from(self.word(keyword) == "each" && self.word(keyword + 1) == "side");
        let name = keyword + side + 1;
        let defines = matches!(
            rule,
            Rule::read_item | Rule::read_member | Rule::read_judgement_line
        ) && !NAMELESS.contains(&self.word(keyword))
            && self.is_name(keyword);
        if defines && self.is_name(name) {
            self.lose_name(name);
        }
    }

    /// Remembers the name of a code whose line could not be read.
    fn lose_code(&mut self, range: &Range<usize>) {
        let name = range.clone().find(|i| self.is_name(*i));
        name.into_iter().for_each(|name| self.lose_name(name));
    }

    /// Remembers the name at token `first`, also one like `A-DROP`.
    fn lose_name(&mut self, first: usize) {
        let Some(mut span) = self.token(first).map(|t| t.span) else {
            return;
        };
        let parts = (first + 1..self.piece.tokens.len()).filter_map(|i| self.token(i));
        for part in parts.take_while(|t| t.word(self.clean) == "-" || t.kind == Kind::Word) {
            if part.span.start != span.end {
                break;
            }
            span = span.to(part.span);
        }
        let text = span.of(self.clean).nfc().collect();
        self.lost.push(Name { text, span });
    }

    fn explain(&mut self, failure: &Failure, range: &Range<usize>, rule: Rule) {
        if self.is_guessed(range) {
            return;
        }
        let diagnostic = super::messages::explain(self, failure, range, rule);
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a line that begins with `word` is one of rows, the word perhaps misspelt.
fn is_rows(word: &str) -> bool {
    word == "rows" || words::nearest(word, ["rows"]).is_some()
}

/// Two lines of a block stand on one line of the text without anything between.
pub(super) fn joined(file: &str, span: Span) -> Diagnostic {
    let before = Span {
        start: span.start,
        end: span.start,
    };
    Diagnostic::error(codes::SEPARATOR, file, span, "前との区切りがありません")
        .note("この前に「;」か改行が要ります")
        .help("「;」か改行で区切ります")
        .fix(before, "; ")
}

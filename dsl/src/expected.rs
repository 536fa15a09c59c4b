//! What can stand at a place of a text, read off the grammar itself.
//!
//! The item is read up to the place, as [`crate::parse`] would; where it fails, the parser says
//! which rules it wanted. A rule that stands for many (`modifier`, `operand`) is taken apart into
//! the words it can begin with, so that a word added to the grammar is offered at once.

use crate::lex::{Kind, Token};
use crate::parse::{Rule, follow};
use crate::split::line_words;
use crate::words::{self, KEYWORDS};
use crate::{lex, split};
use pest_meta::ast::Expr;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Stands after the text that was read; no rule accepts it.
const END: char = '\u{1}';

/// What can stand at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Keywords of the language.
    pub keywords: BTreeSet<&'static str>,
    /// Those among them that begin a line of their own here: items, members, categories.
    pub lines: BTreeSet<&'static str>,
    /// A condition, number or date: names of fields and rules, functions.
    pub operand: bool,
    /// The name of a code, outcome or category.
    pub code: bool,
    /// The name of something, declared or read.
    pub name: bool,
    /// A unit.
    pub unit: bool,
    /// The item may end here, so that another may begin.
    pub item: bool,
}

/// What can stand at byte `offset` of `text`; nothing inside a comment or a quoted text.
pub fn expected(text: &str, offset: usize) -> Expected {
    let mut found = Expected::default();
    let Some(head) = text.get(..offset) else {
        return found;
    };
    let inside = |t: &Token| {
        let (start, end) = (t.span.start as usize, t.span.end as usize);
        match t.kind {
            Kind::Comment => start < offset && offset <= end,
            Kind::Text => start < offset && offset < end,
            _ => false,
        }
    };
    if lex::read("", text).tokens.iter().any(inside) {
        return found;
    }
    let lexed = lex::read("", head);
    let pieces = split::cut("", &lexed.tokens, lexed.clean.clone()).pieces;
    let Some(piece) = pieces.last() else {
        found.item = true;
        found.lines = words::HEADERS.iter().copied().collect();
        found.keywords = found.lines.clone();
        return found;
    };
    let tokens: Vec<Token> = piece
        .tokens
        .iter()
        .filter(|t| t.span.start < t.span.end)
        .copied()
        .collect();
    let reading = Reading {
        clean: &lexed.clean,
        tokens: &tokens,
    };
    reading.item(&mut found);
    if found.item && reading.starts_line() {
        let header = |word: &&&str| !words::HEADERS.contains(*word);
        found.lines.extend(words::ITEMS.iter().filter(header));
    }
    if reading.starts_line() {
        let owner = reading.open_blocks().pop().map(|open| reading.owner(open));
        let heads = owner.map(line_words).unwrap_or_default().iter();
        found
            .lines
            .extend(heads.filter(|word| found.keywords.contains(*word)));
    }
    found.keywords.extend(&found.lines);
    found
}

/// The tokens of an item up to the place.
struct Reading<'a> {
    clean: &'a str,
    tokens: &'a [Token],
}

impl Reading<'_> {
    fn word(&self, i: usize) -> &str {
        self.tokens.get(i).map_or("", |t| t.word(self.clean))
    }

    /// Whether only blanks stand between the place and the beginning of its line.
    fn starts_line(&self) -> bool {
        let blank = |c: &char| c.is_whitespace() && *c != '\n';
        let mut before = self.clean.chars().rev().skip_while(blank);
        matches!(before.next(), None | Some('\n'))
    }

    /// Reads the whole item; if something before the place is wrong, only the line around it.
    fn item(&self, found: &mut Expected) {
        let private = usize::from(self.word(0) == "private");
        let blocks = self.open_blocks();
        let in_table = self.word(private) == "table" && !blocks.is_empty();
        if in_table {
            return self.row(found);
        }
        let rule = match self.word(0) {
            word if words::HEADERS.contains(&word) => Rule::read_header,
            _ => Rule::read_item,
        };
        if self.read(rule, 0, found) {
            return;
        }
        for open in blocks.into_iter().rev() {
            if self.line(open, found) {
                return;
            }
        }
    }

    /// The braces that are open at the place, outermost first.
    fn open_blocks(&self) -> Vec<usize> {
        let mut open = Vec::new();
        for i in 0..self.tokens.len() {
            match self.word(i) {
                "{" => open.push(i),
                "}" => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// Reads the last line of the block that begins with the brace `open`.
    fn line(&self, open: usize, found: &mut Expected) -> bool {
        let owner = self.owner(open);
        let begins = |i: usize, words: &[&str]| {
            self.tokens.get(i).is_some_and(|t| t.first) && words.contains(&self.word(i))
        };
        let (rule, starts): (Rule, Range<usize>) = match (self.word(open.wrapping_sub(1)), owner) {
            ("of", _) => (Rule::read_condition, open + 1..self.tokens.len()),
            ("match", _) => (Rule::read_arm, open + 1..self.tokens.len()),
            ("choice" | "choices", _) | (_, "code") => {
                (Rule::read_code, open + 1..self.tokens.len())
            }
            (_, "section" | "group") => (Rule::read_member, open + 1..self.tokens.len()),
            (_, "judgement") => (Rule::read_judgement_line, open + 1..self.tokens.len()),
            (_, word) if words::HEADERS.contains(&word) => {
                (Rule::read_header_entry, open + 1..self.tokens.len())
            }
            _ => return false,
        };
        let heads = line_words(owner);
        let separates = |i: usize| i == open || self.word(i) == ";";
        let begin = starts.rev().find(|i| {
            if heads.is_empty() {
                separates(i.wrapping_sub(1)) || self.tokens.get(*i).is_some_and(|t| t.first)
            } else {
                begins(*i, heads) || *i == open + 1
            }
        });
        if self.starts_line() {
            found.lines.extend(heads);
        }
        self.read(rule, begin.unwrap_or(self.tokens.len()), found)
    }

    /// The word that begins the line of a brace: `section`, `group`, `judgement`, …
    fn owner(&self, open: usize) -> &str {
        let line = (0..open).rev().find(|i| {
            self.tokens.get(*i).is_some_and(|t| t.first)
                && (words::begins_item(self.word(*i)) || words::MEMBERS.contains(&self.word(*i)))
        });
        match line.map_or("", |i| self.word(i)) {
            "private" => line.map_or("", |i| self.word(i + 1)),
            word => word,
        }
    }

    /// The place is in the body of a table: a head or a cell.
    fn row(&self, found: &mut Expected) {
        let begin = (0..self.tokens.len())
            .rev()
            .find(|i| self.tokens.get(*i).is_some_and(|t| t.first))
            .unwrap_or_default();
        let bar = (begin..self.tokens.len())
            .rev()
            .find(|i| self.word(*i) == "|");
        match bar {
            Some(_) if self.word(begin) != "|" => found.code = true,
            bar => {
                self.read(Rule::read_head, bar.map_or(begin, |b| b + 1), found);
            }
        }
    }

    /// Reads the tokens from `first` on by `rule`; whether the place was reached.
    fn read(&self, rule: Rule, first: usize, found: &mut Expected) -> bool {
        let start = self
            .tokens
            .get(first)
            .map_or(self.clean.len(), |t| t.span.start as usize);
        let mut text = self.clean.get(start..).unwrap_or("").to_owned();
        text.push(END);
        let Err(failure) = follow(rule, &text) else {
            return false;
        };
        let reached = text
            .get(failure.at..)
            .is_some_and(|rest| rest.trim_start().starts_with(END));
        if !reached {
            return false;
        }
        let rules: Vec<String> = failure.wanted.iter().map(|r| format!("{r:?}")).collect();
        for leaf in beginnings(&rules) {
            match leaf.as_str() {
                "EOI" => found.item |= matches!(rule, Rule::read_item | Rule::read_header),
                "operand" => found.operand = true,
                "code_name" => found.code = true,
                "name" | "path" => found.name = true,
                "unit" | "bare_unit" => found.unit = true,
                other => {
                    if let Some(word) = other.strip_prefix("kw_") {
                        found
                            .keywords
                            .extend(KEYWORDS.iter().copied().find(|k| *k == word));
                    }
                }
            }
        }
        true
    }
}

/// The rules of the grammar, by name.
static GRAMMAR: LazyLock<BTreeMap<String, Expr>> = LazyLock::new(|| {
    let text = include_str!("grammar.pest");
    pest_meta::parser::parse(pest_meta::parser::Rule::grammar_rules, text)
        .ok()
        .and_then(|pairs| pest_meta::parser::consume_rules(pairs).ok())
        .unwrap_or_default()
        .into_iter()
        .map(|rule| (rule.name, rule.expr))
        .collect()
});

/// The keywords and leaves that `rules` can begin with.
fn beginnings(rules: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for rule in rules {
        begin(rule, &mut seen, &mut found);
    }
    found
}

/// Rules that are leaves for the reader, whatever they are made of.
const LEAVES: &[&str] = &[
    "name",
    "code_name",
    "path",
    "text",
    "number",
    "whole",
    "date",
    "precision",
    "notice_number",
    "code_value",
    "unit",
    "bare_unit",
    "script",
    "reserved",
    "EOI",
];

/// Whether `rule` can be empty; adds what it can begin with.
fn begin(rule: &str, seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) -> bool {
    if LEAVES.contains(&rule) || rule.starts_with("kw_") {
        found.insert(rule.to_owned());
        return false;
    }
    if rule == "operand" {
        found.insert(rule.to_owned());
    }
    if !seen.insert(rule.to_owned()) {
        return false;
    }
    match GRAMMAR.get(rule) {
        Some(expr) => begin_expr(expr, seen, found),
        None => matches!(rule, "SOI"),
    }
}

fn begin_expr(expr: &Expr, seen: &mut BTreeSet<String>, found: &mut BTreeSet<String>) -> bool {
    match expr {
        Expr::Ident(rule) => begin(rule, seen, found),
        Expr::Seq(first, rest) => begin_expr(first, seen, found) && begin_expr(rest, seen, found),
        Expr::Choice(a, b) => {
            let a = begin_expr(a, seen, found);
            begin_expr(b, seen, found) || a
        }
        Expr::Opt(inner) | Expr::Rep(inner) | Expr::RepMax(inner, _) => {
            begin_expr(inner, seen, found);
            true
        }
        Expr::RepOnce(inner)
        | Expr::RepExact(inner, _)
        | Expr::RepMin(inner, _)
        | Expr::RepMinMax(inner, _, _)
        | Expr::Push(inner) => begin_expr(inner, seen, found),
        Expr::PosPred(_) | Expr::NegPred(_) => true,
        Expr::Str(_) | Expr::Insens(_) | Expr::Range(..) | Expr::PeekSlice(..) | Expr::Skip(_) => {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is expected at `‸` in `text`, in words.
    fn at(text: &str) -> String {
        let offset = text.find('‸').unwrap();
        let found = expected(&text.replace('‸', ""), offset);
        let mut words: Vec<String> = found.keywords.iter().map(|k| (*k).to_owned()).collect();
        for (is, name) in [
            (found.operand, "‹condition›"),
            (found.code, "‹code›"),
            (found.name, "‹name›"),
            (found.unit, "‹unit›"),
            (found.item, "‹item›"),
        ] {
            if is {
                words.push(name.to_owned());
            }
        }
        words.join(" ")
    }

    const HEAD: &str = "disease shitei 006 \"病\" { edition \"2020\" from 2017-04-01 }\n";

    fn item(text: &str) -> String {
        at(&format!("{HEAD}{text}"))
    }

    #[test]
    fn an_empty_file_begins_with_its_header() {
        insta::assert_snapshot!(at("‸"), @"disease module programme ‹item›");
        insta::assert_snapshot!(at("disease ‸"), @"shitei shoman");
    }

    #[test]
    fn the_members_of_a_section() {
        insta::assert_snapshot!(item("section a \"あ\" {\n  ‸\n}"), @"display each field group note rows");
    }

    #[test]
    fn after_the_type_of_a_field() {
        insta::assert_snapshot!(item("section a \"あ\" {\n  field x \"え\" : finding ‸\n}"), @"better carry cites default display each field group help new note personal renewal required rows shown was");
        insta::assert_snapshot!(item("section a \"あ\" {\n  field x \"え\" : ‸"), @"choice choices date decimal digits integer kana month phone postal_code text year ‹name›");
    }

    #[test]
    fn a_mistake_before_the_place_does_not_matter() {
        insta::assert_snapshot!(item("section a \"あ\" {\n  feild y \"い\" : finding\n  field x \"え\" : finding carry ‸"), @"confirm copy expires never");
        insta::assert_snapshot!(item("criterion c \"し\" = any of {\n  x is is\n  y ‸"), @"and differs if in includes is not or treat unless when within");
    }

    #[test]
    fn conditions() {
        insta::assert_snapshot!(item("criterion c \"し\" = ‸"), @"age all any at bands better count days earliest exactly first if latest max min month months new no none not renewal sum today worse year years yes ‹condition› ‹name›");
        insta::assert_snapshot!(item("criterion c \"し\" = x ‸"), @"and differs if in includes is not or treat unless within ‹item›");
        insta::assert_snapshot!(item("criterion c \"し\" = x is ‸"), @"answered not ‹code›");
        insta::assert_snapshot!(item("criterion c \"し\" = x >= 3 ‸"), @"and differs if in includes is not or treat unless within ‹unit› ‹item›");
    }

    #[test]
    fn between_items() {
        insta::assert_snapshot!(item("\n‸"), @"check code convert criterion function gap grade judgement migrate not overlap private score section table threshold use value ‹item›");
    }

    #[test]
    fn the_cells_of_a_table() {
        insta::assert_snapshot!(item("table t \"ひょう\" : a | b {\n | x < 1 | >= 1\n y < 1 | ‸"), @"‹code›");
        insta::assert_snapshot!(item("table t \"ひょう\" : a | b {\n | x < 1 | ‸"), @"age all any at bands better count days earliest exactly first if in includes is latest max min month months new no none not renewal sum today worse year years yes ‹condition› ‹name›");
    }

    #[test]
    fn nothing_inside_texts_and_comments() {
        insta::assert_snapshot!(item("section a \"あ‸\" {"), @"");
        insta::assert_snapshot!(item("# あ‸\nsection a \"あ\" {"), @"");
    }
}

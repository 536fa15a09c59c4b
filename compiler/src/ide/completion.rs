//! What can be written at a place: words of the language where the grammar allows them, names
//! where they mean something there, codes of the very field, units of the very number.

use super::hover::{kind_words, type_words};
use super::keywords;
use super::problems::modules;
use super::scene::look_at;
use super::text::{Lines, Position, Range};
use crate::files::Files;
use crate::load::SyntaxCache;
use crate::world::{Entity, Space, World};
use kohyo_dsl::ast::{self, Name};
use kohyo_dsl::{Expected, Span, TokenKind, Word, expected, words};
use serde::Serialize;
use std::collections::BTreeSet;

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// The word.
    pub label: String,
    /// Its Japanese label or meaning, in a few words.
    pub detail: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What to replace: the word begun.
    pub range: Range,
    /// By what; places to fill in are written `${1:…}`, the last `$0`.
    pub snippet: String,
}

/// What a completion is, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CompletionKind {
    /// A code, outcome or category.
    Option,
    /// A unit.
    Unit,
    /// A field.
    Field,
    /// A criterion, score, value, grade or table.
    Rule,
    /// A judgement.
    Judgement,
    /// A code table.
    CodeTable,
    /// A module, or the alias of one.
    Module,
    /// A word of the language.
    Keyword,
    /// A function.
    Function,
}

/// What can be written at a place, the likeliest first.
pub fn completion(
    files: &Files,
    cache: &mut SyntaxCache,
    path: &str,
    position: Position,
) -> Vec<Completion> {
    let Some(text) = files.get(path) else {
        return Vec::new();
    };
    let lines = Lines::new(text);
    let offset = lines.offset(position);
    let tokens: Vec<Word> = words(text.get(..offset).unwrap_or(""))
        .into_iter()
        .filter(|t| t.kind != TokenKind::Comment)
        .collect();
    let begun = tokens.last().filter(|t| {
        t.span.end as usize == offset && matches!(t.kind, TokenKind::Word { .. } | TokenKind::Unit)
    });
    let start = begun.map_or(offset, |t| t.span.start as usize);
    let before = match begun {
        Some(_) => tokens.split_last().map_or(&[] as &[Word], |(_, rest)| rest),
        None => &tokens,
    };
    let expected = expected(text, start);
    let place = Place {
        text,
        tokens: before,
    };
    let modules = match place.used_module(offset) {
        Some(_) => modules(files, cache),
        None => Vec::new(),
    };
    let mut found = look_at(files, cache, path, |world| {
        let span = Span::new(start, offset);
        let mut offers = Offers {
            world,
            place: &place,
            expected: &expected,
            range: lines.range(span),
            found: Vec::new(),
        };
        match place.used_module(offset) {
            Some(start) => {
                offers.range = lines.range(Span::new(start, offset));
                for (name, title) in &modules {
                    offers.add(CompletionKind::Module, name, title.clone());
                }
            }
            None => offers.all(),
        }
        offers.found
    })
    .unwrap_or_default();
    // Codes stay in the order of their table, names in theirs.
    found.sort_by_key(|c| c.kind);
    let mut seen = BTreeSet::new();
    found.retain(|c| seen.insert((c.kind, c.snippet.clone())));
    found
}

/// The tokens before a place, the word begun there left out.
struct Place<'t> {
    text: &'t str,
    tokens: &'t [Word],
}

impl<'t> Place<'t> {
    /// The token so far before the place; the last is 0.
    fn back(&self, n: usize) -> &'t str {
        let at = self.tokens.len().checked_sub(n + 1);
        at.map_or("", |at| self.word(at))
    }

    fn word(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |t| t.span.of(self.text))
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| {
            matches!(
                t.kind,
                TokenKind::Word {
                    reserved: false,
                    ..
                }
            )
        })
    }

    /// Whether nothing but blanks stands before the place on its line.
    fn starts_line(&self, start: usize) -> bool {
        let before = self.text.get(..start).unwrap_or("");
        let line = before.rsplit('\n').next().unwrap_or("");
        line.trim().is_empty()
    }

    /// Where the module begins that is being written after `use`.
    fn used_module(&self, offset: usize) -> Option<usize> {
        let mut at = self.tokens.len();
        while at > 0
            && (self.is_name(at - 1) && self.word(at - 1) != "use" || self.word(at - 1) == ".")
        {
            at -= 1;
        }
        let used = at.checked_sub(1)?;
        let is_use = self.word(used) == "use" && self.tokens.get(used)?.first;
        let same_line = !self
            .text
            .get(self.tokens.get(used)?.span.end as usize..offset)?
            .contains('\n');
        // Two names next to each other: `use a.b as c`.
        let path = (at..self.tokens.len()).all(|i| self.is_name(i) != (self.word(i) == "."))
            && (at + 1..self.tokens.len()).all(|i| self.is_name(i) != self.is_name(i - 1));
        let ends = self.tokens.len() == at || self.back(0) == ".";
        (is_use && same_line && path && ends).then(|| {
            self.tokens
                .get(at)
                .map_or(offset, |t| t.span.start as usize)
                .min(self.start_of_word(offset))
        })
    }

    fn start_of_word(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or("");
        let word = before
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .map(char::len_utf8)
            .sum::<usize>();
        offset - word
    }

    /// The brace that is open at the place, innermost.
    fn open(&self) -> Option<usize> {
        let mut closed = 0_usize;
        for at in (0..self.tokens.len()).rev() {
            match self.word(at) {
                "}" => closed += 1,
                "{" if closed == 0 => return Some(at),
                "{" => closed -= 1,
                _ => {}
            }
        }
        None
    }

    /// The last token at the beginning of a line that is one of `words`.
    fn last_line_of(&self, words: &[&str]) -> Option<usize> {
        (0..self.tokens.len()).rev().find(|at| {
            self.tokens.get(*at).is_some_and(|t| t.first) && words.contains(&self.word(*at))
        })
    }

    /// The item that the place stands in: where its keyword is.
    fn item(&self) -> Option<usize> {
        let items = [
            "use",
            "code",
            "section",
            "criterion",
            "score",
            "value",
            "grade",
            "table",
            "judgement",
            "check",
            "private",
        ];
        let at = self.last_line_of(&items)?;
        Some(at + usize::from(self.word(at) == "private"))
    }

    /// The name or `alias.name` that ends before token `end`.
    fn path_before(&self, end: usize) -> Option<ast::Path> {
        let last = end.checked_sub(1).filter(|at| self.is_name(*at))?;
        let dotted = last >= 2 && self.word(last - 1) == "." && self.is_name(last - 2);
        let name = |at: usize| Name {
            text: self.word(at).to_owned(),
            span: self.tokens.get(at).map_or(Span::default(), |t| t.span),
        };
        let names = match dotted {
            true => vec![name(last - 2), name(last)],
            false => vec![name(last)],
        };
        Some(ast::Path {
            span: Span::default(),
            names,
        })
    }

    /// What the place names an option of: `x` in `x is ‸`, `x not in { a; ‸`.
    fn subject(&self) -> Option<ast::Path> {
        let end = self.tokens.len();
        let mut at = match (self.back(1), self.back(0)) {
            (_, "is" | "includes") => end - 1,
            ("is", "not") => end - 2,
            _ => self.open().and_then(|open| self.before_options(open))?,
        };
        if at > 0 && self.word(at - 1) == "not" {
            at -= 1;
        }
        self.path_before(at)
    }

    /// The `in` or `includes` before the names in the `{` at token `open`.
    fn before_options(&self, open: usize) -> Option<usize> {
        let back = |n: usize| open.checked_sub(n).map_or("", |at| self.word(at));
        let words = match (back(1), back(2), back(3), back(4)) {
            ("in", ..) => 1,
            ("of", "any" | "all" | "none", "includes", _) => 3,
            ("of", _, "exactly", "includes") => 4,
            ("of", _, "least" | "most", "at") if back(5) == "includes" => 5,
            _ => return None,
        };
        open.checked_sub(words)
    }

    /// What is compared with the number before the place: `igg4` in `igg4 >= 135 ‸`.
    fn measured(&self) -> Option<ast::Path> {
        let mut at = self.tokens.len().checked_sub(1)?;
        loop {
            let before = at.checked_sub(1)?;
            let word = self.word(before);
            let kind = self.tokens.get(before)?.kind;
            match word {
                "<" | "<=" | "=" | "!=" | ">=" | ">" | "in" => return self.path_before(before),
                ".." | "..<" | "<.." | "<..<" => at = before,
                _ if matches!(kind, TokenKind::Number | TokenKind::Unit) => at = before,
                _ => return None,
            }
        }
    }
}

/// Collects what can be written.
struct Offers<'w, 'a, 't> {
    world: &'w World<'a>,
    place: &'w Place<'t>,
    expected: &'w Expected,
    range: Range,
    found: Vec<Completion>,
}

impl Offers<'_, '_, '_> {
    fn add(&mut self, kind: CompletionKind, label: &str, detail: impl Into<String>) {
        self.add_snippet(kind, label, detail, label);
    }

    fn add_snippet(
        &mut self,
        kind: CompletionKind,
        label: &str,
        detail: impl Into<String>,
        snippet: &str,
    ) {
        self.found.push(Completion {
            label: label.to_owned(),
            detail: detail.into(),
            kind,
            range: self.range,
            snippet: snippet.to_owned(),
        });
    }

    fn all(&mut self) {
        let place = self.place;
        if place.back(0) == "." && place.tokens.len() > 1 {
            return self.behind_alias();
        }
        if let Some(subject) = place.subject() {
            self.options(&subject);
            return self.keywords();
        }
        let item = place.item();
        let keyword = item.map_or("", |at| place.word(at));
        if keyword == "judgement" && self.after_eligible() {
            return self.categories(item.unwrap_or_default());
        }
        if keyword == "table" && self.expected.code || keyword == "grade" && self.at_result() {
            self.outcomes(item.unwrap_or_default());
        }
        let pointing = keyword == "check"
            && matches!(place.back(0), "at" | ",")
            && !self.since(item).any(|word| word == "violated");
        if pointing {
            return self.names(|entity| matches!(entity, Entity::Field(_)));
        }
        if place.back(0) == "display" {
            return self.names(|entity| matches!(entity, Entity::Rule(_)));
        }
        if place.back(0) == "from" && place.back(1) == "differs" {
            return self.names(|entity| matches!(entity, Entity::Judgement(_)));
        }
        if self.expected.keywords.contains("postal_code")
            || place.back(0) == "of" && place.back(1) == "choices"
        {
            self.tables();
        }
        if self.expected.unit
            && place
                .tokens
                .last()
                .is_some_and(|t| t.kind == TokenKind::Number)
        {
            self.units();
        }
        if self.expected.operand {
            let judged = matches!(keyword, "judgement" | "check");
            self.names(|entity| judged || !matches!(entity, Entity::Judgement(_)));
            // A rule does not read itself.
            let own = item.map_or("", |at| place.word(at + 1));
            self.found
                .retain(|c| c.kind != CompletionKind::Rule || c.label != own);
            for (name, snippet, detail) in keywords::FUNCTIONS {
                self.add_snippet(CompletionKind::Function, name, *detail, snippet);
            }
            self.functions(own);
        }
        self.keywords();
    }

    /// The functions that the form or a module it uses has written, with places for what they are
    /// given.
    fn functions(&mut self, own: &str) {
        let world = self.world;
        let seen: Vec<&str> = world.function_names(0).collect();
        let written = world.functions.iter().map(|f| f.ast);
        for ast in written.filter(|ast| ast.name.text != own) {
            if !seen.contains(&ast.name.text.as_str()) {
                continue;
            }
            let places = (1..).zip(&ast.parameters);
            let places = places.map(|(at, p)| format!("${{{at}:{}}}", p.name.text));
            let places: Vec<String> = places.collect();
            let snippet = format!("{}({})", ast.name.text, places.join(", "));
            self.add_snippet(
                CompletionKind::Function,
                &ast.name.text,
                ast.title(),
                &snippet,
            );
        }
    }

    /// The words of the item so far.
    fn since(&self, item: Option<usize>) -> impl Iterator<Item = &str> {
        let place = self.place;
        (item.unwrap_or_default()..place.tokens.len()).map(|at| place.word(at))
    }

    /// `hy.‸`
    fn behind_alias(&mut self) {
        let place = self.place;
        let alias = place.back(1);
        let used = self.world.units.first().and_then(|unit| {
            let named = |u: &&crate::load::Use| u.alias.as_ref().is_some_and(|a| a.text == alias);
            unit.uses.iter().find(named)
        });
        let Some(used) = used else {
            return;
        };
        let typed = place.back(2) == ":" || place.back(2) == "of" && place.back(3) == "choices";
        let space = if typed { Space::Tables } else { Space::Values };
        for (name, entity) in self.world.behind(space, used) {
            self.entity(name, entity);
        }
    }

    /// The names that can be read bare here, and the aliases behind which there are more.
    fn names(&mut self, wanted: impl Fn(Entity<'_>) -> bool) {
        let world = self.world;
        for (name, entity) in world.seen(Space::Values, 0) {
            if wanted(entity) {
                self.entity(name, entity);
            }
        }
        self.aliases();
    }

    fn tables(&mut self) {
        let world = self.world;
        for (name, entity) in world.seen(Space::Tables, 0) {
            self.entity(name, entity);
        }
        self.aliases();
    }

    fn aliases(&mut self) {
        let uses = self.world.units.first().map(|u| u.uses.as_slice());
        for used in uses.unwrap_or_default() {
            if let Some(alias) = &used.alias {
                let header = self.world.units.get(used.unit);
                let title = header.and_then(|u| u.parsed.file.header.as_ref());
                let title = title.map_or_else(String::new, |h| h.title.text.clone());
                self.add(CompletionKind::Module, &alias.text, title);
            }
        }
    }

    fn entity(&mut self, name: &str, entity: Entity<'_>) {
        let world = self.world;
        match entity {
            Entity::Field(id) => {
                let ast = world.fields.iter().find(|(f, _)| f.index() == id.index());
                if let Some((_, field)) = ast {
                    let ty = type_words(&field.ast.ty).replace('`', "");
                    let detail = format!("{}　{ty}", field.ast.label.text);
                    self.add(CompletionKind::Field, name, detail);
                }
            }
            Entity::Repeat(id) => {
                let repeat = world.repeats.iter().find(|(r, _)| r.index() == id.index());
                if let Some((_, repeat)) = repeat {
                    let what = match repeat.count {
                        Some(_) => "行ごとの項目",
                        None => "側ごとの項目",
                    };
                    let detail = format!("{}　{what}", repeat.ast.label.text);
                    self.add(CompletionKind::Field, name, detail);
                }
            }
            Entity::Rule(id) => {
                let rule = world.rules.iter().find(|(r, _)| r.index() == id.index());
                if let Some((_, rule)) = rule {
                    let detail = format!("{}　{}", rule.kind.label(), kind_words(rule.kind));
                    self.add(CompletionKind::Rule, name, detail);
                }
            }
            Entity::Judgement(id) => {
                let judgement = world
                    .judgements
                    .iter()
                    .find(|(j, _)| j.index() == id.index());
                if let Some((_, judgement)) = judgement {
                    let detail = format!("{}　判定", judgement.ast.label.text);
                    self.add(CompletionKind::Judgement, name, detail);
                }
            }
            Entity::Table(id) => {
                let table = world.tables.iter().find(|(t, _)| t.index() == id.index());
                if let Some((_, table)) = table {
                    let labels: Vec<&str> = table
                        .codes
                        .iter()
                        .take(4)
                        .map(|c| c.label.text.as_str())
                        .collect();
                    let more = if table.codes.len() > 4 { "…" } else { "" };
                    let detail = format!("{}　{}{more}", table.label, labels.join("・"));
                    self.add(CompletionKind::CodeTable, name, detail);
                }
            }
        }
    }

    /// The codes, outcomes or categories of what stands before `is` or `in {`.
    fn options(&mut self, subject: &ast::Path) {
        let world = self.world;
        let Ok(entity) = world.resolve(0, subject) else {
            return;
        };
        match entity {
            Entity::Field(id) => {
                let codes = world.fields[id].table.map(|t| world.tables[t].codes);
                for code in codes.unwrap_or_default() {
                    let unknown = if code.unknown { "　不明扱い" } else { "" };
                    let detail = format!("{}{unknown}", code.label.text);
                    self.add(CompletionKind::Option, &code.name.text, detail);
                }
            }
            Entity::Rule(id) => {
                for outcome in world.rules[id].kind.outcomes().unwrap_or_default() {
                    let label = outcome.label.as_ref().map_or("", |l| l.text.as_str());
                    self.add(CompletionKind::Option, &outcome.name.text, label);
                }
            }
            Entity::Judgement(id) => {
                let judgement = &world.judgements[id];
                for (position, name) in (0..).zip(judgement.names()) {
                    let label = judgement.label(position).to_owned();
                    self.add(CompletionKind::Option, name, label);
                }
            }
            Entity::Table(_) | Entity::Repeat(_) => {}
        }
    }

    fn after_eligible(&self) -> bool {
        let place = self.place;
        let mut at = place.tokens.len();
        while at > 0 && (place.is_name(at - 1) || place.word(at - 1) == ",") {
            at -= 1;
            if place.word(at) == "eligible" {
                let last = place.back(0);
                return matches!(last, "eligible" | ",");
            }
        }
        false
    }

    /// The categories written in the judgement whose keyword is token `item`, before the place.
    fn categories(&mut self, item: usize) {
        let place = self.place;
        for at in item..place.tokens.len() {
            if matches!(place.word(at), "category" | "otherwise") {
                let label = place.word(at + 2).trim_matches('"').to_owned();
                self.add(CompletionKind::Option, place.word(at + 1), label);
            }
        }
    }

    /// Whether the place stands where an arm of `first match` begins.
    fn at_result(&self) -> bool {
        let place = self.place;
        let Some(open) = place.open().filter(|open| *open > 0) else {
            return false;
        };
        place.word(open - 1) == "match"
            && (matches!(place.back(0), "{" | ";" | "otherwise")
                || !self.since(Some(open)).any(|word| word == "otherwise") && self.starts_line())
    }

    /// The outcomes listed after `:` of the grade or table whose keyword is token `item`.
    fn outcomes(&mut self, item: usize) {
        let place = self.place;
        let colon = (item..place.tokens.len()).find(|at| place.word(*at) == ":");
        let Some(colon) = colon else { return };
        if place.word(colon + 1) == "score" && matches!(place.word(colon + 2), "{" | "cites") {
            return;
        }
        let ends = |at: &usize| matches!(place.word(*at), "{" | "=" | "cites");
        for at in (colon + 1..place.tokens.len()).take_while(|at| !ends(at)) {
            if place.is_name(at) {
                let label = place.word(at + 1);
                let label = label.strip_prefix('"').map_or("", |l| l.trim_matches('"'));
                self.add(CompletionKind::Option, place.word(at), label);
            }
        }
    }

    fn units(&mut self) {
        let world = self.world;
        let unit_of = |ty: &ast::TypeExpr| ty.kind.unit().map(|u| u.text.clone());
        let measured = self.place.measured();
        let entity = measured
            .as_ref()
            .and_then(|path| world.resolve(0, path).ok());
        let (units, label): (BTreeSet<String>, String) = match entity {
            Some(Entity::Field(id)) => {
                let field = world.fields[id].ast;
                (
                    unit_of(&field.ty).into_iter().collect(),
                    field.label.text.clone(),
                )
            }
            Some(Entity::Rule(id)) => match world.rules[id].kind {
                crate::world::RuleKind::Value(x, Some(ty)) => {
                    let label = x.label.as_ref().map_or(&x.name.text, |l| &l.text);
                    (unit_of(ty).into_iter().collect(), label.clone())
                }
                _ => return,
            },
            Some(Entity::Judgement(_) | Entity::Table(_) | Entity::Repeat(_)) => return,
            None => (
                ["years", "months", "days"].map(str::to_owned).into(),
                "年齢や期間".to_owned(),
            ),
        };
        for unit in units {
            let bare = unit.starts_with(|c: char| c.is_alphabetic() || "%℃µ".contains(c))
                && unit
                    .chars()
                    .all(|c| c.is_alphanumeric() || "/%.·^*²³℃µ_".contains(c));
            let snippet = if bare {
                unit.clone()
            } else {
                format!("\"{unit}\"")
            };
            let detail = format!("{label}の単位");
            self.add_snippet(CompletionKind::Unit, &unit, detail, &snippet);
        }
    }

    fn starts_line(&self) -> bool {
        let start = Lines::new(self.place.text).offset(self.range.start);
        self.place.starts_line(start)
    }

    /// The words of the language that the grammar allows.
    fn keywords(&mut self) {
        // Members of a section that the grammar also allows in the middle of a line.
        const LINES: &[&str] = &[
            "field", "group", "rows", "each", "display", "note", "category", "eligible",
        ];
        let starts = self.starts_line() || matches!(self.place.back(0), "{" | ";" | "");
        // A line that is not indented goes on with nothing.
        let outermost = self.range.start.character == 0 && self.expected.item;
        let words = match outermost {
            true => &self.expected.lines,
            false => &self.expected.keywords,
        };
        let operand = self.expected.operand;
        let typed = self.expected.keywords.contains("postal_code");
        for word in words {
            if LINES.contains(word) && !starts {
                continue;
            }
            let detail = keywords::explanation(word).unwrap_or("");
            let snippet = keywords::snippet(word);
            let phrases: &[(&str, &str)] = match (*word, operand) {
                ("at", true) => &[
                    ("at least", "at least ${1:2} of { $0 }"),
                    ("at most", "at most ${1:1} of { $0 }"),
                ],
                ("new", true) => &[("new application", "new application")],
                ("renewal", true) => &[("renewal application", "renewal application")],
                ("new", false) => &[("new only", "new only")],
                ("renewal", false) => &[("renewal only", "renewal only")],
                ("if", true) => &[("if", "if ${1:a} then ${2:b} else ${3:c}")],
                ("if", false) => &[("if shown else", "if shown else ${1|no,yes|}")],
                ("not", false) if starts && self.expected.item => &[(
                    "not judged",
                    "not judged \"${1:原文}\" because \"${2:理由}\"",
                )],
                ("shown", _) if self.place.back(0) == "if" => {
                    &[("shown", "shown else ${1|no,yes|}")]
                }
                ("shown", _) => &[
                    ("shown when", "shown when ${1:condition}"),
                    ("shown unless", "shown unless ${1:condition}"),
                ],
                ("text", _) if !typed => &[("text", "text \"${1:006.txt}\"")],
                ("required", _) => &[
                    ("required", "required"),
                    ("required when", "required when ${1:condition}"),
                ],
                ("years" | "months" | "days", false) => &[],
                _ => &[],
            };
            if phrases.is_empty() {
                let snippet = snippet.filter(|_| operand || !matches!(*word, "months" | "years"));
                self.add_snippet(
                    CompletionKind::Keyword,
                    word,
                    detail,
                    snippet.unwrap_or(word),
                );
            }
            for (label, snippet) in phrases {
                // Of two words the second says more.
                let last = label.rsplit(' ').next().and_then(keywords::explanation);
                let detail = match *word {
                    "at" => last.unwrap_or(detail),
                    _ => detail,
                };
                self.add_snippet(CompletionKind::Keyword, label, detail, snippet);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::testing;

    /// What is offered at `‸` in `text` after the beginning of the disease: all but the words of
    /// the language one by one, these in a row.
    fn check(text: &str) -> String {
        let text = testing::until("judgement") + text;
        let (files, mut cache, position) = testing::edited(&text);
        let found = completion(&files, &mut cache, testing::DISEASE, position);
        let (words, names): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|c| matches!(c.kind, CompletionKind::Keyword | CompletionKind::Function));
        let mut out: String = names
            .iter()
            .map(|c| format!("{:?} {} {}\n", c.kind, c.snippet, c.detail))
            .collect();
        let words: Vec<&str> = words.iter().map(|c| c.label.as_str()).collect();
        out.push_str(&words.join(" "));
        out
    }

    #[test]
    fn codes_of_the_very_field() {
        insta::assert_snapshot!(check("criterion c \"し\" = tremor is ‸"), @r"
        Option present あり
        Option absent なし
        Option unclear 不明　不明扱い
        answered not
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = tremor not in { present; ab‸ }"), @r"
        Option present あり
        Option absent なし
        Option unclear 不明　不明扱い
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = hy.stage is not ‸"), @r"
        Option stage0 0度
        Option stage3 3度
        answered
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = overall is ‸"), @r"
        Option severe 重症
        Option mild 軽症
        answered not
        ");
    }

    #[test]
    fn names_where_a_condition_can_stand() {
        insta::assert_snapshot!(check("criterion c \"し\" = any of {\n  ‸\n}"), @r"
        Field igg4 血清IgG4値　小数 5桁（小数点以下1桁） mg/dL、0〜9999.9
        Field rigidity 歯車様強剛　一つ選択（コード表 finding）
        Field tremor 安静時振戦　一つ選択（コード表 finding）
        Rule overall 総合　段階
        Rule total 合計　点数
        Rule 振戦あり 振戦がある　基準
        Module hy Hoehn-Yahr重症度分類
        age all any at least at most bands better count days earliest exactly first if latest max min month months new application no none not renewal application sum today worse year years yes round floor ceiling abs sqrt ln exp power
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = hy.‸"), @r"
        Field stage Hoehn-Yahr重症度分類　一つ選択
        Rule stage3_or_more Hoehn-Yahr 3度以上　基準
        ");
    }

    #[test]
    fn words_after_a_name() {
        insta::assert_snapshot!(check("criterion c \"し\" = tremor ‸"), @"and differs if shown else in includes is not or treat unless within");
    }

    #[test]
    fn units_of_the_very_number() {
        insta::assert_snapshot!(check("criterion c \"し\" = igg4 >= 135 ‸"), @r"
        Unit mg/dL 血清IgG4値の単位
        and differs if shown else in includes is not or treat unless within
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = igg4 in 10 mg/dL ..< 135 m‸"), @r"
        Unit mg/dL 血清IgG4値の単位
        and differs if shown else in includes is not or treat unless within
        ");
        insta::assert_snapshot!(check("criterion c \"し\" = age at today >= 18 ‸"), @r"
        Unit days 年齢や期間の単位
        Unit months 年齢や期間の単位
        Unit years 年齢や期間の単位
        and differs if shown else in includes is not or treat unless within
        ");
    }

    #[test]
    fn types_and_code_tables_after_a_colon() {
        insta::assert_snapshot!(check("section s \"せ\" {\n  field x \"え\" : ‸\n}"), @r"
        CodeTable finding 所見　あり・なし・不明
        Module hy Hoehn-Yahr重症度分類
        choice choices date decimal digits integer kana month phone postal_code text year
        ");
        insta::assert_snapshot!(check("section s \"せ\" {\n  field x \"え\" : choices of ‸\n}"), @r"
        CodeTable finding 所見　あり・なし・不明
        Module hy Hoehn-Yahr重症度分類
        ");
    }

    #[test]
    fn modifiers_after_the_type() {
        insta::assert_snapshot!(check("section s \"せ\" {\n  field x \"え\" : finding req‸\n}"), @"better carry cites default help new only personal renewal only required required when shown when shown unless was");
        insta::assert_snapshot!(check("section s \"せ\" {\n  field x \"え\" : finding carry ‸\n}"), @"confirm copy expires never");
    }

    #[test]
    fn modules_after_use() {
        insta::assert_snapshot!(check("use ‸"), @"Module scale.hoehn_yahr Hoehn-Yahr重症度分類");
        insta::assert_snapshot!(check("use scale.ho‸"), @"Module scale.hoehn_yahr Hoehn-Yahr重症度分類");
    }

    #[test]
    fn categories_outcomes_fields_and_judgements() {
        insta::assert_snapshot!(check("judgement j \"は\" {\n  category a \"甲\" when yes\n  otherwise b \"乙\"\n  eligible ‸\n}"), @r"
        Option a 甲
        Option b 乙
        ");
        insta::assert_snapshot!(check("table t \"ひ\" : a \"甲\" | b \"乙\" {\n  | total < 1 | >= 1\n  igg4 < 1 mg/dL | ‸"), @r"
        Option a 甲
        Option b 乙
        ");
        insta::assert_snapshot!(check("check R9 error \"あ\" at ‸"), @r"
        Field igg4 血清IgG4値　小数 5桁（小数点以下1桁） mg/dL、0〜9999.9
        Field rigidity 歯車様強剛　一つ選択（コード表 finding）
        Field tremor 安静時振戦　一つ選択（コード表 finding）
        Module hy Hoehn-Yahr重症度分類
        ");
        insta::assert_snapshot!(check("section s \"せ\" {\n  display ‸\n}"), @r"
        Rule overall 総合　段階
        Rule total 合計　点数
        Rule 振戦あり 振戦がある　基準
        Module hy Hoehn-Yahr重症度分類
        ");
    }

    #[test]
    fn items_where_a_line_begins() {
        insta::assert_snapshot!(check("‸"), @"check code convert criterion function gap grade judgement migrate not judged overlap private score section table threshold use value");
        insta::assert_snapshot!(check("section s \"せ\" {\n  ‸\n}"), @"display each field group note rows");
    }

    #[test]
    fn nothing_in_texts_and_for_new_names() {
        insta::assert_snapshot!(check("criterion c \"し‸\" = yes"), @"");
        insta::assert_snapshot!(check("criterion ‸"), @"");
        insta::assert_snapshot!(check("# こ‸"), @"");
    }
}

//! Names in case files: they follow when something is renamed.
//!
//! A case file is YAML that its author laid out; it is read here word by word, so that everything
//! else in it stays as it is.

use super::names::{Spot, Target, category, spot};
use super::rename::Renamed;
use super::scene::look_at;
use super::text::{Lines, TextEdit};
use crate::cases::{CHECKS_OF_ITEMS, beside};
use crate::files::Files;
use crate::load::SyntaxCache;
use crate::world::{Entity, RuleKind, World};
use kohyo_dsl::Span;
use std::collections::BTreeSet;

/// How case files call something in one definition.
enum Called {
    /// As a key: `values: { hy.strong: true }`.
    Key(String),
    /// As the value of a key: `judgements: { diagnosis: definite }`.
    Value { of: String, name: String },
}

/// Adds the edits of the case files beside every definition that knows what is declared at `wanted`.
pub(super) fn rename_in_cases(
    files: &Files,
    cache: &mut SyntaxCache,
    wanted: &Spot,
    new: &str,
    renamed: &mut Renamed,
) {
    let mut known_in: BTreeSet<String> = super::users(files, cache, &wanted.path)
        .into_iter()
        .collect();
    known_in.insert(wanted.path.clone());
    for definition in known_in {
        let path = beside(&definition);
        let Some(text) = files.get(&path) else {
            continue;
        };
        let called = look_at(files, cache, &definition, |world| called(world, wanted));
        let lines = Lines::new(text);
        let mut spans = BTreeSet::new();
        for called in called.unwrap_or_default() {
            match called {
                Called::Key(name) => {
                    let last = name.rsplit('.').next().map_or(0, str::len);
                    let found = keys(text, &name).into_iter();
                    spans.extend(found.map(|s| Span::new(s.end as usize - last, s.end as usize)));
                }
                Called::Value { of, name } => spans.extend(values(text, &of, &name)),
            }
        }
        let edits: Vec<TextEdit> = spans
            .into_iter()
            .map(|span| TextEdit {
                range: lines.range(span),
                new_text: new.to_owned(),
            })
            .collect();
        if !edits.is_empty() {
            renamed.edits.entry(path).or_default().extend(edits);
        }
    }
}

/// How the cases of a definition call what is declared at `wanted`.
fn called(world: &World<'_>, wanted: &Spot) -> Vec<Called> {
    let is = |target: Target<'_>| spot(world, target).as_ref() == Some(wanted);
    let mut called = Vec::new();
    for (id, rule) in world.rules.iter() {
        if is(Target::Entity(Entity::Rule(id))) {
            called.push(Called::Key(rule.full_name.clone()));
        }
        let outcomes = rule.kind.outcomes().unwrap_or_default();
        for (position, outcome) in outcomes.iter().enumerate() {
            if is(Target::Outcome(id, position)) {
                called.push(Called::Value {
                    of: rule.full_name.clone(),
                    name: match rule.kind {
                        RuleKind::Lent(_) | RuleKind::Grade(..) | RuleKind::Table(_) => {
                            outcome.name.text.clone()
                        }
                        _ => continue,
                    },
                });
            }
        }
    }
    for (id, judgement) in world.judgements.iter() {
        let of = &judgement.ast.name.text;
        if is(Target::Entity(Entity::Judgement(id))) {
            called.push(Called::Key(of.clone()));
        }
        let names = (0..).map_while(|position| category(judgement.ast, position));
        for (position, name) in names.enumerate() {
            if is(Target::Category(id, position)) {
                called.push(Called::Value {
                    of: of.clone(),
                    name: name.text.clone(),
                });
            }
        }
    }
    for (_, field) in world.fields.iter() {
        let Some(table) = field.table else { continue };
        for (position, code) in world.tables[table].codes.iter().enumerate() {
            if !is(Target::Code(table, position)) {
                continue;
            }
            // A question of rows or sides also stands alone: `acuity: { right: … }`.
            let own = field.ast.name.text.as_str();
            let prefix = field.wire.strip_suffix(own).unwrap_or_default();
            let mut keys = vec![field.wire.clone()];
            if field.turn.is_some() {
                keys.extend([own.to_owned(), format!("{prefix}{own}")]);
            }
            called.extend(keys.into_iter().map(|of| Called::Value {
                of,
                name: code.name.text.clone(),
            }));
        }
    }
    called
}

/// A letter of a name.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// Keys of lists that name questions.
const LISTS: [&str; 3] = ["shown", "hidden", "missing"];

/// Places where `name` is the name of a question or rule in a case file: a key, an entry of one of
/// the lists that name questions, or the question of a check that follows from its type
/// (`required.name`).
pub(super) fn keys(text: &str, name: &str) -> Vec<Span> {
    let checks = CHECKS_OF_ITEMS.map(|kind| format!("{kind}.{name}"));
    let mut found = Vec::new();
    let mut start = 0;
    let mut list = (false, 0);
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let content = line.trim_start();
        let key = content.trim_start_matches("- ").split(':').next();
        if content.contains(':') {
            list = (key.is_some_and(|key| LISTS.contains(&key)), indent);
        } else if indent <= list.1 && !content.starts_with('-') {
            list.0 = false;
        }
        for (at, is_key) in words(line, name) {
            if is_key || list.0 || is_listed(line, at) {
                found.push(Span::new(start + at, start + at + name.len()));
            }
        }
        for check in &checks {
            let ends = words(line, check).map(|(at, _)| start + at + check.len());
            found.extend(ends.map(|end| Span::new(end - name.len(), end)));
        }
        start += line.len();
    }
    found
}

/// Whether a place is inside a list that names questions and begins in this line.
fn is_listed(line: &str, at: usize) -> bool {
    LISTS.iter().any(|list| {
        let mut lists = words(line, list).filter(|(_, is_key)| *is_key);
        lists.any(|(key, _)| {
            let value = key + list.len() + 1;
            let end = value + length(line.get(value..).unwrap_or_default());
            (value..end).contains(&at)
        })
    })
}

/// Where `name` stands in a line as a whole word before any comment, and whether it is a key.
fn words<'t>(line: &'t str, name: &'t str) -> impl Iterator<Item = (usize, bool)> + 't {
    let comment = line.find(" #").unwrap_or(line.len());
    line.match_indices(name).filter_map(move |(at, _)| {
        let before = line.get(..at).filter(|_| at < comment)?;
        let after = line.get(at + name.len()..)?;
        if before.ends_with(is_letter) || after.starts_with(is_letter) {
            return None;
        }
        let last = before.trim_end().chars().next_back();
        let opens = matches!(last, None | Some('{' | ',' | '-'));
        Some((at, after.starts_with(':') && opens))
    })
}

/// Places where `name` is a value of the key `of`: alone, in a list, or of one side of several.
fn values(text: &str, of: &str, name: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for (at, _) in words(line, of).filter(|(_, is_key)| *is_key) {
            let value = at + of.len() + 1;
            let end = value + length(line.get(value..).unwrap_or_default());
            let inside =
                words(line, name).filter(|(at, is_key)| (value..end).contains(at) && !is_key);
            found.extend(inside.map(|(at, _)| Span::new(start + at, start + at + name.len())));
        }
        start += line.len();
    }
    found
}

/// How long the value is with which this text begins.
fn length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' if depth <= 1 => return at + depth,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

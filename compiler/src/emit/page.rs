//! One HTML page per form: checks, items, codes and rules, to be read, searched and linked to.
//!
//! The page needs nothing beside it and no script to be read; with one it can be searched and
//! filtered. `page.html#R012` leads to the check R012, `#item-tremor` to an item. The names in
//! pseudo-code lead to what they name.

mod names;

use super::check_spec::{self, CheckRow, Layer};
use super::codes::CodeRow;
use super::holders::{Held, Holder};
use super::layout::LayoutRow;
use super::rules::RuleRow;
use super::template::Templates;
use super::words::{self, WordRow};
use super::{layout, wire};
use kohyo_engine::Program;
use kohyo_engine::program::{Level, Programme, Status};
use names::{Names, Piece};
use serde::Serialize;
use std::collections::BTreeMap;
use tera::Context;

/// What the page is made of.
pub(super) struct Parts<'a> {
    pub(super) program: &'a Program,
    pub(super) layout: &'a [LayoutRow],
    pub(super) codes: &'a [CodeRow],
    pub(super) checks: &'a [CheckRow],
    pub(super) rules: &'a [RuleRow],
    pub(super) held: &'a [Held],
}

static TEMPLATES: Templates = Templates::new(&[
    ("page.html", include_str!("page/page.html")),
    ("check.html", include_str!("page/check.html")),
    ("pseudo.html", include_str!("page/pseudo.html")),
]);

/// The page.
///
/// # Errors
/// A fault of the template, never of a form.
pub(super) fn page(parts: &Parts<'_>) -> Result<String, String> {
    let mut context = Context::new();
    context.insert("page", &view(parts));
    context.insert("style", include_str!("page/page.css"));
    context.insert("script", include_str!("page/page.js"));
    TEMPLATES.page(&context)
}

// ---- what the template sees

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    programme: &'static str,
    key: &'a str,
    edition: String,
    status: &'static str,
    draft: bool,
    source: &'a str,
    notes: &'a [String],
    stem: String,
    namespace: String,
    item_count: usize,
    check_count: usize,
    levels: Vec<Choice>,
    layers: Vec<Choice>,
    /// The checks that authors wrote, by layer.
    authored: Vec<Group<'a>>,
    sections: Vec<Section<'a>>,
    tables: Vec<Table<'a>>,
    rules: Vec<Rule<'a>>,
    words: &'static [WordRow],
    /// The checks of files and XML.
    files: Vec<CheckView<'a>>,
}

/// What can be filtered by.
#[derive(Serialize)]
struct Choice {
    key: &'static str,
    label: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Group<'a> {
    letter: &'static str,
    label: &'static str,
    checks: Vec<CheckView<'a>>,
}

#[derive(Serialize)]
struct Section<'a> {
    label: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    number: usize,
    name: &'a str,
    label: &'a str,
    /// The headings of the groups, below the section.
    groups: &'a [String],
    path: &'a str,
    kind: &'a str,
    characters: &'a str,
    size: &'a str,
    range: &'a str,
    unit: &'a str,
    occurs: &'a str,
    new: &'static str,
    renewal: &'static str,
    required_when: &'a str,
    shown_when: &'a str,
    /// Pseudo-code of the two; nothing where there is nothing to say.
    shown_pseudo: Vec<Piece<'a>>,
    required_pseudo: Vec<Piece<'a>>,
    codes: Option<&'a str>,
    /// The codes themselves, if they are few.
    choices: Vec<CodeView<'a>>,
    first: &'a str,
    carry: &'a str,
    privacy: &'a str,
    help: &'a str,
    /// The checks that follow from its type.
    checks: Vec<CheckView<'a>>,
    /// Ids of the checks that authors wrote about it.
    also: Vec<&'a str>,
}

#[derive(Serialize)]
struct CheckView<'a> {
    id: &'a str,
    level: &'static str,
    level_key: &'static str,
    layer: &'static str,
    layer_label: &'static str,
    items: Vec<Named<'a>>,
    ways: Vec<WayView<'a>>,
    only: &'static str,
    places: Vec<&'static str>,
    /// The targets that make it too, besides the check of records.
    targets: Vec<&'static str>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct WayView<'a> {
    condition: &'a str,
    pseudo: Vec<Piece<'a>>,
    message: &'a str,
    remedy: &'a str,
}

#[derive(Serialize)]
struct Table<'a> {
    id: &'a str,
    label: &'a str,
    codes: Vec<CodeView<'a>>,
    used_by: &'a [String],
    has_points: bool,
}

#[derive(Serialize)]
struct CodeView<'a> {
    value: &'a str,
    label: &'a str,
    name: &'a str,
    points: &'a str,
    unknown: bool,
}

#[derive(Serialize)]
struct Rule<'a> {
    kind: &'a str,
    name: &'a str,
    label: &'a str,
    reading: &'a str,
    pseudo: Vec<Piece<'a>>,
    /// Names of the eligible categories.
    eligible: &'a [String],
    unit: &'a str,
    displayed: bool,
    cites: &'a str,
}

fn view<'a>(parts: &Parts<'a>) -> Page<'a> {
    let program = parts.program;
    let names = Names::of(parts.layout, parts.rules);
    let mut by_item: BTreeMap<&str, Vec<CheckView<'a>>> = BTreeMap::new();
    let mut also: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    let mut authored: BTreeMap<Layer, Vec<CheckView<'a>>> = BTreeMap::new();
    let mut files = Vec::new();
    // Of all rules the checks come first, in the same order.
    for (row, held) in parts.checks.iter().zip(parts.held) {
        let written = row.layer >= Layer::Items && !row.edition.is_empty();
        match row.items.first() {
            _ if row.edition.is_empty() => files.push(check(row, held, &names)),
            Some(item) if !written => by_item
                .entry(&item.name)
                .or_default()
                .push(check(row, held, &names)),
            _ => {
                for item in &row.items {
                    also.entry(&item.name).or_default().push(&row.id);
                }
                authored
                    .entry(row.layer)
                    .or_default()
                    .push(check(row, held, &names));
            }
        }
    }
    let count = |f: &dyn Fn(&CheckRow) -> bool| parts.checks.iter().filter(|row| f(row)).count();
    Page {
        title: &program.title,
        programme: match program.programme {
            Programme::Shitei => "指定難病",
            Programme::Shoman => "小児慢性特定疾病",
            Programme::Itself => "制度",
        },
        key: &program.key,
        edition: layout::edition(program),
        status: program.status.label(),
        draft: program.status != Status::Published,
        source: &program.source,
        notes: &program.notes,
        stem: wire::stem(program),
        namespace: wire::namespace(program),
        item_count: parts.layout.len(),
        check_count: parts.checks.len(),
        levels: [Level::Error, Level::Warning, Level::Information]
            .map(|level| Choice {
                key: level_key(level),
                label: check_spec::level(level),
                count: count(&|row| row.level == level),
            })
            .into(),
        layers: Layer::ALL
            .map(|layer| Choice {
                key: layer.letter(),
                label: layer.label(),
                count: count(&|row| row.layer == layer),
            })
            .into(),
        authored: authored
            .into_iter()
            .map(|(layer, checks)| Group {
                letter: layer.letter(),
                label: layer.label(),
                checks,
            })
            .collect(),
        sections: sections(parts, by_item, &also, &names),
        tables: tables(parts.codes),
        rules: parts.rules.iter().map(|row| rule(row, &names)).collect(),
        words: words::rows(),
        files,
    }
}

fn sections<'a>(
    parts: &Parts<'a>,
    mut checks: BTreeMap<&str, Vec<CheckView<'a>>>,
    also: &BTreeMap<&str, Vec<&'a str>>,
    names: &Names<'a>,
) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    for row in parts.layout {
        let (section, groups) = match row.place.split_first() {
            Some((section, groups)) => (section.as_str(), groups),
            None => ("", &[][..]),
        };
        if sections.last().is_none_or(|last| last.label != section) {
            sections.push(Section {
                label: section,
                items: Vec::new(),
            });
        }
        let item = Item {
            number: row.number,
            name: &row.name,
            label: &row.label,
            groups,
            path: &row.path,
            kind: row.kind,
            characters: row.characters,
            size: &row.size,
            range: &row.range,
            unit: &row.unit,
            occurs: row.occurs,
            new: row.new.label(),
            renewal: row.renewal.label(),
            required_when: &row.required_when,
            shown_when: &row.shown_when,
            shown_pseudo: conditional(&row.shown_pseudo, names),
            required_pseudo: conditional(&row.required_pseudo, names),
            codes: row.codes.as_deref(),
            choices: choices(parts.codes, row.codes.as_deref()),
            first: &row.first,
            carry: &row.carry,
            privacy: row.privacy,
            help: &row.help,
            checks: checks.remove(row.name.as_str()).unwrap_or_default(),
            also: also.get(row.name.as_str()).cloned().unwrap_or_default(),
        };
        if let Some(section) = sections.last_mut() {
            section.items.push(item);
        }
    }
    sections
}

/// So many codes stand at the item itself; a longer table is only named.
const FEW: usize = 12;

/// The codes of an item's table, if they are few.
fn choices<'a>(rows: &'a [CodeRow], table: Option<&str>) -> Vec<CodeView<'a>> {
    let own = rows.iter().filter(|row| Some(row.table.as_str()) == table);
    let codes: Vec<CodeView<'a>> = own.map(code).collect();
    if codes.len() > FEW { Vec::new() } else { codes }
}

fn check<'a>(row: &'a CheckRow, held: &Held, names: &Names<'a>) -> CheckView<'a> {
    let places = [
        (row.places.screen, "画面"),
        (row.places.tool, "ツール"),
        (row.places.intake, "取込"),
    ];
    CheckView {
        id: &row.id,
        level: check_spec::level(row.level),
        level_key: level_key(row.level),
        layer: row.layer.letter(),
        layer_label: row.layer.label(),
        items: row
            .items
            .iter()
            .map(|item| Named {
                name: &item.name,
                label: &item.label,
            })
            .collect(),
        ways: row
            .ways
            .iter()
            .map(|way| WayView {
                condition: &way.condition,
                pseudo: names.cut(&way.pseudo),
                message: &way.message,
                remedy: &way.remedy,
            })
            .collect(),
        only: match row.only {
            None => "",
            only => check_spec::only(only),
        },
        places: places
            .into_iter()
            .filter_map(|(applied, name)| applied.then_some(name))
            .collect(),
        targets: held
            .by
            .iter()
            .filter(|holder| **holder != Holder::Records)
            .map(|holder| holder.name())
            .collect(),
    }
}

fn tables(rows: &[CodeRow]) -> Vec<Table<'_>> {
    let mut tables: Vec<Table<'_>> = Vec::new();
    for row in rows {
        if tables.last().is_none_or(|last| last.id != row.table) {
            tables.push(Table {
                id: &row.table,
                label: &row.table_label,
                codes: Vec::new(),
                used_by: &row.used_by,
                has_points: false,
            });
        }
        if let Some(table) = tables.last_mut() {
            table.has_points |= row.points.is_some();
            table.codes.push(code(row));
        }
    }
    tables
}

fn code(row: &CodeRow) -> CodeView<'_> {
    CodeView {
        value: &row.value,
        label: &row.label,
        name: &row.name,
        points: row.points.as_deref().unwrap_or_default(),
        unknown: row.unknown,
    }
}

fn rule<'a>(row: &'a RuleRow, names: &Names<'a>) -> Rule<'a> {
    Rule {
        kind: row.kind,
        name: &row.name,
        label: &row.label,
        reading: &row.reading,
        pseudo: names.cut(&row.pseudo),
        eligible: &row.eligible,
        unit: &row.unit,
        displayed: row.displayed,
        cites: &row.cites,
    }
}

/// What does not always or never hold, piece by piece.
fn conditional<'a>(code: &'a str, names: &Names<'a>) -> Vec<Piece<'a>> {
    match code {
        "TRUE" | "FALSE" => Vec::new(),
        code => names.cut(code),
    }
}

fn level_key(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Information => "information",
    }
}

//! Pass 2: everything that has a name, with its place, and who sees it.

mod answers;
mod repeat;
mod reuse;
pub(crate) use answers::path_of;

use crate::arena::{Arena, Id};
use crate::diagnostics as d;
use crate::load::{Lent, Unit};
use crate::suggest::{Meant, meant, nearest};
use kohyo_dsl::ast::{self, ItemKind};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::Layout;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Position of a file in the list of units; the disease itself is 0.
pub(crate) type UnitIndex = usize;

/// Everything that has a name.
pub(crate) struct World<'a> {
    pub(crate) units: &'a [Unit<'a>],
    pub(crate) tables: Arena<CodeTable<'a>>,
    pub(crate) fields: Arena<Field<'a>>,
    pub(crate) rules: Arena<Rule<'a>>,
    pub(crate) judgements: Arena<Judgement<'a>>,
    pub(crate) repeats: Arena<Repeat<'a>>,
    /// Conversions of units, with the file that declares them.
    pub(crate) conversions: Vec<(UnitIndex, &'a ast::Conversion)>,
    /// Functions in the order of the files.
    pub(crate) functions: Vec<Function<'a>>,
    /// Sections in the order of the form.
    pub(crate) sections: Vec<Section<'a>>,
    /// Checks in the order of the form.
    pub(crate) checks: Vec<(UnitIndex, &'a ast::Check)>,
    /// Gaps and double answers of the official text, in the order of the files.
    pub(crate) exceptions: Vec<(UnitIndex, &'a ast::Exception)>,
    scopes: Vec<Scope<'a>>,
    /// Full names of rules given so far.
    full_names: BTreeSet<String>,
    /// Sections by name.
    section_of: BTreeMap<&'a str, usize>,
    /// What comes from files that are no part of the form; everything while this is found out.
    plan: Option<reuse::Plan>,
    /// Questions of other diseases that the form asks itself.
    shared: Vec<reuse::Shared<'a>>,
    /// Names that may still be compared with a misspelt one.
    comparisons: Cell<usize>,
}

/// A code table, named or written inline at a field.
pub(crate) struct CodeTable<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) name: String,
    pub(crate) label: &'a str,
    pub(crate) codes: &'a [ast::Code],
}

/// A question.
pub(crate) struct Field<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) ast: &'a ast::Field,
    /// Name on the wire, prefix included.
    pub(crate) wire: String,
    /// The words of the form: 「使用薬剤1 薬剤名」, 「右眼 矯正視力」, or just the label.
    pub(crate) label: String,
    /// The row or side it belongs to.
    pub(crate) turn: Option<Turn<'a>>,
    /// Modifiers of the groups around it, outermost first, with where their names are looked up.
    pub(crate) around: Vec<(Site<'a>, &'a [ast::Modifier])>,
    /// Its code table, if it is a choice whose table is known.
    pub(crate) table: Option<Id<CodeTable<'a>>>,
    /// Position in the form.
    pub(crate) position: u16,
}

impl<'a> Field<'a> {
    /// Modifiers of the field and of the groups around it, with where their names are looked up.
    pub(crate) fn modifiers(&self) -> impl Iterator<Item = (Site<'a>, &'a ast::Modifier)> {
        let own: &'a [ast::Modifier] = &self.ast.modifiers;
        self.around
            .clone()
            .into_iter()
            .chain(std::iter::once((self.site(), own)))
            .flat_map(|(site, modifiers)| modifiers.iter().map(move |m| (site, m)))
    }

    /// Where its own modifiers look names up.
    pub(crate) fn site(&self) -> Site<'a> {
        let site = Site::from(self.unit);
        let inside = self.turn.and_then(|turn| site.inside(turn, None));
        inside.unwrap_or(site)
    }
}

/// Where a name is looked up: a file, and inside `any of drugs { … }` the row at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Site<'a> {
    pub(crate) unit: UnitIndex,
    /// Rows and sides around it, innermost last, and what they are called.
    turns: [Option<(Turn<'a>, Option<&'a ast::RowName>)>; 2],
}

/// One row or side of a [`Repeat`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn<'a> {
    pub(crate) repeat: Id<Repeat<'a>>,
    /// From 0.
    pub(crate) index: usize,
}

impl From<UnitIndex> for Site<'_> {
    fn from(unit: UnitIndex) -> Self {
        Self {
            unit,
            turns: [None, None],
        }
    }
}

impl<'a> Site<'a> {
    /// The same place inside a row or side; nothing if that would be too deep.
    pub(crate) fn inside(self, turn: Turn<'a>, named: Option<&'a ast::RowName>) -> Option<Self> {
        let turn = Some((turn, named));
        let turns = match self.turns {
            [None, _] => [turn, None],
            [first, None] => [first, turn],
            _ => return None,
        };
        Some(Self { turns, ..self })
    }

    /// Whether names here stand for the fields of `turn`, and what it is called.
    pub(crate) fn around(self, turn: Turn<'a>) -> Option<Option<&'a ast::RowName>> {
        let mut around = self.turns.into_iter().flatten();
        around.find_map(|(other, named)| (other == turn).then_some(named))
    }
}

/// Questions that are asked once a row or once a side; each time they are fields of their own.
pub(crate) struct Repeat<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) ast: &'a ast::Repeat,
    /// The question how many rows there are.
    pub(crate) count: Option<Id<Field<'a>>>,
    /// How rules call the questions, and the fields of every turn.
    pub(crate) names: BTreeMap<&'a str, Vec<Id<Field<'a>>>>,
}

impl<'a> Repeat<'a> {
    /// How many rows can be asked, or how many sides there are.
    pub(crate) fn turns(&self) -> usize {
        match &self.ast.kind {
            ast::RepeatKind::Rows { high, .. } => (*high).min(MOST_ROWS) as usize,
            ast::RepeatKind::Sides(sides) => sides.len(),
        }
    }

    /// 「使用薬剤1」, 「右眼」
    pub(crate) fn turn_label(&self, index: usize) -> String {
        let label = &self.ast.label.text;
        match &self.ast.kind {
            ast::RepeatKind::Rows { .. } => format!("{label}{}", index + 1),
            ast::RepeatKind::Sides(sides) => {
                let side = sides.get(index).map_or("", |s| s.label.text.as_str());
                format!("{side}{label}")
            }
        }
    }

    /// `drugs_1_kind`, `acuity_right`
    fn field_name(&self, index: usize, name: &str) -> String {
        match &self.ast.kind {
            ast::RepeatKind::Rows { .. } => {
                format!("{}_{}_{name}", self.ast.name.text, index + 1)
            }
            ast::RepeatKind::Sides(sides) => {
                let side = sides.get(index).map_or("", |s| s.name.text.as_str());
                format!("{name}_{side}")
            }
        }
    }

    /// The count that must be reached for a row to exist; nothing for what always exists.
    pub(crate) fn needs(&self, index: usize) -> Option<(Id<Field<'a>>, u32)> {
        match (&self.ast.kind, self.count) {
            (ast::RepeatKind::Rows { low, .. }, Some(count)) => {
                let row = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                (row > *low).then_some((count, row))
            }
            _ => None,
        }
    }
}

/// So many rows a form can ask for.
pub(crate) const MOST_ROWS: u32 = 50;

/// A criterion, score, value, grade or table.
pub(crate) struct Rule<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) kind: RuleKind<'a>,
    /// Name in the program: with the alias under which the disease uses the module.
    pub(crate) full_name: String,
}

/// What a rule gives.
#[derive(Clone, Copy)]
pub(crate) enum RuleKind<'a> {
    Criterion(&'a ast::Definition),
    Score(&'a ast::Definition),
    Value(&'a ast::Definition, Option<&'a ast::TypeExpr>),
    Threshold(&'a ast::Threshold),
    Grade(&'a ast::Definition, &'a [ast::Outcome]),
    Table(&'a ast::Table),
    /// A judgement of another disease.
    Lent(&'a Lent),
}

impl<'a> RuleKind<'a> {
    /// The rule's name as declared.
    pub(crate) fn name(&self) -> &'a ast::Name {
        match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => &x.name,
            Self::Threshold(x) => &x.name,
            Self::Table(x) => &x.name,
            Self::Lent(x) => &x.judgement.name,
        }
    }

    /// Its label, or its name.
    pub(crate) fn label(&self) -> &'a str {
        let (label, name) = match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => {
                (&x.label, &x.name)
            }
            Self::Threshold(x) => (&x.label, &x.name),
            Self::Table(x) => (&x.label, &x.name),
            Self::Lent(x) => return &x.judgement.label.text,
        };
        label
            .as_ref()
            .map_or(name.text.as_str(), |l| l.text.as_str())
    }

    /// The official sentences.
    pub(crate) fn cites(&self) -> &'a [ast::Text] {
        match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => &x.cites,
            Self::Threshold(x) => &x.cites,
            Self::Table(x) => &x.cites,
            Self::Lent(x) => &x.judgement.cites,
        }
    }

    /// The outcomes of a grade or table.
    pub(crate) fn outcomes(&self) -> Option<&'a [ast::Outcome]> {
        match self {
            Self::Grade(_, outcomes) => Some(outcomes),
            Self::Table(table) => Some(&table.outcomes),
            Self::Lent(lent) => Some(&lent.outcomes),
            Self::Criterion(_) | Self::Score(_) | Self::Value(..) | Self::Threshold(_) => None,
        }
    }
}

/// A function written in another language. Functions have names of their own: only calls ask for
/// them.
pub(crate) struct Function<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) ast: &'a ast::Function,
    pub(crate) private: bool,
    /// Name in the program.
    pub(crate) full_name: String,
}

/// A judgement.
pub(crate) struct Judgement<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) ast: &'a ast::Judgement,
}

impl Judgement<'_> {
    /// See [`categories`].
    pub(crate) fn categories(&self, name: &str) -> Vec<u16> {
        categories(self.ast, name)
    }

    /// See [`option_names`].
    pub(crate) fn option_names(&self) -> Vec<(String, &str)> {
        option_names(self.ast)
    }

    /// Position of a category, the last being `otherwise`.
    pub(crate) fn category(&self, name: &str) -> Option<u16> {
        category(self.ast, name)
    }

    /// Names of all categories.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        names(self.ast)
    }

    /// Label of a category.
    pub(crate) fn label(&self, index: u16) -> &str {
        let labels = self.ast.categories.iter().map(|c| c.label.text.as_str());
        let last = self
            .ast
            .otherwise
            .as_ref()
            .map(|(_, label)| label.text.as_str());
        labels.chain(last).nth(usize::from(index)).unwrap_or("")
    }
}

/// The categories that a rule means by `name`: one by its name or as `mpa.definite`, or all of a
/// subtype. None if there is no such category.
pub(crate) fn categories(judgement: &ast::Judgement, name: &str) -> Vec<u16> {
    if let Some(one) = category(judgement, &name.replacen('.', "_", 1)) {
        return vec![one];
    }
    (0..)
        .zip(&judgement.categories)
        .filter(|(_, c)| c.subtype.as_ref().is_some_and(|s| s.text == name))
        .map(|(position, _)| position)
        .collect()
}

/// How rules call the categories and subtypes, with their labels, for suggestions.
pub(crate) fn option_names(judgement: &ast::Judgement) -> Vec<(String, &str)> {
    let subtypes = judgement.subtypes.iter();
    let subtypes = subtypes.map(|s| (s.name.text.clone(), s.label.text.as_str()));
    let categories = judgement.categories.iter().map(|c| {
        let name = match &c.subtype {
            None => c.name.text.clone(),
            Some(subtype) => {
                let own = c.name.text.get(subtype.text.len() + 1..).unwrap_or("");
                format!("{}.{own}", subtype.text)
            }
        };
        (name, c.label.text.as_str())
    });
    let last = judgement
        .otherwise
        .iter()
        .map(|(name, label)| (name.text.clone(), label.text.as_str()));
    subtypes.chain(categories).chain(last).collect()
}

fn category(judgement: &ast::Judgement, name: &str) -> Option<u16> {
    names(judgement)
        .position(|n| n == name)
        .and_then(|i| u16::try_from(i).ok())
}

fn names(judgement: &ast::Judgement) -> impl Iterator<Item = &str> {
    let last = judgement
        .otherwise
        .as_ref()
        .map(|(name, _)| name.text.as_str());
    let names = judgement.categories.iter().map(|c| c.name.text.as_str());
    names.chain(last)
}

/// A section of the form, put together from every file that has one of this name.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a ast::Name,
    pub(crate) label: &'a str,
    pub(crate) members: Vec<Member<'a>>,
}

/// What stands in a section or group.
pub(crate) enum Member<'a> {
    Group {
        label: Cow<'a, str>,
        help: Option<&'a str>,
        layout: Layout,
        members: Vec<Member<'a>>,
    },
    Field(Id<Field<'a>>),
    Note(&'a str),
    Display(UnitIndex, &'a ast::Path),
}

impl Member<'_> {
    /// Whether there is a question in it.
    fn asks(&self) -> bool {
        match self {
            Self::Field(_) => true,
            Self::Group { members, .. } => members.iter().any(Self::asks),
            Self::Note(_) | Self::Display(..) => false,
        }
    }
}

/// Something a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity<'a> {
    Field(Id<Field<'a>>),
    Table(Id<CodeTable<'a>>),
    Rule(Id<Rule<'a>>),
    Judgement(Id<Judgement<'a>>),
    Repeat(Id<Repeat<'a>>),
}

/// What one file declares. Code tables and everything else have names of their own, so that a
/// field may be called like its table: `field sex "性別" : sex`.
#[derive(Default)]
struct Scope<'a> {
    values: BTreeMap<String, Declared<'a>>,
    tables: BTreeMap<String, Declared<'a>>,
}

/// Which names are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// Fields, rules and judgements.
    Values,
    /// Code tables.
    Tables,
}

impl<'a> Scope<'a> {
    fn names(&self, space: Space) -> &BTreeMap<String, Declared<'a>> {
        match space {
            Space::Values => &self.values,
            Space::Tables => &self.tables,
        }
    }
}

/// A declared name.
struct Declared<'a> {
    entity: Entity<'a>,
    private: bool,
    span: Span,
}

/// So many names of a definition are compared with misspelt ones: a definition in which nearly every
/// name is wrong needs no suggestions.
const MOST_COMPARISONS: usize = 20_000;

/// Declares everything in `units`.
pub(crate) fn declare<'a>(units: &'a [Unit<'a>], diagnostics: &mut Vec<Diagnostic>) -> World<'a> {
    let plan = reuse::plan(units, diagnostics);
    let mut world = declare_all(units, plan, diagnostics);
    let mut position = 0;
    number_fields(&mut world, &mut position);
    check_wire_names(&world, diagnostics);
    world
}

/// Everything in `units`, of files that are no part of the form only what is brought.
fn declare_all<'a>(
    units: &'a [Unit<'a>],
    plan: Option<reuse::Plan>,
    diagnostics: &mut Vec<Diagnostic>,
) -> World<'a> {
    let mut world = World {
        units,
        tables: Arena::default(),
        fields: Arena::default(),
        rules: Arena::default(),
        judgements: Arena::default(),
        repeats: Arena::default(),
        conversions: Vec::new(),
        functions: Vec::new(),
        sections: Vec::new(),
        checks: Vec::new(),
        exceptions: Vec::new(),
        scopes: units.iter().map(|_| Scope::default()).collect(),
        full_names: BTreeSet::new(),
        section_of: BTreeMap::new(),
        plan,
        shared: Vec::new(),
        comparisons: Cell::new(MOST_COMPARISONS),
    };
    let mut done = vec![false; units.len()];
    declare_unit(&mut world, 0, None, &mut done, diagnostics);
    reuse::join(&mut world, diagnostics);
    resolve_field_tables(&mut world, diagnostics);
    world
}

impl<'a> World<'a> {
    /// The file of a unit.
    pub(crate) fn file(&self, unit: UnitIndex) -> &'a str {
        self.units.get(unit).map_or("", |u| u.file.as_str())
    }

    /// The name of the disease or module that a file defines.
    pub(crate) fn title(&self, unit: UnitIndex) -> &'a str {
        let header = self
            .units
            .get(unit)
            .and_then(|u| u.parsed.file.header.as_ref());
        header.map_or("", |h| h.title.text.as_str())
    }

    /// What `path` stands for in `unit`, or a diagnostic that says why not.
    pub(crate) fn resolve(
        &self,
        from: impl Into<Site<'a>>,
        path: &ast::Path,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        let site: Site<'a> = from.into();
        if let Some(field) = self.field_of_turn(site, path) {
            return Ok(Entity::Field(field));
        }
        if let Some(count) = self.count_of_rows(site.unit, path) {
            return Ok(Entity::Field(count));
        }
        let found = self.resolve_in(Space::Values, site.unit, path);
        match (&found, path.names.as_slice()) {
            (Err(_), [row, name]) if self.is_row_name(site, row) => {
                let known = self.nearest_question(site, name);
                Err(Box::new(d::unknown_name(self.file(site.unit), name, known)))
            }
            (Err(_), [name]) if self.nearest_question(site, name).is_some() => {
                let known = self.nearest_question(site, name);
                Err(Box::new(d::unknown_name(self.file(site.unit), name, known)))
            }
            (Err(_), [name]) if self.is_row_name(site, name) => Err(Box::new(d::row_alone(
                self.file(site.unit),
                name,
                self.question_of_row(site, name).unwrap_or("…"),
            ))),
            (Err(_), [first, name]) => match self.dotted(site.unit, path, first, name) {
                Some(told) => Err(Box::new(told)),
                None => found,
            },
            (Err(_), [name]) => match self.repeats_with(site.unit, &name.text).next() {
                Some(repeat) => Err(Box::new(d::inner_name(
                    self.file(site.unit),
                    name,
                    self.repeats[repeat].ast,
                ))),
                None => found,
            },
            _ => found,
        }
    }

    /// `drugs.dose` from outside of the rows, `joints.before` or `before.joints` for one side.
    fn dotted(
        &self,
        unit: UnitIndex,
        path: &ast::Path,
        first: &ast::Name,
        name: &ast::Name,
    ) -> Option<Diagnostic> {
        let file = self.file(unit);
        let mut aliases = self.uses(unit).filter_map(|used| used.alias.as_ref());
        if aliases.any(|alias| alias.text == first.text) {
            return None;
        }
        let of_side = |question: &ast::Name, side: &ast::Name| {
            let repeat = self.repeats_with(unit, &question.text).next()?;
            let ast::RepeatKind::Sides(sides) = &self.repeats[repeat].ast.kind else {
                return None;
            };
            let known = sides.iter().any(|known| known.name.text == side.text);
            known.then(|| format!("{}_{}", question.text, side.text))
        };
        if let Some(meant) = of_side(first, name).or_else(|| of_side(name, first)) {
            return Some(d::dotted_side(file, path, meant));
        }
        let (repeat, _) = self.question(unit, path)?;
        Some(d::inner_name(file, name, self.repeats[repeat].ast))
    }

    /// A question that a row of this name asks, a date if there is one.
    fn question_of_row(&self, site: Site<'a>, row: &ast::Name) -> Option<&'a str> {
        let mut around = site.turns.iter().flatten();
        let (turn, _) = around.find(|(_, named)| named.is_some_and(|n| n.name.text == row.text))?;
        let names = &self.repeats[turn.repeat].names;
        let is_date = |fields: &[Id<Field<'a>>]| {
            let first = fields.first().map(|field| &self.fields[*field].ast.ty.kind);
            matches!(first, Some(ast::TypeKind::Date))
        };
        let dates = names.iter().find(|(_, fields)| is_date(fields));
        dates
            .or_else(|| names.first_key_value())
            .map(|(name, _)| *name)
    }

    /// Whether `path` stands for anything, without looking for what may have been meant.
    pub(crate) fn is_known(&self, from: impl Into<Site<'a>>, path: &ast::Path) -> bool {
        let left = self.comparisons.replace(0);
        let found = self.resolve(from, path).is_ok();
        self.comparisons.set(left);
        found
    }

    /// The question of the rows and sides around that was probably meant.
    fn nearest_question(&self, site: Site<'a>, name: &ast::Name) -> Option<Meant> {
        let around = site.turns.iter().rev().flatten();
        let names = around.flat_map(|(turn, _)| &self.repeats[turn.repeat].names);
        let label = |fields: &[Id<Field<'a>>]| {
            let first = fields.first();
            first.map_or("", |f| self.fields[*f].ast.label.text.as_str())
        };
        let known: Vec<_> = names.map(|(name, of)| (*name, label(of))).collect();
        meant(&name.text, &known)
    }

    /// The rows or sides that a block at this place reads: where one of them is named around it, the
    /// others.
    pub(crate) fn turns(
        &self,
        site: Site<'a>,
        repeat: Id<Repeat<'a>>,
    ) -> impl Iterator<Item = Turn<'a>> + use<'a> {
        (0..self.repeats[repeat].turns())
            .map(move |index| Turn { repeat, index })
            .filter(move |turn| !matches!(site.around(*turn), Some(Some(_))))
    }

    /// The field that a name stands for in the rows and sides around it: a plain one innermost first,
    /// `first.date` in the one of that name.
    fn field_of_turn(&self, site: Site<'a>, path: &ast::Path) -> Option<Id<Field<'a>>> {
        let (row, name) = match path.names.as_slice() {
            [name] => (None, name),
            [row, name] => (Some(row), name),
            _ => return None,
        };
        site.turns.iter().rev().flatten().find_map(|(turn, named)| {
            if row.is_some_and(|row| named.is_none_or(|named| named.name.text != row.text)) {
                return None;
            }
            let fields = self.repeats[turn.repeat].names.get(name.text.as_str())?;
            fields.get(turn.index).copied()
        })
    }

    /// Whether a row or side around is called so.
    pub(crate) fn is_row_name(&self, site: Site<'a>, name: &ast::Name) -> bool {
        let mut names = site.turns.iter().flatten().filter_map(|(_, named)| *named);
        names.any(|named| named.name.text == name.text)
    }

    /// `drugs.count`, `alias.drugs.count`
    fn count_of_rows(&self, unit: UnitIndex, path: &ast::Path) -> Option<Id<Field<'a>>> {
        let (count, names) = path.names.split_last()?;
        if count.text != "count" || names.is_empty() {
            return None;
        }
        let rows = ast::Path {
            names: names.to_vec(),
            span: path.span,
        };
        match self.resolve_in(Space::Values, unit, &rows) {
            Ok(Entity::Repeat(repeat)) => self.repeats[repeat].count,
            _ => None,
        }
    }

    /// The rows and sides seen from `unit` that ask the question `name`.
    fn repeats_with(&self, unit: UnitIndex, name: &str) -> impl Iterator<Item = Id<Repeat<'a>>> {
        let seen = move |owner: UnitIndex| {
            owner == unit
                || self
                    .uses(unit)
                    .any(|used| used.unit == owner && used.alias.is_none())
        };
        self.repeats
            .iter()
            .filter(move |(_, repeat)| seen(repeat.unit) && repeat.names.contains_key(name))
            .map(|(id, _)| id)
    }

    /// The question of a row or side that `path` names from outside, in every turn.
    pub(crate) fn question(
        &self,
        unit: UnitIndex,
        path: &ast::Path,
    ) -> Option<(Id<Repeat<'a>>, &[Id<Field<'a>>])> {
        let (unit, name) = match path.names.as_slice() {
            [name] => (unit, name),
            [first, name] => {
                let used = self
                    .uses(unit)
                    .find(|u| u.alias.as_ref().is_some_and(|a| a.text == first.text));
                match used {
                    Some(used) => (used.unit, name),
                    // `drugs.dose`
                    None => {
                        let set = self.resolve_bare(Space::Values, unit, first).ok()?;
                        let Entity::Repeat(repeat) = set else {
                            return None;
                        };
                        let fields = self.repeats[repeat].names.get(name.text.as_str())?;
                        return Some((repeat, fields));
                    }
                }
            }
            _ => return None,
        };
        let repeat = self.repeats_with(unit, &name.text).next()?;
        let fields = self.repeats[repeat].names.get(name.text.as_str())?;
        Some((repeat, fields))
    }

    /// The code table that `path` stands for in `unit`, or a diagnostic that says why not.
    pub(crate) fn resolve_table(
        &self,
        unit: UnitIndex,
        path: &ast::Path,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        self.resolve_in(Space::Tables, unit, path)
    }

    fn resolve_in(
        &self,
        space: Space,
        unit: UnitIndex,
        path: &ast::Path,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        match path.names.as_slice() {
            [name] => self.resolve_bare(space, unit, name),
            [alias, name] => self.resolve_qualified(space, unit, alias, name),
            _ => Err(Box::new(d::long_path(self.file(unit), path.span))),
        }
    }

    fn resolve_bare(
        &self,
        space: Space,
        unit: UnitIndex,
        name: &ast::Name,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        if let Some(own) = self
            .names(space, unit)
            .and_then(|names| names.get(&name.text))
        {
            return Ok(own.entity);
        }
        let mut found: Vec<(UnitIndex, &Declared<'a>)> = Vec::new();
        for used in self.uses(unit).filter(|u| u.alias.is_none()) {
            if let Some(declared) = self
                .names(space, used.unit)
                .and_then(|names| names.get(&name.text))
                && !declared.private
                && !found.iter().any(|(unit, _)| *unit == used.unit)
            {
                found.push((used.unit, declared));
            }
        }
        match found.as_slice() {
            [(_, one)] => Ok(one.entity),
            [] => {
                if let Some(found) = self.row_beyond(unit, name) {
                    return Err(Box::new(found));
                }
                let known = self.meant(&name.text, || self.seen(space, unit));
                Err(Box::new(d::unknown_name(self.file(unit), name, known)))
            }
            [(a, _), (b, _), ..] => Err(Box::new(d::ambiguous_name(
                self.file(unit),
                name,
                self.file(*a),
                self.file(*b),
            ))),
        }
    }

    /// `labs_4_value` where there are three rows at most.
    fn row_beyond(&self, unit: UnitIndex, name: &ast::Name) -> Option<Diagnostic> {
        self.repeats.iter().find_map(|(_, repeat)| {
            let ast::RepeatKind::Rows { high, .. } = &repeat.ast.kind else {
                return None;
            };
            let rest = name.text.strip_prefix(repeat.ast.name.text.as_str())?;
            let (number, question) = rest.strip_prefix('_')?.split_once('_')?;
            let number: u32 = number.parse().ok()?;
            let beyond = number > *high && repeat.names.contains_key(question);
            beyond.then(|| d::row_beyond(self.file(unit), name, repeat.ast, *high))
        })
    }

    fn resolve_qualified(
        &self,
        space: Space,
        unit: UnitIndex,
        alias: &ast::Name,
        name: &ast::Name,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        let file = self.file(unit);
        let aliases = || {
            self.uses(unit)
                .filter_map(|u| u.alias.as_ref())
                .map(|a| a.text.as_str())
        };
        let Some(used) = self
            .uses(unit)
            .find(|u| u.alias.as_ref().is_some_and(|a| a.text == alias.text))
        else {
            let meant = nearest(&alias.text, aliases());
            let rows = self.repeats_with(unit, &name.text).next();
            let rows = rows.filter(|_| meant.is_none());
            return Err(Box::new(match rows {
                Some(rows) => d::unnamed_row(file, alias, name, self.repeats[rows].ast),
                None => d::unknown_alias(file, alias, meant),
            }));
        };
        let names = self.names(space, used.unit);
        let shown = |name: &str, declared: &Declared<'a>| self.shows(used, name, declared.entity);
        let found = names.and_then(|names| names.get(&name.text));
        match found.filter(|declared| shown(&name.text, declared)) {
            Some(declared) if declared.private => Err(Box::new(d::private_name(
                file,
                name,
                self.file(used.unit),
                declared.span,
            ))),
            Some(declared) => Ok(declared.entity),
            None => {
                let known = names.into_iter().flatten();
                let known = known.filter(|(name, declared)| shown(name, declared));
                let known = known.map(|(name, declared)| (name.as_str(), declared.entity));
                Err(Box::new(d::unknown_name(
                    file,
                    name,
                    self.meant(&name.text, || known.collect()),
                )))
            }
        }
    }

    /// The known name that was probably meant, while there are not too many mistakes to compare.
    fn meant<'n>(
        &'n self,
        word: &str,
        candidates: impl FnOnce() -> Vec<(&'n str, Entity<'a>)>,
    ) -> Option<Meant> {
        let left = &self.comparisons;
        if left.get() == 0 {
            return None;
        }
        let allowed = candidates().into_iter().take_while(|_| {
            left.set(left.get().saturating_sub(1));
            left.get() > 0
        });
        let known: Vec<_> = allowed
            .map(|(name, entity)| (name, self.label(entity)))
            .collect();
        meant(word, &known)
    }

    /// What the form calls it.
    fn label(&self, entity: Entity<'a>) -> &str {
        match entity {
            Entity::Field(id) => &self.fields[id].ast.label.text,
            Entity::Table(id) => self.tables[id].label,
            Entity::Rule(id) => self.rules[id].kind.label(),
            Entity::Judgement(id) => &self.judgements[id].ast.label.text,
            Entity::Repeat(id) => &self.repeats[id].ast.label.text,
        }
    }

    /// What can be called by its bare name in `unit`, sorted by name within a file.
    pub(crate) fn seen(&self, space: Space, unit: UnitIndex) -> Vec<(&str, Entity<'a>)> {
        let own = self.names(space, unit).into_iter().flatten();
        let own = own.map(|(name, declared)| (name.as_str(), declared.entity));
        let used = self.uses(unit).filter(|u| u.alias.is_none());
        let used = used.flat_map(|u| self.exported(space, u.unit));
        own.chain(used).collect()
    }

    /// What can be called with the alias of `used` in front, sorted by name.
    pub(crate) fn behind(&self, space: Space, used: &crate::load::Use) -> Vec<(&str, Entity<'a>)> {
        let mut names = self.exported(space, used.unit);
        names.retain(|(name, entity)| self.shows(used, name, *entity));
        names
    }

    /// What `unit` shows to those who use it, sorted by name.
    fn exported(&self, space: Space, unit: UnitIndex) -> Vec<(&str, Entity<'a>)> {
        let names = self.names(space, unit).into_iter().flatten();
        names
            .filter(|(_, declared)| !declared.private)
            .map(|(name, declared)| (name.as_str(), declared.entity))
            .collect()
    }

    /// The function that a call in `unit` means, with its position; nothing if there is none of
    /// this name.
    pub(crate) fn function(
        &self,
        unit: UnitIndex,
        name: &ast::Name,
    ) -> Result<Option<(u16, &Function<'a>)>, Box<Diagnostic>> {
        let named = || {
            (0..=u16::MAX)
                .zip(&self.functions)
                .filter(|(_, f)| f.ast.name.text == name.text)
        };
        if let Some(own) = named().find(|(_, f)| f.unit == unit) {
            return Ok(Some(own));
        }
        let used = |f: &Function<'a>| self.uses_module(unit, f.unit);
        let mut seen = named().filter(|(_, f)| !f.private && used(f));
        match (seen.next(), seen.next()) {
            (Some((_, a)), Some((_, b))) => Err(Box::new(d::ambiguous_name(
                self.file(unit),
                name,
                self.file(a.unit),
                self.file(b.unit),
            ))),
            (found, _) => Ok(found),
        }
    }

    /// Names of the functions that a call in `unit` can mean.
    pub(crate) fn function_names(&self, unit: UnitIndex) -> impl Iterator<Item = &'a str> {
        let used =
            move |f: &&Function<'a>| f.unit == unit || !f.private && self.uses_module(unit, f.unit);
        self.functions
            .iter()
            .filter(used)
            .map(|f| f.ast.name.text.as_str())
    }

    fn uses_module(&self, unit: UnitIndex, module: UnitIndex) -> bool {
        self.uses(unit)
            .any(|used| used.unit == module && used.is_module())
    }

    fn uses(&self, unit: UnitIndex) -> impl Iterator<Item = &'a crate::load::Use> {
        self.units.get(unit).into_iter().flat_map(|u| &u.uses)
    }

    fn names(&self, space: Space, unit: UnitIndex) -> Option<&BTreeMap<String, Declared<'a>>> {
        self.scopes.get(unit).map(|scope| scope.names(space))
    }

    /// The field called `birth_date`, from which ages are counted.
    pub(crate) fn birth_date(&self) -> Option<Id<Field<'a>>> {
        self.fields
            .iter()
            .find(|(_, f)| f.wire == "birth_date")
            .map(|(id, _)| id)
    }
}

/// Declares one file, and before their place in it the files it uses.
fn declare_unit<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    alias: Option<&str>,
    done: &mut [bool],
    diagnostics: &mut Vec<Diagnostic>,
) {
    match done.get_mut(unit) {
        Some(seen) if !*seen => *seen = true,
        _ => return,
    }
    let units: &'a [Unit<'a>] = world.units;
    let Some(this) = units.get(unit) else { return };
    let mut uses = this.uses.iter().peekable();
    for (index, item) in this.parsed.file.items.iter().enumerate() {
        while let Some(used) = uses.next_if(|u| u.item <= index) {
            if this.lent.is_some() && !world.is_lent(used.unit) {
                // It stands where the form itself uses it.
                continue;
            }
            let own = used.alias.as_ref().map(|a| a.text.as_str());
            let name = match (alias.filter(|_| this.lent.is_some()), own) {
                (Some(outer), Some(own)) => Some(format!("{outer}.{own}")),
                (outer, own) => outer.or(own).map(str::to_owned),
            };
            declare_unit(world, used.unit, name.as_deref(), done, diagnostics);
        }
        declare_item(world, unit, alias, item, diagnostics);
    }
}

fn declare_item<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    alias: Option<&str>,
    item: &'a ast::Item,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let lent = world.lent_by(unit);
    let rule = match &item.kind {
        ItemKind::Use { .. }
        | ItemKind::Reuse(_)
        | ItemKind::NotJudged { .. }
        | ItemKind::Migration(_) => return,
        // The checks of another disease are its own.
        ItemKind::Check(_) if lent.is_some() => return,
        ItemKind::Exception(_) if lent.is_some() => return,
        ItemKind::Exception(exception) => {
            world.exceptions.push((unit, exception));
            return;
        }
        ItemKind::Convert(conversion) => {
            world.conversions.push((unit, conversion));
            return;
        }
        ItemKind::Function(function) => {
            if !world.brings_function(unit, &function.name.text) {
                return;
            }
            declare_function(world, unit, alias, item.private, function, diagnostics);
            return;
        }
        ItemKind::Check(check) => {
            world.checks.push((unit, check));
            return;
        }
        ItemKind::Code { name, label, codes } => {
            if !world.brings_table(unit, &name.text) {
                return;
            }
            let table = world.tables.push(CodeTable {
                unit,
                name: name.text.clone(),
                label: &label.text,
                codes,
            });
            bind(
                world,
                unit,
                name,
                Entity::Table(table),
                item.private,
                diagnostics,
            );
            return;
        }
        ItemKind::Section {
            name,
            label,
            members,
        } => {
            declare_section(world, unit, name, label, members, diagnostics);
            return;
        }
        ItemKind::Judgement(_) if lent.is_some() => {
            match reuse::lent_judgement(lent.unwrap_or_default(), &item.kind) {
                Some(rule) => rule,
                None => return,
            }
        }
        ItemKind::Judgement(ast) => {
            let judgement = world.judgements.push(Judgement { unit, ast });
            bind(
                world,
                unit,
                &ast.name,
                Entity::Judgement(judgement),
                item.private,
                diagnostics,
            );
            return;
        }
        ItemKind::Criterion(x) => RuleKind::Criterion(x),
        ItemKind::Score(x) => RuleKind::Score(x),
        ItemKind::Value(x, ty) => RuleKind::Value(x, ty.as_ref()),
        ItemKind::Grade {
            definition,
            outcomes,
        } => RuleKind::Grade(definition, outcomes),
        ItemKind::Threshold(x) => RuleKind::Threshold(x),
        ItemKind::Table(x) => RuleKind::Table(x),
    };
    let name = rule.name();
    if !world.brings_rule(unit, &name.text) {
        return;
    }
    let taken = |full: &str| world.full_names.contains(full);
    let full_name = full_name(world.file(unit), alias, &name.text, taken);
    world.full_names.insert(full_name.clone());
    let id = world.rules.push(Rule {
        unit,
        kind: rule,
        full_name,
    });
    bind(
        world,
        unit,
        name,
        Entity::Rule(id),
        item.private,
        diagnostics,
    );
}

fn declare_function<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    alias: Option<&str>,
    private: bool,
    ast: &'a ast::Function,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let same = |f: &&Function<'a>| f.unit == unit && f.ast.name.text == ast.name.text;
    if let Some(first) = world.functions.iter().find(same) {
        let first = first.ast.name.span;
        diagnostics.push(d::duplicate_name(world.file(unit), &ast.name, first));
        return;
    }
    let taken = |full: &str| world.functions.iter().any(|f| f.full_name == full);
    let full_name = full_name(world.file(unit), alias, &ast.name.text, taken);
    world.functions.push(Function {
        unit,
        ast,
        private,
        full_name,
    });
}

/// The name in the program of what `file` declares: with the alias under which the file is used, or
/// with the module's own name where that is `taken`.
fn full_name(file: &str, alias: Option<&str>, name: &str, taken: impl Fn(&str) -> bool) -> String {
    let full = alias.map_or_else(|| name.to_owned(), |alias| format!("{alias}.{name}"));
    if !taken(&full) {
        return full;
    }
    let module = file.trim_end_matches(".kohyo").replace('/', ".");
    format!("{module}.{name}")
}

fn declare_section<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    name: &'a ast::Name,
    label: &'a ast::Text,
    members: &'a [ast::Member],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if !is_wire_name(&name.text) {
        diagnostics.push(d::section_name(world.file(unit), name));
    }
    let inside = Inside {
        around: Vec::new(),
        turn: None,
    };
    let mut members = declare_members(world, unit, members, &inside, diagnostics);
    if world.is_lent(unit) {
        members.retain(Member::asks);
        if members.is_empty() {
            return;
        }
    }
    let next = world.sections.len();
    let position = *world.section_of.entry(&name.text).or_insert(next);
    match world.sections.get_mut(position) {
        Some(section) => section.members.extend(members),
        None => world.sections.push(Section {
            name,
            label: &label.text,
            members,
        }),
    }
}

/// What stands around a member.
#[derive(Clone)]
struct Inside<'a> {
    around: Vec<(Site<'a>, &'a [ast::Modifier])>,
    turn: Option<Turn<'a>>,
}

impl<'a> Inside<'a> {
    /// The same with one more group around.
    fn group(&self, unit: UnitIndex, modifiers: &'a [ast::Modifier]) -> Self {
        let site = Site::from(unit);
        let site = self.turn.and_then(|t| site.inside(t, None)).unwrap_or(site);
        let mut inside = self.clone();
        inside.around.push((site, modifiers));
        inside
    }
}

fn declare_members<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    members: &'a [ast::Member],
    inside: &Inside<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Member<'a>> {
    let mut declared = Vec::with_capacity(members.len());
    for member in members {
        declared.push(match member {
            ast::Member::Note(text) => Member::Note(&text.text),
            // What is calculated there belongs to the other form.
            ast::Member::Display(_) if world.is_lent(unit) => continue,
            ast::Member::Display(path) => {
                if inside.turn.is_some() {
                    diagnostics.push(d::not_in_repeat(world.file(unit), path.span, "display"));
                }
                Member::Display(unit, path)
            }
            ast::Member::Field(field) => {
                match declare_field(world, unit, field, inside, diagnostics) {
                    Some(field) => Member::Field(field),
                    None => continue,
                }
            }
            ast::Member::Repeat(repeat) if inside.turn.is_some() => {
                let word = match repeat.kind {
                    ast::RepeatKind::Rows { .. } => "rows",
                    ast::RepeatKind::Sides(_) => "each side",
                };
                diagnostics.push(d::not_in_repeat(world.file(unit), repeat.name.span, word));
                continue;
            }
            ast::Member::Repeat(repeat) => {
                repeat::declare(world, unit, repeat, inside, diagnostics)
            }
            ast::Member::Group {
                label,
                modifiers,
                members,
                ..
            } => {
                let inside = inside.group(unit, modifiers);
                let members = declare_members(world, unit, members, &inside, diagnostics);
                Member::Group {
                    label: Cow::Borrowed(&label.text),
                    help: help_of(modifiers),
                    layout: Layout::Plain,
                    members,
                }
            }
        });
    }
    if world.is_lent(unit) {
        // Notes come with the questions beside them, headings with those under them.
        let asks = declared.iter().any(Member::asks);
        declared.retain(|m| m.asks() || asks && matches!(m, Member::Note(_)));
    }
    declared
}

/// The help among the modifiers of a group.
fn help_of(modifiers: &[ast::Modifier]) -> Option<&str> {
    modifiers.iter().find_map(|m| match &m.kind {
        ast::ModifierKind::Help(text) => Some(text.text.as_str()),
        _ => None,
    })
}

fn declare_field<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    ast: &'a ast::Field,
    inside: &Inside<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Id<Field<'a>>> {
    if !is_wire_name(&ast.name.text) {
        diagnostics.push(d::field_name(world.file(unit), &ast.name));
    }
    let Some(turn) = inside.turn else {
        let wire = with_prefix(world, unit, &ast.name.text);
        if world.shares_field(unit, &wire) {
            world.share_name(unit, wire, &ast.name);
            return None;
        }
        if !world.brings_field(unit, &wire) {
            return None;
        }
        let table = inline_table(world, unit, ast, &ast.name.text);
        let field = world.fields.push(Field {
            unit,
            ast,
            wire,
            label: ast.label.text.clone(),
            turn: None,
            around: inside.around.clone(),
            table,
            position: 0,
        });
        let entity = Entity::Field(field);
        bind(world, unit, &ast.name, entity, false, diagnostics);
        return Some(field);
    };
    repeat::declare_field(world, unit, ast, inside, turn, diagnostics)
}

/// A name as it stands on the wire.
fn with_prefix(world: &World<'_>, unit: UnitIndex, name: &str) -> String {
    let header = world
        .units
        .get(unit)
        .and_then(|u| u.parsed.file.header.as_ref());
    match header.and_then(|h| h.prefix.as_ref()) {
        Some(prefix) => format!("{}_{name}", prefix.text),
        None => name.to_owned(),
    }
}

/// The code table that is written at a field itself.
fn inline_table<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    ast: &'a ast::Field,
    name: &str,
) -> Option<Id<CodeTable<'a>>> {
    let (ast::TypeKind::Choice(codes) | ast::TypeKind::Choices(codes)) = &ast.ty.kind else {
        return None;
    };
    let name = with_prefix(world, unit, name);
    Some(world.tables.push(CodeTable {
        unit,
        name,
        label: &ast.label.text,
        codes,
    }))
}

fn bind<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    name: &ast::Name,
    entity: Entity<'a>,
    private: bool,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let file = world.file(unit);
    let Some(scope) = world.scopes.get_mut(unit) else {
        return;
    };
    let names = match entity {
        Entity::Table(_) => &mut scope.tables,
        Entity::Field(_) | Entity::Rule(_) | Entity::Judgement(_) | Entity::Repeat(_) => {
            &mut scope.values
        }
    };
    match names.get(&name.text) {
        Some(first) => diagnostics.push(d::duplicate_name(file, name, first.span)),
        None => {
            names.insert(
                name.text.clone(),
                Declared {
                    entity,
                    private,
                    span: name.span,
                },
            );
        }
    }
}

/// Gives every field its position in the form.
fn number_fields(world: &mut World<'_>, position: &mut u16) {
    let mut order = Vec::with_capacity(world.fields.len());
    for section in &world.sections {
        collect_fields(&section.members, &mut order);
    }
    for id in order {
        world.fields[id].position = *position;
        *position = position.saturating_add(1);
    }
}

/// The fields among `members`, in the order of the form.
pub(crate) fn collect_fields<'a>(members: &[Member<'a>], order: &mut Vec<Id<Field<'a>>>) {
    for member in members {
        match member {
            Member::Field(id) => order.push(*id),
            Member::Group { members, .. } => collect_fields(members, order),
            Member::Note(_) | Member::Display(..) => {}
        }
    }
}

fn check_wire_names(world: &World<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, &Field<'_>> = BTreeMap::new();
    for (_, field) in world.fields.iter() {
        match first.entry(&field.wire) {
            Entry::Occupied(known) if known.get().unit != field.unit => {
                let known = known.get();
                diagnostics.push(d::duplicate_wire_name(
                    world.file(field.unit),
                    &field.ast.name,
                    &field.wire,
                    world.file(known.unit),
                    known.ast.name.span,
                ));
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => {
                place.insert(field);
            }
        }
    }
}

fn resolve_field_tables(world: &mut World<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for id in world.fields.ids() {
        let (unit, ast) = (world.fields[id].unit, world.fields[id].ast);
        let (ast::TypeKind::Named(path) | ast::TypeKind::ChoicesOf(path)) = &ast.ty.kind else {
            continue;
        };
        match world.resolve_table(unit, path) {
            Ok(Entity::Table(table)) => world.fields[id].table = Some(table),
            Err(diagnostic) if world.resolve(unit, path).is_err() => {
                let word = path.names.first().map_or("", |n| n.text.as_str());
                diagnostics.push(d::unknown_type(*diagnostic, word));
            }
            _ => diagnostics.push(d::not_a_type(world.file(unit), path)),
        }
    }
}

/// ASCII snake_case: a name that can stand on every wire.
pub(crate) fn is_wire_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

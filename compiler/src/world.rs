//! Pass 2: everything that has a name, with its place, and who sees it.

use crate::arena::{Arena, Id};
use crate::diagnostics as d;
use crate::load::Unit;
use crate::suggest::nearest;
use kohyo_dsl::ast::{self, ItemKind};
use kohyo_dsl::{Diagnostic, Span};
use std::collections::BTreeMap;

/// Position of a file in the list of units; the disease itself is 0.
pub(crate) type UnitIndex = usize;

/// Everything that has a name.
pub(crate) struct World<'a> {
    pub(crate) units: &'a [Unit<'a>],
    pub(crate) tables: Arena<CodeTable<'a>>,
    pub(crate) fields: Arena<Field<'a>>,
    pub(crate) rules: Arena<Rule<'a>>,
    pub(crate) judgements: Arena<Judgement<'a>>,
    /// Sections in the order of the form.
    pub(crate) sections: Vec<Section<'a>>,
    /// Checks in the order of the form.
    pub(crate) checks: Vec<(UnitIndex, &'a ast::Check)>,
    scopes: Vec<Scope<'a>>,
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
    /// Modifiers of the groups around it, outermost first.
    pub(crate) around: Vec<&'a [ast::Modifier]>,
    /// Its code table, if it is a choice whose table is known.
    pub(crate) table: Option<Id<CodeTable<'a>>>,
    /// Position in the form.
    pub(crate) position: u16,
}

impl<'a> Field<'a> {
    /// Modifiers of the field and of the groups around it.
    pub(crate) fn modifiers(&self) -> impl Iterator<Item = &'a ast::Modifier> {
        let own: &'a [ast::Modifier] = &self.ast.modifiers;
        self.around
            .clone()
            .into_iter()
            .chain(std::iter::once(own))
            .flatten()
    }
}

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
    Grade(&'a ast::Definition, &'a [ast::Outcome]),
    Table(&'a ast::Table),
}

impl<'a> RuleKind<'a> {
    /// The rule's name as declared.
    pub(crate) fn name(&self) -> &'a ast::Name {
        match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => &x.name,
            Self::Table(x) => &x.name,
        }
    }

    /// Its label, or its name.
    pub(crate) fn label(&self) -> &'a str {
        let (label, name) = match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => {
                (&x.label, &x.name)
            }
            Self::Table(x) => (&x.label, &x.name),
        };
        label
            .as_ref()
            .map_or(name.text.as_str(), |l| l.text.as_str())
    }

    /// The official sentence.
    pub(crate) fn cites(&self) -> Option<&'a str> {
        match self {
            Self::Criterion(x) | Self::Score(x) | Self::Value(x, _) | Self::Grade(x, _) => &x.cites,
            Self::Table(x) => &x.cites,
        }
        .as_ref()
        .map(|c| c.text.as_str())
    }

    /// The outcomes of a grade or table.
    pub(crate) fn outcomes(&self) -> Option<&'a [ast::Outcome]> {
        match self {
            Self::Grade(_, outcomes) => Some(outcomes),
            Self::Table(table) => Some(&table.outcomes),
            Self::Criterion(_) | Self::Score(_) | Self::Value(..) => None,
        }
    }
}

/// A judgement.
pub(crate) struct Judgement<'a> {
    pub(crate) unit: UnitIndex,
    pub(crate) ast: &'a ast::Judgement,
}

impl Judgement<'_> {
    /// Position of a category, the last being `otherwise`.
    pub(crate) fn category(&self, name: &str) -> Option<u16> {
        self.names()
            .position(|n| n == name)
            .and_then(|i| u16::try_from(i).ok())
    }

    /// Names of all categories.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let last = self
            .ast
            .otherwise
            .as_ref()
            .map(|(name, _)| name.text.as_str());
        self.ast
            .categories
            .iter()
            .map(|c| c.name.text.as_str())
            .chain(last)
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

/// A section of the form, put together from every file that has one of this name.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a ast::Name,
    pub(crate) label: &'a str,
    pub(crate) members: Vec<Member<'a>>,
}

/// What stands in a section or group.
pub(crate) enum Member<'a> {
    Group {
        label: &'a str,
        help: Option<&'a str>,
        members: Vec<Member<'a>>,
    },
    Field(Id<Field<'a>>),
    Note(&'a str),
    Display(UnitIndex, &'a ast::Path),
}

/// Something a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity<'a> {
    Field(Id<Field<'a>>),
    Table(Id<CodeTable<'a>>),
    Rule(Id<Rule<'a>>),
    Judgement(Id<Judgement<'a>>),
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

/// Declares everything in `units`.
pub(crate) fn declare<'a>(units: &'a [Unit<'a>], diagnostics: &mut Vec<Diagnostic>) -> World<'a> {
    let mut world = World {
        units,
        tables: Arena::default(),
        fields: Arena::default(),
        rules: Arena::default(),
        judgements: Arena::default(),
        sections: Vec::new(),
        checks: Vec::new(),
        scopes: units.iter().map(|_| Scope::default()).collect(),
    };
    let mut done = vec![false; units.len()];
    declare_unit(&mut world, 0, None, &mut done, diagnostics);
    let mut position = 0;
    number_fields(&mut world, &mut position);
    check_wire_names(&world, diagnostics);
    resolve_field_tables(&mut world, diagnostics);
    world
}

impl<'a> World<'a> {
    /// The file of a unit.
    pub(crate) fn file(&self, unit: UnitIndex) -> &'a str {
        self.units.get(unit).map_or("", |u| u.file.as_str())
    }

    /// What `path` stands for in `unit`, or a diagnostic that says why not.
    pub(crate) fn resolve(
        &self,
        unit: UnitIndex,
        path: &ast::Path,
    ) -> Result<Entity<'a>, Box<Diagnostic>> {
        self.resolve_in(Space::Values, unit, path)
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
                let known = nearest(&name.text, self.visible(space, unit));
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
            return Err(Box::new(d::unknown_alias(
                file,
                alias,
                nearest(&alias.text, aliases()),
            )));
        };
        let names = self.names(space, used.unit);
        match names.and_then(|names| names.get(&name.text)) {
            Some(declared) if declared.private => Err(Box::new(d::private_name(
                file,
                name,
                self.file(used.unit),
                declared.span,
            ))),
            Some(declared) => Ok(declared.entity),
            None => {
                let known = names
                    .into_iter()
                    .flat_map(|names| names.keys().map(String::as_str));
                Err(Box::new(d::unknown_name(
                    file,
                    name,
                    nearest(&name.text, known),
                )))
            }
        }
    }

    fn visible(&self, space: Space, unit: UnitIndex) -> impl Iterator<Item = &str> {
        let own = self.names(space, unit).into_iter();
        let used = self.uses(unit).filter(|u| u.alias.is_none());
        own.chain(used.filter_map(move |u| self.names(space, u.unit)))
            .flat_map(|n| n.keys().map(String::as_str))
    }

    /// What can be called by its bare name in `unit`, sorted by name within a file.
    pub(crate) fn seen(&self, space: Space, unit: UnitIndex) -> Vec<(&str, Entity<'a>)> {
        let own = self.names(space, unit).into_iter().flatten();
        let own = own.map(|(name, declared)| (name.as_str(), declared.entity));
        let used = self.uses(unit).filter(|u| u.alias.is_none());
        let used = used.flat_map(|u| self.exported(space, u.unit));
        own.chain(used).collect()
    }

    /// What `unit` shows to those who use it, sorted by name.
    pub(crate) fn exported(&self, space: Space, unit: UnitIndex) -> Vec<(&str, Entity<'a>)> {
        let names = self.names(space, unit).into_iter().flatten();
        names
            .filter(|(_, declared)| !declared.private)
            .map(|(name, declared)| (name.as_str(), declared.entity))
            .collect()
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
            let name = used.alias.as_ref().map(|a| a.text.as_str());
            declare_unit(world, used.unit, name, done, diagnostics);
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
    let rule = match &item.kind {
        ItemKind::Use { .. } | ItemKind::NotJudged { .. } => return,
        ItemKind::Check(check) => {
            world.checks.push((unit, check));
            return;
        }
        ItemKind::Code { name, label, codes } => {
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
        ItemKind::Table(x) => RuleKind::Table(x),
    };
    let name = rule.name();
    let mut full_name = alias.map_or_else(
        || name.text.clone(),
        |alias| format!("{alias}.{}", name.text),
    );
    if world
        .rules
        .iter()
        .any(|(_, rule)| rule.full_name == full_name)
    {
        let module = world
            .file(unit)
            .trim_end_matches(".kohyo")
            .replace('/', ".");
        full_name = format!("{module}.{}", name.text);
    }
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
    let members = declare_members(world, unit, members, &[], diagnostics);
    match world.sections.iter_mut().find(|s| s.name.text == name.text) {
        Some(section) => section.members.extend(members),
        None => world.sections.push(Section {
            name,
            label: &label.text,
            members,
        }),
    }
}

fn declare_members<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    members: &'a [ast::Member],
    around: &[&'a [ast::Modifier]],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Member<'a>> {
    let mut declared = Vec::with_capacity(members.len());
    for member in members {
        declared.push(match member {
            ast::Member::Note(text) => Member::Note(&text.text),
            ast::Member::Display(path) => Member::Display(unit, path),
            ast::Member::Field(field) => {
                Member::Field(declare_field(world, unit, field, around, diagnostics))
            }
            ast::Member::Group {
                label,
                modifiers,
                members,
                ..
            } => {
                let mut inside = around.to_vec();
                inside.push(modifiers);
                let help = modifiers.iter().find_map(|m| match &m.kind {
                    ast::ModifierKind::Help(text) => Some(text.text.as_str()),
                    _ => None,
                });
                let members = declare_members(world, unit, members, &inside, diagnostics);
                Member::Group {
                    label: &label.text,
                    help,
                    members,
                }
            }
        });
    }
    declared
}

fn declare_field<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    ast: &'a ast::Field,
    around: &[&'a [ast::Modifier]],
    diagnostics: &mut Vec<Diagnostic>,
) -> Id<Field<'a>> {
    if !is_wire_name(&ast.name.text) {
        diagnostics.push(d::field_name(world.file(unit), &ast.name));
    }
    let prefix = world
        .units
        .get(unit)
        .and_then(|u| u.parsed.file.header.as_ref())
        .and_then(|h| h.prefix.as_ref());
    let wire = prefix.map_or_else(
        || ast.name.text.clone(),
        |p| format!("{}_{}", p.text, ast.name.text),
    );
    let table = match &ast.ty.kind {
        ast::TypeKind::Choice(codes) | ast::TypeKind::Choices(codes) => {
            Some(world.tables.push(CodeTable {
                unit,
                name: wire.clone(),
                label: &ast.label.text,
                codes,
            }))
        }
        _ => None,
    };
    let field = world.fields.push(Field {
        unit,
        ast,
        wire,
        around: around.to_vec(),
        table,
        position: 0,
    });
    bind(
        world,
        unit,
        &ast.name,
        Entity::Field(field),
        false,
        diagnostics,
    );
    field
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
        Entity::Field(_) | Entity::Rule(_) | Entity::Judgement(_) => &mut scope.values,
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
        match first.get(field.wire.as_str()) {
            Some(known) if known.unit != field.unit => diagnostics.push(d::duplicate_wire_name(
                world.file(field.unit),
                &field.ast.name,
                &field.wire,
                world.file(known.unit),
                known.ast.name.span,
            )),
            Some(_) => {}
            None => {
                first.insert(&field.wire, field);
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
                diagnostics.push(d::unknown_type(*diagnostic));
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

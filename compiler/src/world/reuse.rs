//! Judgements of another disease: which of its rules and questions come with them.
//!
//! A judgement brings the rules that it reads and the questions that they read. A question that
//! the form asks itself is not asked twice: rules of the other disease read the form's own.
//! Everything else of the other disease stays there: its checks, its citations, its other questions.

use super::{Entity, Field, Repeat, Rule, RuleKind, Site, UnitIndex, World, bind};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::load::{Lent, Unit, Use};
use crate::visit::{rule_expressions, walk};
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, Expr, ExprKind, ItemKind, ModifierKind, TypeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Something that a file declares, by its name; a field by its name on the wire.
type Key = (UnitIndex, String);

/// What is brought from files that are no part of the form.
#[derive(Default)]
pub(crate) struct Plan {
    rules: BTreeSet<Key>,
    tables: BTreeSet<Key>,
    functions: BTreeSet<Key>,
    /// Questions that are asked because rules from there read them.
    fields: BTreeSet<Key>,
    /// Questions that are asked elsewhere in the form under the same name.
    shared: BTreeSet<Key>,
}

/// A question from another disease that the form asks itself.
pub(super) struct Shared<'a> {
    unit: UnitIndex,
    wire: String,
    place: SharedPlace<'a>,
}

/// What rules of the other disease call it.
enum SharedPlace<'a> {
    Name(&'a ast::Name),
    Turn {
        repeat: Id<Repeat<'a>>,
        inner: &'a str,
        index: usize,
    },
    Count(Id<Repeat<'a>>),
}

impl<'a> World<'a> {
    /// Whether a file is read only for judgements of another disease.
    pub(crate) fn is_lent(&self, unit: UnitIndex) -> bool {
        self.lent_by(unit).is_some()
    }

    pub(super) fn lent_by(&self, unit: UnitIndex) -> Option<&'a [Lent]> {
        self.units.get(unit)?.lent.as_deref()
    }

    /// Whether `path` goes through a `use … only …` that asks for a judgement which the other disease
    /// lacks: that has been reported at the `use`, and is no second mistake where a name is read.
    pub(crate) fn is_through_mistaken_use(&self, unit: UnitIndex, path: &ast::Path) -> bool {
        let alias = match path.names.as_slice() {
            [_] => None,
            [alias, _] => Some(&alias.text),
            _ => return false,
        };
        self.uses(unit)
            .filter(|used| used.alias.as_ref().map(|a| &a.text) == alias)
            .filter_map(|used| Some((used, self.lent_by(used.unit)?)))
            .any(|(used, lent)| {
                let known = |name: &str| lent.iter().any(|l| l.judgement.name.text == name);
                used.judgements.iter().any(|j| !known(&j.text))
            })
    }

    fn brings(&self, unit: UnitIndex, name: &str, of: fn(&Plan) -> &BTreeSet<Key>) -> bool {
        match &self.plan {
            Some(plan) if self.is_lent(unit) => of(plan).contains(&(unit, name.to_owned())),
            _ => true,
        }
    }

    pub(super) fn brings_rule(&self, unit: UnitIndex, name: &str) -> bool {
        self.brings(unit, name, |plan| &plan.rules)
    }

    pub(super) fn brings_table(&self, unit: UnitIndex, name: &str) -> bool {
        self.brings(unit, name, |plan| &plan.tables)
    }

    pub(super) fn brings_function(&self, unit: UnitIndex, name: &str) -> bool {
        self.brings(unit, name, |plan| &plan.functions)
    }

    pub(super) fn brings_field(&self, unit: UnitIndex, wire: &str) -> bool {
        self.brings(unit, wire, |plan| &plan.fields)
    }

    pub(super) fn shares_field(&self, unit: UnitIndex, wire: &str) -> bool {
        let shared = |plan: &Plan| plan.shared.contains(&(unit, wire.to_owned()));
        self.plan.as_ref().is_some_and(shared)
    }

    /// Whether what is called `name` there can be called through `used`.
    pub(super) fn shows(&self, used: &Use, name: &str, entity: Entity<'a>) -> bool {
        match entity {
            _ if used.is_module() => true,
            Entity::Field(_) | Entity::Repeat(_) => true,
            Entity::Rule(_) => used.judgements.iter().any(|j| j.text == name),
            Entity::Table(_) | Entity::Judgement(_) => false,
        }
    }

    pub(super) fn share_name(&mut self, unit: UnitIndex, wire: String, name: &'a ast::Name) {
        let place = SharedPlace::Name(name);
        self.shared.push(Shared { unit, wire, place });
    }

    pub(super) fn share_turn(
        &mut self,
        unit: UnitIndex,
        wire: String,
        (repeat, inner, index): (Id<Repeat<'a>>, &'a str, usize),
    ) {
        let place = SharedPlace::Turn {
            repeat,
            inner,
            index,
        };
        self.shared.push(Shared { unit, wire, place });
    }

    pub(super) fn share_count(&mut self, unit: UnitIndex, wire: String, repeat: Id<Repeat<'a>>) {
        let place = SharedPlace::Count(repeat);
        self.shared.push(Shared { unit, wire, place });
    }
}

/// Gives the names of the other disease's questions that the form asks itself their meaning.
pub(super) fn join<'a>(world: &mut World<'a>, diagnostics: &mut Vec<Diagnostic>) {
    let shared = std::mem::take(&mut world.shared);
    for Shared { unit, wire, place } in shared {
        let asked = world.fields.iter().find(|(_, f)| f.wire == wire);
        let Some(field) = asked.map(|(id, _)| id) else {
            continue;
        };
        match place {
            SharedPlace::Name(name) => {
                bind(world, unit, name, Entity::Field(field), false, diagnostics);
            }
            SharedPlace::Turn {
                repeat,
                inner,
                index,
            } => {
                let turns = world.repeats[repeat].names.entry(inner).or_default();
                turns.insert(index.min(turns.len()), field);
            }
            SharedPlace::Count(repeat) => world.repeats[repeat].count = Some(field),
        }
    }
}

/// What the judgements that are read from other diseases bring; nothing if none is.
pub(super) fn plan<'a>(units: &'a [Unit<'a>], diagnostics: &mut Vec<Diagnostic>) -> Option<Plan> {
    if units.iter().all(|u| u.lent.is_none()) {
        return None;
    }
    // Everything of every file, to look names up in.
    let mut unheard = Vec::new();
    let world = super::declare_all(units, None, &mut unheard);
    let own = |(id, field): (Id<Field<'a>>, &Field<'a>)| {
        (!world.is_lent(field.unit)).then(|| (field.wire.clone(), id))
    };
    let mut search = Search {
        world: &world,
        plan: Plan::default(),
        asked: world.fields.iter().filter_map(own).collect(),
        seen: BTreeSet::new(),
        waiting: Vec::new(),
        diagnostics,
    };
    for (unit, loaded) in units.iter().enumerate() {
        for used in loaded.uses.iter().filter(|u| !u.is_module()) {
            search.judgements(unit, used);
        }
    }
    search.run();
    Some(search.plan)
}

struct Search<'w, 'a> {
    world: &'w World<'a>,
    plan: Plan,
    /// Which field asks the question of this wire name.
    asked: BTreeMap<String, Id<Field<'a>>>,
    seen: BTreeSet<Id<Rule<'a>>>,
    waiting: Vec<Id<Rule<'a>>>,
    diagnostics: &'w mut Vec<Diagnostic>,
}

impl<'a> Search<'_, 'a> {
    fn judgements(&mut self, unit: UnitIndex, used: &Use) {
        let Some(lent) = self.world.lent_by(used.unit) else {
            // It reads the form itself: a circle, which is reported as such.
            return;
        };
        for name in &used.judgements {
            let known = lent.iter().map(|l| l.judgement.name.text.as_str());
            if !known.clone().any(|k| k == name.text) {
                let file = self.world.file(unit);
                let title = self.world.title(used.unit);
                self.diagnostics
                    .push(d::unknown_judgement(file, name, title, known));
                continue;
            }
            let path = ast::Path {
                names: vec![name.clone()],
                span: name.span,
            };
            if let Ok(entity) = self.world.resolve(used.unit, &path) {
                self.entity(entity);
            }
        }
    }

    fn run(&mut self) {
        while let Some(rule) = self.waiting.pop() {
            let rule = &self.world.rules[rule];
            for expr in rule_expressions(rule.kind) {
                self.expr(rule.unit.into(), expr);
            }
        }
    }

    /// Everything that `expr` reads.
    fn expr(&mut self, site: Site<'a>, expr: &'a Expr) {
        let mut parts = Vec::new();
        walk(self.world, site, expr, &mut |site, part| {
            parts.push((site, part));
        });
        for (site, part) in parts {
            match &part.kind {
                ExprKind::Ref(path) | ExprKind::Each { of: path, .. } => {
                    if let Ok(entity) = self.world.resolve(site, path) {
                        self.entity(entity);
                    }
                }
                ExprKind::BetterSide { field, .. } => {
                    let sides = self.world.question(site.unit, field);
                    for field in sides.into_iter().flat_map(|(_, sides)| sides) {
                        self.one_field(*field);
                    }
                }
                ExprKind::Call { function, .. } => {
                    if let Ok(Some((_, function))) = self.world.function(site.unit, function) {
                        let key = (function.unit, function.ast.name.text.clone());
                        self.plan.functions.insert(key);
                    }
                }
                ExprKind::Age { .. } => {
                    if let Some(birth_date) = self.world.birth_date() {
                        self.field(birth_date);
                    }
                }
                _ => {}
            }
        }
    }

    fn entity(&mut self, entity: Entity<'a>) {
        match entity {
            Entity::Rule(id) => {
                let rule = &self.world.rules[id];
                if self.world.is_lent(rule.unit) && self.seen.insert(id) {
                    let name = rule.kind.name().text.clone();
                    self.plan.rules.insert((rule.unit, name));
                    self.waiting.push(id);
                }
            }
            Entity::Field(field) => self.field(field),
            Entity::Repeat(repeat) => self.count_of(repeat),
            Entity::Table(_) | Entity::Judgement(_) => {}
        }
    }

    /// How many rows there are; nothing for sides.
    fn count_of(&mut self, repeat: Id<Repeat<'a>>) {
        if let Some(count) = self.world.repeats[repeat].count {
            self.one_field(count);
        }
    }

    /// A question of rows or sides is asked in all of them.
    fn field(&mut self, field: Id<Field<'a>>) {
        let Some(turn) = self.world.fields[field].turn else {
            return self.one_field(field);
        };
        let repeat = &self.world.repeats[turn.repeat];
        let same = |fields: &&Vec<Id<Field<'a>>>| fields.contains(&field);
        for field in repeat.names.values().find(same).into_iter().flatten() {
            self.one_field(*field);
        }
        self.count_of(turn.repeat);
    }

    fn one_field(&mut self, id: Id<Field<'a>>) {
        let field = &self.world.fields[id];
        if !self.world.is_lent(field.unit) {
            return;
        }
        let key = (field.unit, field.wire.clone());
        if self.plan.fields.contains(&key) || self.plan.shared.contains(&key) {
            return;
        }
        if let Some(asked) = self.asked.get(&field.wire) {
            let asked = &self.world.fields[*asked];
            if !same_type(self.world, asked, field) {
                self.diagnostics.push(d::other_type(
                    self.world.file(asked.unit),
                    asked.ast,
                    &field.wire,
                    self.world.title(field.unit),
                    (self.world.file(field.unit), field.ast),
                ));
            }
            self.plan.shared.insert(key);
            return;
        }
        self.asked.insert(field.wire.clone(), id);
        self.plan.fields.insert(key);
        if let Some(table) = field.table {
            let table = &self.world.tables[table];
            self.plan.tables.insert((table.unit, table.name.clone()));
        }
        for (site, modifier) in field.modifiers() {
            match &modifier.kind {
                ModifierKind::RequiredWhen(when) | ModifierKind::ShownWhen(when) => {
                    self.expr(site, when);
                }
                _ => {}
            }
        }
    }
}

/// Whether two questions accept the same answers.
fn same_type<'a>(world: &World<'a>, a: &Field<'a>, b: &Field<'a>) -> bool {
    let written = |n: &ast::NumberLiteral| n.digits.clone();
    let unit = |unit: &Option<ast::Text>| unit.as_ref().map(|u| u.text.clone());
    let range = |range: &Option<(ast::NumberLiteral, ast::NumberLiteral)>| {
        range
            .as_ref()
            .map(|(low, high)| (written(low), written(high)))
    };
    match (&a.ast.ty.kind, &b.ast.ty.kind) {
        (TypeKind::Choice(_) | TypeKind::Named(_), TypeKind::Choice(_) | TypeKind::Named(_))
        | (
            TypeKind::Choices(_) | TypeKind::ChoicesOf(_),
            TypeKind::Choices(_) | TypeKind::ChoicesOf(_),
        ) => match (a.table, b.table) {
            (Some(a), Some(b)) => {
                let (a, b) = (world.tables[a].codes, world.tables[b].codes);
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_code(a, b))
            }
            // A table that is unknown has been reported where it is named.
            _ => true,
        },
        (
            TypeKind::Integer {
                unit: a,
                range: low,
            },
            TypeKind::Integer {
                unit: b,
                range: high,
            },
        ) => unit(a) == unit(b) && range(low) == range(high),
        (
            TypeKind::Decimal {
                digits,
                fraction,
                unit: a,
                range: low,
            },
            TypeKind::Decimal {
                digits: other_digits,
                fraction: other_fraction,
                unit: b,
                range: high,
            },
        ) => {
            (digits, fraction) == (other_digits, other_fraction)
                && unit(a) == unit(b)
                && range(low) == range(high)
        }
        (a, b) => a == b,
    }
}

/// The same answer for a rule, whatever people call it.
fn same_code(a: &ast::Code, b: &ast::Code) -> bool {
    let points = |code: &ast::Code| code.points.as_ref().map(|p| p.digits.clone());
    a.value.text == b.value.text
        && a.name.text == b.name.text
        && a.unknown == b.unknown
        && points(a) == points(b)
}

/// The judgement of another disease that a file declares with this item.
pub(super) fn lent_judgement<'a>(lent: &'a [Lent], item: &ItemKind) -> Option<RuleKind<'a>> {
    let ItemKind::Judgement(judgement) = item else {
        return None;
    };
    lent.iter()
        .find(|lent| lent.judgement.name == judgement.name)
        .map(RuleKind::Lent)
}

//! What is known to hold where a field is read, so that a hidden field is never read by mistake.
//!
//! A field with `shown when` may be read only where the condition around it implies that it is
//! shown. The proof here is syntactic and errs on the side of an error: conjunctions are taken
//! apart, criteria opened, and `x is a` implies `x in { a; b }`; anything else must be written alike.

use crate::arena::Id;
use crate::world::{Entity, Field, UnitIndex, World};
use kohyo_dsl::ast::{self, Expr, ExprKind, ModifierKind, Only, Quantifier};
use std::collections::BTreeSet;

/// Something known to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact<'a> {
    /// A choice, grade or judgement is (or is not) one of these.
    Is {
        entity: Entity<'a>,
        options: BTreeSet<&'a str>,
        negated: bool,
    },
    /// The application is of this kind.
    Application(Only),
    /// A condition of this file, word by word.
    Source(UnitIndex, String),
}

/// Criteria are opened at most so deep.
const DEPTH: u32 = 16;

/// Everything that holds when `expr` does.
pub(crate) fn facts_of<'a>(world: &World<'a>, unit: UnitIndex, expr: &'a Expr) -> Vec<Fact<'a>> {
    let mut facts = Vec::new();
    collect(world, unit, expr, DEPTH, &mut facts);
    facts
}

/// What must hold for a field to be shown.
pub(crate) fn shown_facts<'a>(world: &World<'a>, field: Id<Field<'a>>) -> Vec<Fact<'a>> {
    let field = &world.fields[field];
    let mut facts = Vec::new();
    for modifier in field.modifiers() {
        match &modifier.kind {
            ModifierKind::ShownWhen(condition) => {
                collect(world, field.unit, condition, DEPTH, &mut facts)
            }
            ModifierKind::NewOnly => facts.push(Fact::Application(Only::New)),
            ModifierKind::RenewalOnly => facts.push(Fact::Application(Only::Renewal)),
            _ => {}
        }
    }
    facts
}

/// Whether the known facts imply the needed one.
pub(crate) fn implies(known: &[Fact<'_>], needed: &Fact<'_>) -> bool {
    known.iter().any(|fact| match (fact, needed) {
        (
            Fact::Is {
                entity: a,
                options: has,
                negated: not_has,
            },
            Fact::Is {
                entity: b,
                options: wants,
                negated: not_wants,
            },
        ) => {
            a == b
                && match (not_has, not_wants) {
                    (false, false) => has.is_subset(wants),
                    (false, true) => has.is_disjoint(wants),
                    (true, true) => wants.is_subset(has),
                    (true, false) => false,
                }
        }
        _ => fact == needed,
    })
}

fn collect<'a>(
    world: &World<'a>,
    unit: UnitIndex,
    expr: &'a Expr,
    depth: u32,
    facts: &mut Vec<Fact<'a>>,
) {
    match &expr.kind {
        ExprKind::And(parts)
        | ExprKind::Block {
            quantifier: Quantifier::All,
            members: parts,
        } => {
            for part in parts {
                collect(world, unit, part, depth, facts);
            }
        }
        ExprKind::Unless(holds, _) => collect(world, unit, holds, depth, facts),
        ExprKind::Labelled(_, inner) => collect(world, unit, inner, depth, facts),
        ExprKind::TreatUnknown {
            condition,
            as_yes: false,
        } => collect(world, unit, condition, depth, facts),
        ExprKind::Application(only) => facts.push(Fact::Application(*only)),
        ExprKind::Is {
            subject,
            negated,
            options,
        } => {
            if let Some(entity) = entity_of(world, unit, subject) {
                let options = options.iter().map(|o| o.text.as_str()).collect();
                facts.push(Fact::Is {
                    entity,
                    options,
                    negated: *negated,
                });
            }
        }
        ExprKind::Ref(_) => {
            if depth > 0
                && let Some(Entity::Rule(rule)) = entity_of(world, unit, expr)
                && let crate::world::RuleKind::Criterion(definition) = world.rules[rule].kind
            {
                collect(
                    world,
                    world.rules[rule].unit,
                    &definition.rule,
                    depth - 1,
                    facts,
                );
            }
            facts.push(source(world, unit, expr));
        }
        _ => facts.push(source(world, unit, expr)),
    }
}

fn entity_of<'a>(world: &World<'a>, unit: UnitIndex, expr: &Expr) -> Option<Entity<'a>> {
    match &expr.kind {
        ExprKind::Ref(path) => world.resolve(unit, path).ok(),
        _ => None,
    }
}

fn source<'a>(world: &World<'a>, unit: UnitIndex, expr: &Expr) -> Fact<'a> {
    let text = world.units.get(unit).map_or("", |u| expr.span.of(u.text));
    Fact::Source(unit, text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The fields of `expr` that are not always shown.
pub(crate) fn hidable_fields<'a>(
    world: &World<'a>,
    unit: UnitIndex,
    expr: &'a Expr,
) -> Vec<Id<Field<'a>>> {
    let mut found = Vec::new();
    crate::visit::walk(expr, &mut |part: &ast::Expr| {
        if let Some(Entity::Field(field)) = entity_of(world, unit, part)
            && !shown_facts(world, field).is_empty()
            && !found.contains(&field)
        {
            found.push(field);
        }
    });
    found
}

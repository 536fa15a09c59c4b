//! Rows and sides: their questions become ordinary fields, one for each row or side.
//!
//! On the wire nothing is nested: `drugs_count`, `drugs_1_name`, …, `acuity_right`, `acuity_left`,
//! as in the official record layouts.

use super::{
    Entity, Field, Inside, MOST_ROWS, Member, Repeat, Turn, UnitIndex, World, bind,
    declare_members, help_of, inline_table, is_wire_name, with_prefix,
};
use crate::arena::Id;
use crate::diagnostics as d;
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, RepeatKind};
use kohyo_engine::program::Layout;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Declares rows or sides: a group with the question how many there are and one group for each.
pub(super) fn declare<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    ast: &'a ast::Repeat,
    inside: &Inside<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Member<'a> {
    check(world.file(unit), ast, diagnostics);
    let id = world.repeats.push(Repeat {
        unit,
        ast,
        count: None,
        names: BTreeMap::new(),
    });
    let entity = Entity::Repeat(id);
    bind(world, unit, &ast.name, entity, false, diagnostics);

    let inside = inside.group(unit, &ast.modifiers);
    let mut members = Vec::new();
    let layout = match &ast.kind {
        RepeatKind::Rows { count, .. } => {
            let wire = with_prefix(world, unit, &count.name.text);
            let shared = world.shares_field(unit, &wire);
            match super::declare_field(world, unit, count, &inside, diagnostics) {
                Some(field) => {
                    world.repeats[id].count = Some(field);
                    members.push(Member::Field(field));
                }
                None if shared => world.share_count(unit, wire, id),
                None => {}
            }
            Layout::Rows
        }
        RepeatKind::Sides(_) => Layout::Sides,
    };
    for index in 0..world.repeats[id].turns() {
        let turn = Turn { repeat: id, index };
        let within = Inside {
            turn: Some(turn),
            ..inside.clone()
        };
        let asked = declare_members(world, unit, &ast.members, &within, diagnostics);
        members.push(Member::Group {
            label: Cow::Owned(world.repeats[id].turn_label(index)),
            help: None,
            layout: Layout::Plain,
            members: asked,
        });
    }
    Member::Group {
        label: Cow::Borrowed(&ast.label.text),
        help: help_of(&ast.modifiers),
        layout,
        members,
    }
}

/// Declares a question in one row or side.
pub(super) fn declare_field<'a>(
    world: &mut World<'a>,
    unit: UnitIndex,
    ast: &'a ast::Field,
    inside: &Inside<'a>,
    turn: Turn<'a>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Id<Field<'a>>> {
    let inner = ast.name.text.as_str();
    let repeat = &world.repeats[turn.repeat];
    let name = repeat.field_name(turn.index, inner);
    let wire = with_prefix(world, unit, &name);
    if world.shares_field(unit, &wire) {
        world.share_turn(unit, wire, (turn.repeat, inner, turn.index));
        return None;
    }
    if !world.brings_field(unit, &wire) {
        return None;
    }
    let label = format!("{} {}", repeat.turn_label(turn.index), ast.label.text);
    let first = repeat.names.get(inner).and_then(|f| f.first()).copied();
    let doubled = first.filter(|first| world.fields[*first].ast.name.span != ast.name.span);
    let table = match first {
        // One table for all rows.
        Some(first) if doubled.is_none() => world.fields[first].table,
        _ => {
            let table = match &repeat.ast.kind {
                RepeatKind::Rows { .. } => format!("{}_{inner}", repeat.ast.name.text),
                RepeatKind::Sides(_) => inner.to_owned(),
            };
            inline_table(world, unit, ast, &table)
        }
    };
    let field = world.fields.push(Field {
        unit,
        ast,
        wire,
        label,
        turn: Some(turn),
        around: inside.around.clone(),
        table,
        position: 0,
    });
    if let Some(first) = doubled {
        let span = world.fields[first].ast.name.span;
        diagnostics.push(d::duplicate_name(world.file(unit), &ast.name, span));
        return Some(field);
    }
    let names = &mut world.repeats[turn.repeat].names;
    names.entry(inner).or_default().push(field);
    let name = ast::Name {
        text: name,
        span: ast.name.span,
    };
    let entity = Entity::Field(field);
    bind(world, unit, &name, entity, false, diagnostics);
    Some(field)
}

fn check(file: &str, ast: &ast::Repeat, diagnostics: &mut Vec<Diagnostic>) {
    if !is_wire_name(&ast.name.text) {
        diagnostics.push(d::field_name(file, &ast.name));
    }
    match &ast.kind {
        RepeatKind::Rows { low, high, count } => {
            if low > high || *high == 0 || *high > MOST_ROWS {
                diagnostics.push(d::row_range(file, count.span, MOST_ROWS));
            }
        }
        RepeatKind::Sides(sides) => {
            if let [only] = sides.as_slice() {
                diagnostics.push(d::one_side(file, only.name.span));
            }
            let mut names = BTreeSet::new();
            for side in sides {
                if !is_wire_name(&side.name.text) {
                    diagnostics.push(d::field_name(file, &side.name));
                }
                if !names.insert(&side.name.text) {
                    diagnostics.push(d::duplicate_side(file, &side.name));
                }
            }
        }
    }
}

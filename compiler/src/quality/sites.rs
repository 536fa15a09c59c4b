//! Every place of a program at which something can be changed once, in a fixed order.

use super::Owner;
use kohyo_engine::program::{
    Category, CodeTable, Cond, CondKind, FieldType, Index, Judgement, Number, NumberKind, Program,
    Rule,
};
use std::sync::Arc;

/// A place at which something can be changed.
pub(super) enum Site<'p> {
    /// A condition; the place says whether it stands directly under a `not`.
    Condition { cond: &'p mut Cond, negated: bool },
    /// A number.
    Number(&'p mut Number),
    /// The arms of a grade or table.
    Grade {
        arms: &'p mut Vec<(Cond, Index)>,
        otherwise: &'p mut Option<Index>,
    },
    /// The categories of a judgement.
    Categories(&'p mut Vec<Category>),
    /// The points of a code table that scores count.
    Points(&'p mut CodeTable),
}

/// What receives the sites, one after the other.
pub(super) type Visit<'v> = dyn FnMut(Site<'_>) + 'v;

/// Shows every site of the part `owner` of a program.
pub(super) fn visit(program: &mut Program, owner: Owner, each: &mut Visit<'_>) {
    match owner {
        Owner::Definition(index) => {
            if let Some(definition) = program.definitions.get_mut(index) {
                rule(&mut definition.rule, each);
            }
        }
        Owner::Judgement(index) => {
            if let Some(found) = program.judgements.get_mut(index) {
                judgement(found, each);
            }
        }
        Owner::Check(index) => {
            if let Some(check) = program.checks.get_mut(index) {
                condition(&mut check.violated, false, each);
            }
        }
        Owner::Field(index) => {
            if let Some(field) = program.fields.get_mut(index) {
                let conditions = [&mut field.shown_when, &mut field.required_when];
                for found in conditions.into_iter().flatten() {
                    condition(found, false, each);
                }
            }
        }
        Owner::Points { table, .. } => {
            if let Some(found) = program.code_tables.get_mut(table) {
                each(Site::Points(Arc::make_mut(found)));
            }
        }
    }
}

/// The code table of a choice.
pub(super) fn table_of(program: &Program, field: kohyo_engine::program::FieldId) -> Option<usize> {
    match program.fields.get(usize::from(field.0))?.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => Some(usize::from(table)),
        _ => None,
    }
}

fn rule(rule: &mut Rule, each: &mut Visit<'_>) {
    match rule {
        Rule::Criterion(found) => condition(found, false, each),
        Rule::Number { number: found, .. } => number(found, each),
        Rule::Grade {
            arms, otherwise, ..
        } => {
            each(Site::Grade { arms, otherwise });
            for (found, _) in arms {
                condition(found, false, each);
            }
        }
    }
}

fn judgement(judgement: &mut Judgement, each: &mut Visit<'_>) {
    each(Site::Categories(&mut judgement.categories));
    for found in judgement
        .categories
        .iter_mut()
        .filter_map(|category| category.when.as_mut())
    {
        condition(found, false, each);
    }
}

fn condition(cond: &mut Cond, negated: bool, each: &mut Visit<'_>) {
    each(Site::Condition { cond, negated });
    // The author wrote no codes there.
    if cond.compared_answers().is_some() {
        return;
    }
    match &mut cond.kind {
        CondKind::Const(_)
        | CondKind::Code { .. }
        | CondKind::Includes { .. }
        | CondKind::Answered(_)
        | CondKind::Criterion(_)
        | CondKind::Grade { .. }
        | CondKind::Category { .. }
        | CondKind::Application(_)
        | CondKind::CompareDates { .. } => {}
        CondKind::Not(inner) => condition(inner, true, each),
        CondKind::TreatUnknown {
            condition: inner, ..
        }
        | CondKind::IfShown {
            condition: inner, ..
        } => condition(inner, false, each),
        CondKind::All(members) | CondKind::Any(members) | CondKind::Count { of: members, .. } => {
            for member in members {
                condition(member, false, each);
            }
        }
        // A constant beside a comparison is its threshold: changed there, in the other side's steps.
        CondKind::Compare { left, right, .. } => {
            for side in [left, right] {
                if !is_constant(side) {
                    number(side, each);
                }
            }
        }
        CondKind::If(a, b, c) => {
            for part in [a, b, c] {
                condition(part, false, each);
            }
        }
    }
}

fn number(found: &mut Number, each: &mut Visit<'_>) {
    each(Site::Number(found));
    match &mut found.kind {
        NumberKind::Const(_)
        | NumberKind::Nothing
        | NumberKind::Field(_)
        | NumberKind::Points(_)
        | NumberKind::Definition(_)
        | NumberKind::Elapsed { .. } => {}
        NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
            for part in parts {
                number(part, each);
            }
        }
        NumberKind::Count(conditions) => {
            for member in conditions {
                condition(member, false, each);
            }
        }
        NumberKind::When {
            amount,
            condition: when,
        } => {
            number(amount, each);
            condition(when, false, each);
        }
        NumberKind::If(when, then, otherwise) => {
            condition(when, false, each);
            number(then, each);
            number(otherwise, each);
        }
        NumberKind::Arithmetic { left, right, .. } => {
            number(left, each);
            number(right, each);
        }
        NumberKind::Call { arguments, .. } | NumberKind::Script { arguments, .. } => {
            for argument in arguments {
                number(argument, each);
            }
        }
        NumberKind::IfShown { number: inner, .. } => number(inner, each),
    }
}

/// Whether a number is written in the rule.
pub(super) fn is_constant(number: &Number) -> bool {
    matches!(number.kind, NumberKind::Const(_))
}

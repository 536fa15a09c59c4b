//! Comparisons of scores and calculated values that always come out the same. (Of a plain field
//! the compiler says so without a proof.)

use super::ask::Prover;
use crate::diagnostics as d;
use crate::places::Place;
use kohyo_engine::Program;
use kohyo_engine::program::{Cond, CondKind, Number, NumberKind, Rule};

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    let places = prover.places();
    let own = program.definitions.iter().zip(&places.definitions);
    for (definition, place) in own.filter(|(_, place)| !place.lent) {
        let mut found = Vec::new();
        match &definition.rule {
            Rule::Criterion(condition) => comparisons(condition, &mut found),
            Rule::Number { number, .. } => inside(number, &mut found),
            Rule::Grade { arms, .. } => {
                for (index, (arm, _)) in arms.iter().enumerate() {
                    let mut own = Vec::new();
                    comparisons(arm, &mut own);
                    let known = place.arms.len() == arms.len();
                    let at = place.arms.get(index).filter(|_| known);
                    report(prover, at.copied().unwrap_or(place.name), &own);
                }
            }
        }
        report(prover, place.name, &found);
    }
    for (judgement, place) in program.judgements.iter().zip(&places.judgements) {
        for (index, category) in judgement.categories.iter().enumerate() {
            let mut found = Vec::new();
            category
                .when
                .iter()
                .for_each(|when| comparisons(when, &mut found));
            let known = place.categories.len() == judgement.categories.len();
            let at = place.categories.get(index).filter(|_| known);
            report(prover, at.copied().unwrap_or(place.name), &found);
        }
    }
    for (check, place) in program.checks.iter().zip(&places.checks) {
        let mut found = Vec::new();
        comparisons(&check.violated, &mut found);
        report(prover, *place, &found);
    }
}

/// A rule that has a finding of its own is not also taken apart.
fn report(prover: &mut Prover<'_>, place: Place, found: &[&Cond]) {
    if found.is_empty() || prover.is_reported(place) {
        return;
    }
    prover.topic(|prover| always_the_same(prover, place, found));
}

fn always_the_same(prover: &mut Prover<'_>, place: Place, found: &[&Cond]) {
    let (file, span) = prover.located(place);
    for condition in found {
        let pair = prover.encoder.cond(condition);
        if prover.exists(pair.yes) == Some(false) {
            prover.finding(d::threshold_beyond(file, span, &condition.text, false));
        } else if prover.exists(pair.no) == Some(false) {
            prover.finding(d::threshold_beyond(file, span, &condition.text, true));
        }
    }
}

/// The comparisons of anything but two constants or a plain field with a constant.
fn comparisons<'c>(condition: &'c Cond, found: &mut Vec<&'c Cond>) {
    match &condition.kind {
        CondKind::Compare { left, right, .. } => {
            let plain = |number: &Number| {
                matches!(number.kind, NumberKind::Const(_) | NumberKind::Field(_))
            };
            if !(plain(left) && plain(right)) {
                found.push(condition);
            }
            inside(left, found);
            inside(right, found);
        }
        CondKind::Not(inner)
        | CondKind::TreatUnknown {
            condition: inner, ..
        }
        | CondKind::IfShown {
            condition: inner, ..
        } => comparisons(inner, found),
        // The lower end of a lowest range, `0..4`, always holds and says what the notice says.
        CondKind::All(parts) if is_range(parts) => {}
        CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
            parts.iter().for_each(|part| comparisons(part, found));
        }
        CondKind::If(condition, then, otherwise) => {
            [condition, then, otherwise]
                .into_iter()
                .for_each(|part| comparisons(part, found));
        }
        _ => {}
    }
}

/// `x in 3..5` is two comparisons of one number.
fn is_range(parts: &[Cond]) -> bool {
    match parts {
        [from, to] => match (&from.kind, &to.kind) {
            (CondKind::Compare { left: a, .. }, CondKind::Compare { left: b, .. }) => a == b,
            _ => false,
        },
        _ => false,
    }
}

/// The conditions inside a number.
fn inside<'c>(number: &'c Number, found: &mut Vec<&'c Cond>) {
    match &number.kind {
        NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
            parts.iter().for_each(|part| inside(part, found));
        }
        NumberKind::Count(conditions) => {
            conditions.iter().for_each(|part| comparisons(part, found));
        }
        NumberKind::When { amount, condition } => {
            comparisons(condition, found);
            inside(amount, found);
        }
        NumberKind::If(condition, then, otherwise) => {
            comparisons(condition, found);
            inside(then, found);
            inside(otherwise, found);
        }
        NumberKind::Arithmetic { left, right, .. } => {
            inside(left, found);
            inside(right, found);
        }
        NumberKind::IfShown { number, .. } => inside(number, found),
        _ => {}
    }
}

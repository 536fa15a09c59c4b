//! Fields that are never shown, never certainly hidden although a condition says when to show them,
//! never required although a condition says when, or that influence nothing.

use super::ask::Prover;
use super::encode::Pair;
use super::reads::Cone;
use super::solver::{Answer, Lit};
use crate::diagnostics as d;
use kohyo_engine::Program;
use kohyo_engine::program::{Cond, CondKind, Field, FieldId, Member, Part, Section};
use std::collections::BTreeSet;

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    let judged = judged(program);
    for (id, field) in (0..=u16::MAX).map(FieldId).zip(&program.fields) {
        prover.topic(|prover| asked(prover, id, field));
    }
    prover.topic(|prover| idle(prover, &judged));
}

/// A field is shown to somebody, required of somebody if a condition says when, and hidden from
/// somebody.
fn asked(prover: &mut Prover<'_>, id: FieldId, field: &Field) {
    let place = prover
        .places()
        .fields
        .get(usize::from(id.0))
        .copied()
        .unwrap_or_default();
    let (file, span) = prover.located(place);
    let always = field.required;
    let label = &field.label;
    let shown = prover.encoder.shown(id);
    if prover.exists(shown.yes) == Some(false) {
        prover.finding(if always {
            d::required_never_shown(file, span, label)
        } else {
            d::never_shown(file, span, label)
        });
        return;
    }
    if field.required_when.is_some() {
        let required = prover.required(id);
        if prover.exists(required.yes) == Some(false) {
            prover.finding(d::never_required(file, span, label));
        }
    }
    // The rows of a repetition stand at one place.
    if !prover.is_reported(place)
        && let Some(open) = never_hidden(prover, field)
    {
        let unknown = unknown(prover, open);
        prover.finding(d::never_hidden(file, span, label, &unknown));
    }
}

/// What the judgements depend on.
fn judged(program: &Program) -> Cone {
    let judgements = program.judgements.iter();
    let categories = judgements.flat_map(|judgement| &judgement.categories);
    Cone::of(
        program,
        categories.filter_map(|category| category.when.as_ref()),
    )
}

/// The part of `shown when` that is never false, and alone keeps it unknown whether the field is
/// shown.
fn never_hidden<'p>(prover: &mut Prover<'_>, field: &'p Field) -> Option<&'p Cond> {
    let shown = field.shown_when.as_deref()?;
    let parts = match &shown.kind {
        CondKind::All(parts) => parts.as_slice(),
        _ => std::slice::from_ref(shown),
    };
    let program: &Program = prover.program;
    let pairs: Vec<(Pair, Lit)> = parts
        .iter()
        .map(|part| {
            let fails = crate::unasked::fails(program, part);
            let encoder = &mut prover.encoder;
            (encoder.cond(part), encoder.cond(&fails).yes)
        })
        .collect();
    let mut parts = parts.iter().zip(&pairs).enumerate();
    let found = parts.find(|(own, (_, (_, fails)))| {
        let open = pairs.iter().enumerate();
        let open = open.map(|(other, (part, _))| if other == *own { !part.yes } else { part.yes });
        let open: Vec<Lit> = open.collect();
        prover.exists(*fails) == Some(false) && matches!(prover.ask(&open), Answer::Yes)
    });
    found.map(|(_, (part, _))| part)
}

/// The answers that leave a condition on other answers unknown: 「検査」の「未実施」.
fn unknown(prover: &Prover<'_>, condition: &Cond) -> Vec<String> {
    let mut found = Vec::new();
    if let CondKind::Code { field, codes } = &condition.kind {
        let label = prover.program.fields.get(usize::from(field.0));
        let label = label.map_or("", |field| field.label.as_str());
        for (code, index) in prover.encoder.codes(*field).iter().zip(0..) {
            if code.unknown && !codes.contains(&index) {
                found.push(format!("「{label}」の「{}」", code.label));
            }
        }
    }
    condition.each_part(|part| {
        if let Part::Cond(part) = part {
            for more in unknown(prover, part) {
                if !found.contains(&more) {
                    found.push(more);
                }
            }
        }
    });
    found
}

/// Fields of sections that judgements read, which nothing reads: no judgement, check, condition or
/// calculated value.
fn idle(prover: &mut Prover<'_>, judged: &Cone) {
    let program: &Program = prover.program;
    let mut read = judged.clone();
    let checks = program.checks.iter();
    read.join(&Cone::of(
        program,
        checks.clone().map(|check| &check.violated),
    ));
    let fields = program.fields.iter();
    let conditions = fields.flat_map(|field| [&field.shown_when, &field.required_when]);
    let conditions = conditions.filter_map(Option::as_deref);
    read.join(&Cone::of(program, conditions));
    let mut used = read.fields;
    used.extend(checks.flat_map(|check| &check.at));
    for definition in &program.definitions {
        used.extend(match &definition.rule {
            kohyo_engine::program::Rule::Criterion(condition) => {
                Cone::of(program, [condition]).fields
            }
            kohyo_engine::program::Rule::Number { number, .. } => {
                Cone::of_number(program, number).fields
            }
            kohyo_engine::program::Rule::Grade { arms, .. } => {
                Cone::of(program, arms.iter().map(|(condition, _)| condition)).fields
            }
        });
    }
    for section in &program.sections {
        let mut members = BTreeSet::new();
        collect(&section.members, &mut members);
        if members.is_disjoint(&judged.fields) {
            continue;
        }
        for id in members.difference(&used) {
            note(prover, *id, section);
        }
    }
}

fn note(prover: &mut Prover<'_>, id: FieldId, section: &Section) {
    let program: &Program = prover.program;
    let (Some(field), Some(place)) = (
        program.fields.get(usize::from(id.0)),
        prover.places().fields.get(usize::from(id.0)),
    ) else {
        return;
    };
    let (file, span) = prover.located(*place);
    prover.note(d::influences_nothing(
        file,
        span,
        &section.label,
        &field.label,
    ));
}

fn collect(members: &[Member], fields: &mut BTreeSet<FieldId>) {
    for member in members {
        match member {
            Member::Group { members, .. } => collect(members, fields),
            Member::Field(id) => {
                fields.insert(*id);
            }
            Member::Note(_) | Member::Display(_) => {}
        }
    }
}

//! Fields that are never shown, never required although a condition says when, or that influence
//! nothing.

use super::ask::Prover;
use super::reads::Cone;
use crate::diagnostics as d;
use kohyo_engine::Program;
use kohyo_engine::program::{FieldId, Member, Section};
use std::collections::BTreeSet;

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    for (id, field) in (0..=u16::MAX).map(FieldId).zip(&program.fields) {
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
        } else if field.required_when.is_some() {
            let required = prover.required(id);
            if prover.exists(required.yes) == Some(false) {
                prover.finding(d::never_required(file, span, label));
            }
        }
    }
    idle(prover);
}

/// Fields of sections that judgements read, which nothing reads: no judgement, check, condition or
/// calculated value.
fn idle(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    let judged = Cone::of(
        program,
        program
            .judgements
            .iter()
            .flat_map(|judgement| &judgement.categories)
            .filter_map(|category| category.when.as_ref()),
    );
    let mut read = judged.clone();
    let checks = program.checks.iter();
    read.join(&Cone::of(
        program,
        checks.clone().map(|check| &check.violated),
    ));
    let fields = program.fields.iter();
    let conditions = fields.flat_map(|field| [&field.shown_when, &field.required_when]);
    read.join(&Cone::of(program, conditions.flatten()));
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

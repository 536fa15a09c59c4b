//! Checks that never or always fire, and error checks that leave no acceptable record.

use super::Claim;
use super::ask::Prover;
use super::reads::Cone;
use super::solver::{Answer, Lit};
use crate::diagnostics as d;
use crate::places::Place;
use kohyo_engine::Program;
use kohyo_engine::program::{Application, Check, FieldId, Index, JudgementId, Level};

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    for (index, check) in (0..Index::MAX).zip(&program.checks) {
        prover.topic(|prover| fires_and_is_silent(prover, index, check));
    }
    prover.topic(acceptable);
}

/// Somebody violates a check, and somebody who has answered what it needs does not.
fn fires_and_is_silent(prover: &mut Prover<'_>, index: Index, check: &Check) {
    let violated = prover.violated(index);
    let place = place(prover, index);
    let (file, span) = prover.located(place);
    if prover.exists(violated) == Some(false) {
        let finding = d::check_never(file, span, &check.id);
        let conflict = super::criteria::conflict(prover, &check.violated);
        prover.finding(match conflict {
            Some(conflict) => finding.note(conflict),
            None => finding,
        });
        return;
    }
    let applies = check
        .only
        .map_or(Lit::TRUE, |only| prover.encoder.application(only));
    let complete = complete(prover, check.at.iter().copied());
    let mut silent = complete;
    silent.extend([applies, !violated]);
    if let Answer::No(_) = prover.ask(&silent) {
        prover.finding(d::check_always(file, span, &check.id));
    }
}

fn place(prover: &Prover<'_>, check: Index) -> Place {
    let places = &prover.places().checks;
    places.get(usize::from(check)).copied().unwrap_or_default()
}

/// If these fields are required, they are answered.
fn complete(prover: &mut Prover<'_>, fields: impl Iterator<Item = FieldId>) -> Vec<Lit> {
    fields
        .map(|field| {
            let required = prover.required(field);
            let answered = prover.encoder.answered(field);
            prover.encoder.solver.or(answered, !required.yes)
        })
        .collect()
}

/// Some complete record violates no error check, some eligible one does, and every required item
/// can be answered in one.
fn acceptable(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    let errors: Vec<(Index, Lit)> = (0..Index::MAX)
        .zip(&program.checks)
        .filter(|(_, check)| check.level == Level::Error)
        .map(|(index, _)| (index, !prover.violated(index)))
        .collect();
    if errors.is_empty() {
        return;
    }
    let fields = prover.checked_fields();
    let complete = complete(prover, fields.iter().copied());
    let kept: Vec<Lit> = errors.iter().map(|(_, kept)| *kept).collect();
    let mut certain = true;
    let mut clean = true;
    for (application, word) in [
        (Application::New, "新規申請"),
        (Application::Renewal, "更新申請"),
    ] {
        let applies = prover.encoder.application(application);
        let mut all = vec![applies];
        all.extend(&complete);
        if !matches!(prover.ask(&all), Answer::Yes) {
            continue;
        }
        all.extend(&kept);
        match prover.ask(&all) {
            Answer::Yes => {}
            Answer::Unsettled => certain = false,
            Answer::No(core) => {
                clean = false;
                report(prover, &errors, &core, |file, span, ids| {
                    d::no_record(file, span, word, ids)
                });
                continue;
            }
        }
        if let Some(eligible) = eligible(prover) {
            let mut wanted = all.clone();
            wanted.push(eligible);
            let possible = matches!(prover.ask(&[applies, eligible]), Answer::Yes);
            match prover.ask(&wanted) {
                Answer::No(core) if possible => {
                    clean = false;
                    report(prover, &errors, &core, |file, span, ids| {
                        d::no_eligible_record(file, span, word, ids)
                    });
                }
                Answer::Unsettled => certain = false,
                Answer::Yes | Answer::No(_) => {}
            }
        }
    }
    if clean {
        clean = answerable(prover, &fields, &complete, &errors);
    }
    let (Some((first, _)), true) = (errors.first(), clean) else {
        return;
    };
    let place = place(prover, *first);
    let text =
        "エラーのチェックは互いに矛盾しない（必須項目をすべて記入して、受け付けられる記録がある）"
            .to_owned();
    if certain {
        prover.proven(place, Claim::ChecksAgree, text);
    } else {
        prover.not_proven(place, Claim::ChecksAgree, text, &Cone::default());
    }
}

/// Each field that error checks read and that can be required has an acceptable answer.
fn answerable(
    prover: &mut Prover<'_>,
    fields: &std::collections::BTreeSet<FieldId>,
    complete: &[Lit],
    errors: &[(Index, Lit)],
) -> bool {
    let program: &Program = prover.program;
    let mut clean = true;
    let mut acceptable = complete.to_vec();
    acceptable.extend(errors.iter().map(|(_, kept)| *kept));
    let mut required: Vec<Lit> = Vec::with_capacity(fields.len());
    for field in fields {
        required.push(prover.required(*field).yes);
    }
    if prover.is_brief() {
        answered_together(prover, &acceptable, required.clone());
    }
    for (field, required) in fields.iter().zip(required) {
        let mut wanted = acceptable.clone();
        wanted.push(required);
        let Answer::No(core) = prover.ask(&wanted) else {
            continue;
        };
        let mut without = complete.to_vec();
        without.push(required);
        if matches!(prover.ask(&without), Answer::Yes)
            && let Some(found) = program.fields.get(usize::from(field.0))
        {
            clean = false;
            report(prover, errors, &core, |file, span, ids| {
                d::no_answer(file, span, &found.label, ids)
            });
        }
    }
    clean
}

/// Looks for one record in which as many of these fields as possible are required: it answers for
/// all of them at once, and whoever asks for each finds it known.
fn answered_together(prover: &mut Prover<'_>, acceptable: &[Lit], mut required: Vec<Lit>) {
    while !required.is_empty() {
        let wanted: Vec<Lit> = acceptable.iter().chain(&required).copied().collect();
        let Answer::No(core) = prover.ask(&wanted) else {
            return;
        };
        let before = required.len();
        required.retain(|lit| !core.contains(lit));
        if required.len() == before {
            return;
        }
    }
}

/// Every judgement that decides the result is in an eligible category.
fn eligible(prover: &mut Prover<'_>) -> Option<Lit> {
    let program: &Program = prover.program;
    let mut all = Vec::new();
    for (id, judgement) in (0..=u16::MAX).map(JudgementId).zip(&program.judgements) {
        if !program.decides(judgement) {
            continue;
        }
        let conditions = prover.encoder.categories(id);
        let categories = judgement.categories.iter().enumerate();
        let some: Vec<Lit> = categories
            .filter(|(_, category)| category.eligible)
            .map(|(index, _)| prover.encoder.first(&conditions, index))
            .collect();
        all.push(prover.encoder.solver.any(some));
    }
    (!all.is_empty()).then(|| prover.encoder.solver.all(all))
}

/// One finding at the last of the checks that exclude each other.
fn report(
    prover: &mut Prover<'_>,
    errors: &[(Index, Lit)],
    core: &[Lit],
    finding: impl Fn(&str, kohyo_dsl::Span, &str) -> kohyo_dsl::Diagnostic,
) {
    let program: &Program = prover.program;
    let guilty: Vec<Index> = errors
        .iter()
        .filter(|(_, kept)| core.contains(kept))
        .map(|(index, _)| *index)
        .collect();
    let Some((last, others)) = guilty.split_last() else {
        return;
    };
    let ids: Vec<&str> = guilty
        .iter()
        .filter_map(|index| program.checks.get(usize::from(*index)))
        .map(|check| check.id.as_str())
        .collect();
    let (file, span) = prover.located(place(prover, *last));
    let mut found = finding(file, span, &ids.join("、"));
    for other in others {
        let (file, span) = prover.located(place(prover, *other));
        found = found.label(file, span, "このチェックと");
    }
    prover.finding(found);
}

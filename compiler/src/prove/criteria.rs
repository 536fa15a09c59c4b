//! Criteria that never hold, or always.

use super::Claim;
use super::ask::Prover;
use super::patient::Wish;
use super::reach::out_of_reach;
use super::reads::Cone;
use super::solver::{Answer, Lit};
use crate::diagnostics as d;
use crate::places::Place;
use kohyo_dsl::Diagnostic;
use kohyo_engine::program::{Cond, CondKind, DefinitionId, Rule};
use kohyo_engine::{Program, Question};

pub(super) fn prove(prover: &mut Prover<'_>) {
    let program: &Program = prover.program;
    for (id, definition) in (0..=u16::MAX).map(DefinitionId).zip(&program.definitions) {
        let Rule::Criterion(condition) = &definition.rule else {
            continue;
        };
        if matches!(condition.kind, CondKind::Const(_)) {
            continue;
        }
        let place = match prover.places().definitions.get(usize::from(id.0)) {
            Some(place) if !place.lent => place.name,
            // What another disease lends is proven there, what is declared beside its rule.
            _ => continue,
        };
        prover.topic(|prover| reachable(prover, id, &definition.label, condition, place));
    }
}

/// Somebody meets a criterion, and somebody does not.
fn reachable(
    prover: &mut Prover<'_>,
    id: DefinitionId,
    label: &str,
    condition: &Cond,
    place: Place,
) {
    let pair = prover.encoder.criterion(id);
    let (file, span) = prover.located(place);
    let cone = Cone::of(prover.program, [condition]);
    let holds = |wanted| [Wish::Is(Question::Criterion(id), wanted)];
    let some = prover.somebody(pair.yes, &holds(true), &cone);
    if some == Some(false) {
        let finding = match conflict(prover, condition) {
            Some(conflict) => d::criterion_never(file, span, label).note(conflict),
            None => d::criterion_never(file, span, label),
        };
        let beyond = out_of_reach(prover, condition);
        let finding = beyond.into_iter().fold(finding, Diagnostic::help);
        return prover.finding(finding);
    }
    let other = prover.somebody(pair.no, &holds(false), &cone);
    if other == Some(false) {
        prover.finding(d::criterion_always(file, span, label));
    } else if some.is_none() || other.is_none() {
        let shown = if some.is_none() {
            "満たす"
        } else {
            "満たさない"
        };
        let text = format!("基準「{label}」を{shown}患者がいる");
        prover.not_proven(place, Claim::Reachable, text, &cone);
    }
}

/// Says which two parts of a conjunction exclude each other.
pub(super) fn conflict(prover: &mut Prover<'_>, condition: &Cond) -> Option<String> {
    let CondKind::All(parts) = &condition.kind else {
        return None;
    };
    let lits: Vec<(Lit, &str)> = parts
        .iter()
        .map(|part| (prover.encoder.cond(part).yes, part.text.as_str()))
        .collect();
    let all: Vec<Lit> = lits.iter().map(|(lit, _)| *lit).collect();
    let Answer::No(core) = prover.ask(&all) else {
        return None;
    };
    let mut guilty = lits
        .iter()
        .filter(|(lit, _)| core.contains(lit))
        .map(|(_, text)| *text);
    match (guilty.next(), guilty.next(), guilty.next()) {
        (Some(a), Some(b), None) => Some(format!("同時に成り立たない条件: {a}／{b}")),
        _ => None,
    }
}

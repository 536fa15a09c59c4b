//! Grades, bands, tables and numbers chosen row by row: no gap where nothing comes out, no cells
//! that give two answers, no arm that can never be reached.

use super::Claim;
use super::ask::{Found, Prover};
use super::boundary::{Arm, shared_values};
use super::exceptions::{
    Declared, Gaps, RowBands, declared, gaps_are_there, outside, overlaps_are_there,
};
use super::narrow::{ends, fallen, received, time_between};
use super::patient::{Patient, Wish};
use super::reach::out_of_reach;
use super::reads::Cone;
use super::solver::Lit;
use crate::diagnostics as d;
use crate::places::{DefinitionPlace, Place, Reading};
use kohyo_dsl::Diagnostic;
use kohyo_engine::program::{
    Cond, DefinitionId, Excepted, Exception, ExceptionKind, FieldId, Index, Number, NumberKind,
    Outcome, Part, Rule,
};
use kohyo_engine::{Answer, Program, Question};
use std::collections::BTreeSet;

/// Of one definition so many gaps and overlaps are told.
const TOLD: usize = 4;

/// The cells of a table that are looked at one by one.
const MOST_CELLS: usize = 256;

/// The grades of the program, then these numbers, whose rows stand as grades behind its definitions.
pub(super) fn prove(prover: &mut Prover<'_>, numbers: &[DefinitionId]) {
    let program: &Program = prover.program;
    let own = prover.places().definitions.len();
    for (id, definition) in (0..=u16::MAX).map(DefinitionId).zip(&program.definitions) {
        let (outcomes, arms, otherwise, covered) = match &definition.rule {
            Rule::Grade {
                outcomes,
                arms,
                otherwise,
                covered,
            } => (outcomes, arms, otherwise, *covered),
            // Where a number is meant to have no value, that is declared, or its periods say so.
            Rule::Number { .. } => {
                let places = &prover.places().definitions;
                let place = places.get(usize::from(id.0));
                let dated = place.is_some_and(|p| p.dated);
                let bands = place.is_some_and(|p| p.bands);
                let gap = |e: &Exception| {
                    e.kind == ExceptionKind::Gap && e.of == Excepted::Definition(id)
                };
                let declared = program.exceptions.iter().any(gap);
                if dated {
                    prover.dated.insert(id);
                } else if declared && bands && !numbers.contains(&id) {
                    prover.declared_gaps.insert(id);
                }
                continue;
            }
            Rule::Criterion(_) => continue,
        };
        let behind = usize::from(id.0).checked_sub(own);
        let written = behind.and_then(|position| numbers.get(position).copied());
        // Behind those stand the choices inside of rules.
        if behind.is_some() && written.is_none() {
            continue;
        }
        let written = written.unwrap_or(id);
        let place = prover
            .places()
            .definitions
            .get(usize::from(written.0))
            .cloned()
            .unwrap_or_default();
        let mut cone = Cone::of(program, arms.iter().map(|(condition, _)| condition));
        let of = Excepted::Definition(written);
        let gaps = declared(prover, of, ExceptionKind::Gap, &mut cone);
        let overlaps = declared(prover, of, ExceptionKind::Overlap, &mut cone);
        let about = About {
            id,
            written,
            label: &definition.label,
            arms,
            outcomes,
            bands: row_bands(program, written, &place, &cone),
            cone,
            place,
            gaps,
            overlaps,
        };
        match otherwise {
            // Known already: one of the arms always holds.
            None if covered => prover.topic(|prover| {
                let found = gaps_declared(prover, &about);
                if !about.place.lent {
                    let text = about.no_gap_but(found);
                    prover.proven(about.place.name, Claim::NoGap, text);
                }
            }),
            None => prover.topic(|prover| complete(prover, &about)),
            Some(otherwise) => {
                prover.topic(|prover| between(prover, &about, *otherwise));
                prover.topic(|prover| otherwise_reachable(prover, &about, *otherwise));
            }
        }
        // What another disease lends is proven there.
        if about.place.lent {
            continue;
        }
        match about.place.reading {
            Reading::Cells => {
                prover.topic(|prover| unambiguous(prover, &about));
                prover.topic(|prover| possible(prover, &about));
            }
            Reading::Ordered => {
                prover.topic(|prover| reachable(prover, &about));
                prover.topic(|prover| boundaries(prover, &about));
                prover.topic(|prover| taken(prover, &about));
            }
        }
        if !about.overlaps.is_empty() {
            prover.topic(|prover| {
                overlaps_are_there(
                    prover,
                    about.label,
                    &about.overlaps,
                    &about.pairs(),
                    &about.alone(),
                    &about.cone,
                );
            });
        }
    }
}

struct About<'p> {
    id: DefinitionId,
    /// What the author wrote, a grade or a number.
    written: DefinitionId,
    label: &'p str,
    arms: &'p [(Cond, Index)],
    outcomes: &'p [Outcome],
    cone: Cone,
    /// The number, if bands in its rows leave values out.
    bands: Option<RowBands>,
    place: DefinitionPlace,
    /// Declared to be in the official text.
    gaps: Vec<Declared>,
    overlaps: Vec<Declared>,
}

impl About<'_> {
    fn arm(&self, index: usize, wanted: bool) -> Wish {
        let index = Index::try_from(index).unwrap_or(Index::MAX);
        Wish::Is(Question::Arm(self.id, index), wanted)
    }

    fn place_of(&self, index: usize) -> Place {
        match self.place.arms.get(index) {
            Some(place) if self.place.arms.len() == self.arms.len() => *place,
            _ => self.place.name,
        }
    }

    /// Two arms with different outcomes each.
    fn pairs(&self) -> Vec<(Wish, Wish)> {
        let differ = |a: usize, b: usize| self.outcome(a).0 != self.outcome(b).0;
        (0..self.arms.len())
            .flat_map(|b| (0..b).map(move |a| (a, b)))
            .filter(|(a, b)| differ(*a, *b))
            .map(|(a, b)| (self.arm(a, true), self.arm(b, true)))
            .collect()
    }

    /// For each outcome that no arm with another one holds.
    fn alone(&self) -> Vec<Vec<Wish>> {
        let outcomes: BTreeSet<Index> = self.arms.iter().map(|(_, outcome)| *outcome).collect();
        let others = |own: Index| {
            let others = (0..self.arms.len()).filter(move |arm| self.outcome(*arm).0 != own);
            others.map(|arm| self.arm(arm, false)).collect()
        };
        outcomes.into_iter().map(others).collect()
    }

    fn outcome(&self, arm: usize) -> (Index, &str) {
        let index = self.arms.get(arm).map_or(0, |(_, outcome)| *outcome);
        (index, self.label_of(index))
    }

    fn label_of(&self, outcome: Index) -> &str {
        let found = self.outcomes.get(usize::from(outcome));
        found.map_or("", |outcome| outcome.label.as_str())
    }

    fn no_gap(&self) -> String {
        format!(
            "「{}」には隙間がない（どの値も、どれかに当てはまる）",
            self.label
        )
    }

    /// The same, but for gaps that are declared.
    fn no_gap_but(&self, declared: Gaps) -> String {
        if declared.among_arms || declared.inside {
            format!("「{}」には、宣言した隙間のほかに隙間がない", self.label)
        } else {
            self.no_gap()
        }
    }

    /// None of the arms holds.
    fn no_arm(&self) -> Vec<Wish> {
        (0..self.arms.len())
            .map(|arm| self.arm(arm, false))
            .collect()
    }
}

/// A number chosen row by row of which some rows are bands that leave values out.
fn row_bands(
    program: &Program,
    id: DefinitionId,
    place: &DefinitionPlace,
    arms: &Cone,
) -> Option<RowBands> {
    let definition = program.definitions.get(usize::from(id.0))?;
    let Rule::Number { number, .. } = &definition.rule else {
        return None;
    };
    if place.reading == Reading::Cells {
        return None;
    }
    let mut bands = false;
    let mut rest = number;
    for _ in &place.arms {
        let NumberKind::If(_, row, otherwise) = &rest.kind else {
            return None;
        };
        bands |= leaves_out(row);
        rest = otherwise;
    }
    bands |= rest.kind != NumberKind::Nothing && leaves_out(rest);
    bands.then(|| {
        let mut cone = Cone::of_number(program, number);
        cone.join(arms);
        RowBands { number: id, cone }
    })
}

/// Whether a number has no value where none of its own rows or bands holds.
fn leaves_out(number: &Number) -> bool {
    let mut found = number.kind == NumberKind::Nothing;
    number.each_part(|part| {
        if let Part::Number(inner) = part {
            found |= leaves_out(inner);
        }
    });
    found
}

/// The declared gaps are there. Whoever falls in one and gets no value is told to those who read it.
fn gaps_declared(prover: &mut Prover<'_>, about: &About<'_>) -> Gaps {
    let no_arm = about.no_arm();
    let found = gaps_are_there(
        prover,
        about.label,
        &about.gaps,
        std::slice::from_ref(&no_arm),
        about.bands.as_ref(),
        &about.cone,
    );
    if found.inside {
        prover.declared_gaps.insert(about.written);
    }
    found
}

/// Somebody gets `otherwise`, or what is in the last of the bands that cover everything.
fn otherwise_reachable(prover: &mut Prover<'_>, about: &About<'_>, otherwise: Index) {
    let pairs = prover.encoder.arms(about.id);
    let lit = prover.encoder.first(&pairs, pairs.len());
    if about.place.lent || prover.exists(lit) != Some(false) {
        return;
    }
    let places = &about.place.arms;
    let last = (places.len() == about.arms.len() + 1).then(|| places.last());
    let place = last.flatten().copied().unwrap_or(about.place.name);
    let (file, span) = prover.located(place);
    let outcome = about.label_of(otherwise);
    prover.finding(d::nobody_left(file, span, about.label, outcome));
}

/// Nobody falls into a narrow gap between two arms and gets `otherwise`.
fn between(prover: &mut Prover<'_>, about: &About<'_>, otherwise: Index) {
    let no_arm = about.no_arm();
    gaps_declared(prover, about);
    if about.place.lent {
        return;
    }
    let of = Excepted::Definition(about.id);
    let (found, certain) = fallen(prover, of, &no_arm, &about.cone, &about.gaps, &[]);
    if !certain {
        prover.borders_not_proven(about.place.name, about.label, &about.cone);
    }
    for gap in found {
        let (file, span) = prover.located(about.place_of(gap.above));
        let (other, first) = prover.located(about.place_of(gap.below));
        let arms = (about.outcome(gap.below).1, about.outcome(gap.above).1);
        let otherwise = about.label_of(otherwise);
        prover.finding(gap.finding((file, span), (other, first), about.label, arms, otherwise));
    }
}

/// Nobody falls into a narrow gap between two arms and gets a later one that does not mean them.
fn taken(prover: &mut Prover<'_>, about: &About<'_>) {
    let of = Excepted::Definition(about.id);
    let wish = |arm: usize, holds: bool| about.arm(arm, holds);
    let outcome = |arm: usize| usize::from(about.outcome(arm).0);
    let (found, certain) = received(prover, of, &[], wish, outcome, &about.cone);
    if !certain {
        prover.borders_not_proven(about.place.name, about.label, &about.cone);
    }
    for (gap, receiver) in found {
        let above = prover.located(about.place_of(gap.above));
        let below = prover.located(about.place_of(gap.below));
        let arms = (about.outcome(gap.below).1, about.outcome(gap.above).1);
        prover.finding(gap.taken(above, below, about.label, arms, about.outcome(receiver).1));
    }
}

/// Whoever can be judged at all gets an outcome.
fn complete(prover: &mut Prover<'_>, about: &About<'_>) {
    let wishes = about.no_arm();
    if gaps_declared(prover, about).among_arms {
        prover.declared_gaps.insert(about.written);
    }
    let text = match about.gaps.as_slice() {
        [] => about.no_gap(),
        _ => format!("「{}」には、宣言した隙間のほかに隙間がない", about.label),
    };
    let wishes: Vec<Wish> = wishes.into_iter().chain(outside(&about.gaps)).collect();
    // A gap between bands is reported where they are read.
    let known = prover.is_reported_as("E0621", &about.place.arms);
    let mut leaves = Vec::new();
    for (condition, _) in about.arms {
        prover.encoder.leaves(condition, &mut leaves);
    }
    let mut regions = Vec::new();
    let mut told: Vec<(String, Option<String>)> = Vec::new();
    loop {
        match prover.find_outside(&wishes, &about.cone, false, &regions) {
            Found::Nobody | Found::Unsettled if about.place.lent => return,
            Found::Example(_) if about.place.lent || known => {
                prover.gaps.insert(about.written);
                return;
            }
            Found::Nobody if regions.is_empty() => {
                return prover.proven(about.place.name, Claim::NoGap, text);
            }
            Found::Nobody | Found::Unsettled => break,
            Found::Example(_) if told.len() == TOLD => {
                if let Some((last, _)) = told.last_mut() {
                    last.push_str("。ほかにもあります");
                }
                break;
            }
            Found::Example(patient) => {
                let example = prover.example(&patient, &about.cone);
                regions.push(prover.same_reason(&wishes, &about.cone, &leaves));
                if !told.iter().any(|(known, _)| *known == example) {
                    told.push((
                        example,
                        earlier_than_begun(prover.program, about.arms, &patient),
                    ));
                }
                if regions.len() == 2 * TOLD {
                    break;
                }
            }
        }
    }
    if told.len() < TOLD {
        let of = Excepted::Definition(about.id);
        let no_arm = about.no_arm();
        let (more, _) = fallen(prover, of, &no_arm, &about.cone, &about.gaps, &regions);
        told.extend(more.into_iter().map(|gap| (gap.example, None)));
    }
    if told.is_empty() {
        return prover.not_proven(about.place.name, Claim::NoGap, text, &about.cone);
    }
    prover.gaps.insert(about.written);
    let (file, span) = prover.located(about.place.name);
    for (example, earlier) in told {
        let in_table = about.place.reading == Reading::Cells;
        let finding = d::gap(file, span, about.label, in_table).note(example);
        prover.finding(earlier.into_iter().fold(finding, Diagnostic::help));
    }
}

/// What to do about a patient in no arm whose time between two dates, an age mostly, is less than
/// nothing: such a record is to be refused.
fn earlier_than_begun(
    program: &Program,
    arms: &[(Cond, Index)],
    patient: &Patient,
) -> Option<String> {
    let said = arms.iter().flat_map(|(when, _)| ends(program, when));
    let dates = said.filter_map(|end| time_between(end.measure));
    let dates = dates.filter_map(|(from, to)| {
        let day = |id: FieldId| match patient.answers.get(id) {
            Answer::Date(date) => Some(*date),
            _ => None,
        };
        (day(to)?.last_day() < day(from)?.first_day()).then_some((from, to))
    });
    let (from, to) = dates.into_iter().next()?;
    let field = |id: FieldId| program.fields.get(usize::from(id.0));
    Some(d::earlier_than_begun(field(from)?, field(to)?))
}

/// No patient fits two cells with different outcomes.
fn unambiguous(prover: &mut Prover<'_>, about: &About<'_>) {
    let pairs = prover.encoder.arms(about.id);
    let mut open = Vec::new();
    let cells = || {
        pairs
            .iter()
            .zip(about.arms)
            .map(|(pair, (_, outcome))| (pair.yes, *outcome))
    };
    let same = cells().all(|(_, outcome)| Some(outcome) == about.arms.first().map(|arm| arm.1));
    for (a, (x, one)) in cells().enumerate().filter(|_| !same) {
        for (b, (y, other)) in cells().enumerate().skip(a + 1) {
            if one != other {
                let both = prover.encoder.solver.and(x, y);
                if both != Lit::FALSE {
                    open.push((a, b, both));
                }
            }
        }
    }
    let text = format!(
        "「{}」の答えは一つ（異なる結果のセルは重ならない）",
        about.label
    );
    let text = match about.overlaps.as_slice() {
        [] => text,
        _ => format!("{text}。宣言した重なりを除く"),
    };
    let any: Vec<Lit> = open.iter().map(|(.., both)| *both).collect();
    let any = prover.encoder.solver.any(any);
    let others = prover.outside(&about.overlaps);
    let any = prover.encoder.solver.and(any, others);
    match prover.exists(any) {
        Some(false) => return prover.proven(about.place.name, Claim::OneAnswer, text),
        Some(true) => {}
        None => return prover.not_proven(about.place.name, Claim::OneAnswer, text, &about.cone),
    }
    let (mut told, mut certain) = (0, true);
    for (a, b, _) in open {
        if told == TOLD {
            break;
        }
        let mut wishes = vec![about.arm(a, true), about.arm(b, true)];
        wishes.extend(outside(&about.overlaps));
        match prover.find(&wishes, &about.cone, false) {
            Found::Nobody => {}
            Found::Unsettled => certain = false,
            Found::Example(patient) => {
                told += 1;
                let example = prover.example(&patient, &about.cone);
                let (file, span) = prover.located(about.place_of(b));
                let (other, first) = prover.located(about.place_of(a));
                let (one, two) = (about.outcome(a).1, about.outcome(b).1);
                let finding = d::two_answers(file, span, about.label, one, two)
                    .note(example)
                    .label(other, first, format!("こちらでは「{one}」"));
                prover.finding(finding);
            }
        }
    }
    match (told, certain) {
        (0, true) => prover.proven(about.place.name, Claim::OneAnswer, text),
        (0, false) => prover.not_proven(about.place.name, Claim::OneAnswer, text, &about.cone),
        _ => {}
    }
}

/// Somebody fits each cell, of a table that people read cell by cell.
fn possible(prover: &mut Prover<'_>, about: &About<'_>) {
    if about.arms.len() > MOST_CELLS {
        return;
    }
    for (index, pair) in prover.encoder.arms(about.id).into_iter().enumerate() {
        let place = about.place_of(index);
        if prover.exists(pair.yes) == Some(false) && !prover.is_reported(place) {
            let (file, span) = prover.located(place);
            let outcome = about.outcome(index).1;
            prover.finding(d::arm_never(file, span, about.label, outcome));
        }
    }
}

/// Each arm counts for somebody.
fn reachable(prover: &mut Prover<'_>, about: &About<'_>) {
    let pairs = prover.encoder.arms(about.id);
    for index in 0..pairs.len() {
        let lit = prover.encoder.first(&pairs, index);
        let before = (0..index).map(|before| about.arm(before, false));
        let wishes: Vec<Wish> = before.chain([about.arm(index, true)]).collect();
        let outcome = about.outcome(index).1;
        match prover.somebody(lit, &wishes, &about.cone) {
            Some(true) => continue,
            Some(false) => {}
            None => {
                let place = about.place_of(index);
                prover.reach_not_proven(place, about.label, outcome, &about.cone);
                continue;
            }
        }
        let (file, span) = prover.located(about.place_of(index));
        let finding = match prover.find(&[about.arm(index, true)], &about.cone, false) {
            Found::Example(patient) => {
                let example = prover.example(&patient, &about.cone);
                d::arm_covered(file, span, about.label, outcome).note(example)
            }
            Found::Nobody | Found::Unsettled => {
                let when = about.arms.get(index).map(|(when, _)| when);
                let beyond = when.and_then(|when| out_of_reach(prover, when));
                let finding = d::arm_never(file, span, about.label, outcome);
                beyond.into_iter().fold(finding, Diagnostic::help)
            }
        };
        prover.finding(finding);
    }
}

/// No two arms meet at a value that both have.
fn boundaries(prover: &mut Prover<'_>, about: &About<'_>) {
    // Of bands the compiler says so without a proof.
    if prover.is_reported_as("E0622", &about.place.arms) {
        return;
    }
    let arms = Arm::all(about.arms);
    let of = Excepted::Definition(about.id);
    let wish = |arm: usize, holds: bool| about.arm(arm, holds);
    let (found, certain) =
        shared_values(prover, of, &arms, &about.cone, (&[], &about.overlaps), wish);
    if !certain {
        prover.borders_not_proven(about.place.name, about.label, &about.cone);
    }
    for shared in found {
        let second = prover.located(about.place_of(shared.second));
        let first = prover.located(about.place_of(shared.first));
        let outcomes = (
            about.outcome(shared.first).1,
            about.outcome(shared.second).1,
        );
        prover.finding(shared.finding(first, second, about.label, outcomes));
    }
}

//! Arms read in order that meet at one value and both have it: `x >= 30`, then `x <= 30`.
//!
//! The order decides, so that nobody gets two answers; but a published table whose ranges meet at a
//! value says two things of it, and the author should know which one was chosen. Where the later
//! arm goes on beyond the value, as in `>= 90`, `>= 60`, the order is what the author meant.

use super::ask::{Found, Prover};
use super::encode::Pair;
use super::exceptions::{Declared, outside};
use super::patient::Wish;
use super::reads::Cone;
use kohyo_engine::program::{Cond, CondKind, DefinitionId, Number, NumberKind, Rule};
use kohyo_engine::{Decimal, Program};
use std::collections::BTreeSet;

/// One of the arms.
pub(super) struct Arm<'p> {
    pub(super) condition: &'p Cond,
    /// What comes out; arms with the same outcome do not contradict each other.
    pub(super) outcome: usize,
}

/// Two arms that share just one value, with a patient there.
pub(super) struct Shared {
    pub(super) first: usize,
    pub(super) second: usize,
    pub(super) example: String,
}

/// Every two arms with different outcomes that share just one value, apart from what is declared.
pub(super) fn shared_values(
    prover: &mut Prover<'_>,
    arms: &[Arm<'_>],
    cone: &Cone,
    declared: &[Declared],
    wish: impl Fn(usize, bool) -> Wish,
) -> Vec<Shared> {
    let program: &Program = prover.program;
    let cuts: Vec<Vec<Cut<'_>>> = arms
        .iter()
        .map(|arm| cuts(program, arm.condition))
        .collect();
    let mut found = Vec::new();
    for (second, low) in cuts.iter().enumerate() {
        for (first, high) in cuts.iter().enumerate().take(second) {
            let outcome = |arm: usize| arms.get(arm).map(|arm| arm.outcome);
            if outcome(first) == outcome(second) {
                continue;
            }
            let (Some(one), Some(two)) = (arms.get(first), arms.get(second)) else {
                continue;
            };
            let one = prover.encoder.cond(one.condition);
            let two = prover.encoder.cond(two.condition);
            let common = high
                .iter()
                .filter(|cut| low.iter().any(|other| other.is(cut)));
            let meet = common
                .into_iter()
                .any(|cut| meet_at(prover, one, two, *cut) || meet_at(prover, two, one, *cut));
            if !meet {
                continue;
            }
            let mut wishes: Vec<Wish> = (0..first).map(|before| wish(before, false)).collect();
            wishes.extend([wish(first, true), wish(second, true)]);
            wishes.extend(outside(declared));
            if let Found::Example(patient) = prover.find(&wishes, cone, false) {
                let example = prover.example(&patient, cone);
                found.push(Shared {
                    first,
                    second,
                    example,
                });
            }
        }
    }
    found
}

/// A value with which a number is compared.
#[derive(Clone, Copy)]
struct Cut<'p> {
    number: &'p Number,
    at: Decimal,
}

/// The upper one holds only from the value on, the lower one only up to it; both hold at it, and
/// each goes on without the other.
fn meet_at(prover: &mut Prover<'_>, upper: Pair, lower: Pair, cut: Cut<'_>) -> bool {
    let encoder = &mut prover.encoder;
    let from = encoder.at_least(cut.number, cut.at, false);
    let beyond = encoder.at_least(cut.number, cut.at, true);
    let solver = &mut encoder.solver;
    let both = solver.and(upper.yes, lower.yes);
    let upper_elsewhere = solver.and(upper.yes, !from.yes);
    let lower_elsewhere = solver.and(lower.yes, !beyond.no);
    let upper_goes_on = solver.and(upper.yes, beyond.yes);
    let lower_goes_on = solver.and(lower.yes, from.no);
    prover.exists(both) == Some(true)
        && prover.exists(upper_elsewhere) == Some(false)
        && prover.exists(lower_elsewhere) == Some(false)
        && prover.exists(upper_goes_on) == Some(true)
        && prover.exists(lower_goes_on) == Some(true)
}

/// The values with which numbers are compared in a condition and in the criteria it names.
fn cuts<'p>(program: &'p Program, condition: &'p Cond) -> Vec<Cut<'p>> {
    let mut search = Search {
        program,
        opened: BTreeSet::new(),
        found: Vec::new(),
    };
    search.cond(condition);
    search.found
}

struct Search<'p> {
    program: &'p Program,
    opened: BTreeSet<DefinitionId>,
    found: Vec<Cut<'p>>,
}

impl<'p> Search<'p> {
    fn cond(&mut self, condition: &'p Cond) {
        match &condition.kind {
            CondKind::Compare { left, right, .. } => {
                let (number, at) = match (&left.kind, &right.kind) {
                    (_, NumberKind::Const(at)) => (left, *at),
                    (NumberKind::Const(at), _) => (right, *at),
                    _ => return,
                };
                let cut = Cut { number, at };
                if !self.found.iter().any(|known| known.is(&cut)) {
                    self.found.push(cut);
                }
            }
            CondKind::Criterion(id) => {
                let found = self.program.definitions.get(usize::from(id.0));
                if self.opened.insert(*id)
                    && let Some(Rule::Criterion(inner)) = found.map(|found| &found.rule)
                {
                    self.cond(inner);
                }
            }
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
                parts.iter().for_each(|part| self.cond(part));
            }
            CondKind::Not(inner)
            | CondKind::TreatUnknown {
                condition: inner, ..
            }
            | CondKind::IfShown {
                condition: inner, ..
            } => self.cond(inner),
            CondKind::If(condition, then, otherwise) => {
                for part in [condition, then, otherwise] {
                    self.cond(part);
                }
            }
            CondKind::Const(_)
            | CondKind::Application(_)
            | CondKind::Code { .. }
            | CondKind::Includes { .. }
            | CondKind::Answered(_)
            | CondKind::Grade { .. }
            | CondKind::Category { .. }
            | CondKind::CompareDates { .. } => {}
        }
    }
}

impl Cut<'_> {
    fn is(&self, other: &Cut<'_>) -> bool {
        self.at == other.at && self.number.kind == other.number.kind
    }
}

//! Proofs about a program: what holds for every patient, or one patient for whom it does not.
//!
//! ```text
//! Program ─ encode ─► circuits ─ solver ─► impossible ──────────────────────► proven
//!                                    └───► combination ─ patient ─► engine ─► finding with an example
//!                                                              └─► not real ► not proven
//! ```
//!
//! In goes a [`Compilation`], out come findings (ordinary diagnostics, each with one concrete
//! example patient that the engine has confirmed), the statements that were proven, and those that
//! could be neither proven nor refuted. Unknown and unanswered are cells of the partition like any
//! other. Effort is counted, never timed: the same definition gives the same report everywhere.

mod solver;
mod state;
mod encode;
mod number;
mod dates;
mod questions;
mod reads;
mod timeline;
mod spans;
mod lengths;
mod patient;
mod words;
mod ask;
mod again;

mod exceptions;
mod choices;
mod inner;
mod boundary;
mod narrow;
mod doubts;
mod weights;
mod judgements;
mod grades;
mod criteria;
mod checks;
mod fields;
mod thresholds;
mod reach;

pub(crate) mod covered;
pub(crate) mod hidden;

mod nearest;

mod canon;
mod difference;
pub(crate) mod wanted;

pub(crate) use ask::Found;
pub(crate) use nearest::{Demand, Nearest};
pub(crate) use patient::Patient;
pub(crate) use timeline::shifted;

pub use again::ProofCache;
pub use difference::{
    Beside, Difference, Edition, Proven, Region, Written, difference, difference_beside,
    difference_of,
};

use crate::Compilation;
use crate::places::Place;
use again::Memory;
use ask::Prover;
use boundary::Alternatives;
use inner::{Borders, Inner};
use kohyo_dsl::{Diagnostic, Span};
use narrow::NarrowGaps;
use std::rc::Rc;
use weights::Weights;

/// What the proofs of a definition say.
#[derive(Clone, Debug, Default)]
pub struct ProofReport {
    /// What is wrong, as warnings, each with an example patient where there is one.
    pub findings: Vec<Diagnostic>,
    /// For information: questions that influence nothing.
    pub notes: Vec<Diagnostic>,
    /// What holds for every patient.
    pub proven: Vec<Statement>,
    /// What could be neither proven nor refuted.
    pub not_proven: Vec<Statement>,
    /// Findings of the compiler about values that nobody has, or that stand among `findings` with a
    /// patient: with the proofs at hand, they are not told.
    pub superseded: Vec<Diagnostic>,
}

/// Something said about a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What kind of thing is said.
    pub kind: Claim,
    /// What is said: 「重症度」の区分は網羅的.
    pub text: String,
    /// The file it is about.
    pub file: String,
    /// The place it is about.
    pub span: Span,
}

/// The kinds of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// No patient satisfies the conditions of two categories.
    Exclusive,
    /// Whoever has answered everything gets a category.
    Exhaustive,
    /// Every value gets an outcome.
    NoGap,
    /// No patient fits two cells with different outcomes.
    OneAnswer,
    /// Some complete record violates no error check.
    ChecksAgree,
    /// Neighbouring ranges leave no value out and share none.
    Borders,
    /// Somebody is meant by it.
    Reachable,
}

impl Claim {
    /// A few words for a summary.
    pub fn words(self) -> &'static str {
        match self {
            Self::Exclusive => "区分は排他的",
            Self::Exhaustive => "区分は網羅的",
            Self::NoGap => "隙間がない",
            Self::OneAnswer => "答えは一つ",
            Self::ChecksAgree => "チェックは矛盾しない",
            Self::Borders => "境目に漏れも重なりもない",
            Self::Reachable => "当てはまる患者がいる",
        }
    }
}

/// Steps of the search that the proofs of one definition may cost.
const BUDGET: u64 = 4_000_000;

/// Proves what can be proven about a compiled definition; an empty report if it has errors or is
/// a module (a module is proven with every disease that uses it).
pub fn prove(compilation: &Compilation) -> ProofReport {
    prove_remembering(compilation, None)
}

/// As [`prove`], by the answers of earlier proofs if only words have changed since.
pub fn prove_again(compilation: &Compilation, cache: &ProofCache) -> ProofReport {
    prove_remembering(compilation, Some(cache))
}

fn prove_remembering(compilation: &Compilation, cache: Option<&ProofCache>) -> ProofReport {
    let Some(program) = &compilation.program else {
        return ProofReport::default();
    };
    let (numbers, mut more): (Vec<_>, Vec<_>) =
        choices::chosen(program, &compilation.places.definitions)
            .into_iter()
            .unzip();
    let behind = |more: &[_]| program.definitions.len() + more.len();
    let places = &compilation.places;
    let inner = Inner::of(program, places, behind(&more));
    more.extend(inner.grades.iter().chain(&inner.criteria).cloned());
    let inner = Rc::new(inner);
    let mut alternatives = Alternatives::of(program, &more, places, behind(&more));
    let narrow_grades = more.len();
    more.append(&mut alternatives.criteria);
    let grades = more.get(..narrow_grades).unwrap_or_default();
    let mut narrow_gaps = NarrowGaps::of(program, grades, places, behind(&more));
    more.append(&mut narrow_gaps.criteria);
    let mut weights = Weights::of(program, places, behind(&more));
    more.append(&mut weights.criteria);
    let doubted = behind(&more);
    more.extend(doubts::criteria(&compilation.doubts));
    let extended = exceptions::extended(program, more);
    let put = |memory| {
        let mut prover = Prover::new(&extended, compilation, BUDGET);
        prover.memory = memory;
        prover.alternatives = alternatives.clone();
        prover.narrow_gaps = narrow_gaps.clone();
        prover.inner = Rc::clone(&inner);
        prover.encode_all();
        doubts::settle(&mut prover, &compilation.doubts, doubted);
        weights::prove(&mut prover, &weights);
        grades::prove(&mut prover, &numbers);
        let borders = Borders {
            weights: &weights,
            doubts: &compilation.doubts,
            first: doubted,
        };
        inner::prove(&mut prover, &numbers, &borders);
        judgements::prove(&mut prover);
        criteria::prove(&mut prover);
        checks::prove(&mut prover);
        fields::prove(&mut prover);
        thresholds::prove(&mut prover);
        prover
    };
    let (memory, mut remembered) = match cache {
        Some(cache) => {
            let (memory, meaning) = cache.memory(compilation, &extended);
            (memory, meaning.map(|meaning| (cache, meaning)))
        }
        None => (Memory::None, None),
    };
    let mut prover = put(memory);
    if prover.memory.is_recalling() && !(prover.memory.is_exhausted() && prover.is_clean()) {
        remembered = None;
        prover = put(Memory::None);
    }
    if let (Some((cache, meaning)), true) = (remembered, prover.is_clean()) {
        cache.keep(meaning, std::mem::replace(&mut prover.memory, Memory::None));
    }
    prover.report()
}

/// File and characters of a place.
fn located(compilation: &Compilation, place: Place) -> (&str, Span) {
    let file = compilation.files.get(place.file);
    (file.map_or("", String::as_str), place.span)
}

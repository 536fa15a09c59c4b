//! Two editions of a judgement: the same for every patient, or the kinds of changes between them,
//! each with a patient.
//!
//! ```text
//! two programs ─ Side ─► circuits of one solver, where what both ask is answered once (link)
//!                          │
//!    case files ─► known patients ─► hunt: a patient for each pair of outcomes that differ ─► Difference
//!                                      └─ twin: the patient as each edition asks it, judged by the engine
//! ```
//!
//! A question that both ask (same wire name, same kind of answer) is answered once while both ask
//! it. First come complete records: every pair of outcomes that differ is asked for, until for each
//! there is a patient of whom the engines say so, or it is proven that there is none. Records that
//! leave something open follow from those, as the engine gives a verdict just where all completions
//! agree; where a rule reads how a record stands (`treat unknown as`, `is answered`), that is proven
//! apart, or not said.

mod side;
mod link;
mod twin;
mod hunt;
mod told;

use super::encode::Encoder;
use super::solver::Lit;
use crate::Compilation;
use crate::cases::CaseFile;
use hunt::{Known, hunt};
use kohyo_engine::program::{Judgement, JudgementId};
use kohyo_engine::{Program, RawAnswers};
use side::Both;
use std::collections::HashMap;

/// How a judgement of two editions compares.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Name of the judgement.
    pub name: String,
    /// Its label in the new edition.
    pub label: String,
    /// The edition that alone has the judgement; then nothing is compared.
    pub only_in: Option<Edition>,
    /// The kinds of changes found, each with a patient: first those of patients whose verdict is
    /// settled in both.
    pub regions: Vec<Region>,
    /// Of whom it is proven that nothing else changes.
    pub proven: Proven,
    /// Changes that can be neither found nor excluded: 「該当 → 非該当」.
    pub unresolved: Vec<String>,
    /// Why something is not proven; nothing if all is.
    pub stopped: Option<String>,
    /// Records that cannot be compared, since only one edition can hold them.
    pub not_compared: Vec<String>,
    /// What is answered alike and means something else in each, in sentences.
    pub meant_otherwise: Vec<String>,
    /// Labels of the items that only the old judgement reads.
    pub only_old: Vec<String>,
    /// Labels of the items that only the new judgement reads.
    pub only_new: Vec<String>,
}

impl Difference {
    /// Whether both give every patient the same category.
    pub fn is_same(&self) -> bool {
        let compared = self.only_in.is_none() && self.not_compared.is_empty();
        compared
            && self.meant_otherwise.is_empty()
            && self.regions.is_empty()
            && self.proven == Proven::Everybody
    }
}

/// Of whom something is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proven {
    /// Of every record that both editions can hold.
    Everybody,
    /// Of those in which everything is known that the judgement reads.
    Complete,
    /// Of nobody.
    Nobody,
}

/// One of the two editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// 旧版.
    Old,
    /// 新版.
    New,
}

/// A kind of change: a category in the old edition, another one in the new, and a patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// 「例: …」.
    pub example: String,
    /// Category in the old edition; nothing if it is not settled there. Where both are called the
    /// same, with what tells them apart: 「該当（対象外）」.
    pub old: Option<String>,
    /// Category in the new edition; nothing if it is not settled there.
    pub new: Option<String>,
    /// The example as data.
    pub patient: Written,
}

/// A patient as records and case files write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Day of judgement: `2026-04-01`.
    pub on: String,
    /// `new` or `renewal`.
    pub application: &'static str,
    /// The answers by wire name as the old edition asks them.
    pub old: RawAnswers,
    /// As the new edition asks them.
    pub new: RawAnswers,
    /// No error check of either edition finds anything in them.
    pub is_acceptable: bool,
}

/// Patients known of the two editions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'c> {
    /// The cases of the old one.
    pub old: Option<&'c CaseFile>,
    /// The cases of the new one.
    pub new: Option<&'c CaseFile>,
}

/// Compares the judgements that an edition has, or the one of this name. Nothing is compared if one
/// of the definitions has errors.
pub fn difference(
    old: &Compilation,
    new: &Compilation,
    judgement: Option<&str>,
) -> Vec<Difference> {
    match (&old.program, &new.program) {
        (Some(old), Some(new)) => difference_of(old, new, judgement),
        _ => Vec::new(),
    }
}

/// The same for two programs.
pub fn difference_of(old: &Program, new: &Program, judgement: Option<&str>) -> Vec<Difference> {
    difference_beside(old, new, judgement, Beside::default())
}

/// The same, with patients of whom it is known already how they are judged: each is tried, and
/// others near them.
pub fn difference_beside(
    old: &Program,
    new: &Program,
    judgement: Option<&str>,
    beside: Beside<'_>,
) -> Vec<Difference> {
    let named = |name: &str| judgement.is_none_or(|wanted| wanted == name);
    let find = |program: &'_ Program, name: &str| {
        let position = program.judgements.iter().position(|j| j.name == name)?;
        Some((u16::try_from(position).ok()?, position))
    };
    let mut found = Vec::new();
    for after in new.judgements.iter().filter(|after| named(&after.name)) {
        let sides = (find(old, &after.name), find(new, &after.name));
        let (Some((a, at)), Some((b, _))) = sides else {
            found.push(only_in(Edition::New, after));
            continue;
        };
        let Some(before) = old.judgements.get(at) else {
            continue;
        };
        if are_alike(old, new) {
            found.push(alike(after));
            continue;
        }
        let asked = Asked {
            old: (old, JudgementId(a), before),
            new: (new, JudgementId(b), after),
        };
        found.extend(asked.compare(beside));
    }
    let gone = old.judgements.iter().filter(|before| named(&before.name));
    let gone = gone.filter(|before| find(new, &before.name).is_none());
    found.extend(gone.map(|before| only_in(Edition::Old, before)));
    found
}

/// Whether both say the same word for word wherever a judgement may look: no search has to show it.
fn are_alike(old: &Program, new: &Program) -> bool {
    old.programme == new.programme
        && old.fields == new.fields
        && old.code_tables == new.code_tables
        && old.definitions == new.definitions
        && old.judgements == new.judgements
        && old.functions == new.functions
}

/// A judgement that both editions have word for word.
fn alike(judgement: &Judgement) -> Difference {
    Difference {
        proven: Proven::Everybody,
        ..untold(judgement)
    }
}

/// A judgement that one edition alone has.
fn only_in(edition: Edition, judgement: &Judgement) -> Difference {
    Difference {
        only_in: Some(edition),
        ..untold(judgement)
    }
}

/// A judgement of which nothing is said yet.
fn untold(judgement: &Judgement) -> Difference {
    Difference {
        name: judgement.name.clone(),
        label: judgement.label.clone(),
        only_in: None,
        regions: Vec::new(),
        proven: Proven::Nobody,
        unresolved: Vec::new(),
        stopped: None,
        not_compared: Vec::new(),
        meant_otherwise: Vec::new(),
        only_old: Vec::new(),
        only_new: Vec::new(),
    }
}

/// A judgement with its program.
type Of<'a> = (&'a Program, JudgementId, &'a Judgement);

/// The two judgements to be compared.
#[derive(Clone, Copy)]
struct Asked<'a> {
    old: Of<'a>,
    new: Of<'a>,
}

impl<'a> Asked<'a> {
    fn compare(self, beside: Beside<'_>) -> Option<Difference> {
        let mut both = Both::new(self, None)?;
        let apart = both.apart();
        let [only_old, only_new] = both.only();
        let known = Known::of(&both, beside);
        let found = hunt(&mut both, &known, !apart.is_empty(), || {
            Both::new(self, Some(HashMap::new()))
        });
        Some(Difference {
            name: self.new.2.name.clone(),
            label: self.new.2.label.clone(),
            only_in: None,
            regions: found.regions,
            proven: found.proven,
            unresolved: found.unresolved,
            stopped: found.stopped,
            not_compared: apart.not_compared,
            meant_otherwise: apart.meant_otherwise,
            only_old,
            only_new,
        })
    }
}

/// What stands for conditions that read how a record stands; see [`Encoder::stand_ins`].
type StandIns = Option<HashMap<String, Lit>>;

/// Lends solver and stand-ins from one encoder to the other.
fn lend(from: &mut Encoder<'_>, to: &mut Encoder<'_>) {
    std::mem::swap(&mut from.solver, &mut to.solver);
    std::mem::swap(&mut from.stand_ins, &mut to.stand_ins);
}

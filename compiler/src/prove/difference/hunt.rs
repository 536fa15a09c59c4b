//! The search: a patient for each pair of outcomes that differ, or the proof that there is none.

use super::side::Both;
use super::twin::{Kind, Trial, Twin};
use super::{Beside, Proven, Region};
use crate::cases::{self, CaseFile};
use crate::prove::patient::Patient;
use crate::prove::solver::{Answer as Found, Lit};
use kohyo_engine::{Form, read_lenient};
use std::collections::{BTreeMap, BTreeSet};

/// Steps of the search for one judgement.
const BUDGET: u64 = 120_000;

/// So many combinations of one pair of outcomes are tried on the engine.
const TRIES: u32 = 4;

/// So many combinations without real answers are passed over in all.
const PASSED: u32 = 16;

/// So many neighbours of known patients are tried, and of those whom the solver only sketched.
const NEIGHBOURS: u32 = 12_000;

/// What came of it.
pub(super) struct Outcome {
    pub(super) regions: Vec<Region>,
    pub(super) proven: Proven,
    pub(super) unresolved: Vec<String>,
    pub(super) stopped: Option<String>,
}

/// Patients known from the case files.
pub(super) struct Known {
    twins: Vec<Twin>,
}

impl Known {
    pub(super) fn of(both: &Both<'_>, beside: Beside<'_>) -> Self {
        let mut trial = Trial::new(both);
        let mut twins = Vec::new();
        for (file, is_old) in [(beside.old, true), (beside.new, false)] {
            let Some(file) = file else { continue };
            let (own, other) = match is_old {
                true => (&both.forms.0, &both.forms.1),
                false => (&both.forms.1, &both.forms.0),
            };
            for patient in patients(own, file) {
                let nothing = Patient {
                    answers: kohyo_engine::Answers::new(other),
                    context: patient.context,
                };
                let twin = trial.joined(&patient, &nothing, is_old);
                twins.push(trial.filled(twin));
            }
        }
        Self { twins }
    }
}

/// The patients of a case file; what cannot be read counts as not answered.
fn patients(form: &Form, file: &CaseFile) -> Vec<Patient> {
    let cases = file.cases.iter();
    let patients = cases.filter_map(|case| {
        let context = cases::context(case)?;
        let (answers, _) = read_lenient(form, &cases::answers(form, file, case));
        Some(Patient { answers, context })
    });
    patients.collect()
}

/// Looks for everything that changes. `alone` gives the same two judgements once more, in which what
/// reads how a record stands is free to hold or not.
pub(super) fn hunt<'a>(
    both: &mut Both<'a>,
    known: &Known,
    is_partial: bool,
    alone: impl Fn() -> Option<Both<'a>>,
) -> Outcome {
    let mut hunt = Hunt {
        both,
        budget: BUDGET,
        neighbours: NEIGHBOURS,
        passed: 0,
        found: BTreeMap::new(),
        struck: Vec::new(),
        tries: BTreeMap::new(),
        unresolved: BTreeSet::new(),
        sketches: Vec::new(),
        spent: false,
        empty: false,
    };
    let proven = hunt.run(known, is_partial, alone);
    hunt.told(proven)
}

/// A patient for a kind of change.
struct Met {
    twin: Twin,
    acceptable: bool,
    complete: bool,
}

struct Hunt<'h, 'a> {
    both: &'h mut Both<'a>,
    budget: u64,
    neighbours: u32,
    passed: u32,
    found: BTreeMap<Kind, Met>,
    /// Combinations that are not asked for again.
    struck: Vec<Lit>,
    /// How many combinations of each were passed over.
    tries: BTreeMap<Kind, u32>,
    unresolved: BTreeSet<Kind>,
    /// What the solver found and the engine did not confirm.
    sketches: Vec<Twin>,
    spent: bool,
    /// No record can be compared at all.
    empty: bool,
}

impl<'a> Hunt<'_, 'a> {
    fn run(
        &mut self,
        known: &Known,
        is_partial: bool,
        alone: impl Fn() -> Option<Both<'a>>,
    ) -> Proven {
        self.empty = self.is_nobody();
        if self.empty {
            return Proven::Nobody;
        }
        self.meet_known(known);
        let complete = self.hunt_complete();
        if !complete || self.found.is_empty() {
            self.look_around(known);
        }
        let full = complete && !is_partial;
        let follows = |hunt: &mut Self| {
            !hunt.both.reads_state() || alone().is_some_and(|alone| hunt.is_same(alone))
        };
        if full && self.found.is_empty() && follows(self) {
            return Proven::Everybody;
        }
        let open = self.hunt_open(full && !self.both.reads_state());
        match (complete, open) {
            (true, true) => Proven::Everybody,
            (true, false) => Proven::Complete,
            (false, _) => Proven::Nobody,
        }
    }

    /// No complete record is one of both editions.
    fn is_nobody(&mut self) -> bool {
        let demands = self.both.complete.clone();
        let answer = self.both.solver().ask(&demands, &mut self.budget);
        matches!(answer, Found::No(_))
    }

    fn met(&self, kind: Kind) -> bool {
        self.found.contains_key(&kind)
    }

    /// The pairs of outcomes that differ, with the literal that says so.
    fn kinds(&mut self, wanted: impl Fn(&Both<'_>, Kind) -> bool) -> Vec<(Kind, Lit)> {
        let (before, after) = self.both.outcomes.clone();
        let mut kinds = Vec::new();
        for (i, a) in before.iter().enumerate() {
            for (j, b) in after.iter().enumerate() {
                let kind = (i, j);
                if self.both.differs(kind) && wanted(self.both, kind) {
                    kinds.push((kind, self.both.solver().and(*a, *b)));
                }
            }
        }
        kinds
    }

    /// Everything that changes for those of whom everything is known; whether nothing else does.
    fn hunt_complete(&mut self) -> bool {
        let kinds = self.kinds(|_, _| true);
        let complete = self.both.complete.clone();
        let calculated = [complete.clone(), self.both.calculated()].concat();
        let acceptable = [calculated.clone(), self.both.acceptable.clone()].concat();
        self.hunt_among(&kinds, &acceptable, true);
        self.hunt_among(&kinds, &calculated, false);
        let rest = self.hunt_among(&kinds, &complete, false);
        // What was passed over for being no real patient may be one all the same.
        let tried: Vec<Kind> = self.tries.keys().copied().collect();
        self.unresolved.extend(tried);
        self.tries.clear();
        let found: Vec<Kind> = self.found.keys().copied().collect();
        found.iter().for_each(|kind| {
            self.unresolved.remove(kind);
        });
        rest && self.unresolved.is_empty()
    }

    /// Changes from and to 判定不能, and of records that leave something open; whether nothing else
    /// changes. `follows`: those are settled where all completions agree.
    fn hunt_open(&mut self, follows: bool) -> bool {
        if self.spent {
            return false;
        }
        self.passed = 0;
        let changes: Vec<Kind> = self.found.keys().chain(&self.unresolved).copied().collect();
        let kinds = self.kinds(|both, (i, j)| {
            let open = (both.old.open(), both.new.open());
            match (i == open.0, j == open.1) {
                (true, _) if follows => changes.iter().any(|(a, b)| *b == j && *a != i),
                (_, true) if follows => changes.iter().any(|(a, b)| *a == i && *b != j),
                _ => !follows,
            }
        });
        let unresolved = self.unresolved.clone();
        let filled = [self.both.filled.clone(), self.both.acceptable.clone()].concat();
        self.hunt_among(&kinds, &filled, true);
        self.hunt_among(&kinds, &[], false);
        self.forget_answers(&kinds);
        self.unresolved = unresolved;
        let found = &self.found;
        self.unresolved.retain(|kind| !found.contains_key(kind));
        let all = kinds.iter().all(|(kind, _)| self.met(*kind));
        follows && all
    }

    /// A patient found already who leaves something open may be one of these.
    fn forget_answers(&mut self, kinds: &[(Kind, Lit)]) {
        let wanted: BTreeSet<Kind> = kinds
            .iter()
            .map(|(kind, _)| *kind)
            .filter(|kind| !self.met(*kind))
            .collect();
        let twins: Vec<Twin> = self.found.values().map(|met| met.twin.clone()).collect();
        let mut effort = NEIGHBOURS / 8;
        for twin in twins {
            self.look_near(&twin, &mut effort, &wanted);
        }
    }

    /// Asks for everybody of these kinds of whom the demands hold; whether there is nobody else.
    fn hunt_among(&mut self, kinds: &[(Kind, Lit)], demands: &[Lit], acceptable: bool) -> bool {
        loop {
            let open: Vec<(Kind, Lit)> = kinds
                .iter()
                .filter(|(kind, _)| !self.met(*kind) && !self.is_given_up(*kind))
                .copied()
                .collect();
            let differs = self.both.solver().any(open.iter().map(|(_, lit)| *lit));
            let mut asked = vec![differs];
            asked.extend(demands);
            asked.extend(&self.struck);
            if differs == Lit::FALSE {
                return true;
            }
            if self.passed >= PASSED {
                self.unresolved.extend(open.iter().map(|(kind, _)| *kind));
                return false;
            }
            match self.both.new.encoder.solver.ask(&asked, &mut self.budget) {
                Found::No(_) => return true,
                Found::Unsettled => {
                    self.spent = true;
                    self.unresolved.extend(open.iter().map(|(kind, _)| *kind));
                    return false;
                }
                Found::Yes => {}
            }
            let solver = &self.both.new.encoder.solver;
            let Some((kind, lit)) = open.into_iter().find(|(_, lit)| solver.value(*lit)) else {
                return false;
            };
            let leaves = self.both.leaves.clone();
            let region = self.both.solver().region(&leaves);
            self.try_on(kind, acceptable);
            if !self.met(kind) {
                let struck = self.both.solver().and(lit, region);
                self.struck.push(!struck);
                *self.tries.entry(kind).or_default() += 1;
                self.passed += 1;
            }
        }
    }

    fn is_given_up(&self, kind: Kind) -> bool {
        self.unresolved.contains(&kind) || self.tries.get(&kind).is_some_and(|n| *n >= TRIES)
    }

    /// Tries the patient whom the solver found last on the engine.
    fn try_on(&mut self, kind: Kind, acceptable: bool) {
        let twins = self.both.patients(kind, acceptable);
        for twin in &twins {
            let mut trial = Trial::new(self.both);
            let kind = trial.kind(twin);
            if self.both.differs(kind) && self.keep(twin.clone(), kind) {
                return;
            }
        }
        self.sketches.extend(twins);
    }

    /// Keeps a patient of whom the engines say so, unless there is as good a one.
    fn keep(&mut self, twin: Twin, kind: Kind) -> bool {
        let mut trial = Trial::new(self.both);
        let met = Met {
            acceptable: trial.is_acceptable(&twin),
            complete: trial.is_complete(&twin),
            twin,
        };
        let rank = |met: &Met| (met.acceptable, met.complete);
        let better = self
            .found
            .get(&kind)
            .is_none_or(|old| rank(&met) > rank(old));
        if better {
            self.found.insert(kind, met);
        }
        true
    }

    /// Whoever is known already.
    fn meet_known(&mut self, known: &Known) {
        for twin in &known.twins {
            let mut trial = Trial::new(self.both);
            let kind = trial.outlined(twin);
            let complete = self.both.is_settled(kind) && self.both.differs(kind);
            if complete {
                self.keep(twin.clone(), kind);
            }
        }
    }

    /// Whoever is near somebody known, or near somebody whom the solver sketched.
    fn look_around(&mut self, known: &Known) {
        let wanted: BTreeSet<Kind> = self
            .kinds(|both, kind| both.is_settled(kind))
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(|kind| !self.met(*kind) && (self.spent || self.unresolved.contains(kind)))
            .collect();
        let mut effort = self.neighbours;
        let sketches = std::mem::take(&mut self.sketches);
        for twin in sketches.iter().chain(&known.twins) {
            self.look_near(twin, &mut effort, &wanted);
        }
        let found: Vec<Kind> = self.found.keys().copied().collect();
        found.iter().for_each(|kind| {
            self.unresolved.remove(kind);
        });
    }

    fn look_near(&mut self, twin: &Twin, effort: &mut u32, wanted: &BTreeSet<Kind>) {
        let mut seen = BTreeMap::new();
        let mut trial = Trial::new(self.both);
        let found = &self.found;
        let is_open = |kind: &Kind| wanted.contains(kind) && !found.contains_key(kind);
        if !wanted.iter().any(is_open) {
            return;
        }
        let own = trial.outlined(twin);
        let mut near = vec![(twin.clone(), own)];
        trial.around(twin, effort, |_, twin, kind| {
            if is_open(&kind) && !seen.contains_key(&kind) {
                seen.insert(kind, ());
                near.push((twin, kind));
            }
            seen.len() == wanted.len()
        });
        for (twin, _) in near {
            // The engine may settle what three-valued logic leaves open.
            let kind = Trial::new(self.both).kind(&twin);
            if wanted.contains(&kind) && !self.met(kind) {
                self.keep(twin, kind);
            }
        }
    }

    /// Whether no completion of any record differs, whatever is read of how the record stands.
    fn is_same(&mut self, mut alone: Both<'a>) -> bool {
        let (before, after) = alone.outcomes.clone();
        let mut differs = Vec::new();
        for (i, a) in before.iter().enumerate() {
            for (j, b) in after.iter().enumerate() {
                if alone.differs((i, j)) {
                    differs.push(alone.solver().and(*a, *b));
                }
            }
        }
        let differs = alone.solver().any(differs);
        let demands = [vec![differs], alone.complete.clone()].concat();
        let answer = alone.solver().ask(&demands, &mut self.budget);
        matches!(answer, Found::No(_))
    }

    fn told(self, proven: Proven) -> Outcome {
        let stopped = self.why(proven);
        let both: &Both<'_> = self.both;
        let mut regions: Vec<(bool, Region)> = Vec::new();
        for (kind, met) in self.found {
            let twin = Trial::new(both).reduced(met.twin, kind);
            regions.push((!both.is_settled(kind), both.region(&twin, kind)));
        }
        regions.sort_by_key(|(open, _)| *open);
        let unresolved = self
            .unresolved
            .iter()
            .filter(|kind| both.is_settled(**kind));
        Outcome {
            regions: regions.into_iter().map(|(_, region)| region).collect(),
            proven,
            unresolved: unresolved.map(|kind| both.arrow(*kind)).collect(),
            stopped,
        }
    }

    /// Why not everything is proven.
    fn why(&self, proven: Proven) -> Option<String> {
        if self.empty {
            return Some("二つの版の両方で、すべて記入できる記録がありません".to_owned());
        }
        match proven {
            // Of whom it is proven says what is not.
            Proven::Everybody | Proven::Complete => None,
            Proven::Nobody if self.spent => Some("手数の上限に達しました".to_owned()),
            Proven::Nobody => {
                let mut names = self.both.new.calculated();
                names.extend(self.both.old.calculated());
                let names: Vec<String> = names
                    .into_iter()
                    .take(3)
                    .map(|n| format!("「{n}」"))
                    .collect();
                Some(match names.as_slice() {
                    [] => "当てはまりそうな答えの組合せを、実際の患者にできませんでした".to_owned(),
                    names => format!(
                        "{}の計算のため、当てはまりそうな答えの組合せを、実際の患者にできませんでした",
                        names.concat()
                    ),
                })
            }
        }
    }
}

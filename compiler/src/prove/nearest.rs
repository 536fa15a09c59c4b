//! Whole records close to another one: what is demanded holds, nothing is found that is not
//! allowed, everything that is required is answered, and all else stays as it was.
//!
//! ```text
//! demands ─ circuits ─ solver ─► which answers must differ ─► concrete answers ─ engine ─► mended, reduced
//! near ────────┘   (what stays is assumed; what the solver blames is let go)
//! ```
//!
//! The solver finds the combination, the engine has the last word: only a record of which the
//! engine says what was demanded is handed out.

use super::ask::Found;
use super::encode::{Encoder, Pair};
use super::patient::{Beside, Patient, Task, Wish, drafted, example_text, realise, trial_form};
use super::reads::Cone;
use super::solver::{self, Lit};
use super::state::State;
use super::timeline::shifted;
use crate::quality::Values;
use kohyo_engine::program::{
    Cond, DatePrecision, DefinitionId, FieldId, FieldType, Index, JudgementId, Level, Moment,
};
use kohyo_engine::{
    Answer, Answers, Context, Date, Decimal, Form, Probe, Program, Question, Scratch, Tri,
    findings_with,
};
use std::collections::BTreeSet;

/// Something that a record is to show.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand<'d> {
    /// A condition of the form holds, does not hold, or is unknown.
    Is(Question, Tri),
    /// The conditions of a judgement lead to this category.
    First(JudgementId, Index),
    /// Something is answered to a field, or nothing.
    Answered(FieldId, bool),
    /// Just this number is answered.
    Number(FieldId, Decimal),
    /// A condition that is none of the form's own holds, does not hold, or is unknown. The engine
    /// is not asked about it.
    Holds(&'d Cond, Tri),
    /// Just one of these conditions holds and the other does not. The engine is not asked.
    Differ(&'d Cond, &'d Cond),
}

/// Steps of the solver that one record may cost.
const STEPS: u64 = 200_000;
/// Combinations that are tried on the engine for one record.
const COMBINATIONS: u32 = 3;
/// Looks of the engine that mending one record may cost.
const LOOKS: u32 = 1_500;
/// Looks of the engine that all records of a form may cost.
const ALL_LOOKS: u32 = 500_000;
/// Circuits may grow to so many times what the form itself needs.
const SWOLLEN: usize = 3;

/// Finds records of one form.
pub(crate) struct Nearest<'a> {
    form: &'a Form,
    encoder: Encoder<'a>,
    /// Size of the circuits of the form itself.
    own: usize,
    values: Values<'a>,
    /// Days that rules name.
    days: BTreeSet<i32>,
    /// A form that also calculates what the circuits do not follow.
    trial: Option<Form>,
    scratch: Scratch,
    probe: Probe<'a>,
    /// Steps of the solver that are left.
    budget: u64,
    /// Looks of the engine that are left for mending.
    looks: u32,
}

/// How far a record is from what is wanted; the smaller the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    unmet: usize,
    errors: usize,
    notices: usize,
}

impl Score {
    const PERFECT: Self = Self {
        unmet: 0,
        errors: 0,
        notices: 0,
    };

    fn is_good(self) -> bool {
        self.unmet == 0 && self.errors == 0
    }
}

/// What keeps a record from being perfect.
enum Problem {
    /// An answer where none belongs.
    Hidden(FieldId),
    /// No answer where one belongs.
    Missing(FieldId),
    /// A check found something that these fields decide.
    Found(Vec<FieldId>),
}

/// Something that stays as it is in the other record.
struct Same {
    lit: Lit,
    /// What may be answered otherwise once it does not stay.
    fields: Vec<FieldId>,
}

/// What is wanted of a record.
struct Goal<'g> {
    demands: &'g [Demand<'g>],
    /// Checks that may find something.
    allowed: &'g [&'g str],
    /// Any check that an author wrote may find something, if it cannot be avoided.
    lenient: bool,
    /// Fields on which demands rest that the engine is not asked about.
    frozen: BTreeSet<FieldId>,
}

impl Goal<'_> {
    /// Whether something is to stay unknown.
    fn is_open(&self) -> bool {
        let open = |demand: &Demand<'_>| {
            matches!(
                demand,
                Demand::Is(_, Tri::Unknown) | Demand::Holds(_, Tri::Unknown)
            )
        };
        self.demands.iter().any(open)
    }
}

impl<'a> Nearest<'a> {
    pub(crate) fn new(form: &'a Form, budget: u64) -> Self {
        let program = form.program();
        let encoder = encoded(program);
        let moments = encoder.dates.iter().flat_map(|(a, b, _)| [a, b]);
        let days = moments
            .filter_map(|moment| match moment {
                Moment::Const(date) => Some([date.first_day(), date.last_day()]),
                _ => None,
            })
            .flatten()
            .collect();
        Self {
            form,
            own: encoder.solver.size(),
            encoder,
            days,
            values: Values::of(program),
            trial: None,
            scratch: Scratch::default(),
            probe: Probe::new(form),
            budget,
            looks: ALL_LOOKS,
        }
    }

    /// Whether what all records of the form may cost is used up.
    pub(crate) fn is_spent(&self) -> bool {
        self.budget == 0 || self.looks == 0
    }

    /// A record that shows all this, as close to `near` as can be: same application, same day.
    /// Only the checks in `allowed` find something; warnings and notices are avoided if possible.
    pub(crate) fn find(
        &mut self,
        near: &Patient,
        demands: &[Demand<'_>],
        allowed: &[&str],
    ) -> Found {
        self.seek(near, demands, allowed, false)
    }

    /// The same, but other checks may find something as well where that cannot be avoided.
    pub(crate) fn find_among_others(
        &mut self,
        near: &Patient,
        demands: &[Demand<'_>],
        allowed: &[&str],
    ) -> Found {
        self.seek(near, demands, allowed, true)
    }

    fn seek(
        &mut self,
        near: &Patient,
        demands: &[Demand<'_>],
        allowed: &[&str],
        lenient: bool,
    ) -> Found {
        if self.encoder.solver.size() > SWOLLEN * self.own {
            self.forget();
        }
        let goal = Goal {
            demands,
            allowed,
            lenient,
            frozen: self.frozen(demands),
        };
        let mut hard: Vec<Lit> = demands.iter().map(|demand| self.lit(demand)).collect();
        hard.extend(self.sound(near.context));
        let errors = self.silent(allowed, true);
        let mut quiet = self.silent(allowed, false);
        if lenient {
            quiet.extend(errors);
        } else {
            hard.extend(errors);
        }
        if !goal.is_open() {
            quiet.extend(self.known());
        }
        self.link();
        let mut same = self.same(near);
        let mut freed: BTreeSet<FieldId> = BTreeSet::new();
        let mut blocked: Vec<Lit> = Vec::new();
        let mut steps = STEPS.min(self.budget);
        let mut tried = 0;
        loop {
            let mut assumed = hard.clone();
            assumed.extend(&blocked);
            assumed.extend(&quiet);
            assumed.extend(same.iter().map(|same| same.lit));
            let before = steps;
            let answer = if assumed.contains(&Lit::FALSE) {
                solver::Answer::No(vec![Lit::FALSE])
            } else {
                self.encoder.solver.ask(&assumed, &mut steps)
            };
            self.budget = self.budget.saturating_sub(before - steps);
            match answer {
                solver::Answer::Unsettled => return Found::Unsettled,
                solver::Answer::No(core) => {
                    let count = same.len();
                    same.retain(|same| {
                        let stays = !core.contains(&same.lit);
                        if !stays {
                            freed.extend(&same.fields);
                        }
                        stays
                    });
                    if same.len() < count {
                        continue;
                    }
                    let count = quiet.len();
                    quiet.retain(|lit| !core.contains(lit));
                    if quiet.len() < count {
                        continue;
                    }
                    return if blocked.is_empty() {
                        Found::Nobody
                    } else {
                        Found::Unsettled
                    };
                }
                solver::Answer::Yes => {
                    let mut kept = self.everything().fields;
                    kept.retain(|field| !freed.contains(field));
                    if let Some(patient) = self.concrete(near, &kept, &goal) {
                        return Found::Example(Box::new(patient));
                    }
                    tried += 1;
                    if tried == COMBINATIONS {
                        return Found::Unsettled;
                    }
                    let other = self.otherwise(&goal);
                    blocked.push(other);
                }
            }
        }
    }

    /// The first record of all: nothing wrong with it, and as little answered as possible.
    pub(crate) fn base(&mut self, context: Context) -> Found {
        let empty = Patient {
            answers: Answers::new(self.form),
            context,
        };
        let goal = Goal {
            demands: &[],
            allowed: &[],
            lenient: false,
            frozen: BTreeSet::new(),
        };
        let mut hard = self.sound(context);
        hard.extend(self.silent(&[], true));
        let mut wished = self.silent(&[], false);
        wished.extend(self.known());
        self.link();
        let mut starts = vec![empty.clone()];
        for wished in [wished, Vec::new()] {
            let mut assumed = hard.clone();
            assumed.extend(wished);
            let mut steps = STEPS.min(self.budget);
            if let solver::Answer::Yes = self.encoder.solver.ask(&assumed, &mut steps) {
                let task = Task {
                    wishes: &[],
                    cone: &self.everything(),
                    kept: &[],
                    complete: true,
                    placed: false,
                    beside: Some(Beside {
                        patient: &empty,
                        same: &BTreeSet::new(),
                    }),
                };
                starts.push(drafted(&self.encoder, self.form, &task));
            }
        }
        let mut best: Option<((Score, usize, usize), Patient)> = None;
        for mut patient in starts {
            self.mend(&mut patient, &goal);
            if !self.look(&patient, &goal).0.is_good() {
                continue;
            }
            self.reduce(&mut patient, &empty, &goal);
            self.shrink(&mut patient, &goal);
            let size = self.size(&patient, &goal);
            if best.as_ref().is_none_or(|(least, _)| size < *least) {
                best = Some((size, patient));
            }
        }
        match best {
            Some((_, patient)) => Found::Example(Box::new(patient)),
            None => Found::Unsettled,
        }
    }

    /// What is wrong, how much is unknown, how much is answered.
    fn size(&mut self, patient: &Patient, goal: &Goal<'_>) -> (Score, usize, usize) {
        let doubts = patient.answers.iter();
        let doubts = doubts.filter(|(field, answer)| self.is_doubt(*field, answer));
        let (doubts, size) = (doubts.count(), answered(patient));
        (self.look(patient, goal).0, doubts, size)
    }

    /// An answer that says the physician does not know.
    fn is_doubt(&self, field: FieldId, answer: &Answer) -> bool {
        let codes = self.form.codes(field);
        let unknown = |index: &Index| {
            codes
                .get(usize::from(*index))
                .is_some_and(|code| code.unknown)
        };
        match answer {
            Answer::Code(index) => unknown(index),
            Answer::Codes(all) => all.iter().any(unknown),
            _ => false,
        }
    }

    /// Other answers to single questions, wherever fewer questions follow from them.
    fn shrink(&mut self, patient: &mut Patient, goal: &Goal<'_>) {
        let count = u16::try_from(self.form.program().fields.len()).unwrap_or(u16::MAX);
        for field in (0..count).map(FieldId) {
            if !matches!(
                patient.answers.get(field),
                Answer::Code(_) | Answer::Codes(_)
            ) {
                continue;
            }
            for answer in self.tried(field, patient) {
                let mut other = patient.clone();
                other.answers.set(field, answer);
                self.mend(&mut other, goal);
                let (now, then) = (self.size(patient, goal), self.size(&other, goal));
                if then.0.is_good() && then < now {
                    *patient = other;
                }
            }
        }
    }

    /// Mends a record that was changed by hand, so that nothing but `allowed` is found and these
    /// fields stay as they are; nothing if that does not work.
    pub(crate) fn mended(
        &mut self,
        mut patient: Patient,
        demands: &[Demand<'_>],
        stay: &[FieldId],
        allowed: &[&str],
    ) -> Option<Patient> {
        let mut frozen = self.frozen(demands);
        frozen.extend(stay);
        let goal = Goal {
            demands,
            allowed,
            lenient: false,
            frozen,
        };
        self.mend(&mut patient, &goal);
        let good = self.look(&patient, &goal).0.is_good();
        good.then_some(patient)
    }

    // ---- from demands to literals

    /// Conditions that are none of the form's own serve a question or two, but every later question
    /// walks through their circuits.
    fn forget(&mut self) {
        self.encoder = encoded(self.form.program());
        self.trial = None;
    }

    fn link(&mut self) {
        if self.encoder.link() {
            self.trial = None;
        }
    }

    fn lit(&mut self, demand: &Demand<'_>) -> Lit {
        match demand {
            Demand::Is(question, wanted) => {
                let pair = self.encoder.question(*question);
                self.is(pair, *wanted)
            }
            Demand::Holds(condition, wanted) => {
                let pair = self.encoder.cond(condition);
                self.is(pair, *wanted)
            }
            Demand::Differ(a, b) => {
                let (a, b) = (self.encoder.cond(a), self.encoder.cond(b));
                let solver = &mut self.encoder.solver;
                let (up, down) = (solver.and(a.yes, b.no), solver.and(a.no, b.yes));
                solver.or(up, down)
            }
            Demand::First(judgement, category) => {
                let conditions = self.encoder.categories(*judgement);
                self.encoder.first(&conditions, usize::from(*category))
            }
            Demand::Answered(field, true) => self.encoder.answered(*field),
            Demand::Answered(field, false) => !self.encoder.answered(*field),
            Demand::Number(field, number) => {
                self.encoder.state(*field);
                match self.encoder.states.get_mut(usize::from(field.0)) {
                    Some(Some(State::Number(grid))) => grid.is(&mut self.encoder.solver, *number),
                    _ => Lit::FALSE,
                }
            }
        }
    }

    fn is(&mut self, pair: Pair, wanted: Tri) -> Lit {
        match wanted {
            Tri::True => pair.yes,
            Tri::False => pair.no,
            Tri::Unknown => self.encoder.solver.and(!pair.yes, !pair.no),
        }
    }

    /// Of this application; what is required is answered.
    fn sound(&mut self, context: Context) -> Vec<Lit> {
        let program: &'a Program = self.form.program();
        let mut sound = vec![self.encoder.application(context.application)];
        for (id, field) in (0..=u16::MAX).map(FieldId).zip(&program.fields) {
            if field.required || field.required_when.is_some() {
                let required = self.encoder.required(id);
                let answered = self.encoder.answered(id);
                sound.push(self.encoder.solver.or(answered, !required.yes));
            }
        }
        let today = context.today;
        let known: Vec<Lit> = self
            .encoder
            .dates
            .iter()
            .flat_map(|(a, b, pair)| match (a, b) {
                (Moment::Const(a), Moment::Today) => sides(*a, today, pair.less, pair.greater),
                (Moment::Today, Moment::Const(b)) => sides(today, *b, pair.less, pair.greater),
                _ => Vec::new(),
            })
            .collect();
        sound.extend(known);
        sound
    }

    /// No other check finds anything: those that are errors, or those that are not.
    fn silent(&mut self, allowed: &[&str], errors: bool) -> Vec<Lit> {
        let program: &'a Program = self.form.program();
        let mut silent = Vec::new();
        for (index, check) in (0..Index::MAX).zip(&program.checks) {
            if (check.level == Level::Error) == errors && !allowed.contains(&check.id.as_str()) {
                silent.push(!self.encoder.violated(index));
            }
        }
        silent
    }

    /// Whatever is answered is known, dates to the day.
    fn known(&mut self) -> Vec<Lit> {
        let count = u16::try_from(self.form.program().fields.len()).unwrap_or(u16::MAX);
        (0..count)
            .map(FieldId)
            .map(|field| {
                let (answered, known) = (self.encoder.answered(field), self.encoder.known(field));
                self.encoder.solver.or(!answered, known)
            })
            .filter(|lit| *lit != Lit::TRUE)
            .collect()
    }

    /// Each field is answered as there, every two dates lie to each other as there, and calculated
    /// numbers lie between the same thresholds.
    fn same(&mut self, near: &Patient) -> Vec<Same> {
        let count = u16::try_from(self.form.program().fields.len()).unwrap_or(u16::MAX);
        let mut same: Vec<Same> = (0..count)
            .map(FieldId)
            .map(|field| Same {
                lit: self.same_answer(field, near.answers.get(field)),
                fields: vec![field],
            })
            .collect();
        self.same_dates(near, &mut same);
        self.same_numbers(near, &mut same);
        same.retain(|same| same.lit != Lit::TRUE);
        same
    }

    fn same_dates(&mut self, near: &Patient, same: &mut Vec<Same>) {
        let pairs = self.encoder.dates.clone();
        for (a, b, pair) in &pairs {
            let (Some(from), Some(to)) = (days_of(near, a), days_of(near, b)) else {
                continue;
            };
            let lits = [
                on(pair.less, from.1 < to.0),
                on(pair.less_equal, from.1 <= to.0),
                on(pair.greater, from.0 > to.1),
                on(pair.greater_equal, from.0 >= to.1),
            ];
            same.push(Same {
                lit: self.encoder.solver.all(lits),
                fields: [a, b].into_iter().filter_map(field_of).collect(),
            });
        }
    }

    fn same_numbers(&mut self, near: &Patient, same: &mut Vec<Same>) {
        if self.trial.is_none() {
            self.trial = trial_form(self.form.program(), &self.encoder.virtuals);
        }
        let Some(trial) = &self.trial else { return };
        let mut probe = Probe::new(trial);
        let first = self.form.program().definitions.len();
        for (found, position) in self.encoder.virtuals.iter().zip(first..) {
            let Ok(id) = u16::try_from(position).map(DefinitionId) else {
                continue;
            };
            let Some(number) = probe.number(&near.answers, &near.context, id) else {
                continue;
            };
            let lits: Vec<Lit> = found
                .cuts
                .iter()
                .map(|((cut, strict), lit)| {
                    let reached = if *strict {
                        number > *cut
                    } else {
                        number >= *cut
                    };
                    on(*lit, reached)
                })
                .collect();
            same.push(Same {
                lit: self.encoder.solver.all(lits),
                fields: found.inputs.fields.iter().copied().collect(),
            });
        }
    }

    fn same_answer(&mut self, field: FieldId, answer: &Answer) -> Lit {
        let Some(state) = self.encoder.state(field) else {
            return Lit::TRUE;
        };
        let lits: Vec<Lit> = match &state {
            State::Choice(codes) | State::Choices(codes) => (0..)
                .zip(codes)
                .map(|(index, lit)| {
                    let chosen = match answer {
                        Answer::Code(code) => *code == index,
                        Answer::Codes(all) => all.contains(&index),
                        _ => false,
                    };
                    on(*lit, chosen)
                })
                .collect(),
            State::Number(grid) => match answer {
                Answer::Number(number) => grid
                    .cuts
                    .iter()
                    .map(|(cut, lit)| on(*lit, number >= cut))
                    .chain([grid.answered])
                    .collect(),
                _ => vec![!grid.answered],
            },
            State::Date { answered, precise } => match answer {
                Answer::Date(date) => vec![
                    *answered,
                    on(*precise, date.precision() == DatePrecision::Day),
                ],
                _ => vec![!*answered],
            },
            State::Text(answered) => vec![on(*answered, !answer.is_missing())],
        };
        self.encoder.solver.all(lits)
    }

    fn frozen(&self, demands: &[Demand<'_>]) -> BTreeSet<FieldId> {
        let program = self.form.program();
        let mut frozen = BTreeSet::new();
        for demand in demands {
            match demand {
                Demand::Holds(condition, _) => {
                    frozen.extend(Cone::of(program, [*condition]).fields);
                }
                Demand::Differ(a, b) => frozen.extend(Cone::of(program, [*a, *b]).fields),
                Demand::Number(field, _) => {
                    frozen.insert(*field);
                }
                Demand::Is(..) | Demand::First(..) | Demand::Answered(..) => {}
            }
        }
        frozen
    }

    fn everything(&self) -> Cone {
        let count = u16::try_from(self.form.program().fields.len()).unwrap_or(u16::MAX);
        let mut cone = Cone::default();
        cone.fields = (0..count).map(FieldId).collect();
        cone
    }

    /// Another combination than the one found last, as far as the demands see.
    fn otherwise(&mut self, goal: &Goal<'_>) -> Lit {
        let mut cone = self.everything();
        if !goal.frozen.is_empty() {
            cone.fields = goal.frozen.clone();
        }
        let cuts = self.encoder.cuts(&cone);
        !self.encoder.solver.region(&cuts)
    }

    // ---- from the combination to answers

    fn concrete(
        &mut self,
        near: &Patient,
        same: &BTreeSet<FieldId>,
        goal: &Goal<'_>,
    ) -> Option<Patient> {
        if self.trial.is_none() {
            self.trial = trial_form(self.form.program(), &self.encoder.virtuals);
        }
        let wishes: Vec<Wish> = goal
            .demands
            .iter()
            .filter_map(|demand| match demand {
                Demand::Is(question, Tri::True) => Some(Wish::Is(*question, true)),
                Demand::Is(question, Tri::False) => Some(Wish::Is(*question, false)),
                _ => None,
            })
            .collect();
        let cone = self.everything();
        let task = |placed: bool| Task {
            wishes: &wishes,
            cone: &cone,
            kept: &[],
            complete: true,
            placed,
            beside: Some(Beside {
                patient: near,
                same,
            }),
        };
        let first = drafted(&self.encoder, self.trial.as_ref()?, &task(false));
        if let Some(patient) = self.accepted(first, near, goal) {
            return Some(patient);
        }
        if self.encoder.virtuals.is_empty() {
            return None;
        }
        let placed = realise(&self.encoder, self.trial.as_ref()?, &task(true))?;
        self.accepted(placed, near, goal)
    }

    fn accepted(
        &mut self,
        mut patient: Patient,
        near: &Patient,
        goal: &Goal<'_>,
    ) -> Option<Patient> {
        if self.look(&patient, goal).0 != Score::PERFECT {
            self.mend(&mut patient, goal);
        }
        if !self.look(&patient, goal).0.is_good() {
            return None;
        }
        self.reduce(&mut patient, near, goal);
        Some(patient)
    }

    /// Goes back to the other record wherever that changes nothing that is wanted.
    fn reduce(&mut self, patient: &mut Patient, near: &Patient, goal: &Goal<'_>) {
        let mut score = self.look(patient, goal).0;
        let count = u16::try_from(self.form.program().fields.len()).unwrap_or(u16::MAX);
        for field in (0..count).rev().map(FieldId) {
            let (own, other) = (patient.answers.get(field), near.answers.get(field));
            if own == other || goal.frozen.contains(&field) {
                continue;
            }
            let own = own.clone();
            patient.answers.set(field, other.clone());
            let now = self.look(patient, goal).0;
            if now <= score {
                score = now;
            } else {
                patient.answers.set(field, own);
            }
        }
    }

    // ---- mending on the engine

    fn look(&mut self, patient: &Patient, goal: &Goal<'_>) -> (Score, Vec<Problem>) {
        let Patient { answers, context } = patient;
        let form = self.form;
        let mut score = Score::PERFECT;
        let mut problems = Vec::new();
        for finding in findings_with(&mut self.scratch, form, answers, context) {
            if goal.allowed.contains(&finding.check.as_str()) {
                continue;
            }
            let authored = !finding.check.contains('.');
            match finding.level {
                Level::Error if !(goal.lenient && authored) => score.errors += 1,
                Level::Error | Level::Warning | Level::Information => score.notices += 1,
            }
            let field = finding.fields.first().copied();
            problems.push(match (finding.check.split_once('.'), field) {
                (Some(("hidden", _)), Some(field)) => Problem::Hidden(field),
                (Some(("required", _)), Some(field)) => Problem::Missing(field),
                _ => {
                    let own = form.program().checks.iter();
                    let own = own.filter(|check| check.id == finding.check);
                    let cone = Cone::of(form.program(), own.map(|check| &check.violated));
                    let mut fields = finding.fields;
                    fields.extend(cone.fields);
                    Problem::Found(fields)
                }
            });
        }
        let probe = &mut self.probe;
        let mut unmet = Vec::new();
        for demand in goal.demands {
            let met = match demand {
                Demand::Is(question, wanted) => probe.holds(answers, context, *question) == *wanted,
                Demand::First(judgement, category) => {
                    let mut holds = |index: Index| {
                        probe.holds(answers, context, Question::Category(*judgement, index))
                    };
                    let last = form.program().judgements.get(usize::from(judgement.0));
                    let last = last.map_or(0, |found| found.categories.len().saturating_sub(1));
                    (0..*category).all(|before| holds(before) == Tri::False)
                        && (usize::from(*category) == last || holds(*category) == Tri::True)
                }
                Demand::Answered(field, wanted) => answers.get(*field).is_missing() != *wanted,
                Demand::Number(field, number) => {
                    matches!(answers.get(*field), Answer::Number(found) if found == number)
                }
                Demand::Holds(..) | Demand::Differ(..) => true,
            };
            if !met {
                score.unmet += 1;
                unmet.push(demand);
            }
        }
        problems.extend(
            unmet
                .into_iter()
                .map(|demand| Problem::Found(self.behind(demand))),
        );
        (score, problems)
    }

    /// The fields that decide about a demand.
    fn behind(&self, demand: &Demand<'_>) -> Vec<FieldId> {
        let program = self.form.program();
        let own = |field: &FieldId| program.fields.get(usize::from(field.0));
        let conditions: Vec<&Cond> = match demand {
            Demand::Is(Question::Check(check), _) => {
                let check = program.checks.get(usize::from(*check));
                check.iter().map(|check| &check.violated).collect()
            }
            Demand::Is(Question::Shown(field), _) => own(field)
                .and_then(|f| f.shown_when.as_deref())
                .into_iter()
                .collect(),
            Demand::Is(Question::Hidden(field), _) => own(field)
                .and_then(|f| f.hidden_when.as_deref().or(f.shown_when.as_deref()))
                .into_iter()
                .collect(),
            Demand::Is(Question::Required(field), _) => own(field)
                .into_iter()
                .flat_map(|field| [&field.shown_when, &field.required_when])
                .filter_map(Option::as_deref)
                .collect(),
            Demand::Is(Question::Category(judgement, _), _) | Demand::First(judgement, _) => {
                let judgement = program.judgements.get(usize::from(judgement.0));
                let categories = judgement.map_or(&[][..], |found| &found.categories);
                categories
                    .iter()
                    .filter_map(|category| category.when.as_ref())
                    .collect()
            }
            Demand::Answered(field, _) | Demand::Number(field, _) => return vec![*field],
            Demand::Is(..) | Demand::Holds(..) | Demand::Differ(..) => Vec::new(),
        };
        Cone::of(program, conditions).fields.into_iter().collect()
    }

    /// Changes one answer after the other until nothing is wrong, or nothing helps.
    fn mend(&mut self, patient: &mut Patient, goal: &Goal<'_>) {
        let allowance = LOOKS.min(self.looks);
        let mut looks = allowance;
        // Filling in what is missing may go on for as long as there are fields; where two answers
        // keep asking for each other, a record comes back.
        let mut seen: Vec<Answers> = Vec::new();
        while looks > 0 && !seen.contains(&patient.answers) {
            seen.push(patient.answers.clone());
            let (score, problems) = self.look(patient, goal);
            looks = looks.saturating_sub(1);
            if score == Score::PERFECT || !self.step(patient, goal, score, &problems, &mut looks) {
                break;
            }
        }
        self.looks -= allowance - looks;
    }

    /// Mends one thing; false if nothing helps.
    fn step(
        &mut self,
        patient: &mut Patient,
        goal: &Goal<'_>,
        score: Score,
        problems: &[Problem],
        looks: &mut u32,
    ) -> bool {
        for problem in problems {
            if let Problem::Hidden(field) = problem
                && !goal.frozen.contains(field)
            {
                patient.answers.set(*field, Answer::Missing);
                return true;
            }
        }
        for problem in problems {
            if let Problem::Missing(field) = problem
                && !goal.frozen.contains(field)
                && let Some((_, answer)) = self.best(patient, goal, *field, score, looks)
            {
                patient.answers.set(*field, answer);
                return true;
            }
        }
        for problem in problems {
            let Problem::Found(fields) = problem else {
                continue;
            };
            for field in fields {
                if goal.frozen.contains(field) {
                    continue;
                }
                if let Some((better, answer)) = self.best(patient, goal, *field, score, looks)
                    && better < score
                {
                    patient.answers.set(*field, answer);
                    return true;
                }
            }
        }
        false
    }

    /// The answer to a field that leaves the least to be mended; the first that mends something
    /// and breaks nothing.
    fn best(
        &mut self,
        patient: &mut Patient,
        goal: &Goal<'_>,
        field: FieldId,
        score: Score,
        looks: &mut u32,
    ) -> Option<(Score, Answer)> {
        let before = patient.answers.get(field).clone();
        let mut best: Option<(Score, Answer)> = None;
        let mut answers = self.tried(field, patient);
        if goal.is_open() {
            answers.extend(self.inexact(field, patient));
        }
        for answer in answers {
            if *looks == 0 {
                break;
            }
            *looks -= 1;
            patient.answers.set(field, answer.clone());
            let now = self.look(patient, goal).0;
            if best.as_ref().is_none_or(|(least, _)| now < *least) {
                best = Some((now, answer));
            }
            let mends =
                (now.unmet, now.errors + now.notices) < (score.unmet, score.errors + score.notices);
            if mends && now.errors <= score.errors && now.notices <= score.notices {
                break;
            }
        }
        patient.answers.set(field, before);
        best
    }

    /// Dates less exact than they are asked for, around the days that may be compared with them:
    /// whether they lie before or after is unknown.
    fn inexact(&self, field: FieldId, patient: &Patient) -> Vec<Answer> {
        let ty = self.form.program().fields.get(usize::from(field.0));
        let Some(FieldType::Date { precision: asked }) = ty.map(|field| &field.ty) else {
            return Vec::new();
        };
        let answered = patient
            .answers
            .iter()
            .filter_map(|(_, answer)| match answer {
                Answer::Date(date) => Some(date.first_day()),
                _ => None,
            });
        let days = self.days.iter().copied().chain(answered);
        let days: BTreeSet<i32> = days.chain([patient.context.today.first_day()]).collect();
        let coarser = [DatePrecision::Month, DatePrecision::Year];
        let dates = coarser
            .into_iter()
            .filter(|precision| precision < asked)
            .flat_map(|precision| days.iter().map(move |day| as_exact(*day, precision)));
        dates.flatten().map(Answer::Date).collect()
    }

    /// Answers to try for a field: known ones first, nothing at all last.
    fn tried(&self, field: FieldId, patient: &Patient) -> Vec<Answer> {
        let program = self.form.program();
        let ty = program.fields.get(usize::from(field.0)).map(|f| &f.ty);
        let mut answers = match ty {
            Some(
                FieldType::Text { .. }
                | FieldType::Kana { .. }
                | FieldType::Digits { .. }
                | FieldType::PostalCode
                | FieldType::Phone,
            ) => vec![example_text(program, field), Answer::Missing],
            _ => self
                .values
                .of_field(field, &patient.answers, &patient.context),
        };
        if let Some(FieldType::Date { precision }) = ty {
            let near = self.days.iter().flat_map(|day| [day - 1, *day, day + 1]);
            let dates = near.filter_map(|day| as_exact(day, *precision));
            answers.extend(dates.map(Answer::Date));
        }
        // What lies closest to the day of judgement is the most ordinary.
        let day = patient.context.today.first_day();
        answers.sort_by_key(|answer| match answer {
            Answer::Missing => (3, 0),
            Answer::Date(date) if date.first_day() > day => (2, date.first_day()),
            Answer::Date(date) => (0, day - date.first_day()),
            answer => (i32::from(self.is_doubt(field, answer)), 0),
        });
        answers
    }
}

/// The circuits of everything that the form says.
fn encoded(program: &Program) -> Encoder<'_> {
    let mut encoder = Encoder::new(program);
    encoder.encode_all();
    encoder
}

/// A day as exactly as it is asked for.
fn as_exact(day: i32, precision: DatePrecision) -> Option<Date> {
    let date = Date::from_day_number(day)?;
    match precision {
        DatePrecision::Day => Some(date),
        DatePrecision::Month => Date::month(date.year_number(), date.month_number()?),
        DatePrecision::Year => Date::year(date.year_number()),
    }
}

/// How much is answered.
fn answered(patient: &Patient) -> usize {
    let answers = patient.answers.iter();
    answers.filter(|(_, answer)| !answer.is_missing()).count()
}

/// The literal, or its opposite.
fn on(lit: Lit, wanted: bool) -> Lit {
    if wanted { lit } else { !lit }
}

/// From the first to the last day that a moment may be.
fn days_of(patient: &Patient, moment: &Moment) -> Option<(i32, i32)> {
    let days = |date: Date| (date.first_day(), date.last_day());
    match moment {
        Moment::Const(date) => Some(days(*date)),
        Moment::Today => Some(days(patient.context.today)),
        Moment::Field(field) => match patient.answers.get(*field) {
            Answer::Date(date) => Some(days(*date)),
            _ => None,
        },
        Moment::Shifted { moment, by, unit } => {
            let (first, last) = days_of(patient, moment)?;
            Some((shifted(first, *unit, *by)?, shifted(last, *unit, *by)?))
        }
    }
}

/// The field whose date a moment is.
fn field_of(moment: &Moment) -> Option<FieldId> {
    match moment {
        Moment::Field(field) => Some(*field),
        Moment::Shifted { moment, .. } => field_of(moment),
        Moment::Const(_) | Moment::Today => None,
    }
}

/// Which of two fixed days comes first.
fn sides(a: Date, b: Date, less: Lit, greater: Lit) -> Vec<Lit> {
    vec![
        on(less, a.last_day() < b.first_day()),
        on(greater, a.first_day() > b.last_day()),
    ]
}

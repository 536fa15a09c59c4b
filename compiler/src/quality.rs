//! How well the cases of a definition guard it.
//!
//! Two questions. What do the cases never see ([`Unseen`])? And would they notice a slip of the
//! pen: every threshold, number, operator, code and outcome of the definition is changed once
//! ([`changes`]), and the cases are judged again. A change that no case notices is a [`Survivor`];
//! for each one a patient is looked for on whom definition and change differ, ready to be pasted
//! into the case file.
//!
//! A change that makes no difference to anybody is no gap of the cases and does not count. It is
//! recognised in one of two ways, and the report says in which: the engine's search looks at every
//! completion of an empty form and finds no difference ([`proof`]), or, where that search ends
//! without an answer, thousands of patients around the cases show none. Where the effort for the
//! form is spent before, the change is counted by itself ([`Quality::cut`]).
//!
//! What is changed: everything the disease's own folder says, and of the modules it uses the rules
//! that a judgement reads, unless the module has cases of its own: then those answer for it
//! (`kohyo test --quality scale.barthel`), and not the cases of every disease that uses it. Checks
//! and display rules of a module belong to the module, rules that come with a judgement of another
//! disease to that disease.

mod changes;
mod paste;
mod patients;
mod proof;
mod sites;
mod unseen;
mod watch;
mod words;

use crate::Compilation;
use crate::cases::CaseFile;
use changes::{Change, Planned, apply, plan};
use kohyo_engine::program::{DefinitionId, FieldId, JudgementId, NumberKind, Program};
use kohyo_engine::{
    Answer, Answers, Form, MissingSet, Observation, Part, PartValue, Read, Scratch, missing_with,
    observe_with, part_with, reads_through,
};
pub(crate) use patients::Values;
use patients::{Dice, fields_behind};
use serde::Serialize;
use sites::{Site, visit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use watch::{Ready, decides, differs, ready};

pub use unseen::Unseen;

/// Patients tried for one change before it is given up.
const MOST_PATIENTS: usize = 8_000;

/// Rules that may be worked out for the changes of one form, see [`measure`]. No form of ordinary size
/// needs as many; one whose every patient is dear, such as one that compares many rows with each
/// other, comes to an end.
pub const MOST_EFFORT: u64 = 20_000_000_000;

/// What it costs to make the form with a change, in evaluations: the engine checks all of it anew.
const MADE: u64 = 500;

/// Patients still tried after one was found, for one whose verdict differs.
const MOST_BETTER: usize = 800;

/// How well the cases of a definition guard it.
#[derive(Clone, Debug, Serialize)]
pub struct Quality {
    /// Key of the disease.
    pub disease: String,
    /// Japanese name.
    pub title: String,
    /// Edition.
    pub edition: String,
    /// Cases that hold; the others guard nothing.
    pub cases: usize,
    /// Changes that make a difference to somebody.
    pub mutants: usize,
    /// Changes that some case notices.
    pub killed: usize,
    /// Killed of mutants in percent, one digit, rounded down.
    pub mutation_score: f64,
    /// Changes left out because the engine's search proved that they make no difference.
    pub equal_proved: usize,
    /// Changes left out because no patient tried showed a difference.
    pub equal_tried: usize,
    /// Changes left out because the effort for the form was spent before they were settled.
    pub cut: usize,
    /// The parts in which they are.
    pub untried: Vec<Untried>,
    /// The changes that no case notices.
    pub survivors: Vec<Survivor>,
    /// What the cases never see.
    pub unseen: Vec<Unseen>,
}

/// A part whose changes were not all tried.
#[derive(Clone, Debug, Serialize)]
pub struct Untried {
    /// The part: 規則「…」.
    pub place: String,
    /// So many of its changes were not settled.
    pub changes: usize,
}

/// A change that no case notices.
#[derive(Clone, Debug, Serialize)]
pub struct Survivor {
    /// The file the changed part stands in.
    pub file: String,
    /// The part: 規則「…」.
    pub place: String,
    /// What was changed.
    pub change: String,
    /// What the patient of the case shows: 判定結果, 規則「…」の値.
    pub differs: Vec<String>,
    /// A case that notices it, as text for the case file, if a patient was found.
    pub case: Option<String>,
}

/// A part of a program in which something can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// A definition, by position.
    Definition(usize),
    /// A judgement.
    Judgement(usize),
    /// A check.
    Check(usize),
    /// When a field is shown and required.
    Field(usize),
    /// The points of a code table, with the first definition that counts them.
    Points { table: usize, definition: usize },
}

/// Measures the cases of a compiled definition on so many threads, with [`MOST_EFFORT`] or less;
/// `progress` hears of every change tried. Nothing if it did not compile.
pub fn measure(
    compiled: &Compilation,
    file: &CaseFile,
    threads: usize,
    effort: u64,
    progress: &(dyn Fn(usize) + Sync),
) -> Option<Quality> {
    let program = compiled.program.as_ref()?;
    let form = Form::new(program.clone()).ok()?;
    let owners = scope(compiled, program);
    let bench = Bench {
        form: &form,
        share: share(program, &owners, effort),
        ready: ready(&form, file),
        values: Values::of(program),
        compiled,
        file,
    };
    let mut found = bench.try_all(&owners, threads, progress);
    found.sort_by_key(|tried| (tried.owner, tried.number));
    let count = |fate: fn(&Fate) -> bool| found.iter().filter(|tried| fate(&tried.fate)).count();
    let killed = count(|fate| matches!(fate, Fate::Killed));
    let survivors: Vec<Survivor> = found
        .iter()
        .filter_map(|tried| match &tried.fate {
            Fate::Survived(survivor) => Some(survivor.as_ref().clone()),
            Fate::Killed | Fate::EqualProved | Fate::EqualTried | Fate::Cut => None,
        })
        .collect();
    let mutants = killed + survivors.len();
    Some(Quality {
        disease: program.key.clone(),
        title: program.title.clone(),
        edition: program.edition.clone(),
        cases: bench.ready.iter().filter(|case| case.holds).count(),
        mutants,
        killed,
        mutation_score: percent(killed, mutants),
        equal_proved: count(|fate| matches!(fate, Fate::EqualProved)),
        equal_tried: count(|fate| matches!(fate, Fate::EqualTried)),
        cut: count(|fate| matches!(fate, Fate::Cut)),
        untried: untried(program, &found),
        survivors,
        unseen: unseen::unseen(program, &owners, &bench.ready),
    })
}

/// How many changes [`measure`] will try.
pub fn count(compiled: &Compilation) -> usize {
    let of = |program| planned(program, &scope(compiled, program));
    compiled.program.as_ref().map_or(0, of)
}

/// How many changes there are of these parts.
fn planned(program: &Program, owners: &[Owner]) -> usize {
    owners.iter().map(|owner| plan(program, *owner).len()).sum()
}

/// The parts with changes that were not settled, in the order of the form.
fn untried(program: &Program, found: &[Tried]) -> Vec<Untried> {
    let cut = found.iter().filter(|tried| matches!(tried.fate, Fate::Cut));
    let mut parts: BTreeMap<Owner, usize> = BTreeMap::new();
    for tried in cut {
        *parts.entry(tried.owner).or_default() += 1;
    }
    let parts = parts.into_iter().map(|(owner, changes)| Untried {
        place: words::place(program, owner),
        changes,
    });
    parts.collect()
}

/// How often all rules may be worked out for each change on average: the larger the form, the less.
fn share(program: &Program, owners: &[Owner], effort: u64) -> u64 {
    let mut copy = program.clone();
    let mut rules: u64 = 0;
    for owner in self::owners(program) {
        visit(&mut copy, owner, &mut |_| rules += 1);
    }
    let changes = u64::try_from(planned(program, owners)).unwrap_or(u64::MAX);
    effort / rules.saturating_mul(changes).max(1)
}

/// Parts of a hundred with one digit, rounded down; a hundred if there is nothing.
fn percent(part: usize, whole: usize) -> f64 {
    let tenths = (part * 1000).checked_div(whole).unwrap_or(1000);
    f64::from(u32::try_from(tenths).unwrap_or(1000)) / 10.0
}

/// Every part of a program.
pub(crate) fn owners(program: &Program) -> Vec<Owner> {
    let fields = program.fields.iter().enumerate();
    (0..program.definitions.len())
        .map(Owner::Definition)
        .chain((0..program.judgements.len()).map(Owner::Judgement))
        .chain((0..program.checks.len()).map(Owner::Check))
        .chain(
            fields
                .filter(|(_, field)| field.shown_when.is_some() || field.required_when.is_some())
                .map(|(index, _)| Owner::Field(index)),
        )
        .collect()
}

/// The parts that the cases of this disease answer for; see the module.
fn scope(compiled: &Compilation, program: &Program) -> Vec<Owner> {
    let origins = &compiled.origins;
    let unit = |origins: &[usize], index: usize| origins.get(index).copied().unwrap_or(0);
    let own = |origins: &[usize], index: usize| compiled.answers_for(unit(origins, index));
    let judged: BTreeSet<Read> = program
        .judgements
        .iter()
        .flat_map(|judgement| &judgement.categories)
        .filter_map(|category| category.when.as_ref())
        .flat_map(|when| reads_through(program, when))
        .collect();
    let is_judged = |index: usize| {
        let id = u16::try_from(index).map(DefinitionId);
        id.is_ok_and(|id| judged.contains(&Read::Definition(id)))
    };
    let is_guarded = |index: usize| {
        compiled.is_lent(index) || compiled.has_cases(unit(&origins.definitions, index))
    };
    let mut owners: Vec<Owner> = owners(program)
        .into_iter()
        .filter(|owner| match *owner {
            Owner::Definition(index) => {
                own(&origins.definitions, index) || is_judged(index) && !is_guarded(index)
            }
            Owner::Judgement(index) => own(&origins.judgements, index),
            Owner::Check(index) => own(&origins.checks, index),
            Owner::Field(index) => own(&origins.fields, index),
            Owner::Points { .. } => false,
        })
        .collect();
    owners.extend(points(program, &owners));
    owners
}

/// The code tables whose points the definitions among these parts count, each once.
fn points(program: &Program, owners: &[Owner]) -> Vec<Owner> {
    let mut copy = program.clone();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for owner in owners {
        let Owner::Definition(definition) = *owner else {
            continue;
        };
        visit(&mut copy, *owner, &mut |site| {
            if let Site::Number(number) = site
                && let NumberKind::Points(field) = number.kind
                && let Some(table) = sites::table_of(program, field)
                && seen.insert(table)
            {
                found.push(Owner::Points { table, definition });
            }
        });
    }
    found
}

impl Owner {
    /// The part of the form whose value tells cheaply whether a change of it matters.
    fn part(self) -> Option<Part> {
        let id = |index: usize| u16::try_from(index).ok();
        match self {
            Self::Definition(index) => id(index).map(|id| Part::Definition(DefinitionId(id))),
            // Other rules and checks may count the same points.
            Self::Points { .. } => None,
            Self::Judgement(index) => id(index).map(|id| Part::Judgement(JudgementId(id))),
            Self::Check(index) => id(index).map(Part::Check),
            Self::Field(index) => id(index).map(|id| Part::Field(FieldId(id))),
        }
    }

    /// The file it stands in, by position.
    fn unit(self, compiled: &Compilation) -> usize {
        let origins = &compiled.origins;
        let unit = match self {
            Self::Definition(index)
            | Self::Points {
                definition: index, ..
            } => origins.definitions.get(index),
            Self::Judgement(index) => origins.judgements.get(index),
            Self::Check(index) => origins.checks.get(index),
            Self::Field(index) => origins.fields.get(index),
        };
        unit.copied().unwrap_or(0)
    }

    /// The conditions whose fields decide about it.
    fn conditions(self, program: &Program) -> Vec<kohyo_engine::program::Cond> {
        match self {
            Self::Definition(index)
            | Self::Points {
                definition: index, ..
            } => {
                let id = u16::try_from(index).map(DefinitionId);
                id.map(|id| patients::reading(program, id))
                    .into_iter()
                    .collect()
            }
            Self::Judgement(index) => program
                .judgements
                .get(index)
                .into_iter()
                .flat_map(|judgement| &judgement.categories)
                .filter_map(|category| category.when.clone())
                .collect(),
            Self::Check(index) => {
                let check = program.checks.get(index);
                check
                    .map(|check| check.violated.clone())
                    .into_iter()
                    .collect()
            }
            Self::Field(index) => program
                .fields
                .get(index)
                .into_iter()
                .flat_map(|field| [&field.shown_when, &field.required_when])
                .filter_map(Option::as_deref)
                .cloned()
                .collect(),
        }
    }
}

/// What became of a change.
enum Fate {
    Killed,
    EqualProved,
    EqualTried,
    Cut,
    Survived(Box<Survivor>),
}

struct Tried {
    owner: Owner,
    number: usize,
    fate: Fate,
}

/// A patient on whom definition and change differ.
pub(crate) struct Found {
    /// Position among the cases that hold.
    ready: usize,
    /// The answers that are not those of the case.
    changed: Vec<(FieldId, Answer)>,
    before: Observation,
    after: Observation,
}

struct Bench<'a> {
    form: &'a Form,
    /// Evaluations of the form for each change, shared among the changes of a part: who takes which
    /// part first has no say.
    share: u64,
    ready: Vec<Ready>,
    values: Values<'a>,
    compiled: &'a Compilation,
    file: &'a CaseFile,
}

impl Bench<'_> {
    fn try_all(
        &self,
        owners: &[Owner],
        threads: usize,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Vec<Tried> {
        let next = AtomicUsize::new(0);
        let all = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                scope.spawn(|| {
                    let mut scratch = Scratch::default();
                    while let Some(owner) = owners.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let tried = self.try_owner(*owner, &mut scratch, progress);
                        // A thread that panicked leaves what others found.
                        let mut all = all.lock().unwrap_or_else(|broken| broken.into_inner());
                        all.extend(tried);
                    }
                });
            }
        });
        all.into_inner()
            .unwrap_or_else(|broken| broken.into_inner())
    }

    fn try_owner(
        &self,
        owner: Owner,
        scratch: &mut Scratch,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Vec<Tried> {
        let part = owner.part();
        let values: Vec<Option<PartValue>> = self
            .ready
            .iter()
            .map(|case| {
                part.map(|part| part_with(scratch, self.form, &case.answers, &case.context, part))
            })
            .collect();
        let mut all = Vec::new();
        let planned = plan(self.form.program(), owner);
        let changes = u64::try_from(planned.len()).unwrap_or(u64::MAX);
        let mut until = scratch.evaluations() + self.share.saturating_mul(changes);
        for (number, planned) in planned.into_iter().enumerate() {
            progress(1);
            if scratch.evaluations() >= until {
                all.push(Tried {
                    owner,
                    number,
                    fate: Fate::Cut,
                });
                continue;
            }
            until = until.saturating_sub(MADE);
            let mut program = self.form.program().clone();
            apply(&mut program, owner, &planned);
            // A change that the engine refuses could not have been written.
            let Ok(mutant) = Form::new(program) else {
                continue;
            };
            // Eligibility is not part of the judgement's category.
            let part = part.filter(|_| !matches!(planned.change, Change::Eligible(_)));
            let fate = match self.killed(&mutant, part, &values, scratch, until) {
                Some(true) => Fate::Killed,
                Some(false) => {
                    self.fate_of_survivor(owner, &planned, &mutant, part, scratch, until)
                }
                None => Fate::Cut,
            };
            all.push(Tried {
                owner,
                number,
                fate,
            });
        }
        all
    }

    /// Whether some case would fail; nothing if the effort is spent before all were judged.
    fn killed(
        &self,
        mutant: &Form,
        part: Option<Part>,
        values: &[Option<PartValue>],
        scratch: &mut Scratch,
        until: u64,
    ) -> Option<bool> {
        let mut asks_for_missing = Vec::new();
        for (case, before) in self.ready.iter().zip(values) {
            if scratch.evaluations() >= until {
                return None;
            }
            if let (Some(part), Some(before)) = (part, before) {
                let after = part_with(scratch, mutant, &case.answers, &case.context, part);
                if after == *before && !after.is_open() {
                    continue;
                }
            }
            let after = observe_with(scratch, mutant, &case.answers, &case.context);
            if case.watch.notices(&case.seen, &after) {
                return Some(true);
            }
            asks_for_missing.extend(case.watch.missing.as_ref().map(|wanted| (case, wanted)));
        }
        for (case, wanted) in asks_for_missing {
            if scratch.evaluations() >= until {
                return None;
            }
            let missing = missing_with(scratch, mutant, &case.answers, &case.context);
            let names = |set: MissingSet| set.items.into_iter().map(|item| item.name).collect();
            if watch::sorted(missing.into_iter().map(names).collect()) != *wanted {
                return Some(true);
            }
        }
        Some(false)
    }

    fn fate_of_survivor(
        &self,
        owner: Owner,
        planned: &Planned,
        mutant: &Form,
        part: Option<Part>,
        scratch: &mut Scratch,
        until: u64,
    ) -> Fate {
        let patient = self.patient(owner, planned, mutant, part, scratch, until);
        if patient.is_none() {
            if scratch.evaluations() >= until {
                return Fate::Cut;
            }
            match proof::same(self.form, mutant, owner, &self.ready, scratch, until) {
                proof::Answer::Cut => return Fate::Cut,
                proof::Answer::Same => return Fate::EqualProved,
                proof::Answer::Open => return Fate::EqualTried,
                proof::Answer::Differs => {}
            }
        }
        let program = self.form.program();
        Fate::Survived(Box::new(Survivor {
            file: self
                .compiled
                .files
                .get(owner.unit(self.compiled))
                .cloned()
                .unwrap_or_default(),
            place: words::place(program, owner),
            change: words::change(program, owner, planned),
            differs: patient.as_ref().map_or_else(Vec::new, |found| {
                paste::differences(program, &found.before, &found.after)
            }),
            case: patient.map(|found| {
                let ready = self.ready.get(found.ready);
                paste::case(self.form, self.file, ready, &found)
            }),
        }))
    }

    /// A patient near a case on whom the change makes a difference, if possible to the verdict.
    fn patient(
        &self,
        owner: Owner,
        planned: &Planned,
        mutant: &Form,
        part: Option<Part>,
        scratch: &mut Scratch,
        until: u64,
    ) -> Option<Found> {
        let fields = self.fields(owner, planned);
        let mut search = Search {
            bench: self,
            mutant,
            part,
            scratch,
            left: MOST_PATIENTS,
            until,
            best: None,
        };
        search.one_change(&fields);
        search.some_changes(&fields);
        search.without_hidden_answers();
        search.best
    }

    /// The fields to vary: those at the changed place first, then all behind its part.
    fn fields(&self, owner: Owner, planned: &Planned) -> Vec<FieldId> {
        let program = self.form.program();
        let mut copy = program.clone();
        let (mut fields, mut site) = (Vec::new(), 0);
        visit(&mut copy, owner, &mut |found| {
            if site == planned.site
                && let Site::Condition { cond, .. } = found
            {
                fields = fields_behind(program, cond);
            }
            site += 1;
        });
        for cond in owner.conditions(program) {
            for field in fields_behind(program, &cond) {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        fields
    }
}

/// The search for a patient on whom a change makes a difference.
struct Search<'s, 'a> {
    bench: &'s Bench<'a>,
    mutant: &'s Form,
    part: Option<Part>,
    scratch: &'s mut Scratch,
    /// Patients that may still be tried.
    left: usize,
    /// Evaluations at which it ends.
    until: u64,
    best: Option<Found>,
}

impl Search<'_, '_> {
    /// Whether nothing more may be tried.
    fn spent(&self) -> bool {
        self.left == 0 || self.scratch.evaluations() >= self.until
    }

    /// Whether the search may stop.
    fn done(&self) -> bool {
        let decided = |found: &Found| decides(&found.before, &found.after);
        self.spent() || self.best.as_ref().is_some_and(decided)
    }

    /// The cases as they are, then with one answer changed.
    fn one_change(&mut self, fields: &[FieldId]) {
        for index in 0..self.bench.ready.len() {
            if self.spent() {
                return;
            }
            self.try_patient(index, &[]);
        }
        for field in fields {
            for (index, case) in self.bench.ready.iter().enumerate() {
                let values = self
                    .bench
                    .values
                    .of_field(*field, &case.answers, &case.context);
                for answer in values {
                    if self.done() {
                        return;
                    }
                    self.try_patient(index, &[(*field, answer)]);
                }
            }
        }
    }

    /// The cases with two or three answers changed, drawn by lot.
    fn some_changes(&mut self, fields: &[FieldId]) {
        let mut dice = Dice::new(1);
        while !self.done() && !fields.is_empty() && !self.bench.ready.is_empty() {
            let index = dice.below(self.bench.ready.len());
            let Some(case) = self.bench.ready.get(index) else {
                return;
            };
            let mut changed: Vec<(FieldId, Answer)> = Vec::new();
            for _ in 0..2 + dice.below(2) {
                let field = fields.get(dice.below(fields.len())).copied();
                let Some(field) = field.filter(|field| changed.iter().all(|(f, _)| f != field))
                else {
                    continue;
                };
                let values = self
                    .bench
                    .values
                    .of_field(field, &case.answers, &case.context);
                if let Some(answer) = values.get(dice.below(values.len())) {
                    changed.push((field, answer.clone()));
                }
            }
            self.try_patient(index, &changed);
        }
    }

    /// Takes the answers of hidden questions away from the patient that was found, if the difference
    /// does not need them: nobody fills them in.
    fn without_hidden_answers(&mut self) {
        let Some(found) = self.best.take() else {
            return;
        };
        let mut answers = self.answers(found.ready, &found.changed);
        let shown = (0..=u16::MAX).map(FieldId).zip(&found.before.shown);
        let hidden: Vec<FieldId> = shown
            .filter(|(field, shown)| !**shown && !answers.get(*field).is_missing())
            .map(|(field, _)| field)
            .collect();
        let mut changed = found.changed.clone();
        changed.retain(|(field, _)| !hidden.contains(field));
        for field in hidden {
            answers.set(field, Answer::Missing);
            changed.push((field, Answer::Missing));
        }
        let tidy = self.observed(found.ready, changed, &answers);
        let as_telling = |tidy: &Found| {
            differs(&tidy.before, &tidy.after)
                && decides(&tidy.before, &tidy.after) == decides(&found.before, &found.after)
        };
        self.best = tidy.filter(as_telling).or(Some(found));
    }

    /// The answers of a case with some changed.
    fn answers(&self, index: usize, changed: &[(FieldId, Answer)]) -> Answers {
        let case = self.bench.ready.get(index);
        let mut answers = case.map_or_else(|| Answers::new(self.mutant), |c| c.answers.clone());
        for (field, answer) in changed {
            answers.set(*field, answer.clone());
        }
        answers
    }

    /// What definition and change say of a patient near a case.
    fn observed(
        &mut self,
        index: usize,
        changed: Vec<(FieldId, Answer)>,
        answers: &Answers,
    ) -> Option<Found> {
        let context = &self.bench.ready.get(index)?.context;
        let before = observe_with(self.scratch, self.bench.form, answers, context);
        let after = observe_with(self.scratch, self.mutant, answers, context);
        Some(Found {
            ready: index,
            changed,
            before,
            after,
        })
    }

    fn try_patient(&mut self, index: usize, changed: &[(FieldId, Answer)]) {
        let Some(case) = self.bench.ready.get(index) else {
            return;
        };
        self.left = self.left.saturating_sub(1);
        let answers = self.answers(index, changed);
        let form = self.bench.form;
        if let Some(part) = self.part {
            let before = part_with(self.scratch, form, &answers, &case.context, part);
            let after = part_with(self.scratch, self.mutant, &answers, &case.context, part);
            if before == after && !after.is_open() {
                return;
            }
        }
        let found = self.observed(index, changed.to_vec(), &answers);
        let Some(found) = found.filter(|found| differs(&found.before, &found.after)) else {
            return;
        };
        if self.best.is_none() {
            self.left = self.left.min(MOST_BETTER);
        }
        if self.best.is_none() || decides(&found.before, &found.after) {
            self.best = Some(found);
        }
    }
}

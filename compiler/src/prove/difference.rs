//! Two editions of a judgement: the same for every patient, or the regions where they differ, each
//! with a patient.
//!
//! Both programs become circuits of one solver in which a question that both ask (same wire name,
//! same kind of answer) is answered once. Records are compared that both editions can hold: an
//! answer that only one of them offers is left out. Then a patient is sought whose categories
//! differ; found, confirmed by both engines, told, and everybody who agrees with that patient in
//! all conditions of both judgements is left out of the next search.

use super::canon;
use super::encode::{Encoder, Pair};
use super::patient::{Patient, Task, Wish, realise, trial_form};
use super::reads::Cone;
use super::solver::{Answer as Found, Lit, Solver};
use super::state::State;
use crate::Compilation;
use kohyo_engine::program::{Category, FieldId, FieldType, Index, Judgement, JudgementId};
use kohyo_engine::{Answer, Answers, Form, Program, Question, judge};
use std::collections::BTreeMap;

/// How a judgement of two editions compares.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Name of the judgement.
    pub name: String,
    /// Its label in the new edition.
    pub label: String,
    /// Patients whose categories differ, one for each region found.
    pub regions: Vec<Region>,
    /// Outside of the regions every patient gets the same category in both; if there are none, the
    /// judgements are the same.
    pub proven: bool,
    /// Labels of the items that only the old judgement reads.
    pub only_old: Vec<String>,
    /// Labels of the items that only the new judgement reads.
    pub only_new: Vec<String>,
}

/// A patient for whom two editions differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// 「例: …」.
    pub example: String,
    /// Category in the old edition; nothing if it is not settled there.
    pub old: Option<String>,
    /// Category in the new edition; nothing if it is not settled there.
    pub new: Option<String>,
}

/// So many regions are told.
const REGIONS: usize = 12;

/// So many combinations without real answers are passed over.
const PASSED: usize = 20;

/// Steps of the search for one judgement.
const BUDGET: u64 = 4_000_000;

/// Compares the judgements that both editions have, or the one of this name. Nothing is compared
/// if one of the definitions has errors.
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
    let mut found = Vec::new();
    for (b, after) in (0..=u16::MAX).map(JudgementId).zip(&new.judgements) {
        if judgement.is_some_and(|name| name != after.name) {
            continue;
        }
        let before = (0..=u16::MAX).map(JudgementId).zip(&old.judgements);
        for (a, before) in before.filter(|(_, before)| before.name == after.name) {
            let sides = (Side::new(old, a, before), Side::new(new, b, after));
            found.extend(compare(sides.0, sides.1));
        }
    }
    found
}

/// A judgement of one edition.
struct Side<'a> {
    program: &'a Program,
    id: JudgementId,
    judgement: &'a Judgement,
    encoder: Encoder<'a>,
    cone: Cone,
}

impl<'a> Side<'a> {
    fn new(program: &'a Program, id: JudgementId, judgement: &'a Judgement) -> Self {
        let conditions = judgement.categories.iter().filter_map(|c| c.when.as_ref());
        Self {
            program,
            id,
            judgement,
            encoder: Encoder::new(program),
            cone: Cone::of(program, conditions),
        }
    }

    fn key(&self, index: usize) -> Option<(&str, bool)> {
        let category = self.judgement.categories.get(index)?;
        Some((category.name.as_str(), category.eligible))
    }

    fn category(&self, index: Option<Index>) -> Option<&Category> {
        self.judgement.categories.get(usize::from(index?))
    }

    /// For each category: it comes out for certain. The last: none does.
    fn outcomes(&mut self) -> Vec<Lit> {
        let conditions: Vec<Pair> = self.encoder.categories(self.id);
        let mut outcomes: Vec<Lit> = (0..self.judgement.categories.len())
            .map(|index| self.encoder.first(&conditions, index))
            .collect();
        let settled = self.encoder.solver.any(outcomes.clone());
        outcomes.push(!settled);
        outcomes
    }

    fn leaves(&mut self, leaves: &mut Vec<Lit>) {
        for when in self
            .judgement
            .categories
            .iter()
            .filter_map(|c| c.when.as_ref())
        {
            self.encoder.leaves(when, leaves);
        }
    }

    fn complete(&mut self) -> Vec<Lit> {
        let fields = self.cone.fields.iter();
        fields.map(|field| self.encoder.complete(*field)).collect()
    }

    /// What leads to a category; beyond the last: none is settled.
    fn wishes(&self, index: usize) -> Vec<Wish> {
        let question = |index: usize| {
            let index = Index::try_from(index).unwrap_or(Index::MAX);
            Question::Category(self.id, index)
        };
        let last = self.judgement.categories.len().saturating_sub(1);
        let mut wishes: Vec<Wish> = (0..index.min(last))
            .map(|before| Wish::Is(question(before), false))
            .collect();
        if index < last {
            wishes.push(Wish::Is(question(index), true));
        }
        if index > last {
            return vec![Wish::Open(self.id)];
        }
        wishes
    }
}

/// Two sides with one solver, which stands with the new one between calls.
struct Both<'a> {
    old: Side<'a>,
    new: Side<'a>,
    forms: (Form, Form),
    budget: u64,
}

fn compare<'a>(mut old: Side<'a>, mut new: Side<'a>) -> Option<Difference> {
    let before = old.outcomes();
    // From here on one solver serves both.
    let solver = std::mem::replace(&mut old.encoder.solver, Solver::new());
    new.encoder = Encoder::with_solver(new.program, solver, old.encoder.renewal);
    let after = new.outcomes();
    let shared = shared_fields(old.program, new.program);
    link(&mut old, &mut new, &shared);
    let forms = (
        trial_form(old.program, &old.encoder.virtuals)?,
        trial_form(new.program, &new.encoder.virtuals)?,
    );
    let only = |side: &Side<'_>, other: &Side<'_>| -> Vec<String> {
        side.cone
            .fields
            .iter()
            .filter_map(|id| side.program.fields.get(usize::from(id.0)))
            .filter(|field| {
                !other.cone.fields.iter().any(|id| {
                    let found = other.program.fields.get(usize::from(id.0));
                    found.is_some_and(|found| found.name == field.name)
                })
            })
            .map(|field| field.label.clone())
            .collect()
    };
    let mut difference = Difference {
        name: new.judgement.name.clone(),
        label: new.judgement.label.clone(),
        regions: Vec::new(),
        proven: false,
        only_old: only(&old, &new),
        only_new: only(&new, &old),
    };
    let mut both = Both {
        old,
        new,
        forms,
        budget: BUDGET,
    };
    difference.proven = both.search(&before, &after, &mut difference.regions);
    Some(difference)
}

impl Both<'_> {
    /// Collects regions; whether nothing else differs.
    fn search(&mut self, before: &[Lit], after: &[Lit], regions: &mut Vec<Region>) -> bool {
        let differs = self.differs(before, after);
        let calculated = self.calculated();
        let complete = self.complete();
        let leaves = self.leaves();
        // Complete records first; then those that are settled although something is unknown. As
        // long as nobody asks what is answered, an answer more leaves settled what is settled, so
        // that calculated numbers without all their inputs need no look of their own.
        let last = |lits: &[Lit]| lits.last().copied().unwrap_or(Lit::FALSE);
        let settled = vec![!last(before), !last(after)];
        let mut all = vec![
            [complete.clone(), calculated.clone()].concat(),
            complete,
            [settled.clone(), calculated].concat(),
        ];
        if self.old.cone.state || self.new.cone.state {
            all.push(settled);
        }
        let (mut left_out, mut passed) = (Vec::new(), 0);
        for demands in all {
            loop {
                let mut asked = vec![differs];
                asked.extend(&demands);
                asked.extend(&left_out);
                match self.new.encoder.solver.ask(&asked, &mut self.budget) {
                    Found::No(_) => break,
                    Found::Unsettled => return false,
                    Found::Yes => {}
                }
                let region = self.new.encoder.solver.region(&leaves);
                match self.patient(before, after) {
                    Some(region) if regions.contains(&region) => {}
                    Some(region) => regions.push(region),
                    None => passed += 1,
                }
                left_out.push(!region);
                if regions.len() == REGIONS || passed == PASSED {
                    return false;
                }
            }
        }
        passed == 0
    }

    fn differs(&mut self, before: &[Lit], after: &[Lit]) -> Lit {
        let mut differs = Vec::new();
        for (i, a) in before.iter().enumerate() {
            for (j, b) in after.iter().enumerate() {
                if self.old.key(i) != self.new.key(j) {
                    differs.push(self.new.encoder.solver.and(*a, *b));
                }
            }
        }
        self.new.encoder.solver.any(differs)
    }

    /// Everything that is calculated has a value.
    fn calculated(&self) -> Vec<Lit> {
        let mut known = self.new.encoder.calculated(&self.new.cone);
        known.extend(self.old.encoder.calculated(&self.old.cone));
        known
    }

    /// Everything either side reads is known.
    fn complete(&mut self) -> Vec<Lit> {
        let mut complete = self.new.complete();
        self.swap();
        complete.extend(self.old.complete());
        self.swap();
        complete
    }

    /// When the parts of the conditions of both hold.
    fn leaves(&mut self) -> Vec<Lit> {
        let mut leaves = Vec::new();
        self.new.leaves(&mut leaves);
        self.swap();
        self.old.leaves(&mut leaves);
        self.swap();
        leaves
    }

    fn swap(&mut self) {
        std::mem::swap(&mut self.old.encoder.solver, &mut self.new.encoder.solver);
    }

    /// Real answers for the patient found last.
    fn patient(&mut self, before: &[Lit], after: &[Lit]) -> Option<Region> {
        let solver = &self.new.encoder.solver;
        let on = |lits: &[Lit]| lits.iter().position(|lit| solver.value(*lit));
        let (i, j) = (on(before)?, on(after)?);
        let realised = |side: &Side<'_>, form: &Form, index: usize| {
            let task = Task {
                wishes: &side.wishes(index),
                cone: &side.cone,
                kept: &[],
                complete: true,
                placed: true,
                beside: None,
            };
            realise(&side.encoder, form, &task)
        };
        let new = realised(&self.new, &self.forms.1, j);
        self.swap();
        let old = realised(&self.old, &self.forms.0, i);
        self.swap();
        let (old, new) = (old?, new?);
        // What the one side had to move may suit the other.
        [
            self.joined(&new, &old, false),
            self.joined(&old, &new, true),
        ]
        .into_iter()
        .find_map(|pair| self.confirmed(pair))
    }

    /// The answers of one side, with what only the other side asks.
    fn joined(&self, first: &Patient, second: &Patient, first_is_old: bool) -> (Patient, Patient) {
        let (from, to) = if first_is_old {
            (self.old.program, self.new.program)
        } else {
            (self.new.program, self.old.program)
        };
        let mut answers = second.answers.clone();
        for (id, answer) in first.answers.iter() {
            if let Some((other, answer)) = translated(from, to, id, answer) {
                answers.set(other, answer);
            }
        }
        let other = Patient {
            answers,
            context: first.context,
        };
        if first_is_old {
            (first.clone(), other)
        } else {
            (other, first.clone())
        }
    }

    fn verdicts(&self, old: &Patient, new: &Patient) -> (Option<Index>, Option<Index>) {
        let category = |form: &Form, patient: &Patient, id: JudgementId| {
            let verdict = judge(form, &patient.answers, &patient.context);
            verdict
                .categories
                .as_slice()
                .get(usize::from(id.0))
                .copied()
                .flatten()
        };
        (
            category(&self.forms.0, old, self.old.id),
            category(&self.forms.1, new, self.new.id),
        )
    }

    /// The engines give different categories; told with the items that matter.
    fn confirmed(&self, (mut old, mut new): (Patient, Patient)) -> Option<Region> {
        let verdicts = self.verdicts(&old, &new);
        let key = |category: Option<&Category>| category.map(|c| (c.name.clone(), c.eligible));
        let labels = (self.old.category(verdicts.0), self.new.category(verdicts.1));
        if key(labels.0) == key(labels.1) {
            return None;
        }
        let names: Vec<String> = self
            .new
            .program
            .fields
            .iter()
            .chain(&self.old.program.fields)
            .map(|field| field.name.clone())
            .collect();
        // A settled verdict needs only the items that settle it.
        if verdicts.0.is_some() && verdicts.1.is_some() {
            for name in names.iter().rev() {
                let kept = (old.clone(), new.clone());
                clear(self.old.program, &mut old.answers, name);
                clear(self.new.program, &mut new.answers, name);
                if self.verdicts(&old, &new) != verdicts {
                    (old, new) = kept;
                }
            }
        }
        let mut example =
            super::words::example(self.new.program, &self.forms.1, &new, &self.new.cone);
        let extra = self.only_old(&old);
        if !extra.is_empty() {
            example.push_str(&format!("、旧版だけの項目: {extra}"));
        }
        Some(Region {
            example,
            old: labels.0.map(|category| category.label.clone()),
            new: labels.1.map(|category| category.label.clone()),
        })
    }

    /// The answers that only the old edition can hold.
    fn only_old(&self, old: &Patient) -> String {
        let told: Vec<String> = old
            .answers
            .iter()
            .filter(|(_, answer)| !answer.is_missing())
            .filter(|(id, answer)| {
                translated(self.old.program, self.new.program, *id, answer).is_none()
            })
            .filter_map(|(id, answer)| {
                let field = self.old.program.fields.get(usize::from(id.0))?;
                Some(super::words::item(&self.forms.0, id, field, answer))
            })
            .collect();
        told.join("、")
    }
}

fn clear(program: &Program, answers: &mut Answers, name: &str) {
    let position = program.fields.iter().position(|field| field.name == name);
    if let Some(id) = position.and_then(|position| u16::try_from(position).ok()) {
        answers.set(FieldId(id), Answer::Missing);
    }
}

/// Fields that both ask in the same way, by position in the old and the new program.
fn shared_fields(old: &Program, new: &Program) -> Vec<(FieldId, FieldId)> {
    let by_name: BTreeMap<&str, FieldId> = (0..=u16::MAX)
        .map(FieldId)
        .zip(&new.fields)
        .map(|(id, field)| (field.name.as_str(), id))
        .collect();
    (0..=u16::MAX)
        .map(FieldId)
        .zip(&old.fields)
        .filter_map(|(id, field)| Some((id, *by_name.get(field.name.as_str())?)))
        .filter(|(a, b)| {
            let ty = |program: &Program, id: &FieldId| {
                program
                    .fields
                    .get(usize::from(id.0))
                    .map(|field| field.ty.clone())
            };
            match (ty(old, a), ty(new, b)) {
                (
                    Some(FieldType::Number { unit: a, .. }),
                    Some(FieldType::Number { unit: b, .. }),
                ) => a == b,
                (Some(a), Some(b)) => std::mem::discriminant(&a) == std::mem::discriminant(&b),
                _ => false,
            }
        })
        .collect()
}

/// An answer of one edition in the other one.
fn translated(
    from: &Program,
    to: &Program,
    id: FieldId,
    answer: &Answer,
) -> Option<(FieldId, Answer)> {
    let (_, other) = shared_fields_of(from, to, id)?;
    let codes = |program: &Program, id: FieldId| match program.fields.get(usize::from(id.0)) {
        Some(field) => match &field.ty {
            FieldType::Choice { table } | FieldType::Choices { table } => {
                program.code_tables.get(usize::from(*table)).cloned()
            }
            _ => None,
        },
        None => None,
    };
    let code = |index: Index| {
        let (own, others) = (codes(from, id)?, codes(to, other)?);
        let name = &own.codes.get(usize::from(index))?.name;
        let position = others.codes.iter().position(|code| code.name == *name)?;
        Index::try_from(position).ok()
    };
    Some((
        other,
        match answer {
            Answer::Code(index) => Answer::Code(code(*index)?),
            Answer::Codes(all) => Answer::Codes(
                all.iter()
                    .map(|index| code(*index))
                    .collect::<Option<_>>()?,
            ),
            Answer::Missing | Answer::Number(_) | Answer::Date(_) | Answer::Text(_) => {
                answer.clone()
            }
        },
    ))
}

fn shared_fields_of(from: &Program, to: &Program, id: FieldId) -> Option<(FieldId, FieldId)> {
    let name = &from.fields.get(usize::from(id.0))?.name;
    let position = to.fields.iter().position(|field| field.name == *name)?;
    let other = FieldId(u16::try_from(position).ok()?);
    shared_fields(from, to)
        .into_iter()
        .find(|pair| *pair == (id, other))
}

/// Says that shared questions are answered once.
fn link(old: &mut Side<'_>, new: &mut Side<'_>, shared: &[(FieldId, FieldId)]) {
    new.encoder.link();
    std::mem::swap(&mut old.encoder.solver, &mut new.encoder.solver);
    old.encoder.link();
    std::mem::swap(&mut old.encoder.solver, &mut new.encoder.solver);
    let mut solver = std::mem::replace(&mut new.encoder.solver, Solver::new());
    let mut same: Vec<(Lit, Lit)> = Vec::new();
    for (a, b) in shared {
        let (codes_a, codes_b) = (old.encoder.codes(*a), new.encoder.codes(*b));
        let (Some(Some(x)), Some(Some(y))) = (
            old.encoder.states.get_mut(usize::from(a.0)),
            new.encoder.states.get_mut(usize::from(b.0)),
        ) else {
            continue;
        };
        match (x, y) {
            (State::Choice(x), State::Choice(y)) | (State::Choices(x), State::Choices(y)) => {
                for (code, lit) in codes_a.iter().zip(x.iter()) {
                    let other = codes_b.iter().position(|other| {
                        (&other.name, other.unknown) == (&code.name, code.unknown)
                    });
                    // An answer that only one of them offers is in no record of both.
                    let other = other.and_then(|other| y.get(other).copied());
                    same.push((*lit, other.unwrap_or(Lit::FALSE)));
                }
                for (code, lit) in codes_b.iter().zip(y.iter()) {
                    let known = codes_a
                        .iter()
                        .any(|other| (&other.name, other.unknown) == (&code.name, code.unknown));
                    if !known {
                        same.push((*lit, Lit::FALSE));
                    }
                }
            }
            (State::Number(x), State::Number(y)) => {
                same.push((x.answered, y.answered));
                let mut cuts: Vec<_> = x.cuts.keys().chain(y.cuts.keys()).copied().collect();
                cuts.extend([x.low, y.low, x.high + x.step, y.high + y.step]);
                for cut in cuts {
                    let a = x.at_least(&mut solver, cut, false);
                    let b = y.at_least(&mut solver, cut, false);
                    // Nothing is said of a number that is not answered.
                    let answered = x.answered;
                    solver.clause(&[!answered, !a, b]);
                    solver.clause(&[!answered, a, !b]);
                }
            }
            (
                State::Date { answered, precise },
                State::Date {
                    answered: other_answered,
                    precise: other_precise,
                },
            ) => same.extend([(*answered, *other_answered), (*precise, *other_precise)]),
            (State::Text(x), State::Text(y)) => same.push((*x, *y)),
            _ => {}
        }
    }
    for a in &mut old.encoder.virtuals {
        let key = canon::number(old.program, &a.number);
        for b in &mut new.encoder.virtuals {
            if canon::number(new.program, &b.number) == key {
                same.extend(a.same_as(b, &mut solver));
            }
        }
    }
    for (from, to, a) in &old.encoder.dates {
        let key = [from, to].map(|moment| canon::moment(old.program, moment));
        for (from, to, b) in &new.encoder.dates {
            let other = [from, to].map(|moment| canon::moment(new.program, moment));
            if key == other {
                same.extend([
                    (a.less, b.less),
                    (a.less_equal, b.less_equal),
                    (a.greater, b.greater),
                    (a.greater_equal, b.greater_equal),
                ]);
            }
        }
    }
    for (a, b) in same {
        solver.implies(a, b);
        solver.implies(b, a);
    }
    new.encoder.solver = solver;
}

//! Asking for patients: the solver first, then the engine.

use super::encode::{Encoder, Pair};
use super::exceptions::{self, Declared};
use super::patient::{Patient, Task, Wish, realise, trial_form};
use super::reads::Cone;
use super::solver::{Answer, Lit};
use super::{Claim, ProofReport, Statement, located};
use crate::Compilation;
use crate::places::{Place, Places};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{DefinitionId, FieldId, Index, JudgementId, Level};
use kohyo_engine::{Form, Program, Question};
use std::collections::BTreeSet;

/// What came of looking for a patient.
#[derive(Debug)]
pub(super) enum Found {
    /// This one.
    Example(Box<Patient>),
    /// There is none.
    Nobody,
    /// Nothing is certain: the budget is spent, or no real answers were found for a combination
    /// that could not be excluded.
    Unsettled,
}

/// So many combinations are tried on the engine for one finding.
const COMBINATIONS: u32 = 4;

/// Everything the proofs of one definition share.
pub(super) struct Prover<'a> {
    pub(super) program: &'a Program,
    pub(super) encoder: Encoder<'a>,
    compilation: &'a Compilation,
    /// What each error check reads; nothing for the others.
    errors: Vec<Option<Cone>>,
    form: Option<Form>,
    /// So many numbers and pairs of dates are linked already.
    linked: (usize, usize),
    /// Grades with a gap: whoever falls in it gets no category either.
    pub(super) gaps: BTreeSet<DefinitionId>,
    budget: u64,
    report: ProofReport,
}

impl<'a> Prover<'a> {
    pub(super) fn new(program: &'a Program, compilation: &'a Compilation, budget: u64) -> Self {
        let errors = program.checks.iter().map(|check| {
            let reads = || Cone::of(program, [&check.violated]);
            (check.level == Level::Error).then(reads)
        });
        Self {
            program,
            encoder: Encoder::new(program),
            compilation,
            errors: errors.collect(),
            form: None,
            linked: (0, 0),
            gaps: BTreeSet::new(),
            budget,
            report: ProofReport::default(),
        }
    }

    pub(super) fn report(self) -> ProofReport {
        let mut report = self.report;
        for list in [&mut report.findings, &mut report.notes] {
            list.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
            list.dedup();
        }
        report
    }

    pub(super) fn places(&self) -> &'a Places {
        &self.compilation.places
    }

    pub(super) fn located(&self, place: Place) -> (&'a str, Span) {
        located(self.compilation, place)
    }

    /// Builds the circuits of all rules before anything is asked, so that one patient can answer
    /// many questions.
    pub(super) fn encode_all(&mut self) {
        let program: &'a Program = self.program;
        for id in (0..=u16::MAX).zip(&program.definitions).map(|(id, _)| id) {
            self.encoder.criterion(DefinitionId(id));
        }
        for (id, _) in (0..=u16::MAX).zip(&program.judgements) {
            self.encoder.categories(JudgementId(id));
        }
        for check in &program.checks {
            self.encoder.cond(&check.violated);
        }
        for (id, field) in (0..=u16::MAX).map(FieldId).zip(&program.fields) {
            self.encoder.shown(id);
            if let Some(when) = &field.required_when {
                self.encoder.cond(when);
            }
        }
        self.link();
    }

    fn link(&mut self) {
        let now = (self.encoder.virtuals.len(), self.encoder.dates.len());
        if now != self.linked {
            self.encoder.link();
            self.linked = (self.encoder.virtuals.len(), self.encoder.dates.len());
        }
    }

    /// Asks the solver alone.
    pub(super) fn ask(&mut self, assumptions: &[Lit]) -> Answer {
        self.link();
        if assumptions.contains(&Lit::FALSE) {
            return Answer::No(
                assumptions
                    .iter()
                    .copied()
                    .filter(|lit| *lit == Lit::FALSE)
                    .collect(),
            );
        }
        self.encoder.solver.ask(assumptions, &mut self.budget)
    }

    /// The error checks that these fields settle.
    fn kept(&self, cone: &Cone) -> Vec<Index> {
        (0..)
            .zip(&self.errors)
            .filter(|(_, reads)| {
                reads
                    .as_ref()
                    .is_some_and(|reads| reads.fields.is_subset(&cone.fields))
            })
            .map(|(index, _)| index)
            .collect()
    }

    /// A check is violated in an application it applies to.
    pub(super) fn violated(&mut self, check: Index) -> Lit {
        let program: &'a Program = self.program;
        let Some(check) = program.checks.get(usize::from(check)) else {
            return Lit::FALSE;
        };
        let violated = self.encoder.cond(&check.violated).yes;
        match check.only {
            Some(only) => {
                let applies = self.encoder.application(only);
                self.encoder.solver.and(applies, violated)
            }
            None => violated,
        }
    }

    fn wished(&mut self, wish: Wish) -> Lit {
        let pair = match wish {
            Wish::Is(question, wanted) => {
                let pair = self.pair(question);
                return if wanted { pair.yes } else { pair.no };
            }
            Wish::Open(judgement) => self.encoder.categories(judgement),
        };
        let some: Vec<Lit> = (0..=pair.len())
            .map(|position| self.encoder.first(&pair, position))
            .collect();
        !self.encoder.solver.any(some)
    }

    fn pair(&mut self, question: Question) -> Pair {
        let at = |pairs: Vec<Pair>, index: Index| {
            pairs
                .get(usize::from(index))
                .copied()
                .unwrap_or(Pair::UNKNOWN)
        };
        let program: &'a Program = self.program;
        match question {
            Question::Criterion(id) => self.encoder.criterion(id),
            Question::Arm(id, arm) => at(self.encoder.arms(id), arm),
            Question::Category(id, category) => at(self.encoder.categories(id), category),
            Question::Check(check) => match program.checks.get(usize::from(check)) {
                Some(check) => self.encoder.cond(&check.violated),
                None => Pair::UNKNOWN,
            },
            Question::Shown(field) => self.encoder.shown(field),
            Question::Required(field) => self.required(field),
        }
    }

    /// A field is shown and required.
    pub(super) fn required(&mut self, field: FieldId) -> Pair {
        let program: &'a Program = self.program;
        let shown = self.encoder.shown(field);
        match program.fields.get(usize::from(field.0)) {
            Some(found) if found.required => shown,
            Some(found) => match &found.required_when {
                Some(when) => {
                    let when = self.encoder.cond(when);
                    self.encoder.both(shown, when)
                }
                None => Pair::TRUE.not(),
            },
            None => Pair::TRUE.not(),
        }
    }

    /// Looks for a patient who shows all of this, acceptable to the error checks on these fields;
    /// everything answered if possible, and certainly if only complete ones count.
    pub(super) fn find(&mut self, wishes: &[Wish], cone: &Cone, complete: bool) -> Found {
        self.find_outside(wishes, cone, complete, &[])
    }

    /// Looks for a patient outside of these regions; see [`Prover::region`].
    pub(super) fn find_outside(
        &mut self,
        wishes: &[Wish],
        cone: &Cone,
        complete: bool,
        regions: &[Lit],
    ) -> Found {
        let kept = self.kept(cone);
        let mut demands: Vec<Lit> = wishes.iter().map(|wish| self.wished(*wish)).collect();
        demands.extend(kept.iter().map(|check| !self.violated(*check)));
        demands.extend(regions.iter().map(|region| !*region));
        let mut answered = demands.clone();
        for field in &cone.fields {
            answered.push(self.encoder.complete(*field));
        }
        let mut calculated = answered.clone();
        calculated.extend(self.encoder.calculated(cone));
        let mut attempts = vec![calculated, answered];
        if !complete {
            attempts.push(demands);
        }
        let mut last = Found::Nobody;
        for attempt in attempts {
            last = self.attempt(attempt, wishes, cone, &kept, complete);
            if let Found::Example(_) = last {
                return last;
            }
        }
        last
    }

    /// Tries some of the combinations that the solver finds.
    fn attempt(
        &mut self,
        mut demands: Vec<Lit>,
        wishes: &[Wish],
        cone: &Cone,
        kept: &[Index],
        complete: bool,
    ) -> Found {
        for tried in 0..COMBINATIONS {
            match self.ask(&demands) {
                Answer::Yes => {
                    if let Some(patient) = self.realise(wishes, cone, kept, complete) {
                        return Found::Example(Box::new(patient));
                    }
                    let cuts = self.encoder.cuts(cone);
                    let region = self.region(&cuts);
                    demands.push(!region);
                }
                Answer::No(_) if tried == 0 => return Found::Nobody,
                Answer::No(_) | Answer::Unsettled => return Found::Unsettled,
            }
        }
        Found::Unsettled
    }

    /// Holds for everybody who agrees in all of this with the patient found last.
    pub(super) fn region(&mut self, lits: &[Lit]) -> Lit {
        let agreed: Vec<Lit> = lits
            .iter()
            .map(|lit| {
                if self.encoder.solver.value(*lit) {
                    *lit
                } else {
                    !*lit
                }
            })
            .collect();
        self.encoder.solver.all(agreed)
    }

    /// Whether anybody shows this: no example is made.
    pub(super) fn exists(&mut self, lit: Lit) -> Option<bool> {
        match self.ask(&[lit]) {
            Answer::Yes => Some(true),
            Answer::No(_) => Some(false),
            Answer::Unsettled => None,
        }
    }

    fn realise(
        &mut self,
        wishes: &[Wish],
        cone: &Cone,
        kept: &[Index],
        complete: bool,
    ) -> Option<Patient> {
        if self.form.is_none() {
            self.form = trial_form(self.program, &self.encoder.virtuals);
        }
        let task = Task {
            wishes,
            cone,
            kept,
            complete,
            placed: false,
        };
        realise(&self.encoder, self.form.as_ref()?, &task)
    }

    /// The example as people read it.
    pub(super) fn example(&self, patient: &Patient, cone: &Cone) -> String {
        match &self.form {
            Some(form) => super::words::example(self.program, form, patient, cone),
            None => String::new(),
        }
    }

    pub(super) fn finding(&mut self, finding: Diagnostic) {
        self.report.findings.push(finding);
    }

    /// Whether the compiler itself found this inside or around one of these places.
    pub(super) fn is_reported_as(&self, code: &str, places: &[Place]) -> bool {
        let mut found = self
            .compilation
            .diagnostics
            .iter()
            .filter(|d| d.code == code);
        found.any(|finding| {
            places.iter().any(|place| {
                let (file, span) = self.located(*place);
                let covers = finding.span.start <= span.start && span.end <= finding.span.end;
                finding.file == file && covers
            })
        })
    }

    /// Everybody for whom none of this is declared.
    pub(super) fn outside(&mut self, declared: &[Declared]) -> Lit {
        let others: Vec<Lit> = exceptions::outside(declared)
            .map(|wish| self.wished(wish))
            .collect();
        self.encoder.solver.all(others)
    }

    /// Whether something is found at this place already.
    pub(super) fn is_reported(&self, place: Place) -> bool {
        let (file, span) = self.located(place);
        let mut found = self.report.findings.iter();
        found.any(|finding| finding.file == file && finding.span == span)
    }

    pub(super) fn note(&mut self, note: Diagnostic) {
        self.report.notes.push(note);
    }

    pub(super) fn proven(&mut self, place: Place, kind: Claim, text: String) {
        let statement = self.statement(place, kind, text);
        self.report.proven.push(statement);
    }

    pub(super) fn not_proven(&mut self, place: Place, kind: Claim, text: String) {
        let statement = self.statement(place, kind, text);
        self.report.not_proven.push(statement);
    }

    fn statement(&self, place: Place, kind: Claim, text: String) -> Statement {
        let (file, span) = self.located(place);
        Statement {
            kind,
            text,
            file: file.to_owned(),
            span,
        }
    }

    /// The fields that error checks read.
    pub(super) fn checked_fields(&self) -> BTreeSet<FieldId> {
        self.errors
            .iter()
            .flatten()
            .flat_map(|cone| cone.fields.iter().copied())
            .collect()
    }
}

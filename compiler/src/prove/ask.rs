//! Asking for patients: the solver first, then the engine.

use super::again::Memory;
use super::boundary::Alternatives;
use super::encode::{Encoder, Pair};
use super::exceptions::{self, Declared};
use super::inner::Inner;
use super::narrow::NarrowGaps;
use super::patient::{Patient, Task, Wish, realise, trial_form};
use super::reads::Cone;
use super::solver::{Answer, Lit};
use super::{Claim, ProofReport, Statement, located};
use crate::Compilation;
use crate::diagnostics as d;
use crate::places::{Place, Places};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::program::{Definition, DefinitionId, FieldId, Index, Level, Number, Part, Rule};
use kohyo_engine::{Form, Program};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What came of looking for a patient.
#[derive(Debug)]
pub(crate) enum Found {
    /// This one.
    Example(Box<Patient>),
    /// There is none.
    Nobody,
    /// Nothing is certain: the budget is spent, or no real answers were found for a combination
    /// that could not be excluded.
    Unsettled,
}

/// So many combinations are tried on the engine for one finding.
const COMBINATIONS: u32 = 8;

/// Of a rule with more leaves the reason of a gap is not looked for: each is a question.
const MOST_LEAVES: usize = 96;

/// So many calculated numbers are named where a proof gives up.
const NAMED: usize = 3;

/// How questions are put.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Whether there is somebody at all, first to a crowd: enough where nothing is to be told.
    Brief,
    /// Who it is: every question is searched, and examples are looked for along the patients of the
    /// questions before.
    Thorough,
}

/// Everything the proofs of one definition share.
pub(super) struct Prover<'a> {
    pub(super) program: &'a Program,
    pub(super) encoder: Encoder<'a>,
    compilation: &'a Compilation,
    /// What each error check reads; nothing for the others.
    errors: Vec<Option<Cone>>,
    form: Option<Form>,
    /// Grades with a gap: whoever falls in it gets no category either.
    pub(super) gaps: BTreeSet<DefinitionId>,
    /// Those whose gaps are declared, as far as is known.
    pub(super) declared_gaps: BTreeSet<DefinitionId>,
    /// Numbers that change with the day: whoever is judged outside of their periods gets none.
    pub(super) dated: BTreeSet<DefinitionId>,
    pub(super) alternatives: Alternatives,
    pub(super) narrow_gaps: NarrowGaps,
    /// The choices inside of rules.
    pub(super) inner: Rc<Inner>,
    manner: Manner,
    pub(super) memory: Memory,
    /// In this topic something is found, or not proven.
    open: bool,
    /// In some topic so far.
    was_open: bool,
    /// What the brief questions may still cost, and the thorough ones.
    budgets: [u64; 2],
    report: ProofReport,
}

/// What was known before a topic.
struct Mark {
    gaps: BTreeSet<DefinitionId>,
    declared_gaps: BTreeSet<DefinitionId>,
    dated: BTreeSet<DefinitionId>,
    /// How many findings, notes and findings that are taken back there were.
    told: [usize; 3],
    /// How many statements, proven and not.
    said: [usize; 2],
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
            gaps: BTreeSet::new(),
            declared_gaps: BTreeSet::new(),
            dated: BTreeSet::new(),
            alternatives: Alternatives::default(),
            narrow_gaps: NarrowGaps::default(),
            inner: Rc::default(),
            manner: Manner::Brief,
            memory: Memory::None,
            open: false,
            was_open: false,
            budgets: [budget; 2],
            report: ProofReport::default(),
        }
    }

    /// For whoever wants patients, every question is searched.
    pub(super) fn thorough(mut self) -> Self {
        self.manner = Manner::Thorough;
        self
    }

    pub(super) fn report(self) -> ProofReport {
        let mut report = self.report;
        for list in [&mut report.findings, &mut report.notes] {
            list.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
            list.dedup();
        }
        report
    }

    /// Whether everything is proven and nothing found: there is nobody to be told of.
    pub(super) fn is_clean(&self) -> bool {
        !self.was_open
    }

    /// Whether it only matters that there is somebody.
    pub(super) fn is_brief(&self) -> bool {
        self.manner == Manner::Brief
    }

    /// Proves something: briefly, and if anything of it is open then, thoroughly. What is said of
    /// one topic must not hang on how another was put.
    pub(super) fn topic(&mut self, prove: impl Fn(&mut Self)) {
        let before = self.mark();
        prove(self);
        if !std::mem::take(&mut self.open) {
            return;
        }
        self.was_open = true;
        // By the wrong answers nothing is found; everything will be asked without memory.
        if self.memory.is_recalling() {
            return;
        }
        self.return_to(before);
        self.manner = Manner::Thorough;
        prove(self);
        self.manner = Manner::Brief;
        self.open = false;
    }

    fn mark(&self) -> Mark {
        let report = &self.report;
        Mark {
            gaps: self.gaps.clone(),
            declared_gaps: self.declared_gaps.clone(),
            dated: self.dated.clone(),
            told: [&report.findings, &report.notes, &report.superseded].map(Vec::len),
            said: [&report.proven, &report.not_proven].map(Vec::len),
        }
    }

    fn return_to(&mut self, mark: Mark) {
        self.gaps = mark.gaps;
        self.declared_gaps = mark.declared_gaps;
        self.dated = mark.dated;
        let ProofReport {
            findings,
            notes,
            proven,
            not_proven,
            superseded,
        } = &mut self.report;
        let told = [findings, notes, superseded].into_iter().zip(mark.told);
        told.for_each(|(list, len)| list.truncate(len));
        let said = [proven, not_proven].into_iter().zip(mark.said);
        said.for_each(|(list, len)| list.truncate(len));
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
        self.encoder.encode_all();
        self.encoder.link();
    }

    /// Asks the solver alone.
    pub(super) fn ask(&mut self, assumptions: &[Lit]) -> Answer {
        self.encoder.link();
        if assumptions.contains(&Lit::FALSE) {
            return Answer::No(
                assumptions
                    .iter()
                    .copied()
                    .filter(|lit| *lit == Lit::FALSE)
                    .collect(),
            );
        }
        // The whole topic will be asked again.
        if self.is_brief() && self.open {
            return Answer::Unsettled;
        }
        let answer = match self.memory.recalled(assumptions) {
            Some(answer) => answer,
            None => self.searched(assumptions),
        };
        self.memory.note(&answer, assumptions);
        self.open |= answer == Answer::Unsettled;
        answer
    }

    fn searched(&mut self, assumptions: &[Lit]) -> Answer {
        let solver = &mut self.encoder.solver;
        match (self.manner, &mut self.budgets) {
            (Manner::Brief, [brief, _]) => solver.exists(assumptions, brief),
            (Manner::Thorough, [_, thorough]) => solver.ask(assumptions, thorough),
        }
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
        self.encoder.violated(check)
    }

    fn wished(&mut self, wish: Wish) -> Lit {
        let pair = match wish {
            Wish::Is(question, wanted) => {
                let pair = self.encoder.question(question);
                return if wanted { pair.yes } else { pair.no };
            }
            Wish::Open(judgement) => self.encoder.categories(judgement),
        };
        let some: Vec<Lit> = (0..=pair.len())
            .map(|position| self.encoder.first(&pair, position))
            .collect();
        !self.encoder.solver.any(some)
    }

    /// A field is shown and required.
    pub(super) fn required(&mut self, field: FieldId) -> Pair {
        self.encoder.required(field)
    }

    /// Looks for a patient who shows all of this, acceptable to the error checks on these fields;
    /// everything answered if possible, and certainly if only complete ones count.
    pub(super) fn find(&mut self, wishes: &[Wish], cone: &Cone, complete: bool) -> Found {
        self.find_outside(wishes, cone, complete, &[])
    }

    /// Whether nobody whom the error checks on these fields accept shows all of this, for certain:
    /// just then [`Prover::find`] finds nobody. No patient is made.
    pub(super) fn is_excluded(&mut self, wishes: &[Wish], cone: &Cone) -> bool {
        let demands = self.demands(wishes, &self.kept(cone));
        matches!(self.ask(&demands), Answer::No(_))
    }

    /// Whether somebody who shows all of this and has answered everything here may get no value of this
    /// number: one of its rows holds, say, and none of the bands in there.
    pub(super) fn may_lack_value(
        &mut self,
        wishes: &[Wish],
        number: DefinitionId,
        cone: &Cone,
    ) -> bool {
        let mut demands = self.demands(wishes, &self.kept(cone));
        demands.push(!self.encoder.definition_valued(number));
        for field in &cone.fields {
            demands.push(self.encoder.complete(*field));
        }
        !matches!(self.ask(&demands), Answer::No(_))
    }

    /// Whoever shows all of this and violates none of these checks.
    fn demands(&mut self, wishes: &[Wish], kept: &[Index]) -> Vec<Lit> {
        let mut demands: Vec<Lit> = wishes.iter().map(|wish| self.wished(*wish)).collect();
        demands.extend(kept.iter().map(|check| !self.violated(*check)));
        demands
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
        let mut demands = self.demands(wishes, &kept);
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
        if self.is_brief() {
            // Where nobody shows the least of it, nobody shows more.
            let least = attempts.last().map(|least| self.ask(least));
            if let Some(Answer::No(_)) = least {
                return Found::Nobody;
            }
            self.open = true;
            return Found::Unsettled;
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

    /// Everybody who shows the wishes for the same reason as the patient found last: of these
    /// leaves, as many as can be are left out while all who have answered still show them.
    pub(super) fn same_reason(&mut self, wishes: &[Wish], cone: &Cone, leaves: &[Lit]) -> Lit {
        let mut reason = self.encoder.solver.shown(leaves);
        reason.sort();
        reason.dedup();
        if reason.len() > MOST_LEAVES {
            return self.encoder.solver.all(reason);
        }
        let wished: Vec<Lit> = wishes.iter().map(|wish| self.wished(*wish)).collect();
        let wished = self.encoder.solver.all(wished);
        let complete = cone
            .fields
            .iter()
            .map(|field| self.encoder.complete(*field));
        let complete: Vec<Lit> = complete.collect();
        let mut at = 0;
        while let Some(left_out) = reason.get(at).copied() {
            let others = reason.iter().copied().filter(|lit| *lit != left_out);
            let mut others: Vec<Lit> = others.chain(complete.iter().copied()).collect();
            others.push(!wished);
            match self.ask(&others) {
                Answer::No(_) => drop(reason.remove(at)),
                Answer::Yes | Answer::Unsettled => at += 1,
            }
        }
        self.encoder.solver.all(reason)
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
                    let region = self.encoder.solver.region(&cuts);
                    demands.push(!region);
                }
                Answer::No(_) if tried == 0 => return Found::Nobody,
                Answer::No(_) | Answer::Unsettled => return Found::Unsettled,
            }
        }
        Found::Unsettled
    }

    /// Whether anybody shows this: no example is made.
    pub(super) fn exists(&mut self, lit: Lit) -> Option<bool> {
        match self.ask(&[lit]) {
            Answer::Yes => Some(true),
            Answer::No(_) => Some(false),
            Answer::Unsettled => None,
        }
    }

    /// Whether anybody shows this, which is what `wishes` say: where numbers are calculated that
    /// circuits do not follow, somebody has to be found of whom the engine says so.
    pub(super) fn somebody(&mut self, lit: Lit, wishes: &[Wish], cone: &Cone) -> Option<bool> {
        let found = self.exists(lit);
        let mut calculated = self.encoder.virtuals.iter();
        let is_loose = calculated
            .any(|found| !found.is_elapsed() && found.inputs.fields.is_subset(&cone.fields));
        if found != Some(true) || !is_loose {
            return found;
        }
        // With whatever is known; then at least what is calculated, or everything answered.
        let mut calculated = self.encoder.calculated(cone);
        calculated.push(lit);
        let fields = cone.fields.iter();
        let complete = fields.map(|field| self.encoder.complete(*field));
        let answered = complete.chain(calculated.iter().copied()).collect();
        let attempts = [vec![lit], calculated, answered];
        if let Some(answer) = self.memory.recalled(&[]) {
            return (answer == Answer::Yes).then_some(true);
        }
        self.encoder.link();
        let met =
            self.encoder.solver.met(&[lit]) && self.realise(wishes, cone, &[], false).is_some();
        let mut attempts = attempts.into_iter();
        let there = met || attempts.any(|demands| self.anybody(demands, wishes, cone));
        let answer = if there {
            Answer::Yes
        } else {
            Answer::Unsettled
        };
        self.memory.note(&answer, &[]);
        there.then_some(true)
    }

    /// Tries some of the combinations with which all of this holds on the engine.
    fn anybody(&mut self, mut demands: Vec<Lit>, wishes: &[Wish], cone: &Cone) -> bool {
        self.encoder.link();
        for _ in 0..COMBINATIONS {
            let budget = self.budgets.get_mut(self.manner as usize);
            let solver = &mut self.encoder.solver;
            if budget.is_none_or(|budget| solver.ask(&demands, budget) != Answer::Yes) {
                return false;
            }
            if self.realise(wishes, cone, &[], false).is_some() {
                return true;
            }
            let cuts = self.encoder.cuts(cone);
            let region = self.encoder.solver.region(&cuts);
            demands.push(!region);
        }
        false
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
            beside: None,
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
        self.open = true;
        if !d::is_of_tie(&finding, &self.report.findings) {
            self.report.findings.push(finding);
        }
    }

    /// A finding of the compiler is taken back, or told in better words.
    pub(super) fn supersede(&mut self, finding: Diagnostic) {
        self.report.superseded.push(finding);
    }

    /// Whether this is found inside or around one of these places: by the compiler itself and not
    /// taken back, or by the proofs.
    pub(super) fn is_reported_as(&self, code: &str, places: &[Place]) -> bool {
        let superseded = &self.report.superseded;
        let compiled = self.compilation.diagnostics.iter();
        let mut found = compiled
            .filter(|d| !superseded.contains(d))
            .chain(&self.report.findings)
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

    /// What was asked depends on this cone.
    pub(super) fn not_proven(&mut self, place: Place, kind: Claim, text: String, cone: &Cone) {
        self.open = true;
        let text = format!("{text}。{}", self.why_unsettled(kind, cone));
        let statement = self.statement(place, kind, text);
        if !self.report.not_proven.contains(&statement) {
            self.report.not_proven.push(statement);
        }
    }

    /// Ranges of these may meet at a value that both have, or leave one out.
    pub(super) fn borders_not_proven(&mut self, place: Place, label: &str, cone: &Cone) {
        let text = format!("「{label}」の隣り合う範囲の境目には、漏れも重なりもない");
        self.not_proven(place, Claim::Borders, text, cone);
    }

    /// Nobody is found who gets this of a grade or judgement.
    pub(super) fn reach_not_proven(&mut self, place: Place, of: &str, what: &str, cone: &Cone) {
        let text = format!("「{of}」が「{what}」になる患者がいる");
        self.not_proven(place, Claim::Reachable, text, cone);
    }

    /// Why neither was found what decides about a claim nor that there is none.
    fn why_unsettled(&self, kind: Claim, cone: &Cone) -> String {
        if self.budgets.contains(&0) {
            return "手数の上限に達しました".to_owned();
        }
        let calculated = self.encoder.virtuals.iter();
        let calculated = calculated.filter(|found| found.inputs.fields.is_subset(&cone.fields));
        let mut names: Vec<String> = Vec::new();
        for found in calculated {
            let calculates = |definition: &&Definition| match &definition.rule {
                Rule::Number { number, .. } => contains(number, &found.number),
                Rule::Criterion(_) | Rule::Grade { .. } => false,
            };
            let rule = self.program.definitions.iter().find(calculates);
            let name = rule.map_or(&found.number.text, |definition| &definition.label);
            let name = format!("「{name}」");
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(NAMED);
        let unsettled = match kind {
            Claim::Reachable => "そのような患者は見つからず、いないとも言えません",
            Claim::ChecksAgree => "そのような記録は見つからず、ないとも言えません",
            Claim::Exclusive
            | Claim::Exhaustive
            | Claim::NoGap
            | Claim::OneAnswer
            | Claim::Borders => "反例は見つからず、ないとも言えません",
        };
        match names.as_slice() {
            [] => unsettled.to_owned(),
            names => format!("{}の計算のため、{unsettled}", names.concat()),
        }
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

/// Whether a number is calculated from another one, or is that one.
fn contains(number: &Number, wanted: &Number) -> bool {
    let mut found = number.kind == wanted.kind;
    number.each_part(|part| {
        if let Part::Number(inner) = part {
            found |= contains(inner, wanted);
        }
    });
    found
}

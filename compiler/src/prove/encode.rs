//! Conditions as circuits, with the engine's three truth values.
//!
//! Every condition becomes two literals: it holds, it does not hold; neither means unknown. They
//! say what the engine says of the form as it stands, for every patient at once. Where a circuit
//! cannot follow the engine (arithmetic over measured numbers, dates), it allows more than the
//! engine does, never less: what is impossible here is impossible, and what is possible here is
//! tried on the engine before anybody is told.

use super::canon;
use super::number::{End, Spread, Virtual};
use super::reads::reads_state;
use super::solver::{Lit, Solver};
use super::state::State;
use kohyo_engine::program::{
    Application, Code, Cond, CondKind, CountOp, DefinitionId, FieldId, FieldType, Index,
    JudgementId, Moment, Number, NumberKind, Rule,
};
use kohyo_engine::{Decimal, Program};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A condition: when it holds, and when it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) yes: Lit,
    pub(super) no: Lit,
}

impl Pair {
    pub(super) const TRUE: Self = Self::sure(Lit::TRUE);
    pub(super) const UNKNOWN: Self = Self {
        yes: Lit::FALSE,
        no: Lit::FALSE,
    };

    /// Never unknown.
    pub(super) const fn sure(yes: Lit) -> Self {
        Self { yes, no: yes.not() }
    }

    pub(super) const fn not(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
        }
    }
}

/// Builds the circuits of one program.
pub(super) struct Encoder<'a> {
    pub(super) program: &'a Program,
    pub(super) solver: Solver,
    /// The application is a renewal.
    pub(super) renewal: Lit,
    pub(super) states: Vec<Option<State>>,
    shown: Vec<Option<Pair>>,
    definitions: Vec<Option<Definition>>,
    judgements: Vec<Option<Vec<Pair>>>,
    /// Grades and numbers of whose arms or rows one always holds.
    pub(super) covered: BTreeSet<DefinitionId>,
    /// Numbers that circuits do not follow; see [`Virtual`].
    pub(super) virtuals: Vec<Virtual>,
    pub(super) dates: Vec<(Moment, Moment, DatePair)>,
    /// Thresholds of scores and values.
    pub(super) thresholds: HashMap<DefinitionId, BTreeMap<(Decimal, bool), Pair>>,
    /// Where scores and values have one value, all they read being known.
    pub(super) settled: HashMap<DefinitionId, Lit>,
    /// What scores and values may be, if that is a short list.
    pub(super) spreads: HashMap<(DefinitionId, End), Option<Spread>>,
    /// From where to where scores and values can lie.
    pub(super) bounds_of: RefCell<HashMap<DefinitionId, Option<(Decimal, Decimal)>>>,
    /// Where they have a value.
    pub(super) valued: HashMap<DefinitionId, Lit>,
    /// In which steps a score or value moves, if that is plain.
    pub(super) steps: HashMap<DefinitionId, Option<Decimal>>,
    /// Numbers that perhaps have no value, of known parts; see [`Encoder::inside`].
    pub(super) perhaps: Vec<(NumberKind, Lit)>,
    /// Where each completion of a record counts by itself: what conditions say that read the record
    /// as it stands, by their text. Any of it may hold.
    pub(super) stand_ins: Option<HashMap<String, Lit>>,
    /// So many numbers, pairs of dates and thresholds of time are linked already.
    linked: (usize, usize, usize),
}

/// What a definition says.
#[derive(Clone, Debug)]
enum Definition {
    Criterion(Pair),
    /// The conditions of the arms.
    Grade(Vec<Pair>),
    Number,
}

/// What comes out where no arm holds.
#[derive(Clone, Copy, Debug)]
enum Last {
    /// A wanted outcome, or another one.
    Outcome(bool),
    /// Nothing.
    Nothing,
    /// Some arm always holds.
    Never,
}

/// How two dates lie to each other, as far as that is sure.
#[derive(Clone, Copy, Debug)]
pub(super) struct DatePair {
    pub(super) less: Lit,
    pub(super) less_equal: Lit,
    pub(super) greater: Lit,
    pub(super) greater_equal: Lit,
}

impl<'a> Encoder<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        let mut solver = Solver::new();
        let renewal = solver.variable();
        Self::with_solver(program, solver, renewal)
    }

    /// Goes on with a solver in which another program has been built already.
    pub(super) fn with_solver(program: &'a Program, solver: Solver, renewal: Lit) -> Self {
        Self {
            program,
            solver,
            renewal,
            states: vec![None; program.fields.len()],
            shown: vec![None; program.fields.len()],
            definitions: vec![None; program.definitions.len()],
            judgements: vec![None; program.judgements.len()],
            covered: covered(program),
            virtuals: Vec::new(),
            dates: Vec::new(),
            thresholds: HashMap::new(),
            settled: HashMap::new(),
            spreads: HashMap::new(),
            bounds_of: RefCell::default(),
            valued: HashMap::new(),
            steps: HashMap::new(),
            perhaps: Vec::new(),
            stand_ins: None,
            linked: (0, 0, 0),
        }
    }

    /// The codes of a field.
    pub(super) fn codes(&self, id: FieldId) -> &'a [Code] {
        let program: &'a Program = self.program;
        match program.fields.get(usize::from(id.0)).map(|field| &field.ty) {
            Some(FieldType::Choice { table } | FieldType::Choices { table }) => program
                .code_tables
                .get(usize::from(*table))
                .map_or(&[], |table| table.codes.as_slice()),
            _ => &[],
        }
    }

    /// The application is of this kind.
    pub(super) fn application(&self, application: Application) -> Lit {
        match application {
            Application::New => !self.renewal,
            Application::Renewal => self.renewal,
        }
    }

    /// A field is shown.
    pub(super) fn shown(&mut self, id: FieldId) -> Pair {
        let position = usize::from(id.0);
        if let Some(Some(shown)) = self.shown.get(position) {
            return *shown;
        }
        let program: &'a Program = self.program;
        let Some(field) = program.fields.get(position) else {
            return Pair::sure(Lit::FALSE);
        };
        let mut shown = match &field.shown_when {
            Some(condition) => self.cond(condition),
            None => Pair::TRUE,
        };
        if let Some(only) = field.only {
            let applies = Pair::sure(self.application(only));
            shown = self.both(applies, shown);
        }
        if let Some(slot) = self.shown.get_mut(position) {
            *slot = Some(shown);
        }
        shown
    }

    /// All these fields are shown.
    pub(super) fn all_shown(&mut self, fields: &[FieldId]) -> Pair {
        fields.iter().fold(Pair::TRUE, |all, field| {
            let shown = self.shown(*field);
            self.both(all, shown)
        })
    }

    pub(super) fn both(&mut self, a: Pair, b: Pair) -> Pair {
        Pair {
            yes: self.solver.and(a.yes, b.yes),
            no: self.solver.or(a.no, b.no),
        }
    }

    pub(super) fn either(&mut self, a: Pair, b: Pair) -> Pair {
        self.both(a.not(), b.not()).not()
    }

    /// The one or the other; what both agree on while the condition is unknown.
    pub(super) fn choose(&mut self, condition: Pair, a: Pair, b: Pair) -> Pair {
        let mut side = |a: Lit, b: Lit| {
            let then = self.solver.and(condition.yes, a);
            let otherwise = self.solver.and(condition.no, b);
            let agreed = self.solver.and(a, b);
            let either = self.solver.or(then, otherwise);
            let open = self.solver.and(!condition.yes, !condition.no);
            let open = self.solver.and(open, agreed);
            self.solver.or(either, open)
        };
        Pair {
            yes: side(a.yes, b.yes),
            no: side(a.no, b.no),
        }
    }

    /// A criterion, or nothing if the definition is none.
    pub(super) fn criterion(&mut self, id: DefinitionId) -> Pair {
        match self.definition(id) {
            Some(Definition::Criterion(pair)) => pair,
            _ => Pair::UNKNOWN,
        }
    }

    /// The conditions of the arms of a grade.
    pub(super) fn arms(&mut self, id: DefinitionId) -> Vec<Pair> {
        match self.definition(id) {
            Some(Definition::Grade(arms)) => arms,
            _ => Vec::new(),
        }
    }

    fn definition(&mut self, id: DefinitionId) -> Option<Definition> {
        let position = usize::from(id.0);
        if let Some(Some(definition)) = self.definitions.get(position) {
            return Some(definition.clone());
        }
        let program: &'a Program = self.program;
        let made = match &program.definitions.get(position)?.rule {
            Rule::Criterion(condition) => Definition::Criterion(self.cond(condition)),
            Rule::Grade { arms, .. } => Definition::Grade(
                arms.iter()
                    .map(|(condition, _)| self.cond(condition))
                    .collect(),
            ),
            Rule::Number { .. } => Definition::Number,
        };
        if let Some(slot) = self.definitions.get_mut(position) {
            *slot = Some(made.clone());
        }
        Some(made)
    }

    /// The conditions of the categories of a judgement, all but the last.
    pub(super) fn categories(&mut self, id: JudgementId) -> Vec<Pair> {
        let position = usize::from(id.0);
        if let Some(Some(pairs)) = self.judgements.get(position) {
            return pairs.clone();
        }
        let program: &'a Program = self.program;
        let pairs: Vec<Pair> = program
            .judgements
            .get(position)
            .into_iter()
            .flat_map(|judgement| &judgement.categories)
            .filter_map(|category| category.when.as_ref())
            .map(|when| self.cond(when))
            .collect();
        if let Some(slot) = self.judgements.get_mut(position) {
            *slot = Some(pairs.clone());
        }
        pairs
    }

    /// The first of these that holds is this one: all before it do not hold.
    pub(super) fn first(&mut self, conditions: &[Pair], position: usize) -> Lit {
        let before = conditions.iter().take(position).map(|pair| pair.no);
        let own = conditions.get(position).map_or(Lit::TRUE, |pair| pair.yes);
        let before: Vec<Lit> = before.collect();
        let before = self.solver.all(before);
        self.solver.and(before, own)
    }

    /// One of the wanted outcomes comes out of arms read in order.
    ///
    /// While some arms are unknown, the engine knows that it does only if every arm up to the
    /// first sure one has a wanted outcome.
    fn outcome(&mut self, arms: &[(Pair, bool)], last: Last) -> Pair {
        let mut result = match last {
            Last::Outcome(wanted) => Pair::sure(wanted.into()),
            // Without an outcome nothing is said.
            Last::Nothing => Pair::UNKNOWN,
            // It does not happen, so that it says nothing against any outcome.
            Last::Never => Pair {
                yes: Lit::TRUE,
                no: Lit::TRUE,
            },
        };
        for (condition, wanted) in arms.iter().rev() {
            let own = Pair::sure((*wanted).into());
            result = self.choose(*condition, own, result);
        }
        result
    }

    /// A condition.
    pub(super) fn cond(&mut self, condition: &Cond) -> Pair {
        if let Some(stand_in) = self.stand_in(condition) {
            return stand_in;
        }
        match &condition.kind {
            CondKind::Const(holds) => Pair::sure((*holds).into()),
            CondKind::Application(application) => Pair::sure(self.application(*application)),
            CondKind::Code { field, codes } => self.code(*field, codes),
            CondKind::Includes { field, code } => self.includes(*field, *code),
            CondKind::Answered(field) => Pair::sure(self.answered(*field)),
            CondKind::Criterion(id) => self.criterion(*id),
            CondKind::Grade {
                definition,
                outcomes,
            } => self.grade(*definition, outcomes),
            CondKind::Category {
                judgement,
                categories,
            } => {
                let conditions = self.categories(*judgement);
                let last = Index::try_from(conditions.len()).unwrap_or(Index::MAX);
                let arms: Vec<(Pair, bool)> = conditions
                    .into_iter()
                    .zip(0..)
                    .map(|(pair, index)| (pair, categories.contains(&index)))
                    .collect();
                self.outcome(&arms, Last::Outcome(categories.contains(&last)))
            }
            CondKind::Not(inner) => self.cond(inner).not(),
            CondKind::All(parts) => parts.iter().fold(Pair::TRUE, |all, part| {
                let part = self.cond(part);
                self.both(all, part)
            }),
            CondKind::Any(parts) => parts.iter().fold(Pair::TRUE.not(), |any, part| {
                let part = self.cond(part);
                self.either(any, part)
            }),
            CondKind::Count { of, op, n } => self.count(of, *op, *n),
            CondKind::Compare { left, op, right } => self.compare(left, *op, right),
            CondKind::CompareDates { left, op, right } => self.compare_dates(left, *op, right),
            CondKind::If(condition, then, otherwise) => {
                let condition = self.cond(condition);
                let (then, otherwise) = (self.cond(then), self.cond(otherwise));
                self.choose(condition, then, otherwise)
            }
            CondKind::TreatUnknown { condition, as_yes } => {
                let inner = self.cond(condition);
                Pair::sure(if *as_yes { !inner.no } else { inner.yes })
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                let shown = self.all_shown(fields);
                let condition = self.cond(condition);
                self.choose(shown, condition, Pair::sure((*otherwise).into()))
            }
        }
    }

    /// What stands for a condition that says the same in every completion of a record.
    fn stand_in(&mut self, condition: &Cond) -> Option<Pair> {
        let known = self.stand_ins.as_ref()?;
        if !reads_state(self.program, condition) {
            return None;
        }
        let text = canon::cond(self.program, condition);
        let lit = match known.get(&text) {
            Some(lit) => *lit,
            None => self.solver.variable(),
        };
        self.stand_ins.as_mut()?.insert(text, lit);
        Some(Pair::sure(lit))
    }

    fn code(&mut self, field: FieldId, wanted: &[Index]) -> Pair {
        let Some(State::Choice(lits)) = self.state(field) else {
            return Pair::UNKNOWN;
        };
        let codes = self.codes(field);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        let some_known = wanted
            .iter()
            .filter_map(|index| codes.get(usize::from(*index)))
            .any(|code| !code.unknown);
        for ((code, lit), index) in codes.iter().zip(lits).zip(0..) {
            if wanted.contains(&index) {
                yes.push(lit);
            } else if !code.unknown || !some_known {
                no.push(lit);
            }
        }
        Pair {
            yes: self.solver.any(yes),
            no: self.solver.any(no),
        }
    }

    fn includes(&mut self, field: FieldId, code: Index) -> Pair {
        let Some(State::Choices(lits)) = self.state(field) else {
            return Pair::UNKNOWN;
        };
        let Some(own) = lits.get(usize::from(code)).copied() else {
            return Pair::UNKNOWN;
        };
        let doubts = self.known_codes(field, &lits, true);
        let unknown = self
            .codes(field)
            .get(usize::from(code))
            .is_some_and(|code| code.unknown);
        let some = self.solver.any(lits);
        let mut no = self.solver.and(some, !own);
        if !unknown {
            let doubt = self.solver.any(doubts);
            no = self.solver.and(no, !doubt);
        }
        Pair { yes: own, no }
    }

    fn grade(&mut self, id: DefinitionId, wanted: &[Index]) -> Pair {
        let program: &'a Program = self.program;
        let Some(Rule::Grade {
            arms, otherwise, ..
        }) = program.definitions.get(usize::from(id.0)).map(|d| &d.rule)
        else {
            return Pair::UNKNOWN;
        };
        let conditions: Vec<(Pair, bool)> = self
            .arms(id)
            .into_iter()
            .zip(arms)
            .map(|(pair, (_, outcome))| (pair, wanted.contains(outcome)))
            .collect();
        let last = match otherwise {
            Some(last) => Last::Outcome(wanted.contains(last)),
            None if self.covered.contains(&id) => Last::Never,
            None => Last::Nothing,
        };
        self.outcome(&conditions, last)
    }

    fn count(&mut self, of: &[Cond], op: CountOp, n: u32) -> Pair {
        let number = Number {
            kind: NumberKind::Count(of.to_vec()),
            text: String::new(),
        };
        match op {
            CountOp::AtLeast => self.at_least(&number, n.into(), false),
            CountOp::AtMost => self.at_least(&number, n.into(), true).not(),
            CountOp::Exactly => {
                let from = self.at_least(&number, n.into(), false);
                let beyond = self.at_least(&number, n.into(), true).not();
                self.both(from, beyond)
            }
        }
    }

    /// When the parts of a condition hold that are not made of other conditions.
    pub(super) fn leaves(&mut self, condition: &Cond, leaves: &mut Vec<Lit>) {
        match &condition.kind {
            CondKind::Not(inner)
            | CondKind::TreatUnknown {
                condition: inner, ..
            } => self.leaves(inner, leaves),
            CondKind::IfShown {
                fields, condition, ..
            } => {
                leaves.push(self.all_shown(fields).yes);
                self.leaves(condition, leaves);
            }
            CondKind::All(parts) | CondKind::Any(parts) => {
                for part in parts {
                    self.leaves(part, leaves);
                }
            }
            _ => leaves.push(self.cond(condition).yes),
        }
    }

    /// How sure literals of new numbers and dates hang together is written down before anything is
    /// asked. Says whether there were any.
    pub(super) fn link(&mut self) -> bool {
        let made = |encoder: &Self| (encoder.virtuals.len(), encoder.dates.len(), encoder.spans());
        let now = made(self);
        if self.linked == now {
            return false;
        }
        if (self.linked.0, self.linked.1) != (now.0, now.1) {
            self.link_numbers();
            self.link_dates();
        }
        self.link_spans();
        self.linked = made(self);
        true
    }

    /// Whatever is settled about a field: for telling an example.
    pub(super) fn made(&self) -> BTreeMap<FieldId, State> {
        (0..=u16::MAX)
            .map(FieldId)
            .zip(&self.states)
            .filter_map(|(id, state)| Some((id, state.clone()?)))
            .collect()
    }
}

/// The definitions of which the program says so.
fn covered(program: &Program) -> BTreeSet<DefinitionId> {
    let says = |rule: &Rule| {
        matches!(
            rule,
            Rule::Grade { covered: true, .. } | Rule::Number { covered: true, .. }
        )
    };
    let all = (0..=u16::MAX).map(DefinitionId).zip(&program.definitions);
    all.filter(|(_, definition)| says(&definition.rule))
        .map(|(id, _)| id)
        .collect()
}

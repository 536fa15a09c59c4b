//! Strong Kleene evaluation of the arena: true, false or unknown for conditions, a range for
//! numbers, the outcomes still possible for grades and judgements.
//!
//! The machine looks at the answers in one of two ways ([`View`]): as the form stands now, or as
//! a set of completions. In the second view some fields may already be decided by a search
//! ([`Branch`]); everything undecided is unknown.

use crate::answers::{Answer, Answers};
use crate::arena::{
    Arena, CodeSet, CondNode, CondRef, DefinitionRule, Domain, Instant, List, NumberNode,
    NumberRef, Score, ScoreItem,
};
use crate::days::{Days, elapsed};
use crate::evaluate::Context;
use crate::program::{Application, ArithmeticOp, CompareOp, CountOp, FieldId, Function, Index};
use crate::range::Range;
use crate::script::cost_of_last_call;
use crate::tri::Tri;
use crate::value::Decimal;
use std::collections::BTreeMap;

/// How the machine looks at the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// As the form stands here and now: an unanswered field is not answered.
    Now,
    /// Every completion of the unknown answers: an unanswered field may come to be answered.
    ///
    /// Only `is answered` and `treat unknown as` tell the two apart. `treat unknown as` always
    /// looks at the form as it stands now: what is unknown there is what the author collapses.
    Completions,
}

/// What a search has decided about a field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Branch {
    /// Whether an unanswered field will be answered, as far as rules ask.
    pub answered: Option<bool>,
    pub value: Piece,
}

/// A part of the legal values of a field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Piece {
    /// Nothing is decided: what is answered counts.
    #[default]
    AsAnswered,
    /// A known code is the truth; a code marked unknown may be what is written.
    Code {
        written: Option<Index>,
        truth: Option<Index>,
    },
    /// These named codes are chosen, these are not.
    Codes { included: u64, excluded: u64 },
    /// From the first to the second.
    Number(Decimal, Decimal),
    /// Within these days.
    Days(Days),
}

/// Memory of the machine, to be used again for the next record without allocation.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    now: Memo,
    completions: Memo,
    branches: Vec<Branch>,
    /// What a search takes rules for, in completions.
    assumed: Vec<(u16, Value)>,
    /// See [`Machine::rule_passed`].
    passed: Option<u16>,
    /// Steps of functions that the searches of this record may still take.
    steps_left: u64,
    failures: BTreeMap<u16, String>,
    /// See [`Scratch::evaluations`].
    evaluations: u64,
}

impl Scratch {
    /// How often rules were worked out in this memory: once for each record, and once for each
    /// completion that a search looked at. A measure of effort that no clock has a say in.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }
}

/// So many steps of functions the searches of one record may take: enough to try every value of
/// an argument, little enough for a script that spends all it may.
const MOST_STEPS: u64 = 400_000;

/// What has been worked out since the last change of the answers.
#[derive(Clone, Debug, Default)]
struct Memo {
    /// Entries with another number are stale.
    round: u32,
    shown: Vec<(u32, Tri)>,
    definitions: Vec<(u32, Value)>,
    judgements: Vec<(u32, u64)>,
}

/// What a definition comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value {
    Truth(Tri),
    Number(Range),
    /// A bit for each outcome still possible, and [`NO_OUTCOME`].
    Grade(u64),
}

/// The bit that says that a grade may have no outcome at all.
pub(crate) const NO_OUTCOME: u64 = 1 << 63;

impl Memo {
    fn start(&mut self, arena: &Arena) {
        self.shown.resize(arena.fields.len(), (0, Tri::Unknown));
        self.definitions
            .resize(arena.definitions.len(), (0, Value::Truth(Tri::Unknown)));
        self.judgements.resize(arena.judgements.len(), (0, 0));
        self.forget();
    }

    fn forget(&mut self) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.shown.fill((0, Tri::Unknown));
            self.definitions.fill((0, Value::Truth(Tri::Unknown)));
            self.judgements.fill((0, 0));
            self.round = 1;
        }
    }
}

/// Evaluates the rules of a form.
pub(crate) struct Machine<'a> {
    pub arena: &'a Arena,
    pub answers: &'a Answers,
    context: &'a Context,
    today: Days,
    scratch: &'a mut Scratch,
    view: View,
    /// Whether a search has decided anything.
    branching: bool,
}

impl<'a> Machine<'a> {
    /// A machine that sees completions.
    pub(crate) fn new(
        arena: &'a Arena,
        answers: &'a Answers,
        context: &'a Context,
        scratch: &'a mut Scratch,
    ) -> Self {
        scratch.now.start(arena);
        scratch.completions.start(arena);
        scratch.steps_left = MOST_STEPS;
        scratch.failures.clear();
        scratch.evaluations += 1;
        let today = Days::of(context.today);
        Self {
            arena,
            answers,
            context,
            today,
            scratch,
            view: View::Completions,
            branching: false,
        }
    }

    /// What `f` says in this view.
    pub(crate) fn in_view<T>(&mut self, view: View, f: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.swap_view(view);
        let result = f(self);
        self.swap_view(before);
        result
    }

    /// Looks in this view from now on; gives the one before.
    pub(crate) fn swap_view(&mut self, view: View) -> View {
        std::mem::replace(&mut self.view, view)
    }

    /// The day of judgement.
    pub(crate) fn today(&self) -> Days {
        self.today
    }

    /// The kind of application.
    pub(crate) fn application(&self) -> Application {
        self.context.application
    }

    /// Counts one more evaluation of the rules.
    pub(crate) fn count_evaluation(&mut self) {
        self.scratch.evaluations += 1;
    }

    /// Begins or ends a search: nothing is decided.
    pub(crate) fn set_branching(&mut self, branching: bool) {
        self.branching = branching;
        self.scratch.branches.clear();
        self.scratch.assumed.clear();
        if branching {
            self.scratch
                .branches
                .resize(self.arena.fields.len(), Branch::default());
        }
        self.scratch.completions.forget();
    }

    /// What the search has decided about a field.
    pub(crate) fn branch(&self, field: u16) -> Branch {
        if self.branching && self.view == View::Completions {
            self.scratch
                .branches
                .get(usize::from(field))
                .copied()
                .unwrap_or_default()
        } else {
            Branch::default()
        }
    }

    /// Whether no search has decided about the value of a field.
    fn as_answered(&self, field: u16) -> bool {
        !self.branching
            || self.view == View::Now
            || self
                .scratch
                .branches
                .get(usize::from(field))
                .is_none_or(|branch| matches!(branch.value, Piece::AsAnswered))
    }

    /// Decides about a field; what was worked out before is forgotten.
    pub(crate) fn set_branch(&mut self, field: u16, branch: Branch) {
        if let Some(slot) = self.scratch.branches.get_mut(usize::from(field)) {
            *slot = branch;
        }
        self.scratch.completions.forget();
    }

    /// Takes a rule for something from now on; what was worked out before is forgotten.
    pub(crate) fn assume(&mut self, definition: u16, value: Value) {
        self.scratch.assumed.push((definition, value));
        self.scratch.completions.forget();
    }

    /// Takes back what was assumed last.
    pub(crate) fn retract(&mut self) {
        self.scratch.assumed.pop();
        self.scratch.completions.forget();
    }

    fn assumed(&self, definition: u16) -> Option<Value> {
        if !self.branching || self.view == View::Now {
            return None;
        }
        let mut assumed = self.scratch.assumed.iter();
        let found = assumed.find(|(other, _)| *other == definition);
        found.map(|(_, value)| *value)
    }

    /// Notes that something was blamed inside of this rule.
    pub(crate) fn pass(&mut self, definition: u16) {
        if self.arena.total.get(usize::from(definition)) == Some(&true) {
            self.scratch.passed = Some(definition);
        }
    }

    /// The outermost rule on the way to what `blame` finds that always has a value.
    pub(crate) fn rule_passed<T>(
        &mut self,
        blame: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<u16> {
        self.scratch.passed = None;
        blame(self)?;
        self.scratch.passed
    }

    /// The answer as written, shown or not.
    pub(crate) fn answer(&self, field: u16) -> &'a Answer {
        self.answers.get(FieldId(field))
    }

    fn memo(&mut self) -> &mut Memo {
        match self.view {
            View::Now => &mut self.scratch.now,
            View::Completions => &mut self.scratch.completions,
        }
    }

    /// Whether a field is shown.
    pub(crate) fn shown(&mut self, field: u16) -> Tri {
        let Some(rule) = self.arena.field(field) else {
            return Tri::False;
        };
        if rule
            .only
            .is_some_and(|only| only != self.context.application)
        {
            return Tri::False;
        }
        let Some(condition) = rule.shown_when else {
            return Tri::True;
        };
        let memo = self.memo();
        if let Some((round, shown)) = memo.shown.get(usize::from(field))
            && *round == memo.round
        {
            return *shown;
        }
        let shown = self.condition(condition);
        let memo = self.memo();
        let round = memo.round;
        if let Some(entry) = memo.shown.get_mut(usize::from(field)) {
            *entry = (round, shown);
        }
        shown
    }

    /// Whether an answer to a field is one too many.
    pub(crate) fn hidden(&mut self, field: u16) -> Tri {
        let Some(rule) = self.arena.field(field) else {
            return Tri::True;
        };
        match rule.hidden_when {
            Some(when) if rule.only.is_none_or(|only| only == self.application()) => {
                self.condition(when)
            }
            _ => !self.shown(field),
        }
    }

    /// Whether all these fields are shown.
    pub(crate) fn all_shown(&mut self, fields: List<u16>) -> Tri {
        let fields = self.arena.fields_of(fields);
        fields
            .iter()
            .fold(Tri::True, |all, field| all.and(self.shown(*field)))
    }

    /// What a definition comes to.
    pub(crate) fn definition(&mut self, definition: u16) -> Value {
        let memo = self.memo();
        if let Some((round, value)) = memo.definitions.get(usize::from(definition))
            && *round == memo.round
        {
            return *value;
        }
        if let Some(value) = self.assumed(definition) {
            return value;
        }
        let value = match self.arena.definitions.get(usize::from(definition)) {
            Some(DefinitionRule::Criterion(condition)) => Value::Truth(self.condition(*condition)),
            Some(DefinitionRule::Number {
                number,
                fraction,
                covered,
            }) => {
                let range = if *covered {
                    self.number_of_rows(*number)
                } else {
                    self.number(*number)
                };
                Value::Number(fraction.map_or(range, |fraction| range.round(fraction)))
            }
            Some(DefinitionRule::Grade {
                arms,
                otherwise,
                covered,
            }) => {
                let last = match (otherwise, covered) {
                    (Some(last), _) => bit(*last),
                    (None, Some(numbers)) if self.have_values(*numbers) => 0,
                    (None, _) => NO_OUTCOME,
                };
                match self.first_that_holds(arms.iter().copied(), last) {
                    // A program that says so wrongly.
                    0 => Value::Grade(NO_OUTCOME),
                    possible => Value::Grade(possible),
                }
            }
            None => Value::Truth(Tri::Unknown),
        };
        let memo = self.memo();
        let round = memo.round;
        if let Some(entry) = memo.definitions.get_mut(usize::from(definition)) {
            *entry = (round, value);
        }
        value
    }

    /// Where a number lies that is chosen row by row, as one of the rows holds.
    fn number_of_rows(&mut self, mut at: NumberRef) -> Range {
        let arena = self.arena;
        let mut possible: Option<Range> = None;
        while let Some(NumberNode::If(condition, then, rest)) = arena.number(at).copied() {
            let holds = self.condition(condition);
            if holds != Tri::False {
                let then = self.number(then);
                possible = Some(possible.map_or(then, |before| before.hull(then)));
            }
            if let (Tri::True, Some(possible)) = (holds, possible) {
                return possible;
            }
            at = rest;
        }
        match (possible, arena.number(at)) {
            (Some(possible), Some(NumberNode::Nothing)) => possible,
            // A program that says so wrongly.
            (None, _) => self.number(at),
            (Some(possible), _) => possible.hull(self.number(at)),
        }
    }

    /// Whether none of these may lack a value.
    fn have_values(&mut self, numbers: List<NumberRef>) -> bool {
        let numbers = self.arena.numbers_of(numbers);
        numbers
            .iter()
            .all(|number| self.number(*number) != Range::Any)
    }

    /// A bit for each category of a judgement that is still possible.
    pub(crate) fn judgement(&mut self, judgement: u16) -> u64 {
        let memo = self.memo();
        if let Some((round, possible)) = memo.judgements.get(usize::from(judgement))
            && *round == memo.round
        {
            return *possible;
        }
        let Some(rule) = self.arena.judgements.get(usize::from(judgement)) else {
            return 0;
        };
        let last = u16::try_from(rule.conditions.len()).map_or(0, bit);
        let possible = self.first_that_holds(rule.conditions.iter().copied().zip(0..), last);
        let memo = self.memo();
        let round = memo.round;
        if let Some(entry) = memo.judgements.get_mut(usize::from(judgement)) {
            *entry = (round, possible);
        }
        possible
    }

    fn first_that_holds(&mut self, arms: impl Iterator<Item = (CondRef, Index)>, last: u64) -> u64 {
        let mut possible = 0;
        for (condition, outcome) in arms {
            match self.condition(condition) {
                Tri::True => return possible | bit(outcome),
                Tri::False => {}
                Tri::Unknown => possible |= bit(outcome),
            }
        }
        possible | last
    }

    /// Whether a condition holds.
    #[inline(always)] // a choice, most conditions of most forms, is told where it is asked
    pub(crate) fn condition(&mut self, at: CondRef) -> Tri {
        let arena = self.arena;
        match arena.condition(at) {
            Some(CondNode::Code {
                field,
                quick: Some(quick),
                ..
            }) if self.as_answered(*field) => match self.answer(*field) {
                Answer::Code(code) => quick.says(*code),
                _ => Tri::Unknown,
            },
            Some(node) => self.node(node),
            None => Tri::Unknown,
        }
    }

    #[inline(never)]
    fn node(&mut self, node: &CondNode) -> Tri {
        match *node {
            CondNode::Const(holds) => holds.into(),
            CondNode::Code {
                field,
                codes,
                some_known,
                ..
            } => self.is_code(field, codes, some_known),
            CondNode::Includes { field, code, bit } => self.includes(field, code, bit),
            CondNode::Answered(field) => self.answered(field),
            CondNode::Criterion(definition) => match self.definition(definition) {
                Value::Truth(holds) => holds,
                Value::Number(_) | Value::Grade(_) => Tri::Unknown,
            },
            CondNode::Grade {
                definition,
                outcomes,
            } => match self.definition(definition) {
                Value::Grade(possible) => among(possible, outcomes),
                Value::Truth(_) | Value::Number(_) => Tri::Unknown,
            },
            CondNode::Category {
                judgement,
                categories,
            } => among(self.judgement(judgement), categories),
            CondNode::Application(application) => (application == self.context.application).into(),
            CondNode::Not(condition) => !self.condition(condition),
            CondNode::All(list) => self.all(list),
            CondNode::Any(list) => self.any(list),
            CondNode::Count { of, op, n } => {
                let (sure, possible) = self.count(of);
                match op {
                    CountOp::AtLeast => between(sure >= n, possible < n),
                    CountOp::AtMost => between(possible <= n, sure > n),
                    CountOp::Exactly => {
                        between(sure == n && possible == n, sure > n || possible < n)
                    }
                }
            }
            CondNode::Compare { left, op, right } => {
                let (left, right) = (self.number(left), self.number(right));
                match op {
                    CompareOp::Less => left.less(right),
                    CompareOp::LessEqual => left.less_equal(right),
                    CompareOp::Equal => left.equal(right),
                    CompareOp::NotEqual => !left.equal(right),
                    CompareOp::GreaterEqual => right.less_equal(left),
                    CompareOp::Greater => right.less(left),
                }
            }
            CondNode::CompareDates { left, op, right } => {
                let (left, right) = (self.instant(left), self.instant(right));
                match op {
                    CompareOp::Less => left.less(right),
                    CompareOp::LessEqual => left.less_equal(right),
                    CompareOp::Equal => left.equal(right),
                    CompareOp::NotEqual => !left.equal(right),
                    CompareOp::GreaterEqual => right.less_equal(left),
                    CompareOp::Greater => right.less(left),
                }
            }
            CondNode::If(condition, then, otherwise) => match self.condition(condition) {
                Tri::True => self.condition(then),
                Tri::False => self.condition(otherwise),
                Tri::Unknown => self.condition(then).agree(self.condition(otherwise)),
            },
            CondNode::TreatUnknown { condition, as_yes } => self
                .in_view(View::Now, |now| now.condition(condition))
                .or_unknown_as(as_yes)
                .into(),
            CondNode::IfShown {
                fields,
                condition,
                otherwise,
            } => match self.all_shown(fields) {
                Tri::True => self.condition(condition),
                Tri::False => otherwise.into(),
                Tri::Unknown => self.condition(condition).agree(otherwise.into()),
            },
        }
    }

    fn all(&mut self, list: List<CondRef>) -> Tri {
        let mut all = Tri::True;
        for condition in self.arena.conditions_of(list) {
            match self.condition(*condition) {
                Tri::False => return Tri::False,
                Tri::True => {}
                Tri::Unknown => all = Tri::Unknown,
            }
        }
        all
    }

    fn any(&mut self, list: List<CondRef>) -> Tri {
        let mut any = Tri::False;
        for condition in self.arena.conditions_of(list) {
            match self.condition(*condition) {
                Tri::True => return Tri::True,
                Tri::False => {}
                Tri::Unknown => any = Tri::Unknown,
            }
        }
        any
    }

    /// How many hold for certain, and how many possibly.
    fn count(&mut self, list: List<CondRef>) -> (u32, u32) {
        let (mut sure, mut possible) = (0, 0);
        for condition in self.arena.conditions_of(list) {
            match self.condition(*condition) {
                Tri::True => {
                    sure += 1;
                    possible += 1;
                }
                Tri::False => {}
                Tri::Unknown => possible += 1,
            }
        }
        (sure, possible)
    }

    /// What is written and what is true of a choice: the code marked unknown, if that is what is
    /// written, and the known code.
    pub(crate) fn chosen(&mut self, field: u16) -> (Option<Index>, Option<Index>) {
        if self.shown(field) != Tri::True {
            return (None, None);
        }
        if let Piece::Code { written, truth } = self.branch(field).value {
            return (written, truth);
        }
        match self.answer(field) {
            Answer::Code(code) => {
                match self
                    .arena
                    .table_of(field)
                    .and_then(|table| table.unknown.get(usize::from(*code)))
                {
                    Some(true) => (Some(*code), None),
                    Some(false) => (None, Some(*code)),
                    None => (None, None),
                }
            }
            _ => (None, None),
        }
    }

    fn is_code(&mut self, field: u16, codes: CodeSet, some_known: bool) -> Tri {
        match self.chosen(field) {
            (Some(written), _) if self.arena.contains(codes, written) => Tri::True,
            (_, Some(truth)) => self.arena.contains(codes, truth).into(),
            (Some(_), None) if !some_known => Tri::False,
            (_, None) => Tri::Unknown,
        }
    }

    /// A code marked unknown among the chosen ones leaves open whether the other known codes
    /// hold as well.
    fn includes(&mut self, field: u16, code: Index, bit: u8) -> Tri {
        if self.shown(field) != Tri::True {
            return Tri::Unknown;
        }
        let bit = 1_u64.checked_shl(bit.into()).unwrap_or(0);
        match (self.branch(field).value, self.answer(field)) {
            (Piece::Codes { included, .. }, _) if included & bit != 0 => Tri::True,
            (Piece::Codes { excluded, .. }, _) if excluded & bit != 0 => Tri::False,
            (_, Answer::Codes(codes)) if !codes.is_empty() => {
                if codes.contains(&code) {
                    return Tri::True;
                }
                let Some(table) = self.arena.table_of(field) else {
                    return Tri::Unknown;
                };
                let says_unknown =
                    |code: &Index| table.unknown.get(usize::from(*code)) == Some(&true);
                if !says_unknown(&code) && codes.iter().any(says_unknown) {
                    Tri::Unknown
                } else {
                    Tri::False
                }
            }
            _ => Tri::Unknown,
        }
    }

    fn answered(&mut self, field: u16) -> Tri {
        let shown = self.shown(field);
        let answered = match (
            self.answer(field).is_missing(),
            self.branch(field),
            self.view,
        ) {
            (false, ..) => Tri::True,
            (
                true,
                Branch {
                    answered: Some(answered),
                    ..
                },
                _,
            ) => answered.into(),
            (true, _, View::Now) => Tri::False,
            (true, _, View::Completions) => Tri::Unknown,
        };
        match self.view {
            View::Now => (shown == Tri::True && answered == Tri::True).into(),
            View::Completions => shown.and(answered),
        }
    }

    /// Where a number lies.
    pub(crate) fn number(&mut self, at: NumberRef) -> Range {
        let arena = self.arena;
        let Some(node) = arena.number(at) else {
            return Range::Any;
        };
        match *node {
            NumberNode::Const(number) => Range::point(number),
            NumberNode::Nothing => Range::Any,
            NumberNode::Field(field) => self.field_number(field),
            NumberNode::Points { field, table } => {
                let Some(table) = self.arena.table(table) else {
                    return Range::Any;
                };
                let truth = self.chosen(field).1;
                let points =
                    truth.and_then(|code| table.points.get(usize::from(code)).copied().flatten());
                points.map_or(table.points_range, Range::point)
            }
            NumberNode::Definition(definition) => match self.definition(definition) {
                Value::Number(range) => range,
                Value::Truth(_) | Value::Grade(_) => Range::Any,
            },
            NumberNode::Sum {
                score: Some(score), ..
            } => self.score(score),
            NumberNode::Sum { parts, score: None } => {
                self.fold(parts, Range::add).unwrap_or(Range::ZERO)
            }
            NumberNode::Max(parts) => self.fold(parts, Range::max).unwrap_or(Range::Any),
            NumberNode::Min(parts) => self.fold(parts, Range::min).unwrap_or(Range::Any),
            NumberNode::Count(conditions) => {
                let (sure, possible) = self.count(conditions);
                Range::Within(sure.into(), possible.into())
            }
            NumberNode::When { amount, condition } => match self.condition(condition) {
                Tri::True => self.number(amount),
                Tri::False => Range::ZERO,
                Tri::Unknown => self.number(amount).hull(Range::ZERO),
            },
            NumberNode::If(condition, then, otherwise) => match self.condition(condition) {
                Tri::True => self.number(then),
                Tri::False => self.number(otherwise),
                Tri::Unknown => self.number(then).hull(self.number(otherwise)),
            },
            NumberNode::Arithmetic { left, op, right } => {
                let (left, right) = (self.number(left), self.number(right));
                match op {
                    ArithmeticOp::Add => left.add(right),
                    ArithmeticOp::Subtract => left.subtract(right),
                    ArithmeticOp::Multiply => left.multiply(right),
                    ArithmeticOp::Divide => left.divide(right),
                }
            }
            NumberNode::Call {
                function,
                first,
                second,
            } => {
                let first = self.number(first);
                let second = second.map_or(Range::Any, |second| self.number(second));
                match function {
                    Function::Abs => first.abs(),
                    Function::Round => first.round_to(second),
                    Function::Floor => first.floor(),
                    Function::Ceiling => first.ceiling(),
                    Function::Sqrt => first.sqrt(),
                    Function::Ln => first.ln(),
                    Function::Exp => first.exp(),
                    Function::Power => first.power(second),
                }
            }
            NumberNode::Script {
                function,
                arguments,
            } => self.script(function, arguments),
            NumberNode::Elapsed { unit, from, to } => {
                elapsed(unit, self.instant(from), self.instant(to))
            }
            NumberNode::IfShown {
                fields,
                number,
                otherwise,
            } => match self.all_shown(fields) {
                Tri::True => self.number(number),
                Tri::False => Range::point(otherwise),
                Tri::Unknown => self.number(number).hull(Range::point(otherwise)),
            },
        }
    }

    /// What a function makes of known arguments; of unknown ones nothing is known, for a function
    /// need not rise or fall with its arguments.
    fn script(&mut self, function: u16, arguments: List<NumberRef>) -> Range {
        let arena = self.arena;
        let mut known = Vec::new();
        for argument in arena.numbers_of(arguments) {
            match self.number(*argument).known() {
                Some(argument) => known.push(argument),
                None => return Range::Any,
            }
        }
        let Some(script) = arena.scripts.get(usize::from(function)) else {
            return Range::Any;
        };
        if self.branching && self.scratch.steps_left == 0 {
            return Range::Any;
        }
        let value = script.call(&known);
        if self.branching {
            let cost = cost_of_last_call();
            self.scratch.steps_left = self.scratch.steps_left.saturating_sub(cost);
        }
        match value {
            Ok(value) => Range::point(value),
            Err(reason) => {
                if self.view == View::Now {
                    self.scratch.failures.insert(function, reason);
                }
                Range::Any
            }
        }
    }

    /// Why functions made nothing of known arguments, by position: what was found when the form
    /// was looked at as it stands.
    pub(crate) fn failures(&self) -> &BTreeMap<u16, String> {
        &self.scratch.failures
    }

    fn fold(&mut self, parts: List<NumberRef>, f: fn(Range, Range) -> Range) -> Option<Range> {
        let mut total: Option<Range> = None;
        for part in self.arena.numbers_of(parts) {
            let part = self.number(*part);
            total = Some(total.map_or(part, |total| f(total, part)));
        }
        total
    }

    fn score(&mut self, score: Score) -> Range {
        // INVARIANT: lowering has made sure that no total leaves the range of i64.
        let (mut least, mut most) = (0_i64, 0_i64);
        for item in self.arena.score_of(score) {
            let (low, high) = match *item {
                ScoreItem::Points {
                    field,
                    by_code,
                    least,
                    most,
                } => {
                    let points = self
                        .chosen(field)
                        .1
                        .and_then(|code| self.arena.points_of(by_code, code));
                    points.map_or((least, most), |points| (points, points))
                }
                ScoreItem::When { amount, condition } => match self.condition(condition) {
                    Tri::True => (amount, amount),
                    Tri::False => (0, 0),
                    Tri::Unknown => (amount.min(0), amount.max(0)),
                },
            };
            least = least.saturating_add(low);
            most = most.saturating_add(high);
        }
        match (
            Decimal::try_new(least, score.scale),
            Decimal::try_new(most, score.scale),
        ) {
            (Ok(least), Ok(most)) => Range::Within(least, most),
            _ => Range::Any,
        }
    }

    /// Where the answer to a number field lies.
    pub(crate) fn field_number(&mut self, field: u16) -> Range {
        if self.shown(field) == Tri::True {
            if let Piece::Number(low, high) = self.branch(field).value {
                return Range::Within(low, high);
            }
            if let Answer::Number(number) = self.answer(field) {
                return Range::point(*number);
            }
        }
        match self.arena.field(field).map(|rule| &rule.domain) {
            Some(Domain::Number(steps)) => Range::Within(steps.low, steps.high),
            _ => Range::Any,
        }
    }

    /// Where the answer to a date field lies.
    pub(crate) fn field_days(&mut self, field: u16) -> Days {
        if self.shown(field) == Tri::True {
            if let Piece::Days(days) = self.branch(field).value {
                return days;
            }
            if let Answer::Date(date) = self.answer(field) {
                return Days::of(*date);
            }
        }
        Days::ANY
    }

    /// Where a point in time lies.
    pub(crate) fn instant(&mut self, instant: Instant) -> Days {
        match instant {
            Instant::Const(days) => days,
            Instant::Today => self.today,
            Instant::Field(field) => self.field_days(field),
            Instant::ShiftedToday(by, unit) => self.today.shifted(by, unit),
            Instant::ShiftedField(field, by, unit) => self.field_days(field).shifted(by, unit),
        }
    }
}

fn bit(position: Index) -> u64 {
    1_u64.checked_shl(position.into()).unwrap_or(0)
}

fn among(possible: u64, named: u64) -> Tri {
    between(
        possible & !named == 0 && possible != 0,
        possible & named == 0 && possible & NO_OUTCOME == 0,
    )
}

fn between(yes: bool, no: bool) -> Tri {
    match (yes, no) {
        (true, _) => Tri::True,
        (_, true) => Tri::False,
        _ => Tri::Unknown,
    }
}

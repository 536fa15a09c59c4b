//! Exactness: what every completion of the unknown answers agrees on.
//!
//! A completion gives every unanswered or unknown item a legal value of its type, as far as the
//! form shows it. Precisely:
//!
//! - An item answered with a known value keeps it. A partial date is some day it covers.
//! - An item answered with a code marked unknown takes any known code as its truth, while
//!   conditions that name the written code stay as answered.
//! - An unanswered choice takes any known code; or any code marked unknown that some rule names,
//!   together with any known code as its truth.
//! - `is answered` of an unanswered item may be true or false: it may come to be filled in, and
//!   it may stay as it is.
//! - `treat unknown as` keeps the value it has now; see [`View`](crate::machine::View).
//! - A rule without a value (a division by zero, a grade of which no arm holds) stays unknown in
//!   a completion, which then settles nothing.
//!
//! Three-valued logic comes first. Where it says unknown, each rule in question that always has a
//! value is taken for everything it can come to; if all of that agrees, so do the completions
//! (decision 0034). Only then the search decides one item after the other: it takes a field that
//! keeps the rule open, divides its legal values into parts (codes; for numbers the points and gaps
//! between the constants they are compared with, then halves down to the last digit; for dates
//! halves down to the day) and evaluates again, until three-valued logic settles each part. The order is fixed by the form, never by a hash.

use crate::answers::Answer;
use crate::arena::Domain;
use crate::blame::Open;
use crate::days::Days;
use crate::machine::{Branch, Machine, Piece, Value};
use crate::outcome::ResultKind;
use crate::range::Range;
use crate::result::Results;
use crate::tri::Tri;
use crate::value::Decimal;

/// Evaluations that a search for the result may cost.
pub(crate) const RESULT_BUDGET: u32 = 50_000;

/// Evaluations that a search for the category of one judgement may cost.
pub(crate) const CATEGORY_BUDGET: u32 = 20_000;

/// Evaluations that a search for the outcome of one grade may cost.
const GRADE_BUDGET: u32 = 300;

/// The outcomes of a grade that some completion has, of those that three-valued logic leaves; all of
/// these where the search is too long.
pub(crate) fn outcomes(machine: &mut Machine<'_>, definition: u16, possible: u64) -> u64 {
    let mut budget = GRADE_BUDGET;
    let target = Target::Grade(definition);
    let found = search(machine, target, Until::Complete, &mut budget);
    found.of(possible)
}

/// What a search asks about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// The result.
    Result,
    /// The category of a judgement.
    Judgement(u16),
    /// The outcome of a grade.
    Grade(u16),
}

/// The bit that says that some completion leaves a judgement without a category.
pub(crate) const STUCK: u64 = 1 << 63;

/// How much a search has to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// Two different values: it is not settled.
    Unsettled,
    /// Every value that some completion has.
    Complete,
}

/// What a search has found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// A bit for every value that some completion has.
    pub seen: u64,
    /// A bit for every value that a completion can have as far as is known without all of them.
    pub bound: u64,
    /// Whether every completion has been looked at.
    pub complete: bool,
    /// For each value seen, the decisions under which every completion has it.
    pub witnesses: Vec<(u64, Decisions)>,
}

/// What is decided about some fields; of several decisions about a field the last counts.
pub(crate) type Decisions = Vec<(u16, Branch)>;

impl Default for Found {
    fn default() -> Self {
        Self {
            seen: 0,
            bound: u64::MAX,
            complete: false,
            witnesses: Vec::new(),
        }
    }
}

impl Found {
    /// A bit for every value that completions have, or of these, where the search was too long,
    /// those that are not excluded.
    pub(crate) fn of(&self, possible: u64) -> u64 {
        if self.complete {
            self.seen
        } else {
            possible & self.bound
        }
    }

    /// The results seen.
    pub(crate) fn results(&self) -> Results {
        Results::from_bits(self.seen)
    }
}

/// Looks for the values that a target has in the completions of the answers.
pub(crate) fn search(
    machine: &mut Machine<'_>,
    target: Target,
    until: Until,
    budget: &mut u32,
) -> Found {
    machine.set_branching(true);
    let mut found = Found::default();
    if let Some(values) = tried_rules(machine, target, until, budget) {
        if values.count_ones() == 1 {
            machine.set_branching(false);
            return Found {
                seen: values,
                bound: values,
                complete: true,
                witnesses: vec![(values, Decisions::new())],
            };
        }
        found.bound = values;
    }
    let mut path: Vec<Step> = Vec::new();
    loop {
        if *budget == 0 {
            break;
        }
        *budget -= 1;
        machine.count_evaluation();
        if let Some(step) = look(machine, target, &path, &mut found) {
            path.push(step);
        }
        if until == Until::Unsettled && found.seen.count_ones() >= 2 {
            break;
        }
        if !advance(machine, &mut path) {
            found.complete = true;
            break;
        }
    }
    machine.set_branching(false);
    found
}

/// Evaluations that trying what rules come to may cost.
const AGREEMENT_BUDGET: u32 = 64;

/// The values that completions can have, where that shows as soon as each rule that always has a
/// value is taken for everything it can come to: 「冠動脈病変がある」 or 「ない」, whichever answers
/// lead there. What no answers lead to is tried too, so that some of the values may not be had;
/// nothing where that does not show.
fn tried_rules(
    machine: &mut Machine<'_>,
    target: Target,
    until: Until,
    budget: &mut u32,
) -> Option<u64> {
    let mut rules = Rules {
        target,
        until,
        left: AGREEMENT_BUDGET.min(*budget),
        values: 0,
    };
    let before = rules.left;
    let all = rules.all(machine);
    *budget = budget.saturating_sub(before - rules.left);
    Some(rules.values).filter(|_| all)
}

struct Rules {
    target: Target,
    until: Until,
    left: u32,
    /// A bit for every value that was come to.
    values: u64,
}

impl Rules {
    /// Whether one value is come to whatever the rules in question come to.
    fn all(&mut self, machine: &mut Machine<'_>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        machine.count_evaluation();
        let possible = self.target.possible(machine);
        if possible.count_ones() == 1 {
            self.values |= possible;
            let several = self.until == Until::Unsettled && self.values.count_ones() > 1;
            return !several && !self.target.is_open(possible);
        }
        let Some(rule) = machine.rule_passed(|machine| self.target.blame(machine)) else {
            return false;
        };
        values_of(machine.definition(rule))
            .into_iter()
            .all(|value| {
                machine.assume(rule, value);
                let all = self.all(machine);
                machine.retract();
                all
            })
    }
}

/// Everything that an open criterion or grade can come to.
fn values_of(value: Value) -> Vec<Value> {
    match value {
        Value::Grade(possible) => (0..u64::BITS)
            .map(|outcome| 1_u64 << outcome)
            .filter(|outcome| possible & outcome != 0)
            .map(Value::Grade)
            .collect(),
        Value::Truth(_) | Value::Number(_) => [Tri::True, Tri::False].map(Value::Truth).into(),
    }
}

/// Whether decisions known from elsewhere lead to two different values here, so that no search is
/// needed to know that nothing is settled. Decisions about the fields left out do not count.
pub(crate) fn refuted(
    machine: &mut Machine<'_>,
    target: Target,
    known: &[Decisions],
    left_out: &[u16],
    budget: &mut u32,
) -> bool {
    let mut seen = 0_u64;
    for decisions in known {
        machine.set_branching(true);
        for (field, branch) in decisions {
            if !left_out.contains(field) {
                machine.set_branch(*field, *branch);
            }
        }
        *budget = budget.saturating_sub(1);
        let possible = target.possible(machine);
        if possible.count_ones() == 1 {
            seen |= possible;
        }
        if seen.count_ones() >= 2 {
            break;
        }
    }
    machine.set_branching(false);
    seen.count_ones() >= 2
}

/// A field under decision.
struct Step {
    field: u16,
    before: Branch,
    parts: std::vec::IntoIter<Branch>,
    now: Branch,
}

/// Evaluates under the decisions made; gives the next field to decide, if there is one.
fn look(
    machine: &mut Machine<'_>,
    target: Target,
    path: &[Step],
    found: &mut Found,
) -> Option<Step> {
    let possible = target.possible(machine);
    if possible & !found.seen == 0 {
        return None;
    }
    if possible.count_ones() == 1 {
        found.seen |= possible;
        found.witnesses.push((
            possible,
            path.iter().map(|step| (step.field, step.now)).collect(),
        ));
        return None;
    }
    if let Some(open) = target.blame(machine) {
        let field = open.field();
        let before = machine.branch(field);
        let parts = parts(machine, open, before);
        if !parts.is_empty() {
            return Some(Step {
                field,
                before,
                parts: parts.into_iter(),
                now: before,
            });
        }
    }
    found.seen |= target.stuck(possible);
    None
}

/// Takes the next part of the last field that has one; false if none is left.
fn advance(machine: &mut Machine<'_>, path: &mut Vec<Step>) -> bool {
    while let Some(step) = path.last_mut() {
        if let Some(part) = step.parts.next() {
            step.now = part;
            machine.set_branch(step.field, part);
            return true;
        }
        machine.set_branch(step.field, step.before);
        path.pop();
    }
    false
}

impl Target {
    /// A bit for every value that three-valued logic cannot exclude.
    pub(crate) fn possible(self, machine: &mut Machine<'_>) -> u64 {
        match self {
            Self::Result => machine.possible_results().bits(),
            Self::Judgement(judgement) => machine.judgement(judgement),
            Self::Grade(definition) => match machine.definition(definition) {
                Value::Grade(possible) => possible,
                Value::Truth(_) | Value::Number(_) => 0,
            },
        }
    }

    fn blame(self, machine: &mut Machine<'_>) -> Option<Open> {
        match self {
            Self::Result => machine.blame_result(),
            Self::Judgement(judgement) => machine.blame_judgement(judgement),
            Self::Grade(definition) => machine.blame_rule(definition),
        }
    }

    /// Whether this value says that nothing is settled.
    pub(crate) fn is_open(self, value: u64) -> bool {
        match self {
            Self::Result => value == Results::only(ResultKind::Undetermined).bits(),
            Self::Judgement(_) | Self::Grade(_) => value == STUCK,
        }
    }

    /// What is seen when these values stay possible for ever.
    fn stuck(self, possible: u64) -> u64 {
        match self {
            Self::Result => Results::only(ResultKind::Undetermined).bits(),
            Self::Judgement(_) | Self::Grade(_) => possible | STUCK,
        }
    }
}

impl Open {
    fn field(self) -> u16 {
        match self {
            Self::Value(field) | Self::Named { field, .. } | Self::Answered(field) => field,
        }
    }
}

/// Divides what is still possible for a field.
pub(crate) fn parts(machine: &mut Machine<'_>, open: Open, before: Branch) -> Vec<Branch> {
    let with = |value: Piece| Branch { value, ..before };
    match open {
        Open::Answered(_) => [true, false]
            .map(|answered| Branch {
                answered: Some(answered),
                ..before
            })
            .into(),
        Open::Named { field, bit, .. } => named_code(machine, field, bit, before),
        Open::Value(field) => match machine.arena.field(field).map(|rule| &rule.domain) {
            Some(Domain::Choice { .. }) => choice(machine, field, before),
            Some(Domain::Number(steps)) => match machine.field_number(field) {
                Range::Within(low, high) => intervals(low, high, steps.step, &steps.cuts)
                    .into_iter()
                    .map(|(low, high)| with(Piece::Number(low, high)))
                    .collect(),
                Range::Any => Vec::new(),
            },
            Some(Domain::Date) => {
                let Days { first, last } = machine.field_days(field);
                let middle = first + (last - first) / 2;
                [
                    Days {
                        first,
                        last: middle,
                    },
                    Days {
                        first: middle + 1,
                        last,
                    },
                ]
                .map(|days| with(Piece::Days(days)))
                .into()
            }
            Some(Domain::Choices { .. } | Domain::Text) | None => Vec::new(),
        },
    }
}

fn choice(machine: &Machine<'_>, field: u16, before: Branch) -> Vec<Branch> {
    let Some(Domain::Choice { table, named }) = machine.arena.field(field).map(|rule| &rule.domain)
    else {
        return Vec::new();
    };
    let known = machine
        .arena
        .table(*table)
        .map_or(&[][..], |table| &table.known);
    let truths: Vec<Option<u16>> = match known {
        [] => vec![None],
        known => known.iter().copied().map(Some).collect(),
    };
    let says_unknown = |written: u16, answered: Option<bool>| {
        truths.iter().map(move |truth| Branch {
            answered,
            value: Piece::Code {
                written: Some(written),
                truth: *truth,
            },
        })
    };
    if let Answer::Code(written) = machine.answer(field) {
        return says_unknown(*written, before.answered).collect();
    }
    let mut parts: Vec<Branch> = truths
        .iter()
        .map(|truth| Branch {
            value: Piece::Code {
                written: None,
                truth: *truth,
            },
            ..before
        })
        .collect();
    if before.answered != Some(false) {
        parts.extend(
            named
                .iter()
                .flat_map(|written| says_unknown(*written, Some(true))),
        );
    }
    parts
}

fn named_code(machine: &Machine<'_>, field: u16, bit: u8, before: Branch) -> Vec<Branch> {
    let Some(Domain::Choices { table, named }) =
        machine.arena.field(field).map(|rule| &rule.domain)
    else {
        return Vec::new();
    };
    let (included, excluded) = match before.value {
        Piece::Codes { included, excluded } => (included, excluded),
        _ => (0, 0),
    };
    let bit = 1_u64.checked_shl(bit.into()).unwrap_or(0);
    let with = |included, excluded| Branch {
        value: Piece::Codes { included, excluded },
        ..before
    };
    let mut parts = vec![with(included | bit, excluded)];
    // Something must be chosen: not every code of the table can be left out.
    let codes = machine
        .arena
        .table(*table)
        .map_or(0, |table| table.unknown.len());
    let left_out = usize::try_from((excluded | bit).count_ones()).unwrap_or(usize::MAX);
    if !machine.answer(field).is_missing() || named.len() < codes || left_out < codes {
        parts.push(with(included, excluded | bit));
    }
    parts
}

/// Cuts a range of a number at the constants it is compared with; a range without any is halved.
///
/// INVARIANT: a field has at most 28 digits, so neither its width in steps nor a step beyond its
/// ends leaves the range of exact decimals.
pub(crate) fn intervals(
    low: Decimal,
    high: Decimal,
    step: Decimal,
    cuts: &[Decimal],
) -> Vec<(Decimal, Decimal)> {
    let scale = step.scale();
    let up = |number: Decimal| {
        number.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::ToPositiveInfinity)
    };
    let mut parts = Vec::new();
    let mut from = low;
    for cut in cuts
        .iter()
        .copied()
        .filter(|cut| low <= *cut && *cut <= high)
    {
        let at = up(cut);
        if from < at {
            parts.push((from, at - step));
        }
        from = at;
        if at == cut {
            parts.push((at, at));
            from = at + step;
        }
    }
    if from <= high {
        parts.push((from, high));
    }
    if parts.len() > 1 {
        return parts;
    }
    let steps = ((high - low) / step / Decimal::TWO).floor();
    let middle = low + steps * step;
    vec![(low, middle), (middle + step, high)]
}

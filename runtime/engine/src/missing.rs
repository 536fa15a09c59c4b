//! What is missing: the smallest sets of items whose answers could settle the result, or the category
//! of one judgement.
//!
//! An item is open if the result depends on it, it may be shown, and it is unanswered, answered
//! with a code marked unknown, or a partial date that could be more exact. A set S of open items
//! settles the result if some answers to the items of S alone, all of which the form then shows,
//! make the verdict the same for every completion of all the others. The sets given are those of
//! which no proper subset settles the result; `leads_to` lists the results that answers to S
//! settle it to.
//!
//! Sets of one, two and three items are tried in full while there are few enough of them. Answers
//! tried are every known code (and for an unanswered choice every code marked unknown that a rule
//! names), for numbers a value from each part into which the rules cut the range and some more
//! where the rules calculate with it, for dates days at common distances from the day of
//! judgement. For each result that none of these sets leads to, a larger one is looked for: the
//! decisions that led the search to the result, with whatever is not needed left out.

use crate::answers::{Answer, Answers};
use crate::arena::Domain;
use crate::blame::Open;
use crate::days::Days;
use crate::evaluate::Context;
use crate::exact::{Decisions, Target, Until, parts, refuted, search};
use crate::form::{Form, fields_of_judgement};
use crate::machine::{Branch, Machine, Piece, Scratch, View};
use crate::outcome::{CategoryOutcome, CategorySet, MissingItem, MissingSet};
use crate::program::{DatePrecision, FieldId, FieldType, JudgementId};
use crate::reading::named;
use crate::result::Results;
use crate::tri::Tri;
use crate::value::{Date, Decimal};

/// Evaluations that looking for missing sets may cost in all, and for one set of answers.
const BUDGET: u32 = 12_000;
const BUDGET_EACH: u32 = 400;

/// The same for larger sets beside smaller ones.
const BUDGET_MORE: u32 = 3_000;

/// The most answers that are tried for all sets of one size; more would keep a person waiting.
const MOST_TRIALS: u64 = 4_000;

/// Decisions remembered to refute others.
const MOST_KNOWN: usize = 24;

/// Evaluations that looking for a way to each result may cost.
const BUDGET_WITNESSES: u32 = 2_000;

/// The most answers to one larger set that are tried in full.
const MOST_TRIALS_OF_ONE: usize = 512;

/// The most sets given, and the largest that is tried in full.
const MOST_SETS: usize = 12;
const FULL_SIZE: usize = 3;

/// The smallest sets of items whose answers could settle an undetermined result.
pub(crate) fn missing_sets(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> Vec<MissingSet> {
    let fields = &form.arena().deciding_fields;
    let items = open_items(form, answers, context, scratch, fields);
    let described = |(set, leads_to): (Vec<usize>, u64)| MissingSet {
        items: describe(form, &items, &set),
        leads_to: Results::from_bits(leads_to).iter().collect(),
    };
    let found = sets(scratch, form, answers, context, Target::Result, &items);
    found.into_iter().map(described).collect()
}

/// The smallest sets of items whose answers could settle the category of a judgement that is open.
pub(crate) fn missing_sets_of(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
    judgement: JudgementId,
) -> Vec<CategorySet> {
    let program = form.program();
    let Some(rule) = program.judgements.get(usize::from(judgement.0)) else {
        return Vec::new();
    };
    let fields = fields_of_judgement(program, judgement);
    let items = open_items(form, answers, context, scratch, &fields);
    let described = |(set, leads_to): (Vec<usize>, u64)| CategorySet {
        items: describe(form, &items, &set),
        leads_to: named(leads_to, rule.categories.len())
            .into_iter()
            .filter_map(|index| CategoryOutcome::of(rule, index.try_into().ok()?))
            .collect(),
    };
    let target = Target::Judgement(judgement.0);
    let found = sets(scratch, form, answers, context, target, &items);
    found.into_iter().map(described).collect()
}

/// The smallest sets of positions in these items, each with a bit for everything it leads to.
fn sets(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
    target: Target,
    items: &[Item],
) -> Vec<(Vec<usize>, u64)> {
    let mut finder = Finder {
        form,
        context,
        target,
        trial: answers.clone(),
        scratch,
        budget: BUDGET,
        known: Vec::new(),
        found: Vec::new(),
    };
    let witnesses = finder.witnesses();
    finder.known = witnesses
        .iter()
        .map(|(_, decisions)| decisions.clone())
        .collect();
    for size in 1..=FULL_SIZE.min(items.len()) {
        if trials(items, size) > MOST_TRIALS {
            break;
        }
        finder.try_sets(items, size);
    }
    let none = finder.found.is_empty();
    finder.budget = if none { BUDGET } else { BUDGET_MORE };
    for (value, decisions) in &witnesses {
        if value.count_ones() == 1 && (none || !finder.leads_to(*value)) {
            finder.try_witness(items, *value, decisions, !none);
        }
    }
    finder
        .found
        .sort_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    finder.found.truncate(MOST_SETS);
    finder.found
}

/// An item that is not known, with answers to try.
struct Item {
    field: u16,
    candidates: Vec<Answer>,
    /// Answered, but with a code marked unknown or a partial date.
    unknown: bool,
}

struct Finder<'a> {
    form: &'a Form,
    context: &'a Context,
    /// What is to be settled. What it can come to has a bit each.
    target: Target,
    /// The answers with those under trial filled in.
    trial: Answers,
    scratch: &'a mut Scratch,
    budget: u32,
    /// Decisions that lead to something: two of them that lead elsewhere show at once that a set of
    /// answers settles nothing.
    known: Vec<Decisions>,
    /// Sets of positions in the items, and what they lead to.
    found: Vec<(Vec<usize>, u64)>,
}

impl Finder<'_> {
    /// Whether some set found leads there.
    fn leads_to(&self, value: u64) -> bool {
        self.found.iter().any(|(_, values)| values & value != 0)
    }

    /// Tries every set of this size of which no subset is found already.
    fn try_sets(&mut self, items: &[Item], size: usize) {
        let mut set: Vec<usize> = (0..size).collect();
        loop {
            let known = |found: &(Vec<usize>, u64)| found.0.iter().all(|item| set.contains(item));
            if !self.found.iter().any(known) {
                let values = self.values_of(items, &set);
                if values != 0 {
                    self.found.push((set.clone(), values));
                }
            }
            if self.budget == 0 || !next_set(&mut set, items.len()) {
                return;
            }
        }
    }

    /// What answers to these items settle.
    fn values_of(&mut self, items: &[Item], set: &[usize]) -> u64 {
        let items: Vec<&Item> = set
            .iter()
            .filter_map(|position| items.get(*position))
            .collect();
        let before: Vec<Answer> = items
            .iter()
            .map(|item| self.trial.get(FieldId(item.field)).clone())
            .collect();
        let mut values = 0;
        let fields: Vec<u16> = items.iter().map(|item| item.field).collect();
        self.try_answers(&items, &fields, &mut values);
        for (item, answer) in items.iter().zip(before) {
            self.trial.set(FieldId(item.field), answer);
        }
        values
    }

    fn try_answers(&mut self, items: &[&Item], fields: &[u16], values: &mut u64) {
        let Some((item, rest)) = items.split_first() else {
            *values |= self.settled(fields).unwrap_or(0);
            return;
        };
        for candidate in &item.candidates {
            if self.budget == 0 {
                return;
            }
            self.trial.set(FieldId(item.field), candidate.clone());
            self.try_answers(rest, fields, values);
        }
    }

    /// What the answers under trial come to, if every completion agrees on it and the form shows
    /// these fields.
    fn settled(&mut self, fields: &[u16]) -> Option<u64> {
        let arena = self.form.arena();
        let mut machine = Machine::new(arena, &self.trial, self.context, self.scratch);
        self.budget = self.budget.saturating_sub(1);
        let all_shown = machine.in_view(View::Now, |now| {
            fields.iter().all(|field| now.shown(*field) == Tri::True)
        });
        if !all_shown {
            return None;
        }
        let target = self.target;
        let single = |values: u64| (values.count_ones() == 1).then_some(values);
        let value = match single(target.possible(&mut machine)) {
            Some(value) => Some(value),
            None if refuted(&mut machine, target, &self.known, fields, &mut self.budget) => None,
            None => {
                let mut budget = BUDGET_EACH.min(self.budget);
                let before = budget;
                let found = search(&mut machine, target, Until::Unsettled, &mut budget);
                self.budget = self.budget.saturating_sub(before - budget);
                let settled = single(found.seen).filter(|_| found.complete);
                if settled.is_none() {
                    let new = found.witnesses.into_iter().map(|(_, decisions)| decisions);
                    self.known.splice(0..0, new);
                    self.known.truncate(MOST_KNOWN);
                }
                settled
            }
        };
        value.filter(|value| !target.is_open(*value))
    }

    /// For everything that some completion comes to: the decisions on the way to it.
    fn witnesses(&mut self) -> Vec<(u64, Decisions)> {
        let arena = self.form.arena();
        let mut machine = Machine::new(arena, &self.trial, self.context, self.scratch);
        let mut budget = BUDGET_WITNESSES;
        search(&mut machine, self.target, Until::Complete, &mut budget).witnesses
    }

    /// Adds the set that a way there shows, unless a part of it is found already; `beside` sets that
    /// lead elsewhere.
    fn try_witness(&mut self, items: &[Item], value: u64, decisions: &Decisions, beside: bool) {
        let before = self.trial.clone();
        let set = self.needed(items, value, decisions);
        self.trial = before;
        let Some(set) = set else { return };
        let within = |a: &[usize], b: &[usize]| a.iter().all(|item| b.contains(item));
        // A part of it settles the matter, if otherwise.
        if beside && self.found.iter().any(|(other, _)| within(other, &set)) {
            return;
        }
        let (set, values) = self.refined(items, set, value);
        if values == 0 {
            return;
        }
        if let Some((_, known)) = self.found.iter_mut().find(|(other, _)| *other == set) {
            *known |= values;
        } else if !self.found.iter().any(|(other, _)| within(other, &set)) {
            self.found.retain(|(other, _)| !within(&set, other));
            self.found.push((set, values));
        }
    }

    /// The items decided on the way there, without those that these answers do not need.
    fn needed(&mut self, items: &[Item], value: u64, decisions: &Decisions) -> Option<Vec<usize>> {
        let mut set = Vec::new();
        for (position, item) in items.iter().enumerate() {
            let decision = decisions
                .iter()
                .rev()
                .find(|(field, _)| *field == item.field);
            let answer = decision.and_then(|(_, branch)| answer_of(self.form, item.field, *branch));
            if let Some(answer) = answer {
                let before = self.trial.get(FieldId(item.field)).clone();
                self.trial.set(FieldId(item.field), answer);
                set.push((position, item.field, before));
            }
        }
        let fields = |set: &[(usize, u16, Answer)]| -> Vec<u16> {
            set.iter().map(|(_, field, _)| *field).collect()
        };
        if self.settled(&fields(&set)) != Some(value) {
            return None;
        }
        for place in (0..set.len()).rev() {
            let (position, field, before) = set.remove(place);
            let answer = self.trial.get(FieldId(field)).clone();
            self.trial.set(FieldId(field), before.clone());
            if self.settled(&fields(&set)) != Some(value) {
                self.trial.set(FieldId(field), answer);
                set.insert(place, (position, field, before));
            }
        }
        Some(set.into_iter().map(|(position, ..)| position).collect())
    }

    /// The set without items that other answers do not need, and everything it leads to, where few
    /// enough answers have to be tried for that.
    fn refined(&mut self, items: &[Item], mut set: Vec<usize>, value: u64) -> (Vec<usize>, u64) {
        let candidates = set.iter().filter_map(|position| items.get(*position));
        let trials = candidates.fold(1_usize, |all, item| {
            all.saturating_mul(item.candidates.len())
        });
        let mut values = value;
        if trials > MOST_TRIALS_OF_ONE {
            return (set, values);
        }
        for place in (0..set.len()).rev() {
            let item = set.remove(place);
            if self.values_of(items, &set) == 0 {
                set.insert(place, item);
            } else {
                // What is left may lead elsewhere.
                values = 0;
            }
        }
        values |= self.values_of(items, &set);
        (set, values)
    }
}

/// How many answers all sets of this size have together.
fn trials(items: &[Item], size: usize) -> u64 {
    // The elementary symmetric sums of the numbers of candidates.
    let mut sums = vec![0_u64; size + 1];
    if let Some(first) = sums.first_mut() {
        *first = 1;
    }
    for item in items {
        let candidates = u64::try_from(item.candidates.len()).unwrap_or(u64::MAX);
        let mut smaller = None;
        for sum in &mut sums {
            let before = *sum;
            if let Some(smaller) = smaller {
                *sum = before.saturating_add(candidates.saturating_mul(smaller));
            }
            smaller = Some(before);
        }
    }
    sums.last().copied().unwrap_or(u64::MAX)
}

/// The next set of positions below `length` in ascending order.
fn next_set(set: &mut [usize], length: usize) -> bool {
    let size = set.len();
    let Some(turn) = (0..size).rev().find(|turn| {
        set.get(*turn)
            .is_some_and(|item| item + size < length + turn)
    }) else {
        return false;
    };
    let start = set.get(turn).map_or(0, |item| item + 1);
    for (item, value) in set.iter_mut().skip(turn).zip(start..) {
        *item = value;
    }
    true
}

fn open_items(
    form: &Form,
    answers: &Answers,
    context: &Context,
    scratch: &mut Scratch,
    fields: &[u16],
) -> Vec<Item> {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    let mut items = Vec::new();
    for field in fields {
        if machine.shown(*field) == Tri::False {
            continue;
        }
        let candidates = candidates(form, &mut machine, *field);
        if !candidates.is_empty() {
            items.push(Item {
                field: *field,
                candidates,
                unknown: !machine.answer(*field).is_missing(),
            });
        }
    }
    items
}

/// Answers to try for an open item; none if it is known.
pub(crate) fn candidates(form: &Form, machine: &mut Machine<'_>, field: u16) -> Vec<Answer> {
    let Some(rule) = machine.arena.field(field) else {
        return Vec::new();
    };
    let table = machine.arena.table_of(field);
    let (known, unknown) = table.map_or((&[][..], &[][..]), |table| {
        (&table.known[..], &table.unknown[..])
    });
    let says_unknown = |code: &u16| unknown.get(usize::from(*code)) == Some(&true);
    match (&rule.domain, machine.answer(field)) {
        (Domain::Choice { .. }, Answer::Code(code)) => {
            if says_unknown(code) {
                known.iter().copied().map(Answer::Code).collect()
            } else {
                Vec::new()
            }
        }
        (Domain::Choice { named, .. }, _) => {
            // A code marked unknown that no rule names is still an answer where rules ask for one.
            let other = (0..=u16::MAX)
                .zip(unknown)
                .find(|(code, unknown)| **unknown && !named.contains(code))
                .map(|(code, _)| code)
                .filter(|_| rule.watched);
            let codes = known.iter().chain(named).copied().chain(other);
            codes.map(Answer::Code).collect()
        }
        (Domain::Choices { named, .. }, answer) => {
            let chosen = match answer {
                Answer::Codes(codes) => codes.as_slice(),
                _ => &[],
            };
            if !chosen.is_empty() && !chosen.iter().any(says_unknown) {
                return Vec::new();
            }
            let sure: Vec<u16> = chosen
                .iter()
                .copied()
                .filter(|code| !says_unknown(code))
                .collect();
            let other = known.iter().find(|code| !named.contains(code));
            let named_known = || named.iter().copied().filter(|code| !says_unknown(code));
            let mut sets: Vec<Vec<u16>> = vec![sure.clone()];
            sets.extend(named.iter().chain(other).map(|code| vec![*code]));
            sets.push(named_known().collect());
            for set in &mut sets {
                set.extend(&sure);
                set.sort_unstable();
                set.dedup();
            }
            sets.retain(|set| !set.is_empty());
            sets.sort_unstable();
            sets.dedup();
            sets.into_iter().map(Answer::Codes).collect()
        }
        (Domain::Number(_), Answer::Number(_)) => Vec::new(),
        (Domain::Number(steps), _) => {
            let (low, high, step) = (steps.low, steps.high, steps.step);
            let cut = parts(machine, Open::Value(field), Branch::default());
            let mut values: Vec<Decimal> = cut
                .iter()
                .filter_map(|part| middle(part.value, step))
                .collect();
            if steps.calculated {
                // Where the parts are not all alike, some values from the whole range.
                let eighth = (high - low) / step / Decimal::from(8);
                values.extend((0..8).map(|n| low + (eighth * Decimal::from(n)).floor() * step));
                values.push(high);
            }
            values.sort_unstable();
            values.dedup();
            values.into_iter().map(Answer::Number).collect()
        }
        (Domain::Date, answer) => dates(form, machine, field, answer),
        (Domain::Text, Answer::Missing) if rule.watched => vec![Answer::Text("…".into())],
        (Domain::Text, _) => Vec::new(),
    }
}

/// A number in the middle of a part.
fn middle(part: Piece, step: Decimal) -> Option<Decimal> {
    match part {
        Piece::Number(low, high) => Some(low + ((high - low) / step / Decimal::TWO).floor() * step),
        _ => None,
    }
}

/// Months before the day of judgement that forms ask about.
const DISTANCES: [i32; 20] = [
    0, 1, 2, 3, 6, 9, 12, 18, 24, 36, 60, 72, 84, 120, 180, 216, 240, 480, 720, 960,
];

/// Days at common distances from the day of judgement, or within a partial date.
pub(crate) fn dates(
    form: &Form,
    machine: &Machine<'_>,
    field: u16,
    answer: &Answer,
) -> Vec<Answer> {
    let Some(FieldType::Date { precision: asked }) =
        form.field(FieldId(field)).map(|field| &field.ty)
    else {
        return Vec::new();
    };
    let days: Vec<i32> = match answer {
        Answer::Date(date) if date.precision() >= *asked => return Vec::new(),
        Answer::Date(date) => {
            let Days { first, last } = Days::of(*date);
            vec![first, first + (last - first) / 2, last]
        }
        _ => {
            let today = machine.today().first;
            // A month has 30.44 days.
            let mut days: Vec<i32> = DISTANCES
                .iter()
                .map(|months| today - months * 3044 / 100)
                .collect();
            days.push(today + 1);
            days
        }
    };
    let mut dates: Vec<Answer> = days
        .into_iter()
        .filter_map(|day| exactly(day, *asked))
        .map(Answer::Date)
        .collect();
    dates.dedup();
    dates
}

/// A day as exactly as it is asked for.
pub(crate) fn exactly(day: i32, asked: DatePrecision) -> Option<Date> {
    let date = Date::from_day_number(day)?;
    match asked {
        DatePrecision::Day => Some(date),
        DatePrecision::Month => Date::month(date.year_number(), date.month_number()?),
        DatePrecision::Year => Date::year(date.year_number()),
    }
}

/// An answer within what a search has decided about a field.
fn answer_of(form: &Form, field: u16, branch: Branch) -> Option<Answer> {
    let field = FieldId(field);
    match branch.value {
        Piece::AsAnswered => branch
            .answered
            .filter(|answered| *answered)
            .map(|_| Answer::Text("…".into())),
        Piece::Code { written, truth } => truth
            .filter(|_| written.is_none() || branch.answered.is_none())
            .or(written)
            .map(Answer::Code),
        Piece::Codes { included, .. } => {
            let Some(Domain::Choices { named, .. }) =
                form.arena().field(field.0).map(|rule| &rule.domain)
            else {
                return None;
            };
            let mut codes: Vec<u16> = (0..)
                .zip(named)
                .filter(|(bit, _)| included >> bit & 1 == 1)
                .map(|(_, code)| *code)
                .collect();
            codes.sort_unstable();
            Some(Answer::Codes(codes)).filter(|codes| !codes.is_missing())
        }
        Piece::Number(low, _) => Some(Answer::Number(low)),
        Piece::Days(Days { first, .. }) => match form.field(field).map(|field| &field.ty) {
            Some(FieldType::Date { precision }) => exactly(first, *precision).map(Answer::Date),
            _ => None,
        },
    }
}

fn describe(form: &Form, items: &[Item], set: &[usize]) -> Vec<MissingItem> {
    let items = set.iter().filter_map(|position| items.get(*position));
    let described = items.filter_map(|item| {
        let field = FieldId(item.field);
        let known = form.field(field)?;
        Some(MissingItem {
            field,
            name: known.name.clone(),
            label: known.label.clone(),
            unknown: item.unknown,
        })
    });
    described.collect()
}

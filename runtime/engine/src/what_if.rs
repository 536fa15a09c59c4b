//! What would change the verdict: the smallest changes of answers after which the result is
//! another one, just as exact.
//!
//! First one answer is changed, then two, the second step only for results that one change does
//! not reach. Answers tried are the other known codes, for numbers the nearest value of every part
//! into which the rules cut the range (and some more where they calculate with it), for dates days
//! at common distances from the day of judgement; values that lie side by side are told as one
//! span with its real ends ([`spans`]). An unanswered item is filled in only together
//! with another, since a settled result does not depend on it alone. Every item changed must then
//! be shown, and no error check may find what it did not find before: nobody is told to enter what
//! would be refused. Of a span both ends and all that was tried between them are accepted. The order
//! is that of the form; of many spans of days those nearest to the one answered are given; what the
//! budget does not reach is left out.

mod spans;

use crate::answers::{Answer, Answers};
use crate::arena::{Domain, Steps};
use crate::evaluate::Context;
use crate::exact::{Target, Until, intervals, search};
use crate::form::Form;
use crate::machine::{Machine, Scratch, View};
use crate::missing::{candidates, dates};
use crate::outcome::{ResultKind, WhatIf, WhatIfItem};
use crate::program::{FieldId, Level};
use crate::reading::answer_text;
use crate::result::Results;
use crate::tri::Tri;
use crate::value::Decimal;
use spans::{Axis, Span};

/// Evaluations that looking for changes may cost in all, and for one set of answers.
const BUDGET: u32 = 6_000;
const BUDGET_EACH: u32 = 200;

/// Into so many parts the range of a number is cut with which rules calculate.
const PARTS: u8 = 8;

/// The most changes given for one result.
const MOST: usize = 8;

/// The most spans of days given for one date.
const MOST_DAYS: usize = 3;

/// The smallest changes of answers that give another result; none if the result is not settled.
pub fn what_if(form: &Form, answers: &Answers, context: &Context) -> Vec<WhatIf> {
    let mut finder = Finder {
        form,
        context,
        trial: answers.clone(),
        scratch: Scratch::default(),
        budget: BUDGET,
        found: Vec::new(),
        reached: Results::default(),
        errors: Vec::new(),
    };
    finder.errors = finder.errors();
    let Some(now) = finder.result(&[]) else {
        return Vec::new();
    };
    let items = finder.items();
    finder.one(&items, now);
    finder.two(&items, now);
    let order = |result: ResultKind| Results::only(result).bits();
    finder
        .found
        .sort_by_key(|found| (order(found.result), found.items.len()));
    finder.found
}

/// What follows from answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reached {
    /// The same result, or none that is settled.
    Same,
    /// An error check finds what it did not find before.
    Refused,
    /// Another result.
    Other(ResultKind),
}

/// An item with the answers to try.
struct Item {
    field: u16,
    now: Answer,
    others: Vec<Answer>,
}

struct Finder<'a> {
    form: &'a Form,
    context: &'a Context,
    /// The answers with those under trial filled in.
    trial: Answers,
    scratch: Scratch,
    budget: u32,
    found: Vec<WhatIf>,
    /// The results that a change of one answer reaches.
    reached: Results,
    /// The error checks that find something as it is.
    errors: Vec<usize>,
}

impl Finder<'_> {
    /// The error checks that find something in the answers under trial.
    fn errors(&mut self) -> Vec<usize> {
        let arena = self.form.arena();
        let application = self.context.application;
        let mut machine = Machine::new(arena, &self.trial, self.context, &mut self.scratch);
        machine.in_view(View::Now, |now| {
            let checks = self.form.program().checks.iter().zip(&now.arena.checks);
            let found = checks.enumerate().filter(|(_, (check, violated))| {
                check.level == Level::Error
                    && check.only.is_none_or(|only| only == application)
                    && now.condition(**violated) == Tri::True
            });
            found.map(|(position, _)| position).collect()
        })
    }

    /// Whether no error check finds what it did not find before.
    fn is_accepted(&mut self) -> bool {
        let errors = self.errors();
        errors.iter().all(|error| self.errors.contains(error))
    }

    /// The result of the answers under trial, if it is settled and the form shows these fields.
    fn result(&mut self, fields: &[u16]) -> Option<ResultKind> {
        let arena = self.form.arena();
        self.budget = self.budget.saturating_sub(1);
        let mut machine = Machine::new(arena, &self.trial, self.context, &mut self.scratch);
        let all_shown = machine.in_view(View::Now, |now| {
            fields.iter().all(|field| now.shown(*field) == Tri::True)
        });
        if !all_shown {
            return None;
        }
        let settled = machine.possible_results().single().or_else(|| {
            let mut budget = BUDGET_EACH.min(self.budget);
            let before = budget;
            let found = search(&mut machine, Target::Result, Until::Unsettled, &mut budget);
            self.budget = self.budget.saturating_sub(before - budget);
            found.results().single().filter(|_| found.complete)
        });
        settled.filter(|result| *result != ResultKind::Undetermined)
    }

    fn items(&mut self) -> Vec<Item> {
        let arena = self.form.arena();
        let mut machine = Machine::new(arena, &self.trial, self.context, &mut self.scratch);
        arena
            .deciding_fields
            .iter()
            .map(|field| Item {
                field: *field,
                now: self.trial.get(FieldId(*field)).clone(),
                others: others(self.form, &mut machine, *field),
            })
            .filter(|item| !item.others.is_empty())
            .collect()
    }

    /// What follows from the answers under trial.
    fn reach(&mut self, shown: &[u16], now: ResultKind) -> Reached {
        match self.result(shown).filter(|result| *result != now) {
            Some(result) if self.is_accepted() => Reached::Other(result),
            Some(_) => Reached::Refused,
            None => Reached::Same,
        }
    }

    /// Changes one answer at a time.
    fn one(&mut self, items: &[Item], now: ResultKind) {
        for item in items.iter().filter(|item| !item.now.is_missing()) {
            let mut then: Vec<(ResultKind, Vec<String>)> = Vec::new();
            let mut add = |result: ResultKind, text: String| match then
                .iter_mut()
                .find(|(known, _)| *known == result)
            {
                Some((_, texts)) => texts.push(text),
                None => then.push((result, vec![text])),
            };
            if let Some(axis) = self.axis(item.field) {
                for span in self.spans(item, &axis, &[item.field], now) {
                    if let Some(text) = self.told(item.field, &axis, span) {
                        add(span.result, text);
                    }
                }
            } else {
                for other in &item.others {
                    if self.budget == 0 {
                        break;
                    }
                    self.trial.set(FieldId(item.field), other.clone());
                    if let Reached::Other(result) = self.reach(&[item.field], now) {
                        add(result, self.text(item.field, other));
                    }
                }
                self.trial.set(FieldId(item.field), item.now.clone());
            }
            for (result, mut texts) in then {
                if let Answer::Date(_) = item.now {
                    texts.truncate(MOST_DAYS);
                }
                self.reached.add(result);
                self.give(result, vec![(item, texts)]);
            }
        }
    }

    /// Changes two answers at a time, for the results that one does not reach.
    fn two(&mut self, items: &[Item], now: ResultKind) {
        for (place, first) in items.iter().enumerate() {
            for second in items.iter().skip(place + 1) {
                let mut known = self.reached;
                for one in &first.others {
                    self.trial.set(FieldId(first.field), one.clone());
                    for other in &second.others {
                        if self.budget == 0 {
                            break;
                        }
                        self.trial.set(FieldId(second.field), other.clone());
                        if let Reached::Other(result) =
                            self.reach(&[first.field, second.field], now)
                            && !known.contains(result)
                        {
                            known.add(result);
                            let texts = self.both(result, (first, one), (second, other), now);
                            let [one, other] = texts.map(|text| vec![text]);
                            self.give(result, vec![(first, one), (second, other)]);
                        }
                    }
                    self.trial.set(FieldId(second.field), second.now.clone());
                }
                self.trial.set(FieldId(first.field), first.now.clone());
            }
        }
    }

    /// Two answers that are changed, each with the values beside it that do as well: those of the
    /// second beside the answer of the first, those of the first only if all of both do together.
    fn both(
        &mut self,
        result: ResultKind,
        (first, one): (&Item, &Answer),
        (second, other): (&Item, &Answer),
        now: ResultKind,
    ) -> [String; 2] {
        let shown = [first.field, second.field];
        let mut texts = [self.text(first.field, one), self.text(second.field, other)];
        let around = |finder: &mut Self, item: &Item, answer: &Answer| {
            let axis = finder.axis(item.field)?;
            let at = axis.position(answer)?;
            let mut spans = finder.spans(item, &axis, &shown, now).into_iter();
            let span = spans.find(|s| s.result == result && (s.from..=s.to).contains(&at))?;
            Some((axis, span))
        };
        let of_second = around(self, second, other);
        let of_first = around(self, first, one);
        let told = |finder: &Self, item: &Item, of: &Option<(Axis<'_>, Span)>| {
            let (axis, span) = of.as_ref()?;
            finder.told(item.field, axis, *span)
        };
        let [first_text, second_text] = &mut texts;
        if let Some(text) = told(self, second, &of_second) {
            *second_text = text;
        }
        let spans: Vec<(u16, &Axis<'_>, Span)> = [(first, &of_first), (second, &of_second)]
            .into_iter()
            .filter_map(|(item, of)| of.as_ref().map(|(axis, span)| (item.field, axis, *span)))
            .collect();
        if of_first.is_some()
            && self.holds(&spans, result)
            && let Some(text) = told(self, first, &of_first)
        {
            *first_text = text;
        }
        texts
    }

    fn text(&self, field: u16, answer: &Answer) -> String {
        answer_text(self.form, FieldId(field), answer)
    }

    fn give(&mut self, result: ResultKind, changed: Vec<(&Item, Vec<String>)>) {
        let same = self.found.iter().filter(|found| found.result == result);
        if same.count() >= MOST {
            return;
        }
        let items = changed.into_iter().filter_map(|(item, then)| {
            let id = FieldId(item.field);
            let field = self.form.field(id)?;
            Some(WhatIfItem {
                field: id,
                name: field.name.clone(),
                label: field.label.clone(),
                now: if item.now.is_missing() {
                    "未記入".to_owned()
                } else {
                    answer_text(self.form, id, &item.now)
                },
                then,
            })
        });
        let items = items.collect();
        self.found.push(WhatIf { items, result });
    }
}

/// Other answers to try for an item.
fn others(form: &Form, machine: &mut Machine<'_>, field: u16) -> Vec<Answer> {
    let Some(rule) = machine.arena.field(field) else {
        return Vec::new();
    };
    let now = machine.answer(field);
    let known = machine
        .arena
        .table_of(field)
        .map_or(&[][..], |table| &table.known);
    match (&rule.domain, now) {
        (_, Answer::Missing) => candidates(form, machine, field),
        (Domain::Choice { .. }, now) => known
            .iter()
            .copied()
            .map(Answer::Code)
            .filter(|other| other != now)
            .collect(),
        (Domain::Choices { named, .. }, Answer::Codes(chosen)) => named
            .iter()
            .map(|code| {
                let mut codes = chosen.clone();
                match codes.binary_search(code) {
                    Ok(place) => {
                        codes.remove(place);
                    }
                    Err(place) => codes.insert(place, *code),
                }
                Answer::Codes(codes)
            })
            .filter(|codes| !codes.is_missing())
            .collect(),
        (Domain::Number(steps), Answer::Number(now)) => numbers(*now, steps),
        (Domain::Date, now) => {
            let mut days = dates(form, machine, field, &Answer::Missing);
            days.retain(|day| day != now);
            days.sort_by_key(|day| distance(now, day));
            days
        }
        (Domain::Choices { .. } | Domain::Number(_) | Domain::Text, _) => Vec::new(),
    }
}

/// Days between two dates.
fn distance(one: &Answer, other: &Answer) -> i64 {
    match (one, other) {
        (Answer::Date(one), Answer::Date(other)) => {
            (i64::from(one.first_day()) - i64::from(other.first_day())).abs()
        }
        _ => 0,
    }
}

/// The nearest value of every part that does not hold this one, the nearest part first.
fn numbers(now: Decimal, steps: &Steps) -> Vec<Answer> {
    let (low, high, step) = (steps.low, steps.high, steps.step);
    let parts = intervals(low, high, step, &steps.cuts);
    let mut values: Vec<Decimal> = parts
        .into_iter()
        .filter_map(|(low, high)| match (now < low, high < now) {
            (true, _) => Some(low),
            (_, true) => Some(high),
            _ => None,
        })
        .collect();
    if steps.calculated {
        let part = ((high - low) / step / Decimal::from(PARTS)).floor() * step;
        values.extend((0..=PARTS).map(|n| low + part * Decimal::from(n)));
    }
    values.retain(|value| *value != now);
    values.sort_by_key(|value| ((*value - now).abs(), *value));
    values.dedup();
    values.into_iter().map(Answer::Number).collect()
}

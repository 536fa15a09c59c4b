//! The first or last of several dates. The engine knows single dates only: what is asked of the first
//! is asked of each.

use super::super::cond::new;
use super::time_text;
use crate::reading;
use kohyo_dsl::ast::{Length, TimeUnit};
use kohyo_engine::program::{CompareOp, Cond, CondKind, ElapsedUnit, Moment, Number, NumberKind};

/// A date as a rule reads it.
#[derive(Clone)]
pub(in crate::lower) struct Day {
    /// The dates, at least one; the first is always there.
    pub(in crate::lower) moments: Vec<Dated>,
    /// Of several the earliest counts, rather than the latest.
    pub(super) earliest: bool,
    /// What it is called.
    pub(in crate::lower) text: String,
}

/// One date.
#[derive(Clone)]
pub(in crate::lower) struct Dated {
    /// That its row is there, if that is not certain.
    pub(super) exists: Option<Cond>,
    moment: Moment,
    text: String,
}

impl Day {
    /// A single date.
    pub(in crate::lower) fn one(moment: Moment, text: String) -> Self {
        let dated = Dated {
            exists: None,
            moment,
            text: text.clone(),
        };
        Self {
            moments: vec![dated],
            earliest: true,
            text,
        }
    }

    /// Gives it other words.
    pub(in crate::lower) fn called(&mut self, words: impl Fn(&str) -> String) {
        self.text = words(&self.text);
        if let [one] = self.moments.as_mut_slice() {
            one.text.clone_from(&self.text);
        }
    }

    /// The dates of a row, if there is one.
    pub(in crate::lower) fn in_row(mut self, row: Option<&Cond>) -> Self {
        for one in &mut self.moments {
            one.exists = match (row.cloned(), one.exists.take()) {
                (Some(row), Some(own)) => {
                    let text = reading::both(&[&row.text, &own.text]);
                    Some(new(CondKind::All(vec![row, own]), text))
                }
                (row, own) => row.or(own),
            };
        }
        self
    }

    /// Whether it is one of several days.
    pub(in crate::lower) fn is_one_of_several(&self) -> bool {
        self.moments.len() > 1
    }

    /// Whether it is the last of several days, and not the first of them, or the other way round.
    pub(super) fn is_other_than(&self, earliest: bool) -> bool {
        self.is_one_of_several() && self.earliest != earliest
    }

    /// Whether it is some time after or before another date.
    pub(super) fn is_shifted(&self) -> bool {
        let shifted = |one: &Dated| matches!(one.moment, Moment::Shifted { .. });
        self.moments.iter().any(shifted)
    }

    /// The day so much later or earlier: of the first of several, the first of the shifted ones.
    pub(super) fn shifted(mut self, length: Length, backwards: bool) -> Self {
        let word = if backwards { "前" } else { "後" };
        let told = |text: &str| format!("{text}の{}{word}の日", time_text(length, false));
        let (count, unit) = length.in_one_unit();
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let (count, unit) = match unit {
            TimeUnit::Days => (count, ElapsedUnit::Days),
            TimeUnit::Weeks => (count.saturating_mul(7), ElapsedUnit::Days),
            TimeUnit::Months => (count, ElapsedUnit::Months),
            TimeUnit::Years => (count, ElapsedUnit::Years),
        };
        for one in &mut self.moments {
            one.text = told(&one.text);
            one.moment = Moment::Shifted {
                moment: Box::new(one.moment.clone()),
                by: if backwards { -count } else { count },
                unit,
            };
        }
        self.text = told(&self.text);
        self
    }

    /// Each date as a day of its own, with the condition under which it counts.
    fn each(&self) -> impl Iterator<Item = (Option<&Cond>, Self)> {
        self.moments.iter().map(|one| {
            let day = Self::one(one.moment.clone(), one.text.clone());
            (one.exists.as_ref(), day)
        })
    }
}

/// `earliest of { a; b } < c`: a is, or b is. Both must be where every one is asked for.
pub(in crate::lower) fn compare_days(a: &Day, op: CompareOp, b: &Day) -> Cond {
    let text = reading::compare_dates(&a.text, op, &b.text);
    match (a.moments.as_slice(), b.moments.as_slice()) {
        ([one], [other]) => new(
            CondKind::CompareDates {
                left: one.moment.clone(),
                op,
                right: other.moment.clone(),
            },
            text,
        ),
        ([_], _) => Cond {
            text,
            ..compare_days(b, op.turned(), a)
        },
        _ => new(of_each(a, op, b), text),
    }
}

/// The comparison of the first or last of several days.
fn of_each(a: &Day, op: CompareOp, b: &Day) -> CondKind {
    let parts = |op| -> Vec<Cond> {
        let mut compared = a
            .each()
            .map(|(exists, day)| (exists, compare_days(&day, op, b)));
        let first = compared.next().map(|(_, first)| first);
        let rest = compared.map(|(exists, part)| match (exists, &first) {
            // A date that is not there counts as the first, which always is.
            (Some(exists), Some(first)) => new(
                CondKind::If(
                    Box::new(exists.clone()),
                    Box::new(part.clone()),
                    Box::new(first.clone()),
                ),
                part.text,
            ),
            _ => part,
        });
        let rest: Vec<Cond> = rest.collect();
        first.iter().cloned().chain(rest).collect()
    };
    match (op, a.earliest) {
        (CompareOp::Equal, _) => CondKind::All(vec![
            compare_days(a, CompareOp::LessEqual, b),
            compare_days(a, CompareOp::GreaterEqual, b),
        ]),
        (CompareOp::NotEqual, _) => CondKind::Any(vec![
            compare_days(a, CompareOp::Less, b),
            compare_days(a, CompareOp::Greater, b),
        ]),
        (CompareOp::Less | CompareOp::LessEqual, true)
        | (CompareOp::Greater | CompareOp::GreaterEqual, false) => CondKind::Any(parts(op)),
        _ => CondKind::All(parts(op)),
    }
}

/// A time between days that is compared: of several days each time, so that one that is known can
/// settle it. `threshold` is how the other side is read.
pub(in crate::lower) fn compare_time(
    time: &Number,
    op: CompareOp,
    other: &Number,
    threshold: &str,
) -> Cond {
    let text = reading::compare(&time.text, op, threshold);
    let one = |part: &Number| compare_time(part, op, other, threshold);
    let both = |one, two| {
        let compared = |op| compare_time(time, op, other, threshold);
        vec![compared(one), compared(two)]
    };
    let (parts, smallest) = match &time.kind {
        NumberKind::Min(parts) => (parts, true),
        NumberKind::Max(parts) => (parts, false),
        NumberKind::If(exists, there, first) => {
            let (there, first) = (Box::new(one(there)), Box::new(one(first)));
            return new(CondKind::If(exists.clone(), there, first), text);
        }
        _ => return new(CondKind::compare(time.clone(), op, other.clone()), text),
    };
    let kind = match (op, smallest) {
        (CompareOp::Equal, _) => CondKind::All(both(CompareOp::LessEqual, CompareOp::GreaterEqual)),
        (CompareOp::NotEqual, _) => CondKind::Any(both(CompareOp::Less, CompareOp::Greater)),
        (CompareOp::Less | CompareOp::LessEqual, true)
        | (CompareOp::Greater | CompareOp::GreaterEqual, false) => {
            CondKind::Any(parts.iter().map(one).collect())
        }
        _ => CondKind::All(parts.iter().map(one).collect()),
    };
    new(kind, text)
}

/// Whole units from one day to another: the longest from the earliest day, the shortest to it.
pub(in crate::lower) fn elapsed(
    unit: ElapsedUnit,
    from: &Day,
    to: &Day,
    told: &impl Fn(&str, &str) -> String,
) -> Number {
    let text = told(&from.text, &to.text);
    let (days, longest) = match (from.moments.as_slice(), to.moments.as_slice()) {
        ([one], [other]) => {
            let (from, to) = (one.moment.clone(), other.moment.clone());
            let kind = NumberKind::Elapsed { unit, from, to };
            return Number { kind, text };
        }
        ([_], _) => (to, !to.earliest),
        _ => (from, from.earliest),
    };
    let mut parts: Vec<Number> = Vec::new();
    for (exists, day) in days.each() {
        let (from, to) = if std::ptr::eq(days, to) {
            (from, &day)
        } else {
            (&day, to)
        };
        let part = elapsed(unit, from, to, told);
        parts.push(match (exists, parts.first()) {
            (Some(exists), Some(first)) => Number {
                text: part.text.clone(),
                kind: NumberKind::If(
                    Box::new(exists.clone()),
                    Box::new(part),
                    Box::new(first.clone()),
                ),
            },
            _ => part,
        });
    }
    let kind = if longest {
        NumberKind::Max(parts)
    } else {
        NumberKind::Min(parts)
    };
    Number { kind, text }
}

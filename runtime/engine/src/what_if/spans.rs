//! The values of one number or date that change the result, joined where they lie side by side, with
//! their real ends: 「3.0 g/dL以下」, 「2021年3月2日以後」.
//!
//! Between the constants that a number is compared with, all values say the same. Where rules
//! calculate with it, or where it is a date, values are tried here and there, the end between two
//! that say different things is looked for by halves, and the whole span is put to the engine at
//! once: only what it says of all values together is told of them; otherwise one value is.

use super::{Finder, Item, Reached};
use crate::answers::Answer;
use crate::arena::Domain;
use crate::days::Days;
use crate::exact::intervals;
use crate::form::Form;
use crate::machine::{Branch, Machine, Piece};
use crate::missing::{dates, exactly};
use crate::outcome::ResultKind;
use crate::program::{DatePrecision, FieldId, FieldType};
use crate::reading::answer_text;
use crate::value::{Date, Decimal};

/// Into so many parts the range of a number is cut with which rules calculate.
const PARTS: i128 = 8;

/// Values side by side after which the result is this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) result: ResultKind,
    pub(super) from: i128,
    pub(super) to: i128,
    /// Nothing below, or above, is accepted and says anything else.
    below: bool,
    above: bool,
}

/// What the positions of values count.
pub(super) enum Axis<'d> {
    /// Steps from the lowest value.
    Number {
        low: Decimal,
        high: Decimal,
        step: Decimal,
        cuts: &'d [Decimal],
        calculated: bool,
    },
    /// Days, months or years.
    Date(DatePrecision),
}

impl Axis<'_> {
    pub(super) fn position(&self, answer: &Answer) -> Option<i128> {
        match (self, answer) {
            (Self::Number { low, step, .. }, Answer::Number(value)) => {
                let steps = value.checked_sub(*low)?.checked_div(*step)?;
                i128::try_from(steps).ok()
            }
            (Self::Date(asked), Answer::Date(date)) => {
                let date = exactly(date.first_day(), *asked)?;
                let year = i128::from(date.year_number());
                Some(match asked {
                    DatePrecision::Day => date.first_day().into(),
                    DatePrecision::Month => year * 12 + i128::from(date.month_number()?) - 1,
                    DatePrecision::Year => year,
                })
            }
            _ => None,
        }
    }

    fn answer(&self, position: i128) -> Option<Answer> {
        match self {
            Self::Number { low, step, .. } => {
                let steps = Decimal::try_from_i128_with_scale(position, 0).ok()?;
                let value = steps.checked_mul(*step)?.checked_add(*low)?;
                Some(Answer::Number(value))
            }
            Self::Date(asked) => {
                let date = match asked {
                    DatePrecision::Day => Date::from_day_number(i32::try_from(position).ok()?),
                    DatePrecision::Month => {
                        let year = u16::try_from(position.div_euclid(12)).ok()?;
                        Date::month(year, u8::try_from(position.rem_euclid(12) + 1).ok()?)
                    }
                    DatePrecision::Year => Date::year(u16::try_from(position).ok()?),
                };
                date.map(Answer::Date)
            }
        }
    }

    /// All values of a span, as a search decides about them.
    fn piece(&self, span: Span) -> Option<Piece> {
        let ends = (self.answer(span.from)?, self.answer(span.to)?);
        match ends {
            (Answer::Number(low), Answer::Number(high)) => Some(Piece::Number(low, high)),
            (Answer::Date(first), Answer::Date(last)) => Some(Piece::Days(Days {
                first: if span.below {
                    Days::ANY.first
                } else {
                    first.first_day()
                },
                last: last.last_day(),
            })),
            _ => None,
        }
    }
}

impl<'a> Finder<'a> {
    /// What the values of an item lie on; nothing for an item of other kinds.
    pub(super) fn axis(&self, field: u16) -> Option<Axis<'a>> {
        let form: &'a Form = self.form;
        match &form.arena().field(field)?.domain {
            Domain::Number {
                low,
                high,
                step,
                cuts,
                calculated,
            } => Some(Axis::Number {
                low: *low,
                high: *high,
                step: *step,
                cuts,
                calculated: *calculated,
            }),
            Domain::Date => match form.field(FieldId(field)).map(|field| &field.ty) {
                Some(FieldType::Date { precision }) => Some(Axis::Date(*precision)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The spans of values of an item after which another result follows, the nearest first. The
    /// answers under trial are left as they were.
    pub(super) fn spans(
        &mut self,
        item: &Item,
        axis: &Axis<'_>,
        shown: &[u16],
        now: ResultKind,
    ) -> Vec<Span> {
        let before = self.trial.get(FieldId(item.field)).clone();
        let at = axis.position(&item.now);
        let mut spans = match axis {
            Axis::Number {
                calculated: false, ..
            } => self.by_cells(item.field, axis, at, shown, now),
            _ => self.by_trials(item, axis, at, shown, now),
        };
        self.trial.set(FieldId(item.field), before);
        let at = at.unwrap_or_default();
        spans.sort_by_key(|span| (span.from - at).abs().min((span.to - at).abs()));
        spans
    }

    /// What follows if the item has the value at this position.
    fn at(
        &mut self,
        field: u16,
        axis: &Axis<'_>,
        position: i128,
        shown: &[u16],
        now: ResultKind,
    ) -> Reached {
        let Some(answer) = axis.answer(position).filter(|_| self.budget > 0) else {
            return Reached::Same;
        };
        self.trial.set(FieldId(field), answer);
        self.reach(shown, now)
    }

    /// Of a number that is only compared: all values between two constants say the same.
    fn by_cells(
        &mut self,
        field: u16,
        axis: &Axis<'_>,
        now_at: Option<i128>,
        shown: &[u16],
        now: ResultKind,
    ) -> Vec<Span> {
        let Axis::Number {
            low,
            high,
            step,
            cuts,
            ..
        } = axis
        else {
            return Vec::new();
        };
        let position = |value: Decimal| axis.position(&Answer::Number(value));
        let cells: Vec<(i128, i128)> = intervals(*low, *high, *step, cuts)
            .into_iter()
            .filter_map(|(from, to)| Some((position(from)?, position(to)?)))
            .collect();
        let tried: Vec<((i128, i128), Reached)> = cells
            .into_iter()
            .map(|(from, to)| {
                let near = if now_at.is_some_and(|at| to < at) {
                    to
                } else {
                    from
                };
                let reached = match now_at {
                    Some(at) if from <= at && at <= to => Reached::Same,
                    _ => self.at(field, axis, near, shown, now),
                };
                ((from, to), reached)
            })
            .collect();
        groups(&tried)
            .map(|(result, group)| Span {
                result,
                from: group.first.0,
                to: group.last.1,
                below: group.below,
                above: group.above,
            })
            .collect()
    }

    /// Of everything else: values here and there, then the ends between them.
    fn by_trials(
        &mut self,
        item: &Item,
        axis: &Axis<'_>,
        now_at: Option<i128>,
        shown: &[u16],
        now: ResultKind,
    ) -> Vec<Span> {
        let field = item.field;
        let mut positions = self.positions(item, axis);
        positions.extend(now_at);
        positions.sort_unstable();
        positions.dedup();
        let tried: Vec<(i128, Reached)> = positions
            .into_iter()
            .map(|position| match now_at == Some(position) {
                true => (position, Reached::Same),
                false => (position, self.at(field, axis, position, shown, now)),
            })
            .collect();
        let found: Vec<(ResultKind, Group<i128>)> = groups(&tried).collect();
        let mut spans = Vec::with_capacity(found.len());
        for (result, group) in found {
            let mut half = |inside: i128, outside: Option<i128>| {
                let (mut inside, mut outside) = (inside, outside.unwrap_or(inside));
                while (inside - outside).abs() > 1 && self.budget > 0 {
                    let middle = i128::midpoint(inside, outside);
                    match self.at(field, axis, middle, shown, now) == Reached::Other(result) {
                        true => inside = middle,
                        false => outside = middle,
                    }
                }
                inside
            };
            let span = Span {
                result,
                from: half(group.first, group.before),
                to: half(group.last, group.after),
                below: group.below,
                above: group.above,
            };
            spans.push(self.proven(field, axis, span, now_at));
        }
        spans
    }

    /// The values that are tried.
    fn positions(&mut self, item: &Item, axis: &Axis<'_>) -> Vec<i128> {
        let arena = self.form.arena();
        match axis {
            Axis::Number {
                low,
                high,
                step,
                cuts,
                ..
            } => {
                let position = |value: Decimal| axis.position(&Answer::Number(value));
                let ends = intervals(*low, *high, *step, cuts);
                let ends = ends.into_iter().flat_map(|(from, to)| [from, to]);
                let mut positions: Vec<i128> = ends.filter_map(position).collect();
                let last = position(*high).unwrap_or_default();
                positions.extend((0..=PARTS).map(|part| last * part / PARTS));
                positions
            }
            Axis::Date(_) => {
                let machine = Machine::new(arena, &self.trial, self.context, &mut self.scratch);
                let days = dates(self.form, &machine, item.field, &Answer::Missing);
                days.iter().filter_map(|day| axis.position(day)).collect()
            }
        }
    }

    /// The span if the engine says of all its values together what it says of those tried; if it
    /// does so only without its open end, with an end; otherwise the value nearest to the answer.
    fn proven(&mut self, field: u16, axis: &Axis<'_>, span: Span, now_at: Option<i128>) -> Span {
        let near = if now_at.is_some_and(|at| span.to < at) {
            span.to
        } else {
            span.from
        };
        if let Some(answer) = axis.answer(near) {
            self.trial.set(FieldId(field), answer);
        }
        let ended = Span {
            below: span.below && matches!(axis, Axis::Number { .. }),
            ..span
        };
        for span in [span, ended] {
            if self.holds(&[(field, axis, span)], span.result) {
                return span;
            }
        }
        Span {
            from: near,
            to: near,
            below: false,
            above: false,
            ..span
        }
    }

    /// Whether all values of these spans together give this result.
    pub(super) fn holds(&mut self, spans: &[(u16, &Axis<'_>, Span)], result: ResultKind) -> bool {
        self.budget = self.budget.saturating_sub(1);
        let arena = self.form.arena();
        let mut machine = Machine::new(arena, &self.trial, self.context, &mut self.scratch);
        machine.set_branching(true);
        for (field, axis, span) in spans {
            let Some(value) = axis.piece(*span) else {
                continue;
            };
            let answered = Some(true);
            machine.set_branch(*field, Branch { answered, value });
        }
        let possible = machine.possible_results();
        machine.set_branching(false);
        possible.single() == Some(result)
    }

    /// A span in words.
    pub(super) fn told(&self, field: u16, axis: &Axis<'_>, span: Span) -> Option<String> {
        let id = FieldId(field);
        let text = |position| Some(answer_text(self.form, id, &axis.answer(position)?));
        let open = span.below != span.above && matches!(axis, Axis::Date(_));
        if span.from == span.to && !open {
            return text(span.from);
        }
        let value = |position| match axis.answer(position)? {
            Answer::Number(value) => Some(value),
            _ => None,
        };
        let Axis::Number { step, cuts, .. } = axis else {
            let (from, to) = (text(span.from)?, text(span.to)?);
            return Some(match (span.below, span.above) {
                (false, true) => format!("{from}以後"),
                (true, false) => format!("{to}以前"),
                _ => format!("{from}から{to}まで"),
            });
        };
        let (low, high) = (value(span.from)?, value(span.to)?);
        // The constants that rules compare with are told as they stand there.
        let cut = |wanted: &dyn Fn(Decimal) -> bool| {
            let fits = |cut: &Decimal| cut.scale() <= step.scale() && wanted(*cut);
            cuts.iter().copied().find(fits)
        };
        let said = |value: Decimal| answer_text(self.form, id, &Answer::Number(value));
        let lower = match cut(&|cut| cut < low && low - step <= cut) {
            Some(cut) if !cuts.contains(&low) => (said(cut), "を超える", "を超え"),
            _ => (said(low), "以上", "以上"),
        };
        let upper = match cut(&|cut| high < cut && cut <= high + step) {
            Some(cut) if !cuts.contains(&high) => format!("{}未満", said(cut)),
            _ => format!("{}以下", said(high)),
        };
        Some(match (span.below, span.above) {
            (false, true) => format!("{}{}", lower.0, lower.1),
            (true, false) => upper,
            _ => format!("{}{}{upper}", lower.0, lower.2),
        })
    }
}

/// Neighbours after which the same result follows.
struct Group<P> {
    first: P,
    last: P,
    /// What lies beside them.
    before: Option<P>,
    after: Option<P>,
    /// All that lies below, or above, is refused.
    below: bool,
    above: bool,
}

/// Takes what was tried apart, from the lowest to the highest.
fn groups<P: Copy>(tried: &[(P, Reached)]) -> impl Iterator<Item = (ResultKind, Group<P>)> {
    let mut rest = tried;
    std::iter::from_fn(move || {
        loop {
            let (_, reached) = rest.first()?;
            let length = rest
                .iter()
                .take_while(|(_, other)| other == reached)
                .count();
            let (group, after) = rest.split_at(length);
            let start = tried.len() - rest.len();
            rest = after;
            let refused = |others: &[(P, Reached)]| {
                others.iter().all(|(_, other)| *other == Reached::Refused)
            };
            if let (Reached::Other(result), [(first, _), ..], [.., (last, _)]) =
                (reached, group, group)
            {
                let lower = tried.get(..start).unwrap_or_default();
                let group = Group {
                    first: *first,
                    last: *last,
                    before: lower.last().map(|(place, _)| *place),
                    after: after.first().map(|(place, _)| *place),
                    below: refused(lower),
                    above: refused(after),
                };
                return Some((*result, group));
            }
        }
    })
}

//! The values of one number or date that change the result, joined where they lie side by side, with
//! their real ends: 「3.0 g/dL以下」, 「2021年3月2日以後」.
//!
//! Between the constants that rules compare a number with, all values give the same result, but an
//! error check may refuse some of them: both ends of every such part are tried. Where rules
//! calculate with the number, or where it is a date, values are tried here and there as well. The
//! end between two that say different things is looked for by halves. Of what is tried here and
//! there the whole span is put to the engine at once: only what it says of all values together is
//! told of them; otherwise one value is.

use super::{Finder, Item, PARTS, Reached};
use crate::answers::Answer;
use crate::arena::{Domain, Steps};
use crate::days::Days;
use crate::exact::intervals;
use crate::form::Form;
use crate::machine::{Branch, Machine, Piece};
use crate::missing::{dates, exactly};
use crate::outcome::ResultKind;
use crate::program::{DatePrecision, FieldId, FieldType};
use crate::reading::answer_text;
use crate::value::{Date, Decimal};

/// Values side by side after which the result is this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) result: ResultKind,
    pub(super) from: i128,
    pub(super) to: i128,
    /// Nothing lies below, or above, or nothing was tried there.
    below: bool,
    above: bool,
}

/// What the positions of values count.
pub(super) enum Axis<'d> {
    /// Steps from the lowest value.
    Number(&'d Steps),
    /// Days, months or years.
    Date(DatePrecision),
}

impl Axis<'_> {
    pub(super) fn position(&self, answer: &Answer) -> Option<i128> {
        match (self, answer) {
            (Self::Number(steps), Answer::Number(value)) => {
                let count = value.checked_sub(steps.low)?.checked_div(steps.step)?;
                i128::try_from(count).ok()
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
            Self::Number(steps) => {
                let count = Decimal::try_from_i128_with_scale(position, 0).ok()?;
                let value = count.checked_mul(steps.step)?.checked_add(steps.low)?;
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
                last: if span.above {
                    Days::ANY.last
                } else {
                    last.last_day()
                },
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
            Domain::Number(steps) => Some(Axis::Number(steps)),
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
        let mut spans = self.found_on(item, axis, at, shown, now);
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

    /// What follows from values here and there, up to the ends between them.
    fn found_on(
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
        let mut tried: Vec<(i128, Reached)> = positions
            .into_iter()
            .map(|position| match now_at == Some(position) {
                true => (position, Reached::Same),
                false => (position, self.at(field, axis, position, shown, now)),
            })
            .collect();
        // That tomorrow is refused is no end that anybody has to be told.
        if let Axis::Date(_) = axis
            && let Some((last, Reached::Refused)) = tried.last()
            && axis.position(&Answer::Date(self.context.today)) < Some(*last)
        {
            tried.pop();
        }
        let found: Vec<(ResultKind, Group)> = groups(&tried).collect();
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
            spans.push(match axis {
                // All values between two constants say the same.
                Axis::Number(steps) if !steps.calculated => span,
                _ => self.proven(field, axis, span, now_at),
            });
        }
        spans
    }

    /// The values that are tried.
    fn positions(&mut self, item: &Item, axis: &Axis<'_>) -> Vec<i128> {
        let arena = self.form.arena();
        match axis {
            Axis::Number(steps) => {
                let position = |value: Decimal| axis.position(&Answer::Number(value));
                let ends = intervals(steps.low, steps.high, steps.step, &steps.cuts);
                let ends = ends.into_iter().flat_map(|(from, to)| [from, to]);
                let mut positions: Vec<i128> = ends.filter_map(position).collect();
                if steps.calculated {
                    let (last, parts) = (position(steps.high), i128::from(PARTS));
                    let last = last.unwrap_or_default();
                    positions.extend((0..=parts).map(|part| last * part / parts));
                }
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
        let bounded = matches!(axis, Axis::Number(_));
        let ended = Span {
            below: span.below && bounded,
            above: span.above && bounded,
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
        let Axis::Number(Steps { step, cuts, .. }) = axis else {
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
struct Group {
    first: i128,
    last: i128,
    /// What lies beside them.
    before: Option<i128>,
    after: Option<i128>,
    /// Nothing was tried below, or above.
    below: bool,
    above: bool,
}

/// Takes what was tried apart, from the lowest to the highest.
fn groups(tried: &[(i128, Reached)]) -> impl Iterator<Item = (ResultKind, Group)> {
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
            if let (Reached::Other(result), [(first, _), ..], [.., (last, _)]) =
                (reached, group, group)
            {
                let lower = tried.get(..start).unwrap_or_default();
                let group = Group {
                    first: *first,
                    last: *last,
                    before: lower.last().map(|(place, _)| *place),
                    after: after.first().map(|(place, _)| *place),
                    below: lower.is_empty(),
                    above: after.is_empty(),
                };
                return Some((*result, group));
            }
        }
    })
}

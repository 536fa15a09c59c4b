//! Ranges of a number: which values two have in common, and which lie between them.

use super::cond::new;
use super::extent::Extent;
use super::number::{self, compare_op};
use crate::reading;
use kohyo_dsl::Span;
use kohyo_dsl::ast::{Expr, ExprKind, NumberLiteral};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, CondKind, Number, NumberKind};

/// One end of a band. The order is that of the values just inside of it, for lower ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    pub(super) at: Decimal,
    /// Whether the end itself is left out.
    pub(super) open: bool,
}

impl End {
    fn closed(at: Decimal) -> Self {
        Self { at, open: false }
    }

    /// The end of what lies on the other side.
    fn turned(self) -> Self {
        Self {
            open: !self.open,
            ..self
        }
    }
}

/// The values of a band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) low: Option<End>,
    pub(super) high: Option<End>,
    pub(super) span: Span,
    /// No band, but a gap that is declared.
    pub(super) declared: bool,
}

impl Interval {
    /// The values of which `when` holds, its numbers taken `times`. Nothing if a number was too long
    /// to be read, which has been reported.
    pub(super) fn of(when: &Expr, span: Span, times: Decimal) -> Option<Self> {
        let value = |literal| value(literal)?.checked_mul(times);
        let (low, high) = match &when.kind {
            ExprKind::InRange {
                low, high, ends, ..
            } => {
                let (low, high) = (value(low)?, value(high)?);
                let end = |at, closed: bool| Some(End { at, open: !closed });
                (end(low, ends.low), end(high, ends.high))
            }
            ExprKind::Compare { op, right, .. } => {
                ends(compare_op(*op), signed(right)?.checked_mul(times)?)?
            }
            _ => return None,
        };
        Some(Self {
            low,
            high,
            span,
            declared: false,
        })
    }

    /// The number of which a condition says where it lies, and where that is: a comparison with a
    /// constant, a range, or several of these of the same number.
    pub(super) fn all_of(condition: &Cond, span: Span) -> Option<(&Number, Vec<Self>)> {
        match &condition.kind {
            CondKind::Compare { left, op, right } => {
                let (about, op, at) = match (constant(left), constant(right)) {
                    (None, Some(at)) => (&**left, *op, at),
                    (Some(at), None) => (&**right, op.turned(), at),
                    _ => return None,
                };
                let (low, high) = ends(op, at)?;
                let own = Self {
                    low,
                    high,
                    span,
                    declared: false,
                };
                Some((about, vec![own]))
            }
            CondKind::All(parts) | CondKind::Any(parts) => {
                let mut parts = parts.iter().map(|part| Self::all_of(part, span));
                let (about, mut found) = parts.next()??;
                for part in parts {
                    let (_, more) = part.filter(|(other, _)| other.kind == about.kind)?;
                    if matches!(condition.kind, CondKind::Any(_)) {
                        found.extend(more);
                        continue;
                    }
                    let both = found
                        .iter()
                        .flat_map(|one| more.iter().map(move |two| one.and(*two)));
                    found = both.filter(|both| !both.is_empty()).collect();
                }
                Some((about, found))
            }
            CondKind::IfShown {
                condition,
                otherwise: false,
                ..
            } => Self::all_of(condition, span),
            _ => None,
        }
    }

    /// The values in both.
    pub(super) fn and(self, other: Self) -> Self {
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if (a.at, !a.open) <= (b.at, !b.open) {
                a
            } else {
                b
            }),
            (a, b) => a.or(b),
        };
        Self {
            low: self.low.max(other.low),
            high,
            ..self
        }
    }

    pub(super) fn is_empty(self) -> bool {
        match (self.low, self.high) {
            (Some(low), Some(high)) => {
                low.at > high.at || low.at == high.at && (low.open || high.open)
            }
            _ => false,
        }
    }

    /// The values in here that the number can have: with steps, both ends are such values.
    pub(super) fn fitted(self, extent: Extent) -> Self {
        let fitted = match extent.step {
            Some(step) => Self {
                low: self.low.map(|low| match first_from(low, Some(step)) {
                    Some(at) => End::closed(at),
                    None => low,
                }),
                high: self.high.map(|high| last_to(high, step)),
                ..self
            },
            None => self,
        };
        fitted.and(Self {
            low: extent.low.map(End::closed),
            high: extent.high.map(End::closed),
            ..self
        })
    }

    /// Its only value, if it has just one.
    pub(super) fn point(self) -> Option<Decimal> {
        let (low, high) = (self.low?, self.high?);
        (low.at == high.at && !self.is_empty()).then_some(low.at)
    }

    /// Whether all values of the other one are in here.
    pub(super) fn contains(self, other: Self) -> bool {
        let both = self.and(other);
        (both.low, both.high) == (other.low, other.high)
    }

    /// Whether it goes up as far as the other one.
    pub(super) fn reaches(self, other: Self) -> bool {
        match (self.high, other.high) {
            (Some(a), Some(b)) => (a.at, !a.open) >= (b.at, !b.open),
            (None, _) => true,
            (Some(_), None) => false,
        }
    }

    /// Just this value.
    pub(super) fn at(value: Decimal, span: Span) -> Self {
        Self {
            low: Some(End::closed(value)),
            high: Some(End::closed(value)),
            ..Self::whole(span)
        }
    }

    /// Whether a value is in here.
    pub(super) fn has(self, value: Decimal) -> bool {
        let above = |low: End| value > low.at || value == low.at && !low.open;
        self.low.is_none_or(above) && below(value, self.high)
    }

    /// Every value there is.
    pub(super) fn whole(span: Span) -> Self {
        Self {
            low: None,
            high: None,
            span,
            declared: false,
        }
    }

    /// All other values; nothing if they lie on both sides.
    pub(super) fn others(self) -> Option<Self> {
        match (self.low, self.high) {
            (Some(_), None) => Some(self.below()),
            (None, Some(_)) => Some(self.above()),
            _ => None,
        }
    }

    /// Everything below its lower end.
    pub(super) fn below(self) -> Self {
        Self {
            low: None,
            high: self.low.map(End::turned),
            ..self
        }
    }

    /// Everything above its upper end.
    pub(super) fn above(self) -> Self {
        Self {
            low: self.high.map(End::turned),
            high: None,
            ..self
        }
    }

    /// That the number lies in here.
    pub(super) fn condition(self, number: &Number) -> Cond {
        use p::CompareOp::{Greater, GreaterEqual, Less, LessEqual};
        let low = self.low.map(|low| {
            let op = if low.open { Greater } else { GreaterEqual };
            (op, low.at)
        });
        let high = self.high.map(|high| {
            let op = if high.open { Less } else { LessEqual };
            (op, high.at)
        });
        let parts = low.into_iter().chain(high).map(|(op, at)| {
            let digits = at.normalize().to_string();
            let text = reading::compare(&number.text, op, &digits);
            let right = number::constant(at, &digits);
            new(CondKind::compare(number.clone(), op, right), text)
        });
        new(CondKind::All(parts.collect()), reading::ALL)
    }

    /// Whether the number can have a value in here.
    pub(super) fn lies_in(&self, extent: Extent) -> bool {
        let whole = Self {
            low: extent.low.map(End::closed),
            high: extent.high.map(End::closed),
            ..*self
        };
        let (first, second) = if self.low < whole.low {
            (*self, whole)
        } else {
            (whole, *self)
        };
        common(first, second, extent.step).is_some()
    }
}

/// Whether the values between two ends are fewer than the digits say in which the ends are written:
/// between 1.9 and 2.0, 219 and 220. A wide space is meant, a narrow one is a slip.
pub(crate) fn is_narrow(end: Decimal, start: Decimal) -> bool {
    let digits = end.scale().max(start.scale());
    let width = start - end;
    width.is_sign_positive() && width <= Decimal::new(1, digits)
}

/// The ends of what a comparison with a constant allows; nothing if that is not one range.
fn ends(op: p::CompareOp, at: Decimal) -> Option<(Option<End>, Option<End>)> {
    let (closed, open) = (Some(End::closed(at)), Some(End { at, open: true }));
    Some(match op {
        p::CompareOp::Less => (None, open),
        p::CompareOp::LessEqual => (None, closed),
        p::CompareOp::Greater => (open, None),
        p::CompareOp::GreaterEqual => (closed, None),
        p::CompareOp::Equal => (closed, closed),
        p::CompareOp::NotEqual => return None,
    })
}

/// A number that is written out.
pub(super) fn constant(number: &Number) -> Option<Decimal> {
    match number.kind {
        NumberKind::Const(at) => Some(at),
        _ => None,
    }
}

/// The greatest value up to `high` that the number can have.
fn last_to(high: End, step: Decimal) -> End {
    let down = rust_decimal::RoundingStrategy::ToNegativeInfinity;
    let at = high.at.round_dp_with_strategy(step.scale(), down);
    if high.open && at == high.at {
        at.checked_sub(step).map_or(high, End::closed)
    } else {
        End::closed(at)
    }
}

/// The least value from `low` on that the number can have; without steps none is the least of an
/// open end.
fn first_from(low: End, step: Option<Decimal>) -> Option<Decimal> {
    let Some(step) = step else {
        return (!low.open).then_some(low.at);
    };
    let up = rust_decimal::RoundingStrategy::ToPositiveInfinity;
    let at = low.at.round_dp_with_strategy(step.scale(), up);
    if low.open && at == low.at {
        at.checked_add(step)
    } else {
        Some(at)
    }
}

/// Whether `value` lies below the end.
fn below(value: Decimal, high: Option<End>) -> bool {
    high.is_none_or(|high| value < high.at || value == high.at && !high.open)
}

/// A value in both, if there is one; `next` begins where `reach` does or later.
pub(super) fn common(reach: Interval, next: Interval, step: Option<Decimal>) -> Option<Decimal> {
    let highs = [reach.high, next.high].into_iter().flatten();
    let least = highs.map(|high| high.at).min();
    let Some(low) = next.low else {
        // Both go down without end.
        return match least {
            Some(high) => high.checked_sub(step.unwrap_or(Decimal::ONE)),
            None => Some(Decimal::ZERO),
        };
    };
    let value = match (first_from(low, step), least) {
        (Some(value), _) => value,
        (None, Some(high)) if high > low.at => middle(low.at, high)?,
        (None, Some(_)) => return None,
        (None, None) => low.at.checked_add(Decimal::ONE)?,
    };
    (below(value, reach.high) && below(value, next.high)).then_some(value)
}

/// A value between the end of one band and the start of the next, if there is one.
pub(super) fn between(end: End, start: End, step: Option<Decimal>) -> Option<Decimal> {
    let after = End {
        at: end.at,
        open: !end.open,
    };
    let value = match first_from(after, step) {
        Some(value) => value,
        None if end.at < start.at => middle(end.at, start.at)?,
        None => return None,
    };
    (value < start.at || value == start.at && start.open).then_some(value)
}

fn middle(low: Decimal, high: Decimal) -> Option<Decimal> {
    low.checked_add(high)?.checked_div(Decimal::TWO)
}

fn value(literal: &NumberLiteral) -> Option<Decimal> {
    Decimal::from_str_exact(&literal.digits).ok()
}

fn signed(expr: &Expr) -> Option<Decimal> {
    match &expr.kind {
        ExprKind::Number(literal) => value(literal),
        ExprKind::Negative(inner) => signed(inner).map(|n| -n),
        _ => None,
    }
}

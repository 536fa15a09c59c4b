//! What is known about a number: from where to where it lies.
//!
//! Every operation gives a range that holds every result of the exact numbers in its operands;
//! if some of them have no result (division by zero, overflow, a logarithm of nothing), the
//! range is [`Range::Any`] and nothing is ever concluded from it.

use crate::tri::Tri;
use crate::value::Decimal;
use rust_decimal::{MathematicalOps, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// The order of decimals, without their detour for numbers of the same scale.
#[inline]
fn less(a: Decimal, b: Decimal) -> bool {
    if a.scale() == b.scale() {
        a.mantissa() < b.mantissa()
    } else {
        a < b
    }
}

/// Where a number lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Range {
    /// Anywhere, or nowhere: it may have no value at all.
    Any,
    /// From the first to the second, both included.
    Within(Decimal, Decimal),
}

use Range::{Any, Within};

impl Range {
    pub(crate) const ZERO: Self = Within(Decimal::ZERO, Decimal::ZERO);

    /// Exactly this number.
    pub(crate) fn point(number: Decimal) -> Self {
        Within(number, number)
    }

    /// The number, if only one is possible.
    pub(crate) fn known(self) -> Option<Decimal> {
        match self {
            Within(low, high) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether more than one number, or none, is possible.
    pub(crate) fn is_open(self) -> bool {
        match self {
            Any => true,
            Within(low, high) => low != high,
        }
    }

    /// The smallest range that holds both.
    pub(crate) fn hull(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| Some((a.min(c), b.max(d))))
    }

    pub(crate) fn add(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| {
            Some((a.checked_add(c)?, b.checked_add(d)?))
        })
    }

    pub(crate) fn subtract(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| {
            Some((a.checked_sub(d)?, b.checked_sub(c)?))
        })
    }

    pub(crate) fn multiply(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| {
            corners([
                a.checked_mul(c)?,
                a.checked_mul(d)?,
                b.checked_mul(c)?,
                b.checked_mul(d)?,
            ])
        })
    }

    pub(crate) fn divide(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| {
            if c <= Decimal::ZERO && d >= Decimal::ZERO {
                return None;
            }
            corners([
                a.checked_div(c)?,
                a.checked_div(d)?,
                b.checked_div(c)?,
                b.checked_div(d)?,
            ])
        })
    }

    pub(crate) fn max(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| Some((a.max(c), b.max(d))))
    }

    pub(crate) fn min(self, other: Self) -> Self {
        self.both(other, |a, b, c, d| Some((a.min(c), b.min(d))))
    }

    pub(crate) fn abs(self) -> Self {
        match self {
            Within(low, high) if low < Decimal::ZERO && high > Decimal::ZERO => {
                Within(Decimal::ZERO, high.max(-low))
            }
            Within(low, high) => Within(low.abs().min(high.abs()), low.abs().max(high.abs())),
            Any => Any,
        }
    }

    /// Rounded half up, away from zero: 2.5 to 3, -2.5 to -3.
    pub(crate) fn round(self, fraction: u32) -> Self {
        let round = |number: Decimal| {
            number.round_dp_with_strategy(fraction, RoundingStrategy::MidpointAwayFromZero)
        };
        self.monotone(|number| Some(round(number)))
    }

    /// [`Self::round`] with a calculated number of digits: unknown unless that is a whole number
    /// from 0 to 28.
    pub(crate) fn round_to(self, digits: Self) -> Self {
        let whole = digits.known().filter(|digits| digits.fract().is_zero());
        match whole.and_then(|digits| u32::try_from(digits).ok()) {
            Some(fraction) if fraction <= 28 => self.round(fraction),
            _ => Any,
        }
    }

    pub(crate) fn floor(self) -> Self {
        self.monotone(|number| Some(number.floor()))
    }

    pub(crate) fn ceiling(self) -> Self {
        self.monotone(|number| Some(number.ceil()))
    }

    pub(crate) fn sqrt(self) -> Self {
        self.monotone(sqrt).widened(self).max(Self::ZERO)
    }

    pub(crate) fn ln(self) -> Self {
        self.monotone(|number| number.checked_ln()).widened(self)
    }

    pub(crate) fn exp(self) -> Self {
        self.monotone(exp).widened(self).max(Self::ZERO)
    }

    /// `self` to the power of `exponent`.
    pub(crate) fn power(self, exponent: Self) -> Self {
        let (Within(low, high), Within(from, to)) = (self, exponent) else {
            return Any;
        };
        let zero = Decimal::ZERO;
        let result = if low == high && from == to {
            power(low, from).map(|number| (number, number))
        } else if low > zero || (low == zero && from > zero) {
            // For a positive base the power is monotone in each operand.
            (|| {
                corners([
                    power(low, from)?,
                    power(low, to)?,
                    power(high, from)?,
                    power(high, to)?,
                ])
            })()
        } else if from == to && from > zero && from.fract().is_zero() {
            // A whole power: odd ones are monotone, even ones are smallest at zero.
            (|| {
                let (a, b) = (power(low, from)?, power(high, from)?);
                let turns = high > zero && power(-Decimal::ONE, from)? > zero;
                Some((if turns { zero } else { a.min(b) }, a.max(b)))
            })()
        } else {
            None
        };
        result
            .map_or(Any, |(low, high)| Within(low, high))
            .widened(if from == to { self } else { Any })
    }

    pub(crate) fn less(self, other: Self) -> Tri {
        self.compare(other, |a, b, c, d| (less(b, c), !less(a, d)))
    }

    pub(crate) fn less_equal(self, other: Self) -> Tri {
        self.compare(other, |a, b, c, d| (!less(c, b), less(d, a)))
    }

    pub(crate) fn equal(self, other: Self) -> Tri {
        self.compare(other, |a, b, c, d| {
            (a == b && c == d && a == c, b < c || d < a)
        })
    }

    fn compare(
        self,
        other: Self,
        sure: impl Fn(Decimal, Decimal, Decimal, Decimal) -> (bool, bool),
    ) -> Tri {
        let (Within(a, b), Within(c, d)) = (self, other) else {
            return Tri::Unknown;
        };
        match sure(a, b, c, d) {
            (true, _) => Tri::True,
            (_, true) => Tri::False,
            _ => Tri::Unknown,
        }
    }

    fn both(
        self,
        other: Self,
        f: impl Fn(Decimal, Decimal, Decimal, Decimal) -> Option<(Decimal, Decimal)>,
    ) -> Self {
        let (Within(a, b), Within(c, d)) = (self, other) else {
            return Any;
        };
        f(a, b, c, d).map_or(Any, |(low, high)| Within(low, high))
    }

    /// An increasing function; a domain, if it has one, has no holes.
    fn monotone(self, f: impl Fn(Decimal) -> Option<Decimal>) -> Self {
        match self {
            Any => Any,
            Within(low, high) if low == high => f(low).map_or(Any, Self::point),
            Within(low, high) => match (f(low), f(high)) {
                (Some(low), Some(high)) => Within(low, high),
                _ => Any,
            },
        }
    }

    /// Room for the last digits of an approximated function, which need not be monotone; an
    /// exactly known operand needs none.
    fn widened(self, operand: Self) -> Self {
        let room = |number: Decimal| {
            number
                .abs()
                .max(Decimal::ONE)
                .checked_mul(Decimal::new(1, 18))
        };
        match self {
            Within(low, high) if operand.is_open() => (|| {
                Some(Within(
                    low.checked_sub(room(low)?)?,
                    high.checked_add(room(high)?)?,
                ))
            })()
            .unwrap_or(Any),
            exact => exact,
        }
    }
}

fn corners(results: [Decimal; 4]) -> Option<(Decimal, Decimal)> {
    Some((
        results.iter().min().copied()?,
        results.iter().max().copied()?,
    ))
}

/// Newton's method from above; exact for squares of numbers with up to 14 digits after the point.
fn sqrt(number: Decimal) -> Option<Decimal> {
    if number < Decimal::ZERO {
        return None;
    }
    if number.is_zero() {
        return Some(Decimal::ZERO);
    }
    let mut root = number
        .checked_div(Decimal::TWO)?
        .checked_add(Decimal::ONE)?;
    loop {
        let next = root
            .checked_add(number.checked_div(root)?)?
            .checked_div(Decimal::TWO)?;
        if next >= root {
            break;
        }
        root = next;
    }
    let short = root.round_dp(14);
    Some(if short.checked_mul(short) == Some(number) {
        short.normalize()
    } else {
        root
    })
}

/// A power too small for 28 digits is zero.
fn exp(number: Decimal) -> Option<Decimal> {
    match number.checked_exp() {
        None if number < Decimal::ZERO => Some(Decimal::ZERO),
        result => result,
    }
}

fn power(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    if base.is_zero() && exponent < Decimal::ZERO {
        return None;
    }
    if exponent.fract().is_zero() {
        return base.checked_powi(i64::try_from(exponent).ok()?);
    }
    if base < Decimal::ZERO {
        return None;
    }
    if base.is_zero() {
        return Some(Decimal::ZERO);
    }
    exp(base.checked_ln()?.checked_mul(exponent)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn within(low: &str, high: &str) -> Range {
        Within(d(low), d(high))
    }

    fn point(text: &str) -> Range {
        Range::point(d(text))
    }

    #[test]
    fn arithmetic_keeps_every_result() {
        assert_eq!(within("1", "2").add(within("10", "20")), within("11", "22"));
        assert_eq!(
            within("1", "2").subtract(within("10", "20")),
            within("-19", "-8")
        );
        assert_eq!(
            within("-1", "2").multiply(within("-3", "5")),
            within("-6", "10")
        );
        assert_eq!(
            within("1", "2").divide(within("4", "8")),
            within("0.125", "0.5")
        );
        assert_eq!(within("-3", "2").abs(), within("0", "3"));
        assert_eq!(within("-3", "-2").abs(), within("2", "3"));
        assert_eq!(within("1", "5").max(within("3", "4")), within("3", "5"));
        assert_eq!(within("1", "5").min(within("3", "4")), within("1", "4"));
        assert_eq!(within("1", "2").hull(point("7")), within("1", "7"));
        assert_eq!(within("1.25", "2.5").floor(), within("1", "2"));
        assert_eq!(within("1.25", "2.5").ceiling(), within("2", "3"));
    }

    #[test]
    fn what_has_no_value_is_anything() {
        assert_eq!(point("1").divide(point("0")), Any);
        assert_eq!(point("1").divide(within("-1", "1")), Any);
        assert_eq!(point("79228162514264337593543950335").add(point("1")), Any);
        assert_eq!(
            within("1", "79228162514264337593543950335").multiply(point("2")),
            Any
        );
        assert_eq!(within("-1", "4").sqrt(), Any);
        assert_eq!(point("0").ln(), Any);
        assert_eq!(point("1000").exp(), Any);
        assert_eq!(point("-8").power(point("0.5")), Any);
        assert_eq!(point("0").power(point("-1")), Any);
        assert_eq!(point("1.5").round_to(within("0", "1")), Any);
        assert_eq!(Any.less(point("1")), Tri::Unknown);
        assert_eq!(Any.add(point("1")), Any);
    }

    #[test]
    fn rounding_is_half_up_away_from_zero() {
        for (number, fraction, rounded) in [
            ("2.5", 0, "3"),
            ("-2.5", 0, "-3"),
            ("2.45", 1, "2.5"),
            ("2.449", 1, "2.4"),
            ("-0.05", 1, "-0.1"),
            ("1.005", 2, "1.01"),
        ] {
            assert_eq!(point(number).round(fraction), point(rounded), "{number}");
            assert_eq!(
                point(number).round_to(Range::point(fraction.into())),
                point(rounded)
            );
        }
    }

    #[test]
    fn roots_of_squares_are_exact() {
        for (number, root) in [
            ("4", "2"),
            ("2.25", "1.5"),
            ("0.0001", "0.01"),
            ("0", "0"),
            ("1e20", "1e10"),
        ] {
            let number = Decimal::from_scientific(number)
                .or_else(|_| number.parse())
                .unwrap();
            let root = Decimal::from_scientific(root)
                .or_else(|_| root.parse())
                .unwrap();
            assert_eq!(Range::point(number).sqrt(), Range::point(root));
        }
        let two = point("2").sqrt().known().unwrap();
        assert_eq!(two.round_dp(24), d("1.414213562373095048801689"));
        assert!(Range::point(Decimal::MAX).sqrt().known().is_some());
    }

    #[test]
    fn functions_agree_with_published_digits() {
        let known = |range: Range| range.known().unwrap().round_dp(20);
        assert_eq!(known(point("2").ln()), d("0.69314718055994530942"));
        assert_eq!(known(point("1").exp()), d("2.71828182845904523536"));
        assert_eq!(point("-200").exp(), Range::ZERO);
        assert_eq!(point("2").power(point("10")), point("1024"));
        assert_eq!(point("2").power(point("-2")), point("0.25"));
        assert_eq!(point("-2").power(point("3")), point("-8"));
        assert_eq!(
            known(point("2").power(point("0.5"))),
            d("1.41421356237309504880")
        );
        // 194 × 0.8^-1.094 × 50^-0.287: the Japanese eGFR of a man of 50 with creatinine 0.8.
        let egfr = point("194")
            .multiply(point("0.8").power(point("-1.094")))
            .multiply(point("50").power(point("-0.287")));
        assert_eq!(egfr.round(1), point("80.6"));
    }

    #[test]
    fn powers_of_ranges() {
        assert_eq!(
            within("-2", "3").power(point("2")).round(9),
            within("0", "9")
        );
        assert_eq!(
            within("-2", "3").power(point("3")).round(9),
            within("-8", "27")
        );
        assert_eq!(
            within("1", "3").power(within("0", "2")).round(9),
            within("1", "9")
        );
        assert_eq!(within("-1", "3").power(point("0.5")), Any);
    }

    #[test]
    fn comparisons_are_sure_only_when_every_pair_agrees() {
        let (low, high) = (within("1", "3"), within("3", "5"));
        assert_eq!(low.less(high), Tri::Unknown);
        assert_eq!(low.less_equal(high), Tri::True);
        assert_eq!(high.less(low), Tri::False);
        assert_eq!(low.equal(high), Tri::Unknown);
        assert_eq!(low.equal(point("7")), Tri::False);
        assert_eq!(point("3.0").equal(point("3")), Tri::True);
    }

    proptest! {
        #[test]
        fn ranges_hold_the_results_of_the_numbers_in_them(
            a in -50_i64..50, b in 0_i64..20, x in 0_i64..20, c in -50_i64..50, e in 0_i64..20, y in 0_i64..20,
        ) {
            let dec = |n: i64| Decimal::new(n, 1);
            let left = Within(dec(a), dec(a + b));
            let right = Within(dec(c), dec(c + e));
            let (p, q) = (Range::point(dec(a + x.min(b))), Range::point(dec(c + y.min(e))));
            type Operation = fn(Range, Range) -> Range;
            let operations: [Operation; 10] = [
                Range::add, Range::subtract, Range::multiply, Range::divide, Range::max, Range::min,
                Range::power, |a, _| a.sqrt(), |a, _| a.ln(), |a, _| a.exp(),
            ];
            for operation in operations {
                if let Within(low, high) = operation(left, right) {
                    let exact = operation(p, q).known();
                    prop_assert!(exact.is_some_and(|n| low <= n && n <= high), "{exact:?} in {low}..{high}");
                }
            }
        }
    }
}

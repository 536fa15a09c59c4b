//! Numbers and days: their least and their greatest value.

use kohyo_engine::Decimal;

/// A number or a day: its least and its greatest value, both without a value where nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) low: String,
    pub(crate) high: String,
}

impl Range {
    pub(crate) fn point(number: Decimal) -> Self {
        Self::both(literal(number))
    }

    /// One value, both the least and the greatest.
    pub(crate) fn both(value: String) -> Self {
        Self {
            low: value.clone(),
            high: value,
        }
    }

    /// An amount that counts only where a condition holds.
    pub(crate) fn of_amount(
        amount: Decimal,
        where_it_holds: String,
        unless_it_fails: String,
    ) -> Self {
        if amount.is_sign_negative() {
            Self {
                low: unless_it_fails,
                high: where_it_holds,
            }
        } else {
            Self {
                low: where_it_holds,
                high: unless_it_fails,
            }
        }
    }

    /// Each end made of the same end.
    pub(crate) fn map(&self, end: impl Fn(&str) -> String) -> Self {
        Self {
            low: end(&self.low),
            high: end(&self.high),
        }
    }

    /// Whether it is one value wherever it is known.
    pub(crate) fn is_point(&self) -> bool {
        self.low == self.high
    }
}

/// A number in digits; negative ones in brackets, so that an operator may stand before them.
pub(crate) fn literal(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_sign_negative() && !number.is_zero() {
        format!("({number})")
    } else {
        number.abs().to_string()
    }
}

/// Whether it is a number in digits, or a text in quotes.
pub(crate) fn is_literal(text: &str) -> bool {
    text.starts_with('\'')
        || text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '(' | ')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_so_that_an_operator_may_stand_before_them() {
        assert_eq!(literal(Decimal::new(-25, 1)), "(-2.5)");
        assert_eq!(literal(Decimal::new(300, 2)), "3");
        assert_eq!(literal(-Decimal::new(0, 1)), "0");
        assert!(is_literal("(-2.5)") && is_literal("'2025-01-31'"));
        assert!(!is_literal("2 + n"));
    }
}

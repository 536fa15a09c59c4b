//! Boolean expressions, worked out as far as constants allow.

/// A boolean expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Formula {
    /// A constant.
    Known(bool),
    /// An expression that can stand beside `and` and `or`.
    Test(String),
}

impl Formula {
    pub(crate) const TRUE: Self = Self::Known(true);
    pub(crate) const FALSE: Self = Self::Known(false);

    pub(crate) fn test(text: impl Into<String>) -> Self {
        Self::Test(text.into())
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.joined("and", true, other)
    }

    pub(crate) fn or(&self, other: &Self) -> Self {
        self.joined("or", false, other)
    }

    /// `neutral` is the constant that changes nothing beside this word.
    fn joined(&self, word: &str, neutral: bool, other: &Self) -> Self {
        match (self, other) {
            (Self::Known(known), one) | (one, Self::Known(known)) if *known == neutral => {
                one.clone()
            }
            (Self::Known(_), _) | (_, Self::Known(_)) => Self::Known(!neutral),
            (Self::Test(a), Self::Test(b)) => Self::Test(format!("({a} {word} {b})")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_worked_out() {
        let (x, y) = (Formula::test("$x"), Formula::test("$y"));
        assert_eq!(x.and(&Formula::TRUE), x);
        assert_eq!(Formula::TRUE.and(&x), x);
        assert_eq!(x.and(&Formula::FALSE), Formula::FALSE);
        assert_eq!(x.or(&Formula::TRUE), Formula::TRUE);
        assert_eq!(Formula::FALSE.or(&x), x);
        assert_eq!(Formula::TRUE.and(&Formula::FALSE), Formula::FALSE);
        assert_eq!(Formula::FALSE.or(&Formula::FALSE), Formula::FALSE);
        assert_eq!(x.and(&y), Formula::test("($x and $y)"));
        assert_eq!(x.or(&y), Formula::test("($x or $y)"));
    }
}

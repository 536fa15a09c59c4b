//! Three truth values: strong Kleene logic.

use serde::{Deserialize, Serialize};

/// True, false or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tri {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on something unknown.
    #[default]
    Unknown,
}

impl Tri {
    /// Both hold.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// At least one holds.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }

    /// What both agree on, else unknown: the value of a choice between them.
    pub fn agree(self, other: Self) -> Self {
        if self == other { self } else { Self::Unknown }
    }

    /// Unknown becomes this.
    pub fn or_unknown_as(self, yes: bool) -> bool {
        match self {
            Self::True => true,
            Self::False => false,
            Self::Unknown => yes,
        }
    }

    /// True or false, if known.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Unknown => None,
        }
    }
}

/// It does not hold; unknown stays unknown.
impl std::ops::Not for Tri {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl From<bool> for Tri {
    fn from(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Tri::{self, False, True, Unknown};

    #[test]
    fn the_truth_tables_are_strong_kleene() {
        let all = [True, Unknown, False];
        let table = |f: fn(Tri, Tri) -> Tri| all.map(|a| all.map(|b| f(a, b)));
        assert_eq!(
            table(Tri::and),
            [
                [True, Unknown, False],
                [Unknown, Unknown, False],
                [False, False, False]
            ]
        );
        assert_eq!(
            table(Tri::or),
            [
                [True, True, True],
                [True, Unknown, Unknown],
                [True, Unknown, False]
            ]
        );
        assert_eq!(all.map(|a| !a), [False, Unknown, True]);
        assert_eq!(True.agree(False), Unknown);
        assert_eq!(False.agree(False), False);
        assert_eq!(Tri::default(), Unknown);
    }

    #[test]
    fn unknown_collapses_only_on_request() {
        assert_eq!(Unknown.known(), None);
        assert!(Unknown.or_unknown_as(true));
        assert!(!Unknown.or_unknown_as(false));
        assert!(True.or_unknown_as(false));
    }

    #[test]
    fn the_wire_words_are_lower_case() {
        assert_eq!(serde_json::to_string(&Unknown).unwrap(), "\"unknown\"");
        assert_eq!(serde_json::from_str::<Tri>("\"true\"").unwrap(), True);
    }
}

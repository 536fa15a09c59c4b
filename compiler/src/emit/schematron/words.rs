//! Pieces of XPath, and the pairs that conditions and numbers become.

use kohyo_engine::Decimal;
use kohyo_engine::program::{Application, CompareOp, ElapsedUnit};

/// A boolean expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bool {
    Known(bool),
    Test(String),
}

impl Bool {
    pub(super) const TRUE: Self = Self::Known(true);
    pub(super) const FALSE: Self = Self::Known(false);

    pub(super) fn test(text: impl Into<String>) -> Self {
        Self::Test(text.into())
    }

    /// As XPath.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Known(true) => "true()",
            Self::Known(false) => "false()",
            Self::Test(text) => text,
        }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Known(false), _) | (_, Self::Known(false)) => Self::FALSE,
            (Self::Known(true), one) | (one, Self::Known(true)) => one.clone(),
            (a, b) => Self::Test(format!("({} and {})", a.text(), b.text())),
        }
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Known(true), _) | (_, Self::Known(true)) => Self::TRUE,
            (Self::Known(false), one) | (one, Self::Known(false)) => one.clone(),
            (a, b) => Self::Test(format!("({} or {})", a.text(), b.text())),
        }
    }

    pub(super) fn not(&self) -> Self {
        match self {
            Self::Known(known) => Self::Known(!known),
            Self::Test(text) => Self::Test(format!("not({text})")),
        }
    }
}

/// A condition: when it surely holds, and when it surely does not.
#[derive(Clone, Debug)]
pub(super) struct Truth {
    pub(super) yes: Bool,
    pub(super) no: Bool,
}

impl Truth {
    pub(super) fn known(holds: bool) -> Self {
        Self {
            yes: Bool::Known(holds),
            no: Bool::Known(!holds),
        }
    }

    pub(super) fn not(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
        }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        Self {
            yes: self.yes.and(&other.yes),
            no: self.no.or(&other.no),
        }
    }

    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            yes: self.yes.or(&other.yes),
            no: self.no.and(&other.no),
        }
    }
}

/// A number: its least and greatest value. Both are variables, constants, or `()` for nothing known.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) low: String,
    pub(super) high: String,
}

impl Range {
    pub(super) fn point(number: Decimal) -> Self {
        let number = literal(number);
        Self {
            low: number.clone(),
            high: number,
        }
    }

    pub(super) fn anything() -> Self {
        Self {
            low: NOTHING.to_owned(),
            high: NOTHING.to_owned(),
        }
    }
}

pub(super) const NOTHING: &str = "()";

pub(super) fn application(only: Application) -> Truth {
    let word = match only {
        Application::New => "new",
        Application::Renewal => "renewal",
    };
    let is = Bool::Test(format!("@application = '{word}'"));
    Truth {
        no: is.not(),
        yes: is,
    }
}

/// Of the possible outcomes, all or none are among these.
pub(super) fn among(possible: &str, names: &[String]) -> Truth {
    let mut with_none = names.to_vec();
    with_none.push("''".to_owned());
    Truth {
        yes: Bool::Test(format!("empty({possible}[not(. = {})])", sequence(names))),
        no: Bool::Test(format!("not({possible} = {})", sequence(&with_none))),
    }
}

/// The outcomes that are possible when the first condition that holds decides.
pub(super) fn first_that_holds(conditions: &[(Truth, String)], last: &str) -> String {
    // Arms that lead to the same outcome leave one possibility.
    let mut text = String::from("distinct-values(");
    let mut open = 0;
    for (when, outcome) in conditions {
        text.push_str(&format!(
            "(if ({}) then {outcome} else (if ({}) then () else {outcome}, ",
            when.yes.text(),
            when.no.text()
        ));
        open += 1;
    }
    text.push_str(last);
    text.push_str(&"))".repeat(open));
    text.push(')');
    text
}

pub(super) fn compare(op: CompareOp, left: &Range, right: &Range) -> Truth {
    let test = |a: &str, op: &str, b: &str| Bool::Test(format!("{a} {op} {b}"));
    let less = |left: &Range, right: &Range| Truth {
        yes: test(&left.high, "lt", &right.low),
        no: test(&left.low, "ge", &right.high),
    };
    let less_equal = |left: &Range, right: &Range| Truth {
        yes: test(&left.high, "le", &right.low),
        no: test(&left.low, "gt", &right.high),
    };
    let equal = || {
        let (a, b, c, d) = (&left.low, &left.high, &right.low, &right.high);
        let yes = format!("({a} eq {b} and {c} eq {d} and {a} eq {c})");
        let no = format!("({b} lt {c} or {d} lt {a})");
        Truth {
            yes: Bool::Test(yes),
            no: Bool::Test(no),
        }
    };
    match op {
        CompareOp::Less => less(left, right),
        CompareOp::LessEqual => less_equal(left, right),
        CompareOp::Equal => equal(),
        CompareOp::NotEqual => equal().not(),
        CompareOp::GreaterEqual => less_equal(right, left),
        CompareOp::Greater => less(right, left),
    }
}

/// Rounded half up, away from zero: XPath's own rounding takes -2.5 to -2.
pub(super) fn rounded(number: &str, digits: u32) -> String {
    if number == NOTHING {
        return NOTHING.to_owned();
    }
    let scale = format!("1{}", "0".repeat(usize::try_from(digits).unwrap_or(0)));
    format!(
        "for $r in {number} return (if ($r lt 0) then -1 else 1) * (floor(abs($r) * {scale} + 0.5) div {scale})"
    )
}

/// Whole units from one day to another, by calendar, as the engine counts them.
pub(super) fn elapsed(unit: ElapsedUnit, from: &str, to: &str) -> String {
    let months = "(year-from-date($t) - year-from-date($f)) * 12 + month-from-date($t) - month-from-date($f) \
                  - (if (day-from-date($t) lt day-from-date($f)) then 1 else 0)";
    let count = match unit {
        ElapsedUnit::Years => format!("floor(({months}) div 12)"),
        ElapsedUnit::Months => months.to_owned(),
        ElapsedUnit::Days => "days-from-duration($t - $f)".to_owned(),
    };
    format!("for $f in {from}, $t in {to} return {count}")
}

pub(super) fn one_of(values: &str, codes: &[String]) -> Bool {
    if codes.is_empty() || values == NOTHING {
        Bool::FALSE
    } else {
        Bool::Test(format!("{values} = {}", sequence(codes)))
    }
}

pub(super) fn sequence(items: &[String]) -> String {
    match items {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    }
}

/// A text in quotes.
pub(super) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A number in digits; negative ones in brackets, so that an operator may stand before them.
pub(super) fn literal(number: Decimal) -> String {
    let number = number.normalize();
    if number.is_sign_negative() && !number.is_zero() {
        format!("({number})")
    } else {
        number.to_string()
    }
}

pub(super) fn is_literal(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '(' | ')'))
}

/// Whether it is nothing but the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| {
        name.chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
    })
}

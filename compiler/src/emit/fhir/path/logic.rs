//! Conditions: true, false, or empty while they are unknown.

use super::FhirPath;
use crate::emit::certain::{End, Formula, Logic, Memory, Naming, Range, Subject};
use kohyo_engine::program::CompareOp;

/// A condition; an expression can stand before `.not()`.
pub(in crate::emit::fhir) type Truth = Formula;

impl Logic for FhirPath {
    type Truth = Truth;

    fn memory(&mut self) -> Option<&mut Memory<Truth>> {
        Some(&mut self.memory)
    }

    fn known(holds: bool) -> Truth {
        Truth::Known(holds)
    }

    fn unknown() -> Truth {
        Truth::test(Self::NOTHING)
    }

    fn not(truth: &Truth) -> Truth {
        not(truth)
    }

    fn all(parts: Vec<Truth>) -> Truth {
        joined(parts, " and ", true)
    }

    fn any(parts: Vec<Truth>) -> Truth {
        joined(parts, " or ", false)
    }

    /// As it is: constants may decide the choice.
    fn branch(&mut self, truth: Truth) -> Truth {
        truth
    }

    fn either(&mut self, when: Truth, then: Truth, otherwise: Truth) -> Truth {
        match when {
            Truth::Known(true) => return then,
            Truth::Known(false) => return otherwise,
            Truth::Test(_) if then == otherwise => return then,
            Truth::Test(_) => {}
        }
        let (when, then, otherwise) = (self.keep(when), self.keep(then), self.keep(otherwise));
        let both = then.and(&otherwise);
        let neither = not(&then.or(&otherwise));
        Truth::Test(format!(
            "iif({}, {}, iif({}, {}, {}))",
            text(&when),
            text(&then),
            text(&not(&when)),
            text(&otherwise),
            decided(text(&both), text(&neither))
        ))
    }

    fn unknown_as(truth: &Truth, yes: bool) -> Truth {
        unknown_as(truth, yes)
    }

    fn decided(all: &[String], any: &[String]) -> Truth {
        Truth::Test(decided(&all.join(" and "), &any.join(" or ")))
    }

    fn comparison(left: &str, op: CompareOp, right: &str) -> String {
        let op = match op {
            CompareOp::Less => "<",
            CompareOp::LessEqual => "<=",
            CompareOp::Equal => "=",
            CompareOp::NotEqual => "!=",
            CompareOp::GreaterEqual => ">=",
            CompareOp::Greater => ">",
        };
        format!("{left} {op} {right}")
    }

    fn compare_points(left: &str, op: CompareOp, right: &str) -> Option<Truth> {
        let compared = Self::comparison(left, op, right);
        Some(Truth::Test(format!("({compared})")))
    }

    fn is_one_value(range: &Range) -> Option<String> {
        let same = || Self::comparison(&range.low, CompareOp::Equal, &range.high);
        (!range.is_point()).then(same)
    }

    fn keep_truth(&mut self, subject: Subject<'_>, truth: Truth) -> Truth {
        match truth {
            Truth::Test(test) => Truth::Test(self.keep_end(subject, End::Only, test)),
            known => known,
        }
    }
}

/// True where `yes` is, false where `no` is, empty where neither is.
pub(super) fn decided(yes: &str, no: &str) -> String {
    format!("iif({yes}, true, iif({no}, false, {{}}))")
}

/// As FHIRPath.
pub(in crate::emit::fhir) fn text(truth: &Truth) -> &str {
    match truth {
        Truth::Known(true) => "true",
        Truth::Known(false) => "false",
        Truth::Test(test) => test,
    }
}

pub(super) fn not(truth: &Truth) -> Truth {
    match truth {
        Truth::Known(known) => Truth::Known(!known),
        Truth::Test(test) if test == FhirPath::NOTHING => truth.clone(),
        Truth::Test(test) => Truth::Test(format!("{test}.not()")),
    }
}

/// Never empty: unknown becomes this.
pub(in crate::emit::fhir) fn unknown_as(truth: &Truth, yes: bool) -> Truth {
    match truth {
        Truth::Known(_) => truth.clone(),
        Truth::Test(_) if yes => Truth::Test(format!("iif({}, false, true)", text(&not(truth)))),
        Truth::Test(test) => Truth::Test(format!("iif({test}, true, false)")),
    }
}

/// `neutral` is the constant that changes nothing beside this word.
fn joined(parts: Vec<Truth>, word: &str, neutral: bool) -> Truth {
    if parts.contains(&Truth::Known(!neutral)) {
        return Truth::Known(!neutral);
    }
    let said: Vec<&str> = parts
        .iter()
        .filter(|part| **part != Truth::Known(neutral))
        .map(text)
        .collect();
    match said.as_slice() {
        [] => Truth::Known(neutral),
        [one] => Truth::test(*one),
        several => Truth::Test(format!("({})", several.join(word))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_worked_out() {
        let x = Truth::test("%x");
        let y = Truth::test("%y");
        let all =
            |parts: &[&Truth]| FhirPath::all(parts.iter().map(|one| (*one).clone()).collect());
        let any =
            |parts: &[&Truth]| FhirPath::any(parts.iter().map(|one| (*one).clone()).collect());
        assert_eq!(all(&[&Truth::TRUE, &Truth::TRUE]), Truth::TRUE);
        assert_eq!(all(&[&x, &Truth::FALSE]), Truth::FALSE);
        assert_eq!(any(&[&x, &Truth::FALSE]), x);
        assert_eq!(text(&any(&[&x, &Truth::FALSE, &y])), "(%x or %y)");
    }

    #[test]
    fn unknown_stays_unknown_or_becomes_what_is_said() {
        let x = Truth::test("%x");
        assert_eq!(text(&not(&x)), "%x.not()");
        assert_eq!(text(&not(&FhirPath::unknown())), "{}");
        assert_eq!(text(&unknown_as(&x, true)), "iif(%x.not(), false, true)");
        assert_eq!(text(&unknown_as(&x, false)), "iif(%x, true, false)");
    }
}

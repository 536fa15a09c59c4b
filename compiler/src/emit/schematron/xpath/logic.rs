//! Conditions: when they surely hold, and when they surely do not.

use super::XPath;
use crate::emit::certain::{End, Formula, Logic, Memory, Naming, Range, Subject};
use kohyo_engine::program::CompareOp;

/// A condition: when it surely holds, and when it surely does not.
#[derive(Clone, Debug)]
pub(in crate::emit) struct Truth {
    pub(in crate::emit::schematron) yes: Formula,
    pub(in crate::emit::schematron) no: Formula,
}

impl Truth {
    /// Never unknown.
    pub(super) fn of(holds: Formula) -> Self {
        Self {
            no: not(&holds),
            yes: holds,
        }
    }
}

impl Logic for XPath {
    type Truth = Truth;

    fn memory(&mut self) -> Option<&mut Memory<Truth>> {
        None
    }

    fn known(holds: bool) -> Truth {
        Truth::of(Formula::Known(holds))
    }

    fn unknown() -> Truth {
        Truth {
            yes: Formula::FALSE,
            no: Formula::FALSE,
        }
    }

    fn not(truth: &Truth) -> Truth {
        Truth {
            yes: truth.no.clone(),
            no: truth.yes.clone(),
        }
    }

    fn all(parts: Vec<Truth>) -> Truth {
        let both = |a: Truth, b: Truth| Truth {
            yes: a.yes.and(&b.yes),
            no: a.no.or(&b.no),
        };
        parts.into_iter().fold(Self::known(true), both)
    }

    fn any(parts: Vec<Truth>) -> Truth {
        let either = |a: Truth, b: Truth| Truth {
            yes: a.yes.or(&b.yes),
            no: a.no.and(&b.no),
        };
        parts.into_iter().fold(Self::known(false), either)
    }

    fn branch(&mut self, truth: Truth) -> Truth {
        self.keep(truth)
    }

    fn either(&mut self, when: Truth, then: Truth, otherwise: Truth) -> Truth {
        let choose = |then: &Formula, otherwise: &Formula| {
            if then == otherwise {
                return then.clone();
            }
            Formula::Test(format!(
                "(if ({}) then {then} else if ({}) then {otherwise} else ({then} and {otherwise}))",
                text(&when.yes),
                text(&when.no),
                then = text(then),
                otherwise = text(otherwise),
            ))
        };
        Truth {
            yes: choose(&then.yes, &otherwise.yes),
            no: choose(&then.no, &otherwise.no),
        }
    }

    fn unknown_as(truth: &Truth, yes: bool) -> Truth {
        Truth::of(if yes {
            not(&truth.no)
        } else {
            truth.yes.clone()
        })
    }

    fn decided(all: &[String], any: &[String]) -> Truth {
        Truth {
            yes: joined(all, " and "),
            no: joined(any, " or "),
        }
    }

    fn comparison(left: &str, op: CompareOp, right: &str) -> String {
        let op = match op {
            CompareOp::Less => "lt",
            CompareOp::LessEqual => "le",
            CompareOp::Equal => "eq",
            CompareOp::NotEqual => "ne",
            CompareOp::GreaterEqual => "ge",
            CompareOp::Greater => "gt",
        };
        format!("{left} {op} {right}")
    }

    /// Two expressions are needed in any case.
    fn compare_points(_: &str, _: CompareOp, _: &str) -> Option<Truth> {
        None
    }

    fn is_one_value(range: &Range) -> Option<String> {
        Some(Self::comparison(&range.low, CompareOp::Equal, &range.high))
    }

    fn keep_truth(&mut self, subject: Subject<'_>, truth: Truth) -> Truth {
        let name = self.name(subject, End::Only);
        Truth {
            yes: self.keep_formula(&format!("{name}.yes"), truth.yes),
            no: self.keep_formula(&format!("{name}.no"), truth.no),
        }
    }
}

impl XPath {
    fn keep_formula(&mut self, name: &str, formula: Formula) -> Formula {
        match formula {
            Formula::Test(test) if !Self::is_reference(&test) => {
                Formula::Test(self.declare_own(name, test))
            }
            constant_or_variable => constant_or_variable,
        }
    }
}

/// As XPath.
pub(in crate::emit::schematron) fn text(formula: &Formula) -> &str {
    match formula {
        Formula::Known(true) => "true()",
        Formula::Known(false) => "false()",
        Formula::Test(test) => test,
    }
}

pub(super) fn not(formula: &Formula) -> Formula {
    match formula {
        Formula::Known(known) => Formula::Known(!known),
        Formula::Test(test) => Formula::Test(format!("not({test})")),
    }
}

fn joined(parts: &[String], word: &str) -> Formula {
    match parts {
        [one] => Formula::test(one),
        several => Formula::Test(format!("({})", several.join(word))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_a_pair_of_which_neither_may_hold() {
        let x = || Truth {
            yes: Formula::test("$x.yes"),
            no: Formula::test("$x.no"),
        };
        let said = |truth: Truth| [text(&truth.yes).to_owned(), text(&truth.no).to_owned()];
        assert_eq!(said(XPath::not(&x())), ["$x.no", "$x.yes"]);
        assert_eq!(
            said(XPath::all(vec![x(), XPath::known(true)])),
            ["$x.yes", "$x.no"]
        );
        assert_eq!(
            said(XPath::all(vec![x(), XPath::unknown()])),
            ["false()", "$x.no"]
        );
        assert_eq!(
            said(XPath::any(vec![x(), x()])),
            ["($x.yes or $x.yes)", "($x.no and $x.no)"]
        );
        assert_eq!(
            said(XPath::unknown_as(&x(), true)),
            ["not($x.no)", "not(not($x.no))"]
        );
        assert_eq!(
            said(XPath::unknown_as(&x(), false)),
            ["$x.yes", "not($x.yes)"]
        );
    }
}

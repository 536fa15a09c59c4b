//! Something stands where it cannot.

use crate::{Declaration, Example, Severity};

pub(crate) const UNEXPECTED: &str = "E0033";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: UNEXPECTED,
    severity: Severity::Error,
    title: "この場所には書けない",
    explanation: "この場所には書けないものがあります。前の行が終わっているか、区切りが抜けていないかも確かめてください。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor is present present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

//! Something is missing.

use crate::{Declaration, Example, Severity};

pub(crate) const MISSING: &str = "E0032";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: MISSING,
    severity: Severity::Error,
    title: "書くべきものが足りない",
    explanation: "書くべき語や記号が足りません。示された場所に補います。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" tremor is present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

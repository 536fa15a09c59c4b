//! Two members of a block on one line without `;`.

use crate::{Declaration, Example, Severity};

pub(crate) const SEPARATOR: &str = "E0035";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: SEPARATOR,
    severity: Severity::Error,
    title: "区切りがない",
    explanation: "`{ }` の中に並べるものは、`;` か改行で区切ります。",
    wrong: Example::Items(
        r#"criterion motor "運動症状" = any of { tremor is present, rigidity is present }"#,
    ),
    right: Example::Items(
        r#"criterion motor "運動症状" = any of { tremor is present; rigidity is present }"#,
    ),
};

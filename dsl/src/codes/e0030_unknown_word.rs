//! A word that is not part of the language here.

use crate::{Declaration, Example, Severity};

pub(crate) const UNKNOWN_WORD: &str = "E0030";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: UNKNOWN_WORD,
    severity: Severity::Error,
    title: "この場所にない語",
    explanation: "この場所で使える語ではありません。綴りを確かめてください。",
    wrong: Example::Items(
        r#"criterion motor "運動症状" = anny of { tremor is present; rigidity is present }"#,
    ),
    right: Example::Items(
        r#"criterion motor "運動症状" = any of { tremor is present; rigidity is present }"#,
    ),
};

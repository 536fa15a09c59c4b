//! A reserved word where a name should be.

use crate::{Declaration, Example, Severity};

pub(crate) const RESERVED_NAME: &str = "E0031";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: RESERVED_NAME,
    severity: Severity::Error,
    title: "名前にできない語",
    explanation: "規則を読みやすくするための語は名前にできません。
and or not unless is in includes differs treat when otherwise if then else of yes no today",
    wrong: Example::Items(r#"criterion today "本日の所見" = tremor is present"#),
    right: Example::Items(r#"criterion finding_today "本日の所見" = tremor is present"#),
};

//! A comment of another language.

use crate::{Declaration, Example, Severity};

pub(crate) const COMMENT: &str = "E0011";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: COMMENT,
    severity: Severity::Error,
    title: "ほかの言語の注釈",
    explanation: "注釈は半角の `#` で始め、行の終わりまで続きます。",
    wrong: Example::Items(
        r#"// 運動症状
criterion shaking "振戦がある" = tremor is present"#,
    ),
    right: Example::Items(
        r#"# 運動症状
criterion shaking "振戦がある" = tremor is present"#,
    ),
};

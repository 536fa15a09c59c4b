//! A text is not closed.

use crate::{Declaration, Example, Severity};

pub(crate) const UNCLOSED_TEXT: &str = "E0003";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: UNCLOSED_TEXT,
    severity: Severity::Error,
    title: "文字列が閉じていない",
    explanation: r#"文字列は `"` で始めて、同じ行の中で `"` で閉じます。
閉じる位置が分からないため、その行のほかの誤りは報告しないことがあります。"#,
    wrong: Example::Items(r#"criterion shaking "振戦がある = tremor is present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

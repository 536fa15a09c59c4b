//! A text between other quotation marks.

use crate::{Declaration, Example, Severity};

pub(crate) const QUOTES: &str = "E0009";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: QUOTES,
    severity: Severity::Error,
    title: "引用符の書き方",
    explanation: r#"文字列は半角の `"` で囲みます。かぎ括弧や全角の引用符は、文字列の中でだけ使えます。"#,
    wrong: Example::Items("criterion shaking 「振戦がある」 = tremor is present"),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

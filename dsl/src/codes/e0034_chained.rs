//! `a < b < c`.

use crate::{Declaration, Example, Severity};

pub(crate) const CHAINED: &str = "E0034";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: CHAINED,
    severity: Severity::Error,
    title: "続けて書いた比較",
    explanation: "比較は 2 つのものの間だけで行います。範囲に入ることは `in 2.5 ..< 3.5` と書きます。",
    wrong: Example::Items(r#"criterion middle "中等度" = 2.5 g/dL <= albumin < 3.5 g/dL"#),
    right: Example::Items(r#"criterion middle "中等度" = albumin in 2.5 ..< 3.5 g/dL"#),
};

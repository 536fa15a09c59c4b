//! A sign of another language.

use crate::{Declaration, Example, Severity};

pub(crate) const SIGN: &str = "E0008";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: SIGN,
    severity: Severity::Error,
    title: "ほかの言語の記号",
    explanation: "ほかの言語や数式の記号です。この言語では次のように書きます。
等しい `=`、等しくない `!=`、以上 `>=`、以下 `<=`、かつ `and`、または `or`、打ち消し `not`、範囲 `30 ..< 45`、`30..45`",
    wrong: Example::Items(r#"criterion motor "運動症状" = tremor is present && rigidity is present"#),
    right: Example::Items(r#"criterion motor "運動症状" = tremor is present and rigidity is present"#),
};

//! Full-width signs, digits or blanks.

use crate::{Declaration, Example, Severity};

pub(crate) const FULL_WIDTH: &str = "E0002";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: FULL_WIDTH,
    severity: Severity::Error,
    title: "全角の記号・数字・空白",
    explanation: r#"記号・数字・空白は半角で書きます。全角のままでよいのは、`"…"` の中、注釈、日本語の名前だけです。"#,
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin ＜＝ 3.0 g/dL"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.0 g/dL"#),
};

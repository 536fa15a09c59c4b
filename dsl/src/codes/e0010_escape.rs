//! A backslash before something else than `"` or `\`.

use crate::{Declaration, Example, Severity};

pub(crate) const ESCAPE: &str = "E0010";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: ESCAPE,
    severity: Severity::Error,
    title: r#"`\` の使い方"#,
    explanation: r#"文字列の中で `\` が使えるのは、`\"`（引用符）と `\\`（逆斜線）だけです。"#,
    wrong: Example::Items(r#"criterion shaking "振戦\nがある" = tremor is present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

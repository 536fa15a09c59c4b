//! A character that belongs to no token.

use crate::{Declaration, Example, Severity};

pub(crate) const UNUSABLE: &str = "E0004";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: UNUSABLE,
    severity: Severity::Error,
    title: "意味を持たない文字",
    explanation: r#"定義の中で意味を持たない文字です。文として書くなら `"…"` の中に、覚え書きなら `#` の後に書きます。"#,
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor is present ★"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present # ★"#),
};

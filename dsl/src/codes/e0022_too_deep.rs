//! Too many braces, parentheses or operators inside each other.

use crate::{Declaration, Example, Severity};

pub(crate) const TOO_DEEP: &str = "E0022";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: TOO_DEEP,
    severity: Severity::Error,
    title: "入れ子が深すぎる",
    explanation: "括弧や `if`、`not` の入れ子は 64 段まで、計算は 1 つの式で 64 回までです。
一部を `criterion` や `value` として別に定義し、名前で使います。",
    wrong: Example::MadeItems {
        told: "括弧が 65 段重なった条件",
        items: || {
            format!(
                "criterion deep \"深い条件\" = {}tremor is present{}",
                "(".repeat(65),
                ")".repeat(65)
            )
        },
    },
    right: Example::Items(r#"criterion shallow "浅い条件" = (tremor is present)"#),
};

//! A closing brace without an opening one.

use crate::{Declaration, Example, Severity};

pub(crate) const STRAY_BRACE: &str = "E0021";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: STRAY_BRACE,
    severity: Severity::Error,
    title: "`}` が多い",
    explanation: "`}` に対応する `{` がありません。
その前のどこかで早く閉じたか、`{` を書き忘れています。",
    wrong: Example::Items(
        r#"criterion motor "運動症状" = any of { tremor is present; rigidity is present } }"#,
    ),
    right: Example::Items(
        r#"criterion motor "運動症状" = any of { tremor is present; rigidity is present }"#,
    ),
};

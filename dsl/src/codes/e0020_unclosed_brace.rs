//! An opening brace without a closing one.

use crate::{Declaration, Example, Severity};

pub(crate) const UNCLOSED_BRACE: &str = "E0020";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: UNCLOSED_BRACE,
    severity: Severity::Error,
    title: "`{` が閉じていない",
    explanation: "`{` に対応する `}` がありません。
どこで閉じ忘れたかは字下げから推し量るので、示された場所の少し前も確かめてください。",
    wrong: Example::Items(
        r#"criterion motor "運動症状" = any of {
  tremor is present
  rigidity is present
"#,
    ),
    right: Example::Items(
        r#"criterion motor "運動症状" = any of {
  tremor is present
  rigidity is present
}"#,
    ),
};

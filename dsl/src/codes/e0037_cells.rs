//! A row of a table has too many or too few cells.

use crate::{Declaration, Example, Severity};

pub(crate) const CELLS: &str = "E0037";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: CELLS,
    severity: Severity::Error,
    title: "表のます目の数",
    explanation: "表のどの行にも、列と同じ数の結果を `|` で区切って書きます。空のます目は書けません。",
    wrong: Example::Items(
        r#"table risk "危険度" : low "低" | high "高" {
                        | tremor is present | tremor is absent
  albumin >= 3.0 g/dL   | high
  < 3.0 g/dL            | high              | high
}"#,
    ),
    right: Example::Items(
        r#"table risk "危険度" : low "低" | high "高" {
                        | tremor is present | tremor is absent
  albumin >= 3.0 g/dL   | high              | low
  < 3.0 g/dL            | high              | high
}"#,
    ),
};

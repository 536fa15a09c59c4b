//! A head of a table without anything it is about.

use crate::{Declaration, Example, Severity};

pub(crate) const TABLE_HEAD: &str = "E0038";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: TABLE_HEAD,
    severity: Severity::Error,
    title: "何についての見出しか分からない",
    explanation: "表の最初の行は `|` で始め、列の見出しを並べます。
最初の見出しに書いた項目と単位は、続く見出し（`0.15 ..< 0.50`、`>= 0.50`）にも使われます。
見出しに 2 つ以上の項目があるときは、どの見出しにも項目の名前を書きます。",
    wrong: Example::Items(
        r#"table risk "危険度" : low "低" | high "高" {
                        | tremor is present | tremor is absent
  >= 3.0 g/dL           | high              | low
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

//! There are more findings than are listed.

use crate::{Declaration, Example, Severity};

pub(crate) const TOO_MANY: &str = "E0099";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: TOO_MANY,
    severity: Severity::Information,
    title: "ほかにも指摘がある",
    explanation: "指摘が多いため、一部だけを示しています。上から順に直してください。",
    wrong: Example::Made {
        told: "500 行がどれも誤っているファイル",
        text: || "★\n".repeat(500),
    },
    right: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
    ),
};

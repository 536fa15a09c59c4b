//! No header, or more than one.

use crate::{Declaration, Example, Severity};

pub(crate) const HEADER: &str = "E0023";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: HEADER,
    severity: Severity::Error,
    title: "見出しがないか、二つある",
    explanation: "どのファイルも、初めに `disease … { … }`、`module … { … }`、`programme … { … }` のどれか 1 つを書きます。",
    wrong: Example::File(
        r#"section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
    ),
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

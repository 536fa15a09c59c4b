//! A line of a header or judgement is written twice.

use crate::{Declaration, Example, Severity};

pub(crate) const TWICE: &str = "E0036";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: TWICE,
    severity: Severity::Error,
    title: "二度書かれた行",
    explanation: "1 度だけ書く行が 2 度書かれています。どちらが正しいか決めて、1 つにします。",
    wrong: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  edition "2025" from 2025-04-01
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

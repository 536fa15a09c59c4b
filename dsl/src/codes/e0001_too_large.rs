//! The file is too large.

use crate::{Declaration, Example, Severity};

pub(crate) const TOO_LARGE: &str = "E0001";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: TOO_LARGE,
    severity: Severity::Error,
    title: "ファイルが大きすぎる",
    explanation: "定義ファイルは 2 MiB までです。
共通する部分を module として別のファイルに分け、`use` で使います。",
    wrong: Example::Made {
        told: "2 MiB より長いファイル",
        text: || "#".repeat(2 * 1024 * 1024 + 1),
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

//! A disease that judges nothing.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0405",
    severity: Severity::Error,
    title: "診断の判定がない",
    explanation: "様式の結果は `diagnosis` と `severity` という名前の判定で決まります。少なくとも `judgement diagnosis` が必要です。",
    wrong: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
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

pub(crate) fn no_judgement(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "診断の判定がありません")
        .help("`judgement diagnosis \"診断のカテゴリー\" { … }` を書いてください")
}

//! A disease that cites no notice.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0404",
    severity: Severity::Warning,
    title: "出典がない",
    explanation: "どの通知のどの文から作った様式かを `source notice` に書きます。基準の文との照合に使います。",
    wrong: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
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

pub(crate) fn no_source(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "出典がありません")
        .help("`source notice \"…\" text \"006.txt\"` を見出しに書いてください")
}

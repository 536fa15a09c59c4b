//! A disease without an edition.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0403",
    severity: Severity::Error,
    title: "版がない",
    explanation: "様式には版の名前と施行の日が必要です。記録がどの版で作られたかを、後から確かめられるようにするためです。",
    wrong: Example::File(
        r#"disease shitei 999 "見本の病" {
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

/// For leaving out what follows from another mistake.
pub(crate) const NO_EDITION: &str = DECLARATION.code;

pub(crate) fn no_edition(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "版がありません")
        .help("`edition \"2020\" from 2017-04-01` を見出しに書いてください")
}

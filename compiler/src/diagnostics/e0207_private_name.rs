//! A name that its module keeps to itself.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0207",
    severity: Severity::Error,
    title: "モジュールの外からは使えない名前",
    explanation: "`private` の付いた名前は、そのモジュールの中だけで使えます。モジュールを直したときに外に影響しないためです。
公開されている名前を使うか、モジュールの `private` を外します。",
    wrong: Example::Folder {
 main: "shitei/999_sample/form.kohyo",
 files: &[("shitei/999_sample/form.kohyo", r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shared as sh
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = sh.severe
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#),
("shared.kohyo", r#"module shared "共通" { prefix sh }
section shared "共通の項目" {
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
}
private criterion severe "内部の基準" = pain is yes
criterion painful "疼痛がある" = severe
"#)],
},
    right: Example::Folder {
 main: "shitei/999_sample/form.kohyo",
 files: &[("shitei/999_sample/form.kohyo", r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shared as sh
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = sh.painful
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#),
("shared.kohyo", r#"module shared "共通" { prefix sh }
section shared "共通の項目" {
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
}
private criterion severe "内部の基準" = pain is yes
criterion painful "疼痛がある" = severe
"#)],
},
};

pub(crate) fn private_name(file: &str, name: &Name, other: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」はモジュール内だけの名前です", name.text),
        )
        .label(other, span, "ここで private と宣言されています")
}

//! A module that is used does not exist.

use super::words::path_text;
use crate::suggest::nearest;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0202",
    severity: Severity::Error,
    title: "使おうとしたモジュールがない",
    explanation: "`use` の後の名前は forms フォルダーの中の場所です。`use scale.hoehn_yahr` は `forms/scale/hoehn_yahr.kohyo` を使います。
綴りを直すか、その場所にモジュールを置いてください。",
    wrong: Example::Folder {
 main: "shitei/999_sample/form.kohyo",
 files: &[("shitei/999_sample/form.kohyo", r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use sharde as sh
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
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
"#)],
},
};

pub(crate) fn unknown_module(
    file: &str,
    module: &Path,
    target: &str,
    known: Vec<String>,
) -> Diagnostic {
    let name = path_text(module);
    let found = nearest(&name, known.iter().map(String::as_str));
    let diagnostic = DECLARATION.found(
        file,
        module.span,
        format!("モジュール「{name}」がありません"),
    );
    match found {
        Some(found) => diagnostic
            .help(format!("`use {found}` ではありませんか"))
            .fix(module.span, found),
        None => diagnostic.help(format!("`forms/{target}` に置いてください")),
    }
}

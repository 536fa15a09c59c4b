//! The older edition cannot be read.

use kohyo_dsl::ast::Text;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0660",
    severity: Severity::Error,
    title: "前の版に誤りがある",
    explanation: "移し方は前の版の項目と比べて確かめます。前の版の定義に誤りがあると比べられません。先に前の版を直します。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
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
migrate from edition "2020" {
}
"#,
            ),
            (
                "shitei/999_sample/edition_2020.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2020" from 2020-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field pain "疼痛" : findng
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
        ],
    },
    right: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
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
migrate from edition "2020" {
}
"#,
            ),
            (
                "shitei/999_sample/edition_2020.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2020" from 2020-04-01
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
        ],
    },
};

pub(crate) fn older_has_errors(file: &str, edition: &Text, path: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            edition.span,
            format!(
                "版「{}」の定義に誤りがあるため、移し方を確かめられません",
                edition.text
            ),
        )
        .help(format!("先に `kohyo check {path}` で直してください"))
}

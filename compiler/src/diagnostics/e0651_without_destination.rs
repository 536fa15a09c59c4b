//! Questions of an older edition go nowhere.

use super::words::{items, some_lines};
use kohyo_dsl::ast::Text;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0651",
    severity: Severity::Error,
    title: "前の版の項目の行き先がない",
    explanation: "前の版の記録に書かれた答えを、黙って捨てることはありません。前の版の項目は、今の版の項目に移すか、理由を書いて廃止します。
同じ名前の項目と、`was 前の名前` と書いた項目には行が要りません。",
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
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
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
  drop pain because "様式の改正で廃止"
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
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
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

pub(crate) fn without_destination(
    file: &str,
    edition: &Text,
    labels: &[&str],
    lines: &[String],
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            edition.span,
            format!(
                "{}年版の{}の行き先がありません",
                edition.text,
                items(labels)
            ),
        )
        .help(format!("次の行を足します\n{}", some_lines(lines)))
}

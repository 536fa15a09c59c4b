//! An answer that says unknown would become a finding.

use super::words::code_list;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::program::Code;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0656",
    severity: Severity::Error,
    title: "不明が不明でなくなる",
    explanation:
        "「不明」と答えた人の答えが、版が変わっただけで「あり」や「なし」になってはいけません。
不明を表す選択肢は、不明を表す選択肢に移すか、`ask` と書いて尋ね直します。",
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
  field stage "重症度" : choice { 1 i "1度"; 9 unclear "分類できない" }
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
  field stage "重症度" : choice { 1 i "1度"; 9 unclear "不明" unknown }
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
  field stage "重症度" : choice { 1 i "1度"; 9 unclear "分類できない" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  stage from stage map { unclear -> ask }
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
  field stage "重症度" : choice { 1 i "1度"; 9 unclear "不明" unknown }
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

pub(crate) fn unknown_becomes_known(
    file: &str,
    span: Span,
    old: &Code,
    new: &Code,
    known: &[Code],
) -> Diagnostic {
    let unknown: Vec<&str> = known
        .iter()
        .filter(|c| c.unknown)
        .map(|c| c.name.as_str())
        .collect();
    let diagnostic = DECLARATION.found(
        file,
        span,
        format!(
            "不明を表す選択肢「{}」が、不明でない「{}」になります",
            old.label, new.label
        ),
    );
    if unknown.is_empty() {
        return diagnostic.help(format!("`{} -> ask` と書いて尋ね直します", old.name));
    }
    diagnostic.help(format!(
        "不明を表す選択肢 {} に移すか、`{} -> ask` と書いて尋ね直します",
        code_list(&unknown),
        old.name
    ))
}

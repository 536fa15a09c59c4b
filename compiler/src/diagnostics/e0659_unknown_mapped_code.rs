//! A line of a code map names a code that the field does not have.

use super::words::code_list;
use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::program::Code;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0659",
    severity: Severity::Error,
    title: "その項目にない選択肢",
    explanation: "`map` の左は前の版、右は今の版の選択肢です。名前でも番号でも書けます。選択肢のない項目に `map` は書けません。",
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
  field stage "重症度" : choice { 1 i "1度"; 2 iia "2a度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  stage from stage map { ii -> iib }
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
  field stage "重症度" : choice { 1 i "1度"; 2 ii "2度" }
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
  field stage "重症度" : choice { 1 i "1度"; 2 iia "2a度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  stage from stage map { ii -> iia }
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
  field stage "重症度" : choice { 1 i "1度"; 2 ii "2度" }
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

pub(crate) fn unknown_mapped_code(
    file: &str,
    name: &Name,
    label: &str,
    codes: &[Code],
    known: Option<String>,
) -> Diagnostic {
    let names: Vec<&str> = codes.iter().map(|c| c.name.as_str()).collect();
    let diagnostic = DECLARATION.found(
        file,
        name.span,
        format!("「{label}」に「{}」という選択肢はありません", name.text),
    );
    match known {
        Some(known) => diagnostic
            .help(format!("`{known}` ではありませんか"))
            .fix(name.span, known),
        None => diagnostic.help(format!("選択肢は {} です", code_list(&names))),
    }
}

pub(crate) fn map_without_codes(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "`map` は選択肢のある項目にだけ書けます")
        .help("`map { … }` を消します")
}

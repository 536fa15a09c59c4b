//! A number that the catalogue does not have.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0408",
    severity: Severity::Warning,
    title: "一覧にない告示番号",
    explanation: "指定難病・小児慢性特定疾病の一覧（`catalogue/shitei.yaml`、`catalogue/shoman.yaml`）に、見出しの告示番号がありません。番号の書き誤りか、新しく告示された疾病です。新しい疾病は一覧に加えます。",
    wrong: Example::Folder {
        main: "shitei/006_sample/form.kohyo",
        files: &[
            (
                "catalogue/shitei.yaml",
                r#"entries:
  - { number: "006", name: 見本の病, groups: [免疫系], designated: 2015-01-01 }
"#,
            ),
            (
                "shitei/006_sample/form.kohyo",
                r#"disease shitei 007 "見本の病" {
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
        ],
    },
    right: Example::Folder {
        main: "shitei/006_sample/form.kohyo",
        files: &[
            (
                "catalogue/shitei.yaml",
                r#"entries:
  - { number: "006", name: 見本の病, groups: [免疫系], designated: 2015-01-01 }
"#,
            ),
            (
                "shitei/006_sample/form.kohyo",
                r#"disease shitei 006 "見本の病" {
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
        ],
    },
};

pub(crate) fn not_in_catalogue(file: &str, span: Span, key: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("告示番号 {key} が一覧にありません"))
        .help("番号を確かめるか、新しく告示された疾病なら forms/catalogue の一覧に加えてください")
}

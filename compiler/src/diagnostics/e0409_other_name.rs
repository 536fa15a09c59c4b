//! A name other than the one that the notice gives on the first day of the edition.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0409",
    severity: Severity::Warning,
    title: "一覧と違う疾病名",
    explanation: "見出しの疾病名は、版の施行日に告示されている名称を使います。名称は改正で変わることがあり、一覧（`catalogue/shitei.yaml`、`catalogue/shoman.yaml`）が始まりの日とともに持っています。枝番の様式は、告示の名称の後に病型などを続けられます。",
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
                r#"disease shitei 006 "見本病" {
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

pub(crate) fn other_name(file: &str, span: Span, written: &str, listed: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("疾病名「{written}」が一覧の「{listed}」と違います"),
        )
        .help(format!("「{listed}」と書いてください"))
}

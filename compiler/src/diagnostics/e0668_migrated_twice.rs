//! Two migrations from the same edition.

use kohyo_dsl::ast::Text;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0668",
    severity: Severity::Error,
    title: "同じ版からの移し方が二つある",
    explanation: "一つの版からの `migrate` は一つにまとめます。",
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

pub(crate) fn migrated_twice(file: &str, edition: &Text, first: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            edition.span,
            format!("版「{}」からの `migrate` が二つあります", edition.text),
        )
        .label(file, first, "最初のもの")
        .help("一つにまとめます")
}

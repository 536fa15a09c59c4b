//! No answer to the one question is an answer to the other.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::program::Field;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0653",
    severity: Severity::Error,
    title: "移せない型",
    explanation:
        "前の版の答えが、今の版の項目の答えになりません（数値と日付、単位の違う数値など）。
同じ名前でも別のことを尋ねているなら、前の項目を廃止して新しく尋ねます。",
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
  field weight "体重" : decimal 4.1 "g" 0..300
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
  field weight "体重" : decimal 4.1 "kg" 0..300
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
  field weight "体重" : decimal 4.1 "g" 0..300
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  drop weight because "単位の変更"
  ask weight because "単位の変更"
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
  field weight "体重" : decimal 4.1 "kg" 0..300
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

pub(crate) fn fits_never(
    file: &str,
    span: Span,
    (old, new): (&Field, &Field),
    why: &str,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{}」を「{}」に移せません: {why}", old.label, new.label),
        )
        .help(format!(
            "移さないときは次の行を書きます\n    drop {} because \"…\"\n    ask {} because \"…\"",
            old.name, new.name
        ))
}

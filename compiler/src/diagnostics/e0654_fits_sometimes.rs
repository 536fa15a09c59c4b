//! Some answers of the older edition would not be accepted.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0654",
    severity: Severity::Error,
    title: "移せない答えのある項目",
    explanation:
        "前の版で書けた答えの中に、今の版では書けないものがあります（桁数や範囲が狭くなったなど）。
`where it fits` と書くと、書ける答えだけを移し、書けない答えは尋ね直します。",
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
  field score "点数" : integer 0..50
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
  field score "点数" : integer 0..100
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
  field score "点数" : integer 0..50
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  score from score where it fits
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
  field score "点数" : integer 0..100
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

pub(crate) fn fits_sometimes(
    file: &str,
    span: Span,
    label: &str,
    why: &str,
    line: &str,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に移せない答えがあります: {why}"),
        )
        .help(format!(
            "移せない答えだけを尋ね直すなら、次の行を書きます\n    {line} where it fits"
        ))
}

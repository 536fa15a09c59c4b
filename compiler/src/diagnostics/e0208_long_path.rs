//! A name of more than two parts.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0208",
    severity: Severity::Error,
    title: "名前の点が多すぎる",
    explanation: "モジュールの中の名前は `別名.名前` と書きます。点は一つまでです。
深い場所にあるモジュールには `use … as 別名` で短い別名を付けます。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use scale.pain as p
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = scale.pain.degree >= 3
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "scale/pain.kohyo",
                r#"module scale.pain "疼痛" { prefix pain }
section pain "疼痛" {
  field degree "疼痛の強さ" : integer 0..10
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
use scale.pain as p
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = p.degree >= 3
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "scale/pain.kohyo",
                r#"module scale.pain "疼痛" { prefix pain }
section pain "疼痛" {
  field degree "疼痛の強さ" : integer 0..10
}
"#,
            ),
        ],
    },
};

pub(crate) fn long_path(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "名前は `別名.名前` までです")
        .help("`use … as 別名` で別名を付けてください")
}

//! Modules use each other in a circle.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0203",
    severity: Severity::Error,
    title: "モジュールが互いに使い合っている",
    explanation: "モジュール a が b を使い、b が a を使うと、どちらを先に読むか決まりません。
両方で使う部分を三つ目のモジュールに移し、二つともそれを使うようにします。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use a
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
            (
                "a.kohyo",
                r#"module a "甲" { }
use b
"#,
            ),
            (
                "b.kohyo",
                r#"module b "乙" { }
use a
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
use a
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
            (
                "a.kohyo",
                r#"module a "甲" { }
use b
"#,
            ),
            (
                "b.kohyo",
                r#"module b "乙" { }
"#,
            ),
        ],
    },
};

pub(crate) fn module_cycle(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "モジュールが互いに使い合い、循環しています")
        .help("共通部分を別のモジュールに分けてください")
}

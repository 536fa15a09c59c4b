//! Fields of two files with one name on the wire.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0210",
    severity: Severity::Error,
    title: "項目名がほかのファイルの項目と重なる",
    explanation:
        "項目の名前は XML や CSV の中の名前でもあるため、様式の中で一つずつでなければなりません。
モジュールの見出しに `prefix` を書くと、その項目の名前の前に付き、重ならなくなります。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shared as sh
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
                "shared.kohyo",
                r#"module shared "共通" { }
section shared "共通の項目" {
  field fever "高熱" : date
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
use shared as sh
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
                "shared.kohyo",
                r#"module shared "共通" { prefix sh }
section shared "共通の項目" {
  field fever "高熱" : date
}
"#,
            ),
        ],
    },
};

pub(crate) fn duplicate_wire_name(
    file: &str,
    name: &Name,
    wire: &str,
    other: &str,
    span: Span,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("項目名「{wire}」は別のファイルの項目と重なります"),
        )
        .label(other, span, "もう一つの項目")
        .help("モジュールの見出しに `prefix` を書くと項目名の前に付きます")
}

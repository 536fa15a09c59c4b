//! A question that a judgement of another disease reads is another one here.

use kohyo_dsl::ast::Field;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0644",
    severity: Severity::Error,
    title: "別の疾病の判定が読む項目が、この様式では違う",
    explanation: "`use shitei … only …` は、その判定が読む項目のうち、この様式にないものを加えます。同じ名前の項目がこの様式にあれば、それを読みます。
だから、同じ名前の項目は型、単位、範囲、選択肢が同じで、判定が読むときに必ず表示されていなければなりません。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shitei 998 only severity as other
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field acuity "視力" : decimal 2.1 0.0..2.0
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes and other.severity is meets
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "shitei/998_other/form.kohyo",
                r#"disease shitei 998 "別の病" {
  edition "2024" from 2024-04-01
  source notice "別の通知"
}
section severity "重症度に関する事項" {
  field acuity "矯正視力" : decimal 3.2 0.00..2.00 required
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when acuity >= 0.00
  otherwise none "いずれにも該当しない"
  eligible definite
}
judgement severity "重症度" {
  category meets "対象" when acuity < 0.30
  otherwise below "対象外"
  eligible meets
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
use shitei 998 only severity as other
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field acuity "視力" : decimal 3.2 0.00..2.00
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes and other.severity is meets
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "shitei/998_other/form.kohyo",
                r#"disease shitei 998 "別の病" {
  edition "2024" from 2024-04-01
  source notice "別の通知"
}
section severity "重症度に関する事項" {
  field acuity "矯正視力" : decimal 3.2 0.00..2.00 required
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when acuity >= 0.00
  otherwise none "いずれにも該当しない"
  eligible definite
}
judgement severity "重症度" {
  category meets "対象" when acuity < 0.30
  otherwise below "対象外"
  eligible meets
}
"#,
            ),
        ],
    },
};

/// Both are asked under the name `wire`, with other answers.
pub(crate) fn other_type(
    file: &str,
    field: &Field,
    wire: &str,
    disease: &str,
    (other, read): (&str, &Field),
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            field.ty.span,
            format!("「{disease}」の判定が読む項目 `{wire}` と型が違います"),
        )
        .label(other, read.ty.span, format!("「{disease}」での型"))
        .help("型、単位、範囲、選択肢の番号と名前を同じにするか、この様式の項目に別の名前を付けてください")
}

/// It is hidden here from some whose judgement reads it.
pub(crate) fn shown_otherwise(
    file: &str,
    field: &Field,
    wire: &str,
    disease: &str,
    (other, read): (&str, Span),
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            field.name.span,
            format!("「{disease}」の判定は、項目 `{wire}` を表示されないときにも読みます"),
        )
        .label(other, read, format!("「{disease}」で読むところ"))
        .help("表示条件を除くか、「{disease}」と同じにしてください".replace("{disease}", disease))
}

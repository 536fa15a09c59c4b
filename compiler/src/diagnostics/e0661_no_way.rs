//! No migration leads from the edition that renewals may use.

use kohyo_dsl::ast::Text;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0661",
    severity: Severity::Error,
    title: "更新で使う版からの移し方がない",
    explanation: "更新の申請は、今の版の基準と、認められた前の版の基準の両方で判定します。
今の版の記録を前の版として読むために、項目の対応（`migrate`）が要ります。間の版を通ってもかまいません。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
  renewal may use edition "2020"
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
  renewal may use edition "2020"
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

pub(crate) fn no_way(file: &str, edition: &Text) -> Diagnostic {
    DECLARATION
        .found(
            file,
            edition.span,
            format!(
                "版「{}」の項目から今の版の項目への移し方がありません",
                edition.text
            ),
        )
        .note("更新の記録を前の版の基準で読むのに要ります")
        .help(format!(
            "`migrate from edition \"{}\" {{ … }}` を書きます。間の版を通ってもかまいません",
            edition.text
        ))
}

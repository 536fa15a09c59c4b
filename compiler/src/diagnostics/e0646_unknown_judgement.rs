//! The other disease has no judgement of this name.

use super::words::code_list;
use crate::suggest::nearest;
use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0646",
    severity: Severity::Error,
    title: "使おうとした判定が、その疾病にない",
    explanation: "`only` の後には、その疾病の最も新しい版にある判定（judgement）の名前を書きます。基準（criterion）や点数だけを使うことはできません。共通の部分はモジュールに分けます。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shitei 998 only severty as other
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

pub(crate) fn unknown_judgement<'n>(
    file: &str,
    name: &Name,
    disease: &str,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.collect();
    let diagnostic = DECLARATION.found(
        file,
        name.span,
        format!("「{disease}」に判定「{}」はありません", name.text),
    );
    match nearest(&name.text, known.iter().copied()) {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(name.span, found),
        None => diagnostic.help(format!("判定は {} です", code_list(&known))),
    }
}

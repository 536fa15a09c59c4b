//! The folder has no definition of the disease whose judgement is to be read.

use kohyo_dsl::ast::{Programme, Reuse, Subject};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0645",
    severity: Severity::Error,
    title: "判定を使おうとした疾病の定義がない",
    explanation: "`use shitei 090 only severity as rp` は、指定難病090の最も新しい版の判定を使います。その疾病の定義が同じ forms/ の中に要ります。
番号は見出しのとおりに書きます。小児慢性特定疾病は `use shoman 02-028 only …`、枝番は `use shitei 019 branch 02 only …` です。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shitei 997 only severity as other
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

pub(crate) fn unknown_disease(file: &str, reuse: &Reuse) -> Diagnostic {
    let (programme, number) = match &reuse.disease {
        Subject::Disease {
            programme: Programme::Shoman,
            number,
            ..
        } => ("小児慢性特定疾病", number.text.as_str()),
        Subject::Disease { number, .. } => ("指定難病", number.text.as_str()),
        Subject::Module(_) | Subject::Programme(_) => ("", ""),
    };
    DECLARATION
        .found(
            file,
            reuse.span,
            format!("{programme}{number}の定義がありません"),
        )
        .help("番号を確かめてください。判定を使う疾病の定義も forms/ に置きます")
}

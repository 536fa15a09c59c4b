//! An age without a date of birth.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0514",
    severity: Severity::Error,
    title: "生年月日の項目がない",
    explanation: "`age at …` は、`birth_date` という名前の日付の項目から年齢を数えます。`use common.patient` を書くか、その名前の項目を置いてください。",
    wrong: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field onset "発症日" : date
}
judgement diagnosis "診断のカテゴリー" {
  category definite "成人発症" when age at onset >= 18 years
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
    ),
    right: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field birth_date "生年月日" : date
  field onset "発症日" : date
}
judgement diagnosis "診断のカテゴリー" {
  category definite "成人発症" when age at onset >= 18 years
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
    ),
};

/// For adding the question where the form is ours to make.
pub(crate) const NO_BIRTH_DATE: &str = DECLARATION.code;

pub(crate) fn no_birth_date(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            "年齢を数えるための生年月日（birth_date）の項目がありません",
        )
        .help("`use common.patient` を書いてください")
}

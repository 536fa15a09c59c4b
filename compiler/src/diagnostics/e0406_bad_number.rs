//! A number that no notice has.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0406",
    severity: Severity::Error,
    title: "告示番号の形が違う",
    explanation: "指定難病は 3 桁の告示番号（`006`）、小児慢性特定疾病は疾患群と番号（`11-080`）を書きます。枝番は 2 桁です（`branch 02`）。",
    wrong: Example::File(
        r#"disease shitei 6 "見本の病" {
  edition "2024" from 2024-04-01
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
    right: Example::File(
        r#"disease shitei 006 "見本の病" {
  edition "2024" from 2024-04-01
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
};

pub(crate) fn bad_number(file: &str, name: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("告示番号「{}」の形が違います", name.text),
        )
        .help("指定難病は `006`、小児慢性特定疾病は `11-080`（疾患群-番号）と書きます")
}

pub(crate) fn bad_branch(file: &str, branch: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            branch.span,
            format!("枝番「{}」の形が違います", branch.text),
        )
        .help("枝番は `02` のように2桁で書きます")
}

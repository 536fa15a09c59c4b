//! A disease is used as a module.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0666",
    severity: Severity::Error,
    title: "疾病の定義をモジュールとして使おうとした",
    explanation: "`use here.…` で使えるのは、同じフォルダーの `module here.…` です。版や枝番で共通の部分は、モジュールに分けて両方から使います。
別の疾病の判定だけを使うなら `use shitei 090 only severity as rp` と書きます。",
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
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
use here.branch_02
"#,
            ),
            (
                "shitei/999_sample/branch_02.kohyo",
                r#"disease shitei 999 branch 02 "見本の病" {
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
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
use here.shared
"#,
            ),
            (
                "shitei/999_sample/shared.kohyo",
                r#"module here.shared "共通" { }
"#,
            ),
        ],
    },
};

pub(crate) fn used_disease(file: &str, module: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            module.span,
            format!(
                "「{}」は疾病の定義なので、モジュールとして使えません",
                path_text(module)
            ),
        )
        .help("判定だけなら `use shitei 090 only severity as rp`、ほかは共通の部分を `module here.shared \"…\" { }` として別のファイルに分けてください")
}

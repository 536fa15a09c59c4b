//! A judgement is read before it is made.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0504",
    severity: Severity::Error,
    title: "判定をここでは読めない",
    explanation:
        "判定は上から順に決まります。読めるのは、それより後に書かれた判定と、チェックの中だけです。
共通の条件は `criterion` にして、両方から使います。",
    wrong: Example::Items(
        r#"criterion confirmed "確定例" = diagnosis is definite
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}"#,
    ),
    right: Example::Items(
        r#"criterion confirmed "確定例" = tremor is present
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when confirmed
  otherwise none "いずれにも該当しない"
  eligible definite
}"#,
    ),
};

pub(crate) fn judgement_not_readable(file: &str, path: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("判定「{}」はここでは読めません", path_text(path)),
        )
        .help("判定は、後の判定とチェックの中だけで読めます")
}

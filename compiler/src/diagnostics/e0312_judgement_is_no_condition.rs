//! A judgement that stands alone as a condition.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0312",
    severity: Severity::Error,
    title: "判定はそのままでは条件にならない",
    explanation: "判定の結果は区分です。どの区分のときに成り立つかを `is` か `in` で書きます。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断されています" at tremor violated when diagnosis"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断されています" at tremor violated when diagnosis is definite"#,
    ),
};

pub(crate) fn judgement_is_no_condition(
    file: &str,
    path: &Path,
    category: Option<&str>,
) -> Diagnostic {
    let name = path_text(path);
    DECLARATION
        .found(
            file,
            path.span,
            format!("判定「{name}」はそのままでは条件になりません"),
        )
        .help(format!(
            "`{name} is {}` のように区分を書いてください",
            category.unwrap_or("…")
        ))
}

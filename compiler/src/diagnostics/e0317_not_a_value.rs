//! A name that can be neither number nor condition.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0317",
    severity: Severity::Error,
    title: "この場所では使えない名前",
    explanation: "判定や表の名前は、数や日付として読めません。項目、基準、点数、計算値の名前を書きます。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断されています" at tremor violated when diagnosis >= 1"#,
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

pub(crate) fn not_a_value(file: &str, path: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」はここでは使えません", path_text(path)),
        )
        .help("項目、基準、点数、計算値の名前を書きます")
}

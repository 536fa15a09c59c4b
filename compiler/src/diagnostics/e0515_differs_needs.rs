//! `differs from` with something else than a field and a judgement.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0515",
    severity: Severity::Error,
    title: "`differs from` の左右が違う",
    explanation: "`differs from` は、医師がチェックした区分の項目（左）と機械の判定（右）が異なることを調べます。",
    wrong: Example::Items(
        r#"section ticked "医師の診断" {
  field ticked "チェックした区分" : choice { 1 definite "Definite"; 2 none "いずれにも該当しない" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断が機械判定と異なります" at ticked violated when ticked differs from tremor"#,
    ),
    right: Example::Items(
        r#"section ticked "医師の診断" {
  field ticked "チェックした区分" : choice { 1 definite "Definite"; 2 none "いずれにも該当しない" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断が機械判定と異なります" at ticked violated when ticked differs from diagnosis"#,
    ),
};

pub(crate) fn differs_needs(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            "`differs from` の左には項目、右には判定が必要です",
        )
        .help("例: `ticked differs from diagnosis`")
}

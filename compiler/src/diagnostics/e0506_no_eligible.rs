//! A judgement of which no category is eligible.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0506",
    severity: Severity::Error,
    title: "対象となる区分がない",
    explanation: "`diagnosis` と `severity` では、どの区分が助成の対象かを `eligible` に書きます。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
}"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}"#,
    ),
};

/// For leaving out what follows from another mistake.
pub(crate) const NO_ELIGIBLE: &str = DECLARATION.code;

pub(crate) fn no_eligible(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "対象となる区分がありません")
        .help("`eligible definite cites \"…\"` を書いてください")
}

//! A judgement without a category for the rest.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0505",
    severity: Severity::Error,
    title: "どの区分にも当てはまらない場合がない",
    explanation: "判定には、どの区分の条件も満たさないときの区分が必要です。最後に `otherwise` で書きます。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  eligible definite
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
pub(crate) const NO_OTHERWISE: &str = DECLARATION.code;

/// `last` is the name and the label of the last of several categories.
pub(crate) fn no_otherwise(file: &str, span: Span, last: Option<(&str, &str)>) -> Diagnostic {
    let found = DECLARATION.found(file, span, "どの区分にも当てはまらない場合がありません");
    found.help(match last {
        Some((name, label)) => format!(
            "最後の区分がほかのすべての患者なら、`when` を付けずに `otherwise {name} \"{label}\"` と書きます。そうでなければ、最後に `otherwise none \"いずれにも該当しない\"` を加えます"
        ),
        None => "最後に `otherwise none \"いずれにも該当しない\"` を書いてください".to_owned(),
    })
}

//! A subtype without categories.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0627",
    severity: Severity::Error,
    title: "病型に区分がない",
    explanation: "病型の条件だけでは区分は決まりません。病型の中に、その病型での区分を書きます。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" {
  subtype mild "軽症型" when tremor is present {
  }
  category other "他" when rigidity is present
  otherwise none "なし"
  eligible other
}"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" {
  subtype mild "軽症型" when tremor is present {
    category definite "Definite" when rigidity is present
  }
  otherwise none "なし"
  eligible mild
}"#,
    ),
};

pub(crate) fn empty_subtype(file: &str, name: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("病型「{}」に区分がありません", name.text),
        )
        .help(r#"`subtype … when … { category definite "…" when … }` と、病型の中に区分を書きます"#)
}

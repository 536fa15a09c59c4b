//! A required field that is never shown.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0717",
    severity: Severity::Warning,
    title: "表示されない必須項目",
    explanation: "必須の項目が、どの記録でも表示されません。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required shown when tremor is present and tremor is absent }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required shown when tremor is present }"#,
    ),
};

pub(crate) fn required_never_shown(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("必須項目「{label}」は、決して表示されません"),
        )
        .help("`shown when` の条件（グループの条件も含む）を確かめてください")
}

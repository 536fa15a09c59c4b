//! A field that is never shown.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0718",
    severity: Severity::Warning,
    title: "表示されない項目",
    explanation: "項目が、どの記録でも表示されません。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding shown when tremor is present and tremor is absent }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding shown when tremor is present }"#,
    ),
};

pub(crate) fn never_shown(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("項目「{label}」は、決して表示されません"),
        )
        .help("`shown when` の条件（グループの条件も含む）を確かめてください")
}

//! A field that is never required although a condition says when.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0719",
    severity: Severity::Warning,
    title: "必須にならない項目",
    explanation: "`required when` の条件が、この項目が表示されるときには決して成り立ちません。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required when tremor is absent shown when tremor is present }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required when rigidity is present shown when tremor is present }"#,
    ),
};

pub(crate) fn never_required(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("項目「{label}」が必須になることはありません"),
        )
        .help("`required when` の条件と、表示の条件を確かめてください")
}

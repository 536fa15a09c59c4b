//! A check that always fires.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0713",
    severity: Severity::Warning,
    title: "どの記録も該当するチェック",
    explanation: "どの記録でもチェックに該当します。条件が広すぎるか、逆になっています。",
    wrong: Example::Items(
        r#"check R001 warning "値" at albumin violated when albumin is answered or albumin is not answered"#,
    ),
    right: Example::Items(
        r#"check R001 warning "値" at albumin violated when albumin is answered"#,
    ),
};

pub(crate) fn check_always(file: &str, span: Span, id: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("チェック {id} には、必須項目を記入した記録がすべて該当します"),
        )
        .help("条件が広すぎないか、逆になっていないか確かめてください")
}

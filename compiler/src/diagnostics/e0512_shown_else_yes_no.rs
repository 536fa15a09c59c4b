//! The value of a hidden condition is neither yes nor no.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0512",
    severity: Severity::Error,
    title: "条件の `if shown else` の値が違う",
    explanation: "条件の項目が表示されないときの結果は `yes`（成り立つ）か `no`（成り立たない）です。",
    wrong: Example::Items(r#"criterion neck "頸部装具" = device_kind is collar if shown else 0"#),
    right: Example::Items(r#"criterion neck "頸部装具" = device_kind is collar if shown else no"#),
};

pub(crate) fn shown_else_yes_no(file: &str, span: Span) -> Diagnostic {
    DECLARATION.found(
        file,
        span,
        "条件の `if shown else` の後には yes か no を書きます",
    )
}

//! A grade that is not decided case by case.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0508",
    severity: Severity::Error,
    title: "区分の決め方になっていない",
    explanation: "区分（grade）は、`first match { 区分 when 条件; …; otherwise 区分 }` で決めます。",
    wrong: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = tremor is present"#,
    ),
    right: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { severe when tremor is present; otherwise mild }"#,
    ),
};

pub(crate) fn grade_rule(file: &str, span: Span) -> Diagnostic {
    DECLARATION.found(
        file,
        span,
        "区分は `first match { 区分 when 条件; … }` で決めます",
    )
}

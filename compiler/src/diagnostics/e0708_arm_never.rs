//! An arm of a grade that never holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0708",
    severity: Severity::Warning,
    title: "成り立たない行",
    explanation: "等級のこの行の条件は、どの患者でも成り立ちません。",
    wrong: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { high when tremor is present and tremor is absent; otherwise low }"#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { high when tremor is present; otherwise low }"#,
    ),
};

pub(crate) fn arm_never(file: &str, span: Span, label: &str, outcome: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」の「{outcome}」の条件は、決して成り立ちません"),
        )
        .help("条件の中に、互いに成り立たないものがないか確かめてください")
}

//! An arm of a grade that never holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0708",
    severity: Severity::Warning,
    title: "成り立たない行",
    explanation: "等級のこの行の条件は、どの患者でも成り立ちません。
最後の `otherwise` では、どの患者も先の行のどれかに当てはまるため、だれも残りません。",
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

/// Of `otherwise`: all are in a row before it.
pub(crate) fn nobody_left(file: &str, span: Span, label: &str, outcome: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」の最後の「{outcome}」には、だれも残りません。どの患者も、先の行のどれかに当てはまります"),
        )
        .help("先の行の条件が広すぎないか確かめてください。正しければ、最後の条件の行を `otherwise` で書き、この行を消します")
}

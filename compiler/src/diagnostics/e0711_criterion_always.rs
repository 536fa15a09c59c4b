//! A criterion that always holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0711",
    severity: Severity::Warning,
    title: "誰もが満たす基準",
    explanation: "この基準を満たさない患者はいません。条件が広すぎるか、逆になっています。",
    wrong: Example::Items(
        r#"criterion any_value "値" = albumin < 3.0 g/dL or albumin >= 3.0 g/dL"#,
    ),
    right: Example::Items(r#"criterion any_value "値" = albumin < 3.0 g/dL or tremor is present"#),
};

pub(crate) fn criterion_always(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("基準「{label}」を満たさない患者はいません"),
        )
        .help("条件が広すぎないか確かめてください")
}

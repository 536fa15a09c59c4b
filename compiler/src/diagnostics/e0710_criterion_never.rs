//! A criterion that never holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0710",
    severity: Severity::Warning,
    title: "誰も満たさない基準",
    explanation: "基準の条件の中に、互いに成り立たないものがあり、満たす患者はいません。",
    wrong: Example::Items(r#"criterion both "両方" = tremor is present and tremor is absent"#),
    right: Example::Items(r#"criterion both "両方" = tremor is present and rigidity is present"#),
};

pub(crate) fn criterion_never(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("基準「{label}」を満たす患者はいません"))
        .help("条件の中に、互いに成り立たないものがないか確かめてください")
}

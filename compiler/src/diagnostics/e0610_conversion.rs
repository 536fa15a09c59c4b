//! A conversion that converts nothing.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0610",
    severity: Severity::Error,
    title: "換算になっていない",
    explanation: "換算には、二つの異なる単位と、0 より大きい数を書きます。",
    wrong: Example::Items(r#"convert 1 mg = 1000"#),
    right: Example::Items(r#"convert 1 g = 1000 mg"#),
};

pub(crate) fn conversion_units(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "換算には二つの異なる単位が要ります")
        .help("例: convert 1 g = 1000 mg、convert 1 \"mg/dL\" = 88.4 \"µmol/L\" for creatinine")
}

pub(crate) fn conversion_of_nothing(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "換算の数は 0 より大きくなければなりません")
        .help("例: convert 1 g = 1000 mg")
}

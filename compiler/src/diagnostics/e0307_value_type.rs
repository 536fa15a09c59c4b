//! A calculated value that is no number.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0307",
    severity: Severity::Error,
    title: "計算値の型ではない",
    explanation: "計算値（value）は数です。型には桁と単位を決める `integer` か `decimal` を書きます。",
    wrong: Example::Items(r#"value loss "不足量" : date = 4.0 g/dL - albumin"#),
    right: Example::Items(r#"value loss "不足量" : decimal 3.1 "g/dL" = 4.0 g/dL - albumin"#),
};

pub(crate) fn value_type(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "計算値の型は integer か decimal です")
        .help("例: `value bmi \"BMI\" : decimal 4.1 \"kg/m2\" = …`")
}

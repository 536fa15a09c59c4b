//! A category whose condition never holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0704",
    severity: Severity::Warning,
    title: "条件を満たす患者のいない区分",
    explanation: "区分の条件の中に、互いに成り立たないものがあり、この区分になる患者はいません。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" { category a "A" when tremor is present and tremor is absent; otherwise none "なし"; eligible a }"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" { category a "A" when tremor is present; otherwise none "なし"; eligible a }"#,
    ),
};

pub(crate) fn category_never(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("区分「{label}」の条件を満たす患者はいません"),
        )
        .help("条件の中に、互いに成り立たないものがないか確かめてください")
}

//! Error checks that exclude every eligible record.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0715",
    severity: Severity::Warning,
    title: "認定される記録がすべてエラーになる",
    explanation: "認定基準を満たす記録は、どれもエラーのチェックに該当します。チェックか判定のどちらかが誤っています。",
    wrong: Example::Items(r#"check R001 error "振戦" at tremor violated when tremor is present"#),
    right: Example::Items(
        r#"check R001 error "振戦" at tremor violated when tremor is present and rigidity is absent"#,
    ),
};

pub(crate) fn no_eligible_record(
    file: &str,
    span: Span,
    application: &str,
    ids: &str,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("チェック {ids} のために、{application}では、認定基準を満たす記録がすべてエラーになります"),
        )
        .help("チェックの条件と、判定の条件が矛盾していないか確かめてください")
}

//! Error checks that leave no acceptable record.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0714",
    severity: Severity::Warning,
    title: "受け付けられる記録がない",
    explanation: "エラーのチェックが互いに矛盾し、必須項目をどう記入しても、どれかのエラーになります。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required }
check R001 error "なしではいけません" at extra violated when extra is not answered or extra is absent
check R002 error "あり・不明ではいけません" at extra violated when extra is present or extra is unclear"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding required }
check R001 error "なしではいけません" at extra violated when extra is not answered or extra is absent
check R002 error "不明ではいけません" at extra violated when extra is unclear"#,
    ),
};

pub(crate) fn no_record(file: &str, span: Span, application: &str, ids: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("チェック {ids} のために、{application}では受け付けられる記録がありません"),
        )
        .help("これらのチェックの条件が、すべての答えを塞いでいないか確かめてください")
}

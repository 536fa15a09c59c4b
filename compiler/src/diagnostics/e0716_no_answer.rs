//! Error checks that exclude every answer of a required field.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0716",
    severity: Severity::Warning,
    title: "答えようのない必須項目",
    explanation: "必須の項目が、表示されたときにはどう答えてもエラーになります。",
    wrong: Example::Items(
        r#"section more "追加" {
  field more "追加" : finding
  field extra "理由" : finding required shown when more is present
}
check R001 error "なしではいけません" at extra violated when (extra is absent) if shown else no
check R002 error "あり・不明ではいけません" at extra violated when (extra is present or extra is unclear) if shown else no"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  field more "追加" : finding
  field extra "理由" : finding required shown when more is present
}
check R001 error "なしではいけません" at extra violated when (extra is absent) if shown else no
check R002 error "不明ではいけません" at extra violated when (extra is unclear) if shown else no"#,
    ),
};

pub(crate) fn no_answer(file: &str, span: Span, label: &str, ids: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("必須項目「{label}」は、どう答えてもチェック {ids} のエラーになります"),
        )
        .help("これらのチェックの条件が、すべての答えを塞いでいないか確かめてください")
}

//! A block without members.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0511",
    severity: Severity::Error,
    title: "中に何もない",
    explanation: "`sum of { … }` などの中に、少なくとも一つの項目や条件を書きます。",
    wrong: Example::Items(r#"score motor "運動症状" = sum of { }"#),
    right: Example::Items(r#"score motor "運動症状" = sum of { walking }"#),
};

/// Code of [`empty_block`].
pub(crate) const EMPTY_BLOCK: &str = DECLARATION.code;

pub(crate) fn empty_block(file: &str, span: Span) -> Diagnostic {
    DECLARATION.found(file, span, "中に項目がありません")
}

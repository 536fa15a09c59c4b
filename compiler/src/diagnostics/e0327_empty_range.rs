//! A range that ends before it begins.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0327",
    severity: Severity::Error,
    title: "範囲の下限が上限以上",
    explanation: "`in 30 ..< 45` のように、小さい方を先に書きます。この範囲に入る値はありません。",
    wrong: Example::Items(r#"criterion middle "中等度" = albumin in 3.5 ..< 2.5 g/dL"#),
    right: Example::Items(r#"criterion middle "中等度" = albumin in 2.5 ..< 3.5 g/dL"#),
};

pub(crate) fn empty_range(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "下限が上限以上になっています")
        .help("`30 ..< 45` のように小さい方を先に書きます")
}

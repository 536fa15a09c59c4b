//! A range that does not fit the digits, or is empty.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0303",
    severity: Severity::Error,
    title: "範囲が桁数に合わない",
    explanation: "`0..1000` のような範囲は、型の桁数に収まり、下限が上限以下でなければなりません。`decimal 3.1` に入るのは 99.9 までです。
桁数か範囲のどちらかが間違っています。",
    wrong: Example::Items(r#"section body "身体" {
  field weight "体重" : decimal 3.1 "kg" 0..1000
}"#),
    right: Example::Items(r#"section body "身体" {
  field weight "体重" : decimal 5.1 "kg" 0..1000
}"#),
};

/// The larger number stands first; `meant` is the range the other way round.
pub(crate) fn reversed_range(file: &str, span: Span, meant: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "範囲の下限が上限より大きくなっています")
        .help(format!("`{meant}` と書いてください"))
        .fix(span, meant)
}

pub(crate) fn bad_range(file: &str, span: Span, fraction: u8, digits: u8) -> Diagnostic {
    let message = "範囲が桁数に合いません";
    DECLARATION.found(file, span, message).help(format!(
        "整数部{}桁・小数部{fraction}桁に収まる範囲を書いてください",
        digits.saturating_sub(fraction)
    ))
}

//! A number without the unit of what it is compared with.

use super::words::unit_code;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0305",
    severity: Severity::Error,
    title: "単位がない",
    explanation: "単位のある項目や計算を、単位のない数と比べています。
mg/dL と g/L の取り違えを防ぐため、単位は必ず書きます。
掛け算と割り算の単位は、掛けたり割ったりしたものの単位から決まります（mg を kg で割れば mg/kg）。
係数に換算が含まれる公式なら、`value` に型を書いて単位を決め、その名前で比べます。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.0"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.0 g/dL"#),
};

/// `100000 /μL` was read as a division.
pub(crate) fn unit_unquoted(file: &str, span: Span, digits: &str, unit: &str) -> Diagnostic {
    let message = format!("単位「{unit}」は「\"」で囲みます");
    let meant = format!("{digits} \"{unit}\"");
    DECLARATION
        .found(file, span, message)
        .help(format!("`{meant}` と書いてください"))
        .fix(span, meant)
}

/// For leaving out what follows from another mistake.
pub(crate) const UNIT_MISSING: &str = DECLARATION.code;

pub(crate) fn unit_missing(file: &str, span: Span, unit: &str, digits: &str) -> Diagnostic {
    let written = unit_code(unit);
    DECLARATION
        .found(file, span, "単位がありません")
        .note(format!("この項目の単位は {unit} です"))
        .help(format!("`{digits} {written}` と書いてください"))
        .fix(span, format!("{digits} {written}"))
}

/// The same of a product or quotient, whose unit follows from its parts.
pub(crate) fn calculated_unit_missing(
    file: &str,
    span: Span,
    unit: &str,
    digits: &str,
) -> Diagnostic {
    let written = format!("{digits} {}", unit_code(unit));
    DECLARATION
        .found(file, span, "単位がありません")
        .note(format!("計算の単位は {unit} です"))
        .help(format!(
            "`{written}` と書いてください。係数に換算が含まれる公式なら、`value` に型を書いて単位を決め、その名前で比べます"
        ))
        .fix(span, written)
}

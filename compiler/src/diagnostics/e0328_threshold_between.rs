//! A threshold with more digits than the number that is compared.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0328",
    severity: Severity::Warning,
    title: "しきい値が項目より細かい",
    explanation: "しきい値の小数の桁が項目の桁より多く、項目はその値になりません。
桁の写し間違いでないか、項目の桁が足りているかを確かめてください。そのままでよければ、同じ意味になる桁の値で書きます。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.05 g/dL"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 3.0 g/dL"#),
};

/// `nearest` are the values on both sides.
pub(crate) fn threshold_between(
    file: &str,
    span: Span,
    field: &str,
    fraction: u32,
    nearest: (&str, &str),
) -> Diagnostic {
    let digits = match fraction {
        0 => "整数".to_owned(),
        digits => format!("小数 {digits} 桁"),
    };
    DECLARATION
        .found(
            file,
            span,
            format!("{field}は{digits}なので、この値にはなりません"),
        )
        .note(format!("両隣の値は {} と {} です", nearest.0, nearest.1))
        .help("しきい値の桁か、項目の桁を確認してください")
}

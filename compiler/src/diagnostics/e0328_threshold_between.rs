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

/// `compared` is what is compared, with its unit; `nearest` are the values on both sides.
pub(crate) fn threshold_between(
    file: &str,
    span: Span,
    compared: (&str, Option<&str>),
    fraction: u32,
    nearest: (&str, &str),
) -> Diagnostic {
    let digits = match fraction {
        0 => "整数".to_owned(),
        digits => format!("小数 {digits} 桁"),
    };
    let (name, unit) = compared;
    let help = match unit {
        Some("years") => {
            "満年数で数えます。月まで見るときは `age in months at …` や `months from A to B` で比べてください"
        }
        Some("months") => {
            "満月数で数えます。日まで見るときは `days from A to B` か、`A + 6 months` のような日付で比べてください"
        }
        Some("days") => "満日数で数えます。整数の日数を書いてください",
        _ => "しきい値の桁か、項目の桁を確認してください",
    };
    DECLARATION
        .found(
            file,
            span,
            format!("{name}は{digits}なので、この値にはなりません"),
        )
        .note(format!("両隣の値は {} と {} です", nearest.0, nearest.1))
        .help(help)
}

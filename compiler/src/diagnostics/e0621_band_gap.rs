//! Bands that leave some values out.

use super::words::declared;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0621",
    severity: Severity::Warning,
    title: "区分に隙間がある",
    explanation: "`bands of` の行のどれにも当てはまらない値があります。その値のとき、点数や区分は「不明」になります（0 点にはなりません）。
公表された点数表そのものに隙間があることもあります。その場合は `gap in … when … because \"…\"` で宣言します。",
    wrong: Example::Items(
        r#"score s "点数" = bands of albumin { < 3.0 g/dL gives 2; > 3.0 gives 0 }"#,
    ),
    right: Example::Items(
        r#"score s "点数" = bands of albumin { <= 3.0 g/dL gives 2; > 3.0 gives 0 }"#,
    ),
};

/// `between` says where, `example` is a value there; `named` are bands that `gap in` can name.
pub(crate) fn band_gap(
    file: &str,
    span: Span,
    subject: &str,
    between: &str,
    example: &str,
    named: bool,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("{subject}の区分に隙間があります（{between}）"),
        )
        .note(format!(
            "例えば {subject}が {example} のとき、値がありません"
        ))
        .help(format!(
            "隣の行とつなげて書きます。本文にない値なら、このままでは「不明」になります。{}",
            declared("gap in", named)
        ))
}

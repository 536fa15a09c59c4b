//! Bands that have values in common.

use super::words::declared;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0622",
    severity: Severity::Warning,
    title: "区分が重なっている",
    explanation: "`bands of` の二つの行に当てはまる値があります。上に書いた行の値になりますが、本文がそう言っているとは限りません。
「以上」「超」「以下」「未満」のどれかを確かめてください。
公式の文がそうなっているなら `overlap in … when … because \"…\"` と宣言します。",
    wrong: Example::Items(
        r#"score s "点数" = bands of albumin { <= 3.0 g/dL gives 2; >= 3.0 gives 0 }"#,
    ),
    right: Example::Items(
        r#"score s "点数" = bands of albumin { < 3.0 g/dL gives 2; >= 3.0 gives 0 }"#,
    ),
};

/// `example` is a value in both bands; `named` are bands that `overlap in` can name.
pub(crate) fn band_overlap(
    file: &str,
    span: Span,
    first: Span,
    subject: &str,
    example: &str,
    named: bool,
) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("{subject}の区分が重なっています"))
        .label(file, first, "この行と重なります")
        .note(format!(
            "例えば {subject}が {example} のとき、二つの行に当てはまり、上の行の値になります"
        ))
        .help(format!(
            "どちらの行に含めるかを決め、`40 ..< 60` のように境目を書き分けます。{}",
            declared("overlap in", named)
        ))
}

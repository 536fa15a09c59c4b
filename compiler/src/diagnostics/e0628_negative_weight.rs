//! A negative weight in a domain.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0628",
    severity: Severity::Error,
    title: "領域に負の点数がある",
    explanation: "領域では、満たす項目のうち最も高い点数だけを数え、何も満たさなければ 0 点です。
負の点数は 0 点より低いため、数えられることがありません。",
    wrong: Example::Items(
        r#"score s "点数" = sum of domain { domain "運動" { -1 when tremor is present; 2 when rigidity is present } }"#,
    ),
    right: Example::Items(
        r#"score s "点数" = sum of domain { domain "運動" { 2 when rigidity is present } } + sum of { -1 when tremor is present }"#,
    ),
};

pub(crate) fn negative_weight(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "領域の点数は 0 以上で書きます")
        .note("何も満たさないときの 0 点の方が高く、この点数は数えられません")
        .help("引く点数は `sum of domain { … } + sum of { -1 when … }` のように領域の外に書きます")
}

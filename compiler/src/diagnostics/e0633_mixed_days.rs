//! The first of dates of which one is the last of others.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0633",
    severity: Severity::Error,
    title: "いちばん早い日といちばん遅い日が重なっている",
    explanation: "`earliest of { … }` の中に `latest of { … }` は書けません。逆も書けません。
「A か、B と C の遅い方の、早い方より前」は、A より前か、B と C の遅い方より前、ということです。条件を分けて書きます。",
    wrong: Example::Items(
        r#"criterion early "早い" = earliest of { birth_date; latest of { onset; today } } < 2020-01-01"#,
    ),
    right: Example::Items(
        r#"criterion early "早い" = birth_date < 2020-01-01 or latest of { onset; today } < 2020-01-01"#,
    ),
};

pub(crate) fn mixed_days(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            "いちばん早い日の中にいちばん遅い日（またはその逆）は書けません",
        )
        .help("条件を分けて、それぞれの日付と比べます")
}

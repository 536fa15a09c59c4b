//! More is asked for than there is.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0510",
    severity: Severity::Warning,
    title: "求める数が項目の数より多い",
    explanation: "`at least 3 of` の中に条件が二つしかありません。決して満たされないので、数か条件のどちらかが間違っています。",
    wrong: Example::Items(
        r#"criterion motor "運動症状" = at least 3 of { tremor is present; rigidity is present }"#,
    ),
    right: Example::Items(
        r#"criterion motor "運動症状" = at least 2 of { tremor is present; rigidity is present }"#,
    ),
};

/// Code of [`count_too_large`].
pub(crate) const COUNT_TOO_LARGE: &str = DECLARATION.code;

pub(crate) fn count_too_large(file: &str, span: Span, n: u32, members: usize) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("{n}項目以上とありますが、項目は{members}個です"),
        )
        .help("数か項目を確認してください")
}

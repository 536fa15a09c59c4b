//! Something that is neither true nor false where a condition belongs.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0308",
    severity: Severity::Error,
    title: "条件が必要な場所",
    explanation: "基準、`when`、`all of { … }` などの中には、「はい・いいえ」で答えられる条件を書きます。数や日付は、`>= 3` のように比べると条件になります。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin - 1.0 g/dL"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin - 1.0 g/dL <= 2.0 g/dL"#),
};

pub(crate) fn condition_expected(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "ここには条件（はい・いいえ）が必要です")
        .help("`… >= 3`、`… is present` のように書きます")
}

//! No name before `is`, `in`, `includes` or `is answered`.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0320",
    severity: Severity::Error,
    title: "`is` の左が名前ではない",
    explanation: "`is`、`in { … }`、`includes`、`is answered` の左には、項目、区分、判定の名前を一つ書きます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = (tremor is present) is absent"#),
    right: Example::Items(r#"criterion shaking "振戦がない" = tremor is absent"#),
};

pub(crate) fn is_needs_name(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "`is` の左には項目か区分の名前が必要です")
        .help("例: `tremor is present`")
}

/// Several names stand before one `is`: `(a or b) is present`.
pub(crate) fn is_of_several(file: &str, span: Span, meant: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "`is` の左に書ける名前は一つです")
        .help(format!("`{meant}` と書きます"))
}

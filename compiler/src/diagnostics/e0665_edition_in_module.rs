//! A module says something about editions.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0665",
    severity: Severity::Error,
    title: "モジュールに版の移し方がある",
    explanation: "版があるのは疾病の様式です。`migrate` と `renewal may use` は疾病の定義に書きます。",
    wrong: Example::Folder {
        main: "shared.kohyo",
        files: &[(
            "shared.kohyo",
            r#"module shared "共通" {
  renewal may use edition "2020"
}
"#,
        )],
    },
    right: Example::Folder {
        main: "shared.kohyo",
        files: &[(
            "shared.kohyo",
            r#"module shared "共通" { }
"#,
        )],
    },
};

pub(crate) fn in_module(file: &str, span: Span, word: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("モジュールには `{word}` を書けません"))
        .help("疾病の定義（`disease …`）に書きます")
}

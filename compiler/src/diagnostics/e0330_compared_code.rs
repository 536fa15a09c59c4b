//! A choice, grade or criterion that is compared by `=`, `!=` or `>=`.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0330",
    severity: Severity::Error,
    title: "選択肢や区分を `=` で比べている",
    explanation: "`=`、`!=`、`>=` などの記号は、数と日付を比べます。選択肢、区分、判定は `is` と `is not`、いくつかの値なら `in { … }` で比べます。選択肢や区分に大小はありません。
基準は名前だけで条件になり、打ち消しは `not` と書きます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor = present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

/// `meant` says the same in the words of the language; it is certain, or only begins a list.
pub(crate) fn compared_code(
    file: &str,
    span: Span,
    label: &str,
    meant: String,
    certain: bool,
) -> Diagnostic {
    let message = format!("「{label}」は記号では比べられません");
    let diagnostic = DECLARATION.found(file, span, message);
    if certain {
        diagnostic
            .help(format!("`{meant}` と書きます"))
            .fix(span, meant)
    } else {
        diagnostic.help(format!(
            "選択肢や区分に大小はありません。`{meant}` のように、当てはまるものを並べます"
        ))
    }
}

//! The largest or smallest of rows of which there may be none.

use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0606",
    severity: Severity::Error,
    title: "行がないときの最大・最小が決まらない",
    explanation: "行が一つもなければ、最大値も最小値もありません。行のある場合に限るか、ないときの値を書きます。
合計は、行がなければ 0 です。",
    wrong: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = max of drugs { dose } >= 30 mg"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  rows drugs "使用薬剤" 0..3 of { field dose "一日量" : integer "mg" 0..999 }
}
criterion strong "強い" = drugs.count >= 1 and max of drugs { dose } >= 30 mg"#,
    ),
};

/// `needed` rows must be there.
pub(crate) fn largest_of_no_rows(
    file: &str,
    span: Span,
    repeat: &ast::Repeat,
    needed: &str,
) -> Diagnostic {
    let (name, label) = (&repeat.name.text, &repeat.label.text);
    let message = match needed {
        "1" => format!("「{label}」が 1 行もないときの値が決まりません"),
        _ => format!("「{label}」がほかに 1 行もないときの値が決まりません"),
    };
    DECLARATION.found(file, span, message).help(format!(
        "`{name}.count >= {needed} and …` と行のある場合に限るか、`… if shown else 0` と値を書きます"
    ))
}

/// The same of the earliest or latest date of the rows, instead of which no date can be written.
pub(crate) fn latest_of_no_rows(
    file: &str,
    span: Span,
    repeat: &ast::Repeat,
    needed: &str,
) -> Diagnostic {
    let name = &repeat.name.text;
    largest_of_no_rows(file, span, repeat, needed).help(format!(
        "`{name}.count >= {needed} and …` と行のある場合に限ります。期間には `months from … to … if shown else 0 months` とも書けます"
    ))
}

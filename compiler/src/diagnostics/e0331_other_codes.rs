//! Answers that are compared have different codes.

use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0331",
    severity: Severity::Error,
    title: "選択肢の違う項目を比べている",
    explanation: "`x is y` と項目どうしを比べられるのは、二つの項目が同じコード表を使うときだけです。
別々に書かれた選択肢は、同じ言葉でも別の表です。`code 名前 \"…\" { … }` で一つの表にし、両方の項目で使います。",
    wrong: Example::Items(r#"criterion same "振戦と歩行が同じ" = tremor is walking"#),
    right: Example::Items(r#"criterion same "振戦と固縮が同じ" = tremor is rigidity"#),
};

pub(crate) fn other_codes(
    file: &str,
    span: Span,
    one: &ast::Field,
    two: &ast::Field,
) -> Diagnostic {
    let (one, two) = (&one.label.text, &two.label.text);
    DECLARATION
        .found(
            file,
            span,
            format!("「{one}」と「{two}」は選択肢が違うので、比べられません"),
        )
        .help("同じ選択肢なら「code 名前 \"…\" { … }」で一つの表にし、両方の項目で使います")
}

//! A rule depends on whether something is filled in.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0503",
    severity: Severity::Error,
    title: "記入の有無で判定しようとしている",
    explanation: "基準や判定は、記入の有無ではなく値で決まらなければなりません。未記入は「分からない」として扱われ、「いいえ」にはなりません。
`is answered` は、表示条件、必須条件、チェックの中で使います。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor is answered"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

pub(crate) fn answered_in_rule(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "`is answered` は判定や基準には使えません")
        .note("記入の有無で判定が変わってしまいます")
        .help("値で比べてください。`is answered` は表示条件・必須条件・チェックだけに使えます")
}

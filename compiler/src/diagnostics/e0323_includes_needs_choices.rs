//! `includes` with a field of one code.

use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0323",
    severity: Severity::Error,
    title: "複数選択の項目ではない",
    explanation: "`includes` は、いくつも選べる項目（choices）に使います。一つを選ぶ項目は `is` で比べます。",
    wrong: Example::Items(r#"criterion shaking "振戦がある" = tremor includes present"#),
    right: Example::Items(r#"criterion shaking "振戦がある" = tremor is present"#),
};

pub(crate) fn includes_needs_choices(file: &str, span: Span, field: &ast::Field) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{}」は複数選択の項目ではありません", field.label.text),
        )
        .help("一つを選ぶ項目は `is` で比べます")
}

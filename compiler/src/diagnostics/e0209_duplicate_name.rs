//! A name that is declared twice.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0209",
    severity: Severity::Error,
    title: "同じ名前が二度宣言されている",
    explanation: "一つの名前は一つのものだけを指します。項目、基準、点数、判定は名前を分け合えません（コード表だけは別です）。
片方に別の名前を付けてください。",
    wrong: Example::Items(r#"criterion tremor "振戦の基準" = rigidity is present"#),
    right: Example::Items(r#"criterion shaking "振戦の基準" = rigidity is present"#),
};

pub(crate) const DUPLICATE_NAME: &str = DECLARATION.code;

pub(crate) fn duplicate_name(file: &str, name: &Name, first: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」はすでにあります", name.text),
        )
        .label(file, first, "最初の宣言")
        .help("別の名前を付けてください")
}

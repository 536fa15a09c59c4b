//! A check that never fires.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0712",
    severity: Severity::Warning,
    title: "該当する記録のないチェック",
    explanation: "チェックの条件は、どの記録でも成り立ちません。",
    wrong: Example::Items(
        r#"check R001 error "矛盾" at tremor violated when tremor is present and tremor is absent"#,
    ),
    right: Example::Items(
        r#"check R001 error "矛盾" at tremor violated when tremor is present and rigidity is absent"#,
    ),
};

pub(crate) fn check_never(file: &str, span: Span, id: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("チェック {id} に該当する記録はありません"),
        )
        .help("条件の中に、互いに成り立たないものや、表示されない項目がないか確かめてください")
}

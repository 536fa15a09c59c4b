//! Two checks with one number.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0213",
    severity: Severity::Error,
    title: "チェックの番号が重なっている",
    explanation: "チェックの番号は公開され、病院のシステムやエラー一覧で使われます。一つの番号は一つのチェックだけを指し、廃止しても再び使いません。",
    wrong: Example::Items(
        r#"check R1 error "振戦がありません" at tremor violated when tremor is absent
check R1 error "筋強剛がありません" at rigidity violated when rigidity is absent"#,
    ),
    right: Example::Items(
        r#"check R1 error "振戦がありません" at tremor violated when tremor is absent
check R2 error "筋強剛がありません" at rigidity violated when rigidity is absent"#,
    ),
};

pub(crate) fn duplicate_check(file: &str, id: &Name, other: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            id.span,
            format!("チェック「{}」の番号はすでに使われています", id.text),
        )
        .label(other, span, "最初のチェック")
        .help("チェックの番号は公開されるため、重ならない番号を付けてください")
}

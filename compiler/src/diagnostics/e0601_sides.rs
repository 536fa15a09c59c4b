//! Sides that are not two different ones.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0601",
    severity: Severity::Error,
    title: "側が一つか、同じ名前の側がある",
    explanation: "`each side` には、左右のように二つ以上の側を、別々の名前で書きます。
側の名前は項目名の後に付きます（`acuity_right`）。",
    wrong: Example::Items(
        r#"section more "追加" { each side eye "眼" of right "右" { field acuity "視力" : decimal 3.2 } }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { each side eye "眼" of right "右", left "左" { field acuity "視力" : decimal 3.2 } }"#,
    ),
};

pub(crate) fn one_side(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "側が 1 つしかありません")
        .help("2 つ以上書きます。例: of right \"右\", left \"左\"。1 つだけなら field で書きます")
}

pub(crate) fn duplicate_side(file: &str, name: &Name) -> Diagnostic {
    let message = format!("「{}」という側が二度あります", name.text);
    DECLARATION
        .found(file, name.span, message)
        .help("側ごとに別の名前を付けてください")
}

//! `better` or `worse` of something that has no sides.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0607",
    severity: Severity::Error,
    title: "側ごとの項目ではない",
    explanation: "`better`、`worse` は、`each side` の中の項目のうち、良い方・悪い方の側の値です。ほかの項目には使えません。",
    wrong: Example::Items(r#"criterion low "低い" = worse albumin < 3.0 g/dL"#),
    right: Example::Items(r#"criterion low "低い" = albumin < 3.0 g/dL"#),
};

pub(crate) fn no_sides(file: &str, path: &Path) -> Diagnostic {
    let message = format!("「{}」は側ごとの項目ではありません", path_text(path));
    DECLARATION
        .found(file, path.span, message)
        .help("`better`、`worse` は `each side` の中の項目に使います")
}

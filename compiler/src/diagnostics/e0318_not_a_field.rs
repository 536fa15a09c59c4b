//! A check that is to be shown at something that is no field.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0318",
    severity: Severity::Error,
    title: "項目ではない名前",
    explanation: "チェックの `at` の後には、画面で印を付ける項目の名前を書きます。基準や判定には、画面の上の場所がありません。",
    wrong: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
check R1 warning "振戦がありません" at shaking violated when not shaking"#,
    ),
    right: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
check R1 warning "振戦がありません" at tremor violated when not shaking"#,
    ),
};

pub(crate) fn not_a_field(file: &str, path: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」は項目ではありません", path_text(path)),
        )
        .help("チェックを表示する項目を `at` の後に書きます")
}

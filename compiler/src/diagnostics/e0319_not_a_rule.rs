//! Something that cannot be displayed.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0319",
    severity: Severity::Error,
    title: "点数・計算値・区分ではない名前",
    explanation: "`display` は、計算した値を画面のその場所に示します。書けるのは score、value、grade、table の名前です。
項目は `field` で置きます。",
    wrong: Example::Items(r#"section result "結果" {
  display tremor
}"#),
    right: Example::Items(r#"score motor "運動症状" = count of { tremor is present; rigidity is present }
section result "結果" {
  display motor
}"#),
};

pub(crate) fn not_a_rule(file: &str, path: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」は点数・計算値・区分ではありません", path_text(path)),
        )
        .help("`display` には score、value、grade、table の名前を書きます")
}

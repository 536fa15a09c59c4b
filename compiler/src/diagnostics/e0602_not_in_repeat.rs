//! Rows or sides inside each other, or something else that cannot stand in them.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0602",
    severity: Severity::Error,
    title: "行や側の中に書けないもの",
    explanation: "rows や each side の中には、項目、グループ、注だけを書けます。
行の中の行は、公式の記録の形にもありません。規則の中で行や側を重ねるのは二段までです。",
    wrong: Example::Items(
        r#"section more "追加" { rows drugs "使用薬剤" 0..3 of { each side eye "眼" of right "右", left "左" { field drops "点眼" : integer 0..9 } } }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { rows drugs "使用薬剤" 0..3 of { field drops_right "右の点眼" : integer 0..9; field drops_left "左の点眼" : integer 0..9 } }"#,
    ),
};

pub(crate) fn not_in_repeat(file: &str, span: Span, word: &str) -> Diagnostic {
    let message = format!("`{word}` は rows や each side の中には書けません");
    DECLARATION
        .found(file, span, message)
        .help("外に移すか、項目を並べて書いてください")
}

pub(crate) fn repeats_too_deep(file: &str, of: &Path) -> Diagnostic {
    let message = format!("「{}」までの入れ子が深すぎます", path_text(of));
    DECLARATION
        .found(file, of.span, message)
        .help("行や側ごとの条件は 2 段までです")
}

pub(crate) fn no_other_row(file: &str, of: &Path) -> Diagnostic {
    let message = "名前を付けた行のほかに、読む行がありません";
    DECLARATION
        .found(file, of.span, message)
        .help("比べる行があるように、行の最大の数を 2 以上にします")
}

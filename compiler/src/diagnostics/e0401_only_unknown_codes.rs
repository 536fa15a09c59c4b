//! A code table of which no code is known.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0401",
    severity: Severity::Error,
    title: "すべてのコードが「不明」扱い",
    explanation: "`unknown` は「医師にも分からない」という答えに付けます。どの答えでも分からないのでは、項目が何も伝えません。
分かっている場合のコードには `unknown` を付けません。",
    wrong: Example::Items(r#"code result "結果" { 1 unclear "不明" unknown; 2 untested "未実施" unknown }"#),
    right: Example::Items(r#"code result "結果" { 1 positive "陽性"; 2 negative "陰性"; 3 untested "未実施" unknown }"#),
};

pub(crate) fn only_unknown_codes(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "すべてのコードが「不明」扱いになっています")
        .help("分かっている場合のコードを少なくとも一つ、`unknown` なしで書いてください")
}

//! A script that cannot be read.

use kohyo_dsl::ast::Text;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::ScriptError;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0640",
    severity: Severity::Error,
    title: "関数の式を読めない",
    explanation: "`rhai` の後の `\"\"\"` の間は Rhai という言語で書きます。
変数は使う前に `let` で作り、結果は最後に `;` なしで書きます。引数のほかに外の名前は使えません。",
    wrong: Example::Items(
        "function half \"半分\" (x: decimal) : decimal 4.1 = rhai \"\"\"
  y / 2
\"\"\"",
    ),
    right: Example::Items(
        "function half \"半分\" (x: decimal) : decimal 4.1 = rhai \"\"\"
  x / 2
\"\"\"",
    ),
};

pub(crate) fn script(file: &str, script: &Text, error: &ScriptError) -> Diagnostic {
    DECLARATION
        .found(
            file,
            place(script, error),
            format!("関数の式を読めません（{}）", error.reason),
        )
        .note("式のここ")
        .help("括弧と「;」が揃っているか、名前を `let` で作ったかを確かめます")
}

/// The place in the file that the error means: from there to the end of its line.
fn place(script: &Text, error: &ScriptError) -> Span {
    /// Length of the quotation marks before the script.
    const MARK: usize = 3;
    let begin = script.span.start as usize + MARK;
    let mut at = 0;
    for (number, line) in (1..).zip(script.text.split_inclusive('\n')) {
        if Some(number) == error.line {
            let column = error.column.unwrap_or(1).saturating_sub(1);
            let content = line.trim_end();
            let indent = content.len() - content.trim_start().len();
            let from = content
                .char_indices()
                .nth(column)
                .map_or(indent.min(content.len()), |(i, _)| i);
            if content.len() > from {
                return Span::new(begin + at + from, begin + at + content.len());
            }
        }
        at += line.len();
    }
    script.span
}

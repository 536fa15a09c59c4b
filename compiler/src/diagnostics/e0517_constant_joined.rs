//! `yes` or `no` as a part of `and` or `or`: it changes nothing, or it decides alone.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0517",
    severity: Severity::Error,
    title: "「and」「or」の後に yes か no だけがある",
    explanation: "`device is yes or no` は「（装具の使用が「あり」）または（成り立たない）」と読まれ、「なし」の患者では成り立ちません。
いくつかの答えのどれかなら `device in { yes; no }` と書きます。
ほかの条件をつなぐなら、`and` や `or` の後にも比べるものから書きます（`device is yes or aid is yes`）。
答えがあるかどうかを見るだけなら、項目に `required` を付けます。",
    wrong: Example::Items(r#"criterion known "装具の使用が分かっている" = device is yes or no"#),
    right: Example::Items(
        r#"criterion known "装具の使用が分かっている" = device in { yes; no }"#,
    ),
};

/// `value` is the constant and `joiner` the word before it; `meant` is the whole as it was probably
/// meant, and replaces `whole`.
pub(crate) fn constant_joined(
    file: &str,
    span: Span,
    (joiner, value): (&str, bool),
    meant: Option<(Span, String)>,
) -> Diagnostic {
    let word = if value { "yes" } else { "no" };
    let found = DECLARATION.found(
        file,
        span,
        format!("「{joiner}」の後の「{word}」だけでは、何と比べるのか決まりません"),
    );
    match meant {
        Some((whole, meant)) => found
            .help(format!("いくつかの答えのどれかなら `{meant}` と書きます"))
            .fix(whole, meant),
        None => found.help(format!(
            "比べるものから書きます（`{joiner} x is {word}`）。条件でないなら「{joiner} {word}」を消します"
        )),
    }
}

//! A field that may stay unasked, but never certainly so.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0724",
    severity: Severity::Warning,
    title: "記入しないと決まらない項目",
    explanation: "`shown when` の条件が成り立たないことがありません。\
                  どの答えを書いても尋ねないことにならないので、尋ねないはずの項目に記入があっても、何も指摘されません。\
                  ある項目の選択肢をすべて挙げた条件は、こうなります。\
                  選択肢の比較では、挙げていない選択肢が書いてあれば尋ねません。\
                  ただし、個数を数える条件などの中では、「未実施」「不明」のように `unknown` の付いた選択肢は「分からない」ままです。\
                  尋ねない答えを条件から外すか、`shown unless` でその名前を書きます。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding shown when tremor in { present; absent; unclear } }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding shown when tremor in { present; absent } }"#,
    ),
};

/// `unknown` says which answers leave the condition open: 「検査」の「未実施」.
pub(crate) fn never_hidden(file: &str, span: Span, label: &str, unknown: &[String]) -> Diagnostic {
    let found = DECLARATION.found(
        file,
        span,
        format!("項目「{label}」には、記入しない条件が成り立つことがありません"),
    );
    let found = match unknown {
        [] => found,
        unknown => found.note(format!(
            "{}では、`shown when` の条件は成り立たないのではなく、分からない",
            unknown.join("、")
        )),
    };
    found.help("尋ねない答えの名前を、`shown unless 項目 is 答え` のように書いてください")
}

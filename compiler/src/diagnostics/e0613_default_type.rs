//! A first answer that is no answer of its field.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0613",
    severity: Severity::Error,
    title: "初期値が項目の型に合わない",
    explanation: "`default` には、その項目に書ける答えを書きます。選択肢ならコードの名前、数なら単位の合う範囲内の数、日付なら日付か `today` です。",
    wrong: Example::Items(
        r#"section more "追加" { field visits "受診回数" : integer "回" 0..31 default none }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field visits "受診回数" : integer "回" 0..31 default 0 }"#,
    ),
};

pub(crate) fn default_type(file: &str, span: Span, wanted: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "この項目の初期値にはなりません")
        .help(format!("ここに書けるのは{wanted}です"))
}

pub(crate) fn no_default(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "この型の項目に初期値はありません")
        .note("人ごとに違う答えです")
        .help("`default …` を消してください")
}

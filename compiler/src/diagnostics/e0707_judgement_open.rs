//! Complete answers that leave a judgement open.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0707",
    severity: Severity::Warning,
    title: "すべて分かっていても決まらない判定",
    explanation: "必要な項目がすべて分かっているのに、区分が決まりません。0で割る計算や、どれにも当てはまらない等級が判定に使われています。
例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"criterion ratio "比が2以上" = 10 / albumin >= 2 "dL/g"
judgement diagnosis "診断" { category a "A" when ratio; otherwise none "なし"; eligible a }"#,
    ),
    right: Example::Items(
        r#"criterion ratio "比が2以上" = albumin <= 5.0 g/dL
judgement diagnosis "診断" { category a "A" when ratio; otherwise none "なし"; eligible a }"#,
    ),
};

pub(crate) fn judgement_open(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("すべての項目が分かっていても、「{label}」の区分が決まらない患者がいます"),
        )
        .help("計算できない値（0で割るなど）や、どれにも当てはまらない等級がないか確かめてください")
}

//! Categories that overlap in a judgement that is not read in order.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0703",
    severity: Severity::Warning,
    title: "重なる区分",
    explanation: "二つの区分の条件を同時に満たす患者がいます。上から順に読む判定であれば `first match` と書いてください。
例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" { category a "A" when tremor is present; category b "B" when rigidity is present; otherwise none "なし"; eligible a }"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" first match { category a "A" when tremor is present; category b "B" when rigidity is present; otherwise none "なし"; eligible a }"#,
    ),
};

pub(crate) fn categories_overlap(file: &str, span: Span, one: &str, two: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{one}」と「{two}」の条件を同時に満たす患者がいます"),
        )
        .help("上から順に読む判定なら `first match` と書き、そうでなければ条件を分けてください")
}

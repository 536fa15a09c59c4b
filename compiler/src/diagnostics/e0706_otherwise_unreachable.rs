//! Nobody is left for the last category.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0706",
    severity: Severity::Warning,
    title: "誰も「いずれにも該当しない」にならない",
    explanation: "先の区分のどれかに必ず当てはまるため、最後の区分になる患者はいません。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" { category a "A" when albumin < 3.0 g/dL; category b "B" when albumin >= 3.0 g/dL; otherwise none "なし"; eligible a }"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" { category a "A" when albumin < 3.0 g/dL; otherwise none "なし"; eligible a }"#,
    ),
};

/// With `gaps` some patients have no category at all.
pub(crate) fn otherwise_unreachable(file: &str, span: Span, label: &str, gaps: bool) -> Diagnostic {
    let others = if gaps {
        "先の区分のどれかになるか、隙間に入って決まりません"
    } else {
        "先の区分のどれかになります"
    };
    DECLARATION
        .found(
            file,
            span,
            format!("区分「{label}」になる患者はいません。どの患者も、{others}"),
        )
        .help("先の区分の条件が広すぎないか確かめてください。どの患者も先の区分になるのが正しければ、最後の区分を `otherwise` で書き、この行を消します")
}

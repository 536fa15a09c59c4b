//! A narrow gap between two arms, whose patients `otherwise` takes.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0725",
    severity: Severity::Warning,
    title: "二つの範囲の狭い隙間が otherwise になる",
    explanation: "二つの行の範囲の間に、一つの値、または書かれた桁より狭い隙間があり、そこに入る患者は `otherwise` か、その数に触れない後の行になります（`x in 1.5..1.9` の次に `x in 2.0..2.9` と書くと、計算した 1.95 はどちらにも入りません）。
二つの項目を比べる行（`x > y` と `x < y`）で、等しいときだけがどちらにも入らないときも知らせます。
合計や行のまとまりの中の `first match` と `if`、それで決める基準も調べます。
公表された表の隙間を、そのまま写したときに起こります。広い隙間は正常範囲とみなし、知らせません。
間の値がどちらに入るかを決めて範囲をつなげます。公式の文にどちらとも書かれていなければ `gap in … when … because \"…\"` と宣言します。
例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"grade level "程度" : low "低い" | normal "正常" | high "高い" = first match {
  low    when albumin < 3.0 g/dL
  normal when albumin > 3.0 g/dL
  otherwise high
}"#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "低い" | normal "正常" = first match {
  low    when albumin < 3.0 g/dL
  normal when albumin >= 3.0 g/dL
}"#,
    ),
};

pub(crate) fn between_arms(
    file: &str,
    span: Span,
    label: &str,
    arms: (&str, &str),
    otherwise: &str,
) -> Diagnostic {
    DECLARATION
        .found(file, span, message(label, arms, otherwise))
        .help("間の値がどちらに入るかを決め、範囲をつなげてください。公式の文のとおりなら `gap in` で宣言します")
}

/// A later arm, which says nothing of the number, takes them as `otherwise` would.
pub(crate) fn taken_between(
    file: &str,
    span: Span,
    label: &str,
    arms: (&str, &str),
    receiver: &str,
) -> Diagnostic {
    DECLARATION
        .found(file, span, message(label, arms, receiver))
        .help(format!("間の値がどちらに入るかを決め、範囲をつなげてください。公式の文のとおりなら、「{receiver}」の条件にもその値を書きます"))
}

fn message(label: &str, (below, above): (&str, &str), receiver: &str) -> String {
    let between = if below == above {
        format!("「{below}」の二つの範囲")
    } else {
        format!("「{below}」と「{above}」の範囲")
    };
    format!(
        "「{label}」では、{between}の間に狭い隙間があり、そこに入る患者は「{receiver}」になります"
    )
}

/// Two things are compared with each other, and none of the arms says what becomes of equal ones.
pub(crate) fn tie_of_arms(
    file: &str,
    span: Span,
    label: &str,
    (one, two): (&str, &str),
    otherwise: &str,
) -> Diagnostic {
    let arms = if one == two {
        format!("「{one}」のどちらの行")
    } else {
        format!("「{one}」と「{two}」のどちら")
    };
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」では、{TIE}は{arms}にも当てはまらず、「{otherwise}」になります"),
        )
        .help("等しいときにどの結果になるかを決め、`>=`、`<=` か、`=` の行で書いてください。公式の文のとおりなら `gap in` で宣言します")
}

/// Whether `finding` is about the same two arms as one that was told of equal things: whoever they
/// become, it is one decision.
pub(crate) fn is_of_tie(finding: &Diagnostic, told: &[Diagnostic]) -> bool {
    let arms = |found: &Diagnostic| {
        let other = found.labels.first().map(|label| label.span);
        (found.file.clone(), found.span, other)
    };
    let of_gaps = |found: &&Diagnostic| found.code == DECLARATION.code;
    let mut ties = told
        .iter()
        .filter(of_gaps)
        .filter(|tie| tie.message.contains(TIE));
    of_gaps(&finding) && ties.any(|tie| arms(tie) == arms(finding))
}

/// What is said of equal things, and of nothing else.
const TIE: &str = "比べる二つが等しい患者";

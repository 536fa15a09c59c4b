//! A declared gap or double answer that is not there.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0722",
    severity: Severity::Error,
    title: "宣言した隙間や重なりがない",
    explanation: "`gap in …` は、公式の文そのものに答えのない患者がいることを、`overlap in …` は、二つの答えがある患者がいることを宣言します。
宣言した患者にちょうど一つの答えがあるなら、宣言か規則のどちらかが間違っています。例の患者は実際に判定して確かめたものです。
合計や個数の行（`sum of`、`count of`、`at least 2 of`、領域）では、`overlap in …` は境目の値で二つの行に数えられる患者、`gap in …` は境目の値がどの行にも数えられない患者のことです。
宣言した患者の一部にだけ一つの答えがあるときも誤りです。広すぎる宣言は、その中のほかの隙間や重なりを隠します。
行ごとの帯（`if sex is male then bands of …`）では、隙間のある行の患者のことと読みます。",
    wrong: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match {
  low  when albumin > 3.0 g/dL
  high when albumin <= 3.0 g/dL
}
gap in level when albumin = 3.0 g/dL because "公式の表に行がない""#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match {
  low  when albumin > 3.0 g/dL
  high when albumin < 3.0 g/dL
}
gap in level when albumin = 3.0 g/dL because "公式の表に行がない""#,
    ),
};

pub(crate) fn no_such_gap(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に、ここで宣言した隙間はありません"),
        )
        .help("宣言を消すか、条件を、どれにも当てはまらない患者だけに直してください")
}

/// The gap is there, but the declaration holds values of bands as well. `only` is its one value,
/// `between` says which bands it lies between.
pub(crate) fn gap_beside_bands(
    file: &str,
    span: Span,
    label: &str,
    only: Option<&str>,
    between: &str,
) -> Diagnostic {
    let found = DECLARATION.found(
        file,
        span,
        format!("「{label}」の、ここで宣言した隙間は広すぎます。帯のある値が入っています"),
    );
    found.help(match only {
        Some(value) => format!("隙間は {value} だけです。`= {value}` と、その値だけを宣言します"),
        None => format!("隙間は{between}だけです。その値だけを宣言します"),
    })
}

pub(crate) fn no_such_overlap(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に、ここで宣言した重なりはありません"),
        )
        .help("宣言を消すか、条件を、二つの答えのある患者に直してください")
}

/// Some of those for whom a gap is declared get an outcome.
pub(crate) fn wide_gap(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に、ここで宣言した隙間のうち、当てはまるもののある患者がいます"),
        )
        .help("条件を、どれにも当てはまらない患者だけに狭めてください")
}

/// Some of those for whom a gap between lines that are counted is declared are not in it.
pub(crate) fn wide_gap_of_lines(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に、ここで宣言した隙間のうち、二つの行のあいだの隙間に入らない患者がいます"),
        )
        .help("条件を、二つの行のあいだのどちらにも数えられない患者だけに狭めてください")
}

/// Some of those for whom a double answer is declared get just one.
pub(crate) fn wide_overlap(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」に、ここで宣言した重なりのうち、答えが一つだけの患者がいます"),
        )
        .help("条件を、二つの答えのある患者だけに狭めてください")
}

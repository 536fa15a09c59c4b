//! Two arms read in order that meet at a value and both have it.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0723",
    severity: Severity::Warning,
    title: "境目の値が二つの行に入る",
    explanation: "上から順に読む区分で、二つの行がちょうど一つの値で重なり、異なる結果を出しています（`x >= 30` の次に `x <= 30` など）。合計や行のまとまりの中の `first match` と `if`、それで決める基準も調べます。
順番のために先の行の結果になりますが、公表された表の境目の重なりを、そのまま写したときにも起こります。
境目がどちらに入るかを決めて、片方の範囲から除きます。公式の文がそうなっているなら `overlap in … when … because \"…\"` と宣言します。
例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match {
  low  when albumin >= 3.0 g/dL
  high when albumin <= 3.0 g/dL
}"#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match {
  low  when albumin >= 3.0 g/dL
  high when albumin < 3.0 g/dL
}"#,
    ),
};

pub(crate) fn boundary_twice(
    file: &str,
    span: Span,
    label: &str,
    one: &str,
    two: &str,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」では、境目の値が「{one}」と「{two}」の両方に入ります"),
        )
        .help("境目の値がどちらに入るかを決め、片方の範囲から除いてください。公式の文のとおりなら `overlap in` で宣言します")
}

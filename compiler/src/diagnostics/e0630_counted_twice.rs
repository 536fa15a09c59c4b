//! A value that two ranges of a sum count.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0630",
    severity: Severity::Warning,
    title: "境目の値に二つの点数が付く",
    explanation: "`sum of`、`count of`、`at least 2 of` の二つの行の範囲が、同じ数や日付のちょうど一つの値で重なっています。その値では両方が数えられます。
領域（`domain`）と `max of` では多い方の点数になりますが、表がそう言っているとは限らないので、同じように知らせます。
一つの規則が合わせて読む二つの `count of`（大基準の数と小基準の数、行の数など）の間でも調べます。
名前のある基準や、ほかの条件と「かつ」で結ばれた範囲の中も調べ、そうなる患者を一人示します（`kohyo check`）。
公表された表の境目（「30〜32」と「32〜33.9」など）をそのまま写したときに起こります。
一方が他方に含まれる範囲（`x >= 1` と `x >= 2`）は、点数を積み上げる書き方なので知らせません。
公表された表そのものの重なりなら、そのまま書いて `overlap in s when albumin = 3.0 g/dL because \"…\"` と宣言します。
一つの値に一つの点数だけを付ける表は、`bands of` で書くと重なりも隙間も調べられます。",
    wrong: Example::Items(
        r#"score s "点数" = sum of { 3 when albumin <= 3.0 g/dL; 2 when albumin in 3.0..3.4 g/dL }"#,
    ),
    right: Example::Items(
        r#"score s "点数" = sum of { 3 when albumin < 3.0 g/dL; 2 when albumin in 3.0..3.4 g/dL }"#,
    ),
};

/// The two lines, the number with the value, the points of the two lines.
pub(crate) fn counted_twice(
    file: &str,
    (first, second): (Span, Span),
    (subject, value): (&str, &str),
    (one, two): (&str, &str),
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            second,
            format!("{subject} {value}に、二つの点数が付きます"),
        )
        .label(file, first, "この行にも当てはまります")
        .note(format!(
            "例: {subject} {value}。{one}点と{two}点の両方が数えられます"
        ))
        .help("境目の値がどちらに入るかを決め、`30 ..< 32` や `<` で片方の範囲から除きます。公式の文のとおりなら `overlap in` で宣言します")
}

/// The second line, what the score is called, somebody at the boundary, the points of both lines.
pub(crate) fn both_counted(
    file: &str,
    second: Span,
    label: &str,
    example: &str,
    points: Option<(&str, &str)>,
) -> Diagnostic {
    let counted = match points {
        Some((one, two)) => format!("{one}点と{two}点の両方が数えられます"),
        None => "二つとも数えられます".to_owned(),
    };
    DECLARATION
        .found(
            file,
            second,
            format!("「{label}」では、境目の値が二つの行に当てはまり、両方が数えられます"),
        )
        .note(format!("{example}。{counted}"))
        .help("境目の値がどちらに入るかを決め、`30 ..< 32` や `<` で片方の範囲から除きます。公式の文のとおりなら `overlap in` で宣言します")
}

/// As [`both_counted`], of lines of which the one with the most points counts.
pub(crate) fn highest_of_both(
    file: &str,
    second: Span,
    label: &str,
    example: &str,
    points: Option<(&str, &str)>,
) -> Diagnostic {
    let counted = match points {
        Some((one, two)) => format!("{one}点と{two}点のうち、多い方になります"),
        None => "多い方になります".to_owned(),
    };
    DECLARATION
        .found(
            file,
            second,
            format!("「{label}」では、境目の値が二つの行に当てはまります"),
        )
        .note(format!("{example}。{counted}"))
        .help("境目の値がどちらに入るかを決め、`30 ..< 32` や `<` で片方の範囲から除きます。公式の文のとおりなら `overlap in` で宣言します")
}

/// A line of the second of two counts that a rule reads together, what they are called, somebody at
/// the boundary.
pub(crate) fn counted_in_both(
    file: &str,
    second: Span,
    (one, two): (&str, &str),
    example: &str,
) -> Diagnostic {
    let message = if one == two {
        format!("「{one}」では、境目の値が二つの数のどちらにも数えられます")
    } else {
        format!("境目の値が、「{one}」と「{two}」のどちらにも数えられます")
    };
    DECLARATION
        .found(file, second, message)
        .note(example)
        .help("境目の値がどちらに入るかを決め、`<` や `>` で片方から除きます。公式の文のとおりなら、どちらかの数の名前で `overlap in` に宣言します")
}

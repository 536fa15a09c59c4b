//! A single value between two ranges of a sum that counts nothing.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0631",
    severity: Severity::Warning,
    title: "範囲のあいだの一つの値に点数が付かない",
    explanation: "`sum of`、`domain`、`max of` の二つの行のあいだに、どの行にも当てはまらない値がちょうど一つあり、0 点と数えられます。
名前のある基準や、ほかの条件と「かつ」で結ばれた範囲、`count of`、期間だけ離れた日付のあいだも調べます（`kohyo check`）。
項目を基準値や計算した数と比べる二つの行で、等しいときだけが抜けるときも知らせます。二つの項目どうしなら、等しいときに数えないつもりのことが多いので知らせません。
「以上」「超」「以下」「未満」の取り違えか、公表された表の書き落としです。広い隙間は正常範囲とみて知らせません。
本当に 0 点なら、その値の行を `0 when albumin = 3.0 g/dL` のように書きます。
公表された表そのものの隙間なら、そのまま書いて `gap in s when albumin = 3.0 g/dL because \"…\"` と宣言します。",
    wrong: Example::Items(
        r#"score s "点数" = sum of { 2 when albumin < 3.0 g/dL; 1 when albumin in 3.1..3.4 g/dL }"#,
    ),
    right: Example::Items(
        r#"score s "点数" = sum of { 2 when albumin <= 3.0 g/dL; 1 when albumin in 3.1..3.4 g/dL }"#,
    ),
};

/// The two lines beside the value; the number, where it has no points, and a value there.
pub(crate) fn counted_not(
    file: &str,
    (below, above): (Span, Span),
    (subject, place, value): (&str, &str, &str),
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            above,
            format!("{subject} {place}には、どの行の点数も付きません"),
        )
        .label(file, below, "この行にも入りません")
        .note(format!(
            "例: {subject} {value}。どの行にも当てはまらず、0点と数えられます"
        ))
        .help("境目の値がどちらに入るかを決めて範囲をつなげます。本当に 0 点なら、その値の行を `0 when … = …` と書きます。公式の文のとおりなら `gap in` で宣言します")
}

/// The line above the gap, what the score is called, somebody in it, whether the lines have points.
pub(crate) fn neither_counted(
    file: &str,
    above: Span,
    label: &str,
    example: &str,
    points: bool,
) -> Diagnostic {
    let message =
        format!("「{label}」では、二つの行の範囲のあいだの狭い隙間が、どの行にも数えられません");
    not_counted(DECLARATION.found(file, above, message), example, points)
        .help("境目の値がどちらに入るかを決めて範囲をつなげます。本当に 0 点なら、その値の行を `0 when … = …` と書きます。公式の文のとおりなら `gap in` で宣言します")
}

/// As [`neither_counted`], of somebody of whom two numbers are equal that the lines compare.
pub(crate) fn tie_not_counted(
    file: &str,
    above: Span,
    label: &str,
    example: &str,
    points: bool,
) -> Diagnostic {
    let message = format!("「{label}」では、比べる二つが等しい患者が、どの行にも数えられません");
    not_counted(DECLARATION.found(file, above, message), example, points)
        .help("等しいときがどちらに入るかを決めて、`>=` か `<=` で書きます。本当に 0 点なら、その行を `0 when … = …` と書きます。公式の文のとおりなら `gap in` で宣言します")
}

fn not_counted(found: Diagnostic, example: &str, points: bool) -> Diagnostic {
    let counted = if points {
        "どの行にも当てはまらず、0点と数えられます"
    } else {
        "どの行にも当てはまらず、数えられません"
    };
    found.note(format!("{example}。{counted}"))
}

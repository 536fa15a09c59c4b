//! A gap or double answer of something that cannot have it.

use super::words::path_text;
use kohyo_dsl::ast::{ExceptionKind, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0629",
    severity: Severity::Error,
    title: "隙間や重なりを宣言できない規則",
    explanation: "`gap in … when … because \"…\"` は、同じファイルの区分（grade、table）、判定と、帯（bands of）や場合分け（`first match`、`if … else if …`）で付ける点数と値、場合分けで決める基準に書けます。帯と場合分けは合計などの中にあってもかまいません。
合計や個数（`sum of`、`count of`、`max of`、領域）の二つの行のあいだの、どちらにも数えられない境目の値（E0631）にも書けます。
`overlap in … when … because \"…\"` も同じです。合計や個数の二つの行に数えられる境目の値（E0630）には、`at least 2 of` の基準でも書けます。
帯の隙間と重なりは、帯と同じ数の範囲か比較で書きます。いくつかあれば `or` で並べられます（`vc in 79 <..< 80 % or vc in 64 <..< 65 %`）。
`if` や `first match` の行ごとに帯があるときは、その行の条件を `and` で添えられます（`sex is male and grip in 44 <..< 45 kg`）。どの行のことか決められない条件は添えられません。",
    wrong: Example::Items(
        r#"criterion low "低アルブミン" = albumin <= 3.0 g/dL
gap in low when albumin = 3.5 g/dL because "公式の表に行がない""#,
    ),
    right: Example::Items(
        r#"score s "点数" = bands of albumin { < 3.0 g/dL gives 2; > 3.0 gives 0 }
gap in s when albumin = 3.0 g/dL because "公式の表に行がない""#,
    ),
};

pub(crate) fn not_excepted(file: &str, of: &Path, kind: ExceptionKind) -> Diagnostic {
    let what = match kind {
        ExceptionKind::Gap => "隙間",
        ExceptionKind::Overlap => "重なり",
    };
    DECLARATION
        .found(
            file,
            of.span,
            format!("「{}」に{what}は宣言できません", path_text(of)),
        )
        .help("`gap` と `overlap` は、同じファイルの grade、table、judgement、または bands、first match、if … else if、sum of、count of の点数と基準に書きます（`at least 2 of` には `overlap` だけ）")
}

/// What is declared of bands is not about their number.
pub(crate) fn exception_of_bands(
    file: &str,
    span: Span,
    subject: &str,
    kind: ExceptionKind,
) -> Diagnostic {
    let message = match kind {
        ExceptionKind::Gap => "帯の隙間は、帯の数の範囲で書きます",
        ExceptionKind::Overlap => "帯の重なりは、帯の数の範囲で書きます",
    };
    DECLARATION.found(file, span, message).help(format!(
        "`{subject} = …`、`{subject} in … ..< …`、`{subject} > … and {subject} < …` のように書いてください。添えられるのは、帯のある行の条件だけです"
    ))
}

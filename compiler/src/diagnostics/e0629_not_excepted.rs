//! A gap or double answer of something that cannot have it.

use super::words::path_text;
use kohyo_dsl::ast::{ExceptionKind, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0629",
    severity: Severity::Error,
    title: "隙間や重なりを宣言できない規則",
    explanation: "`gap in … when … because \"…\"` は、同じファイルの区分（grade、table）と、帯（bands of）で付ける点数に書けます。
`overlap in … when … because \"…\"` は、同じファイルの区分（grade、table）と判定に書けます。
帯の隙間は、帯と同じ数の範囲か比較で書きます。",
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
    let (what, can) = match kind {
        ExceptionKind::Gap => (
            "隙間",
            "`gap` は、同じファイルの grade、table、または bands の点数に書きます",
        ),
        ExceptionKind::Overlap => (
            "重なり",
            "`overlap` は、同じファイルの grade、table、judgement に書きます",
        ),
    };
    DECLARATION
        .found(
            file,
            of.span,
            format!("「{}」に{what}は宣言できません", path_text(of)),
        )
        .help(can)
}

/// The gap between bands is not about the number of the bands.
pub(crate) fn gap_of_bands(file: &str, span: Span, subject: &str) -> Diagnostic {
    DECLARATION
        .found(file, span, "帯の隙間は、帯の数の範囲で書きます")
        .help(format!(
            "`{subject} = …` や `{subject} in … ..< …` のように書いてください"
        ))
}

//! A criterion or grade in a calculation.

use super::words::path_text;
use crate::world::RuleKind;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0314",
    severity: Severity::Error,
    title: "基準や区分は数ではない",
    explanation: "計算に使えるのは、点数、計算値、数の項目です。満たした基準を数えるときは `count of { … }`、点数を付けるときは `2 when 基準` と書きます。",
    wrong: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
score motor "運動症状" = sum of { shaking }"#,
    ),
    right: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
score motor "運動症状" = sum of { 2 when shaking }"#,
    ),
};

/// `low * 3`, which is meant as points: `meant`.
pub(crate) fn criterion_times(file: &str, span: Span, label: &str, meant: String) -> Diagnostic {
    DECLARATION
        .found(file, span, format!("「{label}」は数値ではありません"))
        .help(format!("満たせば付く点数は `{meant}` と書きます"))
        .fix(span, meant)
}

pub(crate) fn rule_is_no_number(file: &str, path: &Path, kind: RuleKind<'_>) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」は数値ではありません", kind.label()),
        )
        .help(match kind {
            RuleKind::Criterion(_) => format!(
                "数えるときは `count of {{ {} }}` と書きます",
                path_text(path)
            ),
            _ => format!("`{} is …` と区分で比べてください", path_text(path)),
        })
}

//! A score, value or grade that stands alone as a condition.

use super::words::path_text;
use crate::world::RuleKind;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0313",
    severity: Severity::Error,
    title: "点数・計算値・区分はそのままでは条件にならない",
    explanation: "点数と計算値は `>= 3` のように比べ、区分（grade、table）は `is` で比べると条件になります。",
    wrong: Example::Items(
        r#"score motor "運動症状の点数" = sum of { 2 when tremor is present; 1 when rigidity is present }
criterion positive "運動症状がある" = motor"#,
    ),
    right: Example::Items(
        r#"score motor "運動症状の点数" = sum of { 2 when tremor is present; 1 when rigidity is present }
criterion positive "運動症状がある" = motor >= 2"#,
    ),
};

pub(crate) fn rule_is_no_condition(file: &str, path: &Path, kind: RuleKind<'_>) -> Diagnostic {
    let name = path_text(path);
    let diagnostic = DECLARATION.found(
        file,
        path.span,
        format!("「{}」は条件ではありません", kind.label()),
    );
    match kind.outcomes().and_then(|o| o.first()) {
        Some(outcome) => diagnostic.help(format!(
            "`{name} is {}` のように区分を書いてください",
            outcome.name.text
        )),
        None => diagnostic.help(format!("`{name} >= …` のように比べてください")),
    }
}

//! `is` with a criterion, score or value.

use super::words::{Compared, compared_number, path_text};
use crate::world::RuleKind;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0322",
    severity: Severity::Error,
    title: "`is` で比べられない規則",
    explanation: "`is` で比べられる規則は、区分（grade、table）と判定です。基準は名前だけで条件になり、点数と計算値は `>= 3` のように比べます。",
    wrong: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
criterion motor "運動症状" = shaking is present"#,
    ),
    right: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
criterion motor "運動症状" = shaking"#,
    ),
};

pub(crate) fn is_on_rule(
    file: &str,
    path: &Path,
    kind: RuleKind<'_>,
    compared: &Compared<'_>,
) -> Diagnostic {
    let name = path_text(path);
    let message = format!("「{}」に `is` は使えません", kind.label());
    let found = DECLARATION.found(file, path.span, message);
    match kind {
        RuleKind::Criterion(_) => {
            found.help(format!("基準は `{name}` または `not {name}` と書きます"))
        }
        _ => compared_number(found, path, compared),
    }
}

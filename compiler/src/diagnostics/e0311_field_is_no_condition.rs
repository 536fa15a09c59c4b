//! A field that stands alone as a condition.

use super::words::path_text;
use kohyo_dsl::ast::{self, Path};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0311",
    severity: Severity::Error,
    title: "項目はそのままでは条件にならない",
    explanation: "選択肢の項目は「はい・いいえ」ではありません。「不明」「未実施」もあり得るため、どの値のときに成り立つかを `is` で書きます。",
    wrong: Example::Items(r#"criterion motor "運動症状" = all of { tremor; rigidity is present }"#),
    right: Example::Items(
        r#"criterion motor "運動症状" = all of { tremor is present; rigidity is present }"#,
    ),
};

pub(crate) fn field_is_no_condition(
    file: &str,
    path: &Path,
    field: &ast::Field,
    codes: Option<&[ast::Code]>,
) -> Diagnostic {
    let name = path_text(path);
    let message = format!("「{}」はそのままでは条件になりません", field.label.text);
    let diagnostic = DECLARATION.found(file, path.span, message);
    match codes.and_then(|c| c.first()) {
        Some(code) => diagnostic
            .help(format!(
                "`{name} is {}` のように値を書いてください",
                code.name.text
            ))
            .fix(path.span, format!("{name} is {}", code.name.text)),
        None => diagnostic.help(format!("`{name} >= …` のように比べてください")),
    }
}

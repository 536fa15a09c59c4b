//! A category that a judgement has twice.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0626",
    severity: Severity::Error,
    title: "区分の名前が重なっている",
    explanation: "区分の名前は、様式・ケース・ほかの判定から使われるため、一つの判定の中で重なってはいけません。
病型の区分の名前は、病型の名前と区分の名前を「_」でつないだもの（`mpa_definite`）です。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" {
  category a "甲" when tremor is present
  category a "乙" when rigidity is present
  otherwise none "なし"
  eligible a
}"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" {
  category a "甲" when tremor is present
  category b "乙" when rigidity is present
  otherwise none "なし"
  eligible a
}"#,
    ),
};

pub(crate) fn duplicate_category(file: &str, name: &Name, label: &str, first: Span) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("区分「{label}」（{}）が同じ判定に二度あります", name.text),
        )
        .label(file, first, "最初の区分")
        .help("別の名前を付けてください")
}

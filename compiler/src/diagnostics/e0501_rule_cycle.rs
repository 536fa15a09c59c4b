//! A rule that depends on itself.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0501",
    severity: Severity::Error,
    title: "定義が循環している",
    explanation:
        "規則が、ほかの規則を通して自分自身を読んでいます。どちらを先に計算するか決まりません。
両方で使う部分を別の基準にしてください。",
    wrong: Example::Items(
        r#"criterion a "甲" = b or tremor is present
criterion b "乙" = a or rigidity is present"#,
    ),
    right: Example::Items(
        r#"criterion a "甲" = b or tremor is present
criterion b "乙" = rigidity is present"#,
    ),
};

pub(crate) fn rule_cycle(file: &str, name: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」の定義が循環しています", name.text),
        )
        .help("自分自身を参照しないように分けてください")
}

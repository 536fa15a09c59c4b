//! More than the engine accepts: a chain of rules too long, too many categories.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::WireError;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0760",
    severity: Severity::Error,
    title: "判定できる大きさを超えている",
    explanation:
        "規則が規則を読む連なりは、式の入れ子も含めて 300 段まで、区分や結果は 63 個までです。
読む人にも追えない大きさなので、途中の規則を項目から直接書くか、表や点数にまとめてください。",
    wrong: Example::MadeItems {
        told: "400 個の規則が、次々に前の規則を読む",
        items: chain,
    },
    right: Example::Items(
        r#"criterion c0 "甲" = tremor is present
criterion c1 "乙" = c0 and rigidity is present
"#,
    ),
};

/// The engine would refuse the program.
pub(crate) fn beyond_engine(file: &str, span: Span, reason: &WireError) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("この定義は判定できる大きさを超えています（{reason}）"),
        )
        .help("規則を短くするか、様式を分けてください")
}

fn chain() -> String {
    let mut text = String::from("criterion c0 \"甲\" = tremor is present\n");
    for n in 1..400 {
        text += &format!("criterion c{n} \"甲\" = c{}\n", n - 1);
    }
    text
}

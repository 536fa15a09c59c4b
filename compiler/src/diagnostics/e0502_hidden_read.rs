//! A rule reads a field that may be hidden.

use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0502",
    severity: Severity::Error,
    title: "表示されないことのある項目を読んでいる",
    explanation: "`shown when` の付いた項目は表示されないことがあります。表示されない項目を読むと、未記入なのか対象外なのか区別できません。
表示条件を同じ `all of { … }` に書くか、計算なら `if device is yes then … else …` と先に書いてください。
表示されない患者の扱いが公式の文にあるときは、`if shown else` でその値を決められます。
別の言葉で書いても、周りの条件から表示されることが証明できれば誤りになりません。",
    wrong: Example::Items(r#"criterion neck "頸部装具" = device_kind is collar"#),
    right: Example::Items(r#"criterion neck "頸部装具" = all of { device is yes; device_kind is collar }"#),
};

/// When a field is shown, as far as it can be said shortly.
#[derive(Default)]
pub(crate) struct Shown {
    /// `device is yes`.
    pub(crate) condition: Option<String>,
    /// The rows it is asked in, and in which.
    pub(crate) row: Option<(String, usize)>,
}

/// In a calculation `counted` is how the field is written there.
pub(crate) fn hidden_read(
    file: &str,
    span: Span,
    (field, other): (&ast::Field, &str),
    counted: Option<String>,
    shown: &Shown,
) -> Diagnostic {
    let label = &field.label.text;
    let (message, told, help) = match &shown.row {
        Some((rows, number)) => (
            format!("「{label}」は、その行がないことがあり、このままでは読めません"),
            "行ごとの項目",
            row_first(&field.name.text, rows, *number),
        ),
        None => (
            format!("「{label}」は表示されないことがあり、このままでは読めません"),
            "表示条件のある項目",
            condition_first(shown.condition.as_deref(), counted.is_some()),
        ),
    };
    let found = DECLARATION.found(file, span, message);
    found.label(other, field.span, told).help(help)
}

/// Say first when it is shown. Which number counts otherwise, only the official text knows.
fn condition_first(condition: Option<&str>, counted: bool) -> String {
    match (condition, counted) {
        (Some(condition), true) => format!(
            "`if {condition} then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます"
        ),
        (None, true) => "`if 表示条件 then … else …` のように、表示条件を先に書きます。else には、公式の文がそのほかの患者に定めている値を書きます".to_owned(),
        (Some(condition), false) => format!(
            "`{condition} and …` のように、表示条件を先に書きます。表示されない患者を「該当しない」とするなら、`… if shown else no` を付けます"
        ),
        (None, false) => {
            "同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください"
                .to_owned()
        }
    }
}

fn row_first(name: &str, rows: &str, number: usize) -> String {
    format!(
        "どの行でもよければ `any of {rows} {{ {name} … }}`、{number} 行目だけなら `{rows}.count >= {number} and …` と、行があることを先に書きます"
    )
}

//! A rule reads a field that may be hidden.

use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0502",
    severity: Severity::Error,
    title: "表示されないことのある項目を読んでいる",
    explanation: "`shown when` の付いた項目は表示されないことがあります。表示されない項目を読むと、未記入なのか対象外なのか区別できません。
表示条件を同じ `all of { … }` に書くか、`if shown else` で表示されないときの値を決めてください。",
    wrong: Example::Items(r#"criterion neck "頸部装具" = device_kind is collar"#),
    right: Example::Items(r#"criterion neck "頸部装具" = all of { device is yes; device_kind is collar }"#),
};

pub(crate) fn hidden_read(file: &str, span: Span, field: &ast::Field, other: &str) -> Diagnostic {
    let message = format!(
        "「{}」は表示されないことがあり、このままでは読めません",
        field.label.text
    );
    DECLARATION
        .found(file, span, message)
        .label(other, field.span, "表示条件のある項目")
        .help("同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください")
}

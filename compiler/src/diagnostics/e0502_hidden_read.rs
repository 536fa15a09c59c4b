//! A rule reads a field that may be hidden.

use super::words::unit_code;
use kohyo_dsl::ast;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0502",
    severity: Severity::Error,
    title: "表示されないことのある項目を読んでいる",
    explanation: "`shown when` の付いた項目は表示されないことがあります。表示されない項目を読むと、未記入なのか対象外なのか区別できません。
表示条件を同じ `all of { … }` に書くか、`if shown else` で表示されないときの値を決めてください。
別の言葉で書いても、周りの条件から表示されることが証明できれば誤りになりません。",
    wrong: Example::Items(r#"criterion neck "頸部装具" = device_kind is collar"#),
    right: Example::Items(r#"criterion neck "頸部装具" = all of { device is yes; device_kind is collar }"#),
};

/// In a calculation `counted` is how the field is written there.
pub(crate) fn hidden_read(
    file: &str,
    span: Span,
    field: &ast::Field,
    other: &str,
    counted: Option<String>,
) -> Diagnostic {
    let help = match (counted, &field.ty.kind) {
        (None, _) => {
            "同じ `all of { … }` に表示条件を書くか、`… if shown else no` を付けてください"
                .to_owned()
        }
        (
            Some(written),
            ast::TypeKind::Integer { unit, .. } | ast::TypeKind::Decimal { unit, .. },
        ) => {
            let unit = unit
                .as_ref()
                .map(|unit| format!(" {}", unit_code(&unit.text)));
            let unit = unit.unwrap_or_default();
            format!(
                "`({written} if shown else 0{unit})` のように、表示されないときの値を決めてください"
            )
        }
        (Some(_), _) => {
            "計算に `… if shown else 0` を付けて、表示されないときの値を決めてください".to_owned()
        }
    };
    let message = format!(
        "「{}」は表示されないことがあり、このままでは読めません",
        field.label.text
    );
    DECLARATION
        .found(file, span, message)
        .label(other, field.span, "表示条件のある項目")
        .help(help)
}

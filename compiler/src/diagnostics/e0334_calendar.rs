//! A calendar month or year beside something else than one of the same kind.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0334",
    severity: Severity::Error,
    title: "暦の月や年を、同じ暦の月や年でないものと比べている",
    explanation: "`month of 日付` と `year of 日付` は、日付の属する暦の月と年です。`<`、`<=`、`=`、`!=`、`>=`、`>` で、
月は月と、年は年とだけ比べられます（`month of visit > month of onset + 6 months`）。
決まった日付とは、`onset >= 2020-04-01` のように、そのまま比べます。
月の数や年の数を知りたいときは、`months from A to B` と書きます。",
    wrong: Example::Items(r#"criterion late "遅い" = month of onset > 2020-04-01"#),
    right: Example::Items(r#"criterion late "遅い" = month of onset > month of birth_date"#),
};

/// `unit` is `month` or `year`: what the other side has to be.
pub(crate) fn calendar_alone(file: &str, span: Span, unit: &str, help: String) -> Diagnostic {
    let what = word(unit);
    DECLARATION
        .found(
            file,
            span,
            format!("「{unit} of …」は、暦の{what}とだけ比べられます"),
        )
        .help(help)
}

/// Where no comparison stands.
pub(crate) fn calendar_is_no_number(file: &str, span: Span, unit: &str) -> Diagnostic {
    let what = word(unit);
    DECLARATION
        .found(
            file,
            span,
            format!("「{unit} of …」は数ではなく、暦の{what}です"),
        )
        .help(format!(
            "`{unit} of visit >= {unit} of onset` のように比べるか、間の数を `{unit}s from onset to visit` と書きます"
        ))
}

/// `+ 3 days` after a month, `+ 6 months` after a year.
pub(crate) fn calendar_shift(file: &str, span: Span, unit: &str) -> Diagnostic {
    let (what, lengths) = if unit == "month" {
        ("月", "月か年（`+ 6 months`、`+ 1 year`）")
    } else {
        ("年", "年（`+ 1 year`）")
    };
    DECLARATION
        .found(
            file,
            span,
            format!("暦の{what}は、この期間ではずらせません"),
        )
        .help(format!("一度だけ、{lengths}でずらせます"))
}

fn word(unit: &str) -> &'static str {
    if unit == "month" { "月" } else { "年" }
}

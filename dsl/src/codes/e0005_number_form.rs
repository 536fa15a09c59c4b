//! A number with separators between thousands, or too large.

use crate::{Declaration, Example, Severity};

pub(crate) const NUMBER_FORM: &str = "E0005";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: NUMBER_FORM,
    severity: Severity::Error,
    title: "数の書き方",
    explanation: "数は半角の数字と、多くても 1 つの小数点で書きます。桁区切りは書きません。",
    wrong: Example::Items(
        r#"section lab "検査" {
  field platelets "血小板数" : integer "/µL" 0..1,500,000
}"#,
    ),
    right: Example::Items(
        r#"section lab "検査" {
  field platelets "血小板数" : integer "/µL" 0..1500000
}"#,
    ),
};

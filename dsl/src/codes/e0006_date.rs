//! A date that does not exist or is written differently.

use crate::{Declaration, Example, Severity};

pub(crate) const DATE: &str = "E0006";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: DATE,
    severity: Severity::Error,
    title: "日付の書き方",
    explanation: "日付は西暦で、年-月-日 を 4 桁・2 桁・2 桁で書きます。暦にない日は書けません。",
    wrong: Example::Items(r#"criterion recent "最近の出生" = birth_date >= 2023-02-30"#),
    right: Example::Items(r#"criterion recent "最近の出生" = birth_date >= 2023-02-28"#),
};

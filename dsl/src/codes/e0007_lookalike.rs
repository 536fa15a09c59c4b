//! A name with characters that look like others.

use crate::{Declaration, Example, Severity};

pub(crate) const LOOKALIKE: &str = "E0007";

pub(crate) const DECLARATION: Declaration = Declaration {
    code: LOOKALIKE,
    severity: Severity::Error,
    title: "ほかの文字と見分けられない文字",
    explanation: "名前に、見た目では区別できない文字が混ざっています。
全角の英数字、半角のカタカナ、異体字の指定、英字に似たギリシャ文字・キリル文字は使えません。
同じに見える名前が別のものを指すことを防ぐためです。",
    wrong: Example::Items(r#"criterion tremоr2 "振戦がある" = tremor is present"#),
    right: Example::Items(r#"criterion tremor2 "振戦がある" = tremor is present"#),
};

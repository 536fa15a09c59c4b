//! A form of the programme whose name cannot stand in its key.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0411",
    severity: Severity::Error,
    title: "制度の様式の名前が使えない",
    explanation: "制度の様式の名前は、様式キー（`programme-high_cost`）の一部になります。半角の小文字、数字、`_` だけで、小文字から始めます。",
    wrong: Example::File(
        r#"programme 高額 "見本の様式" {
  edition "2024" from 2024-04-01
  source notice "見本の法令"
}
section s "項目" {
  field cost "医療費" : integer "円" 0..99999999
}
judgement meets "該当するか" {
  category met "該当" when cost > 33330 円
  otherwise not_met "非該当"
  eligible met
}
"#,
    ),
    right: Example::File(
        r#"programme sample "見本の様式" {
  edition "2024" from 2024-04-01
  source notice "見本の法令"
}
section s "項目" {
  field cost "医療費" : integer "円" 0..99999999
}
judgement meets "該当するか" {
  category met "該当" when cost > 33330 円
  otherwise not_met "非該当"
  eligible met
}
"#,
    ),
};

pub(crate) fn programme_name(file: &str, name: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」は制度の様式の名前に使えません", name.text),
        )
        .help("`high_cost` のように、半角の小文字、数字、`_` で書きます。日本語の名前は、その後に \"\" で囲んで書きます")
}

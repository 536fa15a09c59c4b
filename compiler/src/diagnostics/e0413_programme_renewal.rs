//! A form of the programme that speaks of renewals.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0413",
    severity: Severity::Error,
    title: "制度の様式に更新の版がある",
    explanation: "制度の様式は、新規と更新を区別しません。`renewal may use` は疾病の定義に書きます。",
    wrong: Example::File(
        r#"programme sample "見本の様式" {
  edition "2024" from 2024-04-01
  source notice "見本の法令"
  renewal may use edition "2020"
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

pub(crate) fn programme_renewal(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "制度の様式には `renewal may use` を書けません")
        .help("この行を消してください")
}

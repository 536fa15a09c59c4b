//! A form of the programme that judges nothing, or several things.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0412",
    severity: Severity::Error,
    title: "制度の様式の判定が一つでない",
    explanation: "制度の様式の結果（該当、非該当、判定不能）は、そのただ一つの判定で決まります。",
    wrong: Example::File(
        r#"programme sample "見本の様式" {
  edition "2024" from 2024-04-01
  source notice "見本の法令"
}
section s "項目" {
  field cost "医療費" : integer "円" 0..99999999
}
judgement other "別の判定" {
  category met "該当" when cost > 0 円
  otherwise not_met "非該当"
  eligible met
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

pub(crate) fn not_one_judgement(file: &str, span: Span, judgements: usize) -> Diagnostic {
    let found = match judgements {
        0 => "制度の様式に判定がありません".to_owned(),
        count => format!("制度の様式に判定が {count} 個あります"),
    };
    DECLARATION
        .found(file, span, found)
        .help("`judgement 名前 \"…\" { … }` を一つだけ書いてください。途中の判断は `criterion` や `score` にします")
}

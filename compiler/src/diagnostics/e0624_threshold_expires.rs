//! A threshold whose last period ends.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0624",
    severity: Severity::Warning,
    title: "基準値の最後の期間に終わりがある",
    explanation: "最後の期間が終わった後の日には基準値がなく、それを読む判定は「不明」になります。
新しい基準値が決まっていれば続きの期間を書き、まだ決まっていなければ終わりを書かずにおきます。",
    wrong: Example::Items(r#"threshold limit "基準値" { 3 from 2020-01-01 to 2020-12-31 }"#),
    right: Example::Items(r#"threshold limit "基準値" { 3 from 2020-01-01 }"#),
};

pub(crate) fn threshold_expires(file: &str, name: &Name, last: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("「{}」は{last}までで、その後の値がありません", name.text),
        )
        .note("その日を過ぎると、この値を読む判定は「不明」になります")
        .help("続きの期間を書くか、終わりのない期間にします")
}

//! A bare name that two modules have.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0206",
    severity: Severity::Error,
    title: "同じ名前が二つのモジュールにある",
    explanation: "別名なしの `use` で取り込んだ二つのモジュールに、同じ名前があります。どちらを指すか決まりません。
片方に `as` で別名を付け、`別名.名前` と書きます。",
    wrong: Example::Folder {
 main: "shitei/999_sample/form.kohyo",
 files: &[("shitei/999_sample/form.kohyo", r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use a
use b
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion both "強い発熱" = high and fever is yes
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#),
("a.kohyo", r#"module a "甲" { }
section a "甲" {
  field degree "体温" : decimal 3.1 "℃"
}
criterion high "高熱" = degree >= 38.0 ℃
"#),
("b.kohyo", r#"module b "乙" { }
section b "乙" {
  field peak "最高体温" : decimal 3.1 "℃"
}
criterion high "高熱" = peak >= 39.0 ℃
"#)],
},
    right: Example::Folder {
 main: "shitei/999_sample/form.kohyo",
 files: &[("shitei/999_sample/form.kohyo", r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use a
use b as b
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion both "強い発熱" = b.high and fever is yes
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#),
("a.kohyo", r#"module a "甲" { }
section a "甲" {
  field degree "体温" : decimal 3.1 "℃"
}
criterion high "高熱" = degree >= 38.0 ℃
"#),
("b.kohyo", r#"module b "乙" { }
section b "乙" {
  field peak "最高体温" : decimal 3.1 "℃"
}
criterion high "高熱" = peak >= 39.0 ℃
"#)],
},
};

pub(crate) fn ambiguous_name(file: &str, name: &Name, a: &str, b: &str) -> Diagnostic {
    let message = format!(
        "「{}」は {a} と {b} の両方にあり、どちらか決まりません",
        name.text
    );
    DECLARATION
        .found(file, name.span, message)
        .help("片方の `use` に `as` で別名を付けてください")
}

//! More fields or rules than a program holds.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0407",
    severity: Severity::Error,
    title: "項目か規則が多すぎる",
    explanation: "一つの様式に書けるのは、項目も規則も 65,535 個までです。枝番で様式を分けてください。",
    wrong: Example::Made {
        told: "項目が 65,536 個ある様式",
        text: many_fields,
    },
    right: Example::File(
        r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
    ),
};

pub(crate) fn too_many(file: &str, what: &str) -> Diagnostic {
    DECLARATION
        .found(file, Span::default(), format!("{what}が多すぎます"))
        .help("枝番で様式を分けてください")
}

fn many_fields() -> String {
    let mut text = String::from(
        "disease shitei 999 \"見本の病\" {\n  edition \"2024\" from 2024-04-01\n  source notice \"見本の通知\"\n}\nsection s \"項目\" {\n",
    );
    for n in 0..=u16::MAX {
        text += &format!("  field f{n} \"項\" : date\n");
    }
    text + "}\njudgement diagnosis \"診断\" { category a \"A\" when f1 > 2000-01-01; otherwise none \"なし\"; eligible a }\n"
}

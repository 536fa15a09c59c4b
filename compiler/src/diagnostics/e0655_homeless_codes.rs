//! Codes of the older edition go nowhere.

use super::words::{code_list, corners};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::program::{Code, Field};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0655",
    severity: Severity::Error,
    title: "行き先のない選択肢",
    explanation: "前の版の選択肢には、どれも行き先が要ります。同じ名前の選択肢には何も書かなくてよく、名前の変わったものだけを `map` に書きます。
当たるものがなければ `ask` と書いて尋ね直します。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field stage "重症度" : choice { 1 i "1度"; 2 iia "2a度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
}
"#,
            ),
            (
                "shitei/999_sample/edition_2020.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2020" from 2020-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field stage "重症度" : choice { 1 i "1度"; 2 ii "2度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
        ],
    },
    right: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field stage "重症度" : choice { 1 i "1度"; 2 iia "2a度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
migrate from edition "2020" {
  stage from stage map { ii -> iia }
}
"#,
            ),
            (
                "shitei/999_sample/edition_2020.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2020" from 2020-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
  field stage "重症度" : choice { 1 i "1度"; 2 ii "2度" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
        ],
    },
};

pub(crate) fn homeless_codes(
    file: &str,
    span: Span,
    (old, new): (&Field, &Field),
    codes: &[&Code],
    (has_map, lines): (bool, &[String]),
    known: &[Code],
) -> Diagnostic {
    let lines = lines.join("; ");
    let advice = if has_map {
        format!("`map` に次の行を足します（尋ね直すときは `ask`）\n    {lines}")
    } else {
        format!(
            "行き先を書きます（尋ね直すときは `ask`）\n    {} from {} map {{ {lines} }}",
            new.name, old.name
        )
    };
    let labels: Vec<&str> = codes.iter().map(|c| c.label.as_str()).collect();
    let names: Vec<&str> = known.iter().map(|c| c.name.as_str()).collect();
    DECLARATION
        .found(
            file,
            span,
            format!(
                "前の版の「{}」の選択肢{}の行き先がありません",
                old.label,
                corners(&labels)
            ),
        )
        .help(format!(
            "{advice}\n今の版の選択肢は {} です",
            code_list(&names)
        ))
}

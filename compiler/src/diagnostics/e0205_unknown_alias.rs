//! A name with the alias of no module.

use kohyo_dsl::ast::{Name, Repeat};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0205",
    severity: Severity::Error,
    title: "その別名のモジュールはない",
    explanation: "`sh.pain` の `sh` は、`use shared as sh` で付けた別名です。
別名の綴りを直すか、`use … as …` を書いてください。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[
            (
                "shitei/999_sample/form.kohyo",
                r#"disease shitei 999 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
use shared as sh
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = hs.pain is yes
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "shared.kohyo",
                r#"module shared "共通" { prefix sh }
section shared "共通の項目" {
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
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
use shared as sh
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
criterion pain "疼痛がある" = sh.pain is yes
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when fever is yes
  otherwise none "いずれにも該当しない"
  eligible definite
}
"#,
            ),
            (
                "shared.kohyo",
                r#"module shared "共通" { prefix sh }
section shared "共通の項目" {
  field pain "疼痛" : choice { 1 yes "あり"; 2 no "なし" }
}
"#,
            ),
        ],
    },
};

/// For leaving out what follows from another mistake.
pub(crate) const UNKNOWN_ALIAS: &str = DECLARATION.code;

pub(crate) fn unknown_alias(file: &str, alias: &Name, found: Option<String>) -> Diagnostic {
    let message = format!("「{}」という別名のモジュールはありません", alias.text);
    let diagnostic = DECLARATION.found(file, alias.span, message);
    match found {
        Some(found) => diagnostic
            .help(format!("`{found}` ではありませんか"))
            .fix(alias.span, found),
        None => diagnostic.help(format!("`use scale.… as {}` を書いてください", alias.text)),
    }
}

/// The name in front of a question of `rows` would be that of a row.
pub(crate) fn unnamed_row(file: &str, row: &Name, question: &Name, rows: &Repeat) -> Diagnostic {
    let (row, named, question) = (&row.text, row, &question.text);
    let (label, rows) = (&rows.label.text, &rows.name.text);
    DECLARATION
        .found(file, named.span, format!("「{row}」という行の名前はありません"))
        .help(format!(
            "行に名前を付けてから読みます。例: `any of {rows} as {row} \"先の{label}\" {{ any of {rows} {{ … {row}.{question} … }} }}`"
        ))
}

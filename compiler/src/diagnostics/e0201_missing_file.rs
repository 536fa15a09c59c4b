//! The file of a definition does not exist.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0201",
    severity: Severity::Error,
    title: "定義のファイルがない",
    explanation: "指定された定義のファイルが forms フォルダーにありません。
疾病の番号やファイルの場所を `kohyo list` で確かめてください。",
    wrong: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[(
            "shitei/998_other/form.kohyo",
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
        )],
    },
    right: Example::Folder {
        main: "shitei/999_sample/form.kohyo",
        files: &[(
            "shitei/999_sample/form.kohyo",
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
        )],
    },
};

pub(crate) fn missing_file(file: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            Span::default(),
            format!("ファイル「{file}」がありません"),
        )
        .help("`kohyo list` で定義の一覧を確認してください")
}

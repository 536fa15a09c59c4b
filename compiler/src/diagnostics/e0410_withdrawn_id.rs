//! An id that was published once and withdrawn returns.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0410",
    severity: Severity::Error,
    title: "廃止したIDの再使用",
    explanation: "チェックID・項目名・コードは、いちど公開したら別の意味で使いません。廃止したIDは `withdrawn.yaml` に記録し、その日以後の版では使えません。ベンダーの実装や過去のエラーリストは、IDで内容を見分けているからです。",
    wrong: Example::Folder {
        main: "form.kohyo",
        files: &[
            (
                "withdrawn.yaml",
                r#"withdrawn:
  - { form: shitei-006, kind: check, id: R001, from: 2024-04-01, reason: 点検の見直し }
"#,
            ),
            (
                "form.kohyo",
                r#"disease shitei 006 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
check R001 error "発熱を確かめてください" at fever
  violated when fever is no
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
        main: "form.kohyo",
        files: &[
            (
                "withdrawn.yaml",
                r#"withdrawn:
  - { form: shitei-006, kind: check, id: R001, from: 2024-04-01, reason: 点検の見直し }
"#,
            ),
            (
                "form.kohyo",
                r#"disease shitei 006 "見本の病" {
  edition "2024" from 2024-04-01
  source notice "見本の通知"
}
section s "項目" {
  field fever "発熱" : choice { 1 yes "あり"; 2 no "なし" }
}
check R002 error "発熱を確かめてください" at fever
  violated when fever is no
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

pub(crate) fn withdrawn_id(
    file: &str,
    span: Span,
    kind: &str,
    id: &str,
    from: &str,
    reason: &str,
) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("{kind}「{id}」は{from}に廃止されています（{reason}）"),
        )
        .help("新しいIDを付けてください。廃止したIDは forms/withdrawn.yaml にあります")
}

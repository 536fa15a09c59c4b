//! A ticked category that the judgement does not have.

use super::words::code_list;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0516",
    severity: Severity::Error,
    title: "判定にない選択肢がある",
    explanation: "`differs from` で比べる項目の選択肢は、判定の区分と同じ名前でなければなりません。",
    wrong: Example::Items(
        r#"section ticked "医師の診断" {
  field ticked "チェックした区分" : choice { 1 definite "Definite"; 2 nothing "いずれにも該当しない" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断が機械判定と異なります" at ticked violated when ticked differs from diagnosis"#,
    ),
    right: Example::Items(
        r#"section ticked "医師の診断" {
  field ticked "チェックした区分" : choice { 1 definite "Definite"; 2 none "いずれにも該当しない" }
}
judgement diagnosis "診断のカテゴリー" {
  category definite "Definite" when tremor is present
  otherwise none "いずれにも該当しない"
  eligible definite
}
check R1 warning "診断が機械判定と異なります" at ticked violated when ticked differs from diagnosis"#,
    ),
};

pub(crate) fn differs_code<'n>(
    file: &str,
    path: &Path,
    code: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let message = format!("選択肢「{code}」と同じ名前の判定区分がありません");
    DECLARATION
        .found(file, path.span, message)
        .help(format!("判定の区分は {} です", code_list(&known)))
}

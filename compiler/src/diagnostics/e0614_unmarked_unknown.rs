//! A code that says that nobody knows, but counts as a plain answer.

use kohyo_dsl::ast::Code;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0614",
    severity: Severity::Warning,
    title: "「不明」のコードに unknown がない",
    explanation: "「不明」「分からない」のコードや、検査結果の選択肢のうちの「未実施」「未検査」「未検討」「未測定」に `unknown` がなく、その項目を読む規則のどれもそのコードを名指していません。
`unknown` のないコードは、ほかの答えと同じに数えられます。`tremor is not present` は「不明」と答えた患者でも成り立ち、分からないことが「ない」として判定されます。
分からない答えなら、コードに `unknown` を付けます。
「未実施」の患者の扱いが公式の文にあるなら、規則でそのコードを名指します（`response is untested`）。",
    wrong: Example::Items(
        r#"section more "追加" {
  field cramp "痙攣" : choice { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" }
}

criterion excluded "痙攣がない" = cramp is not present"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  field cramp "痙攣" : choice { 1 present "あり"; 2 absent "なし"; 3 unclear "不明" unknown }
}

criterion excluded "痙攣がない" = cramp is not present"#,
    ),
};

/// `field` is the name and the label of a question with this code.
pub(crate) fn unmarked_unknown(file: &str, code: &Code, (name, label): (&str, &str)) -> Diagnostic {
    let (value, called, said) = (&code.value.text, &code.name.text, &code.label.text);
    DECLARATION
        .found(
            file,
            code.span,
            format!("「{label}」の「{said}」に `unknown` がないので、分かっている答えとして数えられます"),
        )
        .note(format!(
            "規則は「{label}」を読みますが、どれもこのコードを名指していません。「…ではない」は「{said}」でも成り立ちます"
        ))
        .help(format!(
            "分からない答えなら `{value} {called} \"{said}\" unknown` と書きます。公式の文に「{said}」の扱いがあるなら、規則に `{name} is {called}` と書きます"
        ))
}

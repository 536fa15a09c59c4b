//! A category that earlier ones leave nobody for.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0705",
    severity: Severity::Warning,
    title: "先の区分に隠れた区分",
    explanation: "区分は上から順に読み、最初に成り立つものに決まります。この区分の条件を満たす患者はすべて先の区分に入るか、
先の区分が「不明」のまま残る（`unknown` の付いた選択肢を条件に使うと起こります）ため、この区分になる患者はいません。
例の患者は、この区分の条件を満たしながら、この区分にならない人です。",
    wrong: Example::Items(
        r#"judgement diagnosis "診断" first match {
  category probable "疑い" when tremor is present
  category definite "確実" when tremor is present and rigidity is present
  otherwise none "なし"
  eligible definite
}"#,
    ),
    right: Example::Items(
        r#"judgement diagnosis "診断" first match {
  category definite "確実" when tremor is present and rigidity is present
  category probable "疑い" when tremor is present
  otherwise none "なし"
  eligible definite
}"#,
    ),
};

pub(crate) fn category_covered(file: &str, span: Span, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!(
                "区分「{label}」になる患者はいません。条件を満たす患者は、先の区分になるか、先の区分が決まらず判定不能になります"
            ),
        )
        .help("区分は上から順に読みます。条件の狭い区分を先に書くか、条件に使う選択肢の `unknown` を外してください")
}

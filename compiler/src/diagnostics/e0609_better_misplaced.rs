//! `better higher` where it means nothing.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0609",
    severity: Severity::Error,
    title: "`better` を書けない項目",
    explanation: "`better higher`、`better lower` は、左右などの側ごとに尋ねる数値か、すべてのコードに点数のある選択肢に書きます。",
    wrong: Example::Items(
        r#"section more "追加" { field acuity "視力" : decimal 3.2 0..2.0 better higher }"#,
    ),
    right: Example::Items(
        r#"section more "追加" {
  each side eye "眼" of right "右", left "左" { field acuity "視力" : decimal 3.2 0..2.0 better higher }
}"#,
    ),
};

pub(crate) fn better_misplaced(file: &str, span: Span, sided: bool) -> Diagnostic {
    if sided {
        let message = "`better` は数値か、すべてのコードに points のある項目にだけ書けます";
        return DECLARATION
            .found(file, span, message)
            .help("コードごとに points を書くか、`better` を消してください");
    }
    DECLARATION
        .found(file, span, "`better` は each side の中の項目にだけ書けます")
        .help(
            "左右に分けて尋ねるなら \
             `each side eye \"眼\" of right \"右\", left \"左\" { … }` の中に移します",
        )
}

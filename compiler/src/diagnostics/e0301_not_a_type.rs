//! A name of something else where a type belongs.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0301",
    severity: Severity::Error,
    title: "項目の型ではない",
    explanation: r#"`:` の後には項目の型を書きます。型は `text 40`、`integer 0..100`、`decimal 4.1 "mg/dL"`、`date`、`choice { … }` など、またはコード表の名前です。
書かれた名前は、ほかの種類のものを指しています。"#,
    wrong: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
section more "追加" {
  field again "再検" : shaking
}"#,
    ),
    right: Example::Items(
        r#"criterion shaking "振戦がある" = tremor is present
section more "追加" {
  field again "再検" : finding
}"#,
    ),
};

pub(crate) fn not_a_type(file: &str, path: &Path) -> Diagnostic {
    DECLARATION
        .found(
            file,
            path.span,
            format!("「{}」は項目の型ではありません", path_text(path)),
        )
        .help("`text 40`、`integer 0..100`、`date`、`choice { … }`、コード表の名前などを書きます")
}

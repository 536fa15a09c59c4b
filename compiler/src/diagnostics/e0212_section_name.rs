//! A section whose name is no name of an XML element.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0212",
    severity: Severity::Error,
    title: "区分名に使えない文字がある",
    explanation: r#"区分（section）の名前は XML の要素名になるため、英小文字・数字・`_` で書きます。日本語の見出しは `"…"` の中に書きます。"#,
    wrong: Example::Items(
        r#"section 身体 "身体" {
  field weight "体重" : decimal 4.1 "kg"
}"#,
    ),
    right: Example::Items(
        r#"section body "身体" {
  field weight "体重" : decimal 4.1 "kg"
}"#,
    ),
};

pub(crate) fn section_name(file: &str, name: &Name) -> Diagnostic {
    DECLARATION
        .found(
            file,
            name.span,
            format!("区分名「{}」は英小文字・数字・_ で書きます", name.text),
        )
        .note("XMLの要素名になります")
        .help("例: `diagnosis`、`severity`")
}

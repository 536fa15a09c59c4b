//! A field whose name does not fit every wire.

use kohyo_dsl::ast::Name;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0211",
    severity: Severity::Error,
    title: "項目名に使えない文字がある",
    explanation: r#"項目の名前は XML・CSV・JSON・FHIR でもそのまま使うため、英小文字・数字・`_` で書きます。日本語の呼び名は `"…"` の中に書きます。"#,
    wrong: Example::Items(
        r#"section body "身体" {
  field 体重 "体重" : decimal 4.1 "kg"
}"#,
    ),
    right: Example::Items(
        r#"section body "身体" {
  field weight "体重" : decimal 4.1 "kg"
}"#,
    ),
};

pub(crate) const FIELD_NAME: &str = DECLARATION.code;

pub(crate) fn field_name(file: &str, name: &Name) -> Diagnostic {
    let found = DECLARATION
        .found(
            file,
            name.span,
            format!("項目名「{}」は英小文字・数字・_ で書きます", name.text),
        )
        .note("XMLやCSVでもこの名前を使います");
    let meant = name.text.to_ascii_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if meant.starts_with(|c: char| c.is_ascii_lowercase()) && meant.bytes().all(plain) {
        return found
            .help(format!("`{meant}` と書きます。規則の中でも同じです"))
            .fix(name.span, meant);
    }
    found.help("例: `tremor`、`onset_date`")
}

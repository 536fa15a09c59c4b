//! A conversion for a field that has neither of its units.

use super::words::path_text;
use kohyo_dsl::ast::Path;
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0611",
    severity: Severity::Error,
    title: "換算する項目の単位が違う",
    explanation: "`for` には、換算の二つの単位のどちらかで書かれる数の項目を並べます。
物質によって換算の数が違うときは、項目ごとに換算を書きます。",
    wrong: Example::Items(
        r#"section more "追加" { field creatinine "クレアチニン" : decimal 4.2 "mg/dL" 0..50 }
convert 1 "mg/dL" = 88.4 "µmol/L" for albumin"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field creatinine "クレアチニン" : decimal 4.2 "mg/dL" 0..50 }
convert 1 "mg/dL" = 88.4 "µmol/L" for creatinine"#,
    ),
};

pub(crate) fn conversion_field(file: &str, path: &Path, units: [&str; 2]) -> Diagnostic {
    let [a, b] = units;
    let message = format!(
        "「{}」は「{a}」や「{b}」の項目ではありません",
        path_text(path)
    );
    DECLARATION
        .found(file, path.span, message)
        .help("項目の単位か、換算の単位を確かめてください")
}

//! A field of a judged section that nothing reads.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0720",
    severity: Severity::Information,
    title: "何にも使われていない項目",
    explanation: "判定に使う項目のあるセクションの中で、判定・点検・表示条件・計算のどれにも使われていない項目です（`kohyo check --unused`）。
記録だけのための項目であれば、このままで構いません。",
    wrong: Example::Items(
        r#"section more "追加" { field extra "追加" : finding; field idle "未使用" : finding }
judgement diagnosis "診断" { category a "A" when extra is present and tremor is present; otherwise none "なし"; eligible a }"#,
    ),
    right: Example::Items(
        r#"section more "追加" { field extra "追加" : finding }
judgement diagnosis "診断" { category a "A" when extra is present; otherwise none "なし"; eligible a }"#,
    ),
};

pub(crate) fn influences_nothing(file: &str, span: Span, section: &str, label: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{section}」の項目「{label}」は、判定・点検・表示のどれにも使われていません"),
        )
        .help("記録だけのための項目であれば、このままで構いません")
}

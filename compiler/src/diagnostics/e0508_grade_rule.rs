//! A grade that is not decided case by case.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0508",
    severity: Severity::Error,
    title: "区分の決め方になっていない",
    explanation: "区分（grade）は、`first match { 区分 when 条件; …; otherwise 区分 }` で決めます。
一つの数の範囲だけで決まるときは、`bands of 数 { < 40 gives 区分; >= 40 gives 区分 }` だけを書くこともできます。`if` や計算とは組み合わせられません。",
    wrong: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = tremor is present"#,
    ),
    right: Example::Items(
        r#"grade motor "運動症状" : severe "重度" | mild "軽度" = first match { severe when tremor is present; otherwise mild }"#,
    ),
};

pub(crate) fn grade_rule(file: &str, span: Span) -> Diagnostic {
    DECLARATION
        .found(file, span, "区分は `first match { 区分 when 条件; … }` で決めます")
        .help("`if A then a else b` は `first match { a when A; otherwise b }` と書きます。一つの数の範囲なら `bands of x { < 40 gives a; >= 40 gives b }` だけでも書けます")
}

//! An arm of a grade that earlier ones leave nobody for.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0709",
    severity: Severity::Warning,
    title: "先の行に隠れた行",
    explanation:
        "等級は上から順に読みます。この行の条件を満たす患者は、先の行に当てはまるか、先の行が決まりません。
例の患者は、この行の条件を満たしながら先の行になる人です。",
    wrong: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { low when albumin < 3.0 g/dL; high when albumin < 2.0 g/dL; otherwise low }"#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { high when albumin < 2.0 g/dL; low when albumin < 3.0 g/dL; otherwise low }"#,
    ),
};

pub(crate) fn arm_covered(file: &str, span: Span, label: &str, outcome: &str) -> Diagnostic {
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」のこの「{outcome}」は選ばれません。条件を満たす患者は、先の行に当てはまるか、先の行が決まりません"),
        )
        .help("上から順に読みます。条件の狭い行を先に書いてください")
}

//! A grade, band or table without an outcome for somebody.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::program::Field;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0701",
    severity: Severity::Warning,
    title: "どれにも当てはまらない値がある",
    explanation: "等級や表の行のどれにも当てはまらない患者がいると、その結果は「不明」になります。
境目の値（以上・超える・未満・以下）の書き方が、多くはその理由です。例の患者は実際に判定して確かめたものです。",
    wrong: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { low when albumin < 3.0 g/dL; high when albumin > 3.0 g/dL }"#,
    ),
    right: Example::Items(
        r#"grade level "程度" : low "軽い" | high "重い" = first match { low when albumin < 3.0 g/dL; high when albumin >= 3.0 g/dL }"#,
    ),
};

/// Of the cells of a table (`in_table`), or of rows that are read in order.
pub(crate) fn gap(file: &str, span: Span, label: &str, in_table: bool) -> Diagnostic {
    let help = if in_table {
        "境目の値（以上・超える・未満・以下）を確かめ、足りない行か列を加えてください。公式の表になければ `gap in` で宣言します"
    } else {
        "境目の値（以上・超える・未満・以下）を確かめ、足りない行を加えるか、`otherwise` を書いてください。公式の文のとおりなら `gap in` で宣言します"
    };
    DECLARATION
        .found(
            file,
            span,
            format!("「{label}」には、どれにも当てはまらない値があります"),
        )
        .help(help)
}

/// What to do where the second date of somebody without an outcome lies before the first.
pub(crate) fn earlier_than_begun(from: &Field, to: &Field) -> String {
    let message = format!("{}が{}より前です", to.label, from.label);
    format!(
        "例は、{}が{}より前の記録です。そのような記録を受け付けないなら、`check 番号 error \"{message}\" at {} violated when {} < {}` を書きます",
        to.label, from.label, to.name, to.name, from.name
    )
}

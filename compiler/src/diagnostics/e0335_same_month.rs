//! A date that is asked to the month or year, compared so that one month can never be decided.

use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0335",
    severity: Severity::Warning,
    title: "年月や年だけを尋ねる項目の比べ方では、決まらない月や年がある",
    explanation: "`month` と `year` の項目の答えは、その月やその年のどこかの日です。
別の日付と同じ月になった患者では、どちらが先か分からず、すべて記入しても判定できません。
暦の月や年で比べてよいときは、`month of relapse > month of onset`（`year of …`）と書きます。
決まった日付とは、月や年の初日か末日を境にすれば決まります（`onset >= 2020-04-01`、`onset <= 2020-03-31`）。
日まで要るときは、項目の型を `date` にします。チェックの条件では、決まらない記録は指摘されないので、知らせません。",
    wrong: Example::Items(
        r#"section course "経過" {
  field relapse "再発年月" : month
}

criterion relapsed "発症より後の再発" = relapse > onset"#,
    ),
    right: Example::Items(
        r#"section course "経過" {
  field relapse "再発年月" : month
}

criterion relapsed "発症の月より後の再発" = month of relapse > month of onset"#,
    ),
};

/// `coarse` is the label of the item; `unit` is `month` or `year`; `remedy` is what can be written.
pub(crate) fn same_month(
    file: &str,
    span: Span,
    coarse: &str,
    unit: &str,
    remedy: &str,
) -> Diagnostic {
    let (asked, same) = if unit == "month" {
        ("年月まで", "同じ月")
    } else {
        ("年だけ", "同じ年")
    };
    DECLARATION
        .found(
            file,
            span,
            format!(
                "「{coarse}」は{asked}の項目なので、{same}のときは、すべて記入しても決まりません"
            ),
        )
        .help(format!(
            "暦で比べてよければ `{remedy}` と書きます。日まで要るなら、項目の型を `date` にします"
        ))
}

/// Beside a written date that lies inside of a month or year.
pub(crate) fn inside_month(file: &str, span: Span, coarse: &str, unit: &str) -> Diagnostic {
    let (asked, whole) = if unit == "month" {
        ("年月まで", "月")
    } else {
        ("年だけ", "年")
    };
    DECLARATION
        .found(
            file,
            span,
            format!("「{coarse}」は{asked}の項目なので、この日付の{whole}では、すべて記入しても決まりません"),
        )
        .help(format!(
            "{whole}の初日を境に `>=`、`<` か、末日を境に `<=`、`>` と書きます"
        ))
}

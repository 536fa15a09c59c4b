//! The change list as text and as a table.

use super::{Change, ChangeList, Effect, FormChange, Kind, Subject};
use crate::emit::{Column, Sheet};

/// A value longer than this is cut in the text; the table has all of it.
const LONG: usize = 60;

const OPEN: &str = "判定不能";

pub(super) fn text(list: &ChangeList) -> String {
    let mut out = format!("{} から {} への変更\n", list.old, list.new);
    if list.is_empty() {
        out.push_str("変更はありません\n");
        return out;
    }
    for line in totals(list) {
        out.push_str(&format!("  {line}\n"));
    }
    for form in &list.forms {
        out.push('\n');
        out.push_str(&heading(form));
        out.push('\n');
        let followed = followed(form);
        for change in &form.changes {
            if followed.contains(&change.id.as_str()) && change.subject == Subject::Check {
                continue;
            }
            lines(change, &mut out);
        }
        if !followed.is_empty() {
            out.push_str(&format!(
                "  項目の追加・廃止に伴うチェック {} 件（一覧はCSV）\n",
                followed.len()
            ));
        }
    }
    out
}

/// 様式: 追加 1、変更 2、廃止 0 — one line for each subject that has any.
pub(super) fn totals(list: &ChangeList) -> Vec<String> {
    let mut lines = Vec::new();
    for subject in Subject::ALL {
        let count = |kind| list.count(subject, kind);
        let (added, changed, withdrawn) = (
            count(Kind::Added),
            count(Kind::Changed),
            count(Kind::Withdrawn),
        );
        let same = match subject {
            Subject::Form => format!("、変更なし {}", list.unchanged),
            _ => String::new(),
        };
        if added + changed + withdrawn > 0 || !same.is_empty() {
            lines.push(format!(
                "{}: 追加 {added}、変更 {changed}、廃止 {withdrawn}{same}",
                subject.label()
            ));
        }
    }
    lines
}

pub(super) fn heading(form: &FormChange) -> String {
    let FormChange {
        key,
        edition,
        title,
        kind,
        base,
        ..
    } = form;
    let how = match (kind, base) {
        (Kind::Added, Some(base)) => format!("版の追加。{base}年版との違いを示します"),
        (Kind::Added, None) => "新しい様式".to_owned(),
        (Kind::Changed, _) => "変更".to_owned(),
        (Kind::Withdrawn, _) => "廃止".to_owned(),
    };
    format!("■ {title}（{key}、{edition}年版）: {how}")
}

/// Checks that came or went with their item.
pub(super) fn followed(form: &FormChange) -> Vec<&str> {
    let items = || {
        form.changes
            .iter()
            .filter(|c| c.subject == Subject::Item && c.kind != Kind::Changed)
    };
    form.changes
        .iter()
        .filter(|check| check.subject == Subject::Check)
        .filter(|check| {
            let item = check.id.split_once('.').map(|(_, item)| item);
            items().any(|c| Some(c.id.as_str()) == item && c.kind == check.kind)
        })
        .map(|check| check.id.as_str())
        .collect()
}

fn lines(change: &Change, out: &mut String) {
    let label = match change.subject {
        Subject::Form => String::new(),
        _ => format!("（{}）", short(&change.label)),
    };
    out.push_str(&format!(
        "  {} {} {}{label}\n",
        change.kind.label(),
        change.subject.label(),
        change.id
    ));
    for detail in &change.details {
        // Pseudo-code repeats the condition.
        if detail.is_pseudo_code() {
            continue;
        }
        out.push_str(&format!(
            "      {}: {} → {}\n",
            detail.what,
            said(&detail.old),
            said(&detail.new)
        ));
    }
    for line in consequences(change) {
        out.push_str(&format!("      {line}\n"));
    }
}

/// What follows from a change: what the solver says of a judgement, what reads a rule.
pub(super) fn consequences(change: &Change) -> Vec<String> {
    let mut lines = change.effect.as_ref().map(told).unwrap_or_default();
    if !change.used_by.is_empty() {
        lines.push(format!("読むもの: {}", change.used_by.join("、")));
    }
    lines
}

/// What the solver says of a judgement, line by line.
fn told(effect: &Effect) -> Vec<String> {
    let mut lines = vec![match (effect.examples.len(), effect.proven) {
        (0, false) if effect.proven_complete => {
            "すべて記入した患者の結果は同じ（証明済み）。ほかの患者については証明できませんでした"
                .to_owned()
        }
        (n, false) if effect.proven_complete => {
            format!("{n}通りの患者で結果が異なり、すべて記入した患者ではほかは同じ（証明済み）")
        }
        (0, true) => "結果はすべての患者で同じ（証明済み）".to_owned(),
        (0, false) => "違う患者は見つかりませんが、同じとは証明できませんでした".to_owned(),
        (n, true) => format!("{n}通りの患者で結果が異なり、ほかは同じ（証明済み）"),
        (n, false) => format!("{n}通り以上の患者で結果が異なります"),
    }];
    for example in &effect.examples {
        lines.push(format!(
            "{} → {}: {}",
            example.old.as_deref().unwrap_or(OPEN),
            example.new.as_deref().unwrap_or(OPEN),
            example.patient
        ));
    }
    for (words, labels) in [
        ("前だけが読む項目", &effect.only_old),
        ("新しく読む項目", &effect.only_new),
    ] {
        if !labels.is_empty() {
            lines.push(format!("{words}: {}", labels.join("、")));
        }
    }
    lines
}

fn said(value: &str) -> String {
    match value {
        "" => "（なし）".to_owned(),
        // Brackets around brackets are hard to read.
        value if value.contains('「') => short(value),
        value => format!("「{}」", short(value)),
    }
}

/// On one line, cut where it is long.
fn short(value: &str) -> String {
    let line = value
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ／ ");
    match line.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

pub(super) fn sheet(list: &ChangeList) -> Sheet {
    const fn column(head: &'static str, width: u8) -> Column {
        Column { head, width }
    }
    const COLUMNS: &[Column] = &[
        column("様式", 18),
        column("版", 8),
        column("疾病", 30),
        column("比べた版", 10),
        column("区分", 8),
        column("種類", 10),
        column("ID", 26),
        column("名称", 40),
        column("変わった点", 16),
        column("前", 40),
        column("後", 40),
        column("影響", 50),
    ];
    let mut rows = Vec::new();
    for form in &list.forms {
        let head = |kind: Kind, subject: Subject| {
            vec![
                form.key.clone(),
                form.edition.clone(),
                form.title.clone(),
                form.base.clone().unwrap_or_default(),
                kind.label().to_owned(),
                subject.label().to_owned(),
            ]
        };
        let row = |head: Vec<String>, rest: [&str; 6]| {
            let rest = rest.into_iter().map(str::to_owned);
            head.into_iter().chain(rest).collect::<Vec<String>>()
        };
        if form.kind != Kind::Changed {
            let whole = head(form.kind, Subject::Form);
            rows.push(row(whole, [&form.key, &form.title, "", "", "", ""]));
        }
        for change in &form.changes {
            let effect = consequences(change).join("\n");
            let head = || head(change.kind, change.subject);
            if change.details.is_empty() {
                let rest = [&change.id, &change.label, "", "", "", effect.as_str()];
                rows.push(row(head(), rest));
            }
            for (at, detail) in change.details.iter().enumerate() {
                let effect = if at == 0 { effect.as_str() } else { "" };
                let rest = [
                    change.id.as_str(),
                    &change.label,
                    &detail.what,
                    &detail.old,
                    &detail.new,
                    effect,
                ];
                rows.push(row(head(), rest));
            }
        }
    }
    Sheet {
        name: "変更一覧",
        columns: COLUMNS,
        rows,
    }
}

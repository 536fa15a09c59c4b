//! The list of everything the notices name, with what has been written of it, kept as `INDEX.md`.

use crate::card::{GENERATED, card_path};
use crate::catalogue::{Catalogue, Listed, without_branch};
use crate::header::DiseaseEntry;
use kohyo_engine::program::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The programmes: key prefix and name.
const PROGRAMMES: [(&str, &str); 2] = [("shitei-", "指定難病"), ("shoman-", "小児慢性特定疾病")];

/// The list: every entry of the catalogue, and below it the forms, editions and branches that are written.
/// Definitions that the catalogue does not know come first.
pub fn index_file(diseases: &[DiseaseEntry], catalogue: &Catalogue) -> String {
    let mut written: BTreeMap<&str, Vec<&DiseaseEntry>> = BTreeMap::new();
    for disease in diseases {
        written
            .entry(without_branch(&disease.key))
            .or_default()
            .push(disease);
    }
    let mut out = format!("{GENERATED}\n\n# 疾病と定義の一覧\n\n");
    counts(&mut out, catalogue, &written);
    let unlisted: Vec<_> = diseases
        .iter()
        .filter(|d| catalogue.get(&d.key).is_none())
        .collect();
    if !unlisted.is_empty() {
        out += "\n## 一覧にない番号の定義\n\n";
        head(&mut out);
        for disease in unlisted {
            defined(&mut out, disease);
        }
    }
    for (prefix, programme) in PROGRAMMES {
        let listed = || catalogue.iter().filter(|l| l.key.starts_with(prefix));
        if listed().next().is_none() {
            continue;
        }
        let _ = write!(out, "\n## {programme}\n");
        let mut group = None;
        for entry in listed() {
            // The numbers of 小児慢性特定疾病 begin anew in each group.
            let own = group_of(&entry.key).map(|number| (number, entry.groups.join("、")));
            if group.as_ref() != Some(&own) {
                if let Some((number, name)) = &own {
                    let _ = write!(out, "\n### {number} {name}\n");
                }
                out.push('\n');
                head(&mut out);
                group = Some(own);
            }
            match written.get(entry.key.as_str()) {
                Some(forms) => forms.iter().for_each(|form| defined(&mut out, form)),
                None => undefined(&mut out, entry),
            }
        }
    }
    out
}

/// How much is written, per programme and status.
fn counts(out: &mut String, catalogue: &Catalogue, written: &BTreeMap<&str, Vec<&DiseaseEntry>>) {
    *out += "| 制度 | 疾病 | 公開 | 査読済み | 下書き | 未着手 | 様式の定義 |\n|---|--:|--:|--:|--:|--:|--:|\n";
    for (prefix, programme) in PROGRAMMES {
        let keys: BTreeSet<&str> = catalogue
            .iter()
            .map(|l| l.key.as_str())
            .filter(|key| key.starts_with(prefix))
            .collect();
        let mut by_status = [0_usize; 4];
        let mut forms = BTreeSet::new();
        for key in &keys {
            let own = written.get(key).map(Vec::as_slice).unwrap_or_default();
            forms.extend(own.iter().map(|d| d.key.as_str()));
            let furthest = own.iter().map(|d| rank(d.status)).min().unwrap_or(3);
            if let Some(count) = by_status.get_mut(furthest) {
                *count += 1;
            }
        }
        let [published, reviewed, draft, none] = by_status;
        let _ = writeln!(
            out,
            "| {programme} | {} | {published} | {reviewed} | {draft} | {none} | {} |",
            keys.len(),
            forms.len()
        );
    }
}

fn rank(status: Status) -> usize {
    match status {
        Status::Published => 0,
        Status::Reviewed => 1,
        Status::Draft => 2,
    }
}

/// `11` of `shoman-11-080`; nothing for 指定難病.
fn group_of(key: &str) -> Option<&str> {
    key.strip_prefix("shoman-")?.split('-').next()
}

fn head(out: &mut String) {
    *out += "| 番号 | 疾病 | 版 | 状態 | 要約 |\n|---|---|---|---|---|\n";
}

fn defined(out: &mut String, disease: &DiseaseEntry) {
    let _ = writeln!(
        out,
        "| {} | {} | {} | {} | [card]({}) |",
        disease.key,
        disease.title,
        disease.edition,
        disease.status.label(),
        card_path(&disease.path)
    );
}

fn undefined(out: &mut String, entry: &Listed) {
    let _ = writeln!(out, "| {} | {} | | 未着手 | |", entry.key, entry.name());
}

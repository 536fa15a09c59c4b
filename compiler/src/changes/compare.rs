//! Two programs of one form → what changed.

use super::{Change, Detail, Effect, Example, Kind, Subject};
use crate::emit::{Sheet, check_spec, codes, layout, rules};
use crate::prove::{Proven, difference_of};
use kohyo_engine::program::{Cond, DefinitionId};
use kohyo_engine::{Program, Read, reads_through};
use std::collections::BTreeMap;

/// Everything that is compared, row by row.
pub(super) struct Parts {
    rows: Vec<Row>,
}

/// Something with an id, and what is said of it.
struct Row {
    subject: Subject,
    id: String,
    label: String,
    said: Vec<(&'static str, String)>,
}

impl Parts {
    pub(super) fn of(program: &Program) -> Self {
        let mut rows = vec![head(program)];
        rows.extend(judgements_and_rules(program));
        let items = layout::rows(program);
        let names = items
            .iter()
            .map(|row| (row.name.clone(), row.label.clone()));
        rows.extend(cut(
            Subject::Item,
            names.collect(),
            &layout::sheet(&items),
            &["No", "項目ID", "版"],
        ));
        let tables = codes::rows(program);
        let sheet = codes::sheet(&tables);
        let ids = tables.iter().map(|row| {
            let id = format!("{}={}", row.table, row.value);
            (id, format!("{}「{}」", row.table_label, row.label))
        });
        rows.extend(cut(
            Subject::Code,
            ids.collect(),
            &sheet,
            &["順", "使用項目"],
        ));
        // Checks of files and of XML belong to no form.
        let checks: Vec<_> = check_spec::rows(program)
            .into_iter()
            .filter(|row| !row.edition.is_empty())
            .collect();
        let ids = checks.iter().map(|row| {
            let message = row.ways.first().map(|way| way.message.clone());
            (row.id.clone(), message.unwrap_or_default())
        });
        rows.extend(cut(
            Subject::Check,
            ids.collect(),
            &check_spec::sheet(&checks),
            &["チェックID", "版", "画面", "ツール", "取込"],
        ));
        Self { rows }
    }
}

/// The rows of a sheet, without the columns that say where a row stands or which edition it is of.
fn cut(
    subject: Subject,
    names: Vec<(String, String)>,
    sheet: &Sheet,
    without: &'static [&'static str],
) -> Vec<Row> {
    let rows = names.into_iter().zip(&sheet.rows);
    rows.map(|((id, label), cells)| Row {
        subject,
        id,
        label,
        said: sheet
            .columns
            .iter()
            .zip(cells)
            .filter(|(column, _)| !without.contains(&column.head))
            .map(|(column, cell)| (column.head, cell.clone()))
            .collect(),
    })
    .collect()
}

fn head(program: &Program) -> Row {
    let end = program.valid_to.map(|day| day.to_string());
    Row {
        subject: Subject::Form,
        id: program.key.clone(),
        label: program.title.clone(),
        said: vec![
            ("疾病", program.title.clone()),
            ("適用の初日", program.valid_from.to_string()),
            ("適用の末日", end.unwrap_or_default()),
            ("状態", program.status.label().to_owned()),
            ("出典", program.source.clone()),
            ("注", program.notes.join("\n")),
            (
                "更新で使える前の版",
                program.fallback.clone().unwrap_or_default(),
            ),
        ],
    }
}

fn judgements_and_rules(program: &Program) -> Vec<Row> {
    let rules = rules::rows(program);
    let sheet = rules::sheet(&rules);
    let mut rows = Vec::new();
    for (rule, cells) in rules.iter().zip(&sheet.rows) {
        let subject = match rule.kind {
            "判定" => Subject::Judgement,
            _ => Subject::Rule,
        };
        let name = (rule.name.clone(), rule.label.clone());
        let own = Sheet {
            rows: vec![cells.clone()],
            ..sheet.clone()
        };
        rows.extend(cut(subject, vec![name], &own, &["規則ID"]));
    }
    rows
}

/// What changed from one program to the other.
pub(super) fn compared(old: &Program, new: &Program) -> Vec<Change> {
    let (before, after) = (Parts::of(old), Parts::of(new));
    let mut changes = Vec::new();
    for subject in Subject::ALL {
        changes.extend(rows_compared(subject, &before, &after));
    }
    // A judgement may change through what it reads, without a word of its own.
    let rules_differ = changes
        .iter()
        .any(|change| matches!(change.subject, Subject::Judgement | Subject::Rule));
    if rules_differ || items_differ(old, new) {
        effects(old, new, &mut changes);
    }
    for change in &mut changes {
        let program = match change.kind {
            Kind::Withdrawn => old,
            Kind::Added | Kind::Changed => new,
        };
        if change.subject == Subject::Rule {
            change.used_by = used_by(program, &change.id);
        }
    }
    let order = |change: &Change| Subject::ALL.iter().position(|s| *s == change.subject);
    changes.sort_by_key(|change| (order(change), change.kind));
    changes
}

/// What reads a definition, itself or through others: it may find or judge otherwise without a word
/// of its own.
fn used_by(program: &Program, name: &str) -> Vec<String> {
    let mut definitions = program.definitions.iter().zip((0..).map(DefinitionId));
    let Some((_, id)) = definitions.find(|(definition, _)| definition.name == name) else {
        return Vec::new();
    };
    let reads = |condition: &Cond| {
        let read = Read::Definition(id);
        reads_through(program, condition).contains(&read)
    };
    let judgements = program.judgements.iter().filter(|judgement| {
        let mut conditions = judgement
            .categories
            .iter()
            .filter_map(|it| it.when.as_ref());
        conditions.any(reads)
    });
    let judgements = judgements.map(|judgement| format!("judgement.{}", judgement.name));
    let fields = program.fields.iter().flat_map(|field| {
        let shown = field.shown_when.as_deref().is_some_and(reads);
        let hidden = field.hidden_when.as_deref().is_some_and(reads);
        let required = field.required_when.as_deref().is_some_and(reads);
        let required = required || shown && (field.required || field.required_when.is_some());
        let ids = [("required", required), ("hidden", shown || hidden)];
        ids.into_iter()
            .filter(|(_, read)| *read)
            .map(|(kind, _)| format!("{kind}.{}", field.name))
    });
    let checks = program.checks.iter().filter(|check| reads(&check.violated));
    let checks = checks.map(|check| check.id.clone());
    judgements.chain(fields).chain(checks).collect()
}

/// Whether fields or code tables differ, so that even the same rules may judge otherwise.
fn items_differ(old: &Program, new: &Program) -> bool {
    old.fields != new.fields || old.code_tables != new.code_tables
}

fn rows_compared(subject: Subject, before: &Parts, after: &Parts) -> Vec<Change> {
    let own = |parts: &'_ Parts| -> Vec<usize> {
        let rows = parts.rows.iter().enumerate();
        rows.filter(|(_, row)| row.subject == subject)
            .map(|(at, _)| at)
            .collect()
    };
    let by_id = |parts: &Parts| -> BTreeMap<String, usize> {
        let ids = own(parts).into_iter();
        ids.filter_map(|at| Some((parts.rows.get(at)?.id.clone(), at)))
            .collect()
    };
    let (old_ids, new_ids) = (by_id(before), by_id(after));
    let mut changes = Vec::new();
    let plain = |row: &Row, kind| Change {
        kind,
        subject,
        id: row.id.clone(),
        label: row.label.clone(),
        details: Vec::new(),
        effect: None,
        used_by: Vec::new(),
    };
    for at in own(after) {
        let Some(new) = after.rows.get(at) else {
            continue;
        };
        match old_ids.get(&new.id).and_then(|at| before.rows.get(*at)) {
            None => changes.push(plain(new, Kind::Added)),
            Some(old) => {
                let details = details(old, new);
                if !details.is_empty() {
                    changes.push(Change {
                        details,
                        ..plain(new, Kind::Changed)
                    });
                }
            }
        }
    }
    for at in own(before) {
        if let Some(old) = before.rows.get(at)
            && !new_ids.contains_key(&old.id)
        {
            changes.push(plain(old, Kind::Withdrawn));
        }
    }
    changes
}

fn details(old: &Row, new: &Row) -> Vec<Detail> {
    old.said
        .iter()
        .zip(&new.said)
        .filter(|((_, old), (_, new))| old != new)
        .map(|((what, old), (_, new))| Detail {
            what: (*what).to_owned(),
            old: old.clone(),
            new: new.clone(),
        })
        .collect()
}

/// Says of every judgement that both have for whom it differs; one that is not listed yet but
/// differs is added.
fn effects(old: &Program, new: &Program, changes: &mut Vec<Change>) {
    let compared = difference_of(old, new, None).into_iter();
    for difference in compared.filter(|difference| difference.only_in.is_none()) {
        let whole = difference.not_compared.is_empty() && difference.meant_otherwise.is_empty();
        let effect = Effect {
            proven: whole && difference.proven == Proven::Everybody,
            proven_complete: whole && difference.proven != Proven::Nobody,
            examples: difference
                .regions
                .into_iter()
                .map(|region| Example {
                    patient: region.example,
                    old: region.old,
                    new: region.new,
                })
                .collect(),
            only_old: difference.only_old,
            only_new: difference.only_new,
        };
        let listed = changes.iter_mut().find(|change| {
            change.subject == Subject::Judgement
                && change.kind == Kind::Changed
                && change.id == difference.name
        });
        match listed {
            Some(change) => change.effect = Some(effect),
            // Proved the same: nothing to tell.
            None if effect.proven && effect.examples.is_empty() => {}
            None => changes.push(Change {
                kind: Kind::Changed,
                subject: Subject::Judgement,
                id: difference.name,
                label: difference.label,
                details: Vec::new(),
                effect: Some(effect),
                used_by: Vec::new(),
            }),
        }
    }
}

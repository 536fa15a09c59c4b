//! What changed between two releases: forms, items, codes, checks, rules and judgements that were
//! added, changed or withdrawn.
//!
//! In go the programs of both; out comes a [`ChangeList`]. What an item, code, check or rule says is
//! compared as the vendor documents say it (`emit/layout.rs`, `codes.rs`, `check_spec.rs`,
//! `rules.rs`), so that the list and the documents cannot disagree. Where a judgement differs the
//! solver says for whom, or proves that it is the same for everybody.

mod compare;
mod told;
mod page;

use crate::emit::Sheet;
use compare::compared;
use kohyo_engine::Program;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What changed between two releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeList {
    /// The older release, as people call it: `2026-06`.
    pub old: String,
    /// The newer release.
    pub new: String,
    /// Forms with a change, by key and edition.
    pub forms: Vec<FormChange>,
    /// How many forms are the same in both.
    pub unchanged: usize,
}

/// What changed in one edition of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormChange {
    /// `shitei-006`.
    pub key: String,
    /// `2020`.
    pub edition: String,
    /// The disease.
    pub title: String,
    /// Whether the edition itself is new, changed or gone.
    pub kind: Kind,
    /// For a new edition of a form that was there: the edition it is compared with.
    pub base: Option<String>,
    /// What changed in it; for a new form or one that is gone nothing is listed.
    pub changes: Vec<Change>,
}

/// Something that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Added, changed or withdrawn.
    pub kind: Kind,
    /// What it is.
    pub subject: Subject,
    /// Wire name, `table=value`, check id, name of a rule.
    pub id: String,
    /// Its label.
    pub label: String,
    /// What was and is said of it; of what is added or withdrawn nothing.
    pub details: Vec<Detail>,
    /// For a judgement: what the solver says.
    pub effect: Option<Effect>,
    /// For a rule: the checks and judgements that read it, itself or through other rules
    /// (`R012`, `required.vent_start`, `judgement.severity`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<String>,
}

/// One thing that was said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// What it is about: `必須（新規）`.
    pub what: String,
    /// What the older release says.
    pub old: String,
    /// What the newer release says.
    pub new: String,
}

impl Detail {
    /// Whether it repeats a condition as pseudo-code.
    fn is_pseudo_code(&self) -> bool {
        self.what.contains("疑似コード")
    }
}

/// What a changed judgement means for patients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Whether it is proved that nothing differs outside of the examples.
    pub proven: bool,
    /// The same of the patients of whom everything is known that the judgements read.
    pub proven_complete: bool,
    /// A patient for each way in which the verdicts differ.
    pub examples: Vec<Example>,
    /// Labels of the items that only the older judgement reads.
    pub only_old: Vec<String>,
    /// Labels of the items that only the newer judgement reads.
    pub only_new: Vec<String>,
}

/// A patient for whom the verdicts differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// 「例: …」.
    pub patient: String,
    /// Category by the older release; nothing if it is not settled.
    pub old: Option<String>,
    /// Category by the newer release; nothing if it is not settled.
    pub new: Option<String>,
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 追加.
    Added,
    /// 変更.
    Changed,
    /// 廃止.
    Withdrawn,
}

impl Kind {
    /// As the list says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Added => "追加",
            Self::Changed => "変更",
            Self::Withdrawn => "廃止",
        }
    }
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The form as a whole: name, days in force, status, source.
    Form,
    /// An item.
    Item,
    /// A code of a table.
    Code,
    /// A check.
    Check,
    /// A calculation or criterion.
    Rule,
    /// A judgement.
    Judgement,
}

impl Subject {
    /// Every subject, in the order of the list.
    pub const ALL: [Self; 6] = [
        Self::Form,
        Self::Judgement,
        Self::Item,
        Self::Code,
        Self::Check,
        Self::Rule,
    ];

    /// As the list says it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Form => "様式",
            Self::Item => "項目",
            Self::Code => "コード",
            Self::Check => "チェック",
            Self::Rule => "規則",
            Self::Judgement => "判定",
        }
    }
}

/// Compares the programs of two releases. `on_form` is told how many editions of how many are done.
pub fn changes(
    (old_name, old): (&str, &[&Program]),
    (new_name, new): (&str, &[&Program]),
    mut on_form: impl FnMut(usize, usize),
) -> ChangeList {
    let (before, after) = (by_place(old), by_place(new));
    let places: BTreeSet<&Place<'_>> = before.keys().chain(after.keys()).collect();
    let mut list = ChangeList {
        old: old_name.to_owned(),
        new: new_name.to_owned(),
        forms: Vec::new(),
        unchanged: 0,
    };
    let all = places.len();
    for (done, place) in places.into_iter().enumerate() {
        on_form(done, all);
        let found = match (before.get(place), after.get(place)) {
            (Some(old), Some(new)) if old == new => {
                list.unchanged += 1;
                continue;
            }
            (Some(old), Some(new)) => FormChange {
                changes: compared(old, new),
                ..form(new, Kind::Changed)
            },
            (None, Some(new)) => match base(&before, new) {
                Some(base) => FormChange {
                    base: Some(base.edition.clone()),
                    changes: compared(base, new),
                    ..form(new, Kind::Added)
                },
                None => form(new, Kind::Added),
            },
            (Some(old), None) => form(old, Kind::Withdrawn),
            (None, None) => continue,
        };
        list.forms.push(found);
    }
    on_form(all, all);
    list
}

/// Key and edition.
type Place<'a> = (&'a str, &'a str);

fn by_place<'a>(programs: &[&'a Program]) -> BTreeMap<Place<'a>, &'a Program> {
    let place = |program: &'a Program| (program.key.as_str(), program.edition.as_str());
    programs
        .iter()
        .map(|program| (place(program), *program))
        .collect()
}

/// The edition that a new one is compared with: the last one before it that was released.
fn base<'a>(before: &BTreeMap<Place<'a>, &'a Program>, new: &Program) -> Option<&'a Program> {
    before
        .values()
        .filter(|old| old.key == new.key)
        .filter(|old| old.valid_from.first_day() <= new.valid_from.first_day())
        .max_by_key(|old| (old.valid_from.first_day(), old.edition.as_str()))
        .copied()
}

fn form(program: &Program, kind: Kind) -> FormChange {
    FormChange {
        key: program.key.clone(),
        edition: program.edition.clone(),
        title: program.title.clone(),
        kind,
        base: None,
        changes: Vec::new(),
    }
}

impl ChangeList {
    /// Whether anything changed.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// How many of these subjects were added, changed or withdrawn. Editions as a whole count as
    /// forms.
    pub fn count(&self, subject: Subject, kind: Kind) -> usize {
        let inside = self
            .forms
            .iter()
            .flat_map(|form| &form.changes)
            .filter(|change| change.subject == subject && change.kind == kind)
            .count();
        let whole = self.forms.iter().filter(|form| form.kind == kind).count();
        match subject {
            Subject::Form => whole,
            _ => inside,
        }
    }

    /// What was published and is not there any more, as it stands in `withdrawn.yaml`: key of the
    /// form, kind, id. The checks of withdrawn items go with them, so does everything of withdrawn
    /// forms.
    pub fn withdrawn(&self) -> Vec<(&str, Subject, &str)> {
        let mut all = Vec::new();
        for form in &self.forms {
            let gone = |subject: Subject| {
                form.changes
                    .iter()
                    .filter(move |c| c.kind == Kind::Withdrawn && c.subject == subject)
            };
            for item in gone(Subject::Item) {
                all.push((form.key.as_str(), Subject::Item, item.id.as_str()));
            }
            // The table of an item goes with it.
            let own_table = |code: &Change| {
                let table = code.id.split('=').next().unwrap_or_default();
                gone(Subject::Item).any(|item| item.id == table)
            };
            for code in gone(Subject::Code).filter(|code| !own_table(code)) {
                all.push((form.key.as_str(), Subject::Code, code.id.as_str()));
            }
            // Ids with a point follow from items (decision 0002).
            for check in gone(Subject::Check).filter(|check| !check.id.contains('.')) {
                all.push((form.key.as_str(), Subject::Check, check.id.as_str()));
            }
        }
        all.dedup();
        all
    }

    /// The list as text for people.
    pub fn text(&self) -> String {
        told::text(self)
    }

    /// The list as a table, a row for each thing that changed.
    pub fn sheet(&self) -> Sheet {
        told::sheet(self)
    }

    /// The list as a page.
    ///
    /// # Errors
    /// A fault of the template, never of the list.
    pub fn page(&self) -> Result<String, String> {
        page::page(self)
    }

    /// The list as JSON.
    pub fn json(&self) -> String {
        // A tree of texts and numbers always has a text.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }
}

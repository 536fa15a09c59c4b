//! What changed from one release to the next, by their manifests alone.

use kohyo_bundle::{FormEntry, FormRef, Hash, Kind, Manifest};
use std::collections::{BTreeMap, BTreeSet};

/// What changed from one release to the next. Forms are in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Changes {
    /// Editions that are new; `true` if the disease is new as well.
    pub(crate) added: Vec<(ChangedForm, bool)>,
    /// Editions whose program changed: items, checks or judgements.
    pub(crate) rules: Vec<ChangedForm>,
    /// Editions with the same program, of which other files changed.
    pub(crate) files: Vec<ChangedForm>,
    /// Editions that are no longer there.
    pub(crate) withdrawn: Vec<ChangedForm>,
}

/// A form that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedForm {
    /// Key and edition.
    pub(crate) form: FormRef,
    /// Name of the disease.
    pub(crate) title: String,
}

impl Changes {
    /// From `old` to `new`.
    pub(crate) fn between(old: &Manifest, new: &Manifest) -> Self {
        let before = contents(old);
        let after = contents(new);
        let known: BTreeSet<&str> = old.forms.iter().map(|form| form.key.as_str()).collect();
        let mut changes = Self::default();
        for entry in &new.forms {
            let form = entry.form();
            let changed = ChangedForm::of(entry);
            match (before.get(&form), after.get(&form)) {
                (None, _) => {
                    let is_new = !known.contains(entry.key.as_str());
                    changes.added.push((changed, is_new));
                }
                (Some(before), Some(after)) if before.program != after.program => {
                    changes.rules.push(changed);
                }
                (before, after) if before != after => changes.files.push(changed),
                _ => {}
            }
        }
        changes.withdrawn = old
            .forms
            .iter()
            .filter(|entry| !after.contains_key(&entry.form()))
            .map(ChangedForm::of)
            .collect();
        changes
    }
}

impl ChangedForm {
    fn of(entry: &FormEntry) -> Self {
        Self {
            form: entry.form(),
            title: entry.title.clone(),
        }
    }
}

/// The files of a form.
#[derive(Debug, Default, PartialEq)]
struct Contents<'m> {
    program: Option<Hash>,
    others: Vec<(&'m str, Hash)>,
}

fn contents(manifest: &Manifest) -> BTreeMap<FormRef, Contents<'_>> {
    let mut contents: BTreeMap<FormRef, Contents<'_>> = manifest
        .forms
        .iter()
        .map(|form| (form.form(), Contents::default()))
        .collect();
    for file in &manifest.files {
        let Some(of_form) = file.form.as_ref().and_then(|form| contents.get_mut(form)) else {
            continue;
        };
        if file.kind == Kind::Program {
            of_form.program = Some(file.sha256);
        } else {
            of_form.others.push((&file.path, file.sha256));
        }
    }
    contents
}

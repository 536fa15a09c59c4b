//! The programs that the server itself runs, taken from the releases.

use super::{Release, Shelf, Validity};
use kohyo_bundle::{FormRef, Hash};
use kohyo_engine::{Date, Form};
use kohyo_exchange::Library;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Programs that have been loaded, by the hash of their file: most are the same in every release.
#[derive(Default)]
pub(super) struct Programs {
    loaded: BTreeMap<Hash, Arc<Form>>,
    /// What the last library was made of.
    chosen: Option<BTreeMap<FormRef, Hash>>,
}

impl Programs {
    /// The library of a day: every form of the release in force, then the editions that only other
    /// releases have (records are pinned to them), then those of `given`. Nothing if it is the one
    /// that was given out last.
    ///
    /// # Errors
    /// Programs that cannot be used, or that do not fit each other; nothing changes then.
    pub(super) fn library(
        &mut self,
        shelf: &Shelf,
        on: Date,
        given: &Library,
    ) -> Result<Option<Library>, String> {
        let plan = plan(shelf, on);
        let chosen = plan.iter().map(|(form, (_, hash))| (form.clone(), *hash));
        let chosen: BTreeMap<FormRef, Hash> = chosen.collect();
        if self.chosen.as_ref() == Some(&chosen) {
            return Ok(None);
        }
        let mut forms: BTreeMap<FormRef, Arc<Form>> = BTreeMap::new();
        let mut loaded = BTreeMap::new();
        for (form, (release, hash)) in plan {
            let program = match self.loaded.get(&hash) {
                Some(known) => Arc::clone(known),
                None => release
                    .form(&form.key, &form.edition)
                    .map(Arc::new)
                    .map_err(|error| format!("{error}。{}", error.help()))?,
            };
            loaded.insert(hash, Arc::clone(&program));
            forms.insert(form, program);
        }
        for form in given.iter() {
            let program = form.program();
            let place = FormRef {
                key: program.key.clone(),
                edition: program.edition.clone(),
            };
            forms.entry(place).or_insert(form);
        }
        let library = Library::new(forms.into_values()).map_err(|error| error.to_string())?;
        self.loaded = loaded;
        self.chosen = Some(chosen);
        Ok(Some(library))
    }
}

/// From which release each form comes, with the hash of its program.
fn plan(shelf: &Shelf, on: Date) -> BTreeMap<FormRef, (&Release, Hash)> {
    let current = shelf.current(on);
    let others = shelf.releases().iter().filter(|release| {
        // A release that is not valid yet says nothing about today.
        release.validity(on) != Validity::Later
            && current.is_none_or(|current| !Arc::ptr_eq(current, release))
    });
    let mut plan = BTreeMap::new();
    for release in current.into_iter().chain(others) {
        for file in &release.manifest().files {
            if let (kohyo_bundle::Kind::Program, Some(form)) = (file.kind, &file.form) {
                plan.entry(form.clone())
                    .or_insert((release.as_ref(), file.sha256));
            }
        }
    }
    plan
}

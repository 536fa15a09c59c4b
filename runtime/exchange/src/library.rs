//! The forms at hand: one per key and edition, never changed while in use.

use crate::layout::Layout;
use kohyo_engine::{Date, Form, Lineage, WireError, to_json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An immutable set of forms by key and edition.
///
/// Cheap to clone; a new release is a new library that replaces the old one.
#[derive(Clone, Debug, Default)]
pub struct Library {
    entries: Arc<BTreeMap<(String, String), Entry>>,
}

/// A form with the tables its records are read with.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) form: Arc<Form>,
    pub(crate) layout: Arc<Layout>,
    /// The older edition by whose rules its renewals are judged as well.
    pub(crate) previous: Option<Arc<Lineage>>,
}

/// Why forms make no library.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// Two forms claim the same place.
    #[error(
        "様式 {key} の版 {edition} が二つあります。版の名前を変えるか、一方を取り除いてください"
    )]
    Twice {
        /// Key of both.
        key: String,
        /// Edition of both.
        edition: String,
    },
    /// Renewals may use an older edition that cannot be used.
    #[error(transparent)]
    Editions(#[from] WireError),
}

impl Library {
    /// A library of these forms.
    ///
    /// # Errors
    /// Two forms with the same key and edition; a form whose renewals may use an edition that is
    /// not among them, or from which no migration leads to it.
    pub fn new(forms: impl IntoIterator<Item = Arc<Form>>) -> Result<Self, LibraryError> {
        let mut entries: BTreeMap<(String, String), Entry> = BTreeMap::new();
        for form in forms {
            let program = form.program();
            let place = (program.key.clone(), program.edition.clone());
            let layout = Arc::new(Layout::new(program));
            let entry = Entry {
                form,
                layout,
                previous: None,
            };
            if entries.insert(place.clone(), entry).is_some() {
                let (key, edition) = place;
                return Err(LibraryError::Twice { key, edition });
            }
        }
        let forms: Vec<Arc<Form>> = entries.values().map(|e| Arc::clone(&e.form)).collect();
        for entry in entries.values_mut() {
            entry.previous = Lineage::fallback(&forms, &entry.form)?.map(Arc::new);
        }
        Ok(Self {
            entries: Arc::new(entries),
        })
    }

    /// The form with this key (`shitei-006`) and edition (`2020`).
    pub fn get(&self, key: &str, edition: &str) -> Option<&Arc<Form>> {
        self.entry(key, edition).map(|entry| &entry.form)
    }

    pub(crate) fn entry(&self, key: &str, edition: &str) -> Option<&Entry> {
        self.entries.get(&(key.to_owned(), edition.to_owned()))
    }

    /// The edition by whose rules a renewal on the form with this key and edition is judged as
    /// well, if there is one.
    pub fn previous(&self, key: &str, edition: &str) -> Option<&Arc<Lineage>> {
        self.entry(key, edition)?.previous.as_ref()
    }

    /// The way of answers from the edition `from` to `to`, for a draft made from an older record;
    /// nothing if no migration leads there.
    ///
    /// # Errors
    /// A migration that does not fit the editions it lies between.
    pub fn lineage(&self, key: &str, from: &str, to: &str) -> Result<Option<Lineage>, WireError> {
        match self.get(key, to) {
            Some(newest) => Lineage::between(self.editions(key), from, newest),
            None => Ok(None),
        }
    }

    /// Whether this is the same library, not only an equal one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries)
    }

    /// The form in force on a day: of the editions that cover it, the one that began last.
    pub fn newest(&self, key: &str, on: Date) -> Option<&Arc<Form>> {
        self.editions(key)
            .filter(|form| in_force(form, on))
            .max_by_key(|form| {
                let program = form.program();
                (program.valid_from.first_day(), program.edition.as_str())
            })
    }

    /// The editions of a form, by name.
    pub fn editions(&self, key: &str) -> impl Iterator<Item = &Arc<Form>> {
        let from = (key.to_owned(), String::new());
        self.entries
            .range(from..)
            .map(|(_, entry)| &entry.form)
            .take_while(move |form| form.program().key == key)
    }

    /// Every form, by key and edition.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.entries.values().map(|entry| &entry.form)
    }

    /// How many forms there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Which forms these are, in sixteen digits: libraries with the same programs have the same.
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for form in self.iter() {
            let json = to_json(form.program());
            hash.update((json.len() as u64).to_be_bytes());
            hash.update(json);
        }
        let hash = hash.finalize();
        hash.iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// True if there is no form.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The key that was probably meant, if one is close.
    pub fn nearest_key(&self, key: &str) -> Option<&str> {
        nearest(key, self.entries.keys().map(|(key, _)| key.as_str()))
    }
}

fn in_force(form: &Form, on: Date) -> bool {
    let program = form.program();
    program.valid_from.first_day() <= on.last_day()
        && program
            .valid_to
            .is_none_or(|end| on.first_day() <= end.last_day())
}

/// The candidate with the fewest changes from `name`, if that is at most a third of its letters.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).max(1);
    candidates
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters; names longer than 64 are compared by their beginning.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().take(64).enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *cell;
            *cell = changed.min(diagonal + 1).min(left + 1);
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn distances_count_single_changes() {
        assert_eq!(distance("", ""), 0);
        assert_eq!(distance("tremor", "tremor"), 0);
        assert_eq!(distance("tremer", "tremor"), 1);
        assert_eq!(distance("tremr", "tremor"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_close_name_is_suggested_and_a_far_one_is_not() {
        let names = ["tremor", "rigidity"];
        assert_eq!(nearest("tremer", names.into_iter()), Some("tremor"));
        assert_eq!(nearest("unrelated", names.into_iter()), None);
    }

    #[test]
    fn the_newest_edition_in_force_is_found() {
        let old = samples::form_with(|program| {
            program.edition = "2017".into();
            program.valid_from = "2017-04-01".parse().unwrap();
            program.valid_to = Some("2024-03-31".parse().unwrap());
        });
        let new = samples::form_with(|program| {
            program.edition = "2024".into();
            program.valid_from = "2024-04-01".parse().unwrap();
        });
        let library = Library::new([old, new]).unwrap();
        let on = |day: &str| {
            library
                .newest("shitei-006", day.parse().unwrap())
                .map(|form| form.program().edition.clone())
        };
        assert_eq!(on("2017-03-31"), None);
        assert_eq!(on("2024-03-31").as_deref(), Some("2017"));
        assert_eq!(on("2024-04-01").as_deref(), Some("2024"));
        assert_eq!(library.len(), 2);
        assert_eq!(library.editions("shitei-006").count(), 2);
        assert_eq!(library.editions("shitei-00").count(), 0);
        assert_eq!(library.nearest_key("shitei-06"), Some("shitei-006"));
        assert!(library.get("shitei-006", "2024").is_some());
        assert!(library.get("shitei-006", "2025").is_none());
    }

    #[test]
    fn the_same_edition_twice_is_refused() {
        let error = Library::new([samples::form(), samples::form()]).unwrap_err();
        assert!(error.to_string().contains("shitei-006"), "{error}");
    }
}

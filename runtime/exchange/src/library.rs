//! The forms at hand: one per key and edition, never changed while in use.
//!
//! They are all there from the beginning ([`Library::new`]), or each is loaded when it is asked for
//! ([`Library::on_demand`]), so that a check of one disease does not pay for three hundred. Of those
//! the last [`KEPT`] are kept, so that records of every disease do not need all forms at once.
//!
//! A check ([`Library::for_checks`]) puts aside what it needs of each form when it is loaded
//! ([`Form::packed`]), and brings it back when it was let go (decision 0032). A form that could only
//! be loaded once more stays when it is asked for again, so that it is not loaded for every record.

mod aside;

use self::aside::{Aside, Put};
use crate::fhir::Places;
use crate::finding::{Place, RecordFinding, shortened};
use crate::layout::Layout;
use kohyo_engine::program::PROGRAMME_KEY;
use kohyo_engine::{Date, Form, Lineage, Program, WireError, to_json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread;

/// Of forms that are loaded on demand and may go, so many of those last asked for are kept: as many
/// as commonly take turns in a file.
const KEPT: usize = 8;

/// An immutable set of forms by key and edition.
///
/// Cheap to clone; a new release is a new library that replaces the old one.
#[derive(Clone, Default)]
pub struct Library {
    shelf: Arc<Shelf>,
    /// What they came from.
    release: Option<Arc<str>>,
}

#[derive(Default)]
struct Shelf {
    slots: BTreeMap<(String, String), Slot>,
    load: Option<Box<Load>>,
    loading: Mutex<()>,
    /// Where forms are put aside, if they are.
    aside: Option<Aside>,
    troubles: Mutex<Vec<Trouble>>,
    /// How often a form has been asked for.
    asked: AtomicU64,
}

/// Loads the form with a key and an edition, or says why it cannot be used.
type Load = dyn Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync;

/// The place of one form. Whoever makes the entry takes the form, never the other way round.
#[derive(Default)]
struct Slot {
    form: Mutex<Held<Form>>,
    entry: Mutex<Held<Entry>>,
    /// When it was last asked for, in askings.
    asked: AtomicU64,
    /// Where it was put aside.
    aside: OnceLock<Put>,
    /// Whether it has been let go: if it is asked for again and was not put aside, it stays.
    was_let_go: AtomicBool,
}

/// What is held of something that is made when it is asked for.
#[derive(Default)]
enum Held<T> {
    /// Nobody has asked for it, or it has been let go.
    #[default]
    Nothing,
    /// It was asked for and cannot be used.
    Unusable,
    There(Arc<T>),
}

/// A form that was asked for and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its key.
    pub key: String,
    /// Its edition.
    pub edition: String,
    /// Why, in Japanese.
    pub reason: String,
}

/// What a form is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormName {
    /// Its key: `shitei-006`.
    pub key: String,
    /// Its edition: `2020`.
    pub edition: String,
    /// The disease.
    pub title: String,
}

impl FormName {
    /// What this program calls its form.
    pub(crate) fn of(program: &Program) -> Self {
        Self {
            key: program.key.clone(),
            edition: program.edition.clone(),
            title: program.title.clone(),
        }
    }
}

/// A form with the tables its records are read with.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) form: Arc<Form>,
    pub(crate) name: Arc<FormName>,
    pub(crate) layout: Layout,
    /// Made when the first FHIR record of the form is read.
    places: OnceLock<Places>,
    /// The older edition by whose rules its renewals are judged as well.
    pub(crate) previous: Option<Arc<Lineage>>,
}

impl Entry {
    /// The places of the form in a response.
    pub(crate) fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::new(self.form.program()))
    }
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
        let forms = forms.into_iter().map(|form| {
            let program = form.program();
            let place = (program.key.clone(), program.edition.clone());
            (place, Slot::of(form))
        });
        let library = Self::of(forms, Shelf::default())?;
        for (place, slot) in &library.shelf.slots {
            if let Some(form) = library.form(place, slot) {
                *lock(&slot.entry) = Held::There(Arc::new(library.made(form)?));
            }
        }
        Ok(library)
    }

    /// A library of the forms with these keys and editions, each of which `load` gives when it is
    /// asked for, the first time and whenever it has been let go since; a form of another place than
    /// asked for is none. One that cannot be used is as if it were not there, and is told by
    /// [`Library::troubles`].
    ///
    /// # Errors
    /// A place named twice.
    pub fn on_demand(
        places: impl IntoIterator<Item = (String, String)>,
        load: impl Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync + 'static,
    ) -> Result<Self, LibraryError> {
        let shelf = Shelf {
            load: Some(Box::new(load)),
            ..Shelf::default()
        };
        Self::of(empty(places), shelf)
    }

    /// The same for those who only check records, of however many forms: of each, [what a check
    /// needs](Form::packed) is kept.
    ///
    /// # Errors
    /// A place named twice.
    pub fn for_checks(
        places: impl IntoIterator<Item = (String, String)>,
        load: impl Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync + 'static,
    ) -> Result<Self, LibraryError> {
        let shelf = Shelf {
            load: Some(Box::new(load)),
            aside: Some(Aside::default()),
            ..Shelf::default()
        };
        Self::of(empty(places), shelf)
    }

    fn of(
        slots: impl IntoIterator<Item = ((String, String), Slot)>,
        mut shelf: Shelf,
    ) -> Result<Self, LibraryError> {
        for (place, slot) in slots {
            if shelf.slots.insert(place.clone(), slot).is_some() {
                let (key, edition) = place;
                return Err(LibraryError::Twice { key, edition });
            }
        }
        Ok(Self {
            shelf: Arc::new(shelf),
            release: None,
        })
    }

    /// The forms that were asked for and cannot be used, in the order of asking.
    pub fn troubles(&self) -> Vec<Trouble> {
        let troubles = self.shelf.troubles.lock();
        troubles.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same forms, said to be those of a release: `2026-12-0123456789abcdef`.
    #[must_use]
    pub fn named(self, release: impl Into<Arc<str>>) -> Self {
        Self {
            release: Some(release.into()),
            ..self
        }
    }

    /// The release that the forms came from, if they came from one.
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// The form with this key (`shitei-006`) and edition (`2020`).
    pub fn get(&self, key: &str, edition: &str) -> Option<Arc<Form>> {
        let entry = self.entry(key, edition)?;
        Some(Arc::clone(&entry.form))
    }

    pub(crate) fn entry(&self, key: &str, edition: &str) -> Option<Arc<Entry>> {
        let place = (key.to_owned(), edition.to_owned());
        let (place, slot) = self.shelf.slots.get_key_value(&place)?;
        self.shelf.asked_for(slot);
        let mut loaded = false;
        let entry = lock(&slot.entry).or_made(|| {
            loaded = true;
            let form = self.form(place, slot)?;
            match self.made(form) {
                Ok(entry) => Some(Arc::new(entry)),
                Err(error) => {
                    self.shelf.trouble(place, error.to_string());
                    None
                }
            }
        });
        if loaded {
            self.shelf.let_go();
        }
        entry
    }

    /// The form that a record with this key and edition is written in; a form of the programme
    /// itself holds no record.
    pub(crate) fn of_record(&self, key: &str, edition: &str) -> Option<Arc<Entry>> {
        match key.starts_with(PROGRAMME_KEY) {
            true => None,
            false => self.entry(key, edition),
        }
    }

    /// Why a record of a form that is there cannot be read all the same; nothing if there is no
    /// such form.
    pub(crate) fn refused(
        &self,
        check: &'static str,
        place: Place,
        key: &str,
        edition: &str,
    ) -> Option<RecordFinding> {
        if key.starts_with(PROGRAMME_KEY) {
            return Some(RecordFinding::error(
                check,
                place,
                format!("様式「{}」はありません", shortened(key)),
                "制度の様式は、自治体が画面で記入するもので、個票の様式ではありません。個票の様式キー（shitei-006 など）を書いてください",
            ));
        }
        self.has_place(key, edition)
            .then(|| unusable_form(check, place, key, edition))
    }

    /// The form of a slot, loaded if it has not been.
    fn form(&self, place: &(String, String), slot: &Slot) -> Option<Arc<Form>> {
        self.shelf.asked_for(slot);
        lock(&slot.form).or_made(|| {
            if let Some(form) = self.shelf.brought_back(slot) {
                return Some(form);
            }
            let loaded = self.shelf.loaded(place, slot)?;
            let meant = |form: &Arc<Form>| {
                let program = form.program();
                (&program.key, &program.edition) == (&place.0, &place.1)
            };
            match loaded {
                Ok(form) if meant(&form) => Some(form),
                Ok(form) => {
                    let program = form.program();
                    let other = format!("{} {} の様式が入っています", program.key, program.edition);
                    self.shelf.trouble(place, other);
                    None
                }
                Err(reason) => {
                    self.shelf.trouble(place, reason);
                    None
                }
            }
        })
    }

    /// A form with its tables and the edition before it.
    fn made(&self, form: Arc<Form>) -> Result<Entry, WireError> {
        let program = form.program();
        let previous = match &program.fallback {
            Some(_) => {
                let editions: Vec<Arc<Form>> = self.editions(&program.key).collect();
                Lineage::fallback(&editions, &form)?.map(Arc::new)
            }
            None => None,
        };
        Ok(Entry {
            name: Arc::new(FormName::of(program)),
            layout: Layout::new(program),
            places: OnceLock::new(),
            form,
            previous,
        })
    }

    /// The edition by whose rules a renewal on the form with this key and edition is judged as
    /// well, if there is one.
    pub fn previous(&self, key: &str, edition: &str) -> Option<Arc<Lineage>> {
        self.entry(key, edition)?.previous.clone()
    }

    /// The way of answers from the edition `from` to `to`, for a draft made from an older record;
    /// nothing if no migration leads there.
    ///
    /// # Errors
    /// A migration that does not fit the editions it lies between.
    pub fn lineage(&self, key: &str, from: &str, to: &str) -> Result<Option<Lineage>, WireError> {
        let Some(newest) = self.get(key, to) else {
            return Ok(None);
        };
        let editions: Vec<Arc<Form>> = self.editions(key).collect();
        Lineage::between(&editions, from, &newest)
    }

    /// Whether this is the same library, not only an equal one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shelf, &other.shelf)
    }

    /// Whether there is a place for such a form, even if the form cannot be used.
    fn has_place(&self, key: &str, edition: &str) -> bool {
        let place = (key.to_owned(), edition.to_owned());
        self.shelf.slots.contains_key(&place)
    }

    /// The form in force on a day: of the editions that cover it, the one that began last.
    pub fn newest(&self, key: &str, on: Date) -> Option<Arc<Form>> {
        self.editions(key)
            .filter(|form| in_force(form, on))
            .max_by_key(|form| {
                let program = form.program();
                (program.valid_from.first_day(), program.edition.clone())
            })
    }

    /// The editions of a form, by name; loads those that are not there.
    pub fn editions(&self, key: &str) -> impl Iterator<Item = Arc<Form>> {
        let from = (key.to_owned(), String::new());
        self.shelf
            .slots
            .range(from..)
            .take_while(move |((of, _), _)| of == key)
            .filter_map(|(place, slot)| self.form(place, slot))
    }

    /// Every form that can be used, by key and edition; loads those that are not there.
    pub fn iter(&self) -> impl Iterator<Item = Arc<Form>> {
        let places = self.shelf.slots.keys();
        places.filter_map(|(key, edition)| self.get(key, edition))
    }

    /// How many forms there are, loaded or not.
    pub fn len(&self) -> usize {
        self.shelf.slots.len()
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
        self.shelf.slots.is_empty()
    }

    /// What to do about a key that no form has. A key written as keys are is no slip of the pen:
    /// the form is not here, and no other disease is offered for it.
    pub(crate) fn help_for_key(&self, key: &str) -> String {
        let keys = self.shelf.slots.keys().map(|(key, _)| key.as_str());
        let keys: BTreeSet<&str> = keys.filter(|k| !k.starts_with(PROGRAMME_KEY)).collect();
        let count = keys.len();
        if is_key(key) {
            return match &self.release {
                Some(release) => format!(
                    "使っているリリース {release}（様式{count}件）に、この様式は入っていません。様式キーを確かめるか、この様式の入ったリリースを使ってください"
                ),
                None => format!(
                    "使っている定義（様式{count}件）に、この様式は入っていません。様式キーを確かめるか、この様式の定義を加えてください"
                ),
            };
        }
        match nearest(key, keys.into_iter()) {
            Some(near) => format!("「{near}」の書き間違いではありませんか"),
            None => {
                "様式キーを確認してください。新しい様式であれば、定義を更新してください".to_owned()
            }
        }
    }
}

impl Shelf {
    fn trouble(&self, (key, edition): &(String, String), reason: String) {
        let troubles = self.troubles.lock();
        let mut troubles = troubles.unwrap_or_else(PoisonError::into_inner);
        troubles.push(Trouble {
            key: key.clone(),
            edition: edition.clone(),
            reason,
        });
    }

    /// What `load` gives, put aside if forms are; nothing if all forms were there from the beginning.
    ///
    /// It runs in a thread of its own, one at a time: allocators keep memory apart for each thread,
    /// and what a form takes on the way would stay with every reader, or between the forms.
    fn loaded(
        &self,
        (key, edition): &(String, String),
        slot: &Slot,
    ) -> Option<Result<Arc<Form>, String>> {
        let load = self.load.as_ref()?;
        let pack = |form| Form::packed(Arc::unwrap_or_clone(form));
        let _one = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = thread::scope(|scope| match &self.aside {
            None => scope.spawn(|| load(key, edition)).join(),
            Some(aside) => {
                let packed = scope.spawn(|| load(key, edition).map(pack)).join();
                packed.map(|packed| {
                    let packed = packed?;
                    let tables = match aside.put(&packed) {
                        Ok(put) => slot.aside.get_or_init(|| put).tables(),
                        // Without room for it, it is loaded again when it is asked for again.
                        Err(_) => packed.tables,
                    };
                    let form = Form::unpacked(&packed.bytes, tables);
                    form.map(Arc::new)
                        .ok_or_else(|| "様式を控えられません".to_owned())
                })
            }
        });
        Some(loaded.unwrap_or_else(|panic| resume_unwind(panic)))
    }

    /// The form of a slot as it was put aside.
    fn brought_back(&self, slot: &Slot) -> Option<Arc<Form>> {
        let form = self.aside.as_ref()?.get(slot.aside.get()?);
        form.ok().map(Arc::new)
    }

    fn asked_for(&self, slot: &Slot) {
        let now = self.asked.fetch_add(1, Ordering::Relaxed);
        slot.asked.store(now, Ordering::Relaxed);
    }

    /// Of the forms that may go, because they can be loaded again and do not stay, lets go of all but
    /// the [`KEPT`] that were asked for last.
    fn let_go(&self) {
        if self.load.is_none() {
            return;
        }
        let held = self.slots.values().filter(|slot| slot.is_held());
        let mut may_go: Vec<&Slot> = held.filter(|slot| !slot.stays()).collect();
        may_go.sort_by_key(|slot| slot.asked.load(Ordering::Relaxed));
        let many = may_go.len().saturating_sub(KEPT);
        may_go.into_iter().take(many).for_each(Slot::let_go);
    }
}

impl Slot {
    fn of(form: Arc<Form>) -> Self {
        Self {
            form: Mutex::new(Held::There(form)),
            ..Self::default()
        }
    }

    fn stays(&self) -> bool {
        self.was_let_go.load(Ordering::Relaxed) && self.aside.get().is_none()
    }

    fn is_held(&self) -> bool {
        is_there(&self.form) || is_there(&self.entry)
    }

    fn let_go(&self) {
        self.was_let_go.store(true, Ordering::Relaxed);
        lock(&self.entry).let_go();
        lock(&self.form).let_go();
    }
}

/// Places of forms that nobody has asked for.
fn empty(
    places: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = ((String, String), Slot)> {
    places.into_iter().map(|place| (place, Slot::default()))
}

/// Whether it is there, as far as one can see without waiting for somebody who makes it.
fn is_there<T>(held: &Mutex<Held<T>>) -> bool {
    match held.try_lock() {
        Ok(held) => matches!(*held, Held::There(_)),
        Err(TryLockError::Poisoned(held)) => matches!(**held.get_ref(), Held::There(_)),
        Err(TryLockError::WouldBlock) => false,
    }
}

/// Whoever panicked while making something has left nothing.
fn lock<T>(held: &Mutex<Held<T>>) -> MutexGuard<'_, Held<T>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Held<T> {
    /// What is there, or what `make` makes of nothing.
    fn or_made(&mut self, make: impl FnOnce() -> Option<Arc<T>>) -> Option<Arc<T>> {
        if let Self::Nothing = self {
            *self = make().map_or(Self::Unusable, Self::There);
        }
        match self {
            Self::There(made) => Some(Arc::clone(made)),
            Self::Nothing | Self::Unusable => None,
        }
    }

    fn let_go(&mut self) {
        if let Self::There(_) = self {
            *self = Self::Nothing;
        }
    }
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.shelf.slots.keys()).finish()
    }
}

/// A record of a form that is there and cannot be used.
fn unusable_form(check: &'static str, place: Place, key: &str, edition: &str) -> RecordFinding {
    RecordFinding::error(
        check,
        place,
        format!("様式 {key} の版「{edition}」は、定義に誤りがあるため使えません"),
        "この個票は点検していません。様式の定義の配布元に知らせてください",
    )
}

fn in_force(form: &Form, on: Date) -> bool {
    let program = form.program();
    program.valid_from.first_day() <= on.last_day()
        && program
            .valid_to
            .is_none_or(|end| on.first_day() <= end.last_day())
}

/// Whether it is written as the key of a form: `shitei-006`, `shitei-019-b02`, `shoman-11-080`.
fn is_key(text: &str) -> bool {
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let branch = |part: &str| {
        part.strip_prefix('b')
            .is_some_and(|number| digits(number, 2))
    };
    match text.split('-').collect::<Vec<_>>().as_slice() {
        ["shitei", number] => digits(number, 3),
        ["shitei", number, part] => digits(number, 3) && branch(part),
        ["shoman", group, number] => digits(group, 2) && digits(number, 3),
        ["shoman", group, number, part] => digits(group, 2) && digits(number, 3) && branch(part),
        _ => false,
    }
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
    use kohyo_engine::program::Programme;

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
        assert!(library.get("shitei-006", "2024").is_some());
        assert!(library.get("shitei-006", "2025").is_none());
    }

    #[test]
    fn another_disease_is_no_advice_about_a_form_that_is_not_here() {
        let library = samples::library();
        let help = |key: &str| library.help_for_key(key);
        assert_eq!(
            help("shitei-06"),
            "「shitei-006」の書き間違いではありませんか"
        );
        assert_eq!(
            help("shitei_006"),
            "「shitei-006」の書き間違いではありませんか"
        );
        assert_eq!(
            help("006"),
            "様式キーを確認してください。新しい様式であれば、定義を更新してください"
        );
        for key in [
            "shitei-999",
            "shitei-006-b02",
            "shoman-11-080",
            "shoman-11-080-b01",
        ] {
            let help = help(key);
            assert!(help.starts_with("使っている定義（様式1件）に、この様式は入っていません"));
        }
        let released = library.clone().named("2026-12-0123456789abcdef");
        assert_eq!(
            released.help_for_key("shitei-999"),
            "使っているリリース 2026-12-0123456789abcdef（様式1件）に、この様式は入っていません。様式キーを確かめるか、この様式の入ったリリースを使ってください"
        );
    }

    #[test]
    fn a_form_of_the_programme_is_judged_and_holds_no_record() {
        let itself = samples::form_with(|program| {
            program.key = "programme-high_cost".into();
            program.programme = Programme::Itself;
        });
        let library = Library::new([samples::form(), itself]).unwrap();
        assert!(library.get("programme-high_cost", "2020").is_some());
        for key in [
            "programme-high_cost:2020",
            "programme-high_cost:1",
            "programme-other:1",
        ] {
            let xml =
                format!("<record xmlns=\"urn:kohyo:form:{key}\" application=\"new\"></record>");
            let refused = crate::read_record(xml.as_bytes(), &library).unwrap_err();
            assert_eq!(refused.check, "xml.unknown_form");
            assert!(
                refused
                    .help
                    .clone()
                    .unwrap()
                    .starts_with("制度の様式は、自治体が画面で記入するもので")
            );
        }
        let help = library.help_for_key("shitei-999");
        assert!(help.contains("様式1件"), "{help}");
        assert!(
            !library
                .help_for_key("programme-high_cos")
                .contains("書き間違い")
        );
    }

    fn told(trouble: &Trouble) -> String {
        format!("{} {}: {}", trouble.key, trouble.edition, trouble.reason)
    }

    #[test]
    fn a_form_is_loaded_when_it_is_asked_for_and_only_once() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let place = |edition: &str| ("shitei-006".to_owned(), edition.to_owned());
        let places = ["2017", "2020", "2024", "2026"].map(place);
        let library = Library::on_demand(places, move |key, edition| {
            log.lock().unwrap().push(format!("{key} {edition}"));
            match edition {
                "2017" => Err("定義に誤りがあります".to_owned()),
                "2026" => Ok(samples::form()), // whose edition is 2020
                _ => Ok(samples::form_with(|program| {
                    program.edition = edition.into();
                    if edition == "2024" {
                        program.fallback = Some("2020".into());
                        program.migrations = vec![samples::migration(program, "2020")];
                    }
                })),
            }
        });
        let library = library.unwrap();
        assert_eq!(library.len(), 4);
        assert!(library.get("shitei-007", "2020").is_none());
        assert!(asked.lock().unwrap().is_empty());
        for _ in 0..2 {
            assert!(library.get("shitei-006", "2020").is_some());
        }
        assert_eq!(*asked.lock().unwrap(), ["shitei-006 2020"]);
        // The newest one needs the edition that its renewals may use.
        assert!(library.previous("shitei-006", "2024").is_some());
        assert_eq!(library.iter().count(), 2);
        assert_eq!(asked.lock().unwrap().len(), 4);
        let troubles: Vec<String> = library.troubles().iter().map(told).collect();
        insta::assert_snapshot!(troubles.join("\n"), @r"
        shitei-006 2017: 定義に誤りがあります
        shitei-006 2026: shitei-006 2020 の様式が入っています
        ");
    }

    #[test]
    fn the_forms_asked_for_last_are_kept_and_those_asked_for_again_stay() {
        let forms = samples::Editions::new(2 * KEPT);
        let editions = || forms.places.iter().map(|(_, edition)| edition.as_str());
        let library = Library::on_demand(forms.places.clone(), forms.load()).unwrap();
        let loaded = |edition: &str| {
            let before = forms.loads();
            assert!(library.get("shitei-006", edition).is_some());
            forms.loads() - before
        };
        for edition in editions().take(KEPT) {
            assert_eq!(loaded(edition), 1);
        }
        // As many as are kept take turns without being loaded again, the first of them last.
        assert_eq!(editions().take(KEPT).map(loaded).sum::<u64>(), 0);
        assert_eq!(loaded("0000"), 0);
        assert_eq!(loaded(&format!("{KEPT:04}")), 1);
        assert_eq!((loaded("0000"), loaded("0001")), (0, 1));
        // Whoever comes once drives away those that came once, not the one that came again.
        for edition in editions().skip(KEPT + 1) {
            assert_eq!(loaded(edition), 1);
        }
        assert_eq!((loaded("0001"), loaded("0002")), (0, 1));
        assert_eq!(library.len(), 2 * KEPT);
    }

    #[test]
    fn a_check_loads_each_form_once_and_holds_few_however_many_take_turns() {
        let forms = samples::Editions::new(3 * KEPT);
        let library = Library::for_checks(forms.places.clone(), forms.load()).unwrap();
        for _ in 0..3 {
            for (key, edition) in &forms.places {
                let form = library.get(key, edition).unwrap();
                assert_eq!(&form.program().edition, edition);
                let held = library.shelf.slots.values().filter(|slot| slot.is_held());
                assert!(held.count() <= KEPT);
            }
        }
        assert_eq!(forms.loads(), 3 * KEPT as u64);
    }

    #[test]
    fn a_form_whose_older_edition_is_missing_cannot_be_used() {
        let place = ("shitei-006".to_owned(), "2024".to_owned());
        let library = Library::on_demand([place], |_, _| {
            Ok(samples::form_with(|program| {
                program.edition = "2024".into();
                program.fallback = Some("2020".into());
            }))
        });
        let library = library.unwrap();
        assert!(library.get("shitei-006", "2024").is_none());
        let troubles: Vec<String> = library.troubles().iter().map(told).collect();
        insta::assert_snapshot!(troubles.join("\n"), @r#"shitei-006 2024: shitei-006 の2024年版は2020年版の記録を読めません。2020年版があり、`migrate from edition "2020"` で移せることを確かめてください"#);
    }

    #[test]
    fn the_same_edition_twice_is_refused() {
        let error = Library::new([samples::form(), samples::form()]).unwrap_err();
        assert!(error.to_string().contains("shitei-006"), "{error}");
    }
}

//! Words of a case that the form does not know: where they stand and what was probably meant.

use super::{Case, CaseFile};
use crate::suggest::nearest;
use kohyo_engine::{Finding, Form};

/// Kinds of the checks that follow from an item's type; with its name they are ids, as
/// `required.tremor` (decision 0002).
pub(crate) const CHECKS_OF_ITEMS: [&str; 10] = [
    "code", "date", "digits", "hidden", "kana", "range", "required", "type", "unit", "width",
];

/// Most names that are listed.
const MOST_LISTED: usize = 8;

/// The names of all items.
pub(super) fn fields(form: &Form) -> impl Iterator<Item = &str> {
    form.program()
        .fields
        .iter()
        .map(|field| field.name.as_str())
}

/// Whether a form can find something of this id.
pub(super) fn known_check(form: &Form, id: &str) -> bool {
    let program = form.program();
    match id.split_once('.') {
        // That an item does not exist is told of any name.
        Some(("field", _)) => true,
        Some(("function", name)) => program.functions.iter().any(|f| f.name == name),
        Some((kind, name)) if CHECKS_OF_ITEMS.contains(&kind) => form.field_id(name).is_some(),
        _ => program.checks.iter().any(|check| check.id == id),
    }
}

/// The ids that may have been meant by an unknown one: the form's own checks, of a kind with a name
/// behind it those of the items.
pub(super) fn checks(form: &Form, id: &str) -> Vec<String> {
    let own = || form.program().checks.iter().map(|check| check.id.clone());
    match id.split_once('.') {
        None => own().collect(),
        Some((kind, name)) => {
            let kind = match CHECKS_OF_ITEMS.contains(&kind) {
                true => kind.to_owned(),
                false => nearest(kind, CHECKS_OF_ITEMS).unwrap_or_default(),
            };
            let items = match form.field_id(name) {
                Some(_) => vec![name],
                None => fields(form).collect(),
            };
            let ids = items.into_iter().map(|item| format!("{kind}.{item}"));
            own().chain(ids).collect()
        }
    }
}

/// `（`tremor` ではありませんか）`, or nothing if no name is near.
pub(super) fn meant<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    nearest(word, known).map_or_else(String::new, |name| format!("（`{name}` ではありませんか）"))
}

/// That a word is none of a few, with these: `…（`definite` ではありませんか）。definite、none のどれかです`.
pub(super) fn said(problem: &str, word: &str, known: &[&str]) -> String {
    let meant = meant(word, known.iter().copied());
    format!("{problem}{meant}。{}", listed(known))
}

/// `a、b、c のどれかです`.
fn listed(names: &[&str]) -> String {
    let some: Vec<&str> = names.iter().copied().take(MOST_LISTED).collect();
    let more = match names.len() - some.len() {
        0 => String::new(),
        more => format!("、ほか{more}件"),
    };
    format!("{}{more} のどれかです", some.join("、"))
}

/// What may be written where a code is none of the item's.
pub(super) fn codes(form: &Form, finding: &Finding) -> String {
    let (Some(field), Some(written)) = (finding.fields.first(), &finding.value) else {
        return String::new();
    };
    let codes = form.codes(*field);
    let names: Vec<&str> = codes.iter().map(|code| code.name.as_str()).collect();
    said("", written, &names)
}

/// The line of an answer of a case, by the name of its item.
pub(super) fn line_of_answer(file: &CaseFile, case: &Case, item: &str) -> usize {
    let own = |name: &String| item.starts_with(name.as_str());
    let in_base = !case.answers.keys().any(own) && file.base.keys().any(own);
    let stretch = match in_base {
        true => Stretch::before_cases(file),
        false => Stretch::of(file, case),
    };
    // An answer of a row or a side stands under what its name ends with.
    let endings = item.match_indices('_').map(|(at, _)| &item[at + 1..]);
    let mut words = std::iter::once(item).chain(endings);
    let found = words.find_map(|word| stretch.line_of(&[word]));
    found.unwrap_or(case.line)
}

/// The line of a word in what a case expects, of the previous edition if `at` says so.
pub(super) fn line_of_expectation(file: &CaseFile, case: &Case, at: &str, word: &str) -> usize {
    let path: &[&str] = match (at, word) {
        (_, "on" | "expect") => &[word],
        ("", _) => &["expect", word],
        _ => &["expect", "previous", word],
    };
    Stretch::of(file, case).line_of(path).unwrap_or(case.line)
}

/// Some lines of a case file.
struct Stretch<'t> {
    /// The number of the first line.
    first: usize,
    text: &'t str,
}

impl<'t> Stretch<'t> {
    /// What stands before the first case.
    fn before_cases(file: &'t CaseFile) -> Self {
        Self::between(file, 1, file.cases.iter().map(|case| case.line).min())
    }

    /// A case, up to the next one.
    fn of(file: &'t CaseFile, case: &Case) -> Self {
        let later = file
            .cases
            .iter()
            .map(|other| other.line)
            .filter(|line| *line > case.line);
        Self::between(file, case.line, later.min())
    }

    fn between(file: &'t CaseFile, first: usize, end: Option<usize>) -> Self {
        let offset = |line: usize| {
            let lines = file.text.split_inclusive('\n').take(line.saturating_sub(1));
            lines.map(str::len).sum()
        };
        let end = end.map_or(file.text.len(), offset);
        let text = file.text.get(offset(first)..end).unwrap_or_default();
        Self { first, text }
    }

    /// The line of the last of some words that follow each other.
    fn line_of(&self, words: &[&str]) -> Option<usize> {
        let mut at = 0;
        for word in words {
            at += whole_word(self.text.get(at..)?, word)?;
        }
        Some(self.first + self.text.get(..at)?.matches('\n').count())
    }
}

/// Where a word begins that is no part of a longer one.
fn whole_word(text: &str, word: &str) -> Option<usize> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = text.match_indices(word);
    let whole = found.find(|(at, word)| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    });
    whole.map(|(at, _)| at)
}

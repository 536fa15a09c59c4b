//! By which editions of which forms records were judged.

use crate::check::RecordReport;
use crate::library::FormName;
use serde::Serialize;
use std::sync::Arc;

/// What is said of definitions that nobody signed.
pub const UNSIGNED: &str = "署名されたリリースではなく、定義のフォルダーによる";

/// Counts records by the edition that judged them.
#[derive(Debug, Default)]
pub struct Judged {
    forms: Vec<JudgedForm>,
    /// The form of the last record and its place: most records are of the form of the one before.
    last: Option<(Arc<FormName>, usize)>,
}

/// How many records were judged by one edition of a form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct JudgedForm {
    /// Its key.
    pub form: String,
    /// Its edition.
    pub edition: String,
    /// The disease.
    pub title: String,
    /// How many records.
    pub records: u64,
}

impl Judged {
    /// Counts a record that has a result; one whose form or kind of application is not known was
    /// not judged.
    pub fn add(&mut self, report: &RecordReport) {
        let Some(form) = report.of.as_ref().filter(|_| report.result.is_some()) else {
            return;
        };
        let place = match &self.last {
            Some((last, place)) if Arc::ptr_eq(last, form) => *place,
            _ => {
                let place = self.place(form);
                self.last = Some((Arc::clone(form), place));
                place
            }
        };
        if let Some(counted) = self.forms.get_mut(place) {
            counted.records += 1;
        }
    }

    fn place(&mut self, form: &FormName) -> usize {
        let known = self
            .forms
            .iter()
            .position(|other| other.form == form.key && other.edition == form.edition);
        known.unwrap_or_else(|| {
            self.forms.push(JudgedForm {
                form: form.key.clone(),
                edition: form.edition.clone(),
                title: form.title.clone(),
                records: 0,
            });
            self.forms.len() - 1
        })
    }

    /// The editions, by key and name.
    pub fn forms(&self) -> Vec<&JudgedForm> {
        let mut forms: Vec<&JudgedForm> = self.forms.iter().collect();
        forms.sort();
        forms
    }
}

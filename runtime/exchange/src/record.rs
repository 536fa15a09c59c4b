//! One filled form on its way between systems.

use kohyo_engine::program::Application;
use kohyo_engine::{Answers, Date, Form, RawAnswers, written};
use kohyo_record::application_word;

/// One filled form.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Key of its form: `shitei-006`.
    pub key: String,
    /// Edition of its form: `2020`.
    pub edition: String,
    /// New application or renewal.
    pub application: Application,
    /// The day it was written, if it says so.
    pub written: Option<Date>,
    /// The answers.
    pub answers: Answers,
}

impl Record {
    /// The answers as they are written on the wire.
    pub fn raw(&self, form: &Form) -> RawAnswers {
        written(form, &self.answers)
    }

    /// All that the record says, in one text: two records with the same text are the same record,
    /// however their files are laid out.
    ///
    /// # Errors
    /// None in practice: it is kept in memory.
    pub fn said(&self, form: &Form) -> Result<String, serde_json::Error> {
        serde_json::to_string(&(
            &self.key,
            &self.edition,
            application_word(self.application),
            self.written.map(|day| day.to_string()),
            self.raw(form),
        ))
    }
}

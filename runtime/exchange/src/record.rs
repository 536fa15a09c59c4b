//! One filled form on its way between systems.

use kohyo_engine::program::Application;
use kohyo_engine::{Answers, Date};

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

/// How an application is written in XML.
pub(crate) fn application_word(application: Application) -> &'static str {
    match application {
        Application::New => "new",
        Application::Renewal => "renewal",
    }
}

//! What a record says besides its answers.

use kohyo_engine::program::Application;
use kohyo_engine::{Context, Date};

/// What stands at the head of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// New application or renewal.
    pub application: Application,
    /// The day it was written.
    pub written: Option<Date>,
}

/// A record that is written on the day it is judged.
impl From<Context> for Heading {
    fn from(context: Context) -> Self {
        Self {
            application: context.application,
            written: Some(context.today),
        }
    }
}

/// How an application is written on every wire: `new`, `renewal`.
pub fn application_word(application: Application) -> &'static str {
    match application {
        Application::New => "new",
        Application::Renewal => "renewal",
    }
}

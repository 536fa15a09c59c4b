//! Records as FHIR R4 QuestionnaireResponse.
//!
//! ```json
//! { "resourceType": "QuestionnaireResponse", "questionnaire": "urn:kohyo:form:shitei-006|2020",
//!   "status": "completed", "authored": "2026-06-01",
//!   "item": [ { "linkId": "record", "item": […] },
//!             { "linkId": "section.diagnosis", "item": [ { "linkId": "tremor", "answer": […] } ] } ] }
//! ```
//!
//! The group `record` holds the kind of application. The Questionnaire it answers is made by `kohyo emit fhir`: a question's `linkId` is its wire name,
//! groups have a dot in theirs. Numbers keep every digit as it is written. Described for users in
//! `docs/targets/fhir.md`.

mod places;
mod read;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use places::Places;
pub(crate) use read::read;
pub use read::read_response;
pub use write::{ResponseWriter, write_response};

/// The resource.
const RESOURCE: &str = "QuestionnaireResponse";
/// The group of what a record says about itself.
const RECORD: &str = "record";
/// The question for the kind of application in it.
const APPLICATION: &str = concat!("record", ".application"); // no id of a check
/// The codes of its answers.
const APPLICATION_SYSTEM: &str = "urn:kohyo:codes:application";

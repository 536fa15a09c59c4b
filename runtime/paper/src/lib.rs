//! A form on paper: blank for the pen, or filled in from a record, as PDF/A.
//!
//! ```text
//! Form (+ Answered) ─ sheet ─► data ─ assets/form.typ in a closed world ─► pages ─► PDF/A-2a, PDF/UA-1
//! ```
//!
//! In go a form and perhaps what was answered with the outcome; out come bytes, the same for the
//! same input. The typesetter sees the template, one file of data and the two-dimensional codes,
//! nothing else: no disk, no network, no packages, no clock. Answers travel as data and are never
//! part of a program text.
//!
//! Fonts are built in if the build could fetch them, otherwise those of the machine are looked
//! for ([`Fonts::find`]).

mod fonts;
mod qr;
pub mod sheet;
mod world;

pub use fonts::{FONT_LICENCE, Fonts, NoFonts};

use kohyo_engine::{Context, Form, Outcome, RawAnswers};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use world::Closed;

/// What was answered, and what the form says about it.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The answers that could be read, as they are written.
    pub raw: &'a RawAnswers,
    /// What is written and could not be read, or was not: it stands beside the boxes.
    pub unread: &'a RawAnswers,
    /// Day of judgement and kind of application.
    pub context: &'a Context,
    /// What the form says about the answers.
    pub outcome: &'a Outcome,
    /// Whether the review board reads it, who sees nothing that points at the person.
    pub masked: bool,
}

/// Why there is no PDF.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// A character that the font does not have, or a mistake of ours in the template.
    #[error(
        "{title} のPDFを作れません: {reason}\n  文字が表示できない場合は、その文字を別の字に直してください"
    )]
    Typeset {
        /// The form.
        title: String,
        /// What the typesetter says, one line for each problem.
        reason: String,
    },
    /// The data could not be written down.
    #[error("{title} のPDFを作れません: {reason}")]
    Data {
        /// The form.
        title: String,
        /// Why.
        reason: String,
    },
}

/// The form as PDF; with what was answered if it is filled in.
///
/// # Errors
///
/// If a character has no glyph in the fonts: an archival file must be able to show every one.
pub fn pdf(
    form: &Form,
    answered: Option<&Answered<'_>>,
    fonts: &Fonts,
) -> Result<Vec<u8>, PaperError> {
    let program = form.program();
    let title = || format!("{}（{}年版）", program.title, program.edition);
    let sheet = sheet::sheet(form, answered);
    let data = serde_json::to_vec(&sheet).map_err(|problem| PaperError::Data {
        title: title(),
        reason: problem.to_string(),
    })?;
    let code = format!("{}/{}", program.key, program.edition);
    let failed = |reason: String| PaperError::Typeset {
        title: title(),
        reason,
    };
    let world = Closed::new(data, code, fonts).map_err(|problem| failed(problem.to_string()))?;
    let document = typst::compile::<PagedDocument>(&world).output;
    let document = document.map_err(|problems| failed(world::words(&problems)))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|problem| failed(problem.message().to_string()))?;
    let options = PdfOptions {
        ident: typst::foundations::Smart::Custom(format!("{}-{}", program.key, program.edition)),
        creator: typst::foundations::Smart::Custom(Some("Kohyo".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes =
        typst_pdf::pdf(&document, &options).map_err(|problems| failed(world::words(&problems)));
    // What is remembered from older forms would only take room.
    comemo::evict(5);
    bytes
}

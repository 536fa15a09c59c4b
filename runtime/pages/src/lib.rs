//! Draws a page view and a verdict as HTML, one way for every plane.
//!
//! In goes what the engine says ([`PageView`], [`Outcome`]); out come pieces of HTML
//! ([`form_html`], [`edit_html`], [`part_html`], [`verdict_html`]), the answer a page in use gets after each change ([`live`]),
//! and the styles and scripts they need ([`asset`]).
//!
//! The caller puts the form into `<form method="post" data-live="URL">` and the verdict into
//! `<div data-verdict>`; `form.js` then posts the form to that URL after each change and expects
//! a [`Live`] as JSON. Without scripts the same form is sent as it stands.
//!
//! Nothing here knows routes, storage or sessions. Every text is escaped by the template engine;
//! no template switches that off.

mod assets;
mod earlier;
mod era;
mod form;
mod live;
mod templates;
mod verdict;

pub use assets::{Asset, asset, asset_url};
pub use earlier::{Earlier, EarlierAnswer, EarlierSummary};
pub use era::{wareki, western};
pub use form::{SectionState, edit_html, form_html, part_html};
pub use live::{Live, LiveFinding, live};
pub use templates::{PageError, engine};
pub use verdict::verdict_html;

use kohyo_engine::program::Programme;
use kohyo_engine::{Outcome, PageField, PageView, ShownToBoard};

/// What a drawn form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Filling it in.
    Edit,
    /// Reading it on a screen.
    Read,
    /// Paper of size A4.
    Print {
        /// For the review board: answers that name the person are blacked out.
        masked: bool,
    },
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Read => "read",
            Self::Print { .. } => "print",
        }
    }

    fn masked(self) -> bool {
        self == Self::Print { masked: true }
    }
}

/// Names of the fields whose answers name the person, or could do so where a disease is rare.
fn identifying(view: &PageView) -> std::collections::BTreeSet<&str> {
    form::fields(view)
        .filter(|field| shown_to_board(field) != ShownToBoard::Whole)
        .map(|field| field.name.as_str())
        .collect()
}

fn shown_to_board(field: &PageField) -> ShownToBoard {
    ShownToBoard::of(field.privacy, &field.ty)
}

/// The word for a level, as styles and scripts read it.
fn level_name(level: kohyo_engine::program::Level) -> &'static str {
    match level {
        kohyo_engine::program::Level::Error => "error",
        kohyo_engine::program::Level::Warning => "warning",
        kohyo_engine::program::Level::Information => "information",
    }
}

/// The result of a judgement as a short badge word.
fn result_of(outcome: &Outcome, programme: Programme) -> (&'static str, &'static str) {
    (outcome.result.name(), outcome.result.label_in(programme))
}

/// The result in words while a form is filled in: a form just opened is not called undetermined.
pub fn standing(outcome: &Outcome, view: &PageView) -> &'static str {
    if verdict::is_untouched(outcome, view) {
        "未入力"
    } else {
        result_of(outcome, view.programme).1
    }
}

//! What to draw, in order: the one description of a filled form that pages, preview and paper use.

use crate::program::{Application, FieldType, Level};
use serde::Serialize;

/// A form with its answers, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageView {
    /// Key of the form.
    pub key: String,
    /// Edition.
    pub edition: String,
    /// Japanese name of the disease.
    pub title: String,
    /// New application or renewal.
    pub application: Application,
    /// Sections in order; empty ones are left out.
    pub sections: Vec<PageSection>,
}

/// A section.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageSection {
    /// Name, also the anchor.
    pub name: String,
    /// Heading.
    pub label: String,
    /// What stands in it.
    pub members: Vec<PageMember>,
    /// Shown required questions still unanswered, and errors.
    pub open_items: u32,
}

/// Something in a section or group.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PageMember {
    /// Questions under a heading.
    Group(PageGroup),
    /// A question (boxed: it is by far the largest).
    Field(Box<PageField>),
    /// A printed sentence.
    Note {
        /// The sentence.
        text: String,
    },
    /// A calculated value.
    Display {
        /// Name of the definition.
        name: String,
        /// Its label.
        label: String,
        /// What came out, for people.
        text: String,
    },
}

/// Questions under a heading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageGroup {
    /// Heading.
    pub label: String,
    /// Help text.
    pub help: Option<String>,
    /// False when everything in it is hidden.
    pub shown: bool,
    /// What stands in it.
    pub members: Vec<PageMember>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageField {
    /// Wire name; the name of the input.
    pub name: String,
    /// The words of the official form.
    pub label: String,
    /// `text`, `textarea`, `number`, `date`, `choice`, `choices`.
    pub input: &'static str,
    /// The type in full, for limits.
    pub ty: FieldType,
    /// The values as written (one, or several for `choices`).
    pub values: Vec<String>,
    /// The answer as people read it: `あり`, `2024年3月`, `3.5 g/gCr`; empty if unanswered.
    pub text: String,
    /// Codes to choose from.
    pub options: Vec<PageOption>,
    /// Unit.
    pub unit: Option<String>,
    /// A few words on what may be written: `小数点以下1桁、0〜999.9`.
    pub hint: String,
    /// Help text.
    pub help: Option<String>,
    /// Whether it is shown.
    pub shown: bool,
    /// Whether it is required now.
    pub required: bool,
    /// How closely it points at a person (masked prints leave identifying answers out).
    pub privacy: Option<crate::program::Privacy>,
    /// What checks found here.
    pub findings: Vec<PageFinding>,
}

/// A code to choose.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageOption {
    /// Wire value: `1`.
    pub value: String,
    /// Label: `あり`.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What a check found at a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PageFinding {
    /// Check id.
    pub check: String,
    /// How bad it is.
    pub level: Level,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

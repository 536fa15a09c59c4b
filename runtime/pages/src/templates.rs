//! The templates, embedded and escaped everywhere.

use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::OnceLock;
use tera::{Context, Tera};

/// A page could not be drawn: a fault of a template, never of an answer.
#[derive(Clone, Debug)]
pub struct PageError(String);

impl std::fmt::Display for PageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "page could not be drawn: {}", self.0)
    }
}

impl std::error::Error for PageError {}

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// Reads a folder of embedded templates; whatever a template shows is escaped.
///
/// # Errors
/// A template that is not UTF-8, or that cannot be parsed: a fault of the program itself.
pub fn engine<Folder: RustEmbed>() -> Result<Tera, PageError> {
    let mut engine = Tera::new();
    // INVARIANT: every template is escaped whatever its file name ends with.
    engine.autoescape_on([""]);
    let mut texts = Vec::new();
    for path in Folder::iter() {
        let Some(file) = Folder::get(&path) else {
            continue;
        };
        let text = String::from_utf8(file.data.into_owned())
            .map_err(|_| PageError(format!("`{path}` is not UTF-8")))?;
        texts.push((path.into_owned(), text));
    }
    engine
        .add_raw_templates(
            texts
                .iter()
                .map(|(path, text)| (path.as_str(), text.as_str())),
        )
        .map_err(|error| PageError(error.to_string()))?;
    Ok(engine)
}

/// Draws one template with one value under one name.
pub(crate) fn draw<T: Serialize>(
    template: &'static str,
    name: &'static str,
    value: &T,
) -> Result<String, PageError> {
    static ENGINE: OnceLock<Result<Tera, PageError>> = OnceLock::new();
    let engine = ENGINE
        .get_or_init(engine::<Templates>)
        .as_ref()
        .map_err(Clone::clone)?;
    let mut context = Context::new();
    context.insert(name, value);
    engine
        .render(template, &context)
        .map_err(|error| PageError(error.to_string()))
}

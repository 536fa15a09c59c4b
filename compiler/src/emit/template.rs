//! Pages from templates.

use std::sync::OnceLock;
use tera::{Context, Tera};

/// The templates of a page, parsed when the first one is made.
pub(crate) struct Templates {
    texts: &'static [(&'static str, &'static str)],
    parsed: OnceLock<Result<Tera, String>>,
}

impl Templates {
    /// Templates by name; the page itself is `page.html`.
    pub(crate) const fn new(texts: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            texts,
            parsed: OnceLock::new(),
        }
    }

    /// The page.
    ///
    /// # Errors
    /// A fault of the template, never of what it shows.
    pub(crate) fn page(&self, context: &Context) -> Result<String, String> {
        let parsed = self.parsed.get_or_init(|| parsed(self.texts));
        let templates = parsed.as_ref().map_err(Clone::clone)?;
        templates
            .render("page.html", context)
            .map_err(|error| error.to_string())
    }
}

fn parsed(texts: &[(&'static str, &'static str)]) -> Result<Tera, String> {
    let mut templates = Tera::new();
    // INVARIANT: everything is escaped; style and script are ours and marked as safe.
    templates.autoescape_on([""]);
    templates
        .add_raw_templates(texts.iter().copied())
        .map_err(|error| error.to_string())?;
    Ok(templates)
}

//! The texts of a `forms/` folder, in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts by path relative to the folder, with `/`: `shitei/006_parkinson/form.kohyo`.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, Arc<str>>,
}

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) {
        self.texts.insert(path.into(), text.into());
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(AsRef::as_ref)
    }

    /// The text of a file, to be kept beside what was made from it.
    pub(crate) fn shared(&self, path: &str) -> Option<&Arc<str>> {
        self.texts.get(path)
    }

    /// Takes a file away; nothing if there is none.
    pub fn remove(&mut self, path: &str) -> Option<Arc<str>> {
        self.texts.remove(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_ref()))
    }

    /// The definition files (`*.kohyo`), sorted by path.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| path.ends_with(".kohyo"))
    }
}

/// The file in which a module lies: `common.patient` → `common/patient.kohyo`.
pub(crate) fn module_file(names: &[kohyo_dsl::ast::Name]) -> String {
    let parts: Vec<&str> = names.iter().map(|n| n.text.as_str()).collect();
    format!("{}.kohyo", parts.join("/"))
}

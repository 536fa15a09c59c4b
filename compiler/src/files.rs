//! The texts of a `forms/` folder, in memory.

use std::collections::BTreeMap;

/// Texts by path relative to the folder, with `/`: `shitei/006_parkinson/form.kohyo`.
#[derive(Clone, Debug, Default)]
pub struct Files {
    texts: BTreeMap<String, String>,
}

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.texts.insert(path.into(), text.into());
    }

    /// The text of a file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
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

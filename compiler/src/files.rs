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

    /// The files in `folder` (`""` or with a `/` at its end), not in folders inside it.
    pub(crate) fn beside<'f>(&'f self, folder: &'f str) -> impl Iterator<Item = &'f str> {
        self.texts
            .range(folder.to_owned()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(folder))
            .filter(move |path| !path[folder.len()..].contains('/'))
    }

    /// The definition files (`*.kohyo`), sorted by path.
    pub fn definitions(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(path, _)| path.ends_with(".kohyo"))
    }
}

/// The first name of a module that lies in the folder of its user: `use here.shared`.
const HERE: &str = "here";

/// What a user writes after `use` for the module in `path`.
pub(crate) fn module_name(user: &str, path: &str) -> String {
    let folder = user.rfind('/').map_or("", |slash| &user[..=slash]);
    let inside = path.strip_prefix(folder).filter(|_| !folder.is_empty());
    let name = |path: &str| path.trim_end_matches(".kohyo").replace('/', ".");
    match inside {
        Some(inside) => format!("{HERE}.{}", name(inside)),
        None => name(path),
    }
}

/// The file in which a module lies: `common.patient` → `common/patient.kohyo`; for a user in
/// `shitei/019_storage/`, `here.shared` → `shitei/019_storage/shared.kohyo`.
pub(crate) fn module_file(user: &str, names: &[kohyo_dsl::ast::Name]) -> String {
    let (folder, names) = match names {
        [here, inside @ ..] if here.text == HERE && !inside.is_empty() => {
            (user.rsplit_once('/').map(|(folder, _)| folder), inside)
        }
        names => (None, names),
    };
    let parts: Vec<&str> = names.iter().map(|n| n.text.as_str()).collect();
    let path = format!("{}.kohyo", parts.join("/"));
    folder.map_or(path.clone(), |folder| format!("{folder}/{path}"))
}

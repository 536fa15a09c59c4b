//! The forms in use, with the name by which reports tell which they were.

use kohyo_engine::look_up::{OtherNames, without_branch};
use kohyo_exchange::Library;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What diseases are called besides their titles, by key without a branch; for searching.
pub type Names = BTreeMap<String, OtherNames>;

/// The forms in use. They never change; another release is another one of these.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    library: Library,
    names: Names,
    fingerprint: OnceLock<String>,
}

impl Forms {
    pub(crate) fn new(library: Library, names: Names) -> Self {
        Self {
            library,
            names,
            fingerprint: OnceLock::new(),
        }
    }

    pub(crate) fn library(&self) -> Library {
        self.library.clone()
    }

    /// What the disease of this key is called besides its title.
    pub(crate) fn names(&self, key: &str) -> OtherNames {
        let names = self.names.get(without_branch(key));
        names.cloned().unwrap_or_default()
    }

    /// Which forms these are, in sixteen digits.
    pub(crate) fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| self.library.fingerprint())
    }
}

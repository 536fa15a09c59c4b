//! The forms in use, with the name by which reports tell which they were.

use kohyo_exchange::Library;
use std::sync::OnceLock;

/// The forms in use. They never change; another release is another one of these.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    library: Library,
    fingerprint: OnceLock<String>,
}

impl Forms {
    pub(crate) fn new(library: Library) -> Self {
        Self {
            library,
            fingerprint: OnceLock::new(),
        }
    }

    pub(crate) fn library(&self) -> Library {
        self.library.clone()
    }

    /// Which forms these are, in sixteen digits.
    pub(crate) fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| self.library.fingerprint())
    }
}

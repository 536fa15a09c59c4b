//! The few answers that lists show, sealed apart from the rest, and the search index over names.

use crate::keys::Keys;
use kohyo_engine::RawAnswers;
use kohyo_engine::look_up::fold;
use serde::{Deserialize, Serialize};

/// Who a record is about, as lists show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Patient {
    /// Family and given name.
    pub(crate) name: String,
    /// The same in kana.
    pub(crate) kana: String,
    /// Date of birth as written.
    pub(crate) birth_date: String,
}

impl Patient {
    /// Reads the names every form of the shared module `common.patient` uses; a form without
    /// them gives blanks.
    pub(crate) fn of(raw: &RawAnswers) -> Self {
        let text = |name: &str| {
            raw.get(name)
                .and_then(|values| values.first())
                .map_or("", |value| value.trim())
        };
        let both = |family, given| {
            format!("{} {}", text(family), text(given))
                .trim()
                .to_owned()
        };
        Self {
            name: both("family_name", "given_name"),
            kana: both("family_name_kana", "given_name_kana"),
            birth_date: text("birth_date").to_owned(),
        }
    }

    /// What the hospital's search finds this record by: a keyed hash of the whole kana name.
    ///
    /// Only the whole name is indexed: a family name alone would give itself away by how often
    /// it occurs.
    pub(crate) fn kana_index(&self, keys: &Keys, hospital: &str) -> Option<Vec<u8>> {
        kana_index(keys, hospital, &self.kana)
    }
}

/// The index of a name somebody searches for.
pub(crate) fn kana_index(keys: &Keys, hospital: &str, kana: &str) -> Option<Vec<u8>> {
    let folded = fold(kana);
    if folded.is_empty() {
        return None;
    }
    let mac = keys.mac(
        "index/kana",
        &[hospital.as_bytes(), b"\0", folded.as_bytes()].concat(),
    );
    Some(mac.into_iter().take(16).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_either_kana_and_width() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let index = |kana: &str| kana_index(&keys, "h1", kana);
        assert_eq!(index("やまだ はなこ"), index("ﾔﾏﾀﾞ　ハナコ"));
        assert_ne!(index("やまだ はなこ"), index("やまだ"));
        assert_ne!(index("やまだ"), kana_index(&keys, "h2", "やまだ"));
        assert_eq!(index(" 　"), None);
    }
}

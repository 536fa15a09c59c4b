//! Which names can stand in a bundle: such as mean the same on every system, and lead nowhere else.

/// A path is at most so many bytes long.
pub const MAX_PATH: usize = 200;

/// Whether a release can be called so: `2026-12`. It is part of addresses and file names.
pub fn is_release_id(id: &str) -> bool {
    id.len() <= 32 && is_part(id)
}

/// Whether this can be the path of a file: parts of letters, digits, `.`, `-` and `_`, separated
/// by `/`. No part begins or ends with a dot, so that none leads out of a folder.
pub(crate) fn is_path(path: &str) -> bool {
    path.len() <= MAX_PATH && path.split('/').all(is_part)
}

fn is_part(part: &str) -> bool {
    let letters = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-' | b'_');
    !part.is_empty() && part.bytes().all(letters) && !part.starts_with('.') && !part.ends_with('.')
}

/// A text that can be shown on one line.
pub(crate) fn is_line(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.trim() == text
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_lead_nowhere_else_are_paths() {
        for path in [
            "changes.json",
            "artefacts/xsd/shitei-006-2020.xsd",
            "a/b_c/d-e.f",
        ] {
            assert!(is_path(path), "{path}");
        }
        for path in [
            "", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", "a\\b", "C:a", "a\0", "a b", "個票",
            ".a", "a.", "a/b.", "a\n",
        ] {
            assert!(!is_path(path), "{path:?}");
        }
        assert!(!is_path(&"a".repeat(MAX_PATH + 1)));
        assert!(is_release_id("2026-12"));
        assert!(!is_release_id("2026/12"));
    }
}

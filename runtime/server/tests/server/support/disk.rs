//! What lies on the disk of an installation.

use std::path::Path;

/// Searches every file below a folder for these words, as UTF-8 and as UTF-16; gives how many bytes
/// were searched.
///
/// # Panics
/// If a word is found.
pub fn assert_nowhere(folder: &Path, words: &[&str]) -> usize {
    let mut searched = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            searched += assert_nowhere(&path, words);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        searched += bytes.len();
        for word in words {
            let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            for needle in [word.as_bytes(), &utf16] {
                let found = bytes.windows(needle.len()).any(|part| part == needle);
                assert!(!found, "{word} in {}", path.display());
            }
        }
    }
    searched
}

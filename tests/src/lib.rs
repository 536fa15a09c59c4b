//! Whole-system promises; see `tests/tests/`. Here is what they share.

pub mod agreement;
pub mod dice;
pub mod kits;
pub mod node;
pub mod process;
pub mod programs;
pub mod random;
pub mod records;
pub mod values;

use kohyo_compiler::Files;
use std::path::{Path, PathBuf};

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every text of the library of definitions.
pub fn forms() -> Files {
    let mut files = Files::new();
    let forms = root().join("forms");
    read(&forms, &forms, &mut files);
    files
}

fn read(root: &Path, folder: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|e| e == "kohyo" || e == "yaml")
        {
            let inside = path
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            files.insert(inside, std::fs::read_to_string(&path).unwrap());
        }
    }
}

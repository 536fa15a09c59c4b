//! Files that only their owner may read.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Replaces a file in one step by what is written, so that a full disk or a crash leaves the old
/// or the new one; only its owner may read it, where the system knows that.
///
/// # Errors
/// A failing disk; the old file is unchanged then.
pub fn replace_with(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let outcome = private(&beside).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    });
    if outcome.is_err() {
        // Whether or not it can be removed, the error is the one to tell.
        let _ = std::fs::remove_file(&beside);
    }
    outcome
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

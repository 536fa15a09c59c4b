//! Files that are written once and then only read, such as keys.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes a file, which only its owner may read, whole or not at all. One that is there already stays
/// as it is: of several that write it at a time, one is kept.
///
/// # Errors
/// What the disk says; nothing lies in the file's place then.
pub(crate) fn write_once(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension(crate::keys::fresh_id());
    let written = write(&fresh, bytes).and_then(|()| match std::fs::hard_link(&fresh, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    // The second name has done its work.
    let _ = std::fs::remove_file(&fresh);
    written?;
    // The first outlives a power cut only if the folder was written, too.
    #[cfg(unix)]
    if let Some(folder) = path.parent().filter(|folder| folder.is_dir()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o400);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_once_is_whole_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        write_once(&path, b"first").unwrap();
        write_once(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let nowhere = folder.path().join("none").join("a.key");
        assert!(write_once(&nowhere, b"first").is_err());
    }

    #[test]
    fn nobody_ever_sees_a_part_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.key");
        let bytes = vec![b'a'; 16 << 20];
        std::thread::scope(|scope| {
            let seen = scope.spawn(|| {
                loop {
                    if let Ok(data) = std::fs::metadata(&path) {
                        return data.len();
                    }
                }
            });
            write_once(&path, &bytes).unwrap();
            assert_eq!(seen.join().unwrap(), bytes.len() as u64);
        });
    }
}

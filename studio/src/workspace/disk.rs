//! Reading and writing definitions on disk.

use super::compiled;
use super::{Facts, Kind};
use crate::accounts::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// No definition comes near it.
const LARGEST: u64 = 2 * 1024 * 1024;
/// Deeper folders are not definitions.
const DEEPEST: usize = 8;

/// One file.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) text: Arc<str>,
    pub(crate) hash: String,
    /// What its header says; nothing for a case file.
    pub(crate) facts: Option<Arc<Facts>>,
    stamp: Stamp,
}

impl Entry {
    /// Whether it defines a disease.
    pub(super) fn is_disease(&self) -> bool {
        self.kind() == Some(Kind::Disease)
    }

    /// Whether other definitions may use it.
    pub(super) fn is_module(&self) -> bool {
        self.kind() == Some(Kind::Module)
    }

    fn kind(&self) -> Option<Kind> {
        self.facts.as_ref().map(|facts| facts.kind)
    }
}

/// A file with the same stamp is not read again.
type Stamp = (Option<SystemTime>, u64);

/// The files of a folder.
pub(crate) struct Found {
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(super) unreadable: BTreeMap<String, String>,
    /// Whether any text differs from before.
    pub(super) changed: bool,
}

/// Why a definition was not written.
#[derive(Debug)]
pub(crate) enum NotSaved {
    /// It is no longer what the author began with.
    Changed {
        /// What it is now, if it can be read.
        text: Option<String>,
    },
    /// It, or its folder, is read-only.
    ReadOnly(String),
    /// The disk is full.
    Full,
    /// Anything else the system says.
    Failed(io::Error),
}

/// The content hash by which pages and saves recognise a text.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Reads every definition and case file below `root`, reusing what has not changed.
pub(crate) fn read_folder(
    root: &Path,
    before: Option<&BTreeMap<String, Entry>>,
) -> io::Result<Found> {
    let mut found = Found {
        entries: BTreeMap::new(),
        unreadable: BTreeMap::new(),
        changed: false,
    };
    walk(root, "", 0, before, &mut found)?;
    found.changed |= before.is_none_or(|b| !b.keys().eq(found.entries.keys()));
    Ok(found)
}

fn walk(
    folder: &Path,
    prefix: &str,
    depth: usize,
    before: Option<&BTreeMap<String, Entry>>,
    found: &mut Found,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        // `DirEntry::metadata` does not follow links: nothing outside the folder is ever reached.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_dir() {
            if depth < DEEPEST
                && let Err(error) =
                    walk(&entry.path(), &format!("{path}/"), depth + 1, before, found)
            {
                found.unreadable.insert(path, error.to_string());
            }
        } else if metadata.is_file() && compiled::belongs(&path) {
            let stamp = (metadata.modified().ok(), metadata.len());
            match before
                .and_then(|b| b.get(&path))
                .filter(|known| known.stamp == stamp)
            {
                Some(known) => {
                    found.entries.insert(path, known.clone());
                }
                None => read_entry(&entry.path(), path, stamp, before, found),
            }
        }
    }
    Ok(())
}

fn read_entry(
    file: &Path,
    path: String,
    stamp: Stamp,
    before: Option<&BTreeMap<String, Entry>>,
    found: &mut Found,
) {
    match read_text(file, stamp.1) {
        Ok(text) => {
            let hash = digest(text.as_bytes());
            if let Some(known) = before
                .and_then(|b| b.get(&path))
                .filter(|known| known.hash == hash)
            {
                found.entries.insert(
                    path,
                    Entry {
                        stamp,
                        ..known.clone()
                    },
                );
                return;
            }
            let facts = compiled::facts(&path, &text).map(Arc::new);
            found.changed = true;
            found.entries.insert(
                path,
                Entry {
                    text: text.into(),
                    hash,
                    facts,
                    stamp,
                },
            );
        }
        Err(reason) => {
            found.unreadable.insert(path, reason);
        }
    }
}

fn read_text(file: &Path, length: u64) -> Result<String, String> {
    if length > LARGEST {
        return Err(format!(
            "大きすぎます（{}バイト。上限は{LARGEST}バイト）",
            length
        ));
    }
    let bytes = fs::read(file).map_err(|error| format!("読めません（{error}）"))?;
    String::from_utf8(bytes).map_err(|error| {
        format!(
            "文字コードがUTF-8ではありません（{}バイト目）",
            error.utf8_error().valid_up_to() + 1
        )
    })
}

/// Why a file cannot be replaced, if its permissions tell.
pub(super) fn read_only(file: &Path) -> Option<String> {
    let locked = |path: &Path| fs::metadata(path).is_ok_and(|m| m.permissions().readonly());
    if file.parent().is_some_and(locked) {
        Some("フォルダーが読み取り専用のため、保存できません".to_owned())
    } else if locked(file) {
        Some("ファイルが読み取り専用のため、保存できません".to_owned())
    } else {
        None
    }
}

/// Replaces a file as a whole: after a crash it holds either the old or the new text.
pub(super) fn save(file: &Path, text: &str, base: &str) -> Result<String, NotSaved> {
    if let Some(reason) = read_only(file) {
        return Err(NotSaved::ReadOnly(reason));
    }
    let folder = file
        .parent()
        .ok_or_else(|| NotSaved::Failed(io::ErrorKind::NotFound.into()))?;
    let name = file
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("definition");
    let draft = folder.join(format!(".{name}.{:016x}.tmp", rand::random::<u64>()));
    let written = write(&draft, text, file).and_then(|()| {
        // As late as possible: what came between opening and now must not be lost.
        match fs::read(file) {
            Ok(now) if digest(&now) == base => {}
            Ok(now) => {
                return Err(NotSaved::Changed {
                    text: String::from_utf8(now).ok(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(NotSaved::Changed { text: None });
            }
            Err(error) => return Err(NotSaved::Failed(error)),
        }
        fs::rename(&draft, file).map_err(not_saved)?;
        sync_folder(folder);
        Ok(digest(text.as_bytes()))
    });
    if written.is_err() {
        // It may not exist; the error that is reported is the first one.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write(draft: &Path, text: &str, like: &Path) -> Result<(), NotSaved> {
    let mut out = File::options()
        .write(true)
        .create_new(true)
        .open(draft)
        .map_err(not_saved)?;
    out.write_all(text.as_bytes()).map_err(not_saved)?;
    if let Ok(metadata) = fs::metadata(like) {
        out.set_permissions(metadata.permissions())
            .map_err(not_saved)?;
    }
    out.sync_all().map_err(not_saved)
}

/// Makes the rename itself durable; some file systems cannot, and then the text is still whole.
fn sync_folder(folder: &Path) {
    if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
        tracing::debug!(%error, "folder could not be synchronised");
    }
}

fn not_saved(error: io::Error) -> NotSaved {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            NotSaved::ReadOnly("このフォルダーに書き込む権限がないため、保存できません".to_owned())
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            NotSaved::ReadOnly("ディスクが読み取り専用のため、保存できません".to_owned())
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => NotSaved::Full,
        _ => NotSaved::Failed(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_save_replaces_the_text_and_leaves_nothing_behind() {
        let folder = folder();
        let file = folder.path().join("a.kohyo");
        fs::write(&file, "前").unwrap();
        let hash = save(&file, "後", &digest("前".as_bytes())).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "後");
        assert_eq!(hash, digest("後".as_bytes()));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_text_changed_meanwhile_is_not_overwritten() {
        let folder = folder();
        let file = folder.path().join("a.kohyo");
        fs::write(&file, "他の人の版").unwrap();
        let refused = save(&file, "後", &digest("前".as_bytes())).unwrap_err();
        assert!(matches!(refused, NotSaved::Changed { text: Some(text) } if text == "他の人の版"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "他の人の版");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_gone_meanwhile_is_a_conflict_too() {
        let folder = folder();
        let refused = save(&folder.path().join("a.kohyo"), "後", "x").unwrap_err();
        assert!(matches!(refused, NotSaved::Changed { text: None }));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (inside, outside) = (folder(), folder());
        fs::write(outside.path().join("secret.kohyo"), "x").unwrap();
        std::os::unix::fs::symlink(outside.path(), inside.path().join("away")).unwrap();
        std::os::unix::fs::symlink(
            outside.path().join("secret.kohyo"),
            inside.path().join("b.kohyo"),
        )
        .unwrap();
        let found = read_folder(inside.path(), None).unwrap();
        assert!(found.entries.is_empty() && found.unreadable.is_empty());
    }

    #[test]
    fn another_encoding_is_reported_with_its_place() {
        let folder = folder();
        fs::write(folder.path().join("a.kohyo"), b"\x82\xa0").unwrap();
        let found = read_folder(folder.path(), None).unwrap();
        assert!(found.unreadable["a.kohyo"].contains("UTF-8"));
    }
}

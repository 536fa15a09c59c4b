//! Paths → the files to check, in the order of their names, and those that are passed over.

use crate::finding::{Place, RecordFinding};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file to check.
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    /// Why it cannot be read, if that is known already.
    pub(super) trouble: Option<RecordFinding>,
}

/// What there is to check.
#[derive(Default)]
pub(super) struct Found {
    /// The files in the order of their names, each once.
    pub(super) targets: Vec<Target>,
    /// Files in the folders of which nothing is read, in the same order.
    pub(super) unread: Vec<PathBuf>,
}

/// What there is to check; the folders are looked at without the files of `except`.
pub(super) fn targets(paths: &[PathBuf], except: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = found.targets.len();
                walk_folder(path, except, &mut found);
                if found.targets.len() == before {
                    found.targets.push(troubled(
                        path,
                        RecordFinding::error(
                            "file.no_xml",
                            Place::default(),
                            "フォルダーの中にXML（*.xml）、CSV（*.csv）、FHIRのJSON（*.json、*.ndjson）、ZIP（*.zip）のどのファイルもありません",
                            "フォルダーの指定を確認してください",
                        ),
                    ));
                }
            }
            Ok(metadata) => found.targets.push(target(path.clone(), &metadata)),
            Err(error) => found.targets.push(unreadable(path, &error)),
        }
    }
    let Found { targets, unread } = &mut found;
    targets.sort_by(|a, b| a.path.cmp(&b.path));
    targets.dedup_by(|a, b| a.path == b.path);
    unread.sort();
    unread.dedup();
    // One that is named by itself is read, whatever it is.
    unread.retain(|path| {
        targets
            .binary_search_by(|target| target.path.cmp(path))
            .is_err()
    });
    found
}

/// Whether a check of these files and folders reads this file.
pub fn is_read(paths: &[PathBuf], file: &Path) -> bool {
    let (Ok(own), Ok(metadata)) = (file.canonicalize(), fs::metadata(file)) else {
        return false;
    };
    let is_file = |target: &Target| {
        target.bytes == metadata.len() && target.path.canonicalize().is_ok_and(|path| path == own)
    };
    targets(paths, &[]).targets.iter().any(is_file)
}

/// Whether a file of this name is read when it is met in a folder.
pub fn is_record_file(path: &Path) -> bool {
    const READ: [&str; 5] = ["xml", "csv", "json", "ndjson", "zip"];
    path.extension()
        .is_some_and(|extension| READ.iter().any(|read| extension.eq_ignore_ascii_case(read)))
}

/// Adds the files in a folder, and in the folders in it, that may hold records. Links to folders are
/// not followed, so that no file is met twice and no circle is walked; they are named as not read.
fn walk_folder(folder: &Path, except: &[PathBuf], found: &mut Found) {
    let Found { targets, unread } = found;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                targets.push(unreadable(&folder, &error));
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    targets.push(unreadable(&folder, &error));
                    break;
                }
            };
            let path = entry.path();
            if is_clutter(&entry.file_name().to_string_lossy()) {
                continue;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
                continue;
            }
            if except.iter().any(|other| same_file(other, &path)) {
                continue;
            }
            if path.is_dir() || !is_record_file(&path) {
                unread.push(path);
                continue;
            }
            match fs::metadata(&path) {
                Ok(metadata) => targets.push(target(path, &metadata)),
                Err(error) => targets.push(unreadable(&path, &error)),
            }
        }
    }
}

/// What systems and offices leave lying about, and nobody means, files and folders; by the name
/// without its folder.
pub fn is_clutter(name: &str) -> bool {
    let known = ["thumbs.db", "desktop.ini", "__MACOSX"];
    name.starts_with('.')
        || name.starts_with("~$")
        || known.iter().any(|other| name.eq_ignore_ascii_case(other))
}

/// Whether two paths lead to one file that is there.
fn same_file(a: &Path, b: &Path) -> bool {
    a.file_name() == b.file_name()
        && matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn target(path: PathBuf, metadata: &fs::Metadata) -> Target {
    if metadata.is_file() {
        return Target {
            path,
            bytes: metadata.len(),
            trouble: None,
        };
    }
    // Opening a pipe would wait for someone to write into it.
    let trouble = RecordFinding::error(
        "file.unreadable",
        Place::default(),
        "通常のファイルではありません",
        "XML、CSV、FHIRのJSON、ZIPのファイルか、フォルダーを指定してください",
    );
    troubled(&path, trouble)
}

fn unreadable(path: &Path, error: &io::Error) -> Target {
    troubled(path, RecordFinding::unreadable(Place::default(), error))
}

fn troubled(path: &Path, trouble: RecordFinding) -> Target {
    Target {
        path: path.to_owned(),
        bytes: 0,
        trouble: Some(trouble),
    }
}

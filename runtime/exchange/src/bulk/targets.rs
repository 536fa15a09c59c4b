//! Paths → the files to check, in the order of their names.

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

/// The files in the order of their names, each once.
pub(super) fn targets(paths: &[PathBuf]) -> Vec<Target> {
    let mut targets = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = targets.len();
                walk_folder(path, &mut targets);
                if targets.len() == before {
                    targets.push(troubled(
                        path,
                        RecordFinding::error(
                            "file.no_xml",
                            Place::default(),
                            "フォルダーの中にXMLファイル（*.xml）もCSVファイル（*.csv）もZIPファイル（*.zip）もありません",
                            "フォルダーの指定を確認してください",
                        ),
                    ));
                }
            }
            Ok(metadata) => targets.push(target(path.clone(), &metadata)),
            Err(error) => targets.push(unreadable(path, &error)),
        }
    }
    targets.sort_by(|a, b| a.path.cmp(&b.path));
    targets.dedup_by(|a, b| a.path == b.path);
    targets
}

/// What is read in a folder.
const READ: [&str; 3] = ["xml", "csv", "zip"];

/// Adds the files in a folder, and in the folders in it, that may hold records. Links to folders are
/// not followed, so that no file is met twice and no circle is walked.
fn walk_folder(folder: &Path, targets: &mut Vec<Target>) {
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
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| {
                READ.iter().any(|read| extension.eq_ignore_ascii_case(read))
            }) {
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => {}
                    Ok(metadata) => targets.push(target(path, &metadata)),
                    Err(error) => targets.push(unreadable(&path, &error)),
                }
            }
        }
    }
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
        "XMLのファイルかフォルダーを指定してください",
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

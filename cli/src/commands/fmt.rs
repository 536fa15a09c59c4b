//! `kohyo fmt`: the one accepted layout.

use crate::disk::{Failure, Workspace, write_text};
use crate::output;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub fn run(mut workspace: Workspace, targets: &[String], check: bool) -> Result<ExitCode, Failure> {
    let mut paths = Vec::new();
    for target in targets {
        paths.extend(workspace.file(target)?);
    }
    if targets.is_empty() {
        paths = workspace
            .files
            .definitions()
            .map(|(path, _)| path.to_owned())
            .collect();
    }
    let (mut changed, mut broken) = (0, 0);
    for path in &paths {
        let text = workspace.files.get(path).unwrap_or_default();
        match kohyo_dsl::format(text) {
            Ok(formatted) if formatted == text => {}
            Ok(formatted) => {
                changed += 1;
                output::line(&format!(
                    "{} {path}",
                    if check {
                        "整っていません:"
                    } else {
                        "整えました:"
                    }
                ));
                if !check {
                    write_text(&on_disk(&workspace.root, path), &formatted)?;
                }
            }
            Err(_) => {
                broken += 1;
                output::line(&format!(
                    "{path}: 書き方に誤りがあるため整えません。`kohyo check {path}` で確認してください"
                ));
            }
        }
    }
    output::line(&format!(
        "{} ファイル: {changed} 件{}",
        paths.len(),
        if check {
            "が整っていません"
        } else {
            "を整えました"
        }
    ));
    Ok(super::found(broken > 0 || (check && changed > 0)))
}

/// A path of the folder, or one the user named on the disk.
fn on_disk(root: &Path, path: &str) -> PathBuf {
    let inside = root.join(path);
    if inside.exists() {
        inside
    } else {
        PathBuf::from(path)
    }
}

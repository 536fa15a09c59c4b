//! Files chosen in the browser: written to a folder of their own in that of the tool, which goes with
//! the last who needs it.

use crate::keys::ToolError;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// So many bytes may be chosen at a time, and so many files. Whoever has more names a folder, which
/// is read where it lies.
const MOST_BYTES: u64 = 1 << 30;
const MOST_FILES: usize = 1_000;

/// A name is cut after so many bytes: file systems take 255.
const LONGEST_NAME: usize = 200;

/// What was sent by the form of files.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) folder: Arc<TempDir>,
    pub(crate) normalise: bool,
}

/// Takes in the form of files.
///
/// # Errors
/// Nothing chosen, too much chosen, no room for it, or a form that ends early.
pub(crate) async fn receive(mut form: Multipart, scratch: &Path) -> Result<Sent, ToolError> {
    let folder = TempDir::new_in(scratch).map_err(|e| ToolError::write(scratch, e))?;
    let mut sent = Sent {
        files: Vec::new(),
        folder: Arc::new(folder),
        normalise: false,
    };
    let mut left = MOST_BYTES;
    let mut too_much = false;
    while let Some(field) = form.next_field().await.map_err(|e| cut_short(&e))? {
        let Some(name) = field.file_name().map(plain_name) else {
            sent.normalise |= field.name() == Some("normalise");
            continue;
        };
        // A browser sends an empty file without a name if none was chosen.
        if name.is_empty() {
            continue;
        }
        // What is too much is read all the same, so that the browser sees the answer.
        too_much |= sent.files.len() == MOST_FILES;
        let path = match too_much {
            true => None,
            false => Some(free_place(sent.folder.path(), &name)),
        };
        too_much |= !written(field, path.as_deref(), &mut left).await?;
        sent.files.extend(path);
    }
    if too_much {
        return Err(ToolError::Other(format!(
            "選んだファイルが多すぎるか、大きすぎます（一度に{MOST_FILES}個、合わせて1GBまで）\n  フォルダーの場所を入力して点検してください。そちらには上限がありません"
        )));
    }
    if sent.files.is_empty() {
        return Err(ToolError::Other(
            "ファイルが選ばれていません\n  個票のファイルを選んでから点検してください".to_owned(),
        ));
    }
    sent.files.sort();
    Ok(sent)
}

/// What was sent by the form of a key: texts and files by their names.
#[derive(Debug)]
pub(crate) struct SentKey {
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, PathBuf>,
    pub(crate) folder: TempDir,
}

/// Takes in the form of a key, which is short.
///
/// # Errors
/// No room for its files, or a form that is too long or ends early.
pub(crate) async fn receive_key(mut form: Multipart, scratch: &Path) -> Result<SentKey, ToolError> {
    let folder = TempDir::new_in(scratch);
    let mut sent = SentKey {
        texts: BTreeMap::new(),
        files: BTreeMap::new(),
        folder: folder.map_err(|e| ToolError::write(scratch, e))?,
    };
    while let Some(field) = form.next_field().await.map_err(|e| cut_short(&e))? {
        let named = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(plain_name) {
            None => {
                let text = field.text().await.map_err(|e| cut_short(&e))?;
                sent.texts.insert(named, text);
            }
            Some(name) if name.is_empty() => {}
            Some(name) => {
                let path = free_place(sent.folder.path(), &name);
                let mut left = MOST_BYTES;
                written(field, Some(&path), &mut left).await?;
                sent.files.insert(named, path);
            }
        }
    }
    Ok(sent)
}

/// Writes a file, or only reads it; gives whether it still fitted.
async fn written(
    mut field: Field<'_>,
    path: Option<&Path>,
    left: &mut u64,
) -> Result<bool, ToolError> {
    let mut out = match path {
        Some(path) => {
            let file = File::create_new(path).await;
            Some((path, file.map_err(|e| ToolError::write(path, e))?))
        }
        None => None,
    };
    let mut fits = true;
    while let Some(piece) = field.chunk().await.map_err(|e| cut_short(&e))? {
        match left.checked_sub(piece.len() as u64) {
            Some(rest) => *left = rest,
            None => fits = false,
        }
        if let Some((path, file)) = out.as_mut().filter(|_| fits) {
            let done = file.write_all(&piece).await;
            done.map_err(|e| ToolError::write(path, e))?;
        }
    }
    if let Some((path, mut file)) = out {
        file.flush().await.map_err(|e| ToolError::write(path, e))?;
    }
    Ok(fits)
}

fn cut_short(_: &MultipartError) -> ToolError {
    ToolError::Other(
        "ファイルを受け取れませんでした\n  ファイルを選び直して、もう一度送ってください".to_owned(),
    )
}

/// The name of a file without folders and without what no file system takes.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut plain: String = last.chars().filter(|c| !c.is_control()).collect();
    while plain.len() > LONGEST_NAME {
        plain.remove(0); // the end says what kind of file it is
    }
    match plain.as_str() {
        "." | ".." => String::new(),
        _ => plain,
    }
}

/// A path in the folder under which nothing lies: of files with the same name the second is `2 NAME`.
fn free_place(folder: &Path, name: &str) -> PathBuf {
    let numbered = (2..).map(|number: u32| folder.join(format!("{number} {name}")));
    let mut places = std::iter::once(folder.join(name)).chain(numbered);
    places
        .find(|path| !path.exists())
        .unwrap_or_else(|| folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_files_in_one_folder() {
        assert_eq!(plain_name("個票/6月.xml"), "6月.xml");
        assert_eq!(plain_name("C:\\個票\\6月.xml"), "6月.xml");
        assert_eq!(plain_name("../.."), "");
        assert_eq!(plain_name("6\n月.xml"), "6月.xml");
        let long = plain_name(&format!("{}.xml", "長".repeat(200)));
        assert!(long.len() <= LONGEST_NAME && long.ends_with("長.xml"));
    }
}

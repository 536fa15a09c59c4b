//! What a command is going to write → refused if it would destroy something: a file that it reads,
//! another of its outputs, a container, a key.

use crate::keys::ToolError;
use kohyo_exchange::is_read;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The outputs of a command, named before anything is written.
#[derive(Debug)]
pub struct Outputs {
    inputs: Vec<PathBuf>,
    taken: Vec<(PathBuf, PathBuf)>,
}

impl Outputs {
    /// Of a command that reads these files and folders.
    pub fn of(inputs: &[PathBuf]) -> Self {
        Self {
            inputs: inputs.to_owned(),
            taken: Vec::new(),
        }
    }

    /// A file that may replace another one.
    ///
    /// # Errors
    /// One that would destroy something, in words.
    pub fn file(&mut self, path: &Path) -> Result<(), ToolError> {
        self.add(path, |inputs| is_read(inputs, path))
    }

    /// A list that begins with `head`. It replaces an older one wherever that is, and nothing else.
    ///
    /// # Errors
    /// One that would destroy something, in words.
    pub fn list(&mut self, path: &Path, head: &[u8]) -> Result<(), ToolError> {
        let older = match std::fs::metadata(path) {
            Ok(there) if there.is_file() => there.len() == 0 || is_list(&beginning(path), head),
            _ => true,
        };
        let named =
            |inputs: &[PathBuf]| inputs.iter().any(|input| identity(input) == identity(path));
        self.add(path, |inputs| {
            named(inputs) || !older && is_read(inputs, path)
        })?;
        if older {
            return Ok(());
        }
        Err(ToolError::Other(format!(
            "{} には、この一覧でないものがすでにあるため、上書きしません\n  ほかの名前を指定するか、そのファイルを移してください",
            path.display()
        )))
    }

    /// A file that replaces nothing: a container, a key.
    ///
    /// # Errors
    /// One that is there already, or is another output.
    pub fn fresh(&mut self, path: &Path) -> Result<(), ToolError> {
        if is_there(path) && !is_read(&self.inputs, path) {
            return Err(ToolError::Other(format!(
                "{} はすでにあります\n  ほかの名前にするか、古いファイルを移してください",
                path.display()
            )));
        }
        self.file(path)
    }

    fn add(
        &mut self,
        path: &Path,
        is_input: impl FnOnce(&[PathBuf]) -> bool,
    ) -> Result<(), ToolError> {
        let own = identity(path);
        let refused = |what: String| Err(ToolError::Other(what));
        if let Some((other, _)) = self.taken.iter().find(|(_, taken)| same(taken, &own)) {
            return refused(format!(
                "{} と {} は同じファイルです\n  出力先には、一つずつ別の名前を指定してください",
                other.display(),
                path.display()
            ));
        }
        if path.is_file() {
            if is_input(&self.inputs) {
                return refused(format!(
                    "{} は読み込むファイルなので、出力先にできません（上書きすると元の内容が失われます）\n  ほかの名前を指定してください",
                    path.display()
                ));
            }
            if let Some(what) = kept(&beginning(path)) {
                return refused(format!(
                    "{} は{what}なので、上書きしません\n  ほかの名前を指定してください",
                    path.display()
                ));
            }
            self.taken.push((path.to_owned(), own));
        } else if !path.exists() {
            self.taken.push((path.to_owned(), own));
        }
        Ok(())
    }
}

/// Whether anything has this name, a link that leads nowhere too.
fn is_there(path: &Path) -> bool {
    std::fs::symlink_metadata(path).is_ok()
}

/// The one path of a file, whether or not it is there.
fn identity(path: &Path) -> PathBuf {
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_owned(),
    }
}

/// Where the system takes names that differ in case for one, so do we.
fn same(a: &Path, b: &Path) -> bool {
    if cfg!(any(windows, target_os = "macos")) {
        let folded = |path: &Path| path.to_string_lossy().to_lowercase();
        return folded(a) == folded(b);
    }
    a == b
}

/// The first bytes of a file; none of what is no file or cannot be read.
fn beginning(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if path.is_file()
        && let Ok(file) = File::open(path)
    {
        // What cannot be read to the end is compared as far as it goes.
        let _ = file.take(128).read_to_end(&mut bytes);
    }
    bytes
}

/// Whether a file that begins so is a list that begins with `head`. A ZIP is one only if the first
/// file in it is that of a workbook: records and releases are packed, too.
fn is_list(beginning: &[u8], head: &[u8]) -> bool {
    let first = beginning.get(30..).unwrap_or_default();
    let workbook = !head.starts_with(b"PK") || first.starts_with(b"[Content_Types].xml");
    beginning.starts_with(head) && workbook
}

/// What nobody can make again from these first bytes.
fn kept(beginning: &[u8]) -> Option<&'static str> {
    if beginning.starts_with(b"KOHYOBOX") {
        return Some("封緘ファイル");
    }
    beginning.starts_with(b"kohyo-").then_some("鍵のファイル")
}

//! The definitions as the author sees them: the files on disk, with the open buffers over them.

use crate::workspace::{Entry, read_folder};
use kohyo_compiler::ide::{Lines, Position, Range};
use kohyo_compiler::{Files, ProofCache, SyntaxCache};
use lsp_types::{TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The folder of definitions.
#[derive(Default)]
pub(super) struct Folder {
    root: Option<PathBuf>,
    disk: BTreeMap<String, Entry>,
    open: BTreeMap<String, Buffer>,
    /// What the author sees.
    pub(super) files: Files,
    /// Syntax of these files; only a changed text is parsed again.
    pub(super) cache: SyntaxCache,
    /// What the proofs of these files answered before the last edit.
    pub(super) proofs: ProofCache,
}

/// An open document.
struct Buffer {
    /// As the editor calls it.
    uri: Uri,
    version: i32,
}

impl Folder {
    /// Takes `forms`, or what looks like the definitions in or around `opened`, as the folder.
    pub(super) fn choose(&mut self, forms: Option<PathBuf>, opened: Option<&Path>) {
        let root = forms.or_else(|| {
            let opened = opened?;
            let inside = opened.join("forms");
            if inside.is_dir() {
                return Some(inside);
            }
            let around = opened.ancestors().find(|folder| folder.ends_with("forms"));
            Some(around.unwrap_or(opened).to_owned())
        });
        self.root = root;
        self.reread();
    }

    /// Whether a folder was found.
    pub(super) fn is_chosen(&self) -> bool {
        self.root.is_some()
    }

    /// Looks at the disk again; the files whose text has changed for the author.
    pub(super) fn reread(&mut self) -> Vec<String> {
        let Some(root) = &self.root else {
            return Vec::new();
        };
        // A folder that is away for a moment (a checkout) leaves what is known.
        let Ok(found) = read_folder(root, Some(&self.disk)) else {
            return Vec::new();
        };
        let before = std::mem::replace(&mut self.disk, found.entries);
        let mut changed = Vec::new();
        for path in before.keys().filter(|path| !self.disk.contains_key(*path)) {
            if !self.open.contains_key(path) {
                self.files.remove(path);
                changed.push(path.clone());
            }
        }
        for (path, entry) in &self.disk {
            let known = self.files.get(path) == Some(&*entry.text);
            if !known && !self.open.contains_key(path) {
                self.files.insert(path.as_str(), entry.text.clone());
                changed.push(path.clone());
            }
        }
        changed
    }

    /// A document was opened; its path in the folder.
    pub(super) fn open(&mut self, uri: Uri, version: i32, text: String) -> Option<String> {
        if self.root.is_none() {
            let file = path_of(uri.as_str())?;
            self.choose(None, file.parent());
        }
        let path = self.path(&uri)?;
        self.files.insert(path.as_str(), text);
        self.open.insert(path.clone(), Buffer { uri, version });
        Some(path)
    }

    /// A document was changed; its path in the folder.
    pub(super) fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<String> {
        let path = self.path(uri)?;
        let buffer = self.open.get_mut(&path)?;
        buffer.version = version;
        let mut text = self.files.get(&path)?.to_owned();
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => replace(&mut text, super::convert::range(range), &change.text),
            }
        }
        self.files.insert(path.as_str(), text);
        Some(path)
    }

    /// A document was closed: what lies on disk counts again. The paths whose text may be another now.
    pub(super) fn close(&mut self, uri: &Uri) -> Vec<String> {
        let closed = self.path(uri);
        let Some(path) = closed.filter(|path| self.open.remove(path).is_some()) else {
            return Vec::new();
        };
        match self.disk.get(&path) {
            Some(entry) => self.files.insert(path.as_str(), entry.text.clone()),
            None => {
                self.files.remove(&path);
            }
        }
        let mut changed = self.reread();
        changed.push(path);
        changed
    }

    /// Paths of the open documents.
    pub(super) fn is_open(&self, path: &str) -> bool {
        self.open.contains_key(path)
    }

    /// The version of an open document.
    pub(super) fn version(&self, path: &str) -> Option<i32> {
        self.open.get(path).map(|buffer| buffer.version)
    }

    /// The path of a document in the folder; one outside keeps its own.
    pub(super) fn path(&self, uri: &Uri) -> Option<String> {
        let file = path_of(uri.as_str())?;
        let root = self.root.as_deref()?;
        let inside = match file.strip_prefix(root) {
            Ok(inside) => Some(inside.to_owned()),
            // The editor may have followed a link that we have not, or the other way round.
            Err(_) => file
                .canonicalize()
                .ok()
                .zip(root.canonicalize().ok())
                .and_then(|(file, root)| Some(file.strip_prefix(root).ok()?.to_owned())),
        };
        let parts = |path: &Path| {
            let parts = path.components().map(|c| c.as_os_str().to_string_lossy());
            parts.collect::<Vec<_>>().join("/")
        };
        Some(match inside {
            Some(inside) => parts(&inside),
            None => file.to_string_lossy().into_owned(),
        })
    }

    /// How the editor calls a file.
    pub(super) fn uri(&self, path: &str) -> Option<Uri> {
        if let Some(buffer) = self.open.get(path) {
            return Some(buffer.uri.clone());
        }
        let root = self.root.as_deref()?;
        Uri::from_str(&uri_of(&root.join(path))).ok()
    }
}

/// Replaces a range of a text; a range outside it is its end.
fn replace(text: &mut String, range: Range, by: &str) {
    let lines = Lines::new(text);
    let offset = |at: Position| lines.offset(at);
    let (start, end) = (offset(range.start), offset(range.end));
    text.replace_range(start.min(end)..end.max(start), by);
}

/// The file that a `file:` address names.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // `file://localhost/x` and `file:///x` are the same.
    let path = rest.get(rest.find('/')?..)?;
    let mut bytes = Vec::with_capacity(path.len());
    let mut left = path.bytes();
    while let Some(byte) = left.next() {
        if byte == b'%' {
            let digits = [left.next()?, left.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    // `/c:/x` is `c:/x` where drives have letters.
    let drive = path.strip_prefix('/').filter(|p| p.get(1..2) == Some(":"));
    Some(PathBuf::from(drive.unwrap_or(&path)))
}

/// The `file:` address of a file.
fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from("file://");
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_paths_keep_their_characters() {
        let path = Path::new("/様式/forms/個 票.kohyo");
        let uri = uri_of(path);
        assert_eq!(
            uri,
            "file:///%E6%A7%98%E5%BC%8F/forms/%E5%80%8B%20%E7%A5%A8.kohyo"
        );
        assert_eq!(path_of(&uri).as_deref(), Some(path));
        assert_eq!(
            path_of("file:///c%3A/forms/a.kohyo"),
            Some(PathBuf::from("c:/forms/a.kohyo"))
        );
        assert_eq!(path_of("untitled:Untitled-1"), None);
        assert_eq!(path_of("file:///%E"), None);
        assert_eq!(path_of("file:///%FF"), None);
    }

    #[test]
    fn changes_count_utf16() {
        let mut text = "𠮷野\r\n家".to_owned();
        let at = |line, character| Position { line, character };
        let range = |start, end| Range { start, end };
        replace(&mut text, range(at(0, 2), at(0, 3)), "田");
        replace(&mut text, range(at(1, 1), at(9, 9)), "!");
        assert_eq!(text, "𠮷田\r\n家!");
    }
}

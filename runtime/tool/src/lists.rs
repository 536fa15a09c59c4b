//! Lists that were written before → told from those that somebody has worked on since, which are
//! kept beside the new one.
//!
//! What a clerk notes in a list cannot be made again. A list that is still as it was written can; so
//! the hashes of the last lists are remembered, without their names.

use crate::files::replace_with;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// So many lists are remembered.
const REMEMBERED: usize = 1_000;
const NAME: &str = "lists";

/// The lists that were written on this machine.
#[derive(Debug)]
pub struct WrittenLists {
    memory: Option<PathBuf>,
}

impl WrittenLists {
    /// Remembered in this folder, beside the keys; without one every older list is kept.
    pub fn new(folder: Option<&Path>) -> Self {
        Self {
            memory: folder.map(|folder| folder.join(NAME)),
        }
    }

    /// Calls `put`, which puts a list in its place. The one that is there is kept beside it if
    /// somebody has changed it; gives the name of the copy then.
    ///
    /// # Errors
    /// A failing disk; the older list is unchanged then.
    pub fn replace(
        &self,
        path: &Path,
        put: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<Option<PathBuf>> {
        let is_file = |path: &Path| fs::metadata(path).is_ok_and(|there| there.is_file());
        let mut kept = None;
        if is_file(path) && fs::metadata(path)?.len() > 0 && !self.remembers(path) {
            let copy = free_name(path);
            fs::copy(path, &copy)?;
            kept = Some(copy);
        }
        put()?;
        if is_file(path) {
            // Whoever cannot remember it keeps it next time.
            let _ = self.remember(path);
        }
        Ok(kept)
    }

    fn remembered(&self) -> Vec<String> {
        let memory = self.memory.as_deref();
        let text = memory.and_then(|memory| fs::read_to_string(memory).ok());
        let lines = text.as_deref().unwrap_or_default().lines();
        lines.map(str::to_owned).collect()
    }

    fn remembers(&self, path: &Path) -> bool {
        hash(path).is_ok_and(|hash| self.remembered().contains(&hash))
    }

    fn remember(&self, path: &Path) -> io::Result<()> {
        let Some(memory) = &self.memory else {
            return Ok(());
        };
        let hash = hash(path)?;
        let mut all = self.remembered();
        all.retain(|other| *other != hash);
        all.push(hash);
        let last = all.len().saturating_sub(REMEMBERED);
        if let Some(folder) = memory.parent() {
            fs::create_dir_all(folder)?;
        }
        replace_with(memory, |out| {
            all.iter()
                .skip(last)
                .try_for_each(|hash| writeln!(out, "{hash}"))
        })
    }
}

fn hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 64 * 1024];
    loop {
        match file.read(&mut block)? {
            0 => break,
            got => hasher.update(block.get(..got).unwrap_or_default()),
        }
    }
    let bytes = hasher.finalize();
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `errors.csv.bak`, or else the first of `errors.csv.2.bak`, … that is free.
fn free_name(path: &Path) -> PathBuf {
    let with = |end: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let mut number = 1_u32;
    let mut name = with(".bak".to_owned());
    while fs::symlink_metadata(&name).is_ok() {
        number += 1;
        name = with(format!(".{number}.bak"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn only_what_was_changed_since_is_kept() {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("list.csv");
        let lists = WrittenLists::new(Some(&folder.path().join("keys")));
        let put = |text: &'static str| lists.replace(&path, || fs::write(&path, text)).unwrap();
        assert_eq!(put("one"), None);
        assert_eq!(put("two"), None);
        fs::write(&path, "two, asked the physician").unwrap();
        let first = folder.path().join("list.csv.bak");
        assert_eq!(put("three"), Some(first.clone()));
        assert_eq!(
            fs::read_to_string(&first).unwrap(),
            "two, asked the physician"
        );
        fs::write(&path, "three, done").unwrap();
        let second = folder.path().join("list.csv.2.bak");
        assert_eq!(put("four"), Some(second));
        let forgetful = WrittenLists::new(None);
        let third = folder.path().join("list.csv.3.bak");
        assert_eq!(forgetful.replace(&path, || Ok(())).unwrap(), Some(third));
    }
}

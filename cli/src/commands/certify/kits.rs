//! Kits on the disk: exactly as they were made, and whether a release has them.

use crate::args::KitRelease;
use crate::commands::release::keys;
use crate::commands::release::kit::RECORDS;
use crate::disk::{Failure, listed, read_text};
use crate::programs;
use kohyo_bundle::{Bundle, Use};
use kohyo_compiler::kit::certify::{KitUsed, UsedRelease};
use kohyo_compiler::kit::{Index, IndexRecord, sha256};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use zip::ZipArchive;

/// A kit on the disk.
pub struct Opened {
    pub folder: PathBuf,
    pub index: Index,
    hash: String,
    /// The folder of records that were taken out of a ZIP.
    _unpacked: Option<TempDir>,
}

/// Of a record of a kit in a ZIP so many bytes are read; what is cut off is another record than the index has.
const MAX_DOCUMENT: u64 = 16 * 1024 * 1024;

impl Opened {
    /// As the report names it.
    pub fn used(&self) -> KitUsed {
        KitUsed::of(&self.index, &self.hash)
    }
}

/// The kits in these folders and the folders in them, by name. A kit whose records are not those of
/// its index is refused: whoever exchanges them chooses what he is asked.
pub fn opened(folders: &[PathBuf]) -> Result<Vec<Opened>, Failure> {
    let mut indices = Vec::new();
    for folder in folders {
        let before = indices.len();
        find(folder, &mut indices)?;
        if indices.len() == before {
            return Err(Failure::Other(format!(
                "{} の中に index.json がありません\n  `kohyo kit` で作ったフォルダーを指定してください",
                folder.display()
            )));
        }
    }
    indices.iter().map(|path| open(path)).collect()
}

fn find(folder: &Path, into: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for path in listed(folder)? {
        if path.is_dir() {
            find(&path, into)?;
        } else if path.file_name().is_some_and(|name| name == "index.json") {
            into.push(path);
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<Opened, Failure> {
    let text = read_text(path)?;
    let index = Index::parse(&text)
        .map_err(|problem| Failure::Other(format!("{}: {problem}", path.display())))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for record in &index.records {
        if record.file.contains(['/', '\\']) {
            return Err(Failure::Other(format!(
                "{}: 記録「{}」がフォルダーの外を指しています\n  キットを作り直してください",
                path.display(),
                record.file
            )));
        }
    }
    let (folder, unpacked) = match packed_records(folder, &index) {
        None => (folder.to_owned(), None),
        Some(zip) => {
            let unpacked = unpacked(&zip, &index)?;
            (unpacked.path().to_owned(), Some(unpacked))
        }
    };
    for record in &index.records {
        as_made(&folder, record)?;
    }
    Ok(Opened {
        folder,
        index,
        hash: sha256(text.as_bytes()),
        _unpacked: unpacked,
    })
}

/// The ZIP with the records, as a kit of a release has it; nothing if they lie beside the index.
fn packed_records(folder: &Path, index: &Index) -> Option<PathBuf> {
    let first = index.records.first()?;
    let zip = folder.join(RECORDS);
    (!folder.join(&first.file).exists() && zip.is_file()).then_some(zip)
}

/// The records of the index in a folder that goes away with the kit.
fn unpacked(path: &Path, index: &Index) -> Result<TempDir, Failure> {
    let broken = |reason: &str| {
        Failure::Other(format!(
            "{} から記録を取り出せません: {reason}\n  リリースから取り出し直してください",
            path.display()
        ))
    };
    let not_written = |path: &Path, source| Failure::Write {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })?;
    let mut zip = ZipArchive::new(BufReader::new(file))
        .map_err(|_| broken("ZIPではないか、途中で切れています"))?;
    let folder = TempDir::with_prefix("kohyo-kit-")
        .map_err(|source| not_written(&std::env::temp_dir(), source))?;
    for IndexRecord { file, .. } in &index.records {
        let entry = zip.by_name(file);
        let entry = entry.map_err(|_| broken(&format!("「{file}」がありません")))?;
        let mut document = Vec::new();
        let read = entry.take(MAX_DOCUMENT).read_to_end(&mut document);
        read.map_err(|_| broken(&format!("「{file}」が壊れています")))?;
        let to = folder.path().join(file);
        std::fs::write(&to, document).map_err(|source| not_written(&to, source))?;
    }
    Ok(folder)
}

fn as_made(folder: &Path, record: &IndexRecord) -> Result<(), Failure> {
    let path = folder.join(&record.file);
    let bytes = std::fs::read(&path).map_err(|source| Failure::Read {
        path: path.clone(),
        source,
    })?;
    if sha256(&bytes) == record.sha256 {
        return Ok(());
    }
    Err(Failure::Other(format!(
        "この検証キットの記録が変わっています: {}\n  キットを作り直すか、リリースから取り出し直してください",
        path.display()
    )))
}

// ---- releases

/// A release, opened to compare kits with it; nothing if none is named.
pub fn release(named: &KitRelease) -> Result<Option<Bundle>, Failure> {
    let Some(path) = &named.release else {
        return Ok(None);
    };
    let trusted = keys(&named.release_key, named.keys.keys.clone())?;
    let bundle = Bundle::open_file(path, &trusted, Use::Archive);
    bundle.map(Some).map_err(|error| programs::refused(&error))
}

/// How a report names a release.
pub fn used(bundle: &Bundle) -> UsedRelease {
    UsedRelease {
        release: bundle.manifest().release.clone(),
        manifest_sha256: bundle.hash().to_string(),
    }
}

/// Whether a release has exactly this kit; a deck it never has.
pub fn has(bundle: &Bundle, kit: &KitUsed) -> bool {
    let index = format!("kit/{}/index.json", kit.name());
    let entry = bundle.manifest().file(&index);
    entry.is_some_and(|entry| entry.sha256.to_string() == kit.index_sha256)
}

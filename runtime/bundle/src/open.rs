//! A bundle is opened: signature, dates and contents are compared before anything is given out.

use crate::build::Excerpt;
use crate::error::{Error, Reason};
use crate::hash::Hash;
use crate::keys::{PublicKey, SignatureFile, TrustedKeys, read_signature};
use crate::manifest::{FORMAT, FileEntry, Kind, Manifest};
use crate::names::is_path;
use crate::{MANIFEST, SIGNATURE};
use kohyo_engine::{Date, Form};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// A bundle is at most so many bytes long.
pub const MAX_BUNDLE: u64 = 1024 * 1024 * 1024;
/// A bundle has at most so many entries, manifest and signature included.
pub const MAX_ENTRIES: usize = 60_000;
/// A manifest is at most so many bytes long.
pub const MAX_MANIFEST: u64 = 32 * 1024 * 1024;
/// A file is at most so many bytes long.
pub const MAX_FILE: u64 = 256 * 1024 * 1024;
/// The signature file is at most so many bytes long.
const MAX_SIGNATURE: u64 = 1024;

/// What a bundle is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To judge with it on this day: it has to be valid then.
    On(Date),
    /// To read it, whenever it is or was valid.
    Archive,
}

trait Source: Read + Seek + Send {}
impl<T: Read + Seek + Send> Source for T {}

/// A bundle whose manifest is what a trusted key signed.
///
/// Its files are read, and compared with the manifest, when they are asked for. Several threads
/// may share it; they read one after the other.
pub struct Bundle {
    path: Option<PathBuf>,
    manifest: Manifest,
    hash: Hash,
    json: Vec<u8>,
    signature: Vec<u8>,
    signed_by: PublicKey,
    /// Where each file stands in the archive.
    places: BTreeMap<String, usize>,
    archive: Mutex<ZipArchive<BufReader<Box<dyn Source>>>>,
}

impl std::fmt::Debug for Bundle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bundle")
            .field("path", &self.path)
            .field("release", &self.manifest.release)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

impl Bundle {
    /// Opens the bundle in a file.
    ///
    /// # Errors
    /// Everything for which a bundle is not believed.
    pub fn open_file(path: &Path, keys: &TrustedKeys, purpose: Use) -> Result<Self, Error> {
        let open = || {
            let file = File::open(path)?;
            Self::open(file, keys, purpose)
        };
        let mut bundle = open().map_err(|error: Error| error.at(Some(path)))?;
        bundle.path = Some(path.to_owned());
        Ok(bundle)
    }

    /// Opens a bundle: verifies its signature with one of `keys`, its dates, and that the ZIP has
    /// exactly the files of the manifest.
    ///
    /// # Errors
    /// Everything for which a bundle is not believed.
    pub fn open(
        reader: impl Read + Seek + Send + 'static,
        keys: &TrustedKeys,
        purpose: Use,
    ) -> Result<Self, Error> {
        let mut reader: Box<dyn Source> = Box::new(reader);
        preflight(&mut reader)?;
        let mut archive = ZipArchive::new(BufReader::new(reader)).map_err(zip_reason)?;
        let entries = entries(&archive)?;
        if !entries.contains_key(MANIFEST) {
            return Err(Reason::NotABundle.into());
        }
        let signature = match entries.get(SIGNATURE) {
            Some(entry) => read_entry(&mut archive, entry.index, MAX_SIGNATURE)?
                .ok_or(Reason::SignatureForm)?,
            None => return Err(Reason::Unsigned.into()),
        };
        let (key, signed) = match read_signature(&signature) {
            SignatureFile::Signed(key, signed) => (key, signed),
            SignatureFile::Version(version) => return Err(Reason::Version(version).into()),
            SignatureFile::Malformed => return Err(Reason::SignatureForm.into()),
        };
        let signed_by = keys.get(key).ok_or(Reason::UnknownKey(key))?.clone();
        let place = entries.get(MANIFEST).ok_or(Reason::NotABundle)?.index;
        let json = read_entry(&mut archive, place, MAX_MANIFEST)?.ok_or(Reason::TooLarge)?;
        if !signed_by.verifies(&json, &signed) {
            return Err(Reason::Signature.into());
        }
        // Only now is anything in it worth reading.
        let manifest = parse(&json)?;
        in_force(&manifest, purpose)?;
        agrees(&manifest, &entries)?;
        Ok(Self {
            path: None,
            hash: Hash::of(&json),
            manifest,
            json,
            signature,
            signed_by,
            places: entries
                .into_iter()
                .map(|(name, entry)| (name, entry.index))
                .collect(),
            archive: Mutex::new(archive),
        })
    }

    /// What was signed.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes that were signed.
    pub fn manifest_json(&self) -> &[u8] {
        &self.json
    }

    /// SHA-256 of the manifest: it identifies the release, and the next release names it.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The bytes of the signature file.
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }

    /// Who signed it.
    pub fn signed_by(&self) -> &PublicKey {
        &self.signed_by
    }

    /// The file it lies in, if it was opened by its path.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Whether records may be judged with it on this day.
    ///
    /// # Errors
    /// A day before or after its validity.
    pub fn in_force(&self, on: Date) -> Result<(), Error> {
        in_force(&self.manifest, Use::On(on)).map_err(|error| error.at(self.path()))
    }

    /// The bytes of a file, as they were signed.
    ///
    /// # Errors
    /// No such file, an input that fails, or other bytes than were signed.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let read = || {
            let entry = self.manifest.file(path).ok_or_else(|| Reason::NoFile {
                release: self.manifest.release.clone(),
                path: path.to_owned(),
            })?;
            self.read_file(entry)
        };
        read().map_err(|error| error.at(self.path()))
    }

    fn read_file(&self, entry: &FileEntry) -> Result<Vec<u8>, Error> {
        let place = self
            .places
            .get(&entry.path)
            .ok_or_else(|| Reason::Missing(entry.path.clone()))?;
        let read = read_entry(&mut *self.lock(), *place, entry.size);
        let content = match read {
            Ok(content) => content,
            // What does not unpack is not what was signed; only the disk is another matter.
            Err(Reason::Broken | Reason::NotABundle) => None,
            Err(reason) => return Err(reason.into()),
        };
        match content {
            Some(content)
                if content.len() as u64 == entry.size && Hash::of(&content) == entry.sha256 =>
            {
                Ok(content)
            }
            _ => Err(Reason::Content(entry.path.clone()).into()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, ZipArchive<BufReader<Box<dyn Source>>>> {
        // A reader that panicked has changed nothing that the next one relies on.
        self.archive.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program of a form, ready for use.
    ///
    /// # Errors
    /// No such form, a file that cannot be read, or a program that this version cannot use.
    pub fn form(&self, key: &str, edition: &str) -> Result<Form, Error> {
        let load = || {
            let entry = self
                .manifest
                .program_of(key, edition)
                .ok_or_else(|| Reason::NoForm {
                    release: self.manifest.release.clone(),
                    key: key.to_owned(),
                    edition: edition.to_owned(),
                })?;
            self.load(entry)
        };
        load().map_err(|error: Error| error.at(self.path()))
    }

    fn load(&self, entry: &FileEntry) -> Result<Form, Error> {
        let json = self.read_file(entry)?;
        let form = kohyo_engine::from_json(&json).map_err(|error| Reason::Program {
            path: entry.path.clone(),
            error,
        })?;
        let program = form.program();
        let said = entry.form.as_ref();
        if said.is_none_or(|said| said.key != program.key || said.edition != program.edition) {
            return Err(Reason::OtherProgram(entry.path.clone()).into());
        }
        Ok(form)
    }

    /// A ZIP of some of its files, with manifest and signature so that whoever receives it can
    /// verify each of them. The same files give the same bytes.
    ///
    /// # Errors
    /// A file that cannot be read, or more bytes than a ZIP takes.
    pub fn excerpt<'e>(
        &self,
        files: impl IntoIterator<Item = &'e FileEntry>,
    ) -> Result<Vec<u8>, Error> {
        let pack = || {
            let mut excerpt = Excerpt::new();
            excerpt.add(MANIFEST, &self.json)?;
            excerpt.add(SIGNATURE, &self.signature)?;
            for entry in files {
                excerpt.add(&entry.path, &self.read_file(entry)?)?;
            }
            Ok(excerpt.finish()?)
        };
        pack().map_err(|error: Error| error.at(self.path()))
    }

    /// Reads every file and loads every program. `each` is told of a file before it is read.
    ///
    /// # Errors
    /// What is wrong, file by file.
    pub fn verify_all(&self, mut each: impl FnMut(&FileEntry)) -> Result<(), Vec<Error>> {
        let mut wrong = Vec::new();
        for entry in &self.manifest.files {
            each(entry);
            let outcome = if entry.kind == Kind::Program {
                self.load(entry).map(drop)
            } else {
                self.read_file(entry).map(drop)
            };
            wrong.extend(outcome.err().map(|error| error.at(self.path())));
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }
}

pub(crate) fn zip_reason(error: ZipError) -> Reason {
    match error {
        ZipError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            Reason::Io(error)
        }
        _ => Reason::Broken,
    }
}

/// Looks at the last bytes, where a ZIP says how many entries it has: reading that many is the
/// first thing that costs memory. A bundle ends with them: nothing was cut off or appended.
fn preflight(reader: &mut dyn Source) -> Result<(), Reason> {
    const END: usize = 22;
    let length = reader.seek(SeekFrom::End(0))?;
    if length > MAX_BUNDLE {
        return Err(Reason::TooLarge);
    }
    let start = length.checked_sub(END as u64).ok_or(Reason::NotABundle)?;
    reader.seek(SeekFrom::Start(start))?;
    let mut end = [0; END];
    reader.read_exact(&mut end)?;
    reader.seek(SeekFrom::Start(0))?;
    if !end.starts_with(b"PK\x05\x06") || !end.ends_with(&[0, 0]) {
        return Err(Reason::NotABundle);
    }
    let entries = match end.get(10..12) {
        Some(&[low, high]) => u16::from_le_bytes([low, high]),
        _ => return Err(Reason::NotABundle),
    };
    if usize::from(entries) > MAX_ENTRIES {
        return Err(Reason::TooLarge);
    }
    Ok(())
}

/// What the ZIP says about a file.
struct Entry {
    index: usize,
    size: u64,
}

/// The entries by name; only such as can be in a bundle.
fn entries<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<BTreeMap<String, Entry>, Reason> {
    if archive.len() > MAX_ENTRIES {
        return Err(Reason::TooLarge);
    }
    let mut entries = BTreeMap::new();
    let mut folded = BTreeSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(zip_reason)?;
        let name = String::from_utf8_lossy(entry.name_raw()).into_owned();
        if !is_path(&name) {
            return Err(Reason::Name(shown(&name)));
        }
        let method = entry.compression();
        let plain = matches!(
            method,
            CompressionMethod::Stored | CompressionMethod::Deflated
        );
        if !plain || entry.is_dir() || entry.is_symlink() || entry.encrypted() {
            return Err(Reason::Entry(name));
        }
        if !folded.insert(name.to_ascii_lowercase()) {
            return Err(Reason::Duplicate(name));
        }
        let size = entry.size();
        entries.insert(name, Entry { index, size });
    }
    if archive.has_duplicate_names() {
        return Err(Reason::Duplicate("（ZIPの一覧による）".to_owned()));
    }
    Ok(entries)
}

/// A name that may hold anything, fit to be shown.
fn shown(name: &str) -> String {
    let short: String = name.chars().take(80).collect();
    short.escape_debug().to_string()
}

/// The bytes of an entry; nothing if there are more than `most`.
fn read_entry<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    most: u64,
) -> Result<Option<Vec<u8>>, Reason> {
    let file = archive.by_index(index).map_err(zip_reason)?;
    let mut content = Vec::new();
    match file.take(most.saturating_add(1)).read_to_end(&mut content) {
        Ok(_) => Ok((content.len() as u64 <= most).then_some(content)),
        // Bytes that do not unpack, or a checksum that is not theirs.
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::InvalidData
                    | std::io::ErrorKind::InvalidInput
                    | std::io::ErrorKind::UnexpectedEof
                    | std::io::ErrorKind::Other
            ) =>
        {
            Err(Reason::Broken)
        }
        Err(error) => Err(Reason::Io(error)),
    }
}

fn parse(json: &[u8]) -> Result<Manifest, Reason> {
    #[derive(serde::Deserialize)]
    struct Header {
        format: u64,
    }
    let wrong = |error: serde_json::Error| Reason::Manifest(error.to_string());
    let header: Header = serde_json::from_slice(json).map_err(wrong)?;
    if header.format != u64::from(FORMAT) {
        return Err(Reason::Version(header.format.to_string()));
    }
    let manifest: Manifest = serde_json::from_slice(json).map_err(wrong)?;
    match manifest.mistake() {
        Some(mistake) => Err(Reason::Manifest(mistake)),
        None => Ok(manifest),
    }
}

fn in_force(manifest: &Manifest, purpose: Use) -> Result<(), Error> {
    let Use::On(on) = purpose else { return Ok(()) };
    let release = || manifest.release.clone();
    if on.last_day() < manifest.valid_from.first_day() {
        return Err(Reason::NotYet {
            release: release(),
            from: Reason::day(manifest.valid_from),
            on: Reason::day(on),
        }
        .into());
    }
    if manifest.valid_until.last_day() < on.first_day() {
        return Err(Reason::Expired {
            release: release(),
            until: Reason::day(manifest.valid_until),
            on: Reason::day(on),
        }
        .into());
    }
    Ok(())
}

/// The ZIP has exactly the files of the manifest, with the lengths it says.
fn agrees(manifest: &Manifest, entries: &BTreeMap<String, Entry>) -> Result<(), Reason> {
    for file in &manifest.files {
        let entry = entries
            .get(&file.path)
            .ok_or_else(|| Reason::Missing(file.path.clone()))?;
        if entry.size != file.size {
            return Err(Reason::Size {
                path: file.path.clone(),
                listed: file.size,
                found: entry.size,
            });
        }
    }
    let mut unlisted = entries
        .keys()
        .filter(|name| *name != MANIFEST && *name != SIGNATURE)
        .filter(|name| manifest.file(name).is_none());
    match unlisted.next() {
        Some(name) => Err(Reason::Unlisted(name.clone())),
        None => Ok(()),
    }
}

//! Files in, one signed ZIP out; the same files give the same bytes.

use crate::error::Reason;
use crate::hash::Hash;
use crate::keys::{ReleaseKey, signature_text};
use crate::manifest::{FORMAT, FileEntry, FormEntry, FormRef, Kind, Manifest, Previous};
use crate::open::{MAX_BUNDLE, MAX_ENTRIES, MAX_FILE, MAX_MANIFEST, zip_reason};
use crate::{MANIFEST, SIGNATURE};
use kohyo_engine::look_up::OtherNames;
use kohyo_engine::{Date, Program};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Write};
use zip::result::ZipError;
use zip::write::{PreparedZipFile, SimpleFileOptions};
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// What a release is.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name: `2026-12`.
    pub id: String,
    /// Who publishes it.
    pub platform: String,
    /// Day of publication.
    pub published: Date,
    /// First day on which records may be judged with it.
    pub valid_from: Date,
    /// Last day on which records may be judged with it.
    pub valid_until: Date,
    /// The release it replaces.
    pub previous: Option<Previous>,
    /// The program that makes it: `kohyo 0.1.0`.
    pub made_with: String,
}

/// Why no bundle can be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Nothing can have this path.
    #[error(
        "「{0}」はリリースに入れられない名前です。programs/、artefacts/種類/、cards/、kit/、docs/ の下か changes.… とし、英数字と . - _ だけを使ってください"
    )]
    Path(String),
    /// The same path twice, upper and lower case being the same.
    #[error(
        "リリースに同じ名前（大文字・小文字を区別しない）のファイルが二つあります: {0}。一方の名前を変えてください"
    )]
    Twice(String),
    /// A file is too large.
    #[error("{0} が大きすぎます（{mb}MBまで）。分けてください", mb = MAX_FILE / 1024 / 1024)]
    TooLarge(String),
    /// The whole is too large.
    #[error(
        "リリースが大きすぎます（{MAX_ENTRIES}ファイル、圧縮して{mb}MBまで）。キットなどを除いてください",
        mb = MAX_BUNDLE / 1024 / 1024
    )]
    TooMuch,
    /// The manifest would not be accepted.
    #[error("リリースの目録を作れません: {0}")]
    Manifest(String),
    /// The output took no more bytes.
    #[error("リリースを書けません: {0}。権限と空き容量を確認してください")]
    Io(#[from] io::Error),
    /// The ZIP could not be made.
    #[error("リリースのZIPを作れません: {0}")]
    Zip(ZipError),
}

impl From<ZipError> for BuildError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => Self::Io(error),
            other => Self::Zip(other),
        }
    }
}

/// A file, hashed and compressed. Making one is the work of a release; threads may share it.
#[derive(Debug)]
pub struct Packed {
    entry: FileEntry,
    zipped: PreparedZipFile,
}

impl Packed {
    /// A file at this path, which also says its kind; `form` if it belongs to one form.
    ///
    /// # Errors
    /// A path at which nothing can lie, or too many bytes.
    pub fn new(
        path: impl Into<String>,
        form: Option<FormRef>,
        content: &[u8],
    ) -> Result<Self, BuildError> {
        let path = path.into();
        let (kind, target) = match Kind::of_path(&path) {
            Some((kind, target)) if crate::names::is_path(&path) => {
                (kind, target.map(str::to_owned))
            }
            _ => return Err(BuildError::Path(path)),
        };
        let size = content.len() as u64;
        if size > MAX_FILE {
            return Err(BuildError::TooLarge(path));
        }
        let zipped = PreparedZipFile::from_data(&path, options(), content)?;
        let entry = FileEntry {
            path,
            kind,
            target,
            form,
            size,
            sha256: Hash::of(content),
        };
        Ok(Self { entry, zipped })
    }

    /// What the manifest will say about it.
    pub fn entry(&self) -> &FileEntry {
        &self.entry
    }
}

/// Nothing of the machine or the moment.
fn options() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o644)
}

/// Some files of a bundle in a ZIP of their own.
pub(crate) struct Excerpt(ZipWriter<Cursor<Vec<u8>>>);

impl Excerpt {
    pub(crate) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    pub(crate) fn add(&mut self, path: &str, content: &[u8]) -> Result<(), Reason> {
        PreparedZipFile::from_data(path, options(), content)
            .and_then(|file| self.0.add_prepared_file(file))
            .map_err(zip_reason)
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, Reason> {
        Ok(self.0.finish().map_err(zip_reason)?.into_inner())
    }
}

/// A release being put together. In which order things are added does not matter.
#[derive(Debug)]
pub struct Builder {
    release: Release,
    forms: BTreeMap<FormRef, FormEntry>,
    /// By path.
    files: BTreeMap<String, Packed>,
    /// Every path in lower case: some systems take what differs in case for one file.
    folded: BTreeSet<String>,
}

impl Builder {
    /// An empty release.
    pub fn new(release: Release) -> Self {
        Self {
            release,
            forms: BTreeMap::new(),
            files: BTreeMap::new(),
            folded: BTreeSet::new(),
        }
    }

    /// Adds a form with its program; gives the name by which its other files call it.
    ///
    /// # Errors
    /// The same key and edition twice, or as [`Packed::new`].
    pub fn form(&mut self, program: &Program, names: OtherNames) -> Result<FormRef, BuildError> {
        let entry = FormEntry::of(program, names);
        let form = entry.form();
        let path = format!("programs/{}-{}.json", form.key, form.edition);
        let json = kohyo_engine::to_json(program);
        self.add(Packed::new(path, Some(form.clone()), json.as_bytes())?)?;
        self.forms.insert(form.clone(), entry);
        Ok(form)
    }

    /// Adds a file.
    ///
    /// # Errors
    /// The same path twice, upper and lower case being the same.
    pub fn add(&mut self, file: Packed) -> Result<(), BuildError> {
        let path = file.entry.path.clone();
        if !self.folded.insert(path.to_ascii_lowercase()) {
            return Err(BuildError::Twice(path));
        }
        self.files.insert(path, file);
        Ok(())
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// True if there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What will be signed.
    ///
    /// # Errors
    /// What no reader would accept.
    pub fn manifest(&self) -> Result<Manifest, BuildError> {
        let release = &self.release;
        let manifest = Manifest {
            format: FORMAT,
            release: release.id.clone(),
            platform: release.platform.clone(),
            published: release.published,
            valid_from: release.valid_from,
            valid_until: release.valid_until,
            previous: release.previous.clone(),
            made_with: release.made_with.clone(),
            forms: self.forms.values().cloned().collect(),
            files: self.files.values().map(|file| file.entry.clone()).collect(),
        };
        match manifest.mistake() {
            Some(mistake) => Err(BuildError::Manifest(mistake)),
            None => Ok(manifest),
        }
    }

    /// Signs and writes everything: manifest, signature, then the files by path.
    ///
    /// # Errors
    /// What no reader would accept, or an output that takes no more bytes.
    pub fn write(self, key: &ReleaseKey, mut out: impl Write) -> Result<Manifest, BuildError> {
        let manifest = self.manifest()?;
        let json = manifest.to_json();
        if self.files.len() + 2 > MAX_ENTRIES || json.len() as u64 > MAX_MANIFEST {
            return Err(BuildError::TooMuch);
        }
        let signature = signature_text(key.public().id(), &key.sign(&json));
        let packed: u64 = self
            .files
            .values()
            .map(|f| f.zipped.compressed_size())
            .sum();
        let roughly = usize::try_from(packed).unwrap_or(0) + json.len();
        let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(roughly)));
        for (name, content) in [
            (MANIFEST, json.as_slice()),
            (SIGNATURE, signature.as_bytes()),
        ] {
            zip.add_prepared_file(PreparedZipFile::from_data(name, options(), content)?)?;
        }
        for file in self.files.into_values() {
            zip.add_prepared_file(file.zipped)?;
        }
        let bytes = zip.finish()?.into_inner();
        if bytes.len() as u64 > MAX_BUNDLE {
            return Err(BuildError::TooMuch);
        }
        out.write_all(&bytes)?;
        out.flush()?;
        Ok(manifest)
    }
}

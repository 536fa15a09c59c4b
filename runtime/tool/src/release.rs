//! The release that judges: its keys, its programs, its dates.

use crate::keys::{KeyFolder, ToolError};
use kohyo_bundle::{Bundle, PublicKey, TrustedKeys, Use};
use kohyo_engine::{Date, Form};
use kohyo_exchange::{Library, LibraryError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How the files of registered release keys end.
const KEY_FILE: &str = "kohyo-release-pub";

/// The file under which a release key is registered in a folder of keys.
pub fn release_key_file(key: &PublicKey) -> String {
    format!("{}.{KEY_FILE}", key.id())
}

/// The keys in these files; if there are none, those that are registered in a folder of keys.
///
/// # Errors
/// A file that cannot be read or is no public key, or no key at all.
pub fn trusted_keys(files: &[PathBuf], folder: &KeyFolder) -> Result<TrustedKeys, ToolError> {
    let registered;
    let files = if files.is_empty() {
        registered = registered_files(folder);
        &registered
    } else {
        files
    };
    if files.is_empty() {
        return Err(ToolError::Other(format!(
            "信頼する配布元の公開鍵がありません（{}）\n  配布元から受け取った公開鍵ファイルを `kohyo release trust FILE` で登録してください",
            folder.path().display()
        )));
    }
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|source| ToolError::Read {
            path: path.clone(),
            source,
        })?;
        PublicKey::parse(&text)
            .map_err(|error| ToolError::Other(format!("{}: {error}", path.display())))
    };
    let keys: Vec<PublicKey> = files.iter().map(read).collect::<Result<_, _>>()?;
    Ok(TrustedKeys::new(keys))
}

/// The registered keys; a folder that is not there has none.
fn registered_files(folder: &KeyFolder) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.path()).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == KEY_FILE))
        .collect();
    files.sort();
    files
}

/// Whether every form of a release that records asked for could be used; otherwise the release is
/// damaged, and nothing it judged counts. Definitions that are no release are not asked.
///
/// # Errors
/// The first form that could not be used, with the remedy.
pub fn all_usable(library: &Library) -> Result<(), ToolError> {
    let troubles = library.troubles();
    match troubles.first().filter(|_| library.release().is_some()) {
        None => Ok(()),
        Some(trouble) => Err(ToolError::Other(format!(
            "リリースの様式 {} の{}年版を使えません: {}\n  この点検の結果は使わず、リリースファイルを入手し直してください",
            trouble.key, trouble.edition, trouble.reason
        ))),
    }
}

/// A release whose programs judge records.
#[derive(Clone, Debug)]
pub struct ReleaseInUse {
    bundle: Arc<Bundle>,
}

impl ReleaseInUse {
    /// Opens a release to judge with it on a day.
    ///
    /// # Errors
    /// A release that is not signed with one of the keys, was changed, or is not valid on that day.
    pub fn open(path: &Path, keys: &TrustedKeys, on: Date) -> Result<Self, ToolError> {
        match Bundle::open_file(path, keys, Use::On(on)) {
            Ok(bundle) => Ok(Self {
                bundle: Arc::new(bundle),
            }),
            Err(error) => Err(ToolError::Other(format!("{error}\n  {}", error.help()))),
        }
    }

    /// Whether it may still judge on a day, as of a tool that runs for weeks.
    ///
    /// # Errors
    /// A day outside of its validity.
    pub fn in_force(&self, on: Date) -> Result<(), ToolError> {
        let outcome = self.bundle.in_force(on);
        outcome.map_err(|error| ToolError::Other(format!("{error}\n  {}", error.help())))
    }

    /// Its programs, each loaded and verified when the first record needs it.
    ///
    /// # Errors
    /// Never for a release that was opened: its forms are named once.
    pub fn library(&self) -> Result<Library, ToolError> {
        self.named(Library::on_demand(self.places(), self.load()))
    }

    /// The same for checks of many records, which tell no reasons.
    ///
    /// # Errors
    /// As [`ReleaseInUse::library`].
    pub fn library_for_checks(&self) -> Result<Library, ToolError> {
        self.named(Library::for_checks(self.places(), self.load()))
    }

    /// Key and edition of every form.
    fn places(&self) -> Vec<(String, String)> {
        let forms = self.bundle.manifest().forms.iter();
        forms
            .map(|form| (form.key.clone(), form.edition.clone()))
            .collect()
    }

    /// What reads the form with a key and an edition, and verifies it.
    fn load(&self) -> impl Fn(&str, &str) -> Result<Arc<Form>, String> + Send + Sync + 'static {
        let bundle = Arc::clone(&self.bundle);
        move |key, edition| {
            let form = bundle.form(key, edition);
            form.map(Arc::new).map_err(|error| error.to_string())
        }
    }

    fn named(&self, library: Result<Library, LibraryError>) -> Result<Library, ToolError> {
        let library = library.map_err(|error| ToolError::Other(error.to_string()))?;
        Ok(library.named(self.name()))
    }

    /// What records are said to be judged with: name and beginning of the manifest's hash.
    pub fn name(&self) -> String {
        let hash = self.bundle.hash().to_string();
        let short = hash.get(..16).unwrap_or(&hash);
        format!("{}-{short}", self.bundle.manifest().release)
    }

    /// The same for people, with its validity.
    pub fn described(&self) -> String {
        let manifest = self.bundle.manifest();
        format!(
            "リリース {}（{}、{}から{}まで有効）",
            manifest.release,
            self.bundle.signed_by().name(),
            manifest.valid_from.japanese(),
            manifest.valid_until.japanese()
        )
    }
}

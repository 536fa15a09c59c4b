//! Imported keys: a folder with the platform's public key and the hospital's key files.

use crate::files::replace_with;
use crate::trouble::told;
use kohyo_exchange::seal::{KeyError, KeyFile, Kid, Passphrase, PlatformPublic};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The platform's public key in a folder of keys.
pub const PUBLIC_FILE: &str = "platform.kohyo-pub";
const KEY: &str = "kohyo-key";

/// Why the tool could not do its work; the text names the place and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A file cannot be read.
    #[error("{path} を読めません: {told}", path = path.display(), told = told(source, "場所と権限を確認してください"))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{path} に書けません: {told}", path = path.display(), told = told(source, "権限と空き容量を確認してください"))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something is wrong with a key file.
    #[error("{path}: {error}\n  {}", error.help(), path = path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: KeyError,
    },
    /// Something else, in words.
    #[error("{0}")]
    Other(String),
}

impl ToolError {
    pub(crate) fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }

    fn key(path: &Path, error: KeyError) -> Self {
        Self::Key {
            path: path.to_owned(),
            error,
        }
    }
}

/// A folder of imported keys.
#[derive(Clone, Debug)]
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// This folder; it need not exist yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn public_file(&self) -> PathBuf {
        self.path.join(PUBLIC_FILE)
    }

    /// Checks a key file and keeps it, if asked for under a new passphrase. The platform's public
    /// key is needed the first time.
    ///
    /// # Errors
    /// Files that cannot be read or are not what they should be, a platform other than the known
    /// one, a wrong passphrase, a new one that is too short.
    pub fn import(
        &self,
        file: &Path,
        platform: Option<&Path>,
        passphrase: &Passphrase,
        new: Option<&Passphrase>,
    ) -> Result<(PlatformPublic, KeyFile), ToolError> {
        let known = self.public_file();
        let platform = match platform {
            Some(path) => {
                let given = read_public(path)?;
                if known.exists() && read_public(&known)? != given {
                    return Err(ToolError::Other(format!(
                        "{} は、すでに取り込んだ受付先の公開鍵と違います\n  指紋（{}）を受付先に確かめてください。受付先が変わったのであれば {} を取り除いてください",
                        path.display(),
                        given.fingerprint(),
                        known.display()
                    )));
                }
                given
            }
            None if known.exists() => read_public(&known)?,
            None => {
                return Err(ToolError::Other(
                    "受付先の公開鍵がまだ取り込まれていません\n  受付先の公開鍵ファイルを指定してください（コマンドでは `--platform FILE`）"
                        .to_owned(),
                ));
            }
        };
        let text = read(file)?;
        let mut key = KeyFile::parse(&text, &platform).map_err(|e| ToolError::key(file, e))?;
        key.unlock(passphrase)
            .map_err(|e| ToolError::key(file, e))?;
        if let Some(new) = new {
            key = key
                .with_passphrase(passphrase, new, &mut rand::rng())
                .map_err(|e| ToolError::key(file, e))?;
        }
        std::fs::create_dir_all(&self.path).map_err(|e| ToolError::write(&self.path, e))?;
        write(&known, &platform.to_text())?;
        let name = format!("{}.{KEY}", key.certificate().kid());
        write(&self.path.join(name), &key.to_text())?;
        Ok((platform, key))
    }

    /// The platform and every key.
    ///
    /// # Errors
    /// No key has been imported, or a file in the folder is not what it should be.
    pub fn imported(&self) -> Result<(PlatformPublic, Vec<KeyFile>), ToolError> {
        if !self.public_file().exists() {
            return Err(self.nothing());
        }
        let public = read_public(&self.public_file())?;
        let entries = std::fs::read_dir(&self.path).map_err(|source| ToolError::Read {
            path: self.path.clone(),
            source,
        })?;
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|e| e == KEY))
            .collect();
        paths.sort();
        let mut keys = Vec::new();
        for path in paths {
            let key = KeyFile::parse(&read(&path)?, &public);
            keys.push(key.map_err(|e| ToolError::key(&path, e))?);
        }
        Ok((public, keys))
    }

    /// The key that is used: the one with this number, or else [`longest_valid`].
    ///
    /// # Errors
    /// There is none, with the reason.
    pub fn usable(
        &self,
        now: u64,
        version: &str,
        wanted: Option<Kid>,
    ) -> Result<KeyFile, ToolError> {
        let (_, mut keys) = self.imported()?;
        if let Some(kid) = wanted {
            keys.retain(|key| key.certificate().kid() == kid);
            if keys.is_empty() {
                return Err(ToolError::Other(format!(
                    "{} に鍵 {kid} がありません\n  `kohyo key show` で鍵番号を確かめてください",
                    self.path.display()
                )));
            }
        }
        let refused = keys
            .iter()
            .find_map(|key| key.certificate().usable(now, version).err());
        let longest = longest_valid(&keys, now, version).cloned();
        longest.ok_or_else(|| match refused {
            Some(error) => ToolError::key(&self.path, error),
            None => self.nothing(),
        })
    }

    fn nothing(&self) -> ToolError {
        ToolError::Other(format!(
            "{} に取り込んだ鍵がありません\n  受付先から受け取った鍵ファイルを取り込んでください（コマンドでは `kohyo key import FILE --platform FILE`）",
            self.path.display()
        ))
    }
}

/// The key that seals if none is named: of those valid now, the one that is valid longest.
pub fn longest_valid<'k>(keys: &'k [KeyFile], now: u64, version: &str) -> Option<&'k KeyFile> {
    keys.iter()
        .filter(|key| key.certificate().usable(now, version).is_ok())
        .max_by_key(|key| key.certificate().not_after())
}

fn read_public(path: &Path) -> Result<PlatformPublic, ToolError> {
    PlatformPublic::parse(&read(path)?).map_err(|e| ToolError::key(path, e))
}

fn read(path: &Path) -> Result<String, ToolError> {
    // Key files are small; whatever is larger is none.
    const MOST: u64 = 64 * 1024;
    let text = std::fs::metadata(path).and_then(|metadata| {
        if metadata.len() > MOST || !metadata.is_file() {
            return Err(io::Error::other("鍵ファイルではありません"));
        }
        std::fs::read_to_string(path)
    });
    text.map_err(|source| ToolError::Read {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, text: &str) -> Result<(), ToolError> {
    replace_with(path, |file| file.write_all(text.as_bytes()))
        .map_err(|e| ToolError::write(path, e))
}

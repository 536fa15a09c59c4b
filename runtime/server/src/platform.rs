//! The platform's own keys: they certify hospitals' keys and open what hospitals seal.
//!
//! They stand in a file under a passphrase. Where an installation names none of its own, the file
//! is made in the data folder at first use, under a passphrase that only the installation's key
//! gives: whoever has one without the other opens nothing.

use crate::config::{Config, PlatformFiles};
use crate::error::Error;
use crate::keys::{Keys, hex};
use crate::write_once::write_once;
use kohyo_exchange::seal::{Passphrase, PlatformFile, PlatformKeys};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

const FILE: &str = "platform.kohyo-secret";
const NAME: &str = "個票オンライン受付";

/// The platform's keys, opened when they are needed first.
pub(crate) struct Platform {
    file: PathBuf,
    /// Where the passphrase stands; derived from the installation's key if nowhere.
    passphrase_file: Option<PathBuf>,
    opened: OnceCell<Arc<PlatformKeys>>,
}

impl Platform {
    pub(crate) fn new(config: &Config) -> Self {
        let (file, passphrase_file) = match &config.platform {
            Some(PlatformFiles { secret, passphrase }) => {
                (secret.clone(), Some(passphrase.clone()))
            }
            None => (config.data_dir.join(FILE), None),
        };
        Self {
            file,
            passphrase_file,
            opened: OnceCell::new(),
        }
    }

    /// The keys.
    pub(crate) async fn keys(&self, keys: &Keys) -> Result<Arc<PlatformKeys>, Error> {
        let opened = self.opened.get_or_try_init(|| async {
            let (file, passphrase_file) = (self.file.clone(), self.passphrase_file.clone());
            let derived = Passphrase::new(&hex(&keys.mac("platform/passphrase", b"kohyo")));
            // A passphrase takes a tenth of a second and 64 MiB.
            let opened = tokio::task::spawn_blocking(move || match passphrase_file {
                Some(passphrase) => existing(&file, &passphrase),
                None => own(&file, &derived),
            });
            opened
                .await
                .map_err(|error| error.to_string())
                .flatten()
                .map(Arc::new)
                .map_err(|cause| Error::Internal(format!("the platform's keys: {cause}")))
        });
        opened.await.map(Arc::clone)
    }
}

fn existing(file: &Path, passphrase: &Path) -> Result<PlatformKeys, String> {
    let text = std::fs::read_to_string(passphrase).map_err(|error| error.to_string())?;
    let passphrase = Passphrase::new(text.lines().next().unwrap_or_default());
    unlock(file, &passphrase)
}

fn unlock(file: &Path, passphrase: &Passphrase) -> Result<PlatformKeys, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    PlatformFile::parse(&text)
        .and_then(|file| file.unlock(passphrase))
        .map_err(|error| error.to_string())
}

fn own(file: &Path, passphrase: &Passphrase) -> Result<PlatformKeys, String> {
    if !file.exists() {
        create(file, passphrase)?;
    }
    unlock(file, passphrase)
}

/// Makes the file; of two that do so at a time, one is kept.
fn create(file: &Path, passphrase: &Passphrase) -> Result<(), String> {
    let rng = &mut rand::rng();
    let made = PlatformKeys::generate(NAME, rng)
        .and_then(|keys| keys.to_file(passphrase, rng))
        .map_err(|error| error.to_string())?;
    write_once(file, made.to_text().as_bytes()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_keys_are_made_once_and_open_only_with_the_installations_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let config = Config::local(folder.path().to_owned(), listen);
        let first = Platform::new(&config).keys(&keys).await.unwrap();
        let second = Platform::new(&config).keys(&keys).await.unwrap();
        assert_eq!(first.public(), second.public());
        let elsewhere = tempfile::tempdir().unwrap();
        let other = Keys::open(elsewhere.path()).unwrap();
        assert!(Platform::new(&config).keys(&other).await.is_err());
    }
}

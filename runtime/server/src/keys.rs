//! The key file and the keys derived from it.

use crate::write_once::write_once;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::path::Path;

const FILE: &str = "kohyo.key";

/// The installation's secret. Never logged, never shown.
#[derive(Clone)]
pub(crate) struct Keys {
    root: [u8; 32],
}

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Reading or creating it failed.
    #[error("鍵ファイル {path} を開けません: {reason}")]
    File {
        /// Where it is.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// It does not hold 64 hexadecimal digits.
    #[error("鍵ファイル {path} の内容が壊れています。バックアップから戻してください")]
    Damaged {
        /// Where it is.
        path: String,
    },
}

impl Keys {
    /// Reads the key file of a folder, or creates one that only its owner may read.
    pub(crate) fn open(folder: &Path) -> Result<Self, KeyError> {
        let path = folder.join(FILE);
        let failed = |error: std::io::Error| KeyError::File {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        if !path.exists() {
            std::fs::create_dir_all(folder).map_err(failed)?;
            let fresh: [u8; 32] = rand::random();
            // Where another process was faster, its key is the key.
            write_once(&path, hex(&fresh).as_bytes()).map_err(failed)?;
        }
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let root = unhex(text.trim()).ok_or_else(|| KeyError::Damaged {
            path: path.display().to_string(),
        })?;
        Ok(Self { root })
    }

    /// Keyed hash of some data for one purpose.
    pub(crate) fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        let mut key = [0_u8; 32];
        self.expand(
            &[],
            &[b"kohyo/mac/v1/", purpose.as_bytes()].concat(),
            &mut key,
        );
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
            // HMAC takes keys of every length.
            return [0; 32];
        };
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// Fills `out` with key material for one salt and one purpose.
    pub(crate) fn expand(&self, salt: &[u8], info: &[u8], out: &mut [u8]) {
        // Up to 255 × 32 bytes can be asked for; callers ask for at most 76.
        let _ = Hkdf::<Sha256>::new(Some(salt), &self.root).expand(info, out);
    }

    /// What a database remembers of the key it was sealed with; it gives nothing away.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        self.mac("fingerprint", b"kohyo")
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, place) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(place..place + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// A new random name for a row: 128 bits, lower-case hexadecimal.
pub(crate) fn fresh_id() -> String {
    hex(&rand::random::<[u8; 16]>())
}

/// A new random secret: 256 bits, lower-case hexadecimal.
pub(crate) fn fresh_token() -> String {
    hex(&rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::open(folder.path()).unwrap();
        let second = Keys::open(folder.path()).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(FILE))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o400);
        }
    }

    #[test]
    fn purposes_do_not_share_hashes() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        assert_ne!(keys.mac("a", b"x"), keys.mac("b", b"x"));
        assert_ne!(keys.mac("a", b"x"), keys.mac("a", b"y"));
    }
}

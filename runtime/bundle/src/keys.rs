//! The keys of releases: one secret signs, everybody with the public half can verify.

use crate::hash::{from_hex, hex};
use crate::names::is_line;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

const PUBLIC_LINE: &str = "kohyo-release-key 1";
const SECRET_LINE: &str = "kohyo-release-secret 1";
/// Stands before what is signed, so that a signature of something else is never one of a manifest.
const SIGNED_PREFIX: &[u8] = b"kohyo-bundle v1 manifest\0";
/// A key file is at most so many bytes long.
const MAX_FILE: usize = 4096;

/// The number of a key: the first eight bytes of the SHA-256 of its public half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The public half of a release key, with the name of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: VerifyingKey,
}

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Not the lines of such a file.
    #[error(
        "{what}として読めません。配布元から受け取ったファイルを、編集せずにそのまま指定してください"
    )]
    Form {
        /// What kind of file it should be.
        what: &'static str,
    },
    /// The name cannot stand in a file.
    #[error("鍵の名前は、改行のない200バイト以内の文字にしてください")]
    Name,
}

const PUBLIC_WHAT: &str = "リリースの公開鍵ファイル";
const SECRET_WHAT: &str = "リリースの秘密鍵ファイル";

impl PublicKey {
    /// Name of the holder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of the key.
    pub fn id(&self) -> KeyId {
        let hash: [u8; 32] = Sha256::digest(self.key.as_bytes()).into();
        let mut id = [0; 8];
        for (byte, from) in id.iter_mut().zip(hash) {
            *byte = from;
        }
        KeyId(id)
    }

    /// The 32 bytes of the key (RFC 8032).
    pub fn bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Reads a public key file.
    ///
    /// # Errors
    /// A text of another kind.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let wrong = KeyFileError::Form { what: PUBLIC_WHAT };
        let (name, key) = lines(text, PUBLIC_LINE, "verify_with").ok_or(wrong)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| wrong)?;
        // With such a key, anything can be signed.
        if key.is_weak() {
            return Err(wrong);
        }
        Ok(Self { name, key })
    }

    /// The text of the public key file.
    pub fn to_text(&self) -> String {
        format!(
            "{PUBLIC_LINE}\nname: {}\nverify_with: {}\n",
            self.name,
            hex(self.key.as_bytes())
        )
    }

    /// What people compare over the telephone: `1a2b 3c4d …`, of the key itself.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(self.key.as_bytes());
        let (groups, _) = hash.as_slice().as_chunks::<2>();
        let groups: Vec<String> = groups.iter().take(8).map(|group| hex(group)).collect();
        groups.join(" ")
    }

    /// Whether the holder signed this manifest.
    pub(crate) fn verifies(&self, manifest: &[u8], signature: &Signature) -> bool {
        self.key.verify_strict(&signed(manifest), signature).is_ok()
    }
}

/// Name and 32 bytes of a key file of two lines behind its first.
fn lines(text: &str, first: &str, of_key: &str) -> Option<(String, [u8; 32])> {
    if text.len() > MAX_FILE {
        return None;
    }
    let text = text.replace("\r\n", "\n");
    let mut lines = text.strip_suffix('\n')?.split('\n');
    let found = lines.next()?;
    let name = lines.next()?.strip_prefix("name: ")?;
    let key = lines.next()?.strip_prefix(of_key)?.strip_prefix(": ")?;
    let fine = found == first && lines.next().is_none() && is_line(name);
    Some((fine.then(|| name.to_owned())?, from_hex(key)?))
}

fn signed(manifest: &[u8]) -> Vec<u8> {
    [SIGNED_PREFIX, manifest].concat()
}

/// The secret that signs releases; forgotten when dropped, and never shown.
pub struct ReleaseKey {
    name: String,
    key: SigningKey,
}

impl fmt::Debug for ReleaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReleaseKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl ReleaseKey {
    /// The key with these 32 secret bytes, which have to be random.
    ///
    /// # Errors
    /// A name that cannot stand in a file.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyFileError> {
        if !is_line(name) {
            return Err(KeyFileError::Name);
        }
        Ok(Self {
            name: name.to_owned(),
            key: SigningKey::from_bytes(seed),
        })
    }

    /// Reads a secret key file.
    ///
    /// # Errors
    /// A text of another kind.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let wrong = KeyFileError::Form { what: SECRET_WHAT };
        let (name, seed) = lines(text, SECRET_LINE, "sign_with").ok_or(wrong)?;
        Self::from_seed(&name, &Zeroizing::new(seed))
    }

    /// The text of the secret key file. Whoever reads it can sign releases.
    pub fn to_text(&self) -> Zeroizing<String> {
        let seed = Zeroizing::new(self.key.to_bytes());
        Zeroizing::new(format!(
            "{SECRET_LINE}\nname: {}\nsign_with: {}\n",
            self.name,
            Zeroizing::new(hex(seed.as_slice())).as_str()
        ))
    }

    /// The half that everybody may know.
    pub fn public(&self) -> PublicKey {
        PublicKey {
            name: self.name.clone(),
            key: self.key.verifying_key(),
        }
    }

    pub(crate) fn sign(&self, manifest: &[u8]) -> Signature {
        self.key.sign(&signed(manifest))
    }
}

/// The keys whose releases are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedKeys(Vec<PublicKey>);

impl TrustedKeys {
    /// These keys.
    pub fn new(keys: impl IntoIterator<Item = PublicKey>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// The key with this number.
    pub fn get(&self, id: KeyId) -> Option<&PublicKey> {
        self.0.iter().find(|key| key.id() == id)
    }

    /// Every key.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.0.iter()
    }

    /// True if nobody is believed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<PublicKey> for TrustedKeys {
    fn from_iter<T: IntoIterator<Item = PublicKey>>(keys: T) -> Self {
        Self::new(keys)
    }
}

// ---- the signature file

const SIGNATURE_LINE: &str = "kohyo-bundle-signature ";
const SIGNATURE_VERSION: &str = "1";

/// The text of `manifest.sig`.
pub(crate) fn signature_text(key: KeyId, signature: &Signature) -> String {
    format!(
        "{SIGNATURE_LINE}{SIGNATURE_VERSION}\nkey: {key}\nsignature: {}\n",
        hex(&signature.to_bytes())
    )
}

/// What `manifest.sig` says.
pub(crate) enum SignatureFile {
    /// Key and signature.
    Signed(KeyId, Signature),
    /// A later version of the file.
    Version(String),
    /// Something else.
    Malformed,
}

/// Reads `manifest.sig`.
pub(crate) fn read_signature(bytes: &[u8]) -> SignatureFile {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return SignatureFile::Malformed;
    };
    let Some((version, rest)) = text
        .strip_prefix(SIGNATURE_LINE)
        .and_then(|rest| rest.split_once('\n'))
    else {
        return SignatureFile::Malformed;
    };
    let is_number = version.len() <= 5 && version.parse::<u16>().is_ok();
    if version != SIGNATURE_VERSION && is_number {
        return SignatureFile::Version(version.to_owned());
    }
    let parts = || {
        let (key, signature) = rest.strip_suffix('\n')?.split_once('\n')?;
        let key = KeyId(from_hex(key.strip_prefix("key: ")?)?);
        let signature = from_hex(signature.strip_prefix("signature: ")?)?;
        Some((key, Signature::from_bytes(&signature)))
    };
    match parts() {
        Some((key, signature)) if version == SIGNATURE_VERSION => {
            SignatureFile::Signed(key, signature)
        }
        _ => SignatureFile::Malformed,
    }
}

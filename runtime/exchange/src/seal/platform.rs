//! The platform's own keys: one to open containers, one to certify hospitals' keys.

use super::error::KeyError;
use super::header::{Kid, MAX_TEXT, from_hex, hex};
use super::keys::{Certificate, KeyFile, Says};
use super::lines::{Lines, is_plain, japanese_time, with_plain_line_ends};
use super::passphrase::{Passphrase, SealedSecret};
use super::suite::{OpeningKey, Secret, opening_key, wrapping_pair};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const PUBLIC_LINE: &str = "kohyo-platform 1";
const SECRET_LINE: &str = "kohyo-platform-secret 1";
/// Stands before a report that is signed, so that its signature is never one of a key.
const REPORT_PREFIX: &[u8] = b"kohyo-certify v1 report\0";

/// What everybody may know about a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformPublic {
    /// Its name.
    pub name: String,
    pub(super) seal_to: [u8; 32],
    pub(super) sign_with: VerifyingKey,
}

impl PlatformPublic {
    /// Reads the public file.
    ///
    /// # Errors
    /// A text of another kind.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = with_plain_line_ends(text);
        let mut lines = Lines::begin(&text, PUBLIC_LINE, "受付先の公開鍵ファイル")?;
        let public = Self::read(&mut lines)?;
        lines.end()?;
        Ok(public)
    }

    fn read(lines: &mut Lines<'_>) -> Result<Self, KeyError> {
        Ok(Self {
            name: lines.text("name")?,
            seal_to: lines.bytes("seal_to")?,
            sign_with: VerifyingKey::from_bytes(&lines.bytes("sign_with")?)
                .map_err(|_| KeyError::PublicKey)?,
        })
    }

    fn lines(&self, first: &str) -> String {
        format!(
            "{first}\nname: {}\nseal_to: {}\nsign_with: {}\n",
            self.name,
            hex(&self.seal_to),
            hex(self.sign_with.as_bytes())
        )
    }

    /// The text of the public file.
    pub fn to_text(&self) -> String {
        self.lines(PUBLIC_LINE)
    }

    /// Whether the holder signed this report; the signature in hexadecimal digits.
    pub fn verifies_report(&self, report: &[u8], signature: &str) -> bool {
        let Some(signature) = from_hex(signature) else {
            return false;
        };
        let signed = [REPORT_PREFIX, report].concat();
        self.sign_with
            .verify_strict(&signed, &Signature::from_bytes(&signature))
            .is_ok()
    }

    /// What people compare over the telephone: `1a2b 3c4d …`, of all of the file.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.to_text())
    }
}

/// The first sixteen bytes of the SHA-256 of a file, in groups of four digits.
pub(super) fn fingerprint(text: &str) -> String {
    let hash = Sha256::digest(text);
    let (groups, _) = hash.as_slice().as_chunks::<2>();
    let groups: Vec<String> = groups.iter().take(8).map(|group| hex(group)).collect();
    groups.join(" ")
}

/// The platform's private keys in a file, under a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformFile {
    public: PlatformPublic,
    secret: SealedSecret,
}

impl PlatformFile {
    /// Reads the file.
    ///
    /// # Errors
    /// A text of another kind.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let text = with_plain_line_ends(text);
        let mut lines = Lines::begin(&text, SECRET_LINE, "受付先の秘密鍵ファイル")?;
        let public = PlatformPublic::read(&mut lines)?;
        let secret = SealedSecret::read(&mut lines, 64)?;
        lines.end()?;
        Ok(Self { public, secret })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        self.public.lines(SECRET_LINE) + self.secret.to_text().as_str()
    }

    /// The public half.
    pub fn public(&self) -> &PlatformPublic {
        &self.public
    }

    /// Opens the private keys.
    ///
    /// # Errors
    /// A wrong passphrase, or private keys that do not belong to the public ones.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<PlatformKeys, KeyError> {
        let before = self.public.lines(SECRET_LINE);
        let secret = self.secret.open::<64>(&before, passphrase)?;
        let keys = PlatformKeys::from_secret(self.public.name.clone(), &secret)?;
        if keys.public == self.public {
            Ok(keys)
        } else {
            Err(KeyError::NotAPair)
        }
    }
}

/// The platform's keys, ready for use; forgotten when dropped.
pub struct PlatformKeys {
    public: PlatformPublic,
    pub(super) opening: OpeningKey,
    signing: SigningKey,
    secret: Zeroizing<[u8; 64]>,
}

/// What a new key of a hospital is about.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The ten-digit number of the hospital.
    pub hospital: String,
    /// Name of the hospital.
    pub name: String,
    /// First second of validity, since 1970.
    pub not_before: u64,
    /// Last second of validity.
    pub not_after: u64,
    /// The least version of the tool that may use it.
    pub tool_min_version: String,
}

impl PlatformKeys {
    /// New keys.
    ///
    /// # Errors
    /// A name that cannot stand in a file.
    pub fn generate(name: &str, rng: &mut impl CryptoRng) -> Result<Self, KeyError> {
        plain("受付先の名前", name, MAX_TEXT)?;
        let (opening, _) = wrapping_pair(rng);
        let mut secret = Zeroizing::new([0; 64]);
        let (first, second) = secret.split_at_mut(32);
        first.copy_from_slice(opening.as_slice());
        rng.fill_bytes(second);
        Self::from_secret(name.to_owned(), &secret)
    }

    fn from_secret(name: String, secret: &Zeroizing<[u8; 64]>) -> Result<Self, KeyError> {
        let (first, second) = secret.split_at(32);
        let (mut opening, mut signing) = (Secret::default(), Secret::default());
        opening.copy_from_slice(first);
        signing.copy_from_slice(second);
        let (opening, seal_to) = opening_key(&opening).ok_or(KeyError::PublicKey)?;
        let signing = SigningKey::from_bytes(&signing);
        let public = PlatformPublic {
            name,
            seal_to,
            sign_with: signing.verifying_key(),
        };
        Ok(Self {
            public,
            opening,
            signing,
            secret: secret.clone(),
        })
    }

    /// The public half.
    pub fn public(&self) -> &PlatformPublic {
        &self.public
    }

    /// The file to keep them in.
    ///
    /// # Errors
    /// A passphrase that is too short.
    pub fn to_file(
        &self,
        passphrase: &Passphrase,
        rng: &mut impl CryptoRng,
    ) -> Result<PlatformFile, KeyError> {
        let before = self.public.lines(SECRET_LINE);
        Ok(PlatformFile {
            public: self.public.clone(),
            secret: SealedSecret::new(self.secret.as_slice(), &before, passphrase, rng)?,
        })
    }

    /// The signature of a report on a vendor's checker, in hexadecimal digits.
    pub fn sign_report(&self, report: &[u8]) -> String {
        let signed = [REPORT_PREFIX, report].concat();
        hex(&self.signing.sign(&signed).to_bytes())
    }

    /// A new key for a hospital, under the passphrase it is handed over with.
    ///
    /// # Errors
    /// A text that cannot stand in a key file, a period that ends before it begins, or a
    /// passphrase that is too short.
    pub fn issue(
        &self,
        new: &NewKey,
        passphrase: &Passphrase,
        rng: &mut impl CryptoRng,
    ) -> Result<KeyFile, KeyError> {
        plain("医療機関の番号", &new.hospital, MAX_TEXT)?;
        plain("医療機関の名前", &new.name, 200)?;
        plain("点検ツールの版", &new.tool_min_version, MAX_TEXT)?;
        if new.not_after < new.not_before {
            return Err(KeyError::Backwards {
                from: japanese_time(new.not_before),
                to: japanese_time(new.not_after),
            });
        }
        let mut kid = [0; 8];
        rng.fill_bytes(&mut kid);
        let mut seed = Secret::default();
        rng.fill_bytes(seed.as_mut_slice());
        let key = SigningKey::from_bytes(&seed);
        let says = Says {
            kid: Kid(kid),
            hospital: new.hospital.clone(),
            name: new.name.clone(),
            seal_to: self.public.seal_to,
            sign_with: key.verifying_key(),
            not_before: new.not_before,
            not_after: new.not_after,
            tool_min_version: new.tool_min_version.clone(),
        };
        let signature = self.signing.sign(says.to_text().as_bytes());
        KeyFile::new(Certificate { says, signature }, &key, passphrase, rng)
    }
}

fn plain(what: &'static str, value: &str, most: usize) -> Result<(), KeyError> {
    if is_plain(value) && value.len() <= most {
        return Ok(());
    }
    Err(KeyError::Value {
        what,
        value: crate::finding::shortened(value),
    })
}

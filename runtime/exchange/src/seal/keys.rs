//! A hospital's key: what the platform certifies, and the file that a hospital gets.

use super::error::KeyError;
use super::header::{Kid, hex};
use super::lines::{Lines, japanese_time, time, with_plain_line_ends};
use super::passphrase::{Passphrase, SealedSecret};
use super::platform::PlatformPublic;
use ed25519_dalek::{Signature, VerifyingKey};
use rand::CryptoRng;
use std::fmt::Write as _;

const FIRST_LINE: &str = "kohyo-hospital-key 1";
const WHAT: &str = "医療機関の鍵ファイル";

/// What the platform says about a hospital's key, with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    pub(super) says: Says,
    pub(super) signature: Signature,
}

/// The signed lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Says {
    pub(super) kid: Kid,
    pub(super) hospital: String,
    pub(super) name: String,
    /// The platform's key to wrap for.
    pub(super) seal_to: [u8; 32],
    /// The hospital's key to sign with.
    pub(super) sign_with: VerifyingKey,
    pub(super) not_before: u64,
    pub(super) not_after: u64,
    pub(super) tool_min_version: String,
}

impl Says {
    /// The lines that are signed.
    pub(super) fn to_text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        for (name, value) in [
            ("kid", self.kid.to_string()),
            ("hospital", self.hospital.clone()),
            ("name", self.name.clone()),
            ("seal_to", hex(&self.seal_to)),
            ("sign_with", hex(self.sign_with.as_bytes())),
            ("not_before", time(self.not_before)),
            ("not_after", time(self.not_after)),
            ("tool_min_version", self.tool_min_version.clone()),
        ] {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        }
        text
    }
}

impl Certificate {
    /// Number of the key.
    pub fn kid(&self) -> Kid {
        self.says.kid
    }

    /// The ten-digit number of the hospital.
    pub fn hospital(&self) -> &str {
        &self.says.hospital
    }

    /// Name of the hospital.
    pub fn name(&self) -> &str {
        &self.says.name
    }

    /// First second of validity, since 1970.
    pub fn not_before(&self) -> u64 {
        self.says.not_before
    }

    /// Last second of validity.
    pub fn not_after(&self) -> u64 {
        self.says.not_after
    }

    /// First and last minute of validity by the clocks of Japan: `2026-04-01 00:00`.
    pub fn validity(&self) -> (String, String) {
        let Says {
            not_before,
            not_after,
            ..
        } = self.says;
        (japanese_time(not_before), japanese_time(not_after))
    }

    /// The least version of the tool that may use the key.
    pub fn tool_min_version(&self) -> &str {
        &self.says.tool_min_version
    }

    /// The certificate of a file, without or with the sealed private key behind it.
    ///
    /// # Errors
    /// A text of another kind, or a signature that is not the platform's.
    pub fn parse(text: &str, platform: &PlatformPublic) -> Result<Self, KeyError> {
        let text = with_plain_line_ends(text);
        let mut lines = Lines::begin(&text, FIRST_LINE, WHAT)?;
        let certificate = Self::read(&mut lines, platform)?;
        if !lines.is_at_end() {
            SealedSecret::read(&mut lines, 32)?;
            lines.end()?;
        }
        Ok(certificate)
    }

    fn read(lines: &mut Lines<'_>, platform: &PlatformPublic) -> Result<Self, KeyError> {
        let says = Says {
            kid: Kid(lines.bytes("kid")?),
            hospital: lines.text("hospital")?,
            name: lines.text("name")?,
            seal_to: lines.bytes("seal_to")?,
            sign_with: VerifyingKey::from_bytes(&lines.bytes("sign_with")?)
                .map_err(|_| KeyError::PublicKey)?,
            not_before: lines.time("not_before")?,
            not_after: lines.time("not_after")?,
            tool_min_version: lines.text("tool_min_version")?,
        };
        let signed = lines.so_far();
        let signature = Signature::from_bytes(&lines.bytes("signature")?);
        platform
            .sign_with
            .verify_strict(signed.as_bytes(), &signature)
            .map_err(|_| KeyError::Signature)?;
        Ok(Self { says, signature })
    }

    /// The lines as they stand in a file.
    pub fn to_text(&self) -> String {
        format!(
            "{}signature: {}\n",
            self.says.to_text(),
            hex(&self.signature.to_bytes())
        )
    }

    /// What people compare over the telephone: `1a2b 3c4d …`, of all of the signed lines.
    pub fn fingerprint(&self) -> String {
        super::platform::fingerprint(&self.to_text())
    }

    /// Whether a program of this version may use the key at this time.
    ///
    /// # Errors
    /// The reason why not.
    pub fn usable(&self, now: u64, version: &str) -> Result<(), KeyError> {
        if !(self.says.not_before..=self.says.not_after).contains(&now) {
            let (from, to) = self.validity();
            return Err(KeyError::NotValid { from, to });
        }
        if numbers(version) < numbers(&self.says.tool_min_version) {
            return Err(KeyError::OldTool {
                needed: self.says.tool_min_version.clone(),
                have: version.to_owned(),
            });
        }
        Ok(())
    }
}

/// `1.10.2` in the order of its numbers.
fn numbers(version: &str) -> Vec<u64> {
    version
        .split(['.', '-', '+'])
        .map_while(|part| part.parse().ok())
        .collect()
}

/// The file a hospital gets: its certificate, and the private key under a passphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    certificate: Certificate,
    secret: SealedSecret,
}

impl KeyFile {
    /// Reads a key file and checks that the platform signed it.
    ///
    /// # Errors
    /// A text of another kind, or a signature that is not the platform's.
    pub fn parse(text: &str, platform: &PlatformPublic) -> Result<Self, KeyError> {
        let text = with_plain_line_ends(text);
        let mut lines = Lines::begin(&text, FIRST_LINE, WHAT)?;
        let certificate = Certificate::read(&mut lines, platform)?;
        let secret = SealedSecret::read(&mut lines, 32)?;
        lines.end()?;
        Ok(Self {
            certificate,
            secret,
        })
    }

    pub(super) fn new(
        certificate: Certificate,
        key: &ed25519_dalek::SigningKey,
        passphrase: &Passphrase,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, KeyError> {
        let before = certificate.to_text();
        let secret = SealedSecret::new(key.as_bytes(), &before, passphrase, rng)?;
        Ok(Self {
            certificate,
            secret,
        })
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        self.certificate.to_text() + self.secret.to_text().as_str()
    }

    /// What the platform says about the key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Opens the private key.
    ///
    /// # Errors
    /// A wrong passphrase, or a private key that does not belong to the certificate.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<SigningKey, KeyError> {
        let secret = self
            .secret
            .open::<32>(&self.certificate.to_text(), passphrase)?;
        let key = ed25519_dalek::SigningKey::from_bytes(&secret);
        if key.verifying_key() != self.certificate.says.sign_with {
            return Err(KeyError::NotAPair);
        }
        Ok(SigningKey {
            certificate: self.certificate.clone(),
            key,
        })
    }

    /// The same key under another passphrase.
    ///
    /// # Errors
    /// A wrong passphrase, or a new one that is too short.
    pub fn with_passphrase(
        &self,
        old: &Passphrase,
        new: &Passphrase,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, KeyError> {
        let unlocked = self.unlock(old)?;
        Self::new(unlocked.certificate, &unlocked.key, new, rng)
    }
}

/// A hospital's key, ready to sign; forgotten when dropped.
pub struct SigningKey {
    pub(super) certificate: Certificate,
    pub(super) key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// What the platform says about the key.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

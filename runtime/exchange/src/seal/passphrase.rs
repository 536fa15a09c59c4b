//! Private keys under a passphrase: argon2id, then AES-256-GCM.

use super::error::KeyError;
use super::header::{from_hex_any, hex};
use super::lines::Lines;
use super::suite::{Secret, TAG};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// A passphrase has at least so many characters.
pub const MIN_PASSPHRASE: usize = 13;

/// Memory (KiB), passes and lanes for new files.
const COST: [u32; 3] = [65_536, 2, 1];
/// What a file may ask for: enough to be of use, and not so much that opening it hurts.
const LEAST: [u32; 3] = [19_456, 1, 1];
const MOST: [u32; 3] = [65_536, 4, 4];

/// A passphrase, forgotten when dropped.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A passphrase as typed. The same letters count as the same however they are composed.
    pub fn new(typed: &str) -> Self {
        Self(Zeroizing::new(typed.nfc().collect()))
    }

    /// Whether it is long enough for a new file.
    ///
    /// # Errors
    /// If it is not.
    pub fn strong_enough(&self) -> Result<(), KeyError> {
        if self.0.chars().count() >= MIN_PASSPHRASE {
            Ok(())
        } else {
            Err(KeyError::WeakPassphrase)
        }
    }
}

/// The three last lines of a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SealedSecret {
    cost: [u32; 3],
    salt: [u8; 16],
    sealed: Vec<u8>,
}

impl SealedSecret {
    /// Seals a secret so that it belongs to the text before it.
    pub(super) fn new(
        secret: &[u8],
        before: &str,
        passphrase: &Passphrase,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, KeyError> {
        passphrase.strong_enough()?;
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let payload = Payload {
            msg: secret,
            aad: &Sha256::digest(before),
        };
        let sealed = cipher(passphrase, COST, &salt)
            .and_then(|cipher| cipher.encrypt(&Nonce::default(), payload).ok())
            .ok_or(KeyError::Passphrase)?;
        Ok(Self {
            cost: COST,
            salt,
            sealed,
        })
    }

    /// The secret of exactly `N` bytes.
    pub(super) fn open<const N: usize>(
        &self,
        before: &str,
        passphrase: &Passphrase,
    ) -> Result<Zeroizing<[u8; N]>, KeyError> {
        let payload = Payload {
            msg: &self.sealed,
            aad: &Sha256::digest(before),
        };
        let plain = cipher(passphrase, self.cost, &self.salt)
            .and_then(|cipher| cipher.decrypt(&Nonce::default(), payload).ok())
            .map(Zeroizing::new)
            .ok_or(KeyError::Passphrase)?;
        let mut secret = Zeroizing::new([0; N]);
        if plain.len() != N {
            return Err(KeyError::Passphrase);
        }
        secret.copy_from_slice(&plain);
        Ok(secret)
    }

    pub(super) fn read(lines: &mut Lines<'_>, length: usize) -> Result<Self, KeyError> {
        let cost = lines.value("secret_kdf")?;
        let cost = parse_cost(cost).ok_or_else(|| lines.wrong())?;
        let salt = lines.bytes("secret_salt")?;
        let sealed = lines.value("secret")?;
        let sealed = from_hex_any(sealed)
            .filter(|sealed| sealed.len() == length + TAG)
            .ok_or_else(|| lines.wrong())?;
        Ok(Self { cost, salt, sealed })
    }

    pub(super) fn to_text(&self) -> String {
        let [memory, passes, lanes] = self.cost;
        format!(
            "secret_kdf: argon2id {memory} {passes} {lanes}\nsecret_salt: {}\nsecret: {}\n",
            hex(&self.salt),
            hex(&self.sealed)
        )
    }
}

fn parse_cost(text: &str) -> Option<[u32; 3]> {
    let mut numbers = text.strip_prefix("argon2id ")?.split(' ');
    let mut next = || numbers.next()?.parse().ok();
    let cost: [u32; 3] = [next()?, next()?, next()?];
    let allowed = cost
        .iter()
        .zip(LEAST.iter().zip(&MOST))
        .all(|(value, (least, most))| (least..=most).contains(&value));
    (allowed && numbers.next().is_none()).then_some(cost)
}

/// The nonce is all zeros: the salt makes the key a new one each time.
fn cipher(passphrase: &Passphrase, cost: [u32; 3], salt: &[u8; 16]) -> Option<Aes256Gcm> {
    let [memory, passes, lanes] = cost;
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut key = Secret::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), salt, key.as_mut_slice())
        .ok()?;
    Some(Aes256Gcm::new(
        &Key::<Aes256Gcm>::try_from(key.as_slice()).ok()?,
    ))
}

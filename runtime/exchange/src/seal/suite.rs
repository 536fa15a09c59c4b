//! The one suite there is: X25519 with HKDF-SHA-256 and AES-256-GCM (RFC 9180), AES-256-GCM in
//! chunks, Ed25519.
//!
//! Everything that turns keys into other keys stands here, so that it can be read beside
//! `docs/exchange/container.md`.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hkdf::Hkdf;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// Number of the suite in the header.
pub(super) const SUITE: u16 = 1;
/// Plaintext bytes of a chunk; the last one may be shorter.
pub(super) const CHUNK: usize = 16 * 1024;
/// What authentication adds to a chunk or a wrapped key.
pub(super) const TAG: usize = 16;
/// A chunk as it stands in the file.
pub(super) const SEALED_CHUNK: usize = CHUNK + TAG;
/// The key commitment.
pub(super) const COMMITMENT: usize = 32;
/// The signature at the end.
pub(super) const SIGNATURE: usize = 64;
/// The encapsulated key of HPKE.
pub(super) const ENCAPSULATED: usize = 32;
/// The wrapped file key.
pub(super) const WRAPPED: usize = 32 + TAG;

const WRAP_INFO: &[u8] = b"kohyo-box v1 file key\0";
const PAYLOAD_INFO: &[u8] = b"kohyo-box v1 payload\0";
const SIGNATURE_INFO: &[u8] = b"kohyo-box v1 signature\0";

/// The platform's key that opens.
pub(super) type OpeningKey = <X25519HkdfSha256 as Kem>::PrivateKey;

/// 32 secret bytes, forgotten when dropped.
pub(super) type Secret = Zeroizing<[u8; 32]>;

/// A new pair of keys for wrapping: private and public.
pub(super) fn wrapping_pair(rng: &mut impl CryptoRng) -> (Secret, [u8; 32]) {
    let (private, public) = X25519HkdfSha256::gen_keypair_with_rng(rng);
    (
        Zeroizing::new(private.to_bytes().into()),
        public.to_bytes().into(),
    )
}

/// The opening key of these bytes, with the public half; nothing if they are none.
pub(super) fn opening_key(private: &Secret) -> Option<(OpeningKey, [u8; 32])> {
    let key = OpeningKey::from_bytes(private.as_slice()).ok()?;
    let public = X25519HkdfSha256::sk_to_pk(&key).to_bytes().into();
    Some((key, public))
}

/// Wraps a file key for the platform; `header` is the header up to the wrapping itself.
pub(super) fn wrap(
    file_key: &Secret,
    to: &[u8; 32],
    header: &[u8],
    rng: &mut impl CryptoRng,
) -> Option<([u8; ENCAPSULATED], [u8; WRAPPED])> {
    let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(to).ok()?;
    let (encapsulated, mut context) = hpke::setup_sender_with_rng::<
        AesGcm256,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &to, &[WRAP_INFO, header].concat(), rng)
    .ok()?;
    let wrapped = context.seal(file_key.as_slice(), b"").ok()?;
    Some((encapsulated.to_bytes().into(), wrapped.try_into().ok()?))
}

/// The file key, if this container was wrapped for this key and its header is unchanged.
pub(super) fn unwrap(
    encapsulated: &[u8; ENCAPSULATED],
    wrapped: &[u8; WRAPPED],
    key: &OpeningKey,
    header: &[u8],
) -> Option<Secret> {
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let mut context = hpke::setup_receiver::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        key,
        &encapsulated,
        &[WRAP_INFO, header].concat(),
    )
    .ok()?;
    let file_key = Zeroizing::new(context.open(wrapped, b"").ok()?);
    let mut out = Secret::default();
    out.copy_from_slice(file_key.get(..32)?);
    (file_key.len() == 32).then_some(out)
}

/// Seals and opens the chunks of one container.
pub(super) struct Chunks {
    cipher: Aes256Gcm,
    header_hash: [u8; 32],
}

impl Chunks {
    /// The chunks of the container with this file key and whole header, and its commitment.
    pub(super) fn new(file_key: &Secret, header: &[u8]) -> Option<(Self, [u8; COMMITMENT])> {
        let header_hash: [u8; 32] = Sha256::digest(header).into();
        let mut keys = Zeroizing::new([0; 32 + COMMITMENT]);
        Hkdf::<Sha256>::new(Some(&header_hash), file_key.as_slice())
            .expand(PAYLOAD_INFO, keys.as_mut_slice())
            .ok()?;
        let (key, commitment) = keys.split_at_checked(32)?;
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::try_from(key).ok()?);
        let chunks = Self {
            cipher,
            header_hash,
        };
        Some((chunks, commitment.try_into().ok()?))
    }

    pub(super) fn seal(&self, number: u64, last: bool, plain: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload {
            msg: plain,
            aad: &self.header_hash,
        };
        self.cipher.encrypt(&nonce(number, last), payload).ok()
    }

    pub(super) fn open(
        &self,
        number: u64,
        last: bool,
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload {
            msg: sealed,
            aad: &self.header_hash,
        };
        self.cipher
            .decrypt(&nonce(number, last), payload)
            .ok()
            .map(Zeroizing::new)
    }
}

/// Three zero bytes, the number of the chunk from 0 in eight bytes, 1 for the last chunk.
fn nonce(number: u64, last: bool) -> Nonce<aes_gcm::aead::consts::U12> {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    [0, 0, 0, a, b, c, d, e, f, g, h, u8::from(last)].into()
}

/// What the sender signs: the hash of everything before the signature.
pub(super) fn signed(hash: &[u8; 32]) -> Vec<u8> {
    [SIGNATURE_INFO, hash].concat()
}

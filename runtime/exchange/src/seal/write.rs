//! Records → container.

use super::error::BoxError;
use super::header::Header;
use super::keys::SigningKey;
use super::suite::{CHUNK, Chunks, Secret, signed, wrap};
use ed25519_dalek::Signer;
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// What goes into a container.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// Record XML.
    pub payload: &'a [u8],
    /// How many records that is.
    pub records: u32,
    /// When it is sealed, in seconds since 1970.
    pub created: u64,
    /// The program that seals: `kohyo 0.1.0`.
    pub tool: &'a str,
    /// The forms the records were checked with.
    pub release: &'a str,
}

/// Seals records for the platform that issued the key, and signs them with it.
///
/// # Errors
/// Contents beyond the limits, or a failing output.
pub fn seal(
    contents: &Contents<'_>,
    key: &SigningKey,
    rng: &mut impl CryptoRng,
    out: &mut impl Write,
) -> Result<Header, BoxError> {
    let header = Header {
        kid: key.certificate().kid(),
        container: uuid(rng),
        created: contents.created,
        records: contents.records,
        length: contents.payload.len() as u64,
        hospital: key.certificate().hospital().to_owned(),
        tool: contents.tool.to_owned(),
        release: contents.release.to_owned(),
    };
    let mut bytes = header.bound_bytes().ok_or(BoxError::Header)?;
    let mut file_key = Secret::default();
    rng.fill_bytes(file_key.as_mut_slice());
    let (encapsulated, wrapped) =
        wrap(&file_key, &key.certificate.says.seal_to, &bytes, rng).ok_or(BoxError::NotForUs)?;
    bytes.extend(encapsulated);
    bytes.extend(wrapped);
    header.within_limits(bytes.len())?;
    let (chunks, commitment) = Chunks::new(&file_key, &bytes).ok_or(BoxError::Commitment)?;

    let mut out = Hashed {
        out,
        hash: Sha256::new(),
    };
    out.write_all(&bytes)?;
    out.write_all(&commitment)?;
    for (number, plain) in (0..).zip(contents.payload.chunks(CHUNK)) {
        let last = number + 1 == header.chunks();
        let sealed = chunks
            .seal(number, last, plain)
            .ok_or(BoxError::Chunk(number + 1))?;
        out.write_all(&sealed)?;
    }
    let Hashed { out, hash } = out;
    let signature = key.key.sign(&signed(&hash.finalize().into()));
    out.write_all(&signature.to_bytes())?;
    out.flush()?;
    Ok(header)
}

/// A random UUID (version 4, RFC 9562).
fn uuid(rng: &mut impl CryptoRng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
    *version = *version & 0x0f | 0x40;
    *variant = *variant & 0x3f | 0x80;
    bytes
}

/// Hashes what is written.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

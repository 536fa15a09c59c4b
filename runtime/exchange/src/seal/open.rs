//! Container → records, in two passes: the first proves every byte, the second reads.

use super::error::BoxError;
use super::header::{Encoded, FIXED_START, Header, decode, header_length};
use super::keys::Certificate;
use super::platform::PlatformKeys;
use super::policy::{Register, State, accepted};
use super::suite::{CHUNK, COMMITMENT, Chunks, SEALED_CHUNK, SIGNATURE, TAG, signed, unwrap};
use ed25519_dalek::Signature;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, SeekFrom};
use zeroize::Zeroizing;

/// A container of which only the header has been read: what it claims is not proven.
pub struct SealedBox<R> {
    input: R,
    encoded: Encoded,
}

impl<R: Read + Seek> SealedBox<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// Something that is no container, one of an unknown version or suite, or one beyond the
    /// limits.
    pub fn begin(mut input: R) -> Result<Self, BoxError> {
        input.seek(SeekFrom::Start(0))?;
        let mut start = [0; FIXED_START];
        let got = fill(&mut input, &mut start)?;
        if got < start.len() {
            let got = start.get(..got).unwrap_or_default();
            return Err(
                if got.is_empty() || !b"KOHYOBOX".starts_with(got.get(..8).unwrap_or(got)) {
                    BoxError::NotABox
                } else {
                    short(start.len() as u64, got.len() as u64)
                },
            );
        }
        let length = header_length(&start)?;
        let mut bytes = start.to_vec();
        bytes.resize(length, 0);
        let rest = bytes.get_mut(FIXED_START..).unwrap_or_default();
        let got = fill(&mut input, rest)?;
        if FIXED_START + got < length {
            return Err(short(length as u64, (FIXED_START + got) as u64));
        }
        let encoded = decode(bytes)?;
        Ok(Self { input, encoded })
    }

    /// What the header claims. Not proven: to be shown and noted, never acted on.
    pub fn claims(&self) -> &Header {
        &self.encoded.header
    }

    /// Reads the container to its last byte and checks all of it: the sender's signature, that
    /// the key may be used, that it was sealed for this platform, and every chunk.
    ///
    /// `received` is the time of receipt in seconds since 1970.
    ///
    /// # Errors
    /// The first reason why the container is not accepted.
    pub fn verify(
        mut self,
        platform: &PlatformKeys,
        register: &Register,
        received: u64,
    ) -> Result<Verified<R>, BoxError> {
        let header = &self.encoded.header;
        let key = register
            .get(header.kid)
            .ok_or(BoxError::UnknownKey(header.kid))?;
        if let State::Compromised(_) = key.state {
            accepted(key, header.created, received)?;
        }
        let bound = self.encoded.bound();
        let file_key = unwrap(
            &self.encoded.encapsulated,
            &self.encoded.wrapped,
            &platform.opening,
            bound,
        );
        let opened = file_key.and_then(|key| Chunks::new(&key, &self.encoded.bytes));
        let (contents, commitment) = match &opened {
            Some((chunks, commitment)) => (Some(chunks), Some(commitment)),
            None => (None, None),
        };
        let read = read_through(&mut self.input, &self.encoded, contents)?;
        // Until here nothing the header says has been believed.
        let signer = &key.certificate.says.sign_with;
        signer
            .verify_strict(&signed(&read.hash), &read.signature)
            .map_err(|_| BoxError::Signature)?;
        if header.hospital != key.certificate.hospital() {
            return Err(BoxError::Hospital {
                claimed: header.hospital.clone(),
                registered: key.certificate.hospital().to_owned(),
            });
        }
        accepted(key, header.created, received)?;
        if commitment.is_none() {
            return Err(BoxError::NotForUs);
        }
        if commitment != Some(&read.commitment) {
            return Err(BoxError::Commitment);
        }
        if let Some(number) = read.bad_chunk {
            return Err(BoxError::Chunk(number + 1));
        }
        let (chunks, _) = opened.ok_or(BoxError::NotForUs)?;
        Ok(Verified {
            sender: key.certificate.clone(),
            input: self.input,
            encoded: self.encoded,
            chunks,
        })
    }
}

fn short(expected: u64, actual: u64) -> BoxError {
    BoxError::Short { expected, actual }
}

/// What reading a container once has shown.
struct ReadThrough {
    commitment: [u8; COMMITMENT],
    /// Of everything before the signature.
    hash: [u8; 32],
    signature: Signature,
    /// The first chunk that does not open, from 0.
    bad_chunk: Option<u64>,
}

/// Reads everything after the header.
fn read_through(
    input: &mut (impl Read + Seek),
    encoded: &Encoded,
    chunks: Option<&Chunks>,
) -> Result<ReadThrough, BoxError> {
    let header = &encoded.header;
    let expected = header.container_length(encoded.bytes.len());
    input.seek(SeekFrom::Start(encoded.bytes.len() as u64))?;
    let mut at = encoded.bytes.len() as u64;
    let mut take = |buffer: &mut [u8]| -> Result<(), BoxError> {
        let got = fill(input, buffer)?;
        at += got as u64;
        if got < buffer.len() {
            return Err(short(expected, at));
        }
        Ok(())
    };
    let mut hash = Sha256::new();
    hash.update(&encoded.bytes);
    let mut commitment = [0; COMMITMENT];
    take(&mut commitment)?;
    hash.update(commitment);
    let mut bad_chunk = None;
    let mut sealed = vec![0; SEALED_CHUNK];
    for number in 0..header.chunks() {
        let length = sealed_length(header, number);
        let sealed = sealed.get_mut(..length).unwrap_or_default();
        take(sealed)?;
        hash.update(&*sealed);
        let last = number + 1 == header.chunks();
        let opens = chunks.is_some_and(|chunks| chunks.open(number, last, sealed).is_some());
        if bad_chunk.is_none() && !opens {
            bad_chunk = Some(number);
        }
    }
    let mut signature = [0; SIGNATURE];
    take(&mut signature)?;
    if fill(input, &mut [0])? > 0 {
        return Err(BoxError::Long { expected });
    }
    Ok(ReadThrough {
        commitment,
        hash: hash.finalize().into(),
        signature: Signature::from_bytes(&signature),
        bad_chunk,
    })
}

/// How long a chunk is in the file.
fn sealed_length(header: &Header, number: u64) -> usize {
    let before = number.saturating_mul(CHUNK as u64);
    let plain = header.length.saturating_sub(before).min(CHUNK as u64);
    usize::try_from(plain).unwrap_or(CHUNK) + TAG
}

/// A container of which every byte has been checked.
pub struct Verified<R> {
    sender: Certificate,
    input: R,
    encoded: Encoded,
    chunks: Chunks,
}

impl<R: Read + Seek> Verified<R> {
    /// What the header says.
    pub fn header(&self) -> &Header {
        &self.encoded.header
    }

    /// The hospital that signed it.
    pub fn sender(&self) -> &Certificate {
        &self.sender
    }

    /// The records.
    ///
    /// Each chunk is authenticated again as it is read: if the file has been changed since it was
    /// verified, reading fails.
    ///
    /// # Errors
    /// A failing input.
    pub fn payload(&mut self) -> io::Result<Payload<'_, R>> {
        let start = self.encoded.bytes.len() + COMMITMENT;
        self.input.seek(SeekFrom::Start(start as u64))?;
        Ok(Payload {
            input: &mut self.input,
            header: &self.encoded.header,
            chunks: &self.chunks,
            next: 0,
            plain: Zeroizing::default(),
            given: 0,
        })
    }

    /// Whether as many records have been found in the payload as the header says; asked by whoever
    /// reads them.
    ///
    /// # Errors
    /// If not: then nothing of the container counts.
    pub fn has_all(&self, found: u64) -> Result<(), BoxError> {
        let claimed = self.header().records;
        if u64::from(claimed) == found {
            Ok(())
        } else {
            Err(BoxError::Count { claimed, found })
        }
    }
}

/// The records of a verified container.
pub struct Payload<'v, R> {
    input: &'v mut R,
    header: &'v Header,
    chunks: &'v Chunks,
    next: u64,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
}

impl<R: Read> Read for Payload<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.plain.len() && self.next < self.header.chunks() {
            let mut sealed = vec![0; sealed_length(self.header, self.next)];
            self.input.read_exact(&mut sealed)?;
            let last = self.next + 1 == self.header.chunks();
            self.plain = self
                .chunks
                .open(self.next, last, &sealed)
                .ok_or_else(|| io::Error::other(BoxError::Chunk(self.next + 1)))?;
            self.next += 1;
            self.given = 0;
        }
        let rest = self.plain.get(self.given..).unwrap_or_default();
        let count = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

/// Fills the room as far as the input goes; gives the bytes read.
fn fill(input: &mut impl Read, mut room: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while !room.is_empty() {
        match input.read(room) {
            Ok(0) => break,
            Ok(read) => {
                count += read;
                room = room.get_mut(read..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}

//! The header of a container ⇄ bytes.

use super::error::BoxError;
use super::suite::{CHUNK, COMMITMENT, ENCAPSULATED, SIGNATURE, SUITE, TAG, WRAPPED};
use std::fmt;
use std::str::FromStr;

/// A container is at most so many bytes long.
pub const MAX_CONTAINER: u64 = 64 * 1024 * 1024;
/// A container holds at most so many records.
pub const MAX_RECORDS: u32 = 5_000;

const MAGIC: [u8; 8] = *b"KOHYOBOX";
pub(super) const VERSION: u16 = 1;
/// Magic, version, suite, length of the header.
pub(super) const FIXED_START: usize = 8 + 2 + 2 + 2;
/// What stands between the start and the texts.
const FIXED_NUMBERS: usize = 8 + 16 + 8 + 4 + 8;
/// A text of the header is at most so many bytes long.
pub(super) const MAX_TEXT: usize = 64;

/// The number of a hospital's key; written as 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid(pub [u8; 8]);

/// What the header of a container says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The key of the sender.
    pub kid: Kid,
    /// The container's own number (a random UUID): sent again, it is the same container.
    pub container: [u8; 16],
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub created: u64,
    /// How many records are in it.
    pub records: u32,
    /// Length of the payload in bytes.
    pub length: u64,
    /// The hospital: its ten-digit number.
    pub hospital: String,
    /// The program that made it: `kohyo 0.1.0`.
    pub tool: String,
    /// The forms the records were checked with.
    pub release: String,
}

/// A header as it stands in the file.
pub(super) struct Encoded {
    pub(super) header: Header,
    /// All bytes of the header.
    pub(super) bytes: Vec<u8>,
    pub(super) encapsulated: [u8; ENCAPSULATED],
    pub(super) wrapped: [u8; WRAPPED],
}

impl Encoded {
    /// The part of the header that the wrapping of the file key is bound to.
    pub(super) fn bound(&self) -> &[u8] {
        let end = self.bytes.len().saturating_sub(ENCAPSULATED + WRAPPED);
        self.bytes.get(..end).unwrap_or_default()
    }
}

impl Header {
    /// The bytes up to the wrapped key; nothing if a text is too long.
    pub(super) fn bound_bytes(&self) -> Option<Vec<u8>> {
        let texts = [&self.hospital, &self.tool, &self.release];
        let of_texts: usize = texts.iter().map(|text| 1 + text.len()).sum();
        let length = FIXED_START + FIXED_NUMBERS + of_texts + ENCAPSULATED + WRAPPED;
        let mut bytes = Vec::with_capacity(length);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_be_bytes());
        bytes.extend(SUITE.to_be_bytes());
        bytes.extend(u16::try_from(length).ok()?.to_be_bytes());
        bytes.extend(self.kid.0);
        bytes.extend(self.container);
        bytes.extend(self.created.to_be_bytes());
        bytes.extend(self.records.to_be_bytes());
        bytes.extend(self.length.to_be_bytes());
        for text in texts {
            let length = u8::try_from(text.len()).ok()?;
            if text.len() > MAX_TEXT {
                return None;
            }
            bytes.push(length);
            bytes.extend(text.bytes());
        }
        Some(bytes)
    }

    /// How many chunks the payload has.
    pub(super) fn chunks(&self) -> u64 {
        self.length.div_ceil(CHUNK as u64)
    }

    /// How long the whole container is, if its header is so long.
    pub(super) fn container_length(&self, header: usize) -> u64 {
        let tags = self.chunks().saturating_mul(TAG as u64);
        let around = (header + COMMITMENT + SIGNATURE) as u64;
        self.length.saturating_add(tags).saturating_add(around)
    }

    /// What no container may claim.
    pub(super) fn within_limits(&self, header: usize) -> Result<(), BoxError> {
        if self.records == 0 || self.length == 0 {
            return Err(BoxError::Empty);
        }
        if self.records > MAX_RECORDS {
            return Err(BoxError::TooManyRecords(self.records));
        }
        if self.container_length(header) > MAX_CONTAINER {
            return Err(BoxError::TooLarge);
        }
        Ok(())
    }
}

/// The length of a header by its first [`FIXED_START`] bytes.
pub(super) fn header_length(start: &[u8; FIXED_START]) -> Result<usize, BoxError> {
    let mut rest = Rest(start);
    if rest.take::<8>() != Some(MAGIC) {
        return Err(BoxError::NotABox);
    }
    let version = rest.number().ok_or(BoxError::Header)?;
    if version != VERSION {
        return Err(BoxError::Version(version));
    }
    let suite = rest.number().ok_or(BoxError::Header)?;
    if suite != SUITE {
        return Err(BoxError::Suite(suite));
    }
    let length = usize::from(rest.number().ok_or(BoxError::Header)?);
    let shortest = FIXED_START + FIXED_NUMBERS + 3 + ENCAPSULATED + WRAPPED;
    if !(shortest..=shortest + 3 * MAX_TEXT).contains(&length) {
        return Err(BoxError::Header);
    }
    Ok(length)
}

/// Reads a whole header.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Encoded, BoxError> {
    let mut rest = Rest(bytes.get(FIXED_START..).unwrap_or_default());
    let parts = (|| {
        let header = Header {
            kid: Kid(rest.take()?),
            container: rest.take()?,
            created: u64::from_be_bytes(rest.take()?),
            records: u32::from_be_bytes(rest.take()?),
            length: u64::from_be_bytes(rest.take()?),
            hospital: rest.text()?,
            tool: rest.text()?,
            release: rest.text()?,
        };
        let wrapping = (rest.take()?, rest.take()?);
        rest.0.is_empty().then_some((header, wrapping))
    })();
    let (header, (encapsulated, wrapped)) = parts.ok_or(BoxError::Header)?;
    header.within_limits(bytes.len())?;
    Ok(Encoded {
        header,
        bytes,
        encapsulated,
        wrapped,
    })
}

/// Bytes not yet read.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn number(&mut self) -> Option<u16> {
        self.take().map(u16::from_be_bytes)
    }

    /// A text without control characters, so that it can be shown.
    fn text(&mut self) -> Option<String> {
        let [length] = self.take()?;
        let (text, rest) = self.0.split_at_checked(usize::from(length))?;
        self.0 = rest;
        let text = std::str::from_utf8(text).ok()?;
        let fine = text.len() <= MAX_TEXT && !text.chars().any(char::is_control);
        fine.then(|| text.to_owned())
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for Kid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        from_hex(text).map(Self).ok_or(())
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exactly so many bytes from lower-case hexadecimal digits.
pub(super) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    from_hex_any(text)?.try_into().ok()
}

pub(super) fn from_hex_any(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?))
        .collect()
}

//! Sealed items: what stands in the `sealed_*` columns.
//!
//! `"KYS1" | salt (24) | commitment (32) | ciphertext | tag (16)`. Key, nonce and commitment of
//! each item come from HKDF over the installation's key, the salt and the item's place, so no
//! nonce is ever used twice, an item opens only in its own place, and only with its own key.

use crate::keys::Keys;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use subtle::ConstantTimeEq;

const MAGIC: &[u8] = b"KYS1";
const SALT: usize = 24;
const COMMITMENT: usize = 32;
const TAG: usize = 16;
/// A sealed item is longer than its contents by so many bytes.
pub(crate) const OVERHEAD: usize = MAGIC.len() + SALT + COMMITMENT + TAG;

/// Where an item stands. An item moved anywhere else does not open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The hospital or municipality.
    pub(crate) tenant: &'a str,
    /// The table.
    pub(crate) table: &'a str,
    /// The row.
    pub(crate) row: &'a str,
    /// The column.
    pub(crate) column: &'a str,
    /// The version of the row.
    pub(crate) version: i64,
}

/// A sealed item does not open: wrong place, wrong key or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed item does not open")]
pub(crate) struct Unopened;

/// Seals some text for a place.
pub(crate) fn seal(keys: &Keys, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, Unopened> {
    let salt: [u8; SALT] = rand::random();
    let context = context(place);
    let material = Material::derive(keys, &salt, &context);
    let body = material
        .cipher()
        .encrypt(
            &material.nonce(),
            Payload {
                msg: plain,
                aad: &context,
            },
        )
        .map_err(|_| Unopened)?;
    Ok([MAGIC, &salt, &material.commitment, &body].concat())
}

/// Opens an item that stands in a place.
pub(crate) fn open(keys: &Keys, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Unopened> {
    let rest = sealed.strip_prefix(MAGIC).ok_or(Unopened)?;
    let (salt, rest) = rest.split_at_checked(SALT).ok_or(Unopened)?;
    let (commitment, body) = rest.split_at_checked(COMMITMENT).ok_or(Unopened)?;
    let context = context(place);
    let material = Material::derive(keys, salt, &context);
    if !bool::from(material.commitment.ct_eq(commitment)) {
        return Err(Unopened);
    }
    material
        .cipher()
        .decrypt(
            &material.nonce(),
            Payload {
                msg: body,
                aad: &context,
            },
        )
        .map_err(|_| Unopened)
}

struct Material {
    key: [u8; 32],
    nonce: [u8; 12],
    commitment: [u8; COMMITMENT],
}

impl Material {
    fn derive(keys: &Keys, salt: &[u8], context: &[u8]) -> Self {
        let mut all = [0_u8; 32 + 12 + COMMITMENT];
        keys.expand(salt, context, &mut all);
        let mut material = Self {
            key: [0; 32],
            nonce: [0; 12],
            commitment: [0; COMMITMENT],
        };
        let mut bytes = all.into_iter();
        for slot in material
            .key
            .iter_mut()
            .chain(&mut material.nonce)
            .chain(&mut material.commitment)
        {
            *slot = bytes.next().unwrap_or_default();
        }
        material
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&Key::<Aes256Gcm>::from(self.key))
    }

    fn nonce(&self) -> Nonce<aes_gcm::aead::consts::U12> {
        Nonce::from(self.nonce)
    }
}

/// Each part with its length before it, so that no two places read alike.
fn context(place: Place<'_>) -> Vec<u8> {
    let mut bytes = b"kohyo/seal/v1".to_vec();
    for part in [place.tenant, place.table, place.row, place.column] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&place.version.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'static> = Place {
        tenant: "h1",
        table: "record_draft",
        row: "r1",
        column: "sealed_answers",
        version: 3,
    };

    #[test]
    fn an_item_opens_only_in_its_own_place() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let item = seal(&keys, HERE, "山田".as_bytes()).unwrap();
        assert_eq!(open(&keys, HERE, &item).unwrap(), "山田".as_bytes());
        for elsewhere in [
            Place {
                tenant: "h2",
                ..HERE
            },
            Place {
                table: "record_version",
                ..HERE
            },
            Place { row: "r2", ..HERE },
            Place {
                column: "sealed_patient",
                ..HERE
            },
            Place { version: 4, ..HERE },
        ] {
            assert_eq!(
                open(&keys, elsewhere, &item),
                Err(Unopened),
                "{elsewhere:?}"
            );
        }
    }

    #[test]
    fn every_changed_bit_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let item = seal(&keys, HERE, b"secret").unwrap();
        for bit in 0..item.len() * 8 {
            let mut changed = item.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(&keys, HERE, &changed), Err(Unopened), "bit {bit}");
        }
        assert_eq!(open(&keys, HERE, &item[..item.len() - 1]), Err(Unopened));
        assert_eq!(open(&keys, HERE, b""), Err(Unopened));
    }

    #[test]
    fn another_key_opens_nothing() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let item = seal(&Keys::open(one.path()).unwrap(), HERE, b"secret").unwrap();
        assert_eq!(
            open(&Keys::open(two.path()).unwrap(), HERE, &item),
            Err(Unopened)
        );
    }
}

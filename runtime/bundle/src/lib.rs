//! The release bundle: everything that vendors, hospitals and servers receive with one release.
//!
//! ```text
//! files ─ Packed ─► Builder ─ sign ─► one ZIP ─ Bundle::open ─► Bundle ─ read ─► a file, as signed
//!                      ▲                            ▲
//!               ReleaseKey (secret)      TrustedKeys, the day of use
//! ```
//!
//! The bytes are those of `docs/targets/release.md`, which is enough to write another reader.
//! What is signed is the manifest; it names every file with its size and SHA-256. [`Bundle::open`]
//! verifies the manifest and compares it with what the ZIP says about its entries; a file is
//! verified when it is read. Whatever a [`Bundle`] gives out is what the holder of the key signed.
//!
//! Nothing here reads a clock: the day of use is an argument. The same input gives the same bytes.

mod build;
mod error;
mod hash;
mod keys;
mod manifest;
mod names;
mod open;

#[cfg(test)]
mod tests;

pub use build::{BuildError, Builder, Packed, Release};
pub use error::{Error, Reason};
pub use hash::Hash;
pub use keys::{KeyFileError, KeyId, PublicKey, ReleaseKey, TrustedKeys};
pub use manifest::{FORMAT, FileEntry, FormEntry, FormRef, Kind, Manifest, Previous};
pub use names::{MAX_PATH, is_release_id};
pub use open::{Bundle, MAX_BUNDLE, MAX_ENTRIES, MAX_FILE, MAX_MANIFEST, Use};

/// Name of the manifest in the ZIP.
pub const MANIFEST: &str = "manifest.json";
/// Name of the signature in the ZIP.
pub const SIGNATURE: &str = "manifest.sig";
/// How the file of a bundle ends.
pub const EXTENSION: &str = "kohyo-release";

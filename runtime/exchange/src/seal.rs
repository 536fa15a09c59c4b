//! The sealed container: records on their way from a hospital to the platform.
//!
//! ```text
//! records ─ seal ─► container ─ SealedBox ─ verify ─► Verified ─ payload ─► records
//!             ▲                                ▲
//!  hospital key file (unlocked)     platform keys, register of issued keys, time of receipt
//! ```
//!
//! Only the platform can open a container, and only the hospital whose key signed it can have made
//! it. The bytes are those of `docs/exchange/container.md`, which is enough to write another
//! implementation.
//!
//! [`SealedBox`] knows what a container claims; [`Verified`] is the only way to its contents, and
//! exists only after every byte has been read once: signature, sender, key and every chunk are
//! right. Memory does not grow with the size of a container.
//!
//! Nothing here reads a clock, a random device or a folder: they are arguments.

mod error;
mod header;
mod keys;
mod lines;
mod open;
mod passphrase;
mod platform;
mod policy;
mod suite;
mod write;

#[cfg(test)]
mod tests;

pub use error::{BoxError, KeyError, Refusal};
pub use header::{Header, Kid, MAX_CONTAINER, MAX_RECORDS};
pub use keys::{Certificate, KeyFile, SigningKey};
pub use open::{Payload, SealedBox, Verified};
pub use passphrase::{MIN_PASSPHRASE, Passphrase};
pub use platform::{NewKey, PlatformFile, PlatformKeys, PlatformPublic};
pub use policy::{CLOCK_TOLERANCE, REISSUE_GRACE, Register, Registered, State, accepted};
pub use write::{Contents, seal};

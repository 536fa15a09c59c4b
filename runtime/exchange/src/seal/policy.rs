//! Whose containers are accepted, made when and received when: a pure function of the register.

use super::error::Refusal;
use super::header::Kid;
use super::keys::Certificate;
use std::collections::BTreeMap;

const DAY: u64 = 24 * 60 * 60;

/// Containers made with an old key are accepted for so many seconds after a new one was issued.
pub const REISSUE_GRACE: u64 = 30 * DAY;
/// The clocks of hospitals may be fast by so many seconds.
pub const CLOCK_TOLERANCE: u64 = DAY;

/// What has become of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In use.
    Active,
    /// A new one was issued at this time.
    Reissued(u64),
    /// Known to others since about this time.
    Compromised(u64),
}

/// A key that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What it says.
    pub certificate: Certificate,
    /// What has become of it.
    pub state: State,
}

/// Every key that was issued, by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    keys: BTreeMap<Kid, Registered>,
}

impl Register {
    /// Adds a key, or changes what has become of it.
    pub fn set(&mut self, certificate: Certificate, state: State) {
        let registered = Registered { certificate, state };
        self.keys.insert(registered.certificate.kid(), registered);
    }

    /// The key with this number.
    pub fn get(&self, kid: Kid) -> Option<&Registered> {
        self.keys.get(&kid)
    }

    /// Every key, by number.
    pub fn iter(&self) -> impl Iterator<Item = &Registered> {
        self.keys.values()
    }
}

/// Whether a container made at `created` with this key and received at `received` is accepted;
/// both in seconds since 1970.
///
/// A compromised key is refused whatever a container says: whoever has the key can write any time
/// into it.
///
/// # Errors
/// The reason why not.
pub fn accepted(key: &Registered, created: u64, received: u64) -> Result<(), Refusal> {
    if let State::Compromised(_) = key.state {
        return Err(Refusal::Compromised);
    }
    if created > received.saturating_add(CLOCK_TOLERANCE) {
        return Err(Refusal::FromTheFuture);
    }
    if created < key.certificate.not_before() {
        return Err(Refusal::NotYetValid);
    }
    if created > key.certificate.not_after() {
        return Err(Refusal::Expired);
    }
    if let State::Reissued(at) = key.state {
        if created >= at {
            return Err(Refusal::Reissued);
        }
        if received > at.saturating_add(REISSUE_GRACE) {
            return Err(Refusal::ReceivedTooLate);
        }
    }
    Ok(())
}

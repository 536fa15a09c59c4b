//! What each route does, grouped as in `routes`.

pub(crate) mod account;
pub(crate) mod hospital_keys;
pub(crate) mod imports;
pub(crate) mod municipal;
pub(crate) mod portal;
pub(crate) mod public;
pub(crate) mod records;

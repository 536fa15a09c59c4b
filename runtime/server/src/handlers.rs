//! What each route does, grouped as in `routes`.

pub(crate) mod public;
pub(crate) mod account;
pub(crate) mod records;
pub(crate) mod municipal;

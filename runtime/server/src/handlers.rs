//! What each route does, grouped as in `routes`.

pub(crate) mod account;
pub(crate) mod municipal;
pub(crate) mod public;
pub(crate) mod records;

//! The language from the outside: texts in, trees, findings and layouts out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports by panicking"
)]

mod tree;
mod trees;

mod mistakes;

mod layout;

mod limits;
mod properties;
mod quick;

/// A whole disease.
const PARKINSON: &str = include_str!("samples/parkinson.kohyo");
/// Every construct of the language.
const EVERYTHING: &str = include_str!("samples/everything.kohyo");

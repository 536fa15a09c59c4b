//! The language from the outside: texts in, trees, findings and layouts out.

mod layout;
mod limits;
mod mistakes;
mod properties;
mod tree;
mod trees;

/// The disease of `docs/language/syntax.md`.
const PARKINSON: &str = include_str!("samples/parkinson.kohyo");
/// Every construct of the language.
const EVERYTHING: &str = include_str!("samples/everything.kohyo");

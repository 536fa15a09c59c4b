//! Text of a definition in, syntax out, and back again.
//!
//! ```text
//! text ─ lex ─► tokens ─ split ─► items ─ parse ─► syntax        diagnostics ─ render ─► text
//!                  └──────────── format ─► text
//! ```
//!
//! [`parse`] cuts a file into top-level items, parses each item alone and returns what could be
//! understood together with every [`Diagnostic`]; one broken item never hides another.
//! [`format`] prints a file in the one accepted layout without losing a comment.
//! [`render`] draws diagnostics for a terminal.
//!
//! This crate knows syntax only: no types, no forms, no files on disk.

pub mod ast;
mod diagnostic;
mod declaration;
mod span;

mod lex;
mod parse;
mod split;

mod format;
mod render;
mod expected;
mod tokens;

mod codes;
mod words;

pub use codes::declarations;
pub use declaration::{Declaration, Example, in_sample};
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use expected::{Expected, expected};
pub use format::format;
#[doc(hidden)]
pub use parse::parse_by_grammar;
pub use parse::{Parsed, cut_short, header, parse};
pub use render::{Palette, render};
pub use span::{LineColumn, LineIndex, Span};
pub use tokens::{TokenKind, Word, keywords, words};
#[doc(hidden)]
pub use words::distance;

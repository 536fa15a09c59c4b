//! Definitions to programs and artefacts.
//!
//! ```text
//! Files ─ load ─► syntax ─ resolve ─► names with places ─ check+lower ─► Program ─ emit ─► XSD, …
//!           └───────────── diagnostics of every pass, all in one run ─────────────┘
//! ```
//!
//! In go the texts of a `forms/` folder ([`Files`]); out come a [`kohyo_engine::Program`] and every
//! diagnostic ([`compile`]), the artefacts made from it ([`emit`]) and the results of its cases
//! ([`cases`]). No file is read or written here, no clock, no network; broken input is ordinary.

pub mod emit;

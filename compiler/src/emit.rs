//! Artefacts made from a program: one module per target, text out, no I/O.

pub mod xsd;

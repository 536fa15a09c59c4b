//! One disease as a programmer would write it by hand, without a definition: the limit that the
//! general code is measured against.
//!
//! The disease is 049 全身性エリテマトーデス, edition 2020. Same rules, no tricks either way: a
//! struct with a field per item, one `match` on element names, straight code for every rule.
//! Whether both still say the same is checked before anything is measured (`agreement.rs`).

#[macro_use]
mod items;
mod errors;
mod sle;
mod sle_checks;
mod sle_xml;
mod values;

pub use sle::{Outcome, Sle};
pub use sle_xml::{check, read};
pub use values::{Tri, day};

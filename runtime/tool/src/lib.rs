//! The hospital's check tool, behind the command line and behind a local page.
//!
//! In go the forms at hand (from a release, [`ReleaseInUse`]), folders of records and imported keys; out come error lists, and a
//! sealed container of the records without errors ([`seal_records`]). [`serve`] shows the same on a
//! page for people who do not use a terminal. Whatever a command writes takes its place in one step
//! ([`NewFile`]), and is refused if it would destroy something ([`Outputs`]).
//!
//! Nothing here opens a connection to another machine: the page listens on the own machine only,
//! under an address that nobody can guess.

mod trouble;
mod files;
mod interrupt;
mod outputs;
mod lists;
mod keys;
mod release;
mod sealing;
mod groups;
mod check;
mod upload;
mod job;
mod guard;
mod templates;
mod pages;
mod serve;

pub use files::{NewFile, add_with, publish_with, remove_unfinished, replace_with};
pub use interrupt::interrupted;
pub use keys::{KeyFolder, PUBLIC_FILE, ToolError, longest_valid};
pub use lists::WrittenLists;
pub use outputs::Outputs;
pub use release::{ReleaseInUse, all_usable, release_key_file, trusted_keys};
pub use sealing::{Packed, SealRequest, Sealed, pack, seal_records};
pub use serve::{Config, Tool, serve_on};
pub use trouble::{reason, remedy};

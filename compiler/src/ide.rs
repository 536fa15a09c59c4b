//! What an editor asks about a folder of definitions: findings, meanings, places, edits.
//!
//! ```text
//! Files, path, Position ─► world of that file ─► mentions of names ─► Hover, Location, TextEdit, …
//! ```
//!
//! One file per feature, each a pure function over [`crate::Files`] whose answer has the shape of
//! the language server protocol. The language server (`kohyo lsp`) and the studio's editor give the
//! same answers because both only carry them. A text full of mistakes is ordinary: what could be
//! understood is answered, the rest is left out; nothing here fails.

mod text;
mod names;
mod scene;

mod problems;
mod hover;
mod cases;
mod completion;
mod keywords;
mod outline;
mod references;
mod rename;
mod tokens;
mod folding;
mod layout;

#[cfg(test)]
mod testing;

pub use completion::{Completion, CompletionKind, completion};
pub use folding::{FoldingKind, FoldingRange, folding};
pub use hover::{Hover, hover};
pub use layout::formatting;
pub use outline::{Symbol, SymbolKind, outline};
pub use problems::{Problem, Proofs, Related, Repair, problems, proofs, users};
pub use references::{Highlight, definition, highlights, references};
pub use rename::{NotRenamed, Renamed, prepare_rename, rename};
pub use text::{Lines, Location, Position, Range, TextEdit};
pub use tokens::{SemanticKind, SemanticToken, semantic_tokens};

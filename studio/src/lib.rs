//! The authoring plane: a ministry official edits a definition and sees what it does.
//!
//! In goes a folder of definitions ([`Config::forms`], edited in place) and who may sign in; out
//! comes a web application ([`serve`], or [`router`] for tests): the list of all definitions, and
//! for each an editor with diagnostics, what is proven of it, the form as the physician sees it, the
//! verdict with its reasons, the results of its cases, and what depends on it.
//!
//! The same answers come to editors on the author's own machine ([`language_server`]).
//!
//! Everything about the language is asked of `kohyo-compiler` (in `workspace/compiled.rs`), every
//! piece of a form or verdict is drawn by `kohyo-pages`. Patient records never come here.

mod accounts;
mod asking;
mod assets;
mod definitions;
mod error;
mod findings;
mod guard;
mod live;
mod lsp;
mod places;
mod proving;
mod router;
mod saving;
mod serve;
mod templates;
mod workspace;

pub use error::StudioError;
pub use lsp::language_server;
pub use serve::{Config, router, serve, serve_on};

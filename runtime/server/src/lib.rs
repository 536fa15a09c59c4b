//! The data plane: physicians fill forms, municipalities read them by access key.
//!
//! In go requests; out come pages, sealed rows and an audit trail. A request passes
//! `routes` (which page, who may call it) → `handlers` (ask the store, ask the engine, answer)
//! → `store` (the only place with SQL) and `engine` (the only judge). Forms come from a
//! [`Library`]; this crate never parses a definition.
//!
//! The portal stands beside that: signed releases from a folder (`portal`), given to anybody. It
//! knows no patient, and nothing of a release is shown that its publisher did not sign.
//!
//! Patient data leave this crate only as pages and as the lists of imports, to people and hospital
//! systems that may read them: in the database they are sealed (`seal`), and no log line or error
//! message quotes them.

mod config;
mod start;
mod routes;
mod error;
mod extract;
mod session;
mod handlers;
mod forms;
mod assess;
mod summary;
mod access_key;
mod imports;
mod platform;
mod store;
mod seal;
mod keys;
mod write_once;
mod password;
mod clock;
mod pages;
mod portal;
mod demo;

pub use clock::Clock;
pub use config::{Config, ImportLimits, PlatformFiles, Releases};
pub use demo::{Demo, DemoAccount, DemoError, DemoRecord, DemoSample, seed_demo};
pub use forms::Names;
pub use kohyo_exchange::Library;
pub use portal::{Refused, refused_releases};
pub use start::{StartError, router, serve};
pub use store::audit::verify as verify_audit;

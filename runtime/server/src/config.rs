//! What an installation decides.

use crate::clock::Clock;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What an installation decides.
#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite:///var/lib/kohyo/kohyo.db` or `postgres://…`.
    pub database: String,
    /// The folder of the key file; it is created if it is missing.
    pub data_dir: PathBuf,
    /// Where [`crate::serve`] listens.
    pub listen: SocketAddr,
    /// Whether browsers reach the server over https: cookies are then `Secure` and `__Host-`.
    pub https: bool,
    /// The clock; [`Clock::System`] outside tests.
    pub clock: Clock,
}

impl Config {
    /// An installation in one folder, on SQLite, reached over http from this machine only.
    pub fn local(data_dir: PathBuf, listen: SocketAddr) -> Self {
        Self {
            database: format!("sqlite://{}", data_dir.join("kohyo.db").display()),
            data_dir,
            listen,
            https: false,
            clock: Clock::System,
        }
    }
}

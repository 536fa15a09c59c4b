//! What an installation decides.

use crate::clock::Clock;
use crate::forms::Names;
use kohyo_bundle::TrustedKeys;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
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
    /// What the diseases of the forms are called besides their titles, as far as no release says it.
    pub names: Names,
    /// Where the portal's releases come from; without it there is no portal.
    pub releases: Option<Releases>,
    /// The address under which the public reaches the server, without a slash at its end:
    /// `https://kohyo.example`. Without it, links in the feed are made of the request's host.
    pub public_url: Option<String>,
    /// What one file of a hospital may cost.
    pub imports: ImportLimits,
    /// The platform's keys, if they are not to be made in the data folder.
    pub platform: Option<PlatformFiles>,
}

/// What one file of a hospital may cost, and how long it is waited for.
#[derive(Clone, Copy, Debug)]
pub struct ImportLimits {
    /// Bytes of a file. A container has at most 64 MiB whatever stands here.
    pub bytes: u64,
    /// Records of a file. A container has at most 5,000 whatever stands here.
    pub records: u64,
    /// Findings of all records of a file together.
    pub findings: u64,
    /// Seconds for checking and registering a file.
    pub seconds: u64,
    /// Files of a hospital that are being received or checked.
    pub open: u32,
    /// Seconds after which a file whose bytes do not come any more is given up.
    pub wait: u32,
    /// Files that are checked and registered at a time; the others wait.
    pub at_a_time: NonZeroUsize,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
            records: 5_000,
            findings: 50_000,
            seconds: 600,
            open: 20,
            wait: 24 * 60 * 60,
            at_a_time: NonZeroUsize::MIN,
        }
    }
}

/// The platform's keys as `kohyo key new-platform` makes them.
#[derive(Clone, Debug)]
pub struct PlatformFiles {
    /// The file of the private keys.
    pub secret: PathBuf,
    /// A file whose first line is its passphrase.
    pub passphrase: PathBuf,
}

/// Where the portal's releases come from.
#[derive(Clone, Debug)]
pub struct Releases {
    /// The folder of the bundles; it is watched.
    pub folder: PathBuf,
    /// The keys whose releases are served.
    pub keys: TrustedKeys,
    /// Whether records are judged with the programs of the release that is in force, instead of
    /// those the server was started with. Every record stays pinned to its edition.
    pub judge: bool,
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
            imports: ImportLimits::default(),
            platform: None,
            names: Names::new(),
            releases: None,
            public_url: None,
        }
    }
}

//! Starting, stopping, and every address.

use crate::files::{remove_unfinished, scratch};
use crate::guard;
use crate::interrupt::interrupted;
use crate::job::Job;
use crate::keys::{KeyFolder, ToolError};
use crate::pages;
use crate::release::ReleaseInUse;
use crate::templates::Templates;
use crate::trouble::told;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use kohyo_exchange::Library;
use rand::Rng;
use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;

/// What the tool needs to know.
pub struct Config {
    /// The forms at hand.
    pub library: Library,
    /// The release they came from, if they came from one.
    pub release: Option<ReleaseInUse>,
    /// Where imported keys lie.
    pub keys: KeyFolder,
    /// The folder that is offered first.
    pub folder: PathBuf,
    /// Version of the program.
    pub version: String,
}

/// The tool at one address.
pub struct Tool {
    pub(crate) config: Config,
    pub(crate) templates: Templates,
    pub(crate) job: Arc<Job>,
    /// The lists of the last check, and folders of files that were sent; gone when the tool ends.
    pub(crate) lists: tempfile::TempDir,
    _lock: File,
    pub(crate) stop: Notify,
    token: String,
    address: SocketAddr,
}

impl Tool {
    /// A tool that listens on this address.
    ///
    /// # Errors
    /// An address that others can reach, or no room for temporary files.
    pub fn new(config: Config, address: SocketAddr) -> Result<Arc<Self>, ToolError> {
        if !address.ip().is_loopback() {
            return Err(ToolError::Other(format!(
                "{address} はほかの端末からも開けるアドレスです\n  127.0.0.1 のアドレスを指定してください"
            )));
        }
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        let token = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let scratch = scratch().map_err(|e| ToolError::write(&std::env::temp_dir(), e))?;
        Ok(Arc::new(Self {
            config,
            templates: Templates::load()?,
            job: Arc::default(),
            lists: scratch.0,
            _lock: scratch.1,
            stop: Notify::new(),
            token,
            address,
        }))
    }

    /// The address to open, which nobody can guess.
    pub fn url(&self) -> String {
        format!("http://{}/{}/", self.address, self.token)
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whether this host, as a browser writes it, is this tool.
    pub(crate) fn is_here(&self, host: Option<&str>) -> bool {
        let port = self.address.port();
        host.is_some_and(|host| {
            host == self.address.to_string() || host == format!("localhost:{port}")
        })
    }

    /// The application as a router, without a socket.
    pub fn router(self: &Arc<Self>) -> Router {
        let at = |page: &str| format!("/{}{page}", self.token);
        Router::new()
            .route(&at("/"), get(pages::home))
            .route(&at("/check"), post(pages::check))
            .route(
                &at("/upload"),
                // It counts for itself what it takes.
                post(pages::upload).layer(DefaultBodyLimit::disable()),
            )
            .route(&at("/seal"), post(pages::seal))
            .route(&at("/job"), get(pages::job))
            .route(&at("/progress"), get(pages::progress))
            .route(&at("/lists/{name}"), get(pages::list))
            .route(&at("/keys"), get(pages::keys).post(pages::import))
            .route(&at("/stop"), post(pages::stop))
            .route(&at("/assets/{name}"), get(pages::asset))
            .layer(DefaultBodyLimit::max(64 * 1024))
            .layer(from_fn_with_state(Arc::clone(self), guard::guard))
            .layer(CatchPanicLayer::new())
            .layer(from_fn(guard::security_headers))
            .with_state(Arc::clone(self))
    }
}

/// Serves the tool on a socket of the own machine until a page, or the system, asks it to stop.
///
/// # Errors
/// A failing socket.
pub async fn serve_on(listener: TcpListener, tool: Arc<Tool>) -> Result<(), ToolError> {
    let stopped = Arc::clone(&tool);
    let served = axum::serve(listener, tool.router())
        .with_graceful_shutdown(async move {
            tokio::select! {
                () = stopped.stop.notified() => {}
                _ = interrupted() => {}
            }
        })
        .await;
    // A check may still be under way and keep its files until the program has ended.
    remove_unfinished();
    served.map_err(|e| {
        ToolError::Other(format!(
            "通信を続けられません: {}",
            told(&e, "もう一度起動してください")
        ))
    })
}

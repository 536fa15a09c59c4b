//! Starting and stopping.

use crate::accounts::Accounts;
use crate::error::StudioError;
use crate::templates::Templates;
use crate::workspace::Workspace;
use axum::Router;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What the studio needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of definitions (`forms/`), edited in place.
    pub forms: PathBuf,
    /// Where [`serve`] listens: `127.0.0.1:8081`.
    pub listen: SocketAddr,
    /// Who may sign in: name and password.
    pub users: Vec<(String, String)>,
}

/// Everything a request may need.
pub(crate) struct Studio {
    pub(crate) workspace: Workspace,
    pub(crate) accounts: Accounts,
    pub(crate) templates: Templates,
}

/// The application as a router, without a socket.
///
/// # Errors
/// The folder of definitions cannot be read, or a template is broken.
pub async fn router(config: Config) -> Result<Router, StudioError> {
    let studio = tokio::task::spawn_blocking(move || {
        Ok::<_, StudioError>(Studio {
            workspace: Workspace::open(&config.forms)?,
            accounts: Accounts::new(&config.users),
            templates: Templates::load()?,
        })
    })
    .await
    .map_err(|error| StudioError::Internal(error.to_string()))??;
    Ok(crate::router::routes(Arc::new(studio)))
}

/// Serves the application on [`Config::listen`] until the process is asked to stop.
///
/// # Errors
/// As [`router`], and when the address cannot be listened on.
pub async fn serve(config: Config) -> Result<(), StudioError> {
    let listener =
        TcpListener::bind(config.listen)
            .await
            .map_err(|source| StudioError::Listen {
                address: config.listen,
                source,
            })?;
    serve_on(listener, config, asked_to_stop()).await
}

/// Serves the application on a socket that is already open until `stop` is ready; requests under
/// way are finished first.
///
/// # Errors
/// As [`router`], and when the socket fails.
pub async fn serve_on(
    listener: TcpListener,
    config: Config,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), StudioError> {
    let app = router(config).await?;
    tracing::info!(address = ?listener.local_addr().ok(), "studio is listening");
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await
        .map_err(StudioError::Serve)
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

//! Starting: key, database, router, listening.

use crate::clock::Clock;
use crate::config::Config;
use crate::error::Error;
use crate::forms::Forms;
use crate::imports::{Imports, job};
use crate::keys::{KeyError, Keys};
use crate::platform::Platform;
use crate::portal::Portal;
use crate::routes;
use crate::store::{DatabaseError, Db};
use axum::Router;
use axum::response::{IntoResponse, Response};
use kohyo_exchange::Library;
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;

/// What every handler can reach.
#[derive(Clone)]
pub(crate) struct App(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) keys: Keys,
    forms: Arc<Forms>,
    pub(crate) clock: Clock,
    pub(crate) https: bool,
    /// Whether what is sent is read by nobody on its way: over TLS, or not leaving this machine.
    pub(crate) private: bool,
    pub(crate) imports: Imports,
    pub(crate) platform: Platform,
    /// The releases, if this installation serves any.
    pub(crate) portal: Option<Portal>,
    pub(crate) public_url: Option<String>,
}

impl Inner {
    /// The forms in use now: those of the release in force, or those the server was started with.
    pub(crate) fn forms(&self) -> Arc<Forms> {
        let of_release = self.portal.as_ref().and_then(Portal::forms);
        of_release.unwrap_or_else(|| Arc::clone(&self.forms))
    }

    /// The forms that records are judged with now. Whoever holds them keeps them to the end of the
    /// request, whatever release arrives meanwhile.
    pub(crate) fn library(&self) -> Library {
        self.forms().library()
    }

    /// Which forms this server checks with.
    pub(crate) fn release(&self) -> String {
        self.forms().fingerprint().to_owned()
    }
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Data that this key cannot open.
    #[error(
        "このデータベースは別の鍵で封緘されています。データフォルダーの kohyo.key を、データベースと一緒に保管したものに戻してください"
    )]
    OtherKey,
    /// The audit trail was tampered with.
    #[error("監査ログの鎖が {seq} 番目で切れています。改変の疑いがあります")]
    AuditBroken {
        /// Number of the first event that does not fit.
        seq: i64,
    },
    /// The address cannot be listened on.
    #[error("{address} で待ち受けできません: {reason}")]
    Listen {
        /// The address.
        address: String,
        /// What the system says.
        reason: String,
    },
}

impl App {
    pub(crate) async fn open(config: &Config, library: Library) -> Result<Self, StartError> {
        let keys = Keys::open(&config.data_dir)?;
        let db = Db::open(&config.database).await?;
        let fits = db
            .fits_key(&keys.fingerprint())
            .await
            .map_err(DatabaseError::from)?;
        if !fits {
            db.close().await;
            return Err(StartError::OtherKey);
        }
        let portal = match config.releases.clone() {
            Some(releases) => Some(
                Portal::open(
                    releases,
                    library.clone(),
                    config.names.clone(),
                    config.clock.clone(),
                )
                .await,
            ),
            None => None,
        };
        Ok(Self(Arc::new(Inner {
            db,
            keys,
            forms: Arc::new(Forms::new(library, config.names.clone())),
            clock: config.clock.clone(),
            https: config.https,
            private: config.https || config.listen.ip().is_loopback(),
            imports: Imports::new(&config.data_dir, config.imports),
            platform: Platform::new(config),
            portal,
            public_url: config.public_url.clone(),
        })))
    }
}

/// The whole server as one service.
///
/// # Errors
/// The key file or the database cannot be used, or they do not belong together.
pub async fn router(config: &Config, library: Library) -> Result<Router, StartError> {
    let app = App::open(config, library).await?;
    job::resume(&app).await?;
    Ok(service(app))
}

fn service(app: App) -> Router {
    routes::routes(app).layer(CatchPanicLayer::custom(panicked))
}

/// Listens until the process is asked to end, then finishes the requests in hand.
///
/// # Errors
/// As [`router`], or the address cannot be listened on.
pub async fn serve(config: &Config, library: Library) -> Result<(), StartError> {
    let app = App::open(config, library).await?;
    job::resume(&app).await?;
    let failed = |error: std::io::Error| StartError::Listen {
        address: config.listen.to_string(),
        reason: error.to_string(),
    };
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .map_err(failed)?;
    tracing::info!(address = %config.listen, "listening");
    axum::serve(listener, service(app.clone()))
        .with_graceful_shutdown(asked_to_end())
        .await
        .map_err(failed)?;
    app.db.close().await;
    Ok(())
}

async fn asked_to_end() {
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

/// Last resort: a fault of ours becomes a page, not a dropped connection.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::Internal("a handler panicked".to_owned()).into_response()
}

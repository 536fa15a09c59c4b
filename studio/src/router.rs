//! Every address, grouped by who may use it.

use crate::serve::Studio;
use crate::{accounts, asking, assets, definitions, guard, live, proving, saving};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// A definition of the largest size, twice (the text and the last good one), with its answers.
const LARGEST_BODY: usize = 8 * 1024 * 1024;

pub(crate) fn routes(studio: Arc<Studio>) -> Router {
    Router::new()
        // anybody
        .route("/sign-in", get(accounts::page).post(accounts::enter))
        .route("/sign-out", post(accounts::leave))
        .route("/assets/{name}", get(assets::serve))
        .route("/healthz", get(async || "ok"))
        // signed in: pages
        .route("/", get(definitions::list))
        .route("/definitions/{*path}", get(definitions::show))
        // signed in: scripts
        .route("/api/compile", post(live::compile))
        .route("/api/prove", post(proving::prove))
        .route("/api/preview", post(live::preview))
        .route("/api/impact", post(live::impact))
        .route("/api/format", post(saving::format))
        .route("/api/hover", post(asking::hover))
        .route("/api/completion", post(asking::completion))
        .route("/api/definition", post(asking::definition))
        .route(
            "/api/definitions/{*path}",
            get(saving::open).put(saving::save),
        )
        .route("/api/state/{*path}", get(saving::state))
        .fallback(definitions::nothing_here)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(guard::same_origin))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(guard::security_headers))
        .layer(CompressionLayer::new())
        .with_state(studio)
}

//! What is proven about a text while its author types.

use crate::error::ApiError;
use crate::findings::{self, DiagnosticItem, StatementItem};
use crate::guard::AuthorScript;
use crate::live::{question, through};
use crate::serve::Studio;
use crate::workspace;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A text as it stands in the editor.
#[derive(Deserialize)]
pub(crate) struct ProveRequest {
    path: String,
    text: String,
    /// The disease a module is proven with.
    #[serde(default)]
    through: Option<String>,
}

/// What holds for every patient, and what does not.
#[derive(Serialize)]
pub(crate) struct ProveAnswer {
    /// Whether anything could be proven: not while there are errors, nor of a module nobody uses.
    possible: bool,
    /// What compiling and proving found, without what the proofs took back.
    diagnostics: Vec<DiagnosticItem>,
    errors: usize,
    warnings: usize,
    proven: Vec<StatementItem>,
    /// What could be neither proven nor refuted.
    not_proven: Vec<StatementItem>,
    /// Questions that no rule reads.
    unread: Vec<DiagnosticItem>,
}

/// `POST /api/prove`
pub(crate) async fn prove(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(request): Json<ProveRequest>,
) -> Result<Json<ProveAnswer>, ApiError> {
    tokio::task::spawn_blocking(move || answer(&studio, &request).map(Json))
        .await
        .map_err(ApiError::internal)?
}

fn answer(studio: &Studio, request: &ProveRequest) -> Result<ProveAnswer, ApiError> {
    let snapshot = studio.workspace.snapshot();
    snapshot
        .definition(&request.path)
        .ok_or(ApiError::NotFound)?;
    let through = through(&snapshot, &request.path, request.through.as_deref())?;
    let compiled = workspace::compilations(
        &snapshot,
        &mut studio.workspace.syntax(),
        &question(&request.path, &request.text, through),
    );
    // The syntax is free again: proving may take longer than compiling.
    let proved = compiled.prove(studio.workspace.proofs());
    let (path, text) = (request.path.as_str(), request.text.as_str());
    let (errors, warnings) = workspace::count(&proved.diagnostics);
    Ok(ProveAnswer {
        possible: proved.possible,
        diagnostics: findings::items(&snapshot, path, text, &proved.diagnostics),
        errors,
        warnings,
        proven: findings::statements(&snapshot, path, text, &proved.proven),
        not_proven: findings::statements(&snapshot, path, text, &proved.not_proven),
        unread: findings::items(&snapshot, path, text, &proved.unread),
    })
}

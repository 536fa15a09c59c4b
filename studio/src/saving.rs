//! Putting a text back into its file, and noticing when somebody else did.

use crate::error::ApiError;
use crate::guard::AuthorScript;
use crate::live::question;
use crate::serve::Studio;
use crate::workspace::{self, NotSaved, digest};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A text to save.
#[derive(Deserialize)]
pub(crate) struct SaveRequest {
    text: String,
    /// Hash of what the author began with.
    base: String,
}

/// A definition as it is on disk.
#[derive(Serialize)]
pub(crate) struct Opened {
    text: String,
    hash: String,
}

/// `GET /api/definitions/{path}`
pub(crate) async fn open(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Path(path): Path<String>,
) -> Result<Json<Opened>, ApiError> {
    let opened = tokio::task::spawn_blocking(move || {
        let snapshot = studio.workspace.refreshed();
        let entry = snapshot.definition(&path).ok_or(ApiError::NotFound)?;
        Ok(Json(Opened {
            text: entry.text.to_string(),
            hash: entry.hash.clone(),
        }))
    });
    opened.await.map_err(ApiError::internal)?
}

/// It was saved.
#[derive(Serialize)]
pub(crate) struct Saved {
    hash: String,
    at: String,
    /// How many errors the saved text has; no release is made of a definition with errors.
    errors: usize,
}

/// `PUT /api/definitions/{path}`
pub(crate) async fn save(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Path(path): Path<String>,
    Json(request): Json<SaveRequest>,
) -> Result<Json<Saved>, ApiError> {
    let saved = tokio::task::spawn_blocking(move || {
        // INVARIANT: only files found in the folder can be named.
        let snapshot = studio.workspace.refreshed();
        snapshot.definition(&path).ok_or(ApiError::NotFound)?;
        let hash = studio
            .workspace
            .save(&path, &request.text, &request.base)
            .map_err(|refusal| told(refusal, &path))?;
        Ok(Json(Saved {
            hash,
            at: jiff::Zoned::now().strftime("%H:%M").to_string(),
            errors: errors(&studio, &path, &request.text),
        }))
    });
    saved.await.map_err(ApiError::internal)?
}

/// How many errors a text has among the files as they are now.
fn errors(studio: &Studio, path: &str, text: &str) -> usize {
    let snapshot = studio.workspace.snapshot();
    let compiled = workspace::compile(
        &snapshot,
        &mut studio.workspace.syntax(),
        &question(path, text, path),
    );
    workspace::count(&compiled.diagnostics).0
}

fn told(refusal: NotSaved, path: &str) -> ApiError {
    match refusal {
        NotSaved::Changed { text } => {
            let hash = text.as_deref().map(|text| digest(text.as_bytes()));
            ApiError::Conflict { text, hash }
        }
        NotSaved::ReadOnly(message) => ApiError::NotWritten { code: "read_only", message },
        NotSaved::Full => ApiError::NotWritten {
            code: "full",
            message: "ディスクの空きがないため、保存できません。空きを作ってから、もう一度保存してください".to_owned(),
        },
        NotSaved::Failed(error) => {
            tracing::error!(%error, path, "definition could not be written");
            ApiError::NotWritten { code: "failed", message: format!("保存できませんでした（{error}）") }
        }
    }
}

/// A text to lay out.
#[derive(Deserialize)]
pub(crate) struct FormatRequest {
    text: String,
}

/// The text laid out.
#[derive(Serialize)]
pub(crate) struct Formatted {
    text: String,
}

/// `POST /api/format`
///
/// A text that cannot be read is not touched: half of it could get lost.
pub(crate) async fn format(
    _: AuthorScript,
    Json(request): Json<FormatRequest>,
) -> Result<Json<Formatted>, ApiError> {
    let formatted = tokio::task::spawn_blocking(move || kohyo_dsl::format(&request.text));
    match formatted.await.map_err(ApiError::internal)? {
        Ok(text) => Ok(Json(Formatted { text })),
        Err(_) => Err(ApiError::Bad(
            "書き方のエラーがあるため、整形できません。「問題」のエラーを先に直してください"
                .to_owned(),
        )),
    }
}

/// What is on disk now.
#[derive(Serialize)]
pub(crate) struct OnDisk {
    /// Grows when any definition or case file changes.
    revision: u64,
    /// Hash of this definition; nothing when it is gone.
    hash: Option<String>,
}

/// `GET /api/state/{path}`
pub(crate) async fn state(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Path(path): Path<String>,
) -> Json<OnDisk> {
    let snapshot = studio.workspace.snapshot();
    Json(OnDisk {
        revision: snapshot.revision,
        hash: snapshot.definition(&path).map(|entry| entry.hash.clone()),
    })
}

//! What the author asks about a place in the editor: what a name means, what can be written, where
//! it is declared. The same answers as in other editors ([`crate::language_server`]).

use crate::error::ApiError;
use crate::guard::AuthorScript;
use crate::serve::Studio;
use axum::Json;
use axum::extract::State;
use kohyo_compiler::ide::{self, Completion, Hover, Location, Position};
use kohyo_compiler::{Files, SyntaxCache};
use serde::Deserialize;
use std::sync::Arc;

/// A place in a text as it stands in the editor.
#[derive(Deserialize)]
pub(crate) struct Place {
    /// The definition.
    path: String,
    /// Its text.
    text: String,
    /// The place: line and column from 0, columns in UTF-16 units.
    at: Position,
}

/// `POST /api/hover`
pub(crate) async fn hover(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(place): Json<Place>,
) -> Result<Json<Option<Hover>>, ApiError> {
    answer(studio, place, ide::hover).await
}

/// `POST /api/completion`
pub(crate) async fn completion(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(place): Json<Place>,
) -> Result<Json<Vec<Completion>>, ApiError> {
    answer(studio, place, ide::completion).await
}

/// `POST /api/definition`
pub(crate) async fn definition(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(place): Json<Place>,
) -> Result<Json<Option<Location>>, ApiError> {
    answer(studio, place, ide::definition).await
}

/// A question about a place.
type Question<T> = fn(&Files, &mut SyntaxCache, &str, Position) -> T;

async fn answer<T: Send + 'static>(
    studio: Arc<Studio>,
    place: Place,
    question: Question<T>,
) -> Result<Json<T>, ApiError> {
    let work = move || {
        let snapshot = studio.workspace.snapshot();
        // INVARIANT: only definitions found in the folder can be named.
        snapshot.definition(&place.path).ok_or(ApiError::NotFound)?;
        let files = snapshot.all_files(&place.path, &place.text);
        let mut cache = studio.workspace.syntax();
        Ok(Json(question(&files, &mut cache, &place.path, place.at)))
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(ApiError::internal)?
}

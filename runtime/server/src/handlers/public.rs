//! For everybody: health, assets, addresses that lead nowhere.

use crate::error::Error;
use crate::start::App;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub(crate) async fn health(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.db.answers().await {
        (StatusCode::OK, "ok\n")
    } else {
        (
            StatusCode::SERVICE_UNAVAILABLE,
            "database does not answer\n",
        )
    }
}

pub(crate) async fn asset(Path(path): Path<String>) -> Result<Response, Error> {
    let asset = kohyo_pages::asset(&path).ok_or(Error::NotFound {
        what: "ファイル"
    })?;
    let headers = [
        (header::CONTENT_TYPE, asset.mime.to_owned()),
        // Addresses carry the hash of the file.
        (
            header::CACHE_CONTROL,
            "public, max-age=31536000, immutable".to_owned(),
        ),
        (header::ETAG, format!("\"{}\"", asset.hash)),
    ];
    Ok((headers, asset.bytes.into_owned()).into_response())
}

pub(crate) async fn nothing_here() -> Error {
    Error::NotFound { what: "画面" }
}

pub(crate) async fn not_that_way() -> Error {
    Error::Method
}

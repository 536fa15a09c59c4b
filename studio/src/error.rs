//! What can go wrong, and what a person is told.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The studio cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    /// The folder of definitions cannot be read.
    #[error("定義のフォルダー {path} を読めません: {source}")]
    Forms {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address cannot be listened on.
    #[error("{address} で待ち受けできません: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The socket failed.
    #[error("通信を続けられません: {0}")]
    Serve(std::io::Error),
    /// A fault of the program.
    #[error("スタジオの内部で問題が起きました: {0}")]
    Internal(String),
}

/// An answer to a script that is not what it asked for.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// Nobody is signed in (any more).
    SignedOut,
    /// No such definition.
    NotFound,
    /// The request makes no sense.
    Bad(String),
    /// The file was changed by someone else since it was opened.
    Conflict {
        /// What is in the file now; nothing if it is gone or unreadable.
        text: Option<String>,
        /// Its hash.
        hash: Option<String>,
    },
    /// The file cannot be written.
    NotWritten {
        /// `read_only`, `full`, `failed`.
        code: &'static str,
        /// Words for the author.
        message: String,
    },
    /// A fault of the program.
    Internal(String),
}

impl ApiError {
    /// A fault of the program, to be logged and not shown.
    pub(crate) fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::SignedOut => (
                StatusCode::UNAUTHORIZED,
                json!({
                    "error": "signed_out",
                    "message": "ログインの有効時間が過ぎました。別のタブでログインすると、この画面の編集内容を保ったまま続けられます",
                }),
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                json!({ "error": "not_found", "message": "この定義は見つかりません。名前が変わったか、削除された可能性があります" }),
            ),
            Self::Bad(message) => (
                StatusCode::BAD_REQUEST,
                json!({ "error": "bad_request", "message": message }),
            ),
            Self::Conflict { text, hash } => (
                StatusCode::CONFLICT,
                json!({
                    "error": "conflict",
                    "message": "開いた後に、ファイルが外部で変更されました",
                    "text": text,
                    "hash": hash,
                }),
            ),
            Self::NotWritten { code, message } => {
                let status = match code {
                    "read_only" => StatusCode::FORBIDDEN,
                    "full" => StatusCode::INSUFFICIENT_STORAGE,
                    _ => StatusCode::INTERNAL_SERVER_ERROR,
                };
                (status, json!({ "error": code, "message": message }))
            }
            Self::Internal(error) => {
                tracing::error!(error, "request failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    json!({ "error": "internal", "message": "スタジオの内部で問題が起きました。編集内容は画面に残っています" }),
                )
            }
        };
        (status, Json(body)).into_response()
    }
}

//! Styles and scripts of the studio, inside the binary.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The bundle of `web/`; empty when the studio was built without Node.js.
const RICH_EDITOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/editor.js"));

/// Whether the full editor was built in; otherwise pages use a plain text area and say so.
pub(crate) fn has_rich_editor() -> bool {
    !RICH_EDITOR.is_empty()
}

/// The address of an asset with its hash, so that browsers may keep it.
pub(crate) fn url(name: &str) -> String {
    match find(name) {
        Some(asset) => format!("/assets/{name}?v={}", asset.hash),
        None => format!("/assets/{name}"),
    }
}

/// `GET /assets/{name}`
pub(crate) async fn serve(Path(name): Path<String>) -> Response {
    match find(&name) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
                // Addresses carry the hash, so a new build is a new address.
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ],
            asset.bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

struct Asset {
    bytes: Cow<'static, [u8]>,
    mime: &'static str,
    hash: String,
}

fn find(name: &str) -> Option<Asset> {
    if name == "editor.js" && has_rich_editor() {
        let hash = crate::workspace::digest(RICH_EDITOR)
            .chars()
            .take(16)
            .collect();
        return Some(Asset {
            bytes: Cow::Borrowed(RICH_EDITOR),
            mime: "text/javascript; charset=utf-8",
            hash,
        });
    }
    if let Some(file) = Assets::get(name) {
        let mime = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        };
        let hash = crate::accounts::hex(&file.metadata.sha256_hash())
            .chars()
            .take(16)
            .collect();
        return Some(Asset {
            bytes: file.data,
            mime,
            hash,
        });
    }
    kohyo_pages::asset(name).map(|asset| Asset {
        bytes: asset.bytes,
        mime: asset.mime,
        hash: asset.hash,
    })
}

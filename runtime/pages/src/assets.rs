//! Styles and scripts, inside the binary.

use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// A file a page refers to.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its bytes.
    pub bytes: Cow<'static, [u8]>,
    /// Its media type with charset.
    pub mime: &'static str,
    /// The first 16 hexadecimal digits of its SHA-256.
    pub hash: String,
}

/// The asset of this name: `base.css`, `form.js`; nothing if there is none.
pub fn asset(path: &str) -> Option<Asset> {
    let file = Files::get(path)?;
    let mime = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let hash = file
        .metadata
        .sha256_hash()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(Asset {
        bytes: file.data,
        mime,
        hash,
    })
}

/// The address of an asset under `/assets/`, with its hash so that browsers may keep it.
pub fn asset_url(path: &str) -> String {
    match asset(path) {
        Some(asset) => format!("/assets/{path}?v={}", asset.hash),
        None => format!("/assets/{path}"),
    }
}

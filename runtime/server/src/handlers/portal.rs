//! ベンダー・医療機関: releases, read by anybody. What every page and file of them shares.

pub(crate) mod feed;
pub(crate) mod files;
mod markdown;
pub(crate) mod pages;

use crate::error::Error;
use crate::portal::{Release, Shelf};
use crate::start::App;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kohyo_bundle::Hash;
use std::sync::Arc;

/// What is served now. An installation without releases has no such pages.
fn shelf(app: &App) -> Result<Arc<Shelf>, Error> {
    match &app.portal {
        Some(portal) => Ok(portal.shelf()),
        None => Err(Error::NotFound { what: "画面" }),
    }
}

/// The release of this name.
fn release(app: &App, id: &str) -> Result<(Arc<Shelf>, Arc<Release>), Error> {
    let shelf = shelf(app)?;
    let release = shelf.get(id).cloned().ok_or(Error::NotPublished {
        what: "リリース"
    })?;
    Ok((shelf, release))
}

/// How long an answer may be kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// Its address names its hash.
    Forever,
    /// To be asked for again each time; cheap, because it has a tag.
    Ask,
}

/// An answer that anybody may keep and ask for again.
struct Answer {
    content: Body,
    /// None if it is not known beforehand.
    length: Option<u64>,
    kind: &'static str,
    /// In quotes, perhaps with `W/`.
    tag: String,
    keep: Keep,
    /// To be saved under this name instead of being shown.
    save_as: Option<String>,
}

impl Answer {
    /// Some bytes with a hash of their own.
    fn of(content: impl Into<Vec<u8>>, kind: &'static str) -> Self {
        let content = content.into();
        Self {
            tag: tag(&Hash::of(&content).to_string()),
            length: Some(content.len() as u64),
            content: Body::from(content),
            kind,
            keep: Keep::Ask,
            save_as: None,
        }
    }

    /// To be saved under this name.
    fn saved_as(mut self, name: impl Into<String>) -> Self {
        self.save_as = Some(name.into());
        self
    }

    /// Whole, or only that nothing changed.
    fn to(self, asked: &HeaderMap) -> Response {
        if knows(asked, &self.tag) {
            return not_modified(&self.tag, self.keep);
        }
        let mut response = (
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
                (header::CACHE_CONTROL, self.keep.header()),
            ],
            self.content,
        )
            .into_response();
        let headers = response.headers_mut();
        set(headers, header::ETAG, &self.tag);
        if let Some(length) = self.length {
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        }
        if let Some(name) = self.save_as {
            let disposition = format!("attachment; filename=\"{name}\"");
            set(headers, header::CONTENT_DISPOSITION, &disposition);
        }
        response
    }
}

impl Keep {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Ask => "public, no-cache",
        })
    }
}

/// A tag of these characters.
fn tag(text: &str) -> String {
    format!("\"{text}\"")
}

/// Whether whoever asks has this already (RFC 9110, compared weakly as it says).
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

fn not_modified(tag: &str, keep: Keep) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    set(response.headers_mut(), header::ETAG, tag);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, keep.header());
    response
}

/// Sets a header; what cannot stand in one is left out, and nothing of ours is such.
fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// A page that anybody may keep and ask for again.
fn page(html: String, asked: &HeaderMap) -> Response {
    Answer::of(html, "text/html; charset=utf-8").to(asked)
}

/// The media type of a file, by how its name ends.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "json" => "application/json",
        "xml" | "xsd" | "sch" | "xsl" => "application/xml",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "ts" | "mts" | "txt" | "md" | "py" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// A size as people read it: `812 B`, `12 KB`, `3.4 MB`.
fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = KB * KB;
    if bytes < KB {
        format!("{bytes} B")
    } else if bytes < MB {
        format!("{} KB", bytes.div_ceil(KB))
    } else {
        let tenths = (bytes * 10).div_ceil(MB);
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_tag_is_recognised_in_every_spelling() {
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            knows(&headers, "\"abc\"")
        };
        for known in [
            "\"abc\"",
            "W/\"abc\"",
            "*",
            "\"x\", \"abc\"",
            "\"x\",W/\"abc\"",
        ] {
            assert!(asked(known), "{known}");
        }
        for other in ["", "abc", "\"abcd\"", "\"x\""] {
            assert!(!asked(other), "{other}");
        }
        assert!(!knows(&HeaderMap::new(), "\"abc\""));
    }

    #[test]
    fn sizes_are_never_shown_smaller_than_they_are() {
        let sizes = [0, 1023, 1024, 1025, 1024 * 1024 - 1, 1024 * 1024, 1_600_000];
        let shown = sizes.map(size).join(" / ");
        assert_eq!(
            shown,
            "0 B / 1023 B / 1 KB / 2 KB / 1024 KB / 1.0 MB / 1.6 MB"
        );
    }
}

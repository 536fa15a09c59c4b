//! Releases for programs: an Atom feed of what is new, and a list as JSON.

use super::pages::{changes_in_words, validity_label};
use super::{Answer, shelf};
use crate::error::Error;
use crate::pages::Page;
use crate::start::App;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use kohyo_bundle::{Hash, Previous};
use serde::Serialize;

#[derive(Serialize)]
struct Entry {
    id: String,
    release: String,
    published: String,
    platform: String,
    summary: String,
    length: u64,
}

/// Where the public reaches this server, for links that are read elsewhere.
fn base(app: &App, asked: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.clone();
    }
    let host = asked
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .filter(|host| {
            let fits = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
            !host.is_empty() && host.chars().all(fits)
        })
        .unwrap_or("localhost");
    let scheme = if app.https { "https" } else { "http" };
    format!("{scheme}://{host}")
}

/// What is new, for feed readers.
pub(crate) async fn atom(State(app): State<App>, asked: HeaderMap) -> Result<Response, Error> {
    let shelf = shelf(&app)?;
    let base = base(&app, &asked);
    let entries: Vec<Entry> = shelf
        .releases()
        .iter()
        .map(|release| {
            let manifest = release.manifest();
            Entry {
                id: format!("{base}/releases/{}", release.id()),
                release: release.id().to_owned(),
                published: manifest.published.to_string(),
                platform: manifest.platform.clone(),
                summary: format!(
                    "{}様式。有効期間は{}から{}まで。{}",
                    manifest.forms.len(),
                    manifest.valid_from.japanese(),
                    manifest.valid_until.japanese(),
                    changes_in_words(&shelf, release),
                ),
                length: release.length(),
            }
        })
        .collect();
    let xml = Page::anonymous("リリース")
        .with("base", &base)
        .with("entries", &entries)
        .text("portal/feed.xml")?;
    let mut response = Answer::of(xml, "application/atom+xml; charset=utf-8").to(&asked);
    // Without an address of its own, the answer depends on how the server was called.
    super::set(response.headers_mut(), header::VARY, "host");
    Ok(response)
}

#[derive(Serialize)]
struct Listed<'s> {
    release: &'s str,
    published: String,
    valid_from: String,
    valid_until: String,
    /// On the day of the answer: `valid`, `not_yet`, `ended`.
    state: &'static str,
    /// Whether `/releases/latest` leads there.
    latest: bool,
    forms: usize,
    manifest_sha256: Hash,
    previous: Option<&'s Previous>,
    signed_by: String,
    bundle: String,
    size: u64,
}

/// Every release as JSON.
pub(crate) async fn json(State(app): State<App>, asked: HeaderMap) -> Result<Response, Error> {
    let shelf = shelf(&app)?;
    let on = crate::assess::today(&app)?;
    let current = shelf.current(on).map(|release| release.id().to_owned());
    let list: Vec<Listed<'_>> = shelf
        .releases()
        .iter()
        .map(|release| {
            let manifest = release.manifest();
            Listed {
                release: release.id(),
                published: manifest.published.to_string(),
                valid_from: manifest.valid_from.to_string(),
                valid_until: manifest.valid_until.to_string(),
                state: validity_label(release.validity(on)).name,
                latest: current.as_deref() == Some(release.id()),
                forms: manifest.forms.len(),
                manifest_sha256: release.hash(),
                previous: manifest.previous.as_ref(),
                signed_by: release.signed_by().id().to_string(),
                bundle: format!("/releases/{}/download", release.id()),
                size: release.length(),
            }
        })
        .collect();
    let json = serde_json::to_vec_pretty(&serde_json::json!({ "releases": list }))
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(Answer::of(json, "application/json").to(&asked))
}

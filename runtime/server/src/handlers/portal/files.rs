//! Files of a release: one by one, some in a ZIP, or the whole bundle.

use super::pages::draw_document;
use super::{Answer, Keep, media_type, release, tag};
use crate::error::Error;
use crate::portal::Release;
use crate::start::App;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use kohyo_bundle::{EXTENSION, FileEntry, Hash, Kind};
use std::collections::HashMap;
use std::sync::Arc;
use tokio_util::io::ReaderStream;

const NO_FILE: Error = Error::NotPublished {
    what: "ファイル"
};

/// What a document of a release may do when it is shown: run its own scripts in a place of its own,
/// without this server's cookies, addresses or anything else.
const SANDBOX: &str = "sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; \
     script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The first 16 digits of a hash, as they stand in an address.
pub(super) fn short(hash: Hash) -> String {
    hash.to_string().chars().take(16).collect()
}

/// A file to be saved.
pub(crate) async fn file(
    State(app): State<App>,
    Path((id, path)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (_, release) = release(&app, &id)?;
    let entry = release.manifest().file(&path).ok_or(NO_FILE)?.clone();
    let name = entry.name().to_owned();
    let answer = answer(release, entry, &query, &asked).await?;
    Ok(answer.saved_as(name).to(&asked))
}

/// A document to be read here.
pub(crate) async fn view(
    State(app): State<App>,
    Path((id, path)): Path<(String, String)>,
    Query(query): Query<HashMap<String, String>>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (_, release) = release(&app, &id)?;
    let entry = release.manifest().file(&path).ok_or(NO_FILE)?.clone();
    if !is_document(&entry) {
        return Err(NO_FILE);
    }
    if entry.kind == Kind::Document && entry.path.ends_with(".md") {
        return draw_document(&release, &entry, &asked).await;
    }
    let mut response = answer(release, entry, &query, &asked).await?.to(&asked);
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(SANDBOX),
    );
    Ok(response)
}

/// Whether a file can be read in a browser.
pub(super) fn is_document(file: &FileEntry) -> bool {
    file.kind == Kind::Document || file.path.ends_with(".html")
}

/// A file with its tag. What is known already is not read.
async fn answer(
    release: Arc<Release>,
    entry: FileEntry,
    query: &HashMap<String, String>,
    asked: &HeaderMap,
) -> Result<Answer, Error> {
    let tag = tag(&entry.sha256.to_string());
    let keep = match query.get("v") {
        Some(version) if *version == short(entry.sha256) => Keep::Forever,
        _ => Keep::Ask,
    };
    let kind = media_type(entry.name());
    let length = Some(entry.size);
    let content = if super::knows(asked, &tag) {
        Body::empty()
    } else {
        Body::from(read(release, move |release| release.read(&entry.path)).await?)
    };
    Ok(Answer {
        content,
        length,
        kind,
        tag,
        keep,
        save_as: None,
    })
}

/// Reads from a bundle, where waiting hurts nobody.
pub(super) async fn read<T: Send + 'static>(
    release: Arc<Release>,
    work: impl FnOnce(&Release) -> Result<T, kohyo_bundle::Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(move || work(&release))
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| Error::Damaged(error.to_string()))
}

/// Which files of a form a ZIP holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Everything but the kit.
    All,
    /// The conformance kit.
    Kit,
}

impl Part {
    const BOTH: [Self; 2] = [Self::All, Self::Kit];

    /// The name of the ZIP.
    pub(super) fn name(self, key: &str, edition: &str) -> String {
        match self {
            Self::All => format!("{key}-{edition}.zip"),
            Self::Kit => format!("{key}-{edition}-kit.zip"),
        }
    }

    pub(super) fn has(self, file: &FileEntry) -> bool {
        (file.kind == Kind::Kit) == (self == Self::Kit)
    }
}

/// The files of a form in a ZIP, with the signed manifest that vouches for them.
pub(crate) async fn zip(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (_, release) = release(&app, &id)?;
    let manifest = release.manifest();
    let wanted = manifest.forms.iter().find_map(|form| {
        Part::BOTH
            .into_iter()
            .find(|part| part.name(&form.key, &form.edition) == name)
            .map(|part| (form.form(), part))
    });
    let (form, part) = wanted.ok_or(NO_FILE)?;
    let files: Vec<FileEntry> = manifest
        .files_of(&form.key, &form.edition)
        .filter(|file| part.has(file))
        .cloned()
        .collect();
    if files.is_empty() {
        return Err(NO_FILE);
    }
    // The manifest names the hash of every file, and the name says which files these are.
    let tag = tag(&short(Hash::of(
        format!("{} {name}", release.hash()).as_bytes(),
    )));
    let content = if super::knows(&asked, &tag) {
        Vec::new()
    } else {
        read(release, move |release| release.excerpt(&files)).await?
    };
    Ok(Answer {
        tag,
        ..Answer::of(content, "application/zip").saved_as(name)
    }
    .to(&asked))
}

/// The whole bundle as it lies in the folder.
pub(crate) async fn bundle(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let (_, release) = release(&app, &id)?;
    let name = format!("{}.{EXTENSION}", release.id());
    // What is signed decides; the same manifest may have been packed twice.
    let tag = format!("W/{}", tag(&release.hash().to_string()));
    let path = release.path().ok_or(NO_FILE)?;
    let content = if super::knows(&asked, &tag) {
        Body::empty()
    } else {
        whole(&release, path).await?
    };
    Ok(Answer {
        content,
        length: Some(release.length()),
        kind: "application/zip",
        tag,
        keep: Keep::Ask,
        save_as: Some(name),
    }
    .to(&asked))
}

/// The bytes of a bundle. They are sent unread: whoever takes them verifies them by the signature.
async fn whole(release: &Release, path: &std::path::Path) -> Result<Body, Error> {
    let failed = |error: std::io::Error| Error::Damaged(error.to_string());
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    // What was opened is looked at, not what lies there by then.
    let data = file.metadata().await.map_err(failed)?;
    if !release.is_described_by(&data) {
        // Replaced a moment ago; the folder is about to be looked at again.
        return Err(Error::Damaged("the bundle was replaced".to_owned()));
    }
    Ok(Body::from_stream(ReaderStream::with_capacity(
        file,
        64 * 1024,
    )))
}

/// What was signed.
pub(crate) async fn manifest(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    beside(&app, &id, &asked, |release| {
        Answer::of(release.manifest_json(), "application/json").saved_as("manifest.json")
    })
}

/// The signature.
pub(crate) async fn signature(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    beside(&app, &id, &asked, |release| {
        Answer::of(release.signature(), TEXT).saved_as("manifest.sig")
    })
}

/// The public key; whoever receives it compares its fingerprint.
pub(crate) async fn key(
    State(app): State<App>,
    Path(id): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    beside(&app, &id, &asked, |release| {
        let key = release.signed_by();
        Answer::of(key.to_text(), TEXT).saved_as(format!("{}.kohyo-release-key", key.id()))
    })
}

const TEXT: &str = "text/plain; charset=utf-8";

/// What a release has to say about itself, beside its files.
fn beside(
    app: &App,
    id: &str,
    asked: &HeaderMap,
    answer: impl FnOnce(&Release) -> Answer,
) -> Result<Response, Error> {
    let (_, release) = release(app, id)?;
    Ok(answer(&release).to(asked))
}

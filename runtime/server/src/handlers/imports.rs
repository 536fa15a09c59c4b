//! 一括登録: files of hospitals, from a page or from their systems.

pub(crate) mod sending;
pub(crate) mod reading;
pub(crate) mod confirming;

use crate::config::ImportLimits;
use crate::error::Error;
use crate::extract::Sender;
use crate::imports::outcome::{self, Status};
use crate::imports::{Mode, State, job};
use crate::keys;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::imports::{self, Import, NewImport};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file about to be sent.
struct Announced<'a> {
    sha256: &'a str,
    size: u64,
    mode: Mode,
    name: &'a str,
    /// Where it lies already, if it came before it was announced.
    id: Option<&'a str>,
}

/// The import of some bytes: a new one, or the one there is. What has come to an end with nothing
/// registered is received once more.
async fn announce(
    app: &App,
    sender: &Sender,
    new: &Announced<'_>,
) -> Result<(Import, bool), Error> {
    let limits = app.imports.limits;
    within(new.size, &limits)?;
    let known = new.sha256.len() == 64
        && new
            .sha256
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !known {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "import.sha256",
            "sha256 は、ファイルのSHA-256を16進数の小文字64桁で書いてください",
            "送信するプログラムを確かめてください。",
        ));
    }
    let now = app.clock.now();
    let fresh = match new.id {
        Some(id) => id.to_owned(),
        None => keys::fresh_id(),
    };
    let name = outcome::plain_name(new.name);
    let mut tx = app.db.begin().await?;
    for expired in imports::expire(&mut tx, now - i64::from(limits.wait)).await? {
        app.imports.spool.discard(&expired);
    }
    let open = imports::open_count(&mut tx, &sender.hospital).await?;
    let size = i64::try_from(new.size).unwrap_or(i64::MAX);
    let known = imports::by_hash(&mut tx, &sender.hospital, new.sha256).await?;
    if known.is_none() && open >= i64::from(limits.open) {
        return Err(refused(
            StatusCode::TOO_MANY_REQUESTS,
            "import.too_many_open",
            &format!(
                "受信中・点検中のファイルが{open}件あります（同時に{}件まで）",
                limits.open
            ),
            "先に送ったファイルが終わってから送ってください。",
        ));
    }
    let row = NewImport {
        id: &fresh,
        hospital: &sender.hospital,
        sha256: new.sha256,
        size,
        mode: new.mode.name(),
        sealed_name: &outcome::seal_name(app, &sender.hospital, &fresh, &name)?,
        sent_by: &sender.account,
        at: now,
    };
    let added = known.is_none() && imports::add(&mut tx, &row).await?;
    let import = imports::by_hash(&mut tx, &sender.hospital, new.sha256)
        .await?
        .ok_or(Error::NotFound { what: "受付" })?;
    if import.size != size {
        return Err(refused(
            StatusCode::CONFLICT,
            "import.size",
            "同じSHA-256で、長さの違うファイルが申し込まれています",
            "送信するプログラムを確かめてください。",
        ));
    }
    if !added {
        match outcome::state_of(&import)? {
            State::Receiving => imports::touch(&mut tx, &import.id, new.mode.name(), now).await?,
            State::Refused | State::Expired => {
                let again = NewImport {
                    id: &import.id,
                    sealed_name: &outcome::seal_name(app, &sender.hospital, &import.id, &name)?,
                    ..row
                };
                imports::begin_again(&mut tx, &import.id, &again).await?;
            }
            State::Queued | State::Done => {}
        }
    }
    let event = Event {
        version: size,
        detail: new.mode.name(),
        ..Event::done("import.begin", &import.id, 0)
    };
    audit::append(&mut tx, now, &sender.actor, event).await?;
    tx.commit().await?;
    let import = imports::find(&app.db, &import.id)
        .await?
        .ok_or(Error::NotFound { what: "受付" })?;
    Ok((import, added))
}

fn within(size: u64, limits: &ImportLimits) -> Result<(), Error> {
    if size == 0 {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "import.empty",
            "ファイルが空です",
            "ファイルを選び直してください。",
        ));
    }
    if size > limits.bytes {
        return Err(too_large(limits));
    }
    Ok(())
}

fn too_large(limits: &ImportLimits) -> Error {
    refused(
        StatusCode::PAYLOAD_TOO_LARGE,
        "import.too_large",
        &format!(
            "ファイルが大きすぎます（{}MBまで）",
            limits.bytes / 1024 / 1024
        ),
        "いくつかのファイルに分けて送ってください。",
    )
}

fn refused(status: StatusCode, check: &'static str, message: &str, help: &'static str) -> Error {
    Error::Refused {
        status,
        check,
        message: message.to_owned(),
        help,
    }
}

/// All bytes are there and are the right ones: from now on it is our business.
async fn queue(app: &App, sender: &Sender, import: &Import) -> Result<(), Error> {
    let now = app.clock.now();
    let today = crate::assess::today(app)?.to_string();
    let mut tx = app.db.begin().await?;
    if imports::queue(&mut tx, &import.id, &today, now).await? {
        let event = Event {
            version: import.size,
            ..Event::done("import.receive", &import.id, 0)
        };
        audit::append(&mut tx, now, &sender.actor, event).await?;
    }
    tx.commit().await?;
    job::wake(app, &import.id);
    Ok(())
}

/// An import of the sender's own hospital. Anybody else's does not exist, and the attempt is noted.
async fn own(app: &App, sender: &Sender, id: &str) -> Result<Import, Error> {
    match imports::find(&app.db, id).await? {
        Some(import) if import.hospital == sender.hospital => Ok(import),
        other => {
            let (object, detail) = match other {
                Some(_) => (id, "foreign"),
                None => ("", "missing"),
            };
            let event = Event::denied("import.open", object, detail);
            audit::note(&app.db, app.clock.now(), &sender.actor, event).await?;
            Err(Error::NotFound { what: "受付" })
        }
    }
}

/// An import as programs read it.
fn answer(app: &App, import: &Import, status: StatusCode) -> Result<Response, Error> {
    let state = Status::of(app, import)?;
    let mut response = (status, Json(&state)).into_response();
    let headers = response.headers_mut();
    headers.insert("upload-offset", HeaderValue::from(state.offset));
    if let Ok(location) = HeaderValue::from_str(&format!("/imports/{}", state.id)) {
        headers.insert(header::LOCATION, location);
    }
    Ok(response)
}

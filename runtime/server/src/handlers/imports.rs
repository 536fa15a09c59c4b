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
use crate::store::Tx;
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
    is_hash(new.sha256)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let expired = imports::expire(&mut tx, now - i64::from(limits.wait)).await?;
    let (id, added) = enter(app, &mut tx, sender, new, now).await?;
    let event = Event {
        version: stored(new.size),
        detail: new.mode.name(),
        ..Event::done("import.begin", &id, 0)
    };
    audit::append(&mut tx, now, &sender.actor, event).await?;
    tx.commit().await?;
    // Only now is it certain that nobody goes on with them; this one goes on with its own bytes.
    for given_up in expired.iter().filter(|given_up| **given_up != id) {
        app.imports.spool.discard(given_up);
    }
    let import = imports::find(&app.db, &id)
        .await?
        .ok_or(Error::NotFound { what: "受付" })?;
    Ok((import, added))
}

/// Enters what was announced; gives its import and whether that is a new one.
async fn enter(
    app: &App,
    tx: &mut Tx,
    sender: &Sender,
    new: &Announced<'_>,
    now: i64,
) -> Result<(String, bool), Error> {
    let known = imports::by_hash(tx, &sender.hospital, new.sha256).await?;
    let state = known.as_ref().map(outcome::state_of).transpose()?;
    if matches!(state, None | Some(State::Refused | State::Expired)) {
        has_room(app, tx, sender).await?;
    }
    if known.is_none() {
        let id = new.id.map_or_else(keys::fresh_id, str::to_owned);
        let name = seal_name(app, sender, &id, new)?;
        if imports::add(tx, &row(sender, new, &id, &name, now)).await? {
            return Ok((id, true));
        }
    }
    // Perhaps somebody else has entered it just now.
    let import = imports::by_hash(tx, &sender.hospital, new.sha256)
        .await?
        .ok_or(Error::NotFound { what: "受付" })?;
    if import.size != stored(new.size) {
        return Err(refused(
            StatusCode::CONFLICT,
            "import.size",
            "同じSHA-256で、長さの違うファイルが申し込まれています",
            "送信するプログラムを確かめてください。",
        ));
    }
    match outcome::state_of(&import)? {
        State::Receiving => imports::ask_again(tx, &import.id, new.mode.name(), now).await?,
        State::Refused | State::Expired => {
            let name = seal_name(app, sender, &import.id, new)?;
            let again = row(sender, new, &import.id, &name, now);
            imports::begin_again(tx, &import.id, &again).await?;
        }
        State::Queued | State::Done => {}
    }
    Ok((import.id, false))
}

fn row<'a>(
    sender: &'a Sender,
    new: &Announced<'a>,
    id: &'a str,
    sealed_name: &'a [u8],
    now: i64,
) -> NewImport<'a> {
    NewImport {
        id,
        hospital: &sender.hospital,
        sha256: new.sha256,
        size: stored(new.size),
        mode: new.mode.name(),
        sealed_name,
        sent_by: &sender.account,
        at: now,
    }
}

fn seal_name(app: &App, sender: &Sender, id: &str, new: &Announced<'_>) -> Result<Vec<u8>, Error> {
    let name = outcome::plain_name(new.name);
    outcome::seal_name(app, &sender.hospital, id, &name)
}

/// A size as the database has it.
fn stored(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

fn is_hash(sha256: &str) -> Result<(), Error> {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if sha256.len() == 64 && sha256.bytes().all(digit) {
        return Ok(());
    }
    Err(refused(
        StatusCode::BAD_REQUEST,
        "import.sha256",
        "sha256 は、ファイルのSHA-256を16進数の小文字64桁で書いてください",
        "送信するプログラムを確かめてください。",
    ))
}

/// Whether the hospital may have one more import that is not at its end.
async fn has_room(app: &App, tx: &mut Tx, sender: &Sender) -> Result<(), Error> {
    let most = app.imports.limits.open;
    let open = imports::open_count(tx, &sender.hospital).await?;
    if open < i64::from(most) {
        return Ok(());
    }
    Err(refused(
        StatusCode::TOO_MANY_REQUESTS,
        "import.too_many_open",
        &format!("受信中・点検中のファイルが{open}件あります（同時に{most}件まで）"),
        "先に送ったファイルが終わってから送ってください。",
    ))
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

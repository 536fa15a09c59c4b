//! Files on their way in: announced, sent in pieces or by a form, finished.

use super::{Announced, announce, answer, own, queue, refused, too_large};
use crate::error::{ApiError, Error};
use crate::extract::{Sender, Staff};
use crate::imports::outcome::incoming;
use crate::imports::spool::{Appending, FRAME, Incoming};
use crate::imports::{Mode, State};
use crate::keys::{self, hex};
use crate::start::App;
use crate::store::imports::{self, Import};
use axum::Json;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State as Ours};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::future::poll_fn;
use std::io::Read;
use std::pin::Pin;
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;

/// A sender that is silent for so long has gone away.
const SILENCE: Duration = Duration::from_secs(30);
/// The most bytes of a field beside the file.
const SHORT: usize = 256;

const BROKEN_OFF: Error = Error::BadForm {
    why: "ファイルの送信が途中で切れました。何も登録していません。",
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announcement {
    sha256: String,
    size: u64,
    mode: String,
    #[serde(default)]
    name: String,
}

pub(crate) async fn begin(
    Ours(app): Ours<App>,
    sender: Sender,
    body: Result<Json<Announcement>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(said) = body.map_err(|_| Error::BadForm {
        why: "本文は {\"sha256\", \"size\", \"mode\", \"name\"} のJSONで送ってください。",
    })?;
    let mode = Mode::parse(&said.mode).ok_or(Error::BadForm {
        why: "mode は each か all です。",
    })?;
    let new = Announced {
        sha256: &said.sha256,
        size: said.size,
        mode,
        name: &said.name,
        id: None,
    };
    let (import, added) = announce(&app, &sender, &new).await?;
    let status = if added {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok(answer(&app, &import, status)?)
}

/// More bytes of a file, from the place that the header `Upload-Offset` names.
pub(crate) async fn append(
    Ours(app): Ours<App>,
    sender: Sender,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let import = receiving(&app, &sender, &id).await?;
    let from: u64 = headers
        .get("upload-offset")
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .ok_or(Error::BadForm {
            why: "見出し Upload-Offset に、この本文の最初のバイトの位置を書いてください。",
        })?;
    let Some(pen) = app.imports.try_pen(&id) else {
        return Err(ApiError(refused(
            StatusCode::CONFLICT,
            "import.busy",
            "同じファイルを、ほかの通信が送っています",
            "少し待ってから状態を確かめ、続きから送ってください。",
        )));
    };
    // Whoever had the pen before may have ended it.
    let import = receiving(&app, &sender, &import.id).await?;
    let file = appending(&app, &incoming(&import), Some(pen)).await?;
    if file.file.offset() != from {
        let there = file.file.offset();
        drop(file);
        let error = refused(
            StatusCode::CONFLICT,
            "import.offset",
            &format!("届いているのは{there}バイトです（{from}バイト目からは続けられません）"),
            "見出し Upload-Offset の位置から送り直してください。",
        );
        let mut response = ApiError(error).into_response();
        response.headers_mut().insert("upload-offset", there.into());
        return Ok(response);
    }
    let size = u64::try_from(import.size).unwrap_or(0);
    let offset = take_in(file, body, size).await?;
    let mut tx = app.db.begin().await?;
    imports::touch(&mut tx, &id, app.clock.now()).await?;
    tx.commit().await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response
        .headers_mut()
        .insert("upload-offset", offset.into());
    Ok(response)
}

async fn receiving(app: &App, sender: &Sender, id: &str) -> Result<Import, Error> {
    let import = own(app, sender, id).await?;
    if import.state == State::Receiving.name() {
        return Ok(import);
    }
    Err(refused(
        StatusCode::CONFLICT,
        "import.not_receiving",
        "このファイルは、もう受信中ではありません",
        "状態を確かめてください。送り直すときは、申し込みからやり直してください。",
    ))
}

/// A file being written, with the right to do so.
struct Open {
    file: Appending,
    _pen: Option<OwnedMutexGuard<()>>,
}

async fn appending(
    app: &App,
    incoming: &Incoming,
    pen: Option<OwnedMutexGuard<()>>,
) -> Result<Open, Error> {
    let (app, incoming) = (app.clone(), incoming.clone());
    on_disk(move || {
        let file = app.imports.spool.append(&app.keys, &incoming)?;
        Ok(Open { file, _pen: pen })
    })
    .await
}

/// Work on the disk, away from the requests of others.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(error.to_string()))?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::StorageFull => Error::Full,
            _ => Error::Internal(format!("the spool: {error}")),
        })
}

/// Writes a body to its end, or to where it breaks off; gives the bytes there for good.
async fn take_in(mut open: Open, mut body: Body, size: u64) -> Result<u64, Error> {
    let mut too_long = false;
    while let Some(bytes) = next(&mut body).await {
        let room = size.saturating_sub(open.file.reached());
        if bytes.len() as u64 > room {
            too_long = true;
            break;
        }
        open = push(open, bytes).await?;
    }
    let offset = on_disk(move || open.file.finish()).await?;
    if too_long {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "import.too_long",
            "申し込んだ長さを超えるデータが送られました",
            "送信するプログラムを確かめてください。",
        ));
    }
    Ok(offset)
}

async fn push(mut open: Open, bytes: Bytes) -> Result<Open, Error> {
    on_disk(move || {
        open.file.push(&bytes)?;
        Ok(open)
    })
    .await
}

/// The next bytes of a body; nothing at its end, or where it breaks off.
async fn next(body: &mut Body) -> Option<Bytes> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context));
        let frame = tokio::time::timeout(SILENCE, frame).await.ok()??.ok()?;
        // Trailers say nothing to us.
        if let Ok(bytes) = frame.into_data() {
            return Some(bytes);
        }
    }
}

pub(crate) async fn finish(
    Ours(app): Ours<App>,
    sender: Sender,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let _pen = app.imports.take_pen(&id).await;
    let import = own(&app, &sender, &id).await?;
    if import.state != State::Receiving.name() {
        if import.state == State::Queued.name() {
            crate::imports::job::wake(&app, &id);
        }
        return Ok(answer(&app, &import, StatusCode::OK)?);
    }
    let there = app.imports.spool.offset(&incoming(&import));
    let size = u64::try_from(import.size).unwrap_or(0);
    if there != size {
        return Err(ApiError(refused(
            StatusCode::CONFLICT,
            "import.incomplete",
            &format!("{size}バイトのうち{there}バイトだけが届いています"),
            "状態の offset の位置から、続きを送ってください。",
        )));
    }
    if hash(&app, &import).await? != Some(import.sha256.clone()) {
        app.imports.spool.discard(&id);
        return Err(ApiError(refused(
            StatusCode::UNPROCESSABLE_ENTITY,
            "import.hash",
            "届いたファイルのSHA-256が、申し込みのものと違います。届いた分は捨てました",
            "ファイルの最初から送り直してください。",
        )));
    }
    queue(&app, &sender, &import).await?;
    let import = own(&app, &sender, &id).await?;
    Ok(answer(&app, &import, StatusCode::ACCEPTED)?)
}

/// The hash of what is there; nothing if the disk does not give back what was written, as after a
/// power cut.
async fn hash(app: &App, import: &Import) -> Result<Option<String>, Error> {
    let (app, incoming) = (app.clone(), incoming(import));
    on_disk(move || {
        let mut file = app.imports.spool.open(&app.keys, &incoming)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; usize::try_from(FRAME).unwrap_or(4096)];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(Some(hex(&hash.finalize()))),
                Ok(count) => hash.update(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => return Ok(None),
                Err(error) => return Err(error),
            }
        }
    })
    .await
}

/// A file from the page: in one piece, without scripts.
pub(crate) async fn form(
    Ours(app): Ours<App>,
    Staff(user): Staff,
    multipart: Multipart,
) -> Result<Redirect, Error> {
    let csrf = user.csrf.clone();
    let sender = Sender::person(user);
    let id = keys::fresh_id();
    let received = receive_form(&app, &sender, &id, &csrf, multipart).await;
    let import = match received {
        Ok(import) => import,
        Err(error) => {
            app.imports.spool.discard(&id);
            return Err(error);
        }
    };
    Ok(Redirect::to(&format!("/imports/{}", import.id)))
}

async fn receive_form(
    app: &App,
    sender: &Sender,
    id: &str,
    csrf: &str,
    mut multipart: Multipart,
) -> Result<Import, Error> {
    let mut ours = false;
    let mut mode = Mode::Each;
    while let Some(field) = in_time(multipart.next_field()).await? {
        match field.name().unwrap_or_default() {
            "_csrf" => {
                let sent = short_text(field).await?;
                ours = sent.as_bytes().ct_eq(csrf.as_bytes()).into();
            }
            "mode" => {
                let sent = short_text(field).await?;
                mode = Mode::parse(&sent).ok_or(Error::BadForm {
                    why: "登録のしかたを選んでください。",
                })?;
            }
            "file" if ours => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let (size, sha256) = receive_field(app, sender, id, field).await?;
                return keep(
                    app,
                    sender,
                    id,
                    &Sent {
                        sha256,
                        size,
                        mode,
                        name,
                    },
                )
                .await;
            }
            _ => return Err(Error::Forged),
        }
    }
    Err(Error::BadForm {
        why: "ファイルを選んでください。",
    })
}

/// What comes next of a form; it has broken off if nothing does for too long.
async fn in_time<T>(coming: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Error> {
    match tokio::time::timeout(SILENCE, coming).await {
        Ok(Ok(came)) => Ok(came),
        Ok(Err(_)) | Err(_) => Err(BROKEN_OFF),
    }
}

/// The text of a field beside the file.
async fn short_text(mut field: Field<'_>) -> Result<String, Error> {
    let wrong = Error::BadForm {
        why: "ファイル以外の項目が長すぎるか、文字として読めません。何も登録していません。",
    };
    let mut text = Vec::new();
    while let Some(bytes) = in_time(field.chunk()).await? {
        if text.len() + bytes.len() > SHORT {
            return Err(wrong);
        }
        text.extend_from_slice(&bytes);
    }
    String::from_utf8(text).map_err(|_| wrong)
}

struct Sent {
    sha256: String,
    size: u64,
    mode: Mode,
    name: String,
}

async fn receive_field(
    app: &App,
    sender: &Sender,
    id: &str,
    mut field: Field<'_>,
) -> Result<(u64, String), Error> {
    let limits = app.imports.limits;
    let unknown = Incoming {
        hospital: sender.hospital.clone(),
        import: id.to_owned(),
        size: u64::MAX,
    };
    let mut open = appending(app, &unknown, app.imports.try_pen(id)).await?;
    let mut hash = Sha256::new();
    while let Some(bytes) = in_time(field.chunk()).await? {
        if open.file.reached() + bytes.len() as u64 > limits.bytes {
            return Err(too_large(&limits));
        }
        hash.update(&bytes);
        open = push(open, bytes).await?;
    }
    let size = on_disk(move || open.file.end()).await?;
    Ok((size, hex(&hash.finalize())))
}

/// A file that came by a form becomes its import; if these bytes are known already, it is not
/// needed any more.
async fn keep(app: &App, sender: &Sender, id: &str, sent: &Sent) -> Result<Import, Error> {
    let new = Announced {
        sha256: &sent.sha256,
        size: sent.size,
        mode: sent.mode,
        name: &sent.name,
        id: Some(id),
    };
    let (import, _) = announce(app, sender, &new).await?;
    if import.state == State::Receiving.name() {
        let _pen = app.imports.take_pen(&import.id).await;
        // Whoever had the pen before may have sent all of it.
        let now = own(app, sender, &import.id).await?;
        if now.state == State::Receiving.name() {
            if import.id != id {
                // Received before and refused, or begun by another sender: the same bytes.
                copy(app, id, &import).await?;
            }
            queue(app, sender, &import).await?;
        }
    }
    if import.id != id {
        app.imports.spool.discard(id);
    }
    Ok(import)
}

async fn copy(app: &App, from: &str, import: &Import) -> Result<(), Error> {
    let to = incoming(import);
    let from = Incoming {
        import: from.to_owned(),
        ..to.clone()
    };
    let app = app.clone();
    on_disk(move || {
        let mut read = app.imports.spool.open(&app.keys, &from)?;
        app.imports.spool.discard(&to.import);
        let mut write = app.imports.spool.append(&app.keys, &to)?;
        let mut buffer = vec![0; usize::try_from(FRAME).unwrap_or(4096)];
        loop {
            match read.read(&mut buffer)? {
                0 => break,
                count => write.push(buffer.get(..count).unwrap_or_default())?,
            }
        }
        write.finish().map(|_| ())
    })
    .await
}

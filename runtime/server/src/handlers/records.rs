//! 指定医と医療クラーク: what their pages share; the pages are in the modules below.

pub(crate) mod confirming;
pub(crate) mod drafts;
pub(crate) mod lists;
pub(crate) mod reading;
pub(crate) mod renewing;

use crate::access_key::AccessKey;
use crate::assess::{self, Assessed, assess};
use crate::error::Error;
use crate::extract::User;
use crate::seal::{self, Place};
use crate::start::App;
use crate::store::Tx;
use crate::store::audit::{self, Event};
use crate::store::records::{self, Draft, Record, Sealed, Version};
use crate::summary::Patient;
use kohyo_engine::program::{Programme, Status};
use kohyo_engine::{Form, RawAnswers};
use serde::Serialize;
use std::sync::Arc;

#[derive(Clone, Copy, Serialize)]
pub(crate) struct ResultBadge {
    name: &'static str,
    label: &'static str,
}

/// The badge of a stored result.
pub(crate) fn badge(result: &str) -> Option<ResultBadge> {
    use kohyo_engine::ResultKind::{Eligible, Mild, NotMet, Undetermined};
    [Eligible, Mild, NotMet, Undetermined]
        .into_iter()
        .find(|kind| kind.name() == result)
        .map(|kind| ResultBadge {
            name: kind.name(),
            label: kind.label(),
        })
}

/// The name of the disease, or the key if the definition is not loaded.
pub(crate) fn form_title(app: &App, key: &str, edition: &str) -> String {
    app.library()
        .get(key, edition)
        .map_or_else(|| key.to_owned(), |form| form.program().title.clone())
}

/// How far a definition has come, in words that promise nothing it does not keep.
#[derive(Serialize)]
pub(crate) struct StatusBadge {
    class: &'static str,
    label: &'static str,
}

pub(crate) fn status_badge(status: Status) -> StatusBadge {
    match status {
        Status::Draft => StatusBadge {
            class: "draft",
            label: "下書き（未査読）の定義",
        },
        Status::Reviewed => StatusBadge {
            class: "reviewed",
            label: "査読済みの定義",
        },
        Status::Published => StatusBadge {
            class: "published",
            label: "施行中の定義",
        },
    }
}

/// The programme in Japanese.
pub(crate) fn programme_label(programme: Programme) -> &'static str {
    match programme {
        Programme::Shitei => "指定難病",
        Programme::Shoman => "小児慢性特定疾病",
        Programme::Itself => "制度の様式",
    }
}

#[derive(Serialize)]
struct Header {
    id: String,
    title: String,
    edition: String,
    key: String,
    application: &'static str,
    confirmed: i64,
    status: StatusBadge,
    source: String,
}

fn header(record: &Record, form: &Form) -> Header {
    let program = form.program();
    Header {
        id: record.id.clone(),
        title: program.title.clone(),
        edition: program.edition.clone(),
        key: program.key.clone(),
        application: assess::application_label(&record.application),
        confirmed: record.confirmed,
        status: status_badge(program.status),
        source: program.source.clone(),
    }
}

/// A record of the user's own hospital. Anybody else's does not exist, and the attempt is noted.
async fn own(app: &App, user: &User, id: &str) -> Result<Record, Error> {
    match records::find(&app.db, id).await? {
        Some(record) if record.hospital == user.account.organisation => Ok(record),
        other => {
            let detail = if other.is_some() {
                "foreign"
            } else {
                "missing"
            };
            // What was typed is noted only if it is a record's name.
            let object = if other.is_some() { id } else { "" };
            let event = Event::denied("record.open", object, detail);
            audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
            Err(Error::NotFound { what: "個票" })
        }
    }
}

/// The patient's name and the disease of a record of the user's hospital; nothing if it is gone.
pub(crate) async fn heading(
    app: &App,
    user: &User,
    id: &str,
) -> Result<Option<(String, String)>, Error> {
    let record = match own(app, user, id).await {
        Err(Error::NotFound { .. }) => return Ok(None),
        record => record?,
    };
    let raw: RawAnswers = match records::draft(&app.db, id).await? {
        Some(draft) => {
            let place = draft_place(&record.hospital, id, "sealed_answers", draft.version);
            unseal(app, place, &draft.sealed_answers)?
        }
        None => open_version(
            app,
            &record,
            &confirmed(app, &record, record.confirmed).await?,
        )?,
    };
    let form = form_title(app, &record.form_key, &record.form_edition);
    Ok(Some((Patient::of(&raw).name, form)))
}

async fn confirmed(app: &App, record: &Record, number: i64) -> Result<Version, Error> {
    records::version(&app.db, &record.id, number)
        .await?
        .ok_or(Error::NotFound {
            what: "確定した版"
        })
}

fn application_of(record: &Record) -> Result<kohyo_engine::program::Application, Error> {
    assess::application(&record.application)
        .ok_or_else(|| Error::Internal(format!("unknown application {}", record.application)))
}

fn assess_raw(
    app: &App,
    record: &Record,
    form: &Arc<Form>,
    raw: RawAnswers,
) -> Result<Assessed, Error> {
    Ok(assess(
        &app.library(),
        form,
        raw,
        application_of(record)?,
        assess::today(app)?,
    ))
}

fn assess_draft(app: &App, record: &Record, draft: &Draft) -> Result<Assessed, Error> {
    let form = assess::pinned(app, &record.form_key, &record.form_edition)?;
    let place = draft_place(
        &record.hospital,
        &record.id,
        "sealed_answers",
        draft.version,
    );
    let raw = unseal(app, place, &draft.sealed_answers)?;
    assess_raw(app, record, &form, raw)
}

/// A confirmed version is judged again as of the day it was confirmed.
fn assess_version(app: &App, record: &Record, version: &Version) -> Result<Assessed, Error> {
    let form = assess::pinned(app, &version.form_key, &version.form_edition)?;
    let raw = open_version(app, record, version)?;
    let on = version
        .judged_on
        .parse()
        .map_err(|_| Error::Internal(format!("judged on {}", version.judged_on)))?;
    Ok(assess(
        &app.library(),
        &form,
        raw,
        application_of(record)?,
        on,
    ))
}

fn open_version(app: &App, record: &Record, version: &Version) -> Result<RawAnswers, Error> {
    let place = version_place(
        &record.hospital,
        &record.id,
        "sealed_answers",
        version.number,
    );
    unseal(app, place, &version.sealed_answers)
}

async fn put_draft(
    app: &App,
    tx: &mut Tx,
    user: &User,
    id: &str,
    version: i64,
    raw: &RawAnswers,
    now: i64,
) -> Result<(), Error> {
    let hospital = &user.account.organisation;
    let patient = Patient::of(raw);
    let place = |column| draft_place(hospital, id, column, version);
    let index = patient.kana_index(&app.keys, hospital);
    let sealed = Sealed {
        answers: &seal::seal(&app.keys, place("sealed_answers"), &json(raw)?)?,
        patient: &seal::seal(&app.keys, place("sealed_patient"), &json(&patient)?)?,
        kana_index: index.as_deref(),
    };
    records::put_draft(tx, id, version, &sealed, &user.account.id, now).await?;
    Ok(())
}

pub(crate) fn draft_place<'a>(
    hospital: &'a str,
    id: &'a str,
    column: &'static str,
    version: i64,
) -> Place<'a> {
    Place {
        tenant: hospital,
        table: "record_draft",
        row: id,
        column,
        version,
    }
}

/// Where a confirmed version stands; municipalities open it in the same place.
pub(crate) fn version_place<'a>(
    hospital: &'a str,
    id: &'a str,
    column: &'static str,
    number: i64,
) -> Place<'a> {
    Place {
        tenant: hospital,
        table: "record_version",
        row: id,
        column,
        version: number,
    }
}

pub(crate) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(value).map_err(|error| Error::Internal(error.to_string()))
}

pub(crate) fn unseal<T: serde::de::DeserializeOwned>(
    app: &App,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<T, Error> {
    let plain = seal::open(&app.keys, place, sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::Unopened)
}

/// What the database knows of a key.
pub(crate) fn key_mac(app: &App, key: &AccessKey) -> Vec<u8> {
    app.keys.mac("access-key", key.as_str().as_bytes()).to_vec()
}

//! Confirming a record and issuing its access key.

use super::{
    ResultBadge, application_of, assess_draft, assess_version, badge, confirmed, header, json,
    key_mac, own, version_place,
};
use crate::access_key::AccessKey;
use crate::assess::{self, Assessed, FindingLine};
use crate::clock::moment;
use crate::error::Error;
use crate::extract::{Physician, Signed, User, value, version as sent_version};
use crate::pages::Page;
use crate::seal::{self, Place};
use crate::session::token_hash;
use crate::start::App;
use crate::store::Tx;
use crate::store::audit::{self, Event};
use crate::store::records::{self, Draft, NewVersion, Record, Sealed};
use crate::summary::Patient;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::program::Level;
use kohyo_engine::{MissingItem, ResultKind};
use kohyo_pages::Mode;
use serde::Serialize;

/// How long a key just issued is shown to the browser it was issued to.
const SHOW_KEY_SECONDS: i64 = 30 * 60;

pub(crate) async fn confirm_page(
    State(app): State<App>,
    Physician(user): Physician,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    let Some(draft) = records::draft(&app.db, &id).await? else {
        return Ok(Redirect::to(&format!("/records/{id}/done")).into_response());
    };
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.read", &id, draft.version),
    )
    .await?;
    draw_confirm(&app, &user, &record, &draft, StatusCode::OK)
}

fn draw_confirm(
    app: &App,
    user: &User,
    record: &Record,
    draft: &Draft,
    status: StatusCode,
) -> Result<Response, Error> {
    let written = assess_draft(app, record, draft)?;
    let before = written.raw.len();
    let assessed = ready(app, record, written)?;
    let errors = assessed.findings(Level::Error);
    let count = errors.len();
    let (missing, wrong): (Vec<_>, Vec<_>) = errors.into_iter().partition(FindingLine::is_missing);
    Page::new("確定前の確認", user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("patient", &Patient::of(&assessed.raw))
        .with("version", &draft.version)
        .with("errors", &count)
        .with("wrong", &wrong)
        .with("missing_count", &missing.len())
        .with("missing", &assessed.by_section(missing))
        .with("warnings", &assessed.findings(Level::Warning))
        .with("infos", &assessed.findings(Level::Information))
        .with("left_out", &before.saturating_sub(assessed.raw.len()))
        .with("unticked", &(status != StatusCode::OK && count == 0))
        .with("result", &badge(assessed.outcome.result.name()))
        .with("unfavourable", &unfavourable(&assessed))
        .with("open_items", &open_items(&assessed))
        .with_drawn(
            "form_html",
            &kohyo_pages::form_html(&assessed.view, Mode::Read)?,
        )
        .with_drawn("verdict_html", &assessed.verdict_html(Mode::Read)?)
        .draw_as(status, "confirm.html")
}

/// Whether what would be confirmed cannot be approved as it stands: the physician has to know.
fn unfavourable(assessed: &Assessed) -> bool {
    let earlier = assessed.previous.as_ref().map(|p| p.outcome.result);
    let result = assessed.outcome.result;
    matches!(result, ResultKind::Undetermined | ResultKind::NotMet)
        && earlier != Some(ResultKind::Eligible)
}

/// What leaves the result open, each question once, in the order of the sets.
fn open_items(assessed: &Assessed) -> Vec<&MissingItem> {
    let mut open: Vec<&MissingItem> = Vec::new();
    for item in assessed.outcome.missing.iter().flat_map(|set| &set.items) {
        if !open.iter().any(|known| known.name == item.name) {
            open.push(item);
        }
    }
    open
}

/// What would be confirmed: the draft without answers to hidden questions.
fn ready(app: &App, record: &Record, assessed: Assessed) -> Result<Assessed, Error> {
    let application = application_of(record)?;
    Ok(assess::without_hidden(
        &app.library(),
        assessed,
        application,
        assess::today(app)?,
    ))
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Physician>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let expected = sent_version(&signed.pairs)?;
    let ticked = Ticked {
        warnings: value(&signed.pairs, "_ack").is_some(),
        result: value(&signed.pairs, "_ack_result").is_some(),
    };
    match confirm_draft(&app, user, &id, expected, ticked).await? {
        Confirmation::Done => Ok(Redirect::to(&format!("/records/{id}/done")).into_response()),
        Confirmation::DraftChanged => Err(Error::Changed {
            what: "この下書き",
            to: format!("/records/{id}/confirm"),
        }),
        Confirmation::Gone => Err(Error::Changed {
            what: "この個票",
            to: format!("/records/{id}"),
        }),
        Confirmation::Held(held) => draw_confirm(
            &app,
            user,
            &held.record,
            &held.draft,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    }
}

/// What came of the wish to confirm a draft.
pub(crate) enum Confirmation {
    /// It is confirmed, now or by an earlier click of the same physician.
    Done,
    /// It is no longer the draft that the physician saw.
    DraftChanged,
    /// There is no draft any more.
    Gone,
    /// Something has to be looked at before.
    Held(Box<Held>),
}

/// What the physician says to have seen.
#[derive(Clone, Copy)]
pub(crate) struct Ticked {
    /// The warnings.
    pub(crate) warnings: bool,
    /// A result with which nobody is approved.
    pub(crate) result: bool,
}

/// A draft that is not confirmed yet.
pub(crate) struct Held {
    record: Record,
    draft: Draft,
    /// It has errors; otherwise warnings or a result that nobody says to have seen.
    pub(crate) errors: bool,
}

/// Confirms a draft of the physician's hospital as it was when its version was `expected`, and issues
/// its access key.
pub(crate) async fn confirm_draft(
    app: &App,
    user: &User,
    id: &str,
    expected: i64,
    ticked: Ticked,
) -> Result<Confirmation, Error> {
    own(app, user, id).await?;
    let mut tx = app.db.begin().await?;
    let record = records::find_for_update(&mut tx, id)
        .await?
        .ok_or(Error::NotFound { what: "個票" })?;
    let Some(draft) = records::draft_in(&mut tx, id).await? else {
        // The second of two clicks finds its work done.
        let last = records::version_in(&mut tx, id, record.confirmed).await?;
        let ours = last.is_some_and(|last| {
            last.draft_version == expected && last.confirmed_by == user.account.id
        });
        return Ok(if ours {
            Confirmation::Done
        } else {
            Confirmation::Gone
        });
    };
    if draft.version != expected {
        return Ok(Confirmation::DraftChanged);
    }
    let assessed = ready(app, &record, assess_draft(app, &record, &draft)?)?;
    let errors = !assessed.findings(Level::Error).is_empty();
    let unseen = !ticked.warnings && !assessed.findings(Level::Warning).is_empty()
        || !ticked.result && unfavourable(&assessed);
    if errors || unseen {
        return Ok(Confirmation::Held(Box::new(Held {
            record,
            draft,
            errors,
        })));
    }
    write_version(app, &mut tx, user, &record, &draft, &assessed).await?;
    tx.commit().await?;
    Ok(Confirmation::Done)
}

/// A draft as it would be confirmed, for lists.
#[derive(Serialize)]
pub(crate) struct Ready {
    id: String,
    version: i64,
    name: String,
    kana: String,
    form: String,
    application: &'static str,
    result: Option<ResultBadge>,
    pub(crate) errors: usize,
    unfavourable: bool,
    warnings: Vec<FindingLine>,
}

/// The draft of a record, if it has one.
pub(crate) async fn ready_draft(app: &App, user: &User, id: &str) -> Result<Option<Ready>, Error> {
    let record = own(app, user, id).await?;
    let Some(draft) = records::draft(&app.db, id).await? else {
        return Ok(None);
    };
    let assessed = ready(app, &record, assess_draft(app, &record, &draft)?)?;
    let patient = Patient::of(&assessed.raw);
    Ok(Some(Ready {
        version: draft.version,
        name: patient.name,
        kana: patient.kana,
        form: assessed.form.program().title.clone(),
        application: assess::application_label(&record.application),
        result: badge(assessed.outcome.result.name()),
        errors: assessed.findings(Level::Error).len(),
        unfavourable: unfavourable(&assessed),
        warnings: assessed.findings(Level::Warning),
        id: record.id,
    }))
}

async fn write_version(
    app: &App,
    tx: &mut Tx,
    user: &User,
    record: &Record,
    draft: &Draft,
    assessed: &Assessed,
) -> Result<(), Error> {
    let now = app.clock.now();
    let number = record.confirmed + 1;
    let patient = Patient::of(&assessed.raw);
    let place = |column| version_place(&record.hospital, &record.id, column, number);
    let index = patient.kana_index(&app.keys, &record.hospital);
    let sealed = Sealed {
        answers: &seal::seal(&app.keys, place("sealed_answers"), &json(&assessed.raw)?)?,
        patient: &seal::seal(&app.keys, place("sealed_patient"), &json(&patient)?)?,
        kana_index: index.as_deref(),
    };
    let judged_on = assess::today(app)?.to_string();
    let new = NewVersion {
        record,
        number,
        draft_version: draft.version,
        sealed,
        judged_on: &judged_on,
        result: assessed.outcome.result.name(),
        entered_by: &draft.edited_by,
        confirmed_by: &user.account.id,
        at: now,
    };
    records::add_version(tx, &new).await?;
    records::drop_draft(tx, &record.id).await?;
    audit::append(
        tx,
        now,
        &user.actor(),
        Event::done("record.confirm", &record.id, number),
    )
    .await?;
    issue_key(app, tx, user, &record.id, number, AccessKey::fresh()).await
}

/// Issues a key for a version; every earlier key of the record opens nothing from now on.
async fn issue_key(
    app: &App,
    tx: &mut Tx,
    user: &User,
    record: &str,
    number: i64,
    key: AccessKey,
) -> Result<(), Error> {
    let now = app.clock.now();
    records::revoke_keys(tx, record, now).await?;
    records::add_key(
        tx,
        &key_mac(app, &key),
        record,
        number,
        &user.account.id,
        now,
    )
    .await?;
    let token = token_hash(&user.token);
    let sealed = seal::seal(
        &app.keys,
        shown_place(user, record),
        key.as_str().as_bytes(),
    )?;
    records::sweep_shown_keys(tx, now).await?;
    records::show_key(tx, &token, record, &sealed, now + SHOW_KEY_SECONDS).await?;
    audit::append(
        tx,
        now,
        &user.actor(),
        Event::done("access_key.issue", record, number),
    )
    .await?;
    Ok(())
}

/// The place includes the cookie's secret: the database and the key file do not open it.
fn shown_place<'a>(user: &'a User, record: &'a str) -> Place<'a> {
    Place {
        tenant: &user.token,
        table: "key_display",
        row: record,
        column: "sealed_key",
        version: 0,
    }
}

#[derive(Serialize)]
pub(crate) struct ShownKey {
    pub(crate) grouped: String,
    groups: Vec<String>,
}

/// The key just issued, if this browser may still see it.
pub(crate) async fn shown_key(
    app: &App,
    user: &User,
    record: &str,
) -> Result<Option<ShownKey>, Error> {
    let now = app.clock.now();
    let Some(sealed) = records::shown_key(&app.db, &token_hash(&user.token), record, now).await?
    else {
        return Ok(None);
    };
    let plain = seal::open(&app.keys, shown_place(user, record), &sealed)?;
    let key = AccessKey::read(&String::from_utf8_lossy(&plain)).map_err(|_| Error::Unopened)?;
    let grouped = key.grouped();
    Ok(Some(ShownKey {
        groups: grouped.split('-').map(str::to_owned).collect(),
        grouped,
    }))
}

pub(crate) async fn done(
    State(app): State<App>,
    Physician(user): Physician,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    let version = confirmed(&app, &record, record.confirmed).await?;
    let assessed = assess_version(&app, &record, &version)?;
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.read", &id, version.number),
    )
    .await?;
    Page::new("確定しました", &user)
        .with("nav", "records")
        .with("record", &header(&record, &assessed.form))
        .with("patient", &Patient::of(&assessed.raw))
        .with("confirmed_at", &moment(version.confirmed_at))
        .with("key", &shown_key(&app, &user, &id).await?)
        .with("result", &badge(assessed.outcome.result.name()))
        .draw("done.html")
}

pub(crate) async fn reissue(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Physician>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    own(&app, user, &id).await?;
    let mut tx = app.db.begin().await?;
    let record = records::find_for_update(&mut tx, &id)
        .await?
        .ok_or(Error::NotFound { what: "個票" })?;
    if record.confirmed == 0 {
        return Err(Error::NotFound {
            what: "確定した版"
        });
    }
    issue_key(
        &app,
        &mut tx,
        user,
        &id,
        record.confirmed,
        AccessKey::fresh(),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/records/{id}/done")))
}

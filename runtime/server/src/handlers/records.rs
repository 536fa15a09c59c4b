//! 指定医と医療クラーク: lists, drafts, confirming, access keys, paper.

use crate::access_key::AccessKey;
use crate::assess::{self, Assessed, assess};
use crate::clock::{moment, time_of_day};
use crate::error::Error;
use crate::extract::{Physician, Signed, Staff, User, value, version as sent_version};
use crate::keys;
use crate::pages::Page;
use crate::seal::{self, Place};
use crate::session::token_hash;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::records::{self, Draft, NewRecord, NewVersion, Record, Sealed, Version};
use crate::store::Tx;
use crate::summary::{self, Patient};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::program::{Level, Status};
use kohyo_engine::{Form, RawAnswers};
use kohyo_pages::Mode;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How long a key just issued is shown to the browser it was issued to.
const SHOW_KEY_SECONDS: i64 = 30 * 60;

// Lists

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    kana: String,
    form: String,
    application: &'static str,
    draft: bool,
    draft_by: Option<String>,
    confirmed: i64,
    result: Option<ResultBadge>,
    updated: String,
}

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

pub(crate) async fn list(
    State(app): State<App>,
    Staff(user): Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let sought = query.get("q").map_or("", |text| text.trim());
    let index = summary::kana_index(&app.keys, &user.account.organisation, sought);
    let lines = records::list(&app.db, &user.account.organisation, index.as_deref()).await?;
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.list", "", 0)).await?;
    let lines = lines
        .into_iter()
        .map(|line| list_line(&app, &user, line))
        .collect::<Result<Vec<_>, Error>>()?;
    let (drafts, confirmed): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.draft);
    Page::new("個票の一覧", &user)
        .with("nav", "records")
        .with("q", sought)
        .with("deleted", &query.contains_key("deleted"))
        .with("drafts", &drafts)
        .with("confirmed", &confirmed)
        .draw("records.html")
}

fn list_line(app: &App, user: &User, line: records::Line) -> Result<Line, Error> {
    let hospital = &user.account.organisation;
    let patient = match (&line.draft_patient, line.draft_version, &line.version_patient) {
        (Some(sealed), Some(version), _) => {
            unseal(app, draft_place(hospital, &line.id, "sealed_patient", version), sealed)?
        }
        (_, _, Some(sealed)) => {
            unseal(app, version_place(hospital, &line.id, "sealed_patient", line.confirmed), sealed)?
        }
        _ => Patient::default(),
    };
    Ok(Line {
        form: form_title(app, &line.form_key, &line.form_edition),
        id: line.id,
        name: patient.name,
        kana: patient.kana,
        application: assess::application_label(&line.application),
        draft: line.draft_version.is_some(),
        draft_by: line.draft_by,
        confirmed: line.confirmed,
        result: line.result.as_deref().and_then(badge),
        updated: moment(line.updated_at),
    })
}

/// The name of the disease, or the key if the definition is not loaded.
pub(crate) fn form_title(app: &App, key: &str, edition: &str) -> String {
    app.library
        .get(key, edition)
        .map_or_else(|| key.to_owned(), |form| form.program().title.clone())
}

// Choosing a form

#[derive(Serialize)]
struct Offer {
    key: String,
    number: String,
    title: String,
    edition: String,
    programme: &'static str,
    status: StatusBadge,
    valid_from: String,
    source: String,
}

/// How far a definition has come, in words that promise nothing it does not keep.
#[derive(Serialize)]
pub(crate) struct StatusBadge {
    class: &'static str,
    label: &'static str,
}

pub(crate) fn status_badge(status: Status) -> StatusBadge {
    match status {
        Status::Draft => StatusBadge { class: "draft", label: "下書き（未査読）の定義" },
        Status::Reviewed => StatusBadge { class: "reviewed", label: "査読済みの定義" },
        Status::Published => StatusBadge { class: "published", label: "施行中の定義" },
    }
}

pub(crate) async fn choose(
    State(app): State<App>,
    Staff(user): Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let sought = query.get("q").map_or("", |text| text.trim());
    let on = assess::today(&app)?;
    let mut keys: Vec<&str> = app.library.iter().map(|form| form.program().key.as_str()).collect();
    keys.dedup();
    let offers: Vec<Offer> = keys
        .into_iter()
        .filter_map(|key| app.library.newest(key, on))
        .map(|form| offer(form))
        .filter(|offer| fits(offer, sought))
        .collect();
    Page::new("新規作成：疾病の選択", &user)
        .with("nav", "new")
        .with("q", sought)
        .with("offers", &offers)
        .with("total", &app.library.len())
        .draw("choose.html")
}

fn offer(form: &Form) -> Offer {
    let program = form.program();
    let date = program.valid_from.to_string();
    Offer {
        key: program.key.clone(),
        number: number_of(&program.key),
        title: program.title.clone(),
        edition: program.edition.clone(),
        programme: match program.programme {
            kohyo_engine::program::Programme::Shitei => "指定難病",
            kohyo_engine::program::Programme::Shoman => "小児慢性特定疾病",
        },
        status: status_badge(program.status),
        valid_from: kohyo_pages::western(&date).unwrap_or(date),
        source: program.source.clone(),
    }
}

/// `006` of `shitei-006`, `11-080` of `shoman-11-080`.
fn number_of(key: &str) -> String {
    key.split_once('-').map_or(key, |(_, number)| number).to_owned()
}

/// Whether a search means this form: its number with or without leading zeros, or part of its
/// name in either kana.
fn fits(offer: &Offer, sought: &str) -> bool {
    let sought = summary::fold(sought);
    if sought.is_empty() {
        return true;
    }
    let number = offer.number.trim_start_matches('0');
    summary::fold(&offer.title).contains(&sought)
        || offer.key.contains(&sought)
        || (!number.is_empty() && number == sought.trim_start_matches('0'))
}

pub(crate) async fn create(
    State(app): State<App>,
    signed: Signed<Staff>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    let key = value(&signed.pairs, "form_key").unwrap_or_default();
    let edition = value(&signed.pairs, "form_edition").unwrap_or_default();
    let kind = value(&signed.pairs, "application").unwrap_or_default();
    let form = assess::pinned(&app, key, edition)?;
    if assess::application(kind).is_none() {
        return Err(Error::BadForm { why: "「新規」か「更新」を選んでください。" });
    }
    let id = keys::fresh_id();
    let now = app.clock.now();
    let raw = prefilled(&form, user, &crate::clock::day(now));
    let mut tx = app.db.begin().await?;
    let new = NewRecord {
        id: &id,
        hospital: &user.account.organisation,
        form_key: key,
        form_edition: edition,
        application: kind,
        by: &user.account.id,
        at: now,
    };
    records::add(&mut tx, &new).await?;
    put_draft(&app, &mut tx, user, &id, 1, &raw, now).await?;
    audit::append(&mut tx, now, &user.actor(), Event::done("record.create", &id, 1)).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/records/{id}")))
}

/// What is known of the hospital and the physician is not asked again (names of `common.physician`).
fn prefilled(form: &Form, user: &User, today: &str) -> RawAnswers {
    let account = &user.account;
    let physician = user.role == crate::store::accounts::Role::Physician;
    let known = [
        ("facility_name", account.organisation_name.as_str(), true),
        ("facility_address", account.organisation_address.as_str(), true),
        ("facility_phone", account.organisation_phone.as_str(), true),
        ("department", account.department.as_str(), physician),
        ("physician_name", account.name.as_str(), physician),
        ("physician_number", account.doctor_number.as_str(), physician),
        ("written_on", today, physician),
    ];
    known
        .into_iter()
        .filter(|(name, value, given)| *given && !value.is_empty() && form.field_id(name).is_some())
        .map(|(name, value, _)| (name.to_owned(), vec![value.to_owned()]))
        .collect()
}

// Drafts

pub(crate) async fn open(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    let Some(draft) = records::draft(&app.db, &id).await? else {
        return read_version(&app, &user, &record, record.confirmed).await;
    };
    let assessed = assess_draft(&app, &record, &draft)?;
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.read", &id, draft.version)).await?;
    let note = query.contains_key("saved").then(|| {
        format!("{} に下書きを保存しました。", time_of_day(draft.edited_at))
    });
    draw_edit(&user, &record, &assessed, &Editing {
        version: draft.version,
        unsaved: false,
        note,
        edited: Some(format!("{}（{}）", moment(draft.edited_at), draft.edited_by_name)),
    })
}

/// How a form being filled in is shown.
struct Editing {
    version: i64,
    unsaved: bool,
    note: Option<String>,
    edited: Option<String>,
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

fn draw_edit(user: &User, record: &Record, assessed: &Assessed, how: &Editing) -> Result<Response, Error> {
    Page::new(&assessed.form.program().title, user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("version", &how.version)
        .with("unsaved", &how.unsaved)
        .with("note", &how.note)
        .with("edited", &how.edited)
        .with("result", &badge(assessed.outcome.result.name()))
        .with_drawn("form_html", &kohyo_pages::form_html(&assessed.view, Mode::Edit)?)
        .with_drawn("verdict_html", &kohyo_pages::verdict_html(&assessed.outcome, &assessed.view, Mode::Edit)?)
        .draw("edit.html")
}

pub(crate) async fn save(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let record = own(&app, user, &id).await?;
    let form = assess::pinned(&app, &record.form_key, &record.form_edition)?;
    let version = sent_version(&signed.pairs)?;
    let mut raw = assess::written(&form, &signed.pairs);
    let action = value(&signed.pairs, "_action").unwrap_or("save");
    let cleared = value(&signed.pairs, "_clear");
    if cleared.is_some() || action == "check" {
        if let Some(name) = cleared {
            raw.remove(name);
        }
        let assessed = assess_raw(&app, &record, &form, raw)?;
        let note = Some("再計算しました。まだ保存していません。".to_owned());
        return draw_edit(user, &record, &assessed, &Editing { version, unsaved: true, note, edited: None });
    }
    match store_draft(&app, user, &record, version, &raw, "record.save").await? {
        Saved::As(_) if action == "confirm" => {
            Ok(Redirect::to(&format!("/records/{id}/confirm")).into_response())
        }
        Saved::As(_) => Ok(Redirect::to(&format!("/records/{id}?saved=1")).into_response()),
        Saved::Conflict => draw_conflict(&app, user, &record, &form, &raw, action).await,
    }
}

/// Whether a draft could be stored.
enum Saved {
    As(i64),
    /// Somebody stored another one since the page was opened.
    Conflict,
}

async fn store_draft(
    app: &App,
    user: &User,
    record: &Record,
    expected: i64,
    raw: &RawAnswers,
    action: &'static str,
) -> Result<Saved, Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // A record without a draft has been confirmed in the meantime: that is a conflict, too.
    let open = records::draft_in(&mut tx, &record.id).await?.is_some();
    if !open || !records::advance(&mut tx, &record.id, expected, now).await? {
        return Ok(Saved::Conflict);
    }
    let version = expected + 1;
    put_draft(app, &mut tx, user, &record.id, version, raw, now).await?;
    audit::append(&mut tx, now, &user.actor(), Event::done(action, &record.id, version)).await?;
    tx.commit().await?;
    Ok(Saved::As(version))
}

#[derive(Serialize)]
struct Difference {
    label: String,
    mine: String,
    stored: String,
}

/// Both sides of a conflict, and the choice between them.
async fn draw_conflict(
    app: &App,
    user: &User,
    record: &Record,
    form: &Arc<Form>,
    mine: &RawAnswers,
    action: &str,
) -> Result<Response, Error> {
    let to = format!("/records/{}", record.id);
    let Some(draft) = records::draft(&app.db, &record.id).await? else {
        return Err(Error::Changed { what: "この個票（すでに確定されています）", to });
    };
    let stored = assess_draft(app, record, &draft)?;
    let mine = assess_raw(app, record, form, mine.clone())?;
    let (left, right) = (texts(&mine), texts(&stored));
    let differences: Vec<Difference> = left
        .iter()
        .filter(|(name, (_, text))| right.get(*name).is_none_or(|(_, other)| other != text))
        .map(|(name, (label, text))| Difference {
            label: label.clone(),
            mine: text.clone(),
            stored: right.get(name).map(|(_, text)| text.clone()).unwrap_or_default(),
        })
        .collect();
    let pairs: Vec<(&String, &String)> = mine
        .raw
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
        .collect();
    Page::new("ほかの画面で先に保存されています", user)
        .with("nav", "records")
        .with("record", &header(record, form))
        .with("differences", &differences)
        .with("pairs", &pairs)
        .with("action", action)
        .with("version", &draft.version)
        .with("edited", &format!("{}（{}）", moment(draft.edited_at), draft.edited_by_name))
        .draw_as(StatusCode::CONFLICT, "conflict.html")
}

/// Label and answer of every question, by name in the order of names.
fn texts(assessed: &Assessed) -> BTreeMap<&str, (String, String)> {
    let program = assessed.form.program();
    program
        .fields
        .iter()
        .map(|field| {
            let id = assessed.form.field_id(&field.name);
            let codes = id.map(|id| assessed.form.codes(id)).unwrap_or_default();
            let written = assessed.raw.get(&field.name).map(Vec::as_slice).unwrap_or_default();
            let text = written
                .iter()
                .map(|value| {
                    codes
                        .iter()
                        .find(|code| code.value == *value)
                        .map_or(value.as_str(), |code| code.label.as_str())
                })
                .collect::<Vec<_>>()
                .join("、");
            (field.name.as_str(), (field.label.clone(), text))
        })
        .collect()
}

pub(crate) async fn live(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Response, Error> {
    let record = own(&app, &signed.by.0, &id).await?;
    let form = assess::pinned(&app, &record.form_key, &record.form_edition)?;
    let raw = assess::written(&form, &signed.pairs);
    let assessed = assess_raw(&app, &record, &form, raw)?;
    Ok(Json(kohyo_pages::live(&assessed.outcome, &assessed.view)?).into_response())
}

pub(crate) async fn autosave(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let record = own(&app, user, &id).await?;
    let form = assess::pinned(&app, &record.form_key, &record.form_edition)?;
    let raw = assess::written(&form, &signed.pairs);
    let expected = sent_version(&signed.pairs)?;
    match store_draft(&app, user, &record, expected, &raw, "record.autosave").await? {
        Saved::As(version) => {
            let at = time_of_day(app.clock.now());
            Ok(Json(serde_json::json!({ "version": version, "at": at })).into_response())
        }
        Saved::Conflict => Ok((StatusCode::CONFLICT, Json(serde_json::json!({ "error": "conflict" }))).into_response()),
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    let record = own(&app, user, &id).await?;
    let version = sent_version(&signed.pairs)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    if !records::advance(&mut tx, &id, version, now).await? {
        return Err(Error::Changed { what: "この下書き", to: format!("/records/{id}") });
    }
    records::drop_draft(&mut tx, &id).await?;
    records::bury(&mut tx, &id).await?;
    audit::append(&mut tx, now, &user.actor(), Event::done("record.delete_draft", &id, version)).await?;
    tx.commit().await?;
    Ok(if record.confirmed > 0 {
        Redirect::to(&format!("/records/{id}"))
    } else {
        Redirect::to("/records?deleted=1")
    })
}

pub(crate) async fn revise(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    own(&app, user, &id).await?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let record = records::find_for_update(&mut tx, &id).await?.ok_or(Error::NotFound { what: "個票" })?;
    let to = Redirect::to(&format!("/records/{id}"));
    if records::draft_in(&mut tx, &id).await?.is_some() {
        return Ok(to);
    }
    let last = records::version_in(&mut tx, &id, record.confirmed)
        .await?
        .ok_or(Error::NotFound { what: "確定した版" })?;
    let raw = open_version(&app, &record, &last)?;
    records::advance(&mut tx, &id, record.version, now).await?;
    put_draft(&app, &mut tx, user, &id, record.version + 1, &raw, now).await?;
    audit::append(&mut tx, now, &user.actor(), Event::done("record.revise", &id, record.confirmed)).await?;
    tx.commit().await?;
    Ok(to)
}

// Confirming

pub(crate) async fn confirm_page(
    State(app): State<App>,
    Physician(user): Physician,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    let Some(draft) = records::draft(&app.db, &id).await? else {
        return Ok(Redirect::to(&format!("/records/{id}/done")).into_response());
    };
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.read", &id, draft.version)).await?;
    draw_confirm(&app, &user, &record, &draft, StatusCode::OK, false)
}

fn draw_confirm(
    app: &App,
    user: &User,
    record: &Record,
    draft: &Draft,
    status: StatusCode,
    unticked: bool,
) -> Result<Response, Error> {
    let written = assess_draft(app, record, draft)?;
    let before = written.raw.len();
    let assessed = ready(app, record, written)?;
    Page::new("確定前の確認", user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("patient", &Patient::of(&assessed.raw))
        .with("version", &draft.version)
        .with("errors", &assessed.findings(Level::Error))
        .with("warnings", &assessed.findings(Level::Warning))
        .with("infos", &assessed.findings(Level::Information))
        .with("left_out", &before.saturating_sub(assessed.raw.len()))
        .with("unticked", &unticked)
        .with_drawn("form_html", &kohyo_pages::form_html(&assessed.view, Mode::Read)?)
        .with_drawn("verdict_html", &kohyo_pages::verdict_html(&assessed.outcome, &assessed.view, Mode::Read)?)
        .draw_as(status, "confirm.html")
}

/// What would be confirmed: the draft without answers to hidden questions.
fn ready(app: &App, record: &Record, assessed: Assessed) -> Result<Assessed, Error> {
    let application = application_of(record)?;
    Ok(assess::without_hidden(assessed, application, assess::today(app)?))
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Physician>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    own(&app, user, &id).await?;
    let expected = sent_version(&signed.pairs)?;
    let done = Redirect::to(&format!("/records/{id}/done"));
    let mut tx = app.db.begin().await?;
    let record = records::find_for_update(&mut tx, &id).await?.ok_or(Error::NotFound { what: "個票" })?;
    let draft = match records::draft_in(&mut tx, &id).await? {
        Some(draft) if draft.version == expected => draft,
        Some(_) => {
            return Err(Error::Changed { what: "この下書き", to: format!("/records/{id}/confirm") });
        }
        None => {
            // The second of two clicks finds its work done.
            let last = records::version_in(&mut tx, &id, record.confirmed).await?;
            return match last {
                Some(last) if last.draft_version == expected && last.confirmed_by == user.account.id => {
                    Ok(done.into_response())
                }
                _ => Err(Error::Changed { what: "この個票", to: format!("/records/{id}") }),
            };
        }
    };
    let assessed = ready(&app, &record, assess_draft(&app, &record, &draft)?)?;
    let ticked = value(&signed.pairs, "_ack").is_some();
    let blocked = !assessed.findings(Level::Error).is_empty();
    let unticked = !assessed.findings(Level::Warning).is_empty() && !ticked;
    if blocked || unticked {
        drop(tx);
        return draw_confirm(&app, user, &record, &draft, StatusCode::UNPROCESSABLE_ENTITY, unticked && !blocked);
    }
    write_version(&app, &mut tx, user, &record, &draft, &assessed).await?;
    tx.commit().await?;
    Ok(done.into_response())
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
    audit::append(tx, now, &user.actor(), Event::done("record.confirm", &record.id, number)).await?;
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
    records::add_key(tx, &key_mac(app, &key), record, number, &user.account.id, now).await?;
    let token = token_hash(&user.token);
    let sealed = seal::seal(&app.keys, shown_place(user, record), key.as_str().as_bytes())?;
    records::sweep_shown_keys(tx, now).await?;
    records::show_key(tx, &token, record, &sealed, now + SHOW_KEY_SECONDS).await?;
    audit::append(tx, now, &user.actor(), Event::done("access_key.issue", record, number)).await?;
    Ok(())
}

/// What the database knows of a key.
pub(crate) fn key_mac(app: &App, key: &AccessKey) -> Vec<u8> {
    app.keys.mac("access-key", key.as_str().as_bytes()).to_vec()
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
struct ShownKey {
    grouped: String,
    groups: Vec<String>,
}

/// The key just issued, if this browser may still see it.
async fn shown_key(app: &App, user: &User, record: &str) -> Result<Option<ShownKey>, Error> {
    let now = app.clock.now();
    let Some(sealed) = records::shown_key(&app.db, &token_hash(&user.token), record, now).await? else {
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
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.read", &id, version.number)).await?;
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
    let record = records::find_for_update(&mut tx, &id).await?.ok_or(Error::NotFound { what: "個票" })?;
    if record.confirmed == 0 {
        return Err(Error::NotFound { what: "確定した版" });
    }
    issue_key(&app, &mut tx, user, &id, record.confirmed, AccessKey::fresh()).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/records/{id}/done")))
}

// Reading

pub(crate) async fn version(
    State(app): State<App>,
    Staff(user): Staff,
    Path((id, number)): Path<(String, i64)>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    read_version(&app, &user, &record, number).await
}

#[derive(Serialize)]
struct HistoryLine {
    number: i64,
    at: String,
    by: String,
}

async fn read_version(app: &App, user: &User, record: &Record, number: i64) -> Result<Response, Error> {
    let version = confirmed(app, record, number).await?;
    let assessed = assess_version(app, record, &version)?;
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.read", &record.id, number)).await?;
    let history: Vec<HistoryLine> = records::history(&app.db, &record.id)
        .await?
        .into_iter()
        .map(|(number, at, by)| HistoryLine { number, at: moment(at), by })
        .collect();
    Page::new(&assessed.form.program().title, user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("number", &number)
        .with("confirmed_at", &moment(version.confirmed_at))
        .with("confirmed_by", &version.confirmed_by_name)
        .with("entered_by", &version.entered_by_name)
        .with("history", &history)
        .with("revising", &records::draft(&app.db, &record.id).await?.is_some())
        .with_drawn("form_html", &kohyo_pages::form_html(&assessed.view, Mode::Read)?)
        .with_drawn("verdict_html", &kohyo_pages::verdict_html(&assessed.outcome, &assessed.view, Mode::Read)?)
        .draw("read.html")
}

pub(crate) async fn print(
    State(app): State<App>,
    Staff(user): Staff,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let record = own(&app, &user, &id).await?;
    let version = confirmed(&app, &record, record.confirmed).await?;
    let assessed = assess_version(&app, &record, &version)?;
    let key = shown_key(&app, &user, &id).await?;
    let qr = key.as_ref().map(|key| qr(&key.grouped)).transpose()?;
    audit::note(&app.db, app.clock.now(), &user.actor(), Event::done("record.print", &id, version.number)).await?;
    Page::new(&format!("{}（印刷）", assessed.form.program().title), &user)
        .with("nav", "records")
        .with("record", &header(&record, &assessed.form))
        .with("number", &version.number)
        .with("confirmed_at", &moment(version.confirmed_at))
        .with("confirmed_by", &version.confirmed_by_name)
        .with("key", &key)
        .with("masked", &false)
        .with("back", &format!("/records/{id}"))
        .with_drawn("qr", qr.as_deref().unwrap_or_default())
        .with_drawn("form_html", &kohyo_pages::form_html(&assessed.view, Mode::Print { masked: false })?)
        .with_drawn("verdict_html", "")
        .draw("print.html")
}

/// A 2D code of some text, as SVG.
fn qr(text: &str) -> Result<String, Error> {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M)
        .map_err(|error| Error::Internal(error.to_string()))?;
    let drawn = code
        .render::<qrcode::render::svg::Color<'_>>()
        .min_dimensions(132, 132)
        .quiet_zone(true)
        .build();
    // Inside a page it is an element, not a document of its own.
    Ok(drawn
        .find("<svg")
        .and_then(|start| drawn.get(start..))
        .unwrap_or_default()
        .to_owned())
}

// Shared

/// A record of the user's own hospital. Anybody else's does not exist, and the attempt is noted.
async fn own(app: &App, user: &User, id: &str) -> Result<Record, Error> {
    match records::find(&app.db, id).await? {
        Some(record) if record.hospital == user.account.organisation => Ok(record),
        other => {
            let detail = if other.is_some() { "foreign" } else { "missing" };
            // What was typed is noted only if it is a record's name.
            let object = if other.is_some() { id } else { "" };
            let event = Event::denied("record.open", object, detail);
            audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
            Err(Error::NotFound { what: "個票" })
        }
    }
}

async fn confirmed(app: &App, record: &Record, number: i64) -> Result<Version, Error> {
    records::version(&app.db, &record.id, number)
        .await?
        .ok_or(Error::NotFound { what: "確定した版" })
}

fn application_of(record: &Record) -> Result<kohyo_engine::program::Application, Error> {
    assess::application(&record.application)
        .ok_or_else(|| Error::Internal(format!("unknown application {}", record.application)))
}

fn assess_raw(app: &App, record: &Record, form: &Arc<Form>, raw: RawAnswers) -> Result<Assessed, Error> {
    Ok(assess(form, raw, application_of(record)?, assess::today(app)?))
}

fn assess_draft(app: &App, record: &Record, draft: &Draft) -> Result<Assessed, Error> {
    let form = assess::pinned(app, &record.form_key, &record.form_edition)?;
    let place = draft_place(&record.hospital, &record.id, "sealed_answers", draft.version);
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
    Ok(assess(&form, raw, application_of(record)?, on))
}

fn open_version(app: &App, record: &Record, version: &Version) -> Result<RawAnswers, Error> {
    let place = version_place(&record.hospital, &record.id, "sealed_answers", version.number);
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

pub(crate) fn draft_place<'a>(hospital: &'a str, id: &'a str, column: &'static str, version: i64) -> Place<'a> {
    Place { tenant: hospital, table: "record_draft", row: id, column, version }
}

/// Where a confirmed version stands; municipalities open it in the same place.
pub(crate) fn version_place<'a>(
    hospital: &'a str,
    id: &'a str,
    column: &'static str,
    number: i64,
) -> Place<'a> {
    Place { tenant: hospital, table: "record_version", row: id, column, version: number }
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

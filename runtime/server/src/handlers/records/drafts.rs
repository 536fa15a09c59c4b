//! Filling in: opening, live checks, saving, two tabs, deleting, revising.

use super::reading::read_version;
use super::renewing;
use super::{assess_draft, assess_raw, badge, header, open_version, own, put_draft};
use crate::assess::{self, Assessed};
use crate::clock::{moment, time_of_day};
use crate::error::Error;
use crate::extract::{Pairs, Signed, Staff, User, value, version as sent_version};
use crate::pages::Page;
use crate::start::App;
use crate::store::Tx;
use crate::store::audit::{self, Event};
use crate::store::records::{self, Record};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::{Form, RawAnswers};
use kohyo_pages::{Earlier, Mode};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

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
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.read", &id, draft.version),
    )
    .await?;
    let note = query
        .contains_key("saved")
        .then(|| format!("{} に下書きを保存しました。", time_of_day(draft.edited_at)));
    draw_edit(
        &user,
        &record,
        &assessed,
        &Editing {
            version: draft.version,
            earlier: renewing::earlier(&app, &user, &record, &assessed.form).await?,
            unsaved: false,
            note,
            edited: (draft.version != records::UNTOUCHED).then(|| {
                let at = moment(draft.edited_at);
                format!("{at}（{}）", draft.edited_by_name)
            }),
        },
    )
}

/// How a form being filled in is shown.
struct Editing {
    version: i64,
    /// What was answered a year ago, for a renewal made from it.
    earlier: Option<Earlier>,
    unsaved: bool,
    note: Option<String>,
    edited: Option<String>,
}

fn draw_edit(
    user: &User,
    record: &Record,
    assessed: &Assessed,
    how: &Editing,
) -> Result<Response, Error> {
    Page::new(&assessed.form.program().title, user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("version", &how.version)
        .with("unsaved", &how.unsaved)
        .with("note", &how.note)
        .with("edited", &how.edited)
        .with("result", &badge(assessed.outcome.result.name()))
        .with(
            "standing",
            kohyo_pages::standing(&assessed.outcome, &assessed.view),
        )
        .with_drawn(
            "form_html",
            &kohyo_pages::edit_html(&assessed.view, how.earlier.as_ref())?,
        )
        .with_drawn("verdict_html", &assessed.verdict_html(Mode::Edit)?)
        .with(
            "earlier",
            &how.earlier
                .as_ref()
                .map(|earlier| earlier.summary(&assessed.view)),
        )
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
    let mut raw = assess::written(&form, &settled(&signed.pairs));
    let action = value(&signed.pairs, "_action").unwrap_or("save");
    let cleared = value(&signed.pairs, "_clear");
    let taken = value(&signed.pairs, "_take");
    if cleared.is_some() || taken.is_some() || action == "check" {
        let earlier = renewing::earlier(&app, user, &record, &form).await?;
        if let Some(name) = cleared {
            raw.remove(name);
        }
        let answers = earlier.as_ref().map(|earlier| &earlier.answers);
        if let Some((name, answer)) = taken.and_then(|name| answers?.get_key_value(name)) {
            raw.insert(name.clone(), answer.values.clone());
        }
        let assessed = assess_raw(&app, &record, &form, raw)?;
        let note = Some("再計算しました。まだ保存していません。".to_owned());
        return draw_edit(
            user,
            &record,
            &assessed,
            &Editing {
                version,
                earlier,
                unsaved: true,
                note,
                edited: None,
            },
        );
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
    if take_up(&mut tx, &record.id, expected, now).await?.is_none() {
        return Ok(Saved::Conflict);
    }
    let version = expected + 1;
    put_draft(app, &mut tx, user, &record.id, version, raw, now).await?;
    audit::append(
        &mut tx,
        now,
        &user.actor(),
        Event::done(action, &record.id, version),
    )
    .await?;
    tx.commit().await?;
    Ok(Saved::As(version))
}

/// Moves a record on from the draft of version `expected`, and locks it; nothing if that is not its
/// draft any more. A record without a draft has been confirmed, or deleted, in the meantime.
async fn take_up(
    tx: &mut Tx,
    id: &str,
    expected: i64,
    now: i64,
) -> Result<Option<Record>, sqlx::Error> {
    // Locked before its draft is looked at: confirming removes the draft, and the version stays.
    let Some(record) = records::find_for_update(tx, id).await? else {
        return Ok(None);
    };
    let draft = records::draft_in(tx, id).await?;
    let same = draft.is_some_and(|draft| draft.version == expected);
    let moved = same && records::advance(tx, id, expected, now).await?;
    Ok(moved.then_some(record))
}

#[derive(Serialize)]
struct Difference {
    name: String,
    label: String,
    mine: String,
    stored: String,
    /// The stored answer as written, to be sent back if it is chosen.
    values: Vec<String>,
}

/// In front of the name of a question: which answer is chosen, and the stored one.
const TAKE: &str = "_take.";
const STORED: &str = "_stored.";

/// What a page sent, with the stored answer wherever it was chosen on the page about a conflict.
fn settled(pairs: &Pairs) -> Pairs {
    let taken: BTreeSet<&str> = pairs
        .iter()
        .filter(|(_, value)| value == "stored")
        .filter_map(|(name, _)| name.strip_prefix(TAKE))
        .collect();
    pairs
        .iter()
        .filter(|(name, _)| !taken.contains(name.as_str()))
        .map(|(name, value)| match name.strip_prefix(STORED) {
            Some(stored) if taken.contains(stored) => (stored.to_owned(), value.clone()),
            _ => (name.clone(), value.clone()),
        })
        .collect()
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
        return Err(Error::Changed {
            what: "この個票（すでに確定されています）",
            to,
        });
    };
    let stored = assess_draft(app, record, &draft)?;
    let mine = assess_raw(app, record, form, mine.clone())?;
    let (left, right) = (texts(&mine), texts(&stored));
    let differences: Vec<Difference> = left
        .iter()
        .filter(|(name, (_, text))| right.get(*name).is_none_or(|(_, other)| other != text))
        .map(|(name, (label, text))| Difference {
            name: (*name).to_owned(),
            values: stored.raw.get(*name).cloned().unwrap_or_default(),
            label: label.clone(),
            mine: text.clone(),
            stored: right
                .get(name)
                .map(|(_, text)| text.clone())
                .unwrap_or_default(),
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
        .with(
            "edited",
            &format!("{} {}", moment(draft.edited_at), draft.edited_by_name),
        )
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
            let written = assessed
                .raw
                .get(&field.name)
                .map(Vec::as_slice)
                .unwrap_or_default();
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
    Ok(Json(kohyo_pages::live(
        &assessed.outcome,
        assessed.previous.as_ref(),
        &assessed.view,
    )?)
    .into_response())
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
        Saved::Conflict => Ok((
            StatusCode::CONFLICT,
            Json(serde_json::json!({ "error": "conflict" })),
        )
            .into_response()),
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    own(&app, user, &id).await?;
    let version = sent_version(&signed.pairs)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let Some(record) = take_up(&mut tx, &id, version, now).await? else {
        return Err(Error::Changed {
            what: "この下書き",
            to: format!("/records/{id}"),
        });
    };
    records::drop_draft(&mut tx, &id).await?;
    records::bury(&mut tx, &id).await?;
    audit::append(
        &mut tx,
        now,
        &user.actor(),
        Event::done("record.delete_draft", &id, version),
    )
    .await?;
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
    let record = records::find_for_update(&mut tx, &id)
        .await?
        .ok_or(Error::NotFound { what: "個票" })?;
    let to = Redirect::to(&format!("/records/{id}"));
    if records::draft_in(&mut tx, &id).await?.is_some() {
        return Ok(to);
    }
    let last = records::version_in(&mut tx, &id, record.confirmed)
        .await?
        .ok_or(Error::NotFound {
            what: "確定した版"
        })?;
    let raw = open_version(&app, &record, &last)?;
    records::advance(&mut tx, &id, record.version, now).await?;
    put_draft(&app, &mut tx, user, &id, record.version + 1, &raw, now).await?;
    audit::append(
        &mut tx,
        now,
        &user.actor(),
        Event::done("record.revise", &id, record.confirmed),
    )
    .await?;
    tx.commit().await?;
    Ok(to)
}

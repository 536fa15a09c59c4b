//! The records of a hospital, and choosing a form for a new one.

use super::{
    ResultBadge, StatusBadge, badge, draft_place, form_title, programme_label, put_draft,
    status_badge, unseal, version_place,
};
use crate::assess::{self};
use crate::clock::moment;
use crate::error::Error;
use crate::extract::{Signed, Staff, User, value};
use crate::keys;
use crate::pages::Page;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::records::{self, NewRecord, UNTOUCHED};
use crate::store::sessions;
use crate::summary::{self, Patient};
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kohyo_engine::look_up::{means, written_number};
use kohyo_engine::{Context, Form, RawAnswers};
use serde::Serialize;
use std::collections::HashMap;

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

pub(crate) async fn list(
    State(app): State<App>,
    Staff(user): Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let sought = query.get("q").map_or("", |text| text.trim());
    let index = summary::kana_index(&app.keys, &user.account.organisation, sought);
    let lines = records::list(&app.db, &user.account.organisation, index.as_deref()).await?;
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.list", "", 0),
    )
    .await?;
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
    let patient = match (
        &line.draft_patient,
        line.draft_version,
        &line.version_patient,
    ) {
        (Some(sealed), Some(version), _) => unseal(
            app,
            draft_place(hospital, &line.id, "sealed_patient", version),
            sealed,
        )?,
        (_, _, Some(sealed)) => unseal(
            app,
            version_place(hospital, &line.id, "sealed_patient", line.confirmed),
            sealed,
        )?,
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

pub(crate) async fn choose(
    State(app): State<App>,
    Staff(user): Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let sought = query.get("q").map_or("", |text| text.trim());
    let on = assess::today(&app)?;
    let forms = app.forms();
    let library = forms.library();
    let mut keys: Vec<String> = library
        .iter()
        .filter(|form| !form.program().is_of_programme())
        .map(|form| form.program().key.clone())
        .collect();
    let total = keys.len();
    keys.dedup();
    let offers: Vec<Offer> = keys
        .into_iter()
        .filter_map(|key| library.newest(&key, on))
        .map(|form| offer(&form))
        .filter(|offer| means(sought, &offer.key, &offer.title, &forms.names(&offer.key)))
        .collect();
    let recent = match sought.is_empty() {
        true => {
            records::recent_forms(&app.db, &user.account.organisation, &user.account.id).await?
        }
        false => Vec::new(),
    };
    let recent = recent.iter().filter_map(|key| library.newest(key, on));
    let recent: Vec<Offer> = recent.map(|form| offer(&form)).collect();
    Page::new("新規作成：疾病の選択", &user)
        .with("nav", "new")
        .with("q", sought)
        .with("offers", &offers)
        .with("recent", &recent)
        .with("all", &query.contains_key("all"))
        .with("total", &total)
        .draw("choose.html")
}

fn offer(form: &Form) -> Offer {
    let program = form.program();
    let date = program.valid_from.to_string();
    Offer {
        key: program.key.clone(),
        number: written_number(&program.key),
        title: program.title.clone(),
        edition: program.edition.clone(),
        programme: programme_label(program.programme),
        status: status_badge(program.status),
        valid_from: kohyo_pages::western(&date).unwrap_or(date),
        source: program.source.clone(),
    }
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
    if form.program().is_of_programme() {
        return Err(Error::BadForm {
            why: "制度の様式は、個票の様式ではありません。疾病を選んでください。",
        });
    }
    let Some(application) = assess::application(kind) else {
        return Err(Error::BadForm {
            why: "「新規」か「更新」を選んでください。",
        });
    };
    let fresh = keys::fresh_id();
    let now = app.clock.now();
    let known = prefilled(&form, user, &crate::clock::day(now));
    let context = Context {
        today: assess::today(&app)?,
        application,
    };
    let raw = kohyo_engine::first_answers(&form, &context, known);
    let mut tx = app.db.begin().await?;
    let new = NewRecord {
        id: &fresh,
        version: UNTOUCHED,
        hospital: &user.account.organisation,
        form_key: key,
        form_edition: edition,
        application: kind,
        renewed_from: None,
        by: &user.account.id,
        at: now,
    };
    // Looking at a form leaves nothing behind: once the session is over in which it was opened, its
    // draft is begun anew instead of another one beside it.
    let left = records::untouched(&mut tx, &new, now - sessions::ABSOLUTE).await?;
    let (id, action) = match left {
        Some(left) => (left, "record.begin_again"),
        None => {
            records::add(&mut tx, &new).await?;
            (fresh.clone(), "record.create")
        }
    };
    put_draft(&app, &mut tx, user, &id, UNTOUCHED, &raw, now).await?;
    audit::append(
        &mut tx,
        now,
        &user.actor(),
        Event::done(action, &id, UNTOUCHED),
    )
    .await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/records/{id}")))
}

/// What is known of the hospital and the physician is not asked again (names of `common.physician`).
pub(super) fn prefilled(form: &Form, user: &User, today: &str) -> RawAnswers {
    let account = &user.account;
    let physician = user.role == crate::store::accounts::Role::Physician;
    let known = [
        ("facility_name", account.organisation_name.as_str(), true),
        (
            "facility_address",
            account.organisation_address.as_str(),
            true,
        ),
        ("facility_phone", account.organisation_phone.as_str(), true),
        ("department", account.department.as_str(), physician),
        ("physician_name", account.name.as_str(), physician),
        (
            "physician_number",
            account.doctor_number.as_str(),
            physician,
        ),
        ("written_on", today, physician),
    ];
    known
        .into_iter()
        .filter(|(name, value, given)| *given && !value.is_empty() && form.field_id(name).is_some())
        .map(|(name, value, _)| (name.to_owned(), vec![value.to_owned()]))
        .collect()
}

//! A renewal from the record of an earlier year: what may be copied stands in the draft, what has to
//! be confirmed is offered beside its question, everything else is asked anew.

use super::lists::prefilled;
use super::{ResultBadge, badge, confirmed, open_version, own, put_draft, unseal, version_place};
use crate::assess;
use crate::clock::{day, moment};
use crate::error::Error;
use crate::extract::{Signed, Staff, User};
use crate::keys;
use crate::pages::Page;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::records::{self, NewRecord, Record, Version};
use crate::summary::{self, Patient};
use axum::extract::{Path, Query, State};
use axum::response::{Redirect, Response};
use kohyo_engine::program::{Application, Carry};
use kohyo_engine::{Carryover, Context, Form, Lineage, Source};
use kohyo_pages::Earlier;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    kana: String,
    birth_date: String,
    application: &'static str,
    result: Option<ResultBadge>,
    confirmed_at: String,
}

/// The confirmed records of a disease, to choose the one that a renewal is made from.
pub(crate) async fn choose(
    State(app): State<App>,
    Staff(user): Staff,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let key = query.get("form_key").map_or("", String::as_str);
    let sought = query.get("q").map_or("", |text| text.trim());
    let library = app.library();
    let form = library
        .newest(key, assess::today(&app)?)
        .filter(|form| !form.program().is_of_programme())
        .ok_or(Error::NotFound { what: "疾病" })?;
    let hospital = &user.account.organisation;
    let index = summary::kana_index(&app.keys, hospital, sought);
    let lines = records::confirmed_of(&app.db, hospital, key, index.as_deref()).await?;
    let event = Event::done("record.list", "", 0);
    audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
    let lines = lines
        .into_iter()
        .map(|line| {
            let place = version_place(hospital, &line.id, "sealed_patient", line.confirmed);
            let patient: Patient = unseal(&app, place, &line.sealed_patient)?;
            Ok(Line {
                name: patient.name,
                kana: patient.kana,
                birth_date: kohyo_pages::western(&patient.birth_date).unwrap_or_default(),
                application: assess::application_label(&line.application),
                result: badge(&line.result),
                confirmed_at: moment(line.confirmed_at),
                id: line.id,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let program = form.program();
    Page::new("更新申請：前回の個票の選択", &user)
        .with("nav", "new")
        .with("disease", &program.title)
        .with("form_key", &program.key)
        .with("form_edition", &program.edition)
        .with("q", sought)
        .with("lines", &lines)
        .draw("renew.html")
}

/// Makes a draft of a renewal from the last confirmed version of a record; a second click opens the
/// draft that the first one made.
pub(crate) async fn renew(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Staff>,
) -> Result<Redirect, Error> {
    let user = &signed.by.0;
    let earlier = own(&app, user, &id).await?;
    let version = confirmed(&app, &earlier, earlier.confirmed).await?;
    let context = Context {
        today: assess::today(&app)?,
        application: Application::Renewal,
    };
    let library = app.library();
    let newest = library.newest(&earlier.form_key, context.today);
    let form = newest.ok_or_else(|| Error::NoForm {
        key: earlier.form_key.clone(),
        edition: version.form_edition.clone(),
    })?;
    let Some(carried) = carryover(&app, &earlier, &version, &form, &context)? else {
        return Err(Error::BadForm {
            why: "前回の版から今の版への引き継ぎが定められていません。「前回の個票なしで作成」から始めてください。",
        });
    };
    let now = app.clock.now();
    let mut raw = kohyo_engine::written(&form, &carried.settled());
    raw.extend(prefilled(&form, user, &day(now)));
    let raw = kohyo_engine::first_answers(&form, &context, raw);
    let mut tx = app.db.begin().await?;
    // Two clicks at a time wait for each other here.
    records::find_for_update(&mut tx, &id).await?;
    if let Some(draft) = records::renewal_of(&mut tx, &id, version.number).await? {
        return Ok(Redirect::to(&format!("/records/{draft}")));
    }
    let new_id = keys::fresh_id();
    let new = NewRecord {
        id: &new_id,
        version: 1,
        hospital: &user.account.organisation,
        form_key: &form.program().key,
        form_edition: &form.program().edition,
        application: "renewal",
        renewed_from: Some((&id, version.number)),
        by: &user.account.id,
        at: now,
    };
    records::add(&mut tx, &new).await?;
    put_draft(&app, &mut tx, user, &new_id, 1, &raw, now).await?;
    let event = Event::done("record.renew", &id, version.number);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    let event = Event::done("record.create", &new_id, 1);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/records/{new_id}")))
}

/// What was answered a year ago, for the draft of a renewal that was made from it.
pub(super) async fn earlier(
    app: &App,
    user: &User,
    record: &Record,
    form: &Arc<Form>,
) -> Result<Option<Earlier>, Error> {
    let (Some(id), Some(number)) = (&record.renewed_from, record.renewed_version) else {
        return Ok(None);
    };
    let source = own(app, user, id).await?;
    let version = confirmed(app, &source, number).await?;
    let context = Context {
        today: assess::today(app)?,
        application: Application::Renewal,
    };
    let Some(carried) = carryover(app, &source, &version, form, &context)? else {
        return Ok(None);
    };
    let policies: BTreeMap<&str, Carry> = carried
        .marks
        .iter()
        .filter_map(|mark| Some((form.field(mark.field)?.name.as_str(), mark.policy)))
        .collect();
    let raw = kohyo_engine::written(form, &carried.answers);
    let filled = kohyo_engine::fill_in(form, None, &raw, &context);
    let confirm = |name: &str| Some(*policies.get(name)? == Carry::Confirm);
    let on = day(version.confirmed_at);
    Ok(Some(Earlier::of(&filled.view, on, source.id, confirm)))
}

/// What of a confirmed version may stand in a form of today; nothing if no migration leads there.
fn carryover(
    app: &App,
    source: &Record,
    version: &Version,
    form: &Arc<Form>,
    context: &Context,
) -> Result<Option<Carryover>, Error> {
    let (from, to) = (&version.form_edition, &form.program().edition);
    let lineage = if from == to {
        Some(Lineage::same(Arc::clone(form)))
    } else {
        let library = app.library();
        let way = library.lineage(&source.form_key, from, to);
        way.map_err(|error| Error::Internal(error.to_string()))?
    };
    let Some(lineage) = lineage else {
        return Ok(None);
    };
    let raw = open_version(app, source, version)?;
    let (answers, _) = kohyo_engine::read(lineage.oldest(), &raw);
    let written = day(version.confirmed_at);
    let written = written
        .parse()
        .map_err(|_| Error::Internal(format!("confirmed on {written}")))?;
    let source = Source {
        answers: &answers,
        written,
    };
    Ok(Some(lineage.carry(&source, context)))
}

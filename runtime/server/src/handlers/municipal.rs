//! 自治体担当者: access keys, reading, paper for the review board, administrative fields.

pub(crate) mod high_cost;

use crate::access_key::AccessKey;
use crate::assess::{self, Assessed, assess};
use crate::clock::{day, moment};
use crate::error::Error;
use crate::extract::{Officer, Signed, User, value, version as sent_version};
use crate::handlers::records::{
    StatusBadge, badge, form_title, json, key_mac, status_badge, unseal, version_place,
};
use crate::pages::Page;
use crate::seal::{self, Place};
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::municipal::{self, Linked, NewEntry};
use crate::store::records::{self, Version};
use crate::summary::Patient;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::{Date, RawAnswers, ResultKind};
use kohyo_pages::Mode;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Keys that open nothing, per account within so many hours.
const MOST_MISSES: i64 = 30;
const MISS_HOURS: i64 = 1;

/// 判定結果 of the municipality.
const DECISIONS: [(&str, &str); 4] = [
    ("", "未入力"),
    ("approved", "認定"),
    ("rejected", "不認定"),
    ("deferred", "保留"),
];

fn decision_label(name: &str) -> &'static str {
    DECISIONS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("未入力", |(_, label)| label)
}

// The list and the key

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    kana: String,
    form: String,
    application: &'static str,
    hospital: String,
    result: Option<crate::handlers::records::ResultBadge>,
    decision: &'static str,
    linked: String,
    outdated: bool,
}

pub(crate) async fn home(
    State(app): State<App>,
    Officer(user): Officer,
) -> Result<Response, Error> {
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.list", "", 0),
    )
    .await?;
    draw_home(&app, &user, StatusCode::OK, None, "").await
}

async fn draw_home(
    app: &App,
    user: &User,
    status: StatusCode,
    wrong: Option<String>,
    typed: &str,
) -> Result<Response, Error> {
    let lines = municipal::list(&app.db, &user.account.organisation)
        .await?
        .into_iter()
        .map(|linked| {
            let patient = patient(app, &linked)?;
            Ok(Line {
                id: linked.record,
                name: patient.name,
                kana: patient.kana,
                form: form_title(app, &linked.form_key, &linked.form_edition),
                application: assess::application_label(&linked.application),
                hospital: linked.hospital_name,
                result: badge(&linked.result),
                decision: decision_label(linked.decision.as_deref().unwrap_or_default()),
                linked: moment(linked.linked_at),
                outdated: linked.newest > linked.number,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Page::new("個票の取得", user)
        .with("nav", "municipal")
        .with("lines", &lines)
        .with("wrong", &wrong)
        .with("typed", typed)
        .draw_as(status, "municipal.html")
}

fn patient(app: &App, linked: &Linked) -> Result<Patient, Error> {
    let place = version_place(
        &linked.hospital,
        &linked.record,
        "sealed_patient",
        linked.number,
    );
    unseal(app, place, &linked.sealed_patient)
}

pub(crate) async fn redeem(
    State(app): State<App>,
    signed: Signed<Officer>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let typed = value(&signed.pairs, "access_key").unwrap_or_default();
    let key = match AccessKey::read(typed) {
        Ok(key) => key,
        // A slip of the finger says nothing about any record: it is not counted.
        Err(slip) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return draw_home(&app, user, status, Some(slip.message()), typed).await;
        }
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let since = now - MISS_HOURS * 60 * 60;
    if municipal::misses(&mut tx, &user.account.id, since).await? >= MOST_MISSES {
        let event = Event::denied("access_key.redeem", "", "locked");
        audit::append(&mut tx, now, &user.actor(), event).await?;
        tx.commit().await?;
        return Err(Error::TooManyMisses {
            misses: MOST_MISSES,
            hours: MISS_HOURS,
        });
    }
    let Some((record, number)) = municipal::key_target(&mut tx, &key_mac(&app, &key)).await? else {
        municipal::add_miss(&mut tx, &user.account.id, now, since).await?;
        let event = Event::denied("access_key.redeem", "", "unknown");
        audit::append(&mut tx, now, &user.actor(), event).await?;
        tx.commit().await?;
        let wrong = "このアクセスキーに当たる個票はありません。再発行により無効になった可能性があります。\
                     個票の印字を確かめ、必要なら医療機関に問い合わせてください。";
        let status = StatusCode::NOT_FOUND;
        return draw_home(&app, user, status, Some(wrong.to_owned()), typed).await;
    };
    let municipality = &user.account.organisation;
    municipal::link(
        &mut tx,
        municipality,
        &record,
        number,
        &user.account.id,
        now,
    )
    .await?;
    let event = Event::done("access_key.redeem", &record, number);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/municipal/records/{record}")).into_response())
}

// Reading and paper

#[derive(Serialize)]
struct Header {
    id: String,
    title: String,
    key: String,
    edition: String,
    application: &'static str,
    hospital: String,
    status: StatusBadge,
    source: String,
}

/// A redeemed record, judged again as of the day it was confirmed.
struct Opened {
    linked: Linked,
    version: Version,
    assessed: Assessed,
}

impl Opened {
    fn header(&self) -> Header {
        let program = self.assessed.form.program();
        Header {
            id: self.linked.record.clone(),
            title: program.title.clone(),
            key: program.key.clone(),
            edition: program.edition.clone(),
            application: assess::application_label(&self.linked.application),
            hospital: self.linked.hospital_name.clone(),
            status: status_badge(program.status),
            source: program.source.clone(),
        }
    }
}

/// A record this municipality has redeemed. Any other does not exist, and the attempt is noted.
async fn linked(app: &App, user: &User, id: &str) -> Result<Linked, Error> {
    match municipal::find(&app.db, &user.account.organisation, id).await? {
        Some(linked) => Ok(linked),
        None => {
            let known = records::find(&app.db, id).await?.is_some();
            let (object, detail) = if known {
                (id, "foreign")
            } else {
                ("", "missing")
            };
            let event = Event::denied("record.open", object, detail);
            audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
            Err(Error::NotFound { what: "個票" })
        }
    }
}

async fn opened(app: &App, user: &User, id: &str, action: &'static str) -> Result<Opened, Error> {
    let linked = linked(app, user, id).await?;
    let version = records::version(&app.db, id, linked.number)
        .await?
        .ok_or(Error::NotFound {
            what: "確定した版"
        })?;
    let form = assess::pinned(app, &version.form_key, &version.form_edition)?;
    let place = version_place(&linked.hospital, id, "sealed_answers", linked.number);
    let raw: RawAnswers = unseal(app, place, &version.sealed_answers)?;
    let on = version
        .judged_on
        .parse()
        .map_err(|_| Error::Internal(format!("judged on {}", version.judged_on)))?;
    let application = assess::application(&linked.application)
        .ok_or_else(|| Error::Internal(format!("unknown application {}", linked.application)))?;
    let assessed = assess(&app.library(), &form, raw, application, on);
    let event = Event::done(action, id, linked.number);
    audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
    Ok(Opened {
        linked,
        version,
        assessed,
    })
}

pub(crate) async fn open(
    State(app): State<App>,
    Officer(user): Officer,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let opened = opened(&app, &user, &id, "record.read").await?;
    let entry = entry(&app, &user, &id).await?;
    let high_cost = high_cost::view(&app, &user, &opened).await?;
    let high_cost = match query.contains_key("judged") {
        true => high_cost.map(high_cost::View::just_stored),
        false => high_cost,
    };
    let note = query
        .contains_key("saved")
        .then(|| format!("{} に行政記載欄を保存しました。", entry.entered));
    let page = Drawn {
        entry: &entry,
        high_cost: high_cost.as_ref(),
        note,
        wrong: Wrong::default(),
    };
    draw_open(&user, &opened, &page, StatusCode::OK)
}

/// What stands beside the record on the page.
struct Drawn<'a> {
    entry: &'a Entry,
    high_cost: Option<&'a high_cost::View>,
    note: Option<String>,
    /// What is wrong with the entry.
    wrong: Wrong,
}

fn draw_open(
    user: &User,
    opened: &Opened,
    page: &Drawn<'_>,
    status: StatusCode,
) -> Result<Response, Error> {
    let assessed = &opened.assessed;
    let drawn = kohyo_pages::form_html(&assessed.view, Mode::Read)?;
    let verdict = assessed.verdict_html(Mode::Read)?;
    Page::new(&assessed.form.program().title, user)
        .with("nav", "municipal")
        .with("record", &opened.header())
        .with("patient", &Patient::of(&assessed.raw))
        .with("number", &opened.linked.number)
        .with("outdated", &(opened.linked.newest > opened.linked.number))
        .with("confirmed_at", &moment(opened.version.confirmed_at))
        .with("confirmed_by", &opened.version.confirmed_by_name)
        .with(
            "judged_on",
            &kohyo_pages::western(&opened.version.judged_on),
        )
        .with("entry", page.entry)
        .with("decisions", &DECISIONS)
        .with("result", &badge(opened.assessed.outcome.result.name()))
        .with(
            "against",
            &is_against(opened, page.high_cost, &page.entry.decision),
        )
        .with("high_cost", &page.high_cost)
        .with("note", &page.note)
        .with("wrong", &page.wrong)
        .with("refused", &(page.wrong != Wrong::default()))
        .with_drawn("form_html", &drawn)
        .with_drawn("verdict_html", &verdict)
        .with_drawn(
            "high_cost_form",
            page.high_cost
                .and_then(|form| form.form_html.as_deref())
                .unwrap_or_default(),
        )
        .with_drawn(
            "high_cost_verdict",
            page.high_cost
                .and_then(|form| form.verdict_html.as_deref())
                .unwrap_or_default(),
        )
        .draw_as(status, "municipal_record.html")
}

pub(crate) async fn print(
    State(app): State<App>,
    Officer(user): Officer,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let opened = opened(&app, &user, &id, "record.print").await?;
    draw_print(&app, &user, &opened, false).await
}

pub(crate) async fn print_masked(
    State(app): State<App>,
    Officer(user): Officer,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let opened = opened(&app, &user, &id, "record.print_masked").await?;
    draw_print(&app, &user, &opened, true).await
}

async fn draw_print(
    app: &App,
    user: &User,
    opened: &Opened,
    masked: bool,
) -> Result<Response, Error> {
    let assessed = &opened.assessed;
    let mode = Mode::Print { masked };
    let drawn = kohyo_pages::form_html(&assessed.view, mode)?;
    let verdict = assessed.verdict_html(mode)?;
    let high_cost = high_cost::printed(app, user, opened, mode).await?;
    let entered = high_cost.as_ref().map(|form| match masked {
        true => form.entered.clone(),
        false => format!("{}　{}", form.entered, form.entered_by),
    });
    let html = |part: fn(&high_cost::Printed) -> &str| high_cost.as_ref().map_or("", part);
    Page::new(&format!("{}（印刷）", assessed.form.program().title), user)
        .with("nav", "municipal")
        .with("record", &opened.header())
        .with("number", &opened.linked.number)
        .with("confirmed_at", &moment(opened.version.confirmed_at))
        .with(
            "confirmed_by",
            &(!masked).then_some(&opened.version.confirmed_by_name),
        )
        .with("key", &None::<()>)
        .with("masked", &masked)
        .with("patient", &(!masked).then(|| Patient::of(&assessed.raw)))
        .with(
            "back",
            &format!("/municipal/records/{}", opened.linked.record),
        )
        .with("high_cost", &entered)
        .with_drawn("high_cost_form", html(|form| &form.form_html))
        .with_drawn("high_cost_verdict", html(|form| &form.verdict_html))
        .with_drawn("qr", "")
        .with_drawn("form_html", &drawn)
        .with_drawn("verdict_html", &verdict)
        .draw("print.html")
}

// Administrative fields (行政記載欄)

/// The part of the administrative fields that names or describes the person.
#[derive(Default, Serialize, Deserialize)]
struct SealedEntry {
    recipient_number: String,
    note: String,
}

/// The administrative fields as the page shows them.
#[derive(Default, Serialize)]
struct Entry {
    version: i64,
    recipient_number: String,
    decision: String,
    decision_label: &'static str,
    decided_on: String,
    decided_era: Option<String>,
    note: String,
    entered: String,
    entered_by: String,
}

fn entry_place<'a>(municipality: &'a str, record: &'a str, version: i64) -> Place<'a> {
    Place {
        tenant: municipality,
        table: "municipal_entry",
        row: record,
        column: "sealed_entry",
        version,
    }
}

async fn entry(app: &App, user: &User, record: &str) -> Result<Entry, Error> {
    let municipality = &user.account.organisation;
    let Some(stored) = municipal::entry(&app.db, municipality, record).await? else {
        return Ok(Entry {
            decision_label: decision_label(""),
            ..Entry::default()
        });
    };
    let place = entry_place(municipality, record, stored.version);
    let sealed: SealedEntry = unseal(app, place, &stored.sealed_entry)?;
    Ok(Entry {
        version: stored.version,
        recipient_number: sealed.recipient_number,
        decision_label: decision_label(&stored.decision),
        decision: stored.decision,
        decided_era: kohyo_pages::wareki(&stored.decided_on),
        decided_on: stored.decided_on,
        note: sealed.note,
        entered: moment(stored.entered_at),
        entered_by: stored.entered_by_name,
    })
}

pub(crate) async fn enter(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Officer>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let opened = opened(&app, user, &id, "record.read").await?;
    let replaces = sent_version(&signed.pairs)?;
    let high_cost = high_cost::view(&app, user, &opened).await?;
    let text = |name| {
        value(&signed.pairs, name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let sent = Entry {
        version: replaces,
        recipient_number: text("recipient_number"),
        decision: text("decision"),
        decided_on: text("decided_on"),
        note: text("note"),
        ..Entry::default()
    };
    let around = Around {
        today: assess::today(&app)?,
        first: first_confirmed(&app, &id).await?,
        against: is_against(&opened, high_cost.as_ref(), &sent.decision),
        ticked: value(&signed.pairs, "against").is_some(),
    };
    let wrong = wrong_with(&sent, &around);
    if wrong != Wrong::default() {
        let page = Drawn {
            entry: &sent,
            high_cost: high_cost.as_ref(),
            note: None,
            wrong,
        };
        return draw_open(user, &opened, &page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let municipality = &user.account.organisation;
    let sealed = SealedEntry {
        recipient_number: sent.recipient_number,
        note: sent.note,
    };
    let place = entry_place(municipality, &id, replaces + 1);
    let sealed = seal::seal(&app.keys, place, &json(&sealed)?)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let new = NewEntry {
        municipality,
        record: &id,
        replaces,
        decision: &sent.decision,
        decided_on: &sent.decided_on,
        sealed_entry: &sealed,
        by: &user.account.id,
        at: now,
    };
    if !municipal::put_entry(&mut tx, &new).await? {
        return Err(Error::Changed {
            what: "行政記載欄",
            to: format!("/municipal/records/{id}"),
        });
    }
    let event = Event::done("municipal.enter", &id, replaces + 1);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/municipal/records/{id}?saved=1#entry")).into_response())
}

/// What an entry is held against.
struct Around {
    today: Date,
    /// The day the first version was confirmed: nothing was decided before.
    first: Option<Date>,
    /// The decision is not what the machine judged.
    against: bool,
    /// The officer says to have seen that.
    ticked: bool,
}

/// What cannot be stored, in words for the officer, by question.
#[derive(Default, PartialEq, Serialize)]
struct Wrong {
    recipient_number: Option<&'static str>,
    decision: Option<&'static str>,
    decided_on: Option<&'static str>,
    note: Option<&'static str>,
    against: Option<&'static str>,
}

fn wrong_with(entry: &Entry, around: &Around) -> Wrong {
    let known = DECISIONS.iter().any(|(name, _)| *name == entry.decision);
    let unseen = around.against && !around.ticked;
    Wrong {
        recipient_number: wrong_number(entry),
        decision: (!known).then_some("判定結果を選び直してください。"),
        decided_on: wrong_day(entry, around),
        note: wrong_note(entry, around.against),
        against: unseen.then_some("機械判定と異なる結果です。よければ印を付けてください。"),
    }
}

fn wrong_number(entry: &Entry) -> Option<&'static str> {
    let number = &entry.recipient_number;
    if number.is_empty() {
        let approved = entry.decision == "approved";
        return approved.then_some("認定するときは、受給者番号を入力してください。");
    }
    let seven_digits = number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit());
    (!seven_digits).then_some("受給者番号は半角数字7桁で入力してください。")
}

fn wrong_day(entry: &Entry, around: &Around) -> Option<&'static str> {
    if entry.decided_on.is_empty() {
        let decided = !entry.decision.is_empty();
        return decided.then_some("判定結果を入力するときは、判定年月日も入力してください。");
    }
    let date: Option<Date> = entry.decided_on.parse().ok();
    let Some(date) = date.filter(|date| date.day_of_month().is_some()) else {
        return Some("判定年月日は、2026-11-22 のように西暦の年月日で入力してください。");
    };
    if date.first_day() > around.today.first_day() {
        return Some("判定年月日が今日より後です。");
    }
    let before = around
        .first
        .is_some_and(|first| date.first_day() < first.first_day());
    before.then_some("判定年月日が、個票が確定された日より前です。")
}

fn wrong_note(entry: &Entry, against: bool) -> Option<&'static str> {
    if entry.note.chars().count() > 500 {
        return Some("備考は500文字以内で入力してください。");
    }
    let unexplained = against && entry.note.is_empty();
    unexplained.then_some("機械判定と異なる結果にするときは、理由を備考に入力してください。")
}

/// The day in Japan on which the first version of a record was confirmed.
async fn first_confirmed(app: &App, id: &str) -> Result<Option<Date>, Error> {
    let first = records::version(&app.db, id, 1).await?;
    Ok(first.and_then(|first| day(first.confirmed_at).parse().ok()))
}

/// Whether a decision is not what the machine judged, by any edition that may be used and, where the
/// record is mild, by the cost of the treatment. Nothing is against a judgement that is not settled.
fn is_against(opened: &Opened, high_cost: Option<&high_cost::View>, decision: &str) -> bool {
    let assessed = &opened.assessed;
    let earlier = assessed.previous.as_ref().map(|p| p.outcome.result);
    let eligible = match (assessed.outcome.result, earlier) {
        (ResultKind::Eligible, _) | (_, Some(ResultKind::Eligible)) => true,
        (ResultKind::Undetermined, _) => return false,
        (ResultKind::Mild, _) => {
            high_cost.is_some_and(|cost| cost.result == ResultKind::Eligible.name())
        }
        (ResultKind::NotMet, _) => false,
    };
    match decision {
        "approved" => !eligible,
        "rejected" => eligible,
        _ => false,
    }
}

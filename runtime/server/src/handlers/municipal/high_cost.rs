//! 軽症高額の確認: whether the treatment costs so much that the programme helps although the severity
//! is not met. A form of the programme (`forms/programme/high_cost.kohyo`), filled in by the
//! municipality, judged by the engine like any other.
//!
//! The definition asks for the months by how long ago they are; what the officer sees are the
//! months themselves, counted from the month of the application.

mod months;

use super::{Opened, linked, opened};
use crate::assess::{self, Assessed, assess, written};
use crate::clock::moment;
use crate::error::Error;
use crate::extract::{Officer, Pairs, Signed, User, value, version as sent_version};
use crate::handlers::records::{json, unseal};
use crate::seal::{self, Place};
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::municipal::{self, Filled, NewFilled};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::program::{Application, Level, Programme};
use kohyo_engine::{Date, Finding, Form, RawAnswers, ResultKind};
use kohyo_pages::Mode;
use months::{APPLIED, Month, Named, ONSET};
use serde::Serialize;
use std::sync::Arc;

/// The form, whatever its edition.
const FORM: &str = "programme-high_cost";

/// What the page shows beside the record.
#[derive(Default, Serialize)]
pub(super) struct View {
    /// Nothing if no definition of the form is loaded.
    #[serde(skip)]
    pub(super) form_html: Option<String>,
    /// Nothing before it is filled in.
    #[serde(skip)]
    pub(super) verdict_html: Option<String>,
    /// 0 before it is filled in.
    version: i64,
    /// The month that the months on the page are counted from: `2026-11`.
    counted_from: String,
    /// `eligible`, and its word for people; empty before it is filled in.
    pub(super) result: &'static str,
    label: &'static str,
    edition: String,
    entered: String,
    entered_by: String,
    /// What cannot be stored, unless it is said at its question.
    wrong: Option<&'static str>,
    /// Whether it has just been stored.
    stored: bool,
    /// Whether the months were counted anew, and nothing was stored.
    moved: bool,
    /// Whether the record, perhaps a newer version, no longer asks for it.
    needless: bool,
}

/// The form on paper.
pub(super) struct Printed {
    pub(super) form_html: String,
    pub(super) verdict_html: String,
    pub(super) entered: String,
    pub(super) entered_by: String,
}

/// The form beside a record: as it was filled in, or to be filled in; nothing where it is not asked.
pub(super) async fn view(app: &App, user: &User, opened: &Opened) -> Result<Option<View>, Error> {
    let stored = stored(app, user, &opened.linked.record).await?;
    let needless = !opened.assessed.is_mild();
    let Some(stored) = stored else {
        return match needless {
            true => Ok(None),
            false => empty(app, opened).map(Some),
        };
    };
    let mut view = View {
        version: stored.version,
        edition: stored.form_edition.clone(),
        entered: moment(stored.entered_at),
        entered_by: stored.entered_by_name.clone(),
        needless,
        ..View::default()
    };
    let Some(assessed) = judged(app, user, &opened.linked.record, &stored)? else {
        let mut kinds = ResultKind::ALL.into_iter();
        let kind = kinds.find(|kind| kind.name() == stored.result);
        view.result = kind.map_or("", ResultKind::name);
        view.label = kind.map_or("", label);
        return Ok(Some(view));
    };
    let named = view.draw(&assessed)?;
    view.result = named.outcome.result.name();
    view.label = label(named.outcome.result);
    let verdict = kohyo_pages::verdict_html(&named.outcome, None, &named.view, Mode::Read)?;
    view.verdict_html = Some(verdict);
    Ok(Some(view))
}

/// The same on paper, if it is filled in and its definition is at hand.
pub(super) async fn printed(
    app: &App,
    user: &User,
    opened: &Opened,
    mode: Mode,
) -> Result<Option<Printed>, Error> {
    let record = &opened.linked.record;
    let Some(stored) = stored(app, user, record).await? else {
        return Ok(None);
    };
    let Some(assessed) = judged(app, user, record, &stored)? else {
        return Ok(None);
    };
    let Named { view, outcome } = months::named(&assessed);
    Ok(Some(Printed {
        form_html: kohyo_pages::part_html(&view, mode)?,
        verdict_html: kohyo_pages::verdict_html(&outcome, None, &view, mode)?,
        entered: moment(stored.entered_at),
        entered_by: stored.entered_by_name,
    }))
}

fn label(result: ResultKind) -> &'static str {
    result.label_in(Programme::Itself)
}

impl View {
    /// The same after it has just been stored.
    pub(super) fn just_stored(self) -> Self {
        Self {
            stored: self.version > 0,
            ..self
        }
    }

    fn draw(&mut self, assessed: &Assessed) -> Result<Named, Error> {
        let named = months::named(assessed);
        self.counted_from = months::applied(assessed).map_or_else(String::new, Month::written);
        self.form_html = Some(kohyo_pages::part_html(&named.view, Mode::Edit)?);
        Ok(named)
    }
}

// What is stored

async fn stored(app: &App, user: &User, record: &str) -> Result<Option<Filled>, Error> {
    Ok(municipal::filled(&app.db, &user.account.organisation, record, FORM).await?)
}

fn place<'a>(municipality: &'a str, record: &'a str, version: i64) -> Place<'a> {
    Place {
        tenant: municipality,
        table: "municipal_form",
        row: record,
        column: "sealed_answers",
        version,
    }
}

fn answers(app: &App, user: &User, record: &str, stored: &Filled) -> Result<RawAnswers, Error> {
    let place = place(&user.account.organisation, record, stored.version);
    unseal(app, place, &stored.sealed_answers)
}

/// What was filled in, judged by its edition as of the day it was filled in; nothing if that edition
/// is not loaded.
fn judged(
    app: &App,
    user: &User,
    record: &str,
    stored: &Filled,
) -> Result<Option<Assessed>, Error> {
    let Some(form) = app.library().get(FORM, &stored.form_edition) else {
        return Ok(None);
    };
    let on = stored.judged_on.parse();
    let on = on.map_err(|_| Error::Internal(format!("judged on {}", stored.judged_on)))?;
    let raw = answers(app, user, record, stored)?;
    Ok(Some(of(app, &form, raw, on)))
}

/// New and renewal are no question of a form of the programme.
fn of(app: &App, form: &Arc<Form>, raw: RawAnswers, on: Date) -> Assessed {
    assess(&app.library(), form, raw, Application::New, on)
}

// Filling it in

/// The edition in force in a month, or else today.
fn form_of(app: &App, month: Option<Month>, today: Date) -> Option<Arc<Form>> {
    let library = app.library();
    let first = month.and_then(Month::first_day);
    let form = first.and_then(|day| library.newest(FORM, day));
    form.or_else(|| library.newest(FORM, today))
}

/// Nothing filled in yet: this month, and the month of the onset as the record says it.
fn empty(app: &App, opened: &Opened) -> Result<View, Error> {
    let today = assess::today(app)?;
    let mut view = View::default();
    let month = Month::of(today);
    let Some(form) = form_of(app, month, today) else {
        return Ok(view);
    };
    let mut raw = RawAnswers::new();
    if let Some(month) = month {
        raw.insert(APPLIED.to_owned(), vec![month.written()]);
        let onset = months::onset(&opened.assessed.raw, month);
        raw.extend(onset.map(|ago| (ONSET.to_owned(), vec![ago])));
    }
    view.draw(&of(app, &form, raw, today))?;
    Ok(view)
}

pub(crate) async fn enter(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Officer>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    linked(&app, user, &id).await?;
    let replaces = sent_version(&signed.pairs)?;
    let today = assess::today(&app)?;
    let sent = sent(&app, &signed.pairs, today)?;
    let record = opened(&app, user, &id, "record.read").await?;
    let earlier = stored(&app, user, &id).await?;
    if earlier.is_none() && !record.assessed.is_mild() {
        return Err(Error::NotFound {
            what: "軽症高額の確認",
        });
    }
    if let Some(mut view) = sent.returned(&app, &record, today)? {
        view.version = replaces;
        let entry = super::entry(&app, user, &id).await?;
        let page = super::Drawn {
            entry: &entry,
            high_cost: Some(&view),
            note: None,
            wrong: super::Wrong::default(),
        };
        return super::draw_open(user, &record, &page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let done = Redirect::to(&format!(
        "/municipal/records/{id}?judged=1#high-cost-verdict"
    ));
    // A second click sends what has just been stored: it is done.
    if let Some(earlier) = &earlier
        && earlier.version == replaces + 1
        && answers(&app, user, &id, earlier)? == sent.assessed.raw
    {
        return Ok(done.into_response());
    }
    let municipality = &user.account.organisation;
    let sealed = json(&sent.assessed.raw)?;
    let sealed = seal::seal(&app.keys, place(municipality, &id, replaces + 1), &sealed)?;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let new = NewFilled {
        municipality,
        record: &id,
        form_key: FORM,
        form_edition: &sent.assessed.form.program().edition,
        replaces,
        judged_on: &today.to_string(),
        result: sent.assessed.outcome.result.name(),
        sealed_answers: &sealed,
        by: &user.account.id,
        at: now,
    };
    if !municipal::put_filled(&mut tx, &new).await? {
        return Err(Error::Changed {
            what: "軽症高額の確認",
            to: format!("/municipal/records/{id}#section-high_cost"),
        });
    }
    let event = Event::done("municipal.high_cost", &id, replaces + 1);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    Ok(done.into_response())
}

/// What the officer sent.
struct Sent {
    assessed: Assessed,
    /// The month of the application, if it can be read.
    month: Option<Month>,
    /// The month that the page counted from.
    counted_from: Option<Month>,
}

fn sent(app: &App, pairs: &Pairs, today: Date) -> Result<Sent, Error> {
    let none = || Error::NoForm {
        key: FORM.to_owned(),
        edition: String::new(),
    };
    let form = form_of(app, None, today).ok_or_else(none)?;
    let assessed = of(app, &form, written(&form, pairs), today);
    let month = months::applied(&assessed);
    let form = form_of(app, month, today).ok_or_else(none)?;
    Ok(Sent {
        assessed: of(app, &form, written(&form, pairs), today),
        month,
        counted_from: value(pairs, "_counted_from").and_then(Month::read),
    })
}

impl Sent {
    /// What goes back to the officer instead of being stored: what is wrong stands at its question;
    /// where the month of the application is another one, the months are counted anew first.
    fn returned(&self, app: &App, record: &Opened, today: Date) -> Result<Option<View>, Error> {
        let mut view = View::default();
        let wrong = |finding: &Finding| {
            finding.level == Level::Error && !finding.check.starts_with("required.")
        };
        let Some(month) = self.month else {
            view.wrong = Some("申請年月は、2026-11 のように年と月を記入してください。");
            return self.back(view, &self.assessed, self.counted_from).map(Some);
        };
        if self.assessed.outcome.findings.iter().any(wrong) {
            view.wrong = Some("保存していません。印のある項目を直してください。");
            return self.back(view, &self.assessed, self.counted_from).map(Some);
        }
        match self.counted_from {
            Some(from) if from != month => {
                let mut raw = months::moved(&self.assessed.raw, from, month);
                if !raw.contains_key(ONSET) {
                    let onset = months::onset(&record.assessed.raw, month);
                    raw.extend(onset.map(|ago| (ONSET.to_owned(), vec![ago])));
                }
                view.moved = true;
                let assessed = of(app, &self.assessed.form, raw, today);
                self.back(view, &assessed, Some(month)).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn back(
        &self,
        mut view: View,
        assessed: &Assessed,
        counted_from: Option<Month>,
    ) -> Result<View, Error> {
        let named = match counted_from {
            Some(month) => months::named_from(assessed, month),
            None => months::named(assessed),
        };
        view.counted_from = counted_from.map_or_else(String::new, Month::written);
        view.form_html = Some(kohyo_pages::part_html(&named.view, Mode::Edit)?);
        Ok(view)
    }
}

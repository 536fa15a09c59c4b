//! Reading confirmed versions, and paper.

use super::confirming::shown_key;
use super::{assess_version, confirmed, header, own};
use crate::clock::moment;
use crate::error::Error;
use crate::extract::{Staff, User};
use crate::pages::Page;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::records::{self, Record};
use crate::summary::Patient;
use axum::extract::{Path, State};
use axum::response::Response;
use kohyo_pages::Mode;
use serde::Serialize;

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

pub(super) async fn read_version(
    app: &App,
    user: &User,
    record: &Record,
    number: i64,
) -> Result<Response, Error> {
    let version = confirmed(app, record, number).await?;
    let assessed = assess_version(app, record, &version)?;
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.read", &record.id, number),
    )
    .await?;
    let history: Vec<HistoryLine> = records::history(&app.db, &record.id)
        .await?
        .into_iter()
        .map(|(number, at, by)| HistoryLine {
            number,
            at: moment(at),
            by,
        })
        .collect();
    Page::new(&assessed.form.program().title, user)
        .with("nav", "records")
        .with("record", &header(record, &assessed.form))
        .with("number", &number)
        .with("confirmed_at", &moment(version.confirmed_at))
        .with("confirmed_by", &version.confirmed_by_name)
        .with("entered_by", &version.entered_by_name)
        .with("history", &history)
        .with(
            "revising",
            &records::draft(&app.db, &record.id).await?.is_some(),
        )
        .with_drawn(
            "form_html",
            &kohyo_pages::form_html(&assessed.view, Mode::Read)?,
        )
        .with_drawn("verdict_html", &assessed.verdict_html(Mode::Read)?)
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
    audit::note(
        &app.db,
        app.clock.now(),
        &user.actor(),
        Event::done("record.print", &id, version.number),
    )
    .await?;
    Page::new(&format!("{}（印刷）", assessed.form.program().title), &user)
        .with("nav", "records")
        .with("record", &header(&record, &assessed.form))
        .with("number", &version.number)
        .with("confirmed_at", &moment(version.confirmed_at))
        .with("confirmed_by", &version.confirmed_by_name)
        .with("key", &key)
        .with("masked", &false)
        .with("patient", &Some(Patient::of(&assessed.raw)))
        .with("high_cost", &None::<()>)
        .with("back", &format!("/records/{id}"))
        .with_drawn("qr", qr.as_deref().unwrap_or_default())
        .with_drawn(
            "form_html",
            &kohyo_pages::form_html(&assessed.view, Mode::Print { masked: false })?,
        )
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

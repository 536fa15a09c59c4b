//! 指定医: many records of an import confirmed together, each as if it were confirmed by itself.

use super::own;
use crate::error::Error;
use crate::extract::{Pairs, Physician, Sender, Signed, User, value};
use crate::handlers::records::confirming::{
    Confirmation, Ready, Ticked, confirm_draft, ready_draft, shown_key,
};
use crate::imports::outcome::name_of;
use crate::pages::Page;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::imports::{self, Import, Waiting};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use std::collections::HashMap;

/// Records on one page, and at most so many are confirmed at a time.
const PAGE: usize = 100;

#[derive(Serialize)]
struct Line {
    number: i64,
    #[serde(flatten)]
    draft: Ready,
}

pub(crate) async fn page(
    State(app): State<App>,
    Physician(user): Physician,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let import = own(&app, &Sender::person(user.clone()), &id).await?;
    let after = query.get("after").and_then(|text| text.parse().ok());
    draw(&app, &user, &import, after.unwrap_or(0), StatusCode::OK).await
}

async fn draw(
    app: &App,
    user: &User,
    import: &Import,
    after: i64,
    status: StatusCode,
) -> Result<Response, Error> {
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut found = imports::waiting(&app.db, &import.id, after, most + 1).await?;
    let further = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().map(|waiting| waiting.seq).filter(|_| further);
    let mut lines = Vec::new();
    for Waiting { number, record, .. } in found {
        // It may have been confirmed a moment ago.
        if let Some(draft) = ready_draft(app, user, &record).await? {
            lines.push(Line { number, draft });
        }
    }
    let event = Event::done("import.read", &import.id, 0);
    audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
    let (clean, others): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| line.draft.errors == 0);
    Page::new("まとめて確定する", user)
        .with("nav", "imports")
        .with("import", &import.id)
        .with("file", &name_of(app, import)?)
        .with("lines", &clean)
        .with("others", &others)
        .with("after", &after)
        .with("next", &next)
        .with("nothing_chosen", &(status != StatusCode::OK))
        .draw_as(status, "confirm_together.html")
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Path(id): Path<String>,
    signed: Signed<Physician>,
) -> Result<Response, Error> {
    let user = &signed.by.0;
    let import = own(&app, &Sender::person(user.clone()), &id).await?;
    let chosen = chosen(&signed.pairs)?;
    if chosen.is_empty() {
        let after = value(&signed.pairs, "after").and_then(|text| text.parse().ok());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return draw(&app, user, &import, after.unwrap_or(0), status).await;
    }
    let mut lines = Vec::with_capacity(chosen.len());
    for Chosen { record, version } in chosen {
        // What is seen is seen of one patient.
        let seen = |name| {
            signed
                .pairs
                .iter()
                .any(|(n, value)| n == name && value == record)
        };
        let ticked = Ticked {
            warnings: seen("_ack"),
            result: seen("_ack_result"),
        };
        let outcome = match confirm_draft(&app, user, record, version, ticked).await {
            // Somebody has deleted it; the others are no matter of that.
            Err(Error::NotFound { .. }) => Confirmation::Gone,
            outcome => outcome?,
        };
        lines.push(outcome_line(&app, user, record, &outcome).await?);
    }
    let confirmed = lines.iter().filter(|line| line.confirmed).count();
    Page::new("まとめて確定した結果", user)
        .with("nav", "imports")
        .with("import", &import.id)
        .with("file", &name_of(&app, &import)?)
        .with("confirmed", &confirmed)
        .with("others", &(lines.len() - confirmed))
        .with("lines", &lines)
        .draw("confirmed_together.html")
}

/// A draft that the physician chose, as it was shown.
struct Chosen<'a> {
    record: &'a str,
    version: i64,
}

/// What was ticked, record by record: nothing is confirmed because it stands on the page.
fn chosen(pairs: &Pairs) -> Result<Vec<Chosen<'_>>, Error> {
    let chosen = pairs.iter().filter(|(name, _)| name == "record");
    let chosen: Option<Vec<Chosen<'_>>> = chosen
        .map(|(_, value)| {
            let (record, version) = value.split_once(':')?;
            let version = version.parse().ok()?;
            Some(Chosen { record, version })
        })
        .collect();
    chosen
        .filter(|chosen| chosen.len() <= PAGE)
        .ok_or(Error::BadForm {
            why: "選んだ個票を読み取れません。",
        })
}

#[derive(Serialize)]
struct Outcome {
    record: String,
    name: String,
    form: String,
    confirmed: bool,
    label: &'static str,
    /// The access key, while this browser may see it.
    key: Option<String>,
}

async fn outcome_line(
    app: &App,
    user: &User,
    record: &str,
    outcome: &Confirmation,
) -> Result<Outcome, Error> {
    let (confirmed, label) = match outcome {
        Confirmation::Done => (true, "確定しました"),
        Confirmation::DraftChanged => (false, "表示の後に変更されたため、確定していません"),
        Confirmation::Gone => (false, "ほかの人が確定したか削除したため、確定していません"),
        Confirmation::Held(held) if held.errors => (false, "エラーがあるため、確定していません"),
        Confirmation::Held(_) => (
            false,
            "警告か判定結果を確認していないため、確定していません",
        ),
    };
    let key = match confirmed {
        true => shown_key(app, user, record).await?.map(|key| key.grouped),
        false => None,
    };
    let known = crate::handlers::records::heading(app, user, record).await?;
    let (name, form) = known.unwrap_or_default();
    Ok(Outcome {
        record: record.to_owned(),
        name,
        form,
        confirmed,
        label,
        key,
    })
}

//! Imports as people and programs look at them: the list, one with its records, its lists.

use super::{answer, own};
use crate::clock::moment;
use crate::error::{ApiError, Error, wants_json};
use crate::extract::{Sender, User};
use crate::handlers::records::{ResultBadge, badge, form_title, heading};
use crate::imports::lists::{self, Format};
use crate::imports::outcome::{Status, name_of, state_of};
use crate::imports::{Mode, State, job};
use crate::pages::Page;
use crate::start::App;
use crate::store::audit::{self, Event};
use crate::store::hospital_keys;
use crate::store::imports::{self, Entry, Import};
use crate::store::records;
use axum::Json;
use axum::extract::{Path, Query, State as Ours};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kohyo_engine::program::Level;
use serde::Serialize;
use std::collections::HashMap;

/// Records on one page.
const PAGE: i64 = 100;
/// Findings of a record shown on the page; the others stand in the list.
const FINDINGS: usize = 5;

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    sent: String,
    state: &'static str,
    state_label: &'static str,
    records: i64,
    registered: i64,
    duplicates: i64,
    refused: i64,
    over: bool,
}

pub(crate) async fn list(
    Ours(app): Ours<App>,
    sender: Result<Sender, ApiError>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let sender = match sender {
        Ok(sender) => sender,
        Err(error) if wants_json(&headers) => return Ok(error.into_response()),
        Err(ApiError(error)) => return Err(error),
    };
    let kid = query.get("kid").map(String::as_str);
    let found = imports::list(&app.db, &sender.hospital, kid).await?;
    let event = Event::done("import.list", "", 0);
    audit::note(&app.db, app.clock.now(), &sender.actor, event).await?;
    let Some(user) = sender.person.as_ref().filter(|_| !wants_json(&headers)) else {
        let all = found
            .iter()
            .map(|import| Status::of(&app, import))
            .collect::<Result<Vec<_>, Error>>()?;
        return Ok(Json(all).into_response());
    };
    let lines = found
        .iter()
        .map(|import| line(&app, import))
        .collect::<Result<Vec<_>, Error>>()?;
    let limits = app.imports.limits;
    let keys = hospital_keys::of_hospital(&app.db, &sender.hospital).await?;
    Page::new("一括登録", user)
        .with("has_key", &keys.iter().any(|key| key.state == "active"))
        .with("nav", "imports")
        .with("lines", &lines)
        .with("kid", &kid)
        .with("megabytes", &(limits.bytes / 1024 / 1024))
        .with("most_records", &limits.records)
        .with("sealed_only", &!app.private)
        .with("each", Mode::Each.label())
        .with("all", Mode::All.label())
        .draw("imports.html")
}

fn line(app: &App, import: &Import) -> Result<Line, Error> {
    let state = state_of(import)?;
    Ok(Line {
        id: import.id.clone(),
        name: name_of(app, import)?,
        sent: moment(import.created_at),
        state: state.name(),
        state_label: state.label(),
        records: import.records,
        registered: import.registered,
        duplicates: import.duplicates,
        refused: import.records - import.registered - import.duplicates,
        over: matches!(state, State::Done | State::Refused),
    })
}

pub(crate) async fn open(
    Ours(app): Ours<App>,
    sender: Result<Sender, ApiError>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    let json = wants_json(&headers) || headers.contains_key(header::AUTHORIZATION);
    let opened = async {
        let sender = sender?;
        let import = own(&app, &sender, &id).await?;
        if import.state == State::Queued.name() {
            job::wake(&app, &id);
        }
        Ok::<_, ApiError>((sender, import))
    };
    let (sender, import) = match opened.await {
        Ok(opened) => opened,
        Err(error) if json => return Ok(error.into_response()),
        Err(ApiError(error)) => return Err(error),
    };
    match sender.person.as_ref().filter(|_| !json) {
        Some(user) => {
            let after = query.get("after").and_then(|text| text.parse().ok());
            draw(&app, user, &import, after.unwrap_or(0)).await
        }
        None => answer(&app, &import, StatusCode::OK),
    }
}

#[derive(Serialize)]
struct RecordLine {
    number: i64,
    outcome: String,
    outcome_label: &'static str,
    record: Option<String>,
    /// Of the patient, where there is a record to open.
    name: String,
    form: String,
    result: Option<ResultBadge>,
    findings: Vec<Finding>,
    more: usize,
}

#[derive(Serialize)]
struct Finding {
    check: String,
    level: &'static str,
    message: String,
    help: Option<String>,
    /// Where in the file, for whoever made it.
    place: String,
}

async fn record_line(
    app: &App,
    user: &User,
    import: &Import,
    entry: Entry,
) -> Result<RecordLine, Error> {
    let findings = lists::findings(app, import, &entry)?;
    let more = findings.len().saturating_sub(FINDINGS);
    let findings = findings.into_iter().take(FINDINGS).map(|finding| {
        let level = match finding.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Information => "information",
        };
        Finding {
            check: finding.check.to_string(),
            level,
            place: finding.place.to_string(),
            message: finding.message,
            help: finding.help,
        }
    });
    let findings = findings.collect();
    let record = entry
        .record
        .filter(|_| matches!(entry.outcome.as_str(), "registered" | "duplicate"));
    let known = match &record {
        Some(record) if records::find(&app.db, record).await?.is_some() => {
            heading(app, user, record).await?
        }
        _ => None,
    };
    Ok(RecordLine {
        number: entry.number,
        outcome_label: lists::outcome_label(&entry.outcome),
        // A record that has been deleted since is not linked.
        record: record.filter(|_| known.is_some()),
        name: known.map(|(name, _)| name).unwrap_or_default(),
        form: if entry.form_key.is_empty() {
            String::new()
        } else {
            form_title(app, &entry.form_key, &entry.form_edition)
        },
        result: entry.result.as_deref().and_then(badge),
        outcome: entry.outcome,
        findings,
        more,
    })
}

async fn draw(app: &App, user: &User, import: &Import, after: i64) -> Result<Response, Error> {
    let state = state_of(import)?;
    let status = Status::of(app, import)?;
    let over = matches!(state, State::Done | State::Refused);
    let entries = if over {
        imports::entries(&app.db, &import.id, after, PAGE + 1).await?
    } else {
        Vec::new()
    };
    let further = entries.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    let mut entries: Vec<Entry> = entries;
    entries.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next = entries.last().map(|entry| entry.seq).filter(|_| further);
    if over {
        let event = Event::done("import.read", &import.id, 0);
        audit::note(&app.db, app.clock.now(), &user.actor(), event).await?;
    }
    let mut lines = Vec::with_capacity(entries.len());
    for entry in entries {
        lines.push(record_line(app, user, import, entry).await?);
    }
    let percent = status.progress.as_ref().map_or(0, |progress| {
        (progress.records * 100)
            .checked_div(progress.of)
            .unwrap_or(0)
            .min(100)
    });
    Page::new("一括登録の結果", user)
        .with("nav", "imports")
        .with("status", &status)
        .with("state_label", state.label())
        .with("waits", &(state == State::Queued))
        .with("percent", &percent)
        .with("over", &over)
        .with(
            "mode_label",
            Mode::parse(&import.mode).map_or("", Mode::label),
        )
        .with("sent", &moment(import.created_at))
        .with("received", &import.received_at.map(moment))
        .with("finished", &import.finished_at.map(moment))
        .with(
            "judged_on",
            &import.judged_on.as_deref().and_then(kohyo_pages::western),
        )
        .with(
            "refused",
            &(import.records - import.registered - import.duplicates),
        )
        .with("records", &import.records)
        .with("registered", &import.registered)
        .with("duplicates", &import.duplicates)
        .with("lines", &lines)
        .with("next", &next)
        .with("first", &(after == 0))
        .draw("import.html")
}

/// `errors.csv`, `errors.json`, `records.csv`, `records.json`.
pub(crate) async fn download(
    Ours(app): Ours<App>,
    sender: Result<Sender, ApiError>,
    Path((id, list)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let json = wants_json(&headers) || headers.contains_key(header::AUTHORIZATION);
    match listed(&app, sender, &id, &list).await {
        Ok(response) => response,
        Err(error) if json => error.into_response(),
        Err(ApiError(error)) => error.into_response(),
    }
}

async fn listed(
    app: &App,
    sender: Result<Sender, ApiError>,
    id: &str,
    list: &str,
) -> Result<Response, ApiError> {
    let sender = sender?;
    let import = own(app, &sender, id).await?;
    let over = matches!(state_of(&import)?, State::Done | State::Refused);
    let known = list
        .split_once('.')
        .and_then(|(what, format)| Some((what, Format::parse(format)?)))
        .filter(|(what, _)| over && matches!(*what, "errors" | "records"));
    let (what, format) = known.ok_or(Error::NotFound { what: "一覧" })?;
    let bytes = match what {
        "errors" => lists::errors(app, &import, format).await?,
        _ => lists::records(app, &import, format).await?,
    };
    let event = Event {
        detail: what,
        ..Event::done("import.read", id, 0)
    };
    audit::note(&app.db, app.clock.now(), &sender.actor, event).await?;
    let short: String = id.chars().take(8).collect();
    let headers = [
        (header::CONTENT_TYPE, format.mime().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{short}-{list}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

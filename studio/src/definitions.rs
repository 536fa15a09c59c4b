//! The pages: the list of all definitions, and one definition.

use crate::guard::{Author, Nonce, address};
use crate::live::users;
use crate::serve::Studio;
use crate::workspace::{
    Catalogue, Facts, Kind, Snapshot, Summaries, Summary, catalogue, today, without_branch,
};
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use kohyo_compiler::catalogue::Listed;
use kohyo_engine::look_up::means;
use kohyo_engine::program::Status;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// A page does not wait longer for what is not known yet.
const PATIENCE: Duration = Duration::from_millis(500);

/// The state of a disease that only the catalogue knows, in a search.
const UNWRITTEN: &str = "none";

/// The list shows no more of them at once.
const MOST_UNWRITTEN: usize = 100;

/// What is looked for in the list.
#[derive(Deserialize)]
pub(crate) struct Search {
    /// Words that must all occur in key, title or path.
    #[serde(default)]
    q: String,
    /// `draft`, `reviewed`, `published`, or `none` for what is only in the catalogue.
    #[serde(default)]
    status: String,
    /// Only definitions with errors or failed cases.
    #[serde(default)]
    open: Option<String>,
}

#[derive(Serialize)]
struct ListPage {
    q: String,
    status: String,
    open: bool,
    searched: bool,
    diseases: Vec<Row>,
    modules: Vec<Row>,
    all: usize,
    /// Entries of the catalogue for which nothing is written yet, as far as they are looked for.
    unwritten: Vec<Unwritten>,
    /// How many more there are.
    more_unwritten: usize,
    /// How much of the catalogue is written.
    progress: Option<Progress>,
    /// How many are still being looked at.
    pending: usize,
    unreadable: Vec<(String, String)>,
}

/// An entry of the catalogue without a definition.
#[derive(Serialize)]
struct Unwritten {
    key: String,
    name: String,
    groups: String,
}

/// Entries of the catalogue that have a definition, and all of them.
#[derive(Serialize)]
struct Progress {
    shitei: (usize, usize),
    shoman: (usize, usize),
}

#[derive(Serialize)]
struct Row {
    path: String,
    href: String,
    key: String,
    title: String,
    edition: String,
    status: &'static str,
    status_label: &'static str,
    /// Whether it has been looked at since the studio was started.
    known: bool,
    errors: usize,
    warnings: usize,
    /// Whether there are cases that were run.
    ran: bool,
    passed: usize,
    failed: usize,
    case_problem: Option<String>,
    /// How many diseases use it.
    used_by: usize,
}

/// `GET /`
pub(crate) async fn list(
    Author(user): Author,
    State(studio): State<Arc<Studio>>,
    Extension(nonce): Extension<Nonce>,
    Query(search): Query<Search>,
) -> Response {
    let shown = Arc::clone(&studio);
    let page = tokio::task::spawn_blocking(move || list_page(&shown, search)).await;
    match page {
        Ok(page) => studio
            .templates
            .page(StatusCode::OK, "list.html", &nonce, Some(&user), &page),
        Err(error) => broken(&studio, &nonce, &user, &error),
    }
}

fn list_page(studio: &Studio, search: Search) -> ListPage {
    let snapshot = studio.workspace.refreshed();
    let Summaries {
        known: summaries,
        pending,
    } = studio.workspace.summaries(PATIENCE);
    let (q, open) = (search.q.trim().to_owned(), search.open.is_some());
    let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    let mut rows: Vec<(Kind, Row)> = Vec::new();
    for (path, entry) in snapshot.definitions() {
        if let Some(facts) = &entry.facts {
            let used_by = match facts.kind {
                Kind::Module => users(&snapshot, &summaries, path).count(),
                Kind::Disease => 0,
            };
            rows.push((facts.kind, row(path, facts, summaries.get(path), used_by)));
        }
    }
    let all = rows.len();
    let written: BTreeSet<String> = rows
        .iter()
        .map(|(_, row)| without_branch(&row.key).to_owned())
        .collect();
    let mut unreadable: Vec<_> = snapshot.unreadable.clone().into_iter().collect();
    let catalogue = match catalogue(&snapshot) {
        Ok(catalogue) => catalogue.unwrap_or_default(),
        Err(error) => {
            unreadable.push((error.path, error.problem));
            Catalogue::default()
        }
    };
    let looked_for = search.status == UNWRITTEN || (search.status.is_empty() && !words.is_empty());
    let mut unwritten: Vec<Unwritten> = catalogue
        .iter()
        .filter(|entry| looked_for && !open && !written.contains(&entry.key))
        .filter(|entry| means(&q, &entry.key, entry.name(), &entry.other_names()))
        .map(|entry| Unwritten {
            key: entry.key.clone(),
            name: entry.name().to_owned(),
            groups: entry.groups.join("、"),
        })
        .collect();
    let more_unwritten = unwritten.len().saturating_sub(MOST_UNWRITTEN);
    unwritten.truncate(MOST_UNWRITTEN);
    rows.retain(|(_, row)| {
        let place = format!("{} {} {}", row.key, row.title, row.path).to_lowercase();
        let listed = catalogue.get(&row.key);
        let called = listed.map(Listed::other_names).unwrap_or_default();
        (words.iter().all(|word| place.contains(word)) || means(&q, &row.key, &row.title, &called))
            && (search.status.is_empty() || row.status == search.status)
            && (!open || row.errors > 0 || row.failed > 0 || row.case_problem.is_some())
    });
    rows.sort_by(|(_, a), (_, b)| {
        (&a.key, &a.edition, &a.path).cmp(&(&b.key, &b.edition, &b.path))
    });
    let (diseases, modules): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|(kind, _)| *kind == Kind::Disease);
    let plain = |rows: Vec<(Kind, Row)>| rows.into_iter().map(|(_, row)| row).collect();
    ListPage {
        searched: !words.is_empty() || !search.status.is_empty() || open,
        q,
        status: search.status,
        open,
        diseases: plain(diseases),
        modules: plain(modules),
        all,
        unwritten,
        more_unwritten,
        progress: progress(&catalogue, &written),
        pending,
        unreadable,
    }
}

fn progress(catalogue: &Catalogue, written: &BTreeSet<String>) -> Option<Progress> {
    let count = |prefix: &str| {
        let own = || catalogue.iter().filter(|e| e.key.starts_with(prefix));
        let begun = own().filter(|e| written.contains(&e.key)).count();
        (begun, own().count())
    };
    catalogue.iter().next()?;
    Some(Progress {
        shitei: count("shitei-"),
        shoman: count("shoman-"),
    })
}

fn row(path: &str, facts: &Facts, summary: Option<&Summary>, used_by: usize) -> Row {
    let (status, status_label) = status(facts.status);
    let (ran, passed, failed, case_problem) =
        match summary.and_then(|summary| summary.cases.as_ref()) {
            Some(Ok((passed, failed))) => (true, *passed, *failed, None),
            Some(Err(problem)) => (false, 0, 0, Some(problem.clone())),
            None => (false, 0, 0, None),
        };
    Row {
        path: path.to_owned(),
        href: address(path),
        key: facts.key.clone(),
        title: facts.title.clone(),
        edition: facts.edition.clone(),
        status,
        status_label,
        known: summary.is_some(),
        errors: summary.map_or(0, |summary| summary.errors),
        warnings: summary.map_or(0, |summary| summary.warnings),
        ran,
        passed,
        failed,
        case_problem,
        used_by,
    }
}

fn status(status: Option<Status>) -> (&'static str, &'static str) {
    match status {
        Some(Status::Draft) => ("draft", "下書き"),
        Some(Status::Reviewed) => ("reviewed", "査読済み"),
        Some(Status::Published) => ("published", "公開"),
        None => ("", ""),
    }
}

#[derive(Serialize)]
struct DefinitionPage {
    path: String,
    key: String,
    title: String,
    edition: String,
    status: &'static str,
    status_label: &'static str,
    module: bool,
    text: String,
    hash: String,
    revision: u64,
    read_only: Option<String>,
    today: String,
    /// The diseases that use a module.
    users: Vec<User>,
}

#[derive(Serialize)]
struct User {
    path: String,
    href: String,
    key: String,
    title: String,
}

/// `GET /definitions/{path}`
pub(crate) async fn show(
    Author(user): Author,
    State(studio): State<Arc<Studio>>,
    Extension(nonce): Extension<Nonce>,
    Path(path): Path<String>,
) -> Response {
    let shown = Arc::clone(&studio);
    let page = tokio::task::spawn_blocking(move || {
        let snapshot = shown.workspace.refreshed();
        // Only a module's page tells who uses it.
        let summaries = if snapshot.is_disease(&path) {
            BTreeMap::new()
        } else {
            shown.workspace.summaries(PATIENCE).known
        };
        let reason = snapshot.unreadable.get(&path).cloned();
        definition_page(&shown, &snapshot, &summaries, &path).ok_or(reason)
    })
    .await;
    match page {
        Ok(Ok(page)) => studio.templates.page(
            StatusCode::OK,
            "definition.html",
            &nonce,
            Some(&user),
            &page,
        ),
        Ok(Err(Some(reason))) => {
            let page = ProblemPage {
                title: "この定義は開けません",
                text: reason,
            };
            studio.templates.page(
                StatusCode::UNPROCESSABLE_ENTITY,
                "problem.html",
                &nonce,
                Some(&user),
                &page,
            )
        }
        Ok(Err(None)) => not_found(&studio, &nonce, Some(&user)),
        Err(error) => broken(&studio, &nonce, &user, &error),
    }
}

fn definition_page(
    studio: &Studio,
    snapshot: &Snapshot,
    summaries: &BTreeMap<String, Summary>,
    path: &str,
) -> Option<DefinitionPage> {
    let entry = snapshot.definition(path)?;
    let facts = entry.facts.as_ref()?;
    let (status, status_label) = status(facts.status);
    let mut users: Vec<User> = users(snapshot, summaries, path)
        .filter_map(|(path, _)| {
            let facts = snapshot.definition(path)?.facts.as_ref()?;
            Some(User {
                path: path.to_owned(),
                href: address(path),
                key: facts.key.clone(),
                title: facts.title.clone(),
            })
        })
        .collect();
    users.sort_by(|a, b| a.key.cmp(&b.key));
    Some(DefinitionPage {
        path: path.to_owned(),
        key: facts.key.clone(),
        title: facts.title.clone(),
        edition: facts.edition.clone(),
        status,
        status_label,
        module: facts.kind == Kind::Module,
        text: entry.text.to_string(),
        hash: entry.hash.clone(),
        revision: snapshot.revision,
        read_only: studio.workspace.read_only(path),
        today: today().0,
        users,
    })
}

#[derive(Serialize)]
struct ProblemPage {
    title: &'static str,
    text: String,
}

/// Any other address.
pub(crate) async fn nothing_here(
    author: Result<Author, Response>,
    State(studio): State<Arc<Studio>>,
    Extension(nonce): Extension<Nonce>,
    uri: Uri,
) -> Response {
    tracing::debug!(%uri, "nothing here");
    not_found(
        &studio,
        &nonce,
        author.as_ref().ok().map(|Author(user)| user.as_str()),
    )
}

fn not_found(studio: &Studio, nonce: &Nonce, user: Option<&str>) -> Response {
    let page = ProblemPage {
        title: "ページが見つかりません",
        text: "名前が変わったか、削除された可能性があります。一覧から探してください。".to_owned(),
    };
    studio
        .templates
        .page(StatusCode::NOT_FOUND, "problem.html", nonce, user, &page)
}

fn broken(studio: &Studio, nonce: &Nonce, user: &str, error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "page failed");
    let page = ProblemPage {
        title: "ページを表示できません",
        text: "スタジオの内部で問題が起きました。時間をおいて再度お試しください。".to_owned(),
    };
    studio.templates.page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "problem.html",
        nonce,
        Some(user),
        &page,
    )
}

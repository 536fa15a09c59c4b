//! What a page in use asks while its author types.

use crate::error::ApiError;
use crate::findings::{self, DiagnosticItem};
use crate::guard::{AuthorScript, address};
use crate::serve::Studio;
use crate::workspace::{
    self, Application, CaseReport, Cases, Compiled, Day, Judging, Kind, Question, Snapshot,
    Summary, today,
};
use axum::Json;
use axum::extract::State;
use axum_extra::extract::Form as Fields;
use kohyo_engine::RawAnswers;
use kohyo_pages::Mode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A text as it stands in the editor.
#[derive(Deserialize)]
pub(crate) struct CompileRequest {
    /// The definition.
    path: String,
    /// Its text.
    text: String,
    /// The last text without errors, if this one is not the first.
    #[serde(default)]
    good: Option<String>,
    /// The disease a module is previewed with.
    #[serde(default)]
    through: Option<String>,
    /// Fill in the case at this position instead of the answers.
    #[serde(default)]
    case: Option<usize>,
    /// Written values by field name.
    #[serde(default)]
    answers: RawAnswers,
    /// Day of judgement; today if not written.
    #[serde(default)]
    date: Option<String>,
    /// New application or renewal.
    #[serde(default)]
    application: Option<Application>,
}

/// What the studio says about a text.
#[derive(Serialize)]
pub(crate) struct CompileAnswer {
    /// State of the folder it was compiled with.
    revision: u64,
    diagnostics: Vec<DiagnosticItem>,
    errors: usize,
    warnings: usize,
    /// The preview shows the last good text, because this one has errors.
    stale: bool,
    /// The filled form with its verdict; nothing if no text without errors is known.
    preview: Option<PreviewItem>,
    /// Why there is no preview although the text has no errors.
    no_preview: Option<String>,
    cases: CasesItem,
}

#[derive(Serialize)]
struct PreviewItem {
    form_html: String,
    verdict_html: String,
    result: &'static str,
    result_label: &'static str,
    /// Day of judgement and kind of application it was judged with.
    date: String,
    application: Application,
}

#[derive(Serialize, Default)]
struct CasesItem {
    /// Every case of the file, for the choice above the preview.
    names: Vec<String>,
    passed: usize,
    failed: usize,
    /// The results, drawn.
    html: String,
}

/// `POST /api/compile`
pub(crate) async fn compile(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(request): Json<CompileRequest>,
) -> Result<Json<CompileAnswer>, ApiError> {
    tokio::task::spawn_blocking(move || answer(&studio, &request).map(Json))
        .await
        .map_err(ApiError::internal)?
}

fn answer(studio: &Studio, request: &CompileRequest) -> Result<CompileAnswer, ApiError> {
    let snapshot = studio.workspace.snapshot();
    snapshot
        .definition(&request.path)
        .ok_or(ApiError::NotFound)?;
    let through = through(&snapshot, &request.path, request.through.as_deref())?;
    let now = workspace::compile(
        &snapshot,
        &mut studio.workspace.syntax(),
        &question(&request.path, &request.text, through),
    );
    let (errors, warnings) = workspace::count(&now.diagnostics);
    let good = match (errors, &request.good) {
        (0, _) | (_, None) => None,
        (_, Some(good)) => {
            workspace::compile(
                &snapshot,
                &mut studio.workspace.syntax(),
                &question(&request.path, good, through),
            )
            .form
        }
    };
    let stale = errors > 0;
    let form = now.form.as_ref().or(good.as_ref());

    let cases = snapshot
        .cases(through)
        .map(|entry| Cases::parse(&entry.text));
    let preview = match form {
        Some(form) => Some(preview_item(
            form,
            request,
            cases.as_ref().and_then(|cases| cases.as_ref().ok()),
        )?),
        None => None,
    };
    let no_preview = (form.is_none() && !stale).then(|| {
        "このモジュールを使う疾病がないため、プレビューを表示できません。「問題」のエラーと警告は確認できます。"
            .to_owned()
    });
    Ok(CompileAnswer {
        revision: snapshot.revision,
        diagnostics: findings::items(&snapshot, &request.path, &request.text, &now.diagnostics),
        errors,
        warnings,
        stale,
        preview,
        no_preview,
        cases: cases_item(studio, form, cases, stale)?,
    })
}

pub(crate) fn question<'a>(path: &'a str, text: &'a str, through: &'a str) -> Question<'a> {
    Question {
        path,
        text,
        through,
    }
}

/// The disease the preview is drawn for, and that is proven.
pub(crate) fn through<'a>(
    snapshot: &Snapshot,
    path: &'a str,
    wanted: Option<&'a str>,
) -> Result<&'a str, ApiError> {
    match wanted {
        Some(wanted) if !snapshot.is_disease(path) && !wanted.is_empty() => {
            if snapshot.is_disease(wanted) {
                Ok(wanted)
            } else {
                Err(ApiError::NotFound)
            }
        }
        _ => Ok(path),
    }
}

fn preview_item(
    judging: &Judging,
    request: &CompileRequest,
    cases: Option<&Cases>,
) -> Result<PreviewItem, ApiError> {
    let case = request
        .case
        .and_then(|position| cases?.get(&judging.form, position));
    let (answers, day, application) = match &case {
        Some(case) => (&case.answers, case.day.clone(), case.application),
        None => (
            &request.answers,
            day(request.date.as_deref()),
            request.application.unwrap_or(Application::New),
        ),
    };
    let preview = workspace::preview(judging, answers, &day, application).map_err(ApiError::Bad)?;
    let drawn = |html: Result<String, kohyo_pages::PageError>| html.map_err(ApiError::internal);
    Ok(PreviewItem {
        form_html: drawn(kohyo_pages::form_html(&preview.view, Mode::Edit))?,
        verdict_html: drawn(kohyo_pages::verdict_html(
            &preview.outcome,
            preview.previous.as_ref(),
            &preview.view,
            Mode::Edit,
        ))?,
        result: preview.outcome.result.name(),
        result_label: preview.outcome.result.label_in(preview.view.programme),
        date: day.0,
        application,
    })
}

fn day(written: Option<&str>) -> Day {
    written
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map_or_else(today, |text| Day(text.to_owned()))
}

/// What `_cases.html` draws.
#[derive(Serialize)]
struct CasesPiece<'a> {
    report: Option<&'a CaseReport>,
    problem: Option<&'a str>,
    stale: bool,
}

fn cases_item(
    studio: &Studio,
    form: Option<&Judging>,
    cases: Option<Result<Cases, String>>,
    stale: bool,
) -> Result<CasesItem, ApiError> {
    let (names, report, problem) = match (&cases, form) {
        (None, _) => (
            Vec::new(),
            None,
            Some("この定義の隣に cases.yaml がありません。"),
        ),
        (Some(Err(problem)), _) => (Vec::new(), None, Some(problem.as_str())),
        (Some(Ok(cases)), None) => (
            names(cases),
            None,
            Some("定義にエラーがあるため、ケースを実行できません。"),
        ),
        (Some(Ok(cases)), Some(form)) => (names(cases), Some(cases.run(form)), None),
    };
    let piece = CasesPiece {
        report: report.as_ref(),
        problem,
        stale,
    };
    Ok(CasesItem {
        names,
        passed: report.as_ref().map_or(0, |report| report.passed),
        failed: report.as_ref().map_or(0, |report| report.failed),
        html: studio
            .templates
            .piece("_cases.html", "cases", &piece)
            .map_err(ApiError::Internal)?,
    })
}

fn names(cases: &Cases) -> Vec<String> {
    cases.names().map(str::to_owned).collect()
}

/// `POST /api/preview`: the form of the preview after a change in it, as `form.js` sends it.
///
/// Names that begin with `_` are the page's, all others are answers.
pub(crate) async fn preview(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Fields(fields): Fields<Vec<(String, String)>>,
) -> Result<Json<kohyo_pages::Live>, ApiError> {
    let work = move || {
        let mut own: BTreeMap<String, String> = BTreeMap::new();
        let mut answers = RawAnswers::new();
        for (name, value) in fields {
            if name.starts_with('_') {
                own.insert(name, value);
            } else if !value.trim().is_empty() {
                answers.entry(name).or_default().push(value);
            }
        }
        let field = |name: &str| own.get(name).map_or("", String::as_str);
        let snapshot = studio.workspace.snapshot();
        snapshot
            .definition(field("_path"))
            .ok_or(ApiError::NotFound)?;
        let through = through(&snapshot, field("_path"), Some(field("_through")))?;
        let Compiled { form, .. } = workspace::compile(
            &snapshot,
            &mut studio.workspace.syntax(),
            &question(field("_path"), field("_text"), through),
        );
        let form = form.ok_or_else(|| ApiError::Bad("定義にエラーがあります".to_owned()))?;
        let application = if field("_application") == "renewal" {
            Application::Renewal
        } else {
            Application::New
        };
        let preview = workspace::preview(&form, &answers, &day(Some(field("_date"))), application)
            .map_err(ApiError::Bad)?;
        kohyo_pages::live(&preview.outcome, preview.previous.as_ref(), &preview.view)
            .map(Json)
            .map_err(ApiError::internal)
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(ApiError::internal)?
}

/// A module as it stands in the editor.
#[derive(Deserialize)]
pub(crate) struct ImpactRequest {
    path: String,
    text: String,
}

/// What becomes of the diseases that use it, drawn.
#[derive(Serialize)]
pub(crate) struct ImpactAnswer {
    html: String,
    /// How many diseases use it.
    users: usize,
    /// In how many of them something else comes out.
    changed: usize,
    /// How many get worse.
    worse: usize,
}

#[derive(Serialize)]
struct ImpactPiece {
    rows: Vec<ImpactRow>,
    worse: usize,
}

#[derive(Serialize)]
struct ImpactRow {
    href: String,
    key: String,
    title: String,
    before: String,
    after: String,
    worse: bool,
    changed: bool,
}

/// `POST /api/impact`
pub(crate) async fn impact(
    _: AuthorScript,
    State(studio): State<Arc<Studio>>,
    Json(request): Json<ImpactRequest>,
) -> Result<Json<ImpactAnswer>, ApiError> {
    let work = move || {
        let snapshot = studio.workspace.snapshot();
        snapshot
            .definition(&request.path)
            .ok_or(ApiError::NotFound)?;
        // Asked for by a button, or before saving: worth waiting for.
        let summaries = studio.workspace.summaries(Duration::from_secs(30)).known;
        let users = users(&snapshot, &summaries, &request.path)
            .map(|(path, _)| path)
            .collect();
        let mut rows: Vec<ImpactRow> =
            workspace::impact(&snapshot, &request.path, &request.text, &users)
                .into_iter()
                .filter_map(|(path, after)| {
                    let facts = snapshot.definition(&path)?.facts.clone()?;
                    let before = summaries.get(&path)?;
                    Some(ImpactRow {
                        key: facts.key.clone(),
                        title: facts.title.clone(),
                        before: state(before),
                        after: state(&after),
                        worse: bad(&after) > bad(before),
                        changed: state(&after) != state(before),
                        href: address(&path),
                    })
                })
                .collect();
        rows.sort_by_key(|row| (!row.worse, !row.changed));
        let users = rows.len();
        let worse = rows.iter().filter(|row| row.worse).count();
        let changed = rows.iter().filter(|row| row.changed).count();
        let html = studio
            .templates
            .piece("_impact.html", "impact", &ImpactPiece { rows, worse });
        Ok(Json(ImpactAnswer {
            html: html.map_err(ApiError::Internal)?,
            users,
            changed,
            worse,
        }))
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(ApiError::internal)?
}

/// The diseases that use a module, directly or through others.
pub(crate) fn users<'a>(
    snapshot: &'a Snapshot,
    summaries: &'a BTreeMap<String, Summary>,
    module: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Summary)> {
    summaries
        .iter()
        .filter(move |(path, summary)| {
            *path != module && summary.files.iter().any(|file| file == module)
        })
        .filter(|(path, _)| {
            let facts = snapshot
                .definition(path)
                .and_then(|entry| entry.facts.as_ref());
            facts.is_some_and(|facts| facts.kind == Kind::Disease)
        })
        .map(|(path, summary)| (path.as_str(), summary))
}

fn bad(summary: &Summary) -> usize {
    let failed = match &summary.cases {
        Some(Ok((_, failed))) => *failed,
        Some(Err(_)) => usize::from(summary.errors == 0),
        None => 0,
    };
    summary.errors + failed
}

/// `エラー2件`, `ケース 12件合格・1件不合格`.
fn state(summary: &Summary) -> String {
    if summary.errors > 0 {
        return format!("エラー{}件", summary.errors);
    }
    match &summary.cases {
        Some(Ok((passed, 0))) => format!("ケース{passed}件すべて合格"),
        Some(Ok((passed, failed))) => format!("ケース{passed}件合格・{failed}件不合格"),
        Some(Err(_)) => "ケースを実行できません".to_owned(),
        None => "エラーなし（ケースなし）".to_owned(),
    }
}

//! What each address answers.

use crate::check::{Collected, LISTS, Outcome, check as run_check};
use crate::job::{State as JobState, Task, UnderWay};
use crate::keys::{ToolError, longest_valid};
use crate::outputs::Outputs;
use crate::release::all_usable;
use crate::sealing::{SealRequest, Sealed, seal_records};
use crate::serve::Tool;
use crate::upload::{SentKey, receive, receive_key};
use axum::Json;
use axum::extract::{Form, Multipart, Path as UrlPath, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use kohyo_engine::Date;
use kohyo_exchange::seal::{Certificate, KeyFile, Passphrase};
use kohyo_exchange::{Options, UNSIGNED, is_clutter, is_record_file};
use serde::{Deserialize, Serialize};
use std::num::NonZeroUsize;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

type Shared = State<Arc<Tool>>;

fn base(tool: &Tool) -> String {
    format!("/{}", tool.token())
}

fn to(tool: &Tool, page: &str) -> Redirect {
    Redirect::to(&format!("{}/{page}", base(tool)))
}

fn draw<T: Serialize>(tool: &Tool, template: &str, value: &T) -> Response {
    tool.templates
        .page(StatusCode::OK, template, &base(tool), value)
}

/// What went wrong, and what to do about it.
#[derive(Serialize)]
struct Trouble {
    message: String,
    help: String,
}

impl From<&ToolError> for Trouble {
    fn from(error: &ToolError) -> Self {
        let text = error.to_string();
        let (message, help) = text.split_once('\n').unwrap_or((&text, ""));
        Self {
            message: message.to_owned(),
            help: help.trim().to_owned(),
        }
    }
}

/// Where one goes on after a problem.
#[derive(Clone, Copy, Serialize)]
struct Back {
    page: &'static str,
    label: &'static str,
}

const HOME: Back = Back {
    page: "",
    label: "最初の画面に戻る",
};
const KEYS: Back = Back {
    page: "keys",
    label: "鍵の画面に戻る",
};
const RESULT: Back = Back {
    page: "job",
    label: "最後の点検の結果に戻る",
};

fn problem(tool: &Tool, error: &ToolError, back: Back) -> Response {
    #[derive(Serialize)]
    struct Page {
        trouble: Trouble,
        back: Back,
    }
    let trouble = Trouble::from(error);
    tool.templates.page(
        StatusCode::UNPROCESSABLE_ENTITY,
        "problem.html",
        &base(tool),
        &Page { trouble, back },
    )
}

// ---- home: choose a folder

#[derive(Deserialize)]
pub(crate) struct Where {
    path: Option<PathBuf>,
}

#[derive(Serialize)]
struct Home {
    version: String,
    forms: usize,
    release: String,
    path: String,
    parent: Option<String>,
    folders: Vec<Entry>,
    files: Vec<Entry>,
    records: usize,
    more: usize,
    unreadable: bool,
    key_usable: bool,
    key: String,
}

#[derive(Serialize)]
struct Entry {
    name: String,
    /// Its path as part of an address.
    link: String,
}

/// A path as part of an address.
fn link(path: &Path) -> String {
    path.to_string_lossy()
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// So many folders and files are listed.
const LISTED: usize = 500;

pub(crate) async fn home(State(tool): Shared, Query(wanted): Query<Where>) -> Response {
    let path = wanted.path.unwrap_or_else(|| tool.config.folder.clone());
    let path = std::path::absolute(&path).unwrap_or(path);
    let mut folders = Vec::new();
    let mut files = Vec::new();
    let entries = std::fs::read_dir(&path);
    let unreadable = entries.is_err();
    let mut all: Vec<_> = entries.into_iter().flatten().flatten().collect();
    all.sort_by_key(std::fs::DirEntry::file_name);
    let mut records = 0;
    for entry in &all {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_clutter(&name) {
            continue;
        }
        let item = Entry {
            link: link(&entry.path()),
            name,
        };
        if entry.path().is_dir() {
            folders.push(item);
        } else if is_record_file(&entry.path()) {
            records += 1;
            files.push(item);
        }
    }
    let more = (folders.len() + files.len()).saturating_sub(LISTED);
    folders.truncate(LISTED);
    files.truncate(LISTED.saturating_sub(folders.len()));
    let key = tool.config.keys.usable(now(), &tool.config.version, None);
    let page = Home {
        version: tool.config.version.clone(),
        forms: tool.config.library.len(),
        release: source(&tool),
        parent: path.parent().map(link),
        path: path.to_string_lossy().into_owned(),
        folders,
        files,
        records,
        more,
        unreadable,
        key_usable: key.is_ok(),
        key: match key {
            Ok(key) => format!(
                "{}（{}）",
                key.certificate().name(),
                key.certificate().kid()
            ),
            Err(error) => first_line(&error),
        },
    };
    draw(&tool, "home.html", &page)
}

/// What the records are judged by.
fn source(tool: &Tool) -> String {
    match &tool.config.release {
        Some(release) => release.described(),
        None => UNSIGNED.to_owned(),
    }
}

fn first_line(error: &ToolError) -> String {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

// ---- checking

#[derive(Deserialize)]
pub(crate) struct Asked {
    path: PathBuf,
    normalise: Option<String>,
}

pub(crate) async fn check(State(tool): Shared, Form(asked): Form<Asked>) -> Response {
    let task = Task {
        paths: vec![asked.path],
        sent: None,
        normalise: asked.normalise.is_some(),
    };
    begin_check(&tool, task)
}

/// Checks files that were chosen in the browser.
pub(crate) async fn upload(State(tool): Shared, form: Multipart) -> Response {
    let sent = match receive(form, tool.lists.path()).await {
        Ok(sent) => sent,
        Err(error) => return problem(&tool, &error, HOME),
    };
    let task = Task {
        paths: sent.files,
        sent: Some(sent.folder),
        normalise: sent.normalise,
    };
    begin_check(&tool, task)
}

fn begin_check(tool: &Arc<Tool>, task: Task) -> Response {
    begin(tool, None, move |tool| {
        let outcome = checked(tool, &task)?;
        Ok(JobState::Done(task, Box::new(outcome), None))
    })
}

/// Does work in a thread of its own, unless something is under way, or was begun after the job that
/// it follows.
fn begin(
    tool: &Arc<Tool>,
    follows: Option<u64>,
    work: impl FnOnce(&Tool) -> Result<JobState, ToolError> + Send + 'static,
) -> Response {
    let (under_way, number) = match UnderWay::begin(&tool.job, follows) {
        Ok(begun) => begun,
        Err(error) => return problem(tool, &error, HOME),
    };
    let worker = Arc::clone(tool);
    std::thread::spawn(move || {
        let done = work(&worker);
        under_way.end(done.unwrap_or_else(|error| JobState::Failed(error.to_string())));
    });
    to(tool, &format!("job?number={number}")).into_response()
}

fn checked(tool: &Tool, task: &Task) -> Result<Outcome, ToolError> {
    let outcome = run_check(
        &task.paths,
        &tool.config.library,
        options(tool, task.normalise)?,
        tool.lists.path(),
        task.untold(),
        |progress| tool.job.progress(progress),
    )?;
    all_usable(&tool.config.library)?;
    Ok(outcome)
}

/// How to check today. The tool may have been running since the release was valid.
fn options(tool: &Tool, normalise: bool) -> Result<Options<'static>, ToolError> {
    let today = jiff::Zoned::now().date().to_string().parse::<Date>();
    let today = today.map_err(|_| {
        ToolError::Other("端末の日付が読めません\n  日付と時刻の設定を確認してください".to_owned())
    })?;
    if let Some(release) = &tool.config.release {
        release.in_force(today)?;
    }
    Ok(Options {
        today,
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        normalise,
        keep_records: false,
        except: &[],
    })
}

fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0)
}

// ---- sealing

#[derive(Deserialize)]
pub(crate) struct Wanted {
    /// The check whose records are sealed.
    job: u64,
    out: PathBuf,
    passphrase: String,
    /// The number of the key; the one that seals if there is no choice.
    kid: Option<String>,
    skip_errors: Option<String>,
}

pub(crate) async fn seal(State(tool): Shared, Form(wanted): Form<Wanted>) -> Response {
    let task = match tool.job.state_of(wanted.job) {
        Ok(JobState::Done(task, ..)) => task,
        Ok(_) => return to(&tool, "job").into_response(),
        Err(error) => return problem(&tool, &error, HOME),
    };
    let Ok(kid) = wanted.kid.as_deref().map(str::parse).transpose() else {
        let error = "鍵の番号が正しくありません\n  点検の結果の画面で、鍵を選び直してください";
        return problem(&tool, &ToolError::Other(error.to_owned()), RESULT);
    };
    let unlocked = tool
        .config
        .keys
        .usable(now(), &tool.config.version, kid)
        .and_then(|key| {
            key.unlock(&Passphrase::new(&wanted.passphrase))
                .map_err(|e| ToolError::Other(format!("{e}\n  {}", e.help())))
        });
    let key = match unlocked {
        Ok(key) => key,
        Err(error) => return problem(&tool, &error, RESULT),
    };
    let mut outputs = Outputs::of(&task.paths);
    if let Err(error) = outputs.fresh(&wanted.out) {
        return problem(&tool, &error, RESULT);
    }
    begin(&tool, Some(wanted.job), move |tool| {
        let (outcome, sealed) = sealed(tool, &task, &wanted, &key)?;
        let container = Some((wanted.out, sealed));
        Ok(JobState::Done(task, Box::new(outcome), container))
    })
}

fn sealed(
    tool: &Tool,
    task: &Task,
    wanted: &Wanted,
    key: &kohyo_exchange::seal::SigningKey,
) -> Result<(Outcome, Sealed), ToolError> {
    let mut collected = Collected::new(
        tool.lists.path(),
        tool.config.library.release(),
        task.untold(),
    )?;
    let request = SealRequest {
        paths: &task.paths,
        out: &wanted.out,
        options: options(tool, task.normalise)?,
        skip_errors: wanted.skip_errors.is_some(),
        now: now(),
        tool: format!("kohyo {}", tool.config.version),
    };
    let (sealed, summary) = seal_records(
        &request,
        &tool.config.library,
        key,
        |progress| tool.job.progress(progress),
        |file, report, _| collected.add(file, report),
    )?;
    Ok((collected.finish(summary)?, sealed))
}

// ---- progress and result

#[derive(Serialize)]
pub(crate) struct Running {
    running: bool,
    percent: u64,
    text: String,
}

fn running(state: &JobState) -> Running {
    match state {
        JobState::Running(progress) => Running {
            running: true,
            percent: (progress.bytes.min(progress.all_bytes) * 100)
                .checked_div(progress.all_bytes)
                .unwrap_or(0),
            text: format!(
                "{}/{} ファイル、個票 {} 件",
                progress.files, progress.all_files, progress.records
            ),
        },
        _ => Running {
            running: false,
            percent: 100,
            text: "終わりました".to_owned(),
        },
    }
}

/// Which job a window shows; the last one if it does not say.
#[derive(Deserialize)]
pub(crate) struct Numbered {
    number: Option<u64>,
}

/// How far the job is; one that another has followed is done.
pub(crate) async fn progress(State(tool): Shared, Query(of): Query<Numbered>) -> Json<Running> {
    let (last, state) = tool.job.state();
    let state = match of.number.is_none_or(|number| number == last) {
        true => state,
        false => JobState::Idle,
    };
    Json(running(&state))
}

#[derive(Serialize)]
struct Shown<'a> {
    number: u64,
    path: String,
    normalise: bool,
    outcome: &'a Outcome,
    /// What judged.
    release: String,
    results: Vec<Count>,
    container: Option<Container>,
    suggested: String,
    /// The keys that can seal, the one that does by itself first.
    keys: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    kid: String,
    name: String,
}

/// The keys that can seal now, the one that seals if none is chosen first.
fn choices(tool: &Tool) -> Vec<Choice> {
    let Ok((_, keys)) = tool.config.keys.imported() else {
        return Vec::new();
    };
    let version = &tool.config.version;
    let seals = longest_valid(&keys, now(), version).map(|key| key.certificate().kid());
    let usable = keys.iter().map(KeyFile::certificate);
    let mut usable: Vec<_> = usable
        .filter(|key| key.usable(now(), version).is_ok())
        .collect();
    usable.sort_by_key(|key| seals != Some(key.kid()));
    let choice = |key: &Certificate| Choice {
        kid: key.kid().to_string(),
        name: format!("{}（{}）", key.name(), key.kid()),
    };
    usable.into_iter().map(choice).collect()
}

#[derive(Serialize)]
struct Count {
    what: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct Container {
    path: String,
    records: u32,
    /// `sealed`, `broken`, `errors`, `nothing`.
    outcome: &'static str,
}

pub(crate) async fn job(State(tool): Shared, Query(of): Query<Numbered>) -> Response {
    let (last, state) = tool.job.state();
    let number = of.number.unwrap_or(last);
    if let Err(error) = tool.job.state_of(number) {
        return problem(&tool, &error, HOME);
    }
    match &state {
        JobState::Idle => to(&tool, "").into_response(),
        JobState::Running(..) => draw(&tool, "running.html", &running(&state)),
        JobState::Failed(error) => problem(&tool, &ToolError::Other(error.clone()), HOME),
        JobState::Done(task, outcome, sealed) => {
            let results = &outcome.summary.results;
            let page = Shown {
                number,
                path: task.told(),
                normalise: task.normalise,
                results: [
                    ("認定基準を満たす", results.eligible),
                    ("軽症", results.mild),
                    ("満たさない", results.not_met),
                    ("判定不能", results.undetermined),
                    ("判定できない個票", results.not_judged),
                ]
                .map(|(what, count)| Count { what, count })
                .into(),
                outcome,
                release: source(&tool),
                container: sealed.as_ref().map(|(path, sealed)| {
                    let (records, outcome) = match sealed {
                        Sealed::Records(records) => (*records, "sealed"),
                        Sealed::Broken => (0, "broken"),
                        Sealed::Errors => (0, "errors"),
                        Sealed::Nothing => (0, "nothing"),
                    };
                    Container {
                        path: path.to_string_lossy().into_owned(),
                        records,
                        outcome,
                    }
                }),
                suggested: suggested(&tool, task),
                keys: choices(&tool),
            };
            draw(&tool, "result.html", &page)
        }
    }
}

/// A name for the container beside the records, or in the folder that is offered first: of the day,
/// never of a patient.
fn suggested(tool: &Tool, task: &Task) -> String {
    let offered = std::path::absolute(&tool.config.folder);
    let offered = offered.unwrap_or_else(|_| tool.config.folder.clone());
    let folder = match task.paths.first().filter(|_| task.sent.is_none()) {
        Some(path) if path.is_dir() => path,
        Some(path) => path.parent().unwrap_or(path),
        None => &offered,
    };
    let day = jiff::Zoned::now().strftime("%Y%m%d-%H%M").to_string();
    folder
        .join(format!("{day}.kohyo-box"))
        .to_string_lossy()
        .into_owned()
}

pub(crate) async fn list(
    State(tool): Shared,
    UrlPath(name): UrlPath<String>,
    Query(of): Query<Numbered>,
) -> Response {
    // Only names from our own list become paths.
    let Some(kind) = LISTS.iter().find(|kind| kind.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let read = std::fs::read(tool.lists.path().join(kind.name));
    // Afterwards: whoever begins another check writes its lists over these.
    if let Err(error) = tool.job.state_of(of.number.unwrap_or_default()) {
        return problem(&tool, &error, HOME);
    }
    match read {
        Ok(bytes) => {
            let disposition = format!("attachment; filename=\"{}\"", kind.name);
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind.mime)),
                (
                    header::CONTENT_DISPOSITION,
                    HeaderValue::from_str(&disposition)
                        .unwrap_or(HeaderValue::from_static("attachment")),
                ),
            ];
            (headers, bytes).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

// ---- keys

#[derive(Serialize)]
struct Keys {
    platform: Option<Platform>,
    keys: Vec<KeyLine>,
    trouble: Option<String>,
    /// An import that did not succeed, with what need not be typed again.
    refused: Option<Refused>,
}

#[derive(Serialize)]
struct Refused {
    trouble: Trouble,
    file: PathBuf,
    platform: String,
}

#[derive(Serialize)]
struct Platform {
    name: String,
    fingerprint: String,
}

#[derive(Serialize)]
struct KeyLine {
    kid: String,
    hospital: String,
    name: String,
    from: String,
    to: String,
    trouble: Option<String>,
    /// Whether it seals if none is chosen.
    seals: bool,
}

pub(crate) async fn keys(State(tool): Shared) -> Response {
    draw_keys(&tool, None)
}

fn draw_keys(tool: &Tool, refused: Option<Refused>) -> Response {
    let status = match refused {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let version = &tool.config.version;
    let page = match tool.config.keys.imported() {
        Ok((platform, keys)) => Keys {
            refused,
            platform: Some(Platform {
                name: platform.name.clone(),
                fingerprint: platform.fingerprint(),
            }),
            keys: keys
                .iter()
                .map(|key| {
                    let certificate = key.certificate();
                    let (from, to) = certificate.validity();
                    let seals = longest_valid(&keys, now(), version)
                        .is_some_and(|key| key.certificate().kid() == certificate.kid());
                    KeyLine {
                        seals,
                        kid: certificate.kid().to_string(),
                        hospital: certificate.hospital().to_owned(),
                        name: certificate.name().to_owned(),
                        from,
                        to,
                        trouble: certificate
                            .usable(now(), version)
                            .err()
                            .map(|error| error.to_string()),
                    }
                })
                .collect(),
            trouble: None,
        },
        Err(error) => Keys {
            refused,
            platform: None,
            keys: Vec::new(),
            trouble: Some(first_line(&error)),
        },
    };
    tool.templates.page(status, "keys.html", &base(tool), &page)
}

pub(crate) async fn import(State(tool): Shared, form: Multipart) -> Response {
    let import = match receive_key(form, tool.lists.path()).await {
        Ok(sent) => Import(sent),
        Err(error) => return problem(&tool, &error, KEYS),
    };
    let Err(error) = imported(&tool, &import) else {
        return to(&tool, "keys").into_response();
    };
    let refused = Refused {
        trouble: import.told(&error),
        file: import.text("file").into(),
        platform: import.text("platform").to_owned(),
    };
    draw_keys(&tool, Some(refused))
}

/// A key to import: its files were chosen, or their places are written.
struct Import(SentKey);

impl Import {
    fn text(&self, name: &str) -> &str {
        self.0.texts.get(name).map_or("", |text| text.trim())
    }

    fn passphrase(&self, name: &str) -> &str {
        self.0.texts.get(name).map_or("", String::as_str)
    }

    /// The file that was chosen, or else the one whose place is written.
    fn file(&self, chosen: &str, written: &str) -> Option<PathBuf> {
        let written = || Some(self.text(written)).filter(|path| !path.is_empty());
        let chosen = self.0.files.get(chosen).cloned();
        chosen.or_else(|| written().map(PathBuf::from))
    }

    /// What went wrong, with the names of chosen files as they were chosen.
    fn told(&self, error: &ToolError) -> Trouble {
        let folder = format!("{}{}", self.0.folder.path().display(), MAIN_SEPARATOR);
        let plain = error.to_string().replace(&folder, "");
        Trouble::from(&ToolError::Other(plain))
    }
}

fn imported(tool: &Tool, import: &Import) -> Result<(), ToolError> {
    let new = import.passphrase("new_passphrase");
    if new != import.passphrase("again") {
        let error = "二度の新しいパスフレーズが違います\n  もう一度入力してください";
        return Err(ToolError::Other(error.to_owned()));
    }
    let Some(file) = import.file("key_file", "file") else {
        let error =
            "鍵ファイルが選ばれていません\n  鍵ファイルを選ぶか、場所と名前を入力してください";
        return Err(ToolError::Other(error.to_owned()));
    };
    let platform = import.file("platform_file", "platform");
    let new = (!new.is_empty()).then(|| Passphrase::new(new));
    let passphrase = Passphrase::new(import.passphrase("passphrase"));
    let keys = &tool.config.keys;
    keys.import(&file, platform.as_deref(), &passphrase, new.as_ref())?;
    Ok(())
}

// ---- the rest

pub(crate) async fn stop(State(tool): Shared) -> Response {
    tool.stop.notify_one();
    draw(&tool, "stopped.html", &())
}

const SCRIPT: &str = include_str!("../assets/tool.js");

pub(crate) async fn asset(UrlPath(name): UrlPath<String>) -> Response {
    match name.as_str() {
        "base.css" => match kohyo_pages::asset("base.css") {
            Some(asset) => ([(header::CONTENT_TYPE, asset.mime)], asset.bytes).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        "tool.js" => (
            [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")],
            SCRIPT,
        )
            .into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

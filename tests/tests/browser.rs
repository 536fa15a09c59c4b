//! The main job in a real browser, from the empty form to the author's changed threshold.
//!
//! Needs Node, `npm ci --prefix tests/browser` and a Chromium. Where one is missing the test says
//! SKIPPED, loudly; with CI set it fails instead, so that it can never pass unseen.

use kohyo_compiler::catalogue::Catalogue;
use kohyo_compiler::{DiseaseEntry, Files, cases, diseases};
use kohyo_engine::{Form, RawAnswers, read_lenient, written};
use kohyo_exchange::{Library, completed};
use serde_json::json;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tests::process::{skip, succeeds};
use tokio::net::TcpListener;

/// The disease of the walk, the case that is filled in, and its patient.
const DISEASE: &str = "shitei-006";
const CASE: &str = "振戦なし・3所見のうち2つ → パーキンソニズムあり";
/// A module that the disease uses.
const MODULE: &str = "scale/daily_function.kohyo";
const PATIENT: [(&str, &str); 5] = [
    ("family_name", "架空"),
    ("given_name", "二郎丸"),
    ("family_name_kana", "かくう"),
    ("given_name_kana", "じろうまる"),
    ("birth_date", "1956-02-03"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_main_job_end_to_end() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = tests::forms();
    let forms = tests::programs::all().into_iter().map(form);
    let library = Library::new(forms).unwrap();
    let (mut config, listener) = local(folder.path()).await;
    let catalogue = Catalogue::read(&files).unwrap().unwrap_or_default();
    let names = catalogue.iter().map(|l| (l.key.clone(), l.other_names()));
    config.names = names.collect();
    let demo = kohyo_server::seed_demo(&config, &library, &[])
        .await
        .unwrap();
    let server = serve(&config, listener, library.clone()).await;
    let author = ("mori".to_owned(), "studio-password-1".to_owned());
    let studio = serve_studio(&files, folder.path().join("forms"), author.clone()).await;
    let disease = disease(&files);
    let plan = json!({
        "server": server,
        "studio": studio,
        "physician": login(&demo, "指定医"),
        "officer": login(&demo, "自治体担当者"),
        "author": { "login": author.0, "password": author.1 },
        "disease": { "key": DISEASE, "title": disease.title, "path": disease.path, "short": "PD" },
        "patient": "二郎丸",
        "answers": answers(&files, &library),
        "result": "eligible",
        "resultLabel": "認定基準を満たす",
        "pivot": { "name": "bradykinesia", "other": "3", "result": "undetermined" },
        "edit": {
            "case": CASE,
            "module": MODULE,
            "find": "at least 2 of",
            "replace": "at least 3 of",
            "mistake": "at lest 2 of",
            "finding": "lest",
            "before": "認定基準を満たす",
            "after": "認定基準を満たさない",
        },
    });
    browser.walk("main_path.mjs", plan, folder.path()).await;
}

/// What a municipality does with a mild record: the cost of twelve months, and what it decides.
#[tokio::test(flavor = "multi_thread")]
async fn a_municipality_has_the_cost_of_a_mild_record_judged() {
    const MILD: &str = "shitei-097";
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = tests::forms();
    let programs = [
        tests::programs::one(MILD),
        tests::programs::one("programme-high_cost"),
    ];
    let [disease, high_cost] = programs.map(form);
    let library = Library::new([disease.clone(), high_cost]).unwrap();
    let (config, listener) = local(folder.path()).await;
    let all = diseases(&files);
    let path = &all.iter().find(|d| d.key == MILD).unwrap().path;
    let file = cases::parse(files.get(&cases::beside(path)).unwrap()).unwrap();
    let mild = |case: &&cases::Case| case.expect.result == Some(kohyo_engine::ResultKind::Mild);
    let case = file.cases.iter().find(mild).unwrap();
    let (answers, _) = read_lenient(&disease, &cases::answers(&disease, &file, case));
    let sample = || kohyo_server::DemoSample {
        form_key: MILD.to_owned(),
        answers: written(&disease, &answers),
        confirmed: true,
    };
    // One record for each width.
    let demo = kohyo_server::seed_demo(&config, &library, &[sample(), sample()])
        .await
        .unwrap();
    let keys = demo.records.iter().filter_map(|r| r.access_key.clone());
    let plan = json!({
        "server": serve(&config, listener, library).await,
        "officer": login(&demo, "自治体担当者"),
        "keys": keys.collect::<Vec<_>>(),
    });
    browser
        .walk("high_cost_path.mjs", plan, folder.path())
        .await;
}

/// What a physician does a year later: the record of the year before becomes a renewal.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_is_made_from_the_record_of_the_year_before() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = tests::forms();
    let library = Library::new([form(tests::programs::one(DISEASE))]).unwrap();
    let (config, listener) = local(folder.path()).await;
    let sample = || kohyo_server::DemoSample {
        form_key: DISEASE.to_owned(),
        answers: answers(&files, &library),
        confirmed: true,
    };
    // One record for each width.
    let demo = kohyo_server::seed_demo(&config, &library, &[sample(), sample()])
        .await
        .unwrap();
    let plan = json!({
        "server": serve(&config, listener, library.clone()).await,
        "physician": login(&demo, "指定医"),
        "disease": DISEASE,
    });
    browser.walk("renewal_path.mjs", plan, folder.path()).await;
}

/// What a hospital does without a terminal: open a folder, check it, save the error list.
#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_checks_a_folder_on_the_tools_page() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let records = folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    std::fs::write(records.join("broken.xml"), "<record").unwrap();
    let files = ["broken.xml", "empty.xml"].map(|name| records.join(name));
    std::fs::write(&files[1], "").unwrap();
    let (listener, address) = listen().await;
    let config = kohyo_tool::Config {
        library: Library::new([form(tests::programs::one(DISEASE))]).unwrap(),
        release: None,
        keys: kohyo_tool::KeyFolder::new(folder.path().join("keys")),
        folder: records,
        version: "0.1.0".to_owned(),
    };
    let tool = kohyo_tool::Tool::new(config, address).unwrap();
    let plan = json!({ "tool": tool.url(), "files": files });
    tokio::spawn(kohyo_tool::serve_on(listener, tool));
    browser.walk("tool_path.mjs", plan, folder.path()).await;
}

/// What a hospital does with many records at once: keys, a file, its results.
#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_sends_a_file_from_a_page() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let form = form(tests::programs::one(DISEASE));
    let library = Library::new([form.clone()]).unwrap();
    let (config, listener) = local(folder.path()).await;
    let demo = kohyo_server::seed_demo(&config, &library, &[])
        .await
        .unwrap();
    let server = serve(&config, listener, library).await;
    let files = [1, 100].map(|seed| {
        let path = folder.path().join(format!("2026年{seed}月.xml"));
        std::fs::write(&path, three_records(&form, seed)).unwrap();
        path
    });
    let plan = json!({
        "server": server,
        "physician": login(&demo, "指定医"),
        "clerk": login(&demo, "医療クラーク"),
        "files": files,
    });
    browser.walk("import_path.mjs", plan, folder.path()).await;
}

/// Records in one file, the second without the patient's name.
fn three_records(form: &Form, seed: u64) -> Vec<u8> {
    let layout = kohyo_exchange::RecordWriter::new(form);
    let mut writer = kohyo_exchange::RecordsWriter::new(Vec::new()).unwrap();
    for number in 0..3 {
        let mut raw = kohyo_exchange::generate::generate(form, seed + number);
        if number == 1 {
            raw.remove("family_name");
        }
        let heading = kohyo_exchange::generate::heading();
        writer.write(&layout, heading, &raw).unwrap();
    }
    writer.finish().unwrap()
}

/// What a vendor does without an account: finds a disease, reads and saves its files, verifies them.
#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_finds_and_verifies_files_on_the_portal() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let programs = tests::programs::of(&[DISEASE, "shitei-049"]);
    let title = programs[0].title.clone();
    let forms: Vec<Arc<Form>> = programs.into_iter().map(form).collect();
    let releases = folder.path().join("releases");
    std::fs::create_dir(&releases).unwrap();
    let keys = publish(&releases, &forms);
    let (local, listener) = local(folder.path()).await;
    let config = kohyo_server::Config {
        releases: Some(kohyo_server::Releases {
            folder: releases,
            keys,
            judge: false,
        }),
        ..local
    };
    let library = Library::new(forms).unwrap();
    let plan = json!({
        "server": serve(&config, listener, library).await,
        "search": "ぱーきんそん",
        "disease": { "title": title },
        "file": "artefacts/xsd/shitei-006-2020.xsd",
        "onCard": "bradykinesia",
    });
    browser.walk("portal_path.mjs", plan, folder.path()).await;
}

/// Two releases in a folder, the second with one form more; the keys that signed them.
fn publish(folder: &Path, forms: &[Arc<Form>]) -> kohyo_bundle::TrustedKeys {
    use kohyo_bundle::{Builder, Hash, Packed, Previous, Release, ReleaseKey, TrustedKeys};
    use kohyo_compiler::emit::Target;
    let key = ReleaseKey::from_seed("試験用の配布元", &[5; 32]).unwrap();
    let today = today();
    let day = |days: i32| kohyo_engine::Date::from_day_number(today.first_day() + days).unwrap();
    let mut previous = None;
    for (id, from, until, count) in [
        ("2026-06", -200, -1, forms.len() - 1),
        ("2026-12", 0, 200, forms.len()),
    ] {
        let mut builder = Builder::new(Release {
            id: id.to_owned(),
            platform: "試験用の配布元".to_owned(),
            published: day(from),
            valid_from: day(from),
            valid_until: day(until),
            previous,
            made_with: "kohyo 0.1.0".to_owned(),
        });
        for form in &forms[..count] {
            let program = form.program();
            let name = builder
                .form(program, kohyo_engine::look_up::OtherNames::default())
                .unwrap();
            let stem = format!("{}-{}", program.key, program.edition);
            let mut files = vec![(
                format!("cards/{stem}.md"),
                kohyo_compiler::card_file(program).into_bytes(),
            )];
            for target in [Target::Xsd, Target::Documents, Target::JavaScript] {
                let made = target.form(form).artefacts.into_iter();
                let place = |path: String| format!("artefacts/{}/{path}", target.name());
                files.extend(made.map(|artefact| (place(artefact.path), artefact.content)));
            }
            for (path, content) in files {
                let packed = Packed::new(path, Some(name.clone()), &content).unwrap();
                builder.add(packed).unwrap();
            }
        }
        for page in ["README.md", "kit.md"] {
            let path = format!("docs/targets/{page}");
            let content = std::fs::read(tests::root().join(&path)).unwrap();
            builder
                .add(Packed::new(path, None, &content).unwrap())
                .unwrap();
        }
        let path = folder.join(format!("{id}.{}", kohyo_bundle::EXTENSION));
        let out = std::fs::File::create(path).unwrap();
        let manifest = builder.write(&key, out).unwrap();
        previous = Some(Previous {
            release: id.to_owned(),
            manifest: Hash::of(&manifest.to_json()),
        });
    }
    TrustedKeys::new([key.public()])
}

fn form(program: kohyo_engine::Program) -> Arc<Form> {
    Arc::new(Form::new(program).unwrap())
}

/// The disease of the walk, as it stands among the definitions.
fn disease(files: &Files) -> DiseaseEntry {
    let mut all = diseases(files).into_iter();
    all.find(|disease| disease.key == DISEASE).unwrap()
}

/// What somebody of the demonstration types to sign in.
fn login(demo: &kohyo_server::Demo, role: &str) -> serde_json::Value {
    let account = demo.accounts.iter().find(|a| a.role == role).unwrap();
    json!({ "login": account.login, "password": account.password })
}

/// The settings of a server with its data in this folder, and where it will listen.
async fn local(folder: &Path) -> (kohyo_server::Config, TcpListener) {
    let (listener, address) = listen().await;
    let config = kohyo_server::Config::local(folder.join("data"), address);
    (config, listener)
}

/// Starts the server; gives its address.
async fn serve(config: &kohyo_server::Config, listener: TcpListener, library: Library) -> String {
    let router = kohyo_server::router(config, library).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{}", config.listen)
}

/// Starts the studio over a copy of the definitions; gives its address.
async fn serve_studio(files: &Files, copy: PathBuf, author: (String, String)) -> String {
    for (path, text) in files.iter() {
        let target = copy.join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, text).unwrap();
    }
    let (listener, address) = listen().await;
    let config = kohyo_studio::Config {
        forms: copy,
        listen: address,
        users: vec![author],
    };
    let never = std::future::pending();
    tokio::spawn(kohyo_studio::serve_on(listener, config, never));
    format!("http://{address}")
}

/// Everything the physician writes: the case's answers, a patient, and the rest that is required.
fn answers(files: &Files, library: &Library) -> RawAnswers {
    let yaml = files.get(&cases::beside(&disease(files).path)).unwrap();
    let file = cases::parse(yaml).unwrap();
    let case = file
        .cases
        .iter()
        .find(|c| c.name == CASE)
        .expect("the case of the walk");
    let mut context = cases::context(case).unwrap();
    context.today = today();
    let form = library.newest(DISEASE, context.today).unwrap();
    let (deciding, wrong) = read_lenient(&form, &cases::answers(&form, &file, case));
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut fixed = written(&form, &deciding);
    for (name, value) in PATIENT {
        fixed.insert(name.to_owned(), vec![value.to_owned()]);
    }
    for name in ["written_on", "severity_on", "diagnosed_on"] {
        fixed.insert(name.to_owned(), vec![context.today.to_string()]);
    }
    completed(&form, &context, &fixed, 1).expect("a whole form without errors")
}

fn today() -> kohyo_engine::Date {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    // Nine hours ahead of UTC, as the server's clock of a Japanese installation.
    let days = (now.as_secs() + 9 * 3600) / 86_400;
    kohyo_engine::Date::from_day_number(i32::try_from(days).unwrap()).unwrap()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

struct Browser {
    path: PathBuf,
    arguments: Vec<String>,
}

impl Browser {
    /// Walks a path with a plan that says where everything is; fails with what the script says.
    /// Where `KOHYO_PICTURES` names a folder, pictures of the pages are put there.
    async fn walk(&self, script: &'static str, mut plan: serde_json::Value, folder: &Path) {
        plan["browser"] = json!(self.path);
        plan["browserArgs"] = json!(self.arguments);
        plan["pictures"] = json!(std::env::var("KOHYO_PICTURES").ok());
        let path = folder.join("plan.json");
        std::fs::write(&path, plan.to_string()).unwrap();
        let node = move || {
            let mut node = Command::new("node");
            node.arg(script).arg(path).current_dir(script_folder());
            node.output().unwrap()
        };
        let output = tokio::task::spawn_blocking(node).await.unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(output.status.success(), "{said}");
    }
}

fn browser() -> Option<Browser> {
    let folder = script_folder();
    let found = if !succeeds(Command::new("node").arg("--version")) {
        Err("Node is not installed")
    } else if !folder.join("node_modules/playwright-core").is_dir() {
        Err("run `npm ci --prefix tests/browser` first")
    } else {
        [
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
        ]
        .iter()
        .map(Path::new)
        .find(|path| path.exists())
        .map(|path| Browser {
            path: path.to_owned(),
            arguments: Vec::new(),
        })
        .or_else(packaged_browser)
        .ok_or("no Chromium found (Debian: apt-get install chromium; npm: @sparticuz/chromium)")
    };
    found
        .inspect_err(|missing| skip(missing, "no page has been opened"))
        .ok()
}

/// The browser shipped in the npm package `@sparticuz/chromium`, if it is installed.
fn packaged_browser() -> Option<Browser> {
    const ASK: &str = "import c from '@sparticuz/chromium'; \
        console.log(JSON.stringify([await c.executablePath(), c.args]))";
    let output = Command::new("node")
        .args(["--input-type=module", "-e", ASK])
        .current_dir(script_folder())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let (path, arguments) = serde_json::from_slice(&output.stdout).ok()?;
    Some(Browser { path, arguments })
}

fn script_folder() -> PathBuf {
    tests::root().join("tests/browser")
}

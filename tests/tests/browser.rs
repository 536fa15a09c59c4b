//! The main job in a real browser, from the empty form to the author's changed threshold.
//!
//! Needs Node, `npm ci --prefix tests/browser` and a Chromium. Where one is missing the test says
//! SKIPPED, loudly; with CI set it fails instead, so that it can never pass unseen.

use kohyo_compiler::{cases, compile, diseases};
use kohyo_engine::{Form, RawAnswers, read_lenient, written};
use kohyo_exchange::{Library, completed};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// The disease of the walk, the case that is filled in, and its patient.
const DISEASE: &str = "shitei-006";
const CASE: &str = "振戦なし・3所見のうち2つ → パーキンソニズムあり";
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
    let forms = diseases(&files)
        .into_iter()
        .map(|d| Arc::new(Form::new(compile(&files, &d.path).program.unwrap()).unwrap()));
    let library = Library::new(forms).unwrap();

    let (listener, server) = listen().await;
    let config = kohyo_server::Config::local(folder.path().join("data"), server);
    let demo = kohyo_server::seed_demo(&config, &library, &[])
        .await
        .unwrap();
    let router = kohyo_server::router(&config, library.clone())
        .await
        .unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let copy = folder.path().join("forms");
    for (path, text) in files.iter() {
        let target = copy.join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, text).unwrap();
    }
    let (listener, studio) = listen().await;
    let author = ("mori".to_owned(), "studio-password-1".to_owned());
    let config = kohyo_studio::Config {
        forms: copy,
        listen: studio,
        users: vec![author.clone()],
    };
    tokio::spawn(kohyo_studio::serve_on(
        listener,
        config,
        std::future::pending(),
    ));

    let login = |role: &str| {
        let account = demo.accounts.iter().find(|a| a.role == role).unwrap();
        json!({ "login": account.login, "password": account.password })
    };
    let disease = diseases(&files)
        .into_iter()
        .find(|d| d.key == DISEASE)
        .unwrap();
    let plan = json!({
        "browser": browser.path,
        "browserArgs": browser.arguments,
        "pictures": std::env::var("KOHYO_PICTURES").ok(),
        "server": format!("http://{server}"),
        "studio": format!("http://{studio}"),
        "physician": login("指定医"),
        "officer": login("自治体担当者"),
        "author": { "login": author.0, "password": author.1 },
        "disease": { "key": DISEASE, "title": disease.title, "path": disease.path },
        "patient": "二郎丸",
        "answers": answers(&files, &library),
        "result": "eligible",
        "resultLabel": "認定基準を満たす",
        "pivot": { "name": "bradykinesia", "other": "3", "result": "undetermined" },
        "edit": {
            "case": CASE,
            "find": "at least 2 of",
            "replace": "at least 3 of",
            "mistake": "at lest 2 of",
            "finding": "lest",
            "before": "認定基準を満たす",
            "after": "認定基準を満たさない",
        },
    });
    run("main_path.mjs", &plan, folder.path()).await;
}

/// What a hospital does without a terminal: open a folder, check it, save the error list.
#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_checks_a_folder_on_the_tools_page() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files = tests::forms();
    let disease = diseases(&files)
        .into_iter()
        .find(|d| d.key == DISEASE)
        .unwrap();
    let form = Form::new(compile(&files, &disease.path).program.unwrap()).unwrap();
    let records = folder.path().join("records");
    std::fs::create_dir(&records).unwrap();
    std::fs::write(records.join("broken.xml"), "<record").unwrap();
    let (listener, address) = listen().await;
    let config = kohyo_tool::Config {
        library: Library::new([Arc::new(form)]).unwrap(),
        keys: kohyo_tool::KeyFolder::new(folder.path().join("keys")),
        folder: records,
        version: "0.1.0".to_owned(),
    };
    let tool = kohyo_tool::Tool::new(config, address).unwrap();
    let plan = json!({
        "browser": browser.path,
        "browserArgs": browser.arguments,
        "pictures": std::env::var("KOHYO_PICTURES").ok(),
        "tool": tool.url(),
    });
    tokio::spawn(kohyo_tool::serve_on(listener, tool));
    run("tool_path.mjs", &plan, folder.path()).await;
}

/// Walks a path in the browser; fails with what the script says.
async fn run(script: &'static str, plan: &serde_json::Value, folder: &Path) {
    let path = folder.join("plan.json");
    std::fs::write(&path, plan.to_string()).unwrap();
    let output = tokio::task::spawn_blocking(move || {
        Command::new("node")
            .arg(script)
            .arg(path)
            .current_dir(script_folder())
            .output()
            .unwrap()
    })
    .await
    .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{said}");
}

/// Everything the physician writes: the case's answers, a patient, and the rest that is required.
fn answers(files: &kohyo_compiler::Files, library: &Library) -> RawAnswers {
    let disease = diseases(files)
        .into_iter()
        .find(|d| d.key == DISEASE)
        .unwrap();
    let yaml = files
        .get(&kohyo_compiler::cases::beside(&disease.path))
        .unwrap();
    let file = cases::parse(yaml).unwrap();
    let case = file
        .cases
        .iter()
        .find(|c| c.name == CASE)
        .expect("the case of the walk");
    let mut context = cases::context(case).unwrap();
    context.today = today();
    let form = library.newest(DISEASE, context.today).unwrap();
    let (deciding, wrong) = read_lenient(form, &cases::answers(form, &file, case));
    assert!(wrong.is_empty(), "{wrong:?}");
    let mut fixed = written(form, &deciding);
    for (name, value) in PATIENT {
        fixed.insert(name.to_owned(), vec![value.to_owned()]);
    }
    for name in ["written_on", "severity_on"] {
        fixed.insert(name.to_owned(), vec![context.today.to_string()]);
    }
    completed(form, &context, &fixed, 1).expect("a whole form without errors")
}

fn today() -> kohyo_engine::Date {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    // Nine hours ahead of UTC, as the server's clock of a Japanese installation.
    let days = (now.as_secs() + 9 * 3600) / 86_400;
    kohyo_engine::Date::from_day_number(i32::try_from(days).unwrap()).unwrap()
}

async fn listen() -> (tokio::net::TcpListener, std::net::SocketAddr) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

struct Browser {
    path: PathBuf,
    arguments: Vec<String>,
}

fn browser() -> Option<Browser> {
    let folder = script_folder();
    let node = Command::new("node")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let found = if !node.is_ok_and(|status| status.success()) {
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
    match found {
        Ok(browser) => Some(browser),
        Err(reason) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "the browser test cannot run: {reason}"
            );
            eprintln!("\n########## SKIPPED: the browser test did not run: {reason} ##########\n");
            None
        }
    }
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

//! `kohyo demo`: the data plane and the authoring plane on SQLite, with people and records.

use super::demo_release;
use crate::disk::{Failure, Workspace, make_folder, write_text};
use crate::output;
use kohyo_compiler::{DiseaseEntry, cases};
use kohyo_engine::program::Application;
use kohyo_engine::{ResultKind, read_lenient, written};
use kohyo_server::{Config, Demo, DemoSample, Library};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What the servers note goes to standard error; `KOHYO_LOG=info` shows more.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KOHYO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// The author of the demonstration.
const AUTHOR: (&str, &str) = ("mori", "demo-author-2026");

pub fn run(
    workspace: &Workspace,
    data: &Path,
    listen: SocketAddr,
    studio_listen: SocketAddr,
) -> Result<ExitCode, Failure> {
    let library =
        Library::new(super::forms(workspace)?).map_err(|e| Failure::Other(e.to_string()))?;
    if library.is_empty() {
        return Err(Failure::Other(
            "使える定義が一つもありません\n  `kohyo check` で誤りを確認してください".to_owned(),
        ));
    }
    let forms = copy_forms(workspace, data)?;
    log();
    let releases = demo_release::publish(workspace, &library, data)?;
    let catalogue = workspace.catalogue()?.unwrap_or_default();
    let names = catalogue.iter();
    let config = Config {
        names: names.map(|l| (l.key.clone(), l.other_names())).collect(),
        releases: Some(releases),
        ..Config::local(data.to_owned(), listen)
    };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|e| Failure::Other(format!("起動できません: {e}")))?;
    runtime.block_on(serve(
        library,
        samples(workspace),
        config,
        forms,
        studio_listen,
    ))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(
    library: Library,
    samples: Vec<DemoSample>,
    config: Config,
    forms: PathBuf,
    studio_listen: SocketAddr,
) -> Result<(), Failure> {
    let other = |e: &dyn std::fmt::Display| Failure::Other(e.to_string());
    let demo = kohyo_server::seed_demo(&config, &library, &samples)
        .await
        .map_err(|e| other(&e))?;
    let studio = kohyo_studio::Config {
        forms,
        listen: studio_listen,
        users: vec![(AUTHOR.0.to_owned(), AUTHOR.1.to_owned())],
    };
    announce(&demo, &config, &studio);
    tokio::try_join!(
        async {
            kohyo_server::serve(&config, library)
                .await
                .map_err(|e| other(&e))
        },
        async {
            kohyo_studio::serve(studio.clone())
                .await
                .map_err(|e| other(&e))
        },
    )?;
    output::line("終了しました。データは残っています");
    Ok(())
}

/// Records worth looking at, from the cases of the definitions: what each kind of result looks
/// like, and a draft somebody has left half filled.
fn samples(workspace: &Workspace) -> Vec<DemoSample> {
    let wanted = [
        ("shitei-006", ResultKind::Eligible, true),
        ("shitei-097", ResultKind::Mild, true),
        ("shitei-011", ResultKind::NotMet, true),
        ("shitei-049", ResultKind::Eligible, false),
    ];
    wanted
        .into_iter()
        .filter_map(|(key, result, confirmed)| sample(workspace, key, result, confirmed))
        .collect()
}

/// The deciding answers of the first case of a disease with this result.
fn sample(
    workspace: &Workspace,
    key: &str,
    result: ResultKind,
    confirmed: bool,
) -> Option<DemoSample> {
    let all = kohyo_compiler::diseases(&workspace.files);
    let disease = DiseaseEntry::newest(all.iter().filter(|d| d.key == key))?;
    let file = cases::parse(
        workspace
            .files
            .get(&kohyo_compiler::cases::beside(&disease.path))?,
    )
    .ok()?;
    let case = file.cases.iter().find(|c| {
        c.expect.result == Some(result)
            && c.application == Application::New
            && c.expect.findings.is_empty()
    })?;
    let form =
        super::form(kohyo_compiler::compile(&workspace.files, &disease.path).program?).ok()?;
    let (answers, _) = read_lenient(&form, &cases::answers(&form, &file, case));
    Some(DemoSample {
        form_key: key.to_owned(),
        answers: written(&form, &answers),
        confirmed,
    })
}

/// The studio of the demonstration edits a copy, so that trying things out changes no definition.
fn copy_forms(workspace: &Workspace, data: &Path) -> Result<PathBuf, Failure> {
    let copy = data.join("forms");
    for (path, text) in workspace.files.iter() {
        let target = copy.join(path);
        if target.exists() {
            continue;
        }
        if let Some(folder) = target.parent() {
            make_folder(folder)?;
        }
        write_text(&target, text)?;
    }
    Ok(copy)
}

fn announce(demo: &Demo, config: &Config, studio: &kohyo_studio::Config) {
    output::line("個票 デモ（架空の人物と施設です。実際の患者の情報を入力しないでください）\n");
    output::line(&format!("  医療機関・自治体   http://{}/", config.listen));
    for account in &demo.accounts {
        output::line(&format!(
            "    {}  {}（{}）  ログインID {}  パスワード {}",
            account.role, account.name, account.organisation, account.login, account.password
        ));
    }
    output::line(&format!(
        "\n  様式・点検規則の配布  http://{}/releases（ログイン不要。起動後に数秒で作られます）",
        config.listen
    ));
    output::line(&format!("\n  定義の作成         http://{}/", studio.listen));
    output::line(&format!(
        "    作成者  ログインID {}  パスワード {}",
        AUTHOR.0, AUTHOR.1
    ));
    output::line("\n  登録済みの記録");
    for record in &demo.records {
        let key = record
            .access_key
            .as_deref()
            .map_or_else(|| "下書き".to_owned(), |key| format!("アクセスキー {key}"));
        output::line(&format!("    {}  {}  {key}", record.title, record.patient));
    }
    output::line(&format!(
        "\nデータは {} にあります。終了するには Ctrl+C を押してください。",
        config.data_dir.display()
    ));
}

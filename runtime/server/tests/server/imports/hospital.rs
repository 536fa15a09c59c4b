//! A hospital: its records as files, its keys, its tokens, its lists.

use crate::sample;
use crate::support::{Browser, Sender, Server, complete_but};
use axum::http::{StatusCode, header};
use kohyo_engine::RawAnswers;
use kohyo_engine::program::Application;
use kohyo_exchange::seal::{Contents, KeyFile, Passphrase, PlatformPublic, SigningKey, seal};
use kohyo_exchange::{ErrorList, Heading, Options, RecordWriter, RecordsWriter, check_records};
use kohyo_server::Library;
use std::num::NonZeroUsize;

const PASSPHRASE: &str = "二月の梅、三月の桃、四月の桜";

/// One document of records of patients with these given names; a record named `!…` lacks what the form requires.
pub(super) fn document(names: &[&str]) -> Vec<u8> {
    let form = sample::form();
    let layout = RecordWriter::new(&form);
    let mut writer = RecordsWriter::new(Vec::new()).unwrap();
    let heading = Heading {
        application: Application::New,
        written: Some("2026-11-20".parse().unwrap()),
    };
    for name in names {
        let mut raw: RawAnswers = complete_but("given_name", name)
            .into_iter()
            .map(|(field, value)| (field.to_owned(), vec![value.to_owned()]))
            .collect();
        if name.starts_with('!') {
            raw.remove("tremor");
        }
        writer.write(&layout, heading, &raw).unwrap();
    }
    writer.finish().unwrap()
}

/// A key of the hospital, issued on the page of its 責任者.
pub(super) async fn key(manager: &mut Browser, replaces: &str) -> SigningKey {
    let public = manager.get("/keys/platform.kohyo-pub").await;
    let public = PlatformPublic::parse(&public.body).unwrap();
    manager.get("/keys").await;
    let form = [
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
        ("replaces", replaces),
    ];
    let page = manager.post("/keys/issue", &form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let disposition = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(
        disposition.contains("1310000001-") && disposition.contains(".kohyo-key"),
        "{disposition}"
    );
    let file = KeyFile::parse(&page.body, &public).unwrap();
    file.unlock(&Passphrase::new(PASSPHRASE)).unwrap()
}

pub(super) fn container(names: &[&str], key: &SigningKey, created: i64) -> Vec<u8> {
    let contents = Contents {
        payload: &document(names),
        records: names.len() as u32,
        created: created as u64,
        tool: "kohyo test",
        release: "sample",
    };
    let mut bytes = Vec::new();
    seal(&contents, key, &mut rand::rng(), &mut bytes).unwrap();
    bytes
}

pub(super) async fn token(manager: &mut Browser) -> String {
    manager.get("/keys").await;
    let page = manager
        .post("/keys/tokens", &[("label", "電子カルテ")])
        .await;
    page.text("token")
}

/// The error list that the check tool writes for a file of this name.
pub(super) fn tool_list(name: &str, bytes: &[u8], json: bool) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut list = if json {
        ErrorList::json(Vec::new()).unwrap()
    } else {
        ErrorList::csv(Vec::new()).unwrap()
    };
    let options = Options {
        today: "2026-11-22".parse().unwrap(),
        threads: NonZeroUsize::MIN,
        normalise: false,
        keep_records: false,
        except: &[],
    };
    let library = Library::new([sample::form()]).unwrap();
    let mut summary = check_records(
        &[path],
        &library,
        options,
        |_| (),
        |path, report| list.add(path.file_name().unwrap().as_ref(), &report),
    )
    .unwrap();
    // Of the sender's folders the server knows nothing.
    for broken in &mut summary.broken {
        name.clone_into(&mut broken.file);
    }
    list.finish(&summary).unwrap()
}

/// How many drafts the hospital's list shows.
pub(super) async fn drafts(browser: &mut Browser) -> usize {
    let page = browser.get("/records").await;
    page.body.matches("data-testid=\"draft-line\"").count()
}

/// A system of the hospital with a token of its own.
pub(super) async fn sender(server: &Server, manager: &mut Browser) -> Sender {
    Sender::new(&server.router, &token(manager).await)
}

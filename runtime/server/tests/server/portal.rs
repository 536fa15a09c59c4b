//! The portal: what anybody gets of the releases in the folder, and what nobody gets.

mod reading;
mod releases;

use crate::support::{Answer, Browser, Page, Server, ask, on_both};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kohyo_bundle::{Bundle, PublicKey, ReleaseKey, TrustedKeys, Use};
use kohyo_server::{Config, Releases, refused_releases, router};
use reading::{link, masked, readable};
use releases::{PAGE, key, program, put, release, trusted, two_releases, write};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A server with releases in a folder, and a browser that nobody has signed in to.
struct Portal {
    server: Server,
    folder: PathBuf,
    anybody: Browser,
}

impl Portal {
    /// A portal over whatever `fill` puts into the folder.
    async fn over(server: Server, fill: impl FnOnce(&Path)) -> Self {
        let folder = server.folder.path().join("releases");
        std::fs::create_dir_all(&folder).unwrap();
        fill(&folder);
        let anybody = Browser::new(&offering(&server, &folder, false).await);
        Self {
            server,
            folder,
            anybody,
        }
    }

    async fn of_two_releases() -> Self {
        Self::over(Server::on_sqlite().await, two_releases).await
    }

    async fn ask(&self, method: Method, path: &str, known: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !known.is_empty() {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        ask(&self.anybody.router, request, Body::empty()).await
    }

    async fn page(&mut self, path: &str) -> Page {
        self.anybody.get(path).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    /// Waits until a page says what it should; the folder is watched, but nobody knows how fast.
    async fn until(&self, path: &str, done: impl Fn(&Answer) -> bool) {
        for _ in 0..600 {
            if done(&self.get(path).await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} did not change");
    }
}

/// The server again, with the releases of this folder, which may judge its records.
async fn offering(server: &Server, folder: &Path, judge: bool) -> Router {
    let config = Config {
        releases: Some(source(folder, judge)),
        ..server.config.clone()
    };
    router(&config, server.library.clone()).await.unwrap()
}

fn source(folder: &Path, judge: bool) -> Releases {
    Releases {
        folder: folder.to_owned(),
        keys: trusted(),
        judge,
    }
}

on_both! {
    async fn from_the_list_to_a_verified_file(server: Server) {
        let mut portal = Portal::over(server, two_releases).await;
        let login = portal.page("/login").await;
        assert!(link(&login, "/releases").ends_with("/releases"));
        let list = portal.page("/releases").await;
        assert_eq!(list.status, StatusCode::OK, "{}", list.body);
        assert!(list.text("current").contains("2026-12"));
        assert!(portal.anybody.cookie.is_none(), "reading leaves no trace");

        for (sought, found) in [("6", true), ("%E3%81%B1%E3%83%BC%E3%81%8D%E3%82%93", true), ("%E7%AD%8B%E7%84%A1%E5%8A%9B", false)] {
            let page = portal.page(&format!("/releases/2026-12?q={sought}")).await;
            assert_eq!(page.body.contains("data-key=\"shitei-006\""), found, "{sought}");
            assert!(!page.body.contains("data-key=\"shitei-049\""), "{sought}");
        }
        let disease = portal.page("/releases/2026-12/forms/shitei-006").await;
        assert!(disease.body.find("data-edition=\"2026\"") < disease.body.find("data-edition=\"2020\""));
        let address = link(&disease, "shitei-006-2026.xsd?v=");
        let file = portal.get(&address).await;
        assert_eq!(file.body, b"<schema/>");
        let hash = kohyo_bundle::Hash::of(&file.body).to_string();
        assert!(disease.body.contains(&hash), "the page shows the hash");
        assert_eq!(file.header(header::ETAG), format!("\"{hash}\""));

        // The whole bundle is the file of the folder, and the key that verifies it is offered.
        let bundle = portal.get("/releases/2026-12/download").await;
        assert_eq!(bundle.body, std::fs::read(portal.folder.join("2026-12.kohyo-release")).unwrap());
        let key = portal.get("/releases/2026-12/key").await;
        let key = PublicKey::parse(std::str::from_utf8(&key.body).unwrap()).unwrap();
        let keys = TrustedKeys::new([key]);
        let opened = Bundle::open(Cursor::new(bundle.body), &keys, Use::Archive).unwrap();
        assert!(opened.verify_all(|_| {}).is_ok());
        assert_eq!(portal.get("/releases/2026-12/manifest.json").await.body, opened.manifest_json());
        assert_eq!(portal.get("/releases/2026-12/manifest.sig").await.body, opened.signature());

        // A ZIP brings the manifest along.
        let zip = portal.get(&link(&disease, "zip/shitei-006-2020.zip")).await;
        let mut zip = ZipArchive::new(Cursor::new(zip.body)).unwrap();
        let mut names: Vec<String> = (0..zip.len())
            .map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, [
            "artefacts/documents/shitei-006-2020.csv", "artefacts/documents/shitei-006-2020.html",
            "artefacts/xsd/shitei-006-2020.xsd", "cards/shitei-006-2020.md", "manifest.json",
            "manifest.sig", "programs/shitei-006-2020.json",
        ]);
        let kit = portal.get(&link(&disease, "shitei-006-2020-kit.zip")).await;
        assert_eq!(ZipArchive::new(Cursor::new(kit.body)).unwrap().len(), 4);
    }
}

#[tokio::test]
async fn pages_read_as_they_should() {
    let mut portal = Portal::of_two_releases().await;
    for (name, path) in [
        ("portal_releases", "/releases"),
        ("portal_release", "/releases/2026-12"),
        ("portal_form", "/releases/2026-12/forms/shitei-006"),
        ("portal_changes", "/release-changes"),
    ] {
        let page = portal.page(path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        insta::assert_snapshot!(name, masked(&readable(&page)));
    }
    let feed = portal.page("/releases.atom").await;
    insta::assert_snapshot!("portal_feed", masked(&feed.body));
    let json = portal.page("/releases.json").await;
    insta::assert_snapshot!("portal_json", masked(&json.body));
    let ended = portal.page("/releases/2026-06").await;
    assert!(ended.body.contains("このリリースの有効期間は終わりました"));
    let nothing = portal.page("/releases/2026-12?q=zzz").await;
    assert!(nothing.has("nothing-found"));
    let typed = portal.page("/releases/2026-12?q=%3Cscript%3E").await;
    assert!(
        !typed.body.contains("<script>「"),
        "what is typed is escaped"
    );
    assert!(typed.body.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn what_explains_a_release_is_read_as_a_page() {
    let mut portal = Portal::of_two_releases().await;
    let release = portal.page("/releases/2026-12").await;
    let address = link(&release, "view/docs/targets/README.md");
    let guide = portal.page(&address).await;
    assert_eq!(guide.status, StatusCode::OK, "{}", guide.body);
    insta::assert_snapshot!("portal_document", masked(&readable(&guide)));
    assert!(guide.body.contains("<h2 id=\"1-一覧\">"), "{}", guide.body);
    assert!(!guide.body.contains("<script>document"), "tags are shown");
    // Its links are relative: what lies beside it can be read as well.
    let beside = address.replace("README.md", "reader.py");
    let program = portal.get(beside.split('?').next().unwrap()).await;
    assert_eq!(
        program.header(header::CONTENT_TYPE),
        "text/plain; charset=utf-8"
    );
    assert_eq!(program.body, b"print('<b>')\n");
    assert!(program.headers.get(header::CONTENT_DISPOSITION).is_none());
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let portal = Portal::of_two_releases().await;
    let form = "/releases/2026-12/forms/shitei-006";
    let xsd = "/releases/2026-12/files/artefacts/xsd/shitei-006-2020.xsd";
    let all = [
        "/releases",
        "/releases.atom",
        "/releases.json",
        "/release-changes",
        "/releases/2026-12",
        "/releases/2026-12/changes",
        form,
        "/releases/2026-12/manifest.json",
        "/releases/2026-12/manifest.sig",
        "/releases/2026-12/key",
        "/releases/2026-12/download",
        xsd,
        "/releases/2026-12/zip/shitei-006-2020.zip",
        "/releases/2026-12/zip/shitei-006-2020-kit.zip",
        "/releases/2026-12/view/artefacts/documents/shitei-006-2020.html",
        "/releases/2026-12/view/docs/targets/README.md",
    ];
    for path in all {
        let whole = portal.get(path).await;
        assert_eq!(whole.status, StatusCode::OK, "{path}");
        let tag = whole.header(header::ETAG).to_owned();
        assert!(!tag.is_empty(), "{path}");
        assert_eq!(
            whole.header(header::CACHE_CONTROL),
            "public, no-cache",
            "{path}"
        );
        assert_eq!(
            whole.header(header::CONTENT_LENGTH),
            whole.body.len().to_string(),
            "{path}"
        );
        let again = portal.ask(Method::GET, path, &tag).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(
            (again.body.len(), again.header(header::ETAG)),
            (0, tag.as_str()),
            "{path}"
        );
        let other = portal.ask(Method::GET, path, "\"other\"").await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
        let head = portal.ask(Method::HEAD, path, "").await;
        assert_eq!(
            (head.status, head.body.len()),
            (StatusCode::OK, 0),
            "{path}"
        );
        assert_eq!(
            head.header(header::CONTENT_LENGTH),
            whole.body.len().to_string(),
            "{path}"
        );
        assert_eq!(head.header(header::ETAG), tag, "{path}");
    }
    // An address that names the hash never means anything else.
    let hash = kohyo_bundle::Hash::of(b"<schema/>").to_string();
    let kept = portal.get(&format!("{xsd}?v={}", &hash[..16])).await;
    assert_eq!(
        kept.header(header::CACHE_CONTROL),
        "public, max-age=31536000, immutable"
    );
    let wrong = portal.get(&format!("{xsd}?v=0000000000000000")).await;
    assert_eq!(wrong.header(header::CACHE_CONTROL), "public, no-cache");
}

#[tokio::test]
async fn files_are_saved_and_documents_are_shown_in_a_sandbox() {
    let portal = Portal::of_two_releases().await;
    for (path, kind, name) in [
        (
            "files/artefacts/xsd/types.xsd",
            "application/xml",
            "types.xsd",
        ),
        (
            "files/changes.html",
            "text/html; charset=utf-8",
            "changes.html",
        ),
        (
            "files/artefacts/documents/shitei-006-2020.csv",
            "text/csv; charset=utf-8",
            "shitei-006-2020.csv",
        ),
        (
            "files/programs/shitei-006-2020.json",
            "application/json",
            "shitei-006-2020.json",
        ),
        ("download", "application/zip", "2026-12.kohyo-release"),
        (
            "zip/shitei-006-2020.zip",
            "application/zip",
            "shitei-006-2020.zip",
        ),
    ] {
        let answer = portal.get(&format!("/releases/2026-12/{path}")).await;
        assert_eq!(answer.header(header::CONTENT_TYPE), kind, "{path}");
        let expected = format!("attachment; filename=\"{name}\"");
        assert_eq!(
            answer.header(header::CONTENT_DISPOSITION),
            expected,
            "{path}"
        );
        assert_eq!(
            answer.header(header::X_CONTENT_TYPE_OPTIONS),
            "nosniff",
            "{path}"
        );
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    }
    let view = portal.get("/releases/2026-12/view/changes.html").await;
    assert_eq!(view.body, PAGE.as_bytes());
    assert!(view.headers.get(header::CONTENT_DISPOSITION).is_none());
    insta::assert_snapshot!(view.header(header::CONTENT_SECURITY_POLICY), @"sandbox allow-scripts allow-downloads; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    for path in [
        "/releases/2027-01",
        "/releases/2026-12/forms/shitei-999",
        "/releases/2026-12/files/none.txt",
        "/releases/2026-12/files/..%2F..%2Fkohyo.key",
        "/releases/2026-12/files/../../kohyo.key",
        "/releases/2026-12/view/changes.json",
        "/releases/2026-12/zip/shitei-999-2020.zip",
        "/releases/..%2Fkohyo.key/download",
        "/releases/2026-12/files/manifest.json",
    ] {
        let answer = portal.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let latest = portal
        .get("/releases/latest/files/artefacts/xsd/types.xsd?x=1")
        .await;
    assert_eq!(latest.status, StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(
        latest.header(header::LOCATION),
        "/releases/2026-12/files/artefacts/xsd/types.xsd?x=1"
    );
    let latest = portal.get("/releases/latest").await;
    assert_eq!(latest.header(header::LOCATION), "/releases/2026-12");
}

#[tokio::test]
async fn nothing_is_served_that_nobody_trusted_signed() {
    let days = ["2026-11-20", "2026-11-21", "2027-03-31"];
    let forms = [program("shitei-006", "2020", "パーキンソン病")];
    let server = Server::on_sqlite().await;
    let mut portal = Portal::over(server, |folder| {
        let (good, _) = write(folder, release("2026-12", days, None, &forms));
        let bytes = std::fs::read(&good).unwrap();
        let mut foreign = Vec::new();
        let other = ReleaseKey::from_seed("別の人", &[4; 32]).unwrap();
        let signed_elsewhere = release("2026-13", days, None, &forms);
        signed_elsewhere.write(&other, &mut foreign).unwrap();
        let mut twice = Vec::new();
        let other_content = release("2026-12", days, None, &[]);
        other_content.write(&key(), &mut twice).unwrap();
        for (name, content) in [
            ("a-cut.kohyo-release", &bytes[..bytes.len() - 9]),
            ("b-text.kohyo-release", b"not a bundle"),
            ("ignored.txt", b"not a bundle"),
            ("c-foreign.kohyo-release", &foreign),
            ("d-twice.kohyo-release", &twice),
        ] {
            std::fs::write(folder.join(name), content).unwrap();
        }
    })
    .await;

    let folder = &portal.folder;
    let refused: Vec<String> = refused_releases(&source(folder, false))
        .into_iter()
        .map(|refused| {
            let name = refused.file.file_name().unwrap().display().to_string();
            let reason = refused.reason.replace(folder.to_str().unwrap(), "…");
            format!("{name}: {reason}")
        })
        .collect();
    insta::assert_snapshot!(refused.join("\n"), @r"
    a-cut.kohyo-release: リリースファイルではないか、途中で切れています。配布元からもう一度取得してください。途中で切れたもの、コメントや余分なデータの付いたZIPは使えません
    b-text.kohyo-release: リリースファイルではないか、途中で切れています。配布元からもう一度取得してください。途中で切れたもの、コメントや余分なデータの付いたZIPは使えません
    c-foreign.kohyo-release: リリースファイルは、登録されていない鍵（鍵番号 c5b940ed3f65c391）で署名されています。配布元の公開鍵ファイルを登録しているか、鍵番号が配布元の知らせと同じかを確認してください
    d-twice.kohyo-release: リリース 2026-12 は …/2026-12.kohyo-release にもあり、内容が違います。リリースは後から変えられません。一方を取り除いてください
    ");
    let list = portal.page("/releases").await;
    assert_eq!(list.body.matches("data-testid=\"release-line\"").count(), 1);
    assert!(!list.body.contains("2026-13"));
    let foreign = portal.get("/releases/2026-13/download").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);

    let mut without = portal.server.browser();
    for path in ["/releases", "/releases.atom", "/releases/2026-12"] {
        assert_eq!(
            without.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let none = portal.server.folder.path().join("missing");
    let refused = refused_releases(&source(&none, false));
    assert!(refused[0].reason.contains("フォルダーを読めません"));
}

#[tokio::test]
async fn the_folder_is_watched() {
    let portal = Portal::over(Server::on_sqlite().await, |_| ()).await;
    let has = |id: &'static str| {
        move |answer: &Answer| String::from_utf8_lossy(&answer.body).contains(id)
    };
    assert!(!has("2026-12")(&portal.get("/releases").await));
    two_releases(&portal.folder);
    portal.until("/releases", has("2026-12")).await;
    std::fs::remove_file(portal.folder.join("2026-12.kohyo-release")).unwrap();
    portal
        .until("/releases", |answer| !has("2026-12")(answer))
        .await;
    assert!(has("2026-06")(&portal.get("/releases").await));
}

/// Packs a release anew, with other bytes in one of its files.
fn with_another_file(path: &Path, changed: &str, bytes: &[u8]) {
    let mut archive = ZipArchive::new(Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name == changed {
            content = bytes.to_vec();
        }
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(&content).unwrap();
    }
    put(path, &zip.finish().unwrap().into_inner());
}

#[tokio::test]
async fn a_file_that_is_not_what_was_signed_is_never_sent() {
    let portal = Portal::over(Server::on_sqlite().await, |folder| {
        two_releases(folder);
        let path = folder.join("2026-12.kohyo-release");
        with_another_file(&path, "artefacts/xsd/types.xsd", b"<tipes/>");
    })
    .await;
    let file = portal
        .get("/releases/2026-12/files/artefacts/xsd/types.xsd")
        .await;
    // Refused at once; a moment later, when everything was read, the release is gone.
    assert!([StatusCode::INTERNAL_SERVER_ERROR, StatusCode::NOT_FOUND].contains(&file.status));
    assert!(!String::from_utf8_lossy(&file.body).contains("tipes"));
    let gone = |answer: &Answer| answer.status == StatusCode::NOT_FOUND;
    portal.until("/releases/2026-12", gone).await;
    assert_eq!(portal.get("/releases/2026-06").await.status, StatusCode::OK);
}

#[tokio::test]
async fn records_are_judged_with_the_release_in_force() {
    let Portal { server, folder, .. } = Portal::of_two_releases().await;
    let mut doctor = server.signed_in("yamada").await;
    let before = doctor.get("/records/new").await;
    assert!(before.body.contains("版 2020") && !before.body.contains("重症筋無力症"));
    doctor.router = offering(&server, &folder, true).await;
    let page = doctor.get("/records/new").await;
    assert!(page.body.contains("版 2026"), "{}", page.body);
    assert!(page.body.contains("全身性エリテマトーデス"));
    // Only the older release has it; records of it stay readable, and it can still be chosen.
    assert!(page.body.contains("重症筋無力症"));
    // The edition a record was begun with is still there.
    let path = doctor.create().await;
    assert_eq!(doctor.get(&path).await.status, StatusCode::OK);

    std::fs::remove_file(folder.join("2026-12.kohyo-release")).unwrap();
    let session = doctor.cookie.clone();
    for _ in 0..600 {
        if !doctor.get("/records/new").await.body.contains("版 2026") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let page = doctor.get("/records/new").await;
    assert!(
        !page.body.contains("版 2026"),
        "the other release is used without a restart"
    );
    assert_eq!(doctor.cookie, session);
}

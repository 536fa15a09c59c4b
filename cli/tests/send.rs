//! `kohyo send` against the real server, as a hospital's system runs it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_engine::Form;
use kohyo_exchange::{Library, RecordWriter, RecordsWriter, generate};
use kohyo_server::{Config, seed_demo, serve};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sha2::Digest;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, ServerConfig};

/// A hospital with a file, and the platform of the demonstration.
struct Desk {
    folder: TempDir,
    address: SocketAddr,
    token: String,
    /// Ends with the desk.
    platform: Runtime,
}

fn library() -> Library {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms");
    let mut files = kohyo_compiler::Files::new();
    let mut folders = vec![forms.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|of| of == "kohyo") {
                let name = path.strip_prefix(&forms).unwrap().to_str().unwrap();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let diseases = kohyo_compiler::diseases(&files);
    let programs = diseases
        .iter()
        .filter_map(|disease| kohyo_compiler::compile(&files, &disease.path).program);
    Library::new(programs.map(|program| Arc::new(Form::new(program).unwrap()))).unwrap()
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let config = Config::local(folder.path().join("platform"), address);
        fs::create_dir(folder.path().join("platform")).unwrap();
        let library = library();
        let platform = Runtime::new().unwrap();
        platform
            .block_on(seed_demo(&config, &library, &[]))
            .unwrap();
        platform.spawn(async move { serve(&config, library).await.unwrap() });
        let token = token(address);
        Self {
            folder,
            address,
            token,
            platform,
        }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of records that can be registered.
    fn records(&self, name: &str, count: usize) {
        let library = library();
        let form = library.get("shitei-999", "2024").unwrap();
        let layout = RecordWriter::new(&form);
        let mut writer = RecordsWriter::new(Vec::new()).unwrap();
        let good = (0..)
            .map(|seed| generate::generate(&form, seed))
            .filter(|raw| {
                let mut one = Vec::new();
                layout.write(generate::heading(), raw, &mut one).unwrap();
                let reports =
                    kohyo_exchange::check_document(&one, &library, "2026-11-22".parse().unwrap());
                reports
                    .iter()
                    .all(kohyo_exchange::RecordReport::is_acceptable)
            });
        for raw in good.take(count) {
            writer.write(&layout, generate::heading(), &raw).unwrap();
        }
        fs::write(self.path(name), writer.finish().unwrap()).unwrap();
    }

    fn send(&self, arguments: &[&str]) -> Output {
        self.send_as(&self.token, &format!("http://{}", self.address), arguments)
    }

    fn send_as(&self, token: &str, server: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .arg("send")
            .args(arguments)
            .args(["--server", server])
            .current_dir(self.folder.path())
            .env("KOHYO_TOKEN", token)
            .output()
            .unwrap()
    }
}

/// A platform behind TLS, as a reverse proxy has it.
struct Front {
    address: String,
    /// The certificate of its authority.
    authority: String,
    /// Bytes that came through.
    through: Arc<AtomicU64>,
}

impl Desk {
    fn behind_tls(&self, name: &str) -> Front {
        let (authority, config) = certified(name);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let platform = self.address;
        let through = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&through);
        self.platform.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            loop {
                let (outside, _) = listener.accept().await.unwrap();
                let (acceptor, counted) = (acceptor.clone(), Arc::clone(&counted));
                tokio::spawn(async move {
                    let Ok(mut outside) = acceptor.accept(outside).await else {
                        return;
                    };
                    let mut inside = tokio::net::TcpStream::connect(platform).await.unwrap();
                    let copied = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                    counted.fetch_add(copied.map_or(1, |(up, _)| up), Ordering::Relaxed);
                });
            }
        });
        Front {
            address: format!("https://{address}"),
            authority,
            through,
        }
    }
}

/// An authority, and a server of this name with a certificate of it.
fn certified(name: &str) -> (String, ServerConfig) {
    let mut authority = CertificateParams::new(Vec::<String>::new()).unwrap();
    let subject = format!("CA of {name}");
    authority
        .distinguished_name
        .push(DnType::CommonName, subject);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = CertifiedIssuer::self_signed(authority, key).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let server = server.signed_by(&key, &authority).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![server.der().clone()],
            key.serialize_der().try_into().unwrap(),
        );
    (authority.pem(), config.unwrap())
}

#[test]
fn a_file_is_sent_through_tls_to_whom_the_certificate_names() {
    let desk = Desk::new();
    desk.records("a.xml", 1_000);
    let front = desk.behind_tls("127.0.0.1");
    let other = desk.behind_tls("kohyo.example.jp");
    fs::write(desk.path("ca.pem"), &front.authority).unwrap();
    fs::write(desk.path("other.pem"), &other.authority).unwrap();
    let cases = [
        (&front, None, "知らない認証局の証明書です"),
        (&front, Some("other.pem"), "知らない認証局の証明書です"),
        (&other, Some("other.pem"), "別の名前のサーバーの証明書です"),
    ];
    for (front, ca, expected) in cases {
        let mut arguments = vec!["a.xml"];
        arguments.extend(ca.iter().flat_map(|ca| ["--ca", *ca]));
        let refused = desk.send_as(&desk.token, &front.address, &arguments);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        let said = said(&refused);
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(
            said.contains("何も送っていません") && said.contains("--ca FILE"),
            "{said}"
        );
        assert_eq!(front.through.load(Ordering::Relaxed), 0);
        assert!(!desk.path("a.xml.receipt.json").exists());
    }
    let sent = desk.send_as(&desk.token, &front.address, &["a.xml", "--ca", "ca.pem"]);
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    assert!(said(&sent).contains("登録 1000"), "{}", said(&sent));
    assert!(desk.path("a.xml.receipt.json").exists());
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A token of the hospital of the demonstration, made on its page.
fn token(address: SocketAddr) -> String {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .build()
        .into();
    let url = |path: &str| format!("http://{address}{path}");
    let begun = std::time::Instant::now();
    while agent.get(url("/healthz")).call().is_err() {
        assert!(
            begun.elapsed().as_secs() < 60,
            "the platform does not start"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let login = [("login", "yamada"), ("password", "demo-shiteii-2026")];
    let signed_in = agent.post(url("/login")).send_form(login).unwrap();
    let cookie = signed_in.headers()["set-cookie"]
        .to_str()
        .unwrap()
        .to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let page = agent.get(url("/keys")).header("cookie", cookie).call();
    let page = page.unwrap().body_mut().read_to_string().unwrap();
    let csrf = between(&page, "name=\"_csrf\" value=\"", "\"");
    let wish = [("_csrf", csrf), ("label", "電子カルテ")];
    let page = agent
        .post(url("/keys/tokens"))
        .header("cookie", cookie)
        .send_form(wish);
    let page = page.unwrap().body_mut().read_to_string().unwrap();
    between(&page, "data-testid=\"token\">", "<").to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap();
    rest.split_once(after).unwrap().0
}

#[test]
fn a_file_is_sent_once_and_its_receipt_is_kept() {
    let desk = Desk::new();
    desk.records("a.xml", 3);
    let sent = desk.send(&["a.xml", "--csv", "errors.csv"]);
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    assert!(
        said(&sent).contains("個票 3 件: 登録 3、重複 0、エラー 0"),
        "{}",
        said(&sent)
    );
    let receipt = fs::read(desk.path("a.xml.receipt.json")).unwrap();
    let status: serde_json::Value = serde_json::from_slice(&receipt).unwrap();
    assert_eq!(status["state"], "done");
    assert!(said(&sent).contains(status["receipt"]["number"].as_str().unwrap()));
    let errors = fs::read_to_string(desk.path("errors.csv")).unwrap();
    assert!(errors.starts_with("\u{feff}ファイル名,"), "{errors}");

    // With the receipt at hand nobody is asked; without it the platform says the same again.
    let nowhere = desk.send_as(&desk.token, "https://127.0.0.1:9", &["a.xml"]);
    assert_eq!(nowhere.status.code(), Some(0), "{}", said(&nowhere));
    assert!(
        said(&nowhere).contains("すでに受け付けられています"),
        "{}",
        said(&nowhere)
    );
    fs::remove_file(desk.path("a.xml.receipt.json")).unwrap();
    let again = desk.send(&["a.xml"]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert_eq!(fs::read(desk.path("a.xml.receipt.json")).unwrap(), receipt);

    // A list that could not be saved is no reason to lose the receipt, and is asked for again.
    desk.records("c.xml", 2);
    let unsaved = desk.send(&["c.xml", "--csv", "missing/errors.csv"]);
    assert_eq!(unsaved.status.code(), Some(2), "{}", said(&unsaved));
    assert!(desk.path("c.xml.receipt.json").is_file());
    let again = desk.send(&["c.xml", "--csv", "c.csv"]);
    assert_eq!(again.status.code(), Some(0), "{}", said(&again));
    assert!(fs::read_to_string(desk.path("c.csv")).is_ok());

    // The receipt of another file is never replaced.
    desk.records("b.xml", 1);
    let other = desk.send(&["b.xml", "--receipt", "a.xml.receipt.json"]);
    assert_eq!(other.status.code(), Some(2), "{}", said(&other));
    assert!(
        said(&other).contains("別のものがすでにあります"),
        "{}",
        said(&other)
    );
    assert_eq!(fs::read(desk.path("a.xml.receipt.json")).unwrap(), receipt);
}

#[test]
fn a_file_goes_on_where_it_broke_off() {
    let desk = Desk::new();
    desk.records("a.xml", 1_000);
    let file = fs::read(desk.path("a.xml")).unwrap();
    let size = file.len() as u64;
    assert!(size > 3 * 65_536, "{size}");
    // Somebody began to send it: the hash is that of the command, which is asked for its own.
    let digest = sha2::Sha256::digest(&file);
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let agent = ureq::agent();
    let bearer = format!("Bearer {}", desk.token);
    let announced =
        serde_json::json!({ "sha256": sha256, "size": size, "mode": "each", "name": "a.xml" });
    let mut answer = agent
        .post(format!("http://{}/imports", desk.address))
        .header("authorization", &bearer)
        .header("content-type", "application/json")
        .send(announced.to_string())
        .unwrap();
    let status: serde_json::Value =
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    let path = format!(
        "http://{}/imports/{}",
        desk.address,
        status["id"].as_str().unwrap()
    );
    let wrong_beginning = vec![b' '; 2 * 65_536];
    let piece = agent
        .patch(&path)
        .header("authorization", &bearer)
        .header("upload-offset", "0")
        .send(&wrong_beginning[..])
        .unwrap();
    assert_eq!(piece.headers()["upload-offset"], "131072");
    // The command goes on behind these bytes, which are not the file's: the platform finds that.
    let spoiled = desk.send(&["a.xml"]);
    assert_eq!(spoiled.status.code(), Some(2), "{}", said(&spoiled));
    assert!(said(&spoiled).contains("import.hash"), "{}", said(&spoiled));
    // What was there is thrown away, so the next try sends everything.
    let sent = desk.send(&["a.xml", "--all-or-nothing"]);
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    assert!(said(&sent).contains("登録 1000"), "{}", said(&sent));
}

#[test]
fn what_goes_wrong_is_said_with_its_remedy() {
    let desk = Desk::new();
    desk.records("a.xml", 1);
    let server = format!("http://{}", desk.address);
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    fs::write(desk.path("nothing.xml"), "").unwrap();
    fs::write(
        desk.path("no_record.xml"),
        "<records xmlns='urn:kohyo:records'/>",
    )
    .unwrap();
    fs::write(desk.path("a.zip"), b"PK\x03\x04").unwrap();
    let cases = [
        (
            desk.send_as("kohyo_wrong", &server, &["a.xml"]),
            2,
            "接続用トークンが正しくない",
        ),
        (
            desk.send_as("二つ の", &server, &["a.xml"]),
            2,
            "接続用トークンの書き方",
        ),
        (
            desk.send_as(&desk.token, &format!("http://{closed}"), &["a.xml"]),
            2,
            "受付先に接続できません",
        ),
        (
            desk.send_as(&desk.token, "http://kohyo.example.jp", &["a.xml"]),
            2,
            "暗号化された通信（https）ではありません",
        ),
        (
            desk.send_as(
                &desk.token,
                &format!("https://{}", desk.address),
                &["a.xml"],
            ),
            2,
            "受付先に接続できません",
        ),
        (
            desk.send_as(&desk.token, &format!("{server}/elsewhere"), &["a.xml"]),
            2,
            "受付先のものではありません",
        ),
        (desk.send(&["missing.xml"]), 2, "見つかりません"),
        (
            desk.send(&["a.xml", "--ca", "a.xml"]),
            2,
            "証明書がありません",
        ),
        (desk.send(&["nothing.xml"]), 2, "ファイルが空です"),
        (desk.send(&["no_record.xml"]), 1, "import.nothing"),
        (desk.send(&["a.zip"]), 1, "import.archive"),
    ];
    for (output, code, expected) in cases {
        assert_eq!(
            output.status.code(),
            Some(code),
            "{expected}: {}",
            said(&output)
        );
        assert!(
            said(&output).contains(expected),
            "{expected}: {}",
            said(&output)
        );
    }
    assert!(!desk.path("a.xml.receipt.json").exists());
}

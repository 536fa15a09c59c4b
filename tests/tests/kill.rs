//! `kill -9` at random points of bulk imports: nothing lost, nothing twice, nothing by half.
//!
//! A sender sends files of many records to a real server process and never gives up; meanwhile the
//! process is killed and started again. Twenty kills on each database; `KOHYO_KILLS=200` for more.
//! `KOHYO_KILL_SEED` repeats a run.

#[path = "../../runtime/server/tests/server/support/postgres.rs"]
mod postgres;

use kohyo_engine::{Form, RawAnswers, to_json};
use kohyo_exchange::seal::{Contents, KeyFile, Passphrase, PlatformPublic, SigningKey, seal};
use kohyo_exchange::{Library, RecordWriter, RecordsWriter, check_document, generate};
use kohyo_server::{Config, seed_demo, verify_audit};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tests::process::{skip, succeeds};

/// Records of one file: several transactions, and enough to be killed in the middle of.
const RECORDS: usize = 120;
const PASSPHRASE: &str = "二月の梅、三月の桃、四月の桜";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_again_and_again_registers_each_record_once_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("kohyo.db").display());
    kill_again_and_again(folder.path().to_owned(), database).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_again_and_again_registers_each_record_once_on_postgresql() {
    let Some(database) = postgres::fresh_database().await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    kill_again_and_again(folder.path().to_owned(), database).await;
}

/// The lines for curl in `docs/exchange/upload.md` do what the page says, and can be repeated.
#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_the_page_send_a_file() {
    if !succeeds(Command::new("curl").arg("--version")) {
        skip("no curl", "no line of the page has been run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("kohyo.db").display());
    let form = Arc::new(Form::new(tests::programs::one("shitei-006")).unwrap());
    let (config, _server) = started(folder.path(), &database, &form).await;
    let web = Web {
        address: config.listen,
    };
    let (token, key) = tokio::task::spawn_blocking(move || hospital(web))
        .await
        .unwrap();
    let library = Library::new([form.clone()]).unwrap();
    let file = Records::new(form, library).file(Some(&key));
    std::fs::write(folder.path().join("2026-06.kohyo-box"), file).unwrap();
    let page = std::fs::read_to_string(tests::root().join("docs/exchange/upload.md")).unwrap();
    let (_, lines) = page.split_once("```sh\nBASE=").unwrap();
    let (settings, lines) = lines.split_once('\n').unwrap();
    let (lines, _) = lines.split_once("```").unwrap();
    assert!(settings.ends_with("FILE=2026-06.kohyo-box"), "{settings}");
    let script = format!(
        "set -eu\nBASE=http://{} TOKEN={token} FILE=2026-06.kohyo-box\n{lines}",
        config.listen
    );
    for _ in 0..2 {
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let list = std::fs::read_to_string(folder.path().join("errors.csv")).unwrap();
        assert!(list.starts_with("\u{feff}ファイル名,"), "{list}");
        std::fs::remove_file(folder.path().join("errors.csv")).unwrap();
        let (_, count) = sqlx_one(
            &database,
            "select 'x', count(*) from record where deleted = 0",
        )
        .await
        .unwrap();
        assert_eq!(count, RECORDS as i64);
    }
}

/// An installation with the people of the demonstration, and its server as a process.
async fn started(folder: &std::path::Path, database: &str, form: &Arc<Form>) -> (Config, Process) {
    let library = Library::new([form.clone()]).unwrap();
    let program = folder.join("program.json");
    std::fs::write(&program, to_json(form.program())).unwrap();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = Config {
        database: database.to_owned(),
        ..Config::local(folder.to_owned(), address)
    };
    seed_demo(&config, &library, &[]).await.unwrap();
    let server = Process::start(folder, database, address, &program);
    (config, server)
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

async fn kill_again_and_again(folder: PathBuf, database: String) {
    let kills = setting("KOHYO_KILLS", 20);
    let seed = setting("KOHYO_KILL_SEED", 1);
    let mut dice = StdRng::seed_from_u64(seed);
    let form = Arc::new(Form::new(tests::programs::one("shitei-006")).unwrap());
    let library = Library::new([form.clone()]).unwrap();
    let (config, mut server) = started(&folder, &database, &form).await;
    let (address, program) = (config.listen, folder.join("program.json"));
    let web = Web { address };
    let (token, key) = tokio::task::spawn_blocking(move || hospital(web))
        .await
        .unwrap();
    let mut records = Records::new(form, library);
    let mut sent = Vec::new();
    let mut killed = 0;
    let mut phases: BTreeMap<String, u64> = BTreeMap::new();
    let mut usual = Duration::ZERO;
    while killed < kills {
        let file = records.file(if sent.len() % 2 == 0 {
            Some(&key)
        } else {
            None
        });
        let sender = Sender {
            web,
            token: token.clone(),
        };
        let over = Arc::new(AtomicBool::new(false));
        let (bytes, done) = (file.clone(), over.clone());
        let begun = Instant::now();
        let sending = std::thread::spawn(move || {
            let last = sender.send(&bytes);
            done.store(true, Ordering::SeqCst);
            last
        });
        // The first file shows how long one takes. The more often a file is killed, the longer it is
        // left alone: on a busy machine it would never get beyond its first steps.
        let mut of_file = 0;
        while !usual.is_zero() && killed < kills && !over.load(Ordering::SeqCst) {
            let within = usual.mul_f64(1.1 + f64::from(of_file) / 2.0).as_millis() as u64;
            of_file += 1;
            std::thread::sleep(Duration::from_millis(dice.random_range(0..=within)));
            server.kill();
            killed += 1;
            *phases.entry(phase(&database).await).or_default() += 1;
            server = Process::start(&folder, &database, address, &program);
        }
        let receipt = sending.join().unwrap();
        if usual.is_zero() {
            usual = begun.elapsed();
        }
        assert_eq!(receipt["receipt"]["registered"], RECORDS, "{receipt}");
        sent.push((file, receipt));
        assert_whole(&database, &sent).await;
    }
    // What was acknowledged is acknowledged again, in the same words.
    let sender = Sender { web, token };
    for (file, receipt) in &sent {
        assert_eq!(&sender.send(file), receipt);
    }
    assert_whole(&database, &sent).await;
    server.kill();
    let events = verify_audit(&config).await.unwrap();
    eprintln!(
        "{killed} kills (seed {seed}), {} files of {RECORDS} records, {events} events, usually {} ms; killed while {phases:?}: 0 lost, 0 twice, 0 by half",
        sent.len(),
        usual.as_millis()
    );
}

/// What the newest file was at when the process ended.
async fn phase(database: &str) -> String {
    let state: Option<(String, i64)> = sqlx_one(
        database,
        "select state, (select count(*) from import_record r where r.import = i.id) from import i order by created_at desc, id limit 1",
    )
    .await;
    match state {
        None => "before".to_owned(),
        Some((state, 0)) => state,
        Some((state, _)) if state == "queued" => "staging".to_owned(),
        Some((state, _)) => state,
    }
}

/// Every record of every file is there once, and nothing else.
async fn assert_whole(database: &str, sent: &[(Vec<u8>, Value)]) {
    let expected = (sent.len() * RECORDS) as i64;
    for (what, sql) in [
        (
            "records",
            "select 'x', count(*) from record where deleted = 0",
        ),
        (
            "drafts",
            "select 'x', count(*) from record_draft d join record r on r.id = d.record where r.deleted = 0",
        ),
        ("all drafts", "select 'x', count(*) from record_draft"),
        ("all records", "select 'x', count(*) from record"),
        (
            "identities",
            "select 'x', count(distinct identity) from import_identity",
        ),
        (
            "registered",
            "select 'x', count(distinct record) from import_record where outcome = 'registered'",
        ),
        ("entries", "select 'x', count(*) from import_record"),
        (
            "events",
            "select 'x', count(distinct object) from audit where action = 'record.stage' and object in (select id from record)",
        ),
    ] {
        let (_, count) = sqlx_one(database, sql).await.unwrap();
        assert_eq!(count, expected, "{what}");
    }
    let (_, imports) = sqlx_one(database, "select 'x', count(*) from import")
        .await
        .unwrap();
    assert_eq!(imports, sent.len() as i64);
}

async fn sqlx_one(database: &str, sql: &'static str) -> Option<(String, i64)> {
    if database.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(database).await.unwrap();
        let row = sqlx::query_as(sql).fetch_optional(&pool).await.unwrap();
        pool.close().await;
        row
    } else {
        let pool = sqlx::PgPool::connect(database).await.unwrap();
        let row = sqlx::query_as(sql).fetch_optional(&pool).await.unwrap();
        pool.close().await;
        row
    }
}

struct Process(Child);

impl Process {
    fn start(
        folder: &std::path::Path,
        database: &str,
        address: SocketAddr,
        program: &std::path::Path,
    ) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_import_server"))
            .arg(folder)
            .args([database, &address.to_string()])
            .arg(program)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL: nothing in the process learns of it.
    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Files of records that no other file has.
struct Records {
    form: Arc<Form>,
    library: Library,
    seed: u64,
}

impl Records {
    fn new(form: Arc<Form>, library: Library) -> Self {
        Self {
            form,
            library,
            seed: 0,
        }
    }

    fn file(&mut self, key: Option<&SigningKey>) -> Vec<u8> {
        let layout = RecordWriter::new(&self.form);
        let mut writer = RecordsWriter::new(Vec::new()).unwrap();
        let mut count = 0;
        while count < RECORDS {
            self.seed += 1;
            let mut raw: RawAnswers = generate::generate(&self.form, self.seed);
            raw.insert("given_name".into(), vec![format!("号{}", self.seed)]);
            let mut one = Vec::new();
            kohyo_exchange::write_record(&self.form, generate::heading(), &raw, &mut one).unwrap();
            let reports = check_document(&one, &self.library, "2026-11-22".parse().unwrap());
            if reports.iter().all(|report| report.is_acceptable()) {
                writer.write(&layout, generate::heading(), &raw).unwrap();
                count += 1;
            }
        }
        let payload = writer.finish().unwrap();
        let Some(key) = key else { return payload };
        let contents = Contents {
            payload: &payload,
            records: RECORDS as u32,
            created: now(),
            tool: "kohyo",
            release: "test",
        };
        let mut bytes = Vec::new();
        seal(&contents, key, &mut rand::rng(), &mut bytes).unwrap();
        bytes
    }
}

fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap().as_secs()
}

/// A token and a key of the hospital of the demonstration, made on its pages.
fn hospital(web: Web) -> (String, SigningKey) {
    let form = |fields: &[(&str, &str)]| {
        let encode = |text: &str| {
            text.bytes()
                .map(|b| format!("%{b:02X}"))
                .collect::<String>()
        };
        let pairs: Vec<String> = fields
            .iter()
            .map(|(n, v)| format!("{n}={}", encode(v)))
            .collect();
        pairs.join("&").into_bytes()
    };
    let kind = (
        "content-type",
        "application/x-www-form-urlencoded".to_owned(),
    );
    let login = form(&[("login", "yamada"), ("password", "demo-shiteii-2026")]);
    let signed_in = web.patiently("POST", "/login", std::slice::from_ref(&kind), &login);
    let cookie = signed_in.header("set-cookie").unwrap();
    let cookie = ("cookie", cookie.split(';').next().unwrap().to_owned());
    let page = web
        .patiently("GET", "/keys", std::slice::from_ref(&cookie), b"")
        .text();
    let between = |text: &str, before: &str, after: &str| {
        let (_, rest) = text.split_once(before).unwrap();
        rest.split_once(after).unwrap().0.to_owned()
    };
    let csrf = between(&page, "name=\"_csrf\" value=\"", "\"");
    let headers = [cookie, kind];
    let public = web
        .patiently("GET", "/keys/platform.kohyo-pub", &headers, b"")
        .text();
    let issue = form(&[
        ("_csrf", &csrf),
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
    ]);
    let file = web
        .patiently("POST", "/keys/issue", &headers, &issue)
        .text();
    let public = PlatformPublic::parse(&public).unwrap();
    let key = KeyFile::parse(&file, &public).unwrap();
    let key = key.unlock(&Passphrase::new(PASSPHRASE)).unwrap();
    let label = form(&[("_csrf", &csrf), ("label", "電子カルテ")]);
    let page = web
        .patiently("POST", "/keys/tokens", &headers, &label)
        .text();
    (between(&page, "data-testid=\"token\">", "<"), key)
}

/// A client that writes requests by hand, and takes every trouble for an answer to try again.
#[derive(Clone, Copy)]
struct Web {
    address: SocketAddr,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then(|| value.to_owned())
        })
    }

    fn text(self) -> String {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        String::from_utf8(self.body).unwrap()
    }
}

impl Web {
    fn call(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> std::io::Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        stream.write_all(request.as_bytes())?;
        // An answer may come before all has been sent.
        let _ = stream.write_all(body);
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let cut = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let Some(end) = end else { return Err(cut) };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok());
        let answer = Answer {
            status: status.unwrap(),
            head,
            body: bytes[end + 4..].to_vec(),
        };
        match answer.header("content-length") {
            Some(length) if length.parse() != Ok(answer.body.len()) => Err(cut),
            _ => Ok(answer),
        }
    }

    fn patiently(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &[u8],
    ) -> Answer {
        let since = Instant::now();
        loop {
            match self.call(method, path, headers, body) {
                Ok(answer) if answer.status < 500 => return answer,
                _ if since.elapsed() > Duration::from_secs(120) => {
                    panic!("no answer to {method} {path}")
                }
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }
}

struct Sender {
    web: Web,
    token: String,
}

impl Sender {
    fn call(&self, method: &str, path: &str, more: &[(&str, String)], body: &[u8]) -> Answer {
        let mut headers = vec![("authorization", format!("Bearer {}", self.token))];
        headers.extend_from_slice(more);
        self.web.patiently(method, path, &headers, body)
    }

    /// Sends a file as the page about uploading says, until it has come to its end.
    fn send(&self, file: &[u8]) -> Value {
        let sha256: String = Sha256::digest(file)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let said = json!({ "sha256": sha256, "size": file.len(), "mode": "each", "name": "x" });
        let json = [("content-type", "application/json".to_owned())];
        let begun = self.call("POST", "/imports", &json, said.to_string().as_bytes());
        let mut now: Value = serde_json::from_slice(&begun.body).unwrap();
        let path = format!("/imports/{}", now["id"].as_str().unwrap());
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(900) {
            match now["state"].as_str().unwrap() {
                "done" | "refused" => return now,
                "receiving" => {
                    let from = now["offset"].as_u64().unwrap() as usize;
                    if from < file.len() {
                        // In two pieces, so that there is something to go on with.
                        let end = (from + 70_000).min(file.len());
                        let offset = [("upload-offset", from.to_string())];
                        self.call("PATCH", &path, &offset, &file[from..end]);
                    } else {
                        self.call("POST", &format!("{path}/finish"), &[], b"");
                    }
                }
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
            let answer = self.call("GET", &path, &[], b"");
            now = serde_json::from_slice(&answer.body).unwrap();
        }
        panic!("no end of {now}");
    }
}

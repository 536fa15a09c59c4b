//! The page of the check tool, through its router: who may speak to it, and the five functions.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use kohyo_bundle::{Builder, Release, ReleaseKey, TrustedKeys};
use kohyo_compiler::{Files, compile, diseases};
use kohyo_engine::Form;
use kohyo_engine::look_up::OtherNames;
use kohyo_exchange::seal::{NewKey, Passphrase, PlatformKeys};
use kohyo_exchange::{Library, Options};
use kohyo_tool::{Config, KeyFolder, ReleaseInUse, SealRequest, Sealed, Tool, seal_records};
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tower::ServiceExt;

const FIRST: &str = "最初の長いパスフレーズ2026年";
const OWN: &str = "病院の長いパスフレーズ2026年";
const HOST: &str = "127.0.0.1:4711";

struct Desk {
    folder: TempDir,
    tool: Arc<Tool>,
}

/// What the tool answered.
struct Answer {
    status: StatusCode,
    location: String,
    policy: String,
    body: String,
}

impl Desk {
    fn new() -> Self {
        Self::with(library())
    }

    fn with(library: Library) -> Self {
        let folder = TempDir::new().unwrap();
        let config = Config {
            library,
            release: None,
            keys: KeyFolder::new(folder.path().join("keys")),
            folder: folder.path().to_owned(),
            version: "0.1.0".into(),
        };
        let tool = Tool::new(config, HOST.parse().unwrap()).unwrap();
        Self { folder, tool }
    }

    /// The path of the tool's address, with its token.
    fn base(&self) -> String {
        let url = self.tool.url();
        let path = url.strip_prefix(&format!("http://{HOST}")).unwrap();
        path.trim_end_matches('/').to_owned()
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.tool.router().oneshot(request).await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or(String::new(), |v| v.to_str().unwrap().to_owned())
        };
        let (status, location) = (response.status(), header("location"));
        let policy = header("content-security-policy");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        Answer {
            status,
            location,
            policy,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, page: &str) -> Answer {
        let request = Request::get(format!("{}/{page}", self.base())).header("host", HOST);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, page: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(format!("{}/{page}", self.base()))
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encoded(fields))).unwrap())
            .await
    }

    /// Sends a form with files, as a browser does: their field, name and content, then the texts.
    async fn send_files(
        &self,
        page: &str,
        files: &[(&str, &str, &str)],
        texts: &[(&str, &str)],
    ) -> Answer {
        const PART: &str = "--of-files\r\ncontent-disposition: form-data; name=";
        let mut form = String::new();
        for (field, name, content) in files {
            form.push_str(&format!(
                "{PART}\"{field}\"; filename=\"{name}\"\r\ncontent-type: text/xml\r\n\r\n{content}\r\n"
            ));
        }
        for (field, text) in texts {
            form.push_str(&format!("{PART}\"{field}\"\r\n\r\n{text}\r\n"));
        }
        form.push_str("--of-files--\r\n");
        let request = Request::post(format!("{}/{page}", self.base()))
            .header("host", HOST)
            .header("origin", format!("http://{HOST}"))
            .header("content-type", "multipart/form-data; boundary=of-files");
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    async fn upload(&self, files: &[(&str, &str)]) -> Answer {
        let files: Vec<(&str, &str, &str)> = files
            .iter()
            .map(|(name, content)| ("files", *name, *content))
            .collect();
        self.send_files("upload", &files, &[("normalise", "on")])
            .await
    }

    /// The page of the result, when it is done.
    async fn result(&self) -> String {
        for _ in 0..600 {
            if self
                .get("progress")
                .await
                .body
                .contains("\"running\":false")
            {
                return self.get("job").await.body;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the check does not end");
    }

    /// The number of the check whose result is shown last.
    async fn number(&self) -> String {
        let page = self.get("job").await.body;
        let (_, behind) = page.split_once("name=\"job\" value=\"").unwrap();
        behind.split_once('"').unwrap().0.to_owned()
    }

    /// Seals what was checked last.
    async fn seal(&self, fields: &[(&str, &str)]) -> Answer {
        let number = self.number().await;
        let fields = [fields, &[("job", &number)]].concat();
        self.post("seal", &fields).await
    }

    /// A list of what was checked last.
    async fn list(&self, name: &str) -> String {
        let number = self.number().await;
        let list = self.get(&format!("lists/{name}?number={number}")).await;
        list.body
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let percent = |text: &str| {
        text.bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect::<String>()
    };
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", percent(value)))
        .collect();
    pairs.join("&")
}

fn library() -> Library {
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/editions/forms/shitei/999_test");
    let mut files = Files::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        files.insert(
            format!("shitei/999_test/{name}"),
            fs::read_to_string(&path).unwrap(),
        );
    }
    let forms = diseases(&files)
        .into_iter()
        .filter_map(|disease| compile(&files, &disease.path).program)
        .map(|program| Arc::new(Form::new(program).unwrap()));
    Library::new(forms).unwrap()
}

#[tokio::test]
async fn only_the_own_browser_at_the_secret_address_is_answered() {
    let desk = Desk::new();
    let base = desk.base();
    let ask = async |method: Method, path: &str, headers: &[(&str, &str)]| {
        let mut request = Request::builder().method(method).uri(path.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        desk.send(request.body(Body::empty()).unwrap()).await
    };
    let here = ("host", HOST);
    let good = ask(Method::GET, &format!("{base}/"), &[here]).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.body);
    assert!(
        good.policy.contains("default-src 'none'"),
        "{}",
        good.policy
    );
    for path in [
        "/",
        "/0123456789abcdef0123456789abcdef/",
        &format!("/x{}/", &base[1..]),
    ] {
        assert_eq!(
            ask(Method::GET, path, &[here]).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    // A name that somebody lets point to this machine, and another port.
    for host in [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:80",
        "evil.example:4711",
    ] {
        let answer = ask(Method::GET, &format!("{base}/"), &[("host", host)]).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let local = ask(
        Method::GET,
        &format!("{base}/"),
        &[("host", "localhost:4711")],
    )
    .await;
    assert_eq!(local.status, StatusCode::OK);
    // What changes something must come from a page of the tool.
    for from in [
        &[][..],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", "https://127.0.0.1:4711")],
    ] {
        let headers = [&[here], from].concat();
        let answer = ask(Method::POST, &format!("{base}/stop"), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from:?}");
    }
    assert!(
        Tool::new(
            Config {
                library: library(),
                release: None,
                keys: KeyFolder::new(PathBuf::new()),
                folder: PathBuf::new(),
                version: String::new()
            },
            "192.0.2.1:80".parse().unwrap()
        )
        .is_err()
    );
}

#[tokio::test]
async fn a_folder_is_checked_and_sealed_from_the_page() {
    let desk = Desk::new();
    // A platform and a key file, as they come by post.
    let rng = &mut rand::rng();
    let platform = PlatformKeys::generate("試験受付", rng).unwrap();
    let new = NewKey {
        hospital: "1310000001".into(),
        name: "東病院".into(),
        not_before: 0,
        not_after: u64::from(u32::MAX),
        tool_min_version: "0.1.0".into(),
    };
    let key = platform.issue(&new, &Passphrase::new(FIRST), rng).unwrap();
    fs::write(desk.path("hospital.kohyo-key"), key.to_text()).unwrap();
    fs::write(desk.path("platform.kohyo-pub"), platform.public().to_text()).unwrap();
    let (file, public) = (
        desk.path("hospital.kohyo-key"),
        desk.path("platform.kohyo-pub"),
    );
    let import = |passphrase: &'static str| {
        [
            ("file", file.clone()),
            ("platform", public.clone()),
            ("passphrase", passphrase.to_owned()),
            ("new_passphrase", OWN.to_owned()),
            ("again", OWN.to_owned()),
        ]
    };
    let send = async |fields: [(&str, String); 5]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        desk.send_files("keys", &[], &fields).await
    };
    let wrong = send(import("違うパスフレーズです")).await;
    assert!(
        wrong.body.contains("パスフレーズが違います"),
        "{}",
        wrong.body
    );
    let kept = format!("name=\"file\" value=\"{file}\"");
    assert!(
        wrong.body.contains(&kept),
        "only passphrases are typed again"
    );
    // The same with files that are chosen, as they come.
    let (key, public) = (key.to_text(), platform.public().to_text());
    let chosen = [
        ("key_file", "hospital.kohyo-key", key.as_str()),
        ("platform_file", "platform.kohyo-pub", &public),
    ];
    let wrong = [("passphrase", "違うパスフレーズです")];
    let wrong = desk.send_files("keys", &chosen, &wrong).await;
    assert!(
        wrong
            .body
            .contains("取り込めませんでした: hospital.kohyo-key"),
        "{}",
        wrong.body
    );
    let none = [("key_file", "", ""), ("platform_file", "", "")];
    let none = desk.send_files("keys", &none, &[("file", "")]).await;
    assert!(none.body.contains("鍵ファイルが選ばれていません"));
    let own = [
        ("passphrase", FIRST),
        ("new_passphrase", OWN),
        ("again", OWN),
    ];
    let taken = desk.send_files("keys", &chosen, &own).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    assert_eq!(send(import(FIRST)).await.status, StatusCode::SEE_OTHER);
    let keys = desk.get("keys").await.body;
    assert!(keys.contains("選ばなければこの鍵を使います"), "{keys}");
    assert!(
        keys.contains("東病院") && keys.contains(&platform.public().fingerprint()),
        "{keys}"
    );

    fs::create_dir(desk.path("個票")).unwrap();
    let csv = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage\n\
               shitei-999,2024,new,2026-06-01,昭和25年4月1日,1,1,10.5,1,2\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,<b>,1,10.5,1,2\n";
    fs::write(desk.path("個票/june.csv"), csv).unwrap();
    fs::write(desk.path("個票/患者3.txt"), "").unwrap();
    fs::write(desk.path("個票/.DS_Store"), "").unwrap();
    let home = desk.get("?path=").await.body;
    assert!(home.contains("点検ツール"), "{home}");
    let home = desk
        .get(&format!("?{}", encoded(&[("path", &desk.path("個票"))])))
        .await
        .body;
    assert!(
        home.contains("june.csv") && home.contains("東病院"),
        "{home}"
    );

    let folder = desk.path("個票");
    let answer = desk
        .post("check", &[("path", &folder), ("normalise", "on")])
        .await;
    assert!(
        answer.location.contains("/job?number="),
        "{}",
        answer.location
    );
    let result = desk.result().await;
    assert!(
        result.contains("選択肢にない値です") && result.contains("&lt;b&gt;"),
        "{result}"
    );
    assert!(
        result.contains("昭和25年4月1日") && result.contains("1950-04-01"),
        "{result}"
    );
    assert!(
        result.contains("読まなかったファイル 1 件") && result.contains("/患者3.txt</li>"),
        "{result}"
    );
    assert!(
        desk.list("errors.csv")
            .await
            .starts_with("\u{feff}ファイル名,")
    );
    assert!(desk.list("errors.xlsx").await.starts_with("PK"));
    assert!(desk.list("changes.csv").await.contains("和暦"));
    for outside in ["lists/..%2F..%2Fetc%2Fpasswd", "lists/hospital.kohyo-key"] {
        assert_eq!(
            desk.get(outside).await.status,
            StatusCode::NOT_FOUND,
            "{outside}"
        );
    }

    let over = desk.path("個票/june.csv");
    let over = desk.seal(&[("out", &over), ("passphrase", OWN)]).await;
    assert!(
        over.body.contains("読み込むファイルなので"),
        "{}",
        over.body
    );
    assert_eq!(fs::read_to_string(desk.path("個票/june.csv")).unwrap(), csv);
    let out = desk.path("june.kohyo-box");
    let wrong = desk.seal(&[("out", &out), ("passphrase", FIRST)]).await;
    assert!(
        wrong.body.contains("パスフレーズが違います"),
        "{}",
        wrong.body
    );
    desk.seal(&[("out", &out), ("passphrase", OWN)]).await;
    let result = desk.result().await;
    assert!(
        result.contains("封緘していません") && !Path::new(&out).exists(),
        "{result}"
    );
    desk.seal(&[("out", &out), ("passphrase", OWN), ("skip_errors", "on")])
        .await;
    let result = desk.result().await;
    assert!(result.contains("個票 1 件を封緘しました"), "{result}");
    assert!(fs::read(&out).unwrap().starts_with(b"KOHYOBOX"));
    let again = desk.seal(&[("out", &out), ("passphrase", OWN)]).await;
    assert!(again.body.contains("すでにあります"), "{}", again.body);

    // Nothing of a file that was not read to its end.
    fs::write(desk.path("個票/june.csv"), format!("{csv}\"shitei-999")).unwrap();
    let out = desk.path("cut.kohyo-box");
    desk.seal(&[("out", &out), ("passphrase", OWN), ("skip_errors", "on")])
        .await;
    let result = desk.result().await;
    assert!(
        result.contains("封緘していません: 読み切れなかったファイルがあります")
            && result.contains("/june.csv: このファイルは途中までしか読めていません: 4行"),
        "{result}"
    );
    assert!(!Path::new(&out).exists());
}

/// A record of a form, in a CSV by itself.
fn record(form: &str) -> String {
    format!(
        "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage\n\
         {form},2024,new,2026-06-01,1950-04-01,1,1,10.5,1,2\n"
    )
}

#[tokio::test]
async fn files_chosen_in_the_browser_are_checked_as_those_of_a_folder() {
    let desk = Desk::new();
    let good = record("shitei-999");
    let wrong = good.replace(",1,1,10.5", ",<b>,1,10.5");
    fs::create_dir(desk.path("個票")).unwrap();
    fs::write(desk.path("個票/june.csv"), &good).unwrap();
    fs::write(desk.path("個票/july.csv"), &wrong).unwrap();
    desk.post(
        "check",
        &[("path", &desk.path("個票")), ("normalise", "on")],
    )
    .await;
    desk.result().await;
    let of_folder = desk.list("errors.csv").await;

    let files = [("june.csv", good.as_str()), ("個票/july.csv", &wrong)];
    let answer = desk.upload(&files).await;
    assert!(answer.location.contains("/job?number="), "{}", answer.body);
    let result = desk.result().await;
    assert!(result.contains("選んだファイル 2 個"), "{result}");
    assert!(result.contains("july.csv（エラー 1件）"), "{result}");
    assert!(!result.contains("june.csv（"), "nothing is found in it");
    let of_browser = desk.list("errors.csv").await;
    let folder = format!("{}/", desk.path("個票"));
    assert_eq!(of_browser, of_folder.replace(&folder, ""));
    // The container is offered in the folder of the tool, not beside the copies.
    let offered = format!("name=\"out\" value=\"{}/2", desk.folder.path().display());
    assert!(result.contains(&offered), "{result}");

    // Two files of one name are two files, and what one wants to be elsewhere is not.
    let same = [("../../x.csv", good.as_str()), ("x.csv", &good)];
    desk.upload(&same).await;
    let result = desk.result().await;
    assert!(
        result.contains("<th scope=\"row\">個票</th><td class=\"num\">2</td>"),
        "{result}"
    );
    assert!(!desk.folder.path().join("../../x.csv").exists());

    let nothing = desk.upload(&[("", "")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nothing.body.contains("ファイルが選ばれていません"));
}

/// What one window shows is not what another one has begun since.
#[tokio::test]
async fn two_windows_do_not_seal_each_others_records() {
    let desk = Desk::new();
    fs::write(desk.path("june.csv"), record("shitei-999")).unwrap();
    fs::write(desk.path("july.csv"), record("shitei-999")).unwrap();
    let check = async |name: &str| {
        let answer = desk.post("check", &[("path", &desk.path(name))]).await;
        let shown = answer.location.rsplit('/').next().unwrap().to_owned();
        (shown, desk.result().await)
    };
    let (june, _) = check("june.csv").await;
    let number = desk.number().await;
    assert!(desk.get(&june).await.body.contains("/june.csv"));
    let (july, _) = check("july.csv").await;
    let old = "この結果は古くなりました。点検し直してください";
    let out = desk.path("june.kohyo-box");
    let seal = [("job", number.as_str()), ("out", &out), ("passphrase", OWN)];
    for answer in [
        desk.post("seal", &seal).await,
        desk.get(&june).await,
        desk.get(&format!("lists/errors.csv?number={number}")).await,
        desk.get("lists/errors.csv").await,
    ] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(old), "{}", answer.body);
    }
    assert!(desk.get(&july).await.body.contains("/july.csv"));
}

#[tokio::test]
async fn a_second_check_does_not_begin_while_one_is_under_way() {
    let places = [("shitei-999".to_owned(), "2024".to_owned())];
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let slow = Library::on_demand(places, move |_, _| {
        wait.lock().unwrap().recv().unwrap();
        Err("試験".to_owned())
    });
    let desk = Desk::with(slow.unwrap());
    fs::write(desk.path("june.csv"), record("shitei-999")).unwrap();
    let check = async || {
        desk.post("check", &[("path", &desk.path("june.csv"))])
            .await
    };
    assert_eq!(check().await.status, StatusCode::SEE_OTHER);
    let second = check().await;
    assert!(
        second.body.contains("ほかの点検か封緘の途中です"),
        "{}",
        second.body
    );
    go.send(()).unwrap();
    desk.result().await;
}

#[tokio::test]
async fn a_check_that_breaks_is_told_instead_of_going_on_for_ever() {
    let places = [("shitei-999".to_owned(), "2024".to_owned())];
    let broken = Library::on_demand(places, |_, _| panic!("a mistake of ours")).unwrap();
    let desk = Desk::with(broken);
    fs::write(desk.path("june.csv"), record("shitei-999")).unwrap();
    let file = desk.path("june.csv");
    for _ in 0..2 {
        desk.post("check", &[("path", &file)]).await;
        let said = desk.result().await;
        assert!(said.contains("途中で止まりました"), "{said}");
    }
}

#[test]
fn nothing_is_sealed_by_a_release_of_which_a_form_cannot_be_used() {
    let folder = TempDir::new().unwrap();
    let forms = library();
    let places = [
        ("shitei-999", "2020"),
        ("shitei-999", "2024"),
        ("shitei-998", "2024"),
    ];
    let places = places.map(|(key, edition)| (key.to_owned(), edition.to_owned()));
    let load = move |key: &str, edition: &str| match key {
        "shitei-999" => Ok(forms.get(key, edition).unwrap()),
        _ => Err("内容が署名と違います".to_owned()),
    };
    let damaged = Library::on_demand(places, load).unwrap().named("2026-12");
    let rng = &mut rand::rng();
    let platform = PlatformKeys::generate("試験受付", rng).unwrap();
    let new = NewKey {
        hospital: "1310000001".into(),
        name: "東病院".into(),
        not_before: 0,
        not_after: u64::from(u32::MAX),
        tool_min_version: "0.1.0".into(),
    };
    let file = platform.issue(&new, &Passphrase::new(FIRST), rng).unwrap();
    let key = file.unlock(&Passphrase::new(FIRST)).unwrap();
    let out = folder.path().join("june.kohyo-box");
    let seal = |keys: &[&str]| {
        let paths: Vec<PathBuf> = keys
            .iter()
            .map(|key| {
                let path = folder.path().join(format!("{key}.csv"));
                fs::write(&path, record(key)).unwrap();
                path
            })
            .collect();
        let request = SealRequest {
            paths: &paths,
            out: &out,
            options: Options {
                today: "2026-07-01".parse().unwrap(),
                threads: NonZeroUsize::MIN,
                normalise: false,
                keep_records: true,
                except: &[],
            },
            skip_errors: true,
            now: 1_780_000_000,
            tool: "test".into(),
        };
        seal_records(&request, &damaged, &key, |_| {}, |_, _, _| Ok(()))
            .map(|(sealed, _)| sealed)
            .map_err(|error| error.to_string())
    };
    assert_eq!(seal(&["shitei-999"]), Ok(Sealed::Records(1)));
    fs::remove_file(&out).unwrap();
    let refused = seal(&["shitei-998", "shitei-999"]).unwrap_err();
    assert!(
        refused.contains("リリースファイルを入手し直してください"),
        "{refused}"
    );
    assert!(!out.exists());
}

#[tokio::test]
async fn of_several_keys_one_is_chosen_on_the_page() {
    let desk = Desk::new();
    let rng = &mut rand::rng();
    let platform = PlatformKeys::generate("試験受付", rng).unwrap();
    fs::write(desk.path("platform.kohyo-pub"), platform.public().to_text()).unwrap();
    let keys = KeyFolder::new(PathBuf::from(desk.path("keys")));
    let mut kids = Vec::new();
    for (name, not_after) in [("東病院", u32::MAX), ("西病院", u32::MAX - 1)] {
        let new = NewKey {
            hospital: "1310000001".into(),
            name: name.into(),
            not_before: 0,
            not_after: u64::from(not_after),
            tool_min_version: "0.1.0".into(),
        };
        let key = platform.issue(&new, &Passphrase::new(FIRST), rng).unwrap();
        let file = PathBuf::from(desk.path("hospital.kohyo-key"));
        fs::write(&file, key.to_text()).unwrap();
        let public = PathBuf::from(desk.path("platform.kohyo-pub"));
        keys.import(&file, Some(&public), &Passphrase::new(FIRST), None)
            .unwrap();
        kids.push(key.certificate().kid().to_string());
    }
    let shown = desk.get("keys").await.body;
    assert_eq!(
        shown.matches("選ばなければこの鍵を使います").count(),
        1,
        "{shown}"
    );
    assert_eq!(shown.matches("封緘の前に選びます").count(), 1, "{shown}");
    fs::create_dir(desk.path("個票")).unwrap();
    let csv = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,1,1,10.5,1,2\n";
    fs::write(desk.path("個票/june.csv"), csv).unwrap();
    let folder = desk.path("個票");
    desk.post("check", &[("path", &folder)]).await;
    let result = desk.result().await;
    let options: Vec<_> = kids
        .iter()
        .map(|kid| result.find(&format!("<option value=\"{kid}\">")).unwrap())
        .collect();
    assert!(options.is_sorted(), "{result}");
    let out = desk.path("june.kohyo-box");
    let fields = [("out", out.as_str()), ("passphrase", FIRST)];
    let wrong = [&fields[..], &[("kid", "x")]].concat();
    let wrong = desk.seal(&wrong).await;
    assert!(
        wrong.body.contains("鍵の番号が正しくありません"),
        "{}",
        wrong.body
    );
    desk.seal(&[&fields[..], &[("kid", &kids[1])]].concat())
        .await;
    let result = desk.result().await;
    assert!(result.contains("個票 1 件を封緘しました"), "{result}");
    let sealed = fs::File::open(&out).unwrap();
    let sealed = kohyo_exchange::seal::SealedBox::begin(sealed).unwrap();
    assert_eq!(sealed.claims().kid.to_string(), kids[1]);
}

/// A release of the library that was valid on one day of 2020.
fn release(folder: &Path) -> ReleaseInUse {
    let key = ReleaseKey::from_seed("試験配布元", &[7; 32]).unwrap();
    let day = "2020-06-01".parse().unwrap();
    let mut builder = Builder::new(Release {
        id: "2020-06".into(),
        platform: "試験配布元".into(),
        published: day,
        valid_from: day,
        valid_until: day,
        previous: None,
        made_with: "test".into(),
    });
    for form in library().iter() {
        builder.form(form.program(), OtherNames::default()).unwrap();
    }
    let path = folder.join("2020-06.kohyo-release");
    builder
        .write(&key, fs::File::create(&path).unwrap())
        .unwrap();
    let keys = TrustedKeys::new([key.public()]);
    ReleaseInUse::open(&path, &keys, day).unwrap()
}

/// A tool may have been running since the day on which its release was opened.
#[tokio::test]
async fn a_release_that_has_ended_judges_no_more() {
    let folder = TempDir::new().unwrap();
    let release = release(folder.path());
    let config = Config {
        library: release.library().unwrap(),
        release: Some(release),
        keys: KeyFolder::new(folder.path().join("keys")),
        folder: folder.path().to_owned(),
        version: "0.1.0".into(),
    };
    let tool = Tool::new(config, HOST.parse().unwrap()).unwrap();
    let desk = Desk { folder, tool };
    let home = desk.get("").await.body;
    assert!(home.contains("リリース 2020-06（試験配布元、"), "{home}");
    let path = desk.path("");
    desk.post("check", &[("path", &path)]).await;
    let said = desk.result().await;
    assert!(said.contains("リリース 2020-06 の有効期間は"), "{said}");
}

//! A server with a real database in a scratch folder, and browsers that talk to it.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use kohyo_server::{Clock, Config, Demo, DemoSample, Library, router, seed_demo};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tower::ServiceExt;

/// 2026-11-22 18:00 in Japan.
pub const START: i64 = 1_795_338_000;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A server for one test.
pub struct Server {
    pub router: Router,
    pub config: Config,
    pub library: Library,
    pub demo: Demo,
    pub hand: Arc<AtomicI64>,
    pub folder: TempDir,
}

impl Server {
    /// A fresh server with the demonstration users, or nothing if this database is not at hand.
    pub async fn start(backend: Backend) -> Option<Self> {
        let library = Library::new([crate::sample::form()]).unwrap();
        Self::start_with(backend, library).await
    }

    /// The same with these forms.
    pub async fn start_with(backend: Backend, library: Library) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let hand = Arc::new(AtomicI64::new(START));
        let mut config = Config {
            clock: Clock::Manual(hand.clone()),
            ..Config::local(folder.path().join("data"), "127.0.0.1:0".parse().unwrap())
        };
        std::fs::create_dir_all(&config.data_dir).unwrap();
        if backend == Backend::Postgres {
            config.database = crate::postgres::fresh_database().await?;
        }
        let demo = seed_demo(&config, &library, &demo_samples()).await.unwrap();
        let router = router(&config, library.clone()).await.unwrap();
        Some(Self {
            router,
            config,
            library,
            demo,
            hand,
            folder,
        })
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.hand.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A browser that nobody has signed in to.
    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
            csrf: String::new(),
        }
    }

    /// A browser somebody has signed in to.
    pub async fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let account = self
            .demo
            .accounts
            .iter()
            .find(|a| a.login == login)
            .unwrap();
        let page = browser
            .post(
                "/login",
                &[("login", login), ("password", account.password)],
            )
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let home = browser.get(&page.location()).await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.body);
        browser
    }
}

/// A browser: keeps the cookie and the token of the last page.
#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    pub cookie: Option<String>,
    pub csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// The value of the first input with this name.
    pub fn input(&self, name: &str) -> String {
        let start = self
            .body
            .find(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[start..];
        let value = rest.split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    /// The text of the element with this test id, without markup.
    pub fn text(&self, testid: &str) -> String {
        let start = self
            .body
            .find(&format!("data-testid=\"{testid}\""))
            .unwrap_or_else(|| panic!("no {testid} in {}", self.body));
        let rest = &self.body[start..];
        let rest = &rest[rest.find('>').unwrap() + 1..];
        let mut text = String::new();
        let mut depth = 1;
        let mut pieces = rest.split('<');
        text.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (tag, after) = piece.split_once('>').unwrap();
            depth += if tag.starts_with('/') {
                -1
            } else if tag.starts_with("input") || tag.starts_with("br") {
                0
            } else {
                1
            };
            if depth == 0 {
                break;
            }
            text.push_str(after);
        }
        text.trim().to_owned()
    }

    pub fn has(&self, testid: &str) -> bool {
        self.body.contains(&format!("data-testid=\"{testid}\""))
    }
}

impl Browser {
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let mut all = vec![("_csrf", csrf.as_str())];
        all.extend_from_slice(pairs);
        self.post_raw(path, &all, &[]).await
    }

    /// Sends exactly this, with these headers.
    pub async fn post_raw(
        &mut self,
        path: &str,
        pairs: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Page {
        let mut request = request.header(header::HOST, "localhost:8080");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let response = self
            .router
            .clone()
            .oneshot(request.body(body).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        if let Some(cookie) = parts.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(cookie.to_owned());
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let page = Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        if page.body.contains("name=\"_csrf\" value=\"") {
            self.csrf = page.input("_csrf");
        }
        page
    }

    /// Begins a new record and returns its address.
    pub async fn create(&mut self) -> String {
        let page = self
            .post(
                "/records",
                &[
                    ("form_key", "shitei-006"),
                    ("form_edition", "2020"),
                    ("application", "new"),
                ],
            )
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        page.location()
    }

    /// Saves a draft on top of what the page shows.
    pub async fn save(&mut self, path: &str, action: &str, answers: &[(&str, &str)]) -> Page {
        let version = self.get(path).await.input("_version");
        let mut all = vec![("_version", version.as_str()), ("_action", action)];
        all.extend_from_slice(answers);
        self.post(path, &all).await
    }

    /// Creates, fills and confirms a record; returns its address and access key.
    pub async fn confirmed(&mut self) -> (String, String) {
        let path = self.create().await;
        let page = self.save(&path, "confirm", &COMPLETE).await;
        assert_eq!(page.location(), format!("{path}/confirm"));
        let version = self.get(&format!("{path}/confirm")).await.input("_version");
        let page = self
            .post(&format!("{path}/confirm"), &[("_version", &version)])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let key = self.get(&page.location()).await.text("access-key");
        (path, key)
    }
}

/// A confirmed record and a draft for the demonstration.
pub fn demo_samples() -> [DemoSample; 2] {
    let program = crate::sample::form().program().key.clone();
    let answers = COMPLETE.map(|(name, value)| (name.to_owned(), vec![value.to_owned()]));
    [true, false].map(|confirmed| DemoSample {
        form_key: program.clone(),
        answers: answers.clone().into(),
        confirmed,
    })
}

/// Answers to the sample form without an error or a warning; eligible.
pub const COMPLETE: [(&str, &str); 17] = [
    ("family_name_kana", "かなりあ"),
    ("given_name_kana", "ことり"),
    ("family_name", "金糸雀"),
    ("given_name", "小鳥"),
    ("birth_date", "1958-04-12"),
    ("sex", "2"),
    ("onset", "2019-05"),
    ("family_history", "2"),
    ("tremor", "1"),
    ("rigidity", "1"),
    ("bradykinesia", "2"),
    ("stage", "3"),
    ("height", "160"),
    ("weight", "52.5"),
    ("facility_name", "みなと中央病院"),
    ("physician_name", "山田 太郎"),
    ("written_on", "2026-11-20"),
];

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

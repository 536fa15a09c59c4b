//! A server with a real database in a scratch folder.

use super::browser::{Browser, COMPLETE};
use super::postgres;
use crate::sample;
use axum::Router;
use axum::http::StatusCode;
use kohyo_engine::Form;
use kohyo_server::{Clock, Config, Demo, DemoSample, Library, router, seed_demo};
use sqlx::SqlitePool;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;

/// 2026-11-22 18:00 in Japan.
pub const START: i64 = 1_795_338_000;

/// A server for one test.
pub struct Server {
    pub router: Router,
    pub config: Config,
    pub library: Library,
    pub demo: Demo,
    pub folder: TempDir,
    hand: Arc<AtomicI64>,
}

impl Server {
    /// A fresh server with the sample form and the people of the demonstration.
    pub async fn on_sqlite() -> Self {
        Self::with_forms(library()).await
    }

    /// The same with these forms.
    pub async fn with_forms(library: Library) -> Self {
        Self::start(library, None).await
    }

    /// The same on PostgreSQL; nothing if there is none at hand.
    pub async fn on_postgresql() -> Option<Self> {
        let database = postgres::fresh_database().await?;
        Some(Self::start(library(), Some(database)).await)
    }

    async fn start(library: Library, database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hand = Arc::new(AtomicI64::new(START));
        let local = Config::local(folder.path().join("data"), "127.0.0.1:0".parse().unwrap());
        let config = Config {
            clock: Clock::Manual(hand.clone()),
            database: database.unwrap_or(local.database.clone()),
            ..local
        };
        std::fs::create_dir_all(&config.data_dir).unwrap();
        let demo = seed_demo(&config, &library, &demo_samples()).await.unwrap();
        let router = router(&config, library.clone()).await.unwrap();
        Self {
            router,
            config,
            library,
            demo,
            folder,
            hand,
        }
    }

    /// The same installation started again, with the settings that stand in `config` now.
    pub async fn restart(&mut self) {
        self.router = router(&self.config, self.library.clone()).await.unwrap();
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.hand.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The database itself, on SQLite.
    pub async fn sqlite(&self) -> SqlitePool {
        SqlitePool::connect(&self.config.database).await.unwrap()
    }

    /// A browser that nobody has signed in to.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.router)
    }

    /// What somebody types to sign in.
    pub fn credentials<'a>(&self, login: &'a str) -> [(&'static str, &'a str); 2] {
        let mut accounts = self.demo.accounts.iter();
        let account = accounts.find(|account| account.login == login).unwrap();
        [("login", login), ("password", account.password)]
    }

    /// A browser somebody has signed in to.
    pub async fn signed_in(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.post("/login", &self.credentials(login)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let home = browser.get(&page.location()).await;
        assert_eq!(home.status, StatusCode::OK, "{}", home.body);
        browser
    }
}

/// The sample form and the form of the programme.
fn library() -> Library {
    Library::new([sample::form(), high_cost()]).unwrap()
}

/// 軽症高額の確認, as it is written.
pub fn high_cost() -> Arc<Form> {
    const PATH: &str = "programme/high_cost.kohyo";
    static FORM: LazyLock<Arc<Form>> = LazyLock::new(|| {
        let mut files = kohyo_compiler::Files::new();
        files.insert(
            PATH,
            include_str!("../../../../../forms/programme/high_cost.kohyo"),
        );
        let program = kohyo_compiler::compile(&files, PATH).program.unwrap();
        Arc::new(Form::new(program).unwrap())
    });
    Arc::clone(&FORM)
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

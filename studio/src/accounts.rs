//! Who may come in, and who is in.
//!
//! Users come from the caller and live in memory only, so a password is kept as a SHA-256 digest
//! for comparison in constant time, not as something that has to survive the theft of a database.

use crate::guard::{Author, Nonce, session_cookie, session_token};
use crate::serve::Studio;
use axum::Extension;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use rand::random;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq;

/// A session ends after so long without a request.
const IDLE: Duration = Duration::from_secs(12 * 60 * 60);
/// After so many wrong passwords in a row …
const TRIES: u32 = 5;
/// … a user name has to wait so long.
const WAIT: Duration = Duration::from_secs(30);

type Hash = [u8; 32];

/// Users and sessions.
pub(crate) struct Accounts {
    users: Vec<(String, Hash)>,
    sessions: Mutex<HashMap<Hash, Session>>,
    failures: Mutex<HashMap<String, Failures>>,
}

struct Session {
    user: String,
    seen: Instant,
}

struct Failures {
    count: u32,
    last: Instant,
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Unknown user or wrong password; which of the two is not told.
    Wrong,
    /// Too many wrong passwords.
    Wait,
}

impl Accounts {
    pub(crate) fn new(users: &[(String, String)]) -> Self {
        Self {
            users: users
                .iter()
                .map(|(name, password)| (name.clone(), hash(password.as_bytes())))
                .collect(),
            sessions: Mutex::default(),
            failures: Mutex::default(),
        }
    }

    /// Begins a session and gives its token.
    pub(crate) fn sign_in(&self, name: &str, password: &str) -> Result<String, Refusal> {
        let given = hash(password.as_bytes());
        let known = self.users.iter().find(|(user, _)| user == name);
        // An unknown name costs the same comparison as a known one.
        let expected = known.map_or_else(|| hash(b""), |(_, expected)| *expected);
        let right = bool::from(given.ct_eq(&expected)) && known.is_some();
        // Only known names are counted, so the map cannot be filled from outside.
        if known.is_some() {
            let mut failures = lock(&self.failures);
            if failures
                .get(name)
                .is_some_and(|f| f.count >= TRIES && f.last.elapsed() < WAIT)
            {
                return Err(Refusal::Wait);
            }
            if right {
                failures.remove(name);
            } else {
                let entry = failures.entry(name.to_owned()).or_insert(Failures {
                    count: 0,
                    last: Instant::now(),
                });
                entry.count = if entry.last.elapsed() < WAIT {
                    entry.count + 1
                } else {
                    1
                };
                entry.last = Instant::now();
            }
        }
        if !right {
            return Err(Refusal::Wrong);
        }
        let token = token();
        let mut sessions = lock(&self.sessions);
        sessions.retain(|_, session| session.seen.elapsed() < IDLE);
        sessions.insert(
            hash(token.as_bytes()),
            Session {
                user: name.to_owned(),
                seen: Instant::now(),
            },
        );
        Ok(token)
    }

    /// The user of a session that is still open.
    pub(crate) fn user(&self, token: &str) -> Option<String> {
        let mut sessions = lock(&self.sessions);
        let session = sessions.get_mut(&hash(token.as_bytes()))?;
        if session.seen.elapsed() >= IDLE {
            return None;
        }
        session.seen = Instant::now();
        Some(session.user.clone())
    }

    /// Ends a session.
    pub(crate) fn sign_out(&self, token: &str) {
        lock(&self.sessions).remove(&hash(token.as_bytes()));
    }
}

#[derive(Serialize)]
struct SignInPage<'a> {
    next: &'a str,
    name: &'a str,
    problem: Option<&'static str>,
}

/// Where to go after signing in.
#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// The sign-in form.
#[derive(Deserialize)]
pub(crate) struct SignIn {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub(crate) async fn page(
    State(studio): State<Arc<Studio>>,
    Extension(nonce): Extension<Nonce>,
    author: Result<Author, Response>,
    Query(next): Query<Next>,
) -> Response {
    if author.is_ok() {
        return Redirect::to(local(&next.next)).into_response();
    }
    let page = SignInPage {
        next: local(&next.next),
        name: "",
        problem: None,
    };
    studio
        .templates
        .page(StatusCode::OK, "sign_in.html", &nonce, None, &page)
}

/// `POST /sign-in`
pub(crate) async fn enter(
    State(studio): State<Arc<Studio>>,
    Extension(nonce): Extension<Nonce>,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let name = form.name.trim();
    let (status, problem) = match studio.accounts.sign_in(name, &form.password) {
        Ok(token) => {
            tracing::info!(user = name, "signed in");
            let jar = CookieJar::new().add(session_cookie(Some(token), &headers));
            return (jar, Redirect::to(local(&form.next))).into_response();
        }
        Err(Refusal::Wrong) => (
            StatusCode::UNAUTHORIZED,
            "ログインIDまたはパスワードが違います。",
        ),
        Err(Refusal::Wait) => (
            StatusCode::TOO_MANY_REQUESTS,
            "続けて間違えたため、しばらくログインできません。30秒ほど待ってからお試しください。",
        ),
    };
    let page = SignInPage {
        next: local(&form.next),
        name,
        problem: Some(problem),
    };
    studio
        .templates
        .page(status, "sign_in.html", &nonce, None, &page)
}

/// `POST /sign-out`
pub(crate) async fn leave(State(studio): State<Arc<Studio>>, headers: HeaderMap) -> Response {
    if let Some(token) = session_token(&headers) {
        studio.accounts.sign_out(&token);
    }
    (
        CookieJar::new().add(session_cookie(None, &headers)),
        Redirect::to("/sign-in"),
    )
        .into_response()
}

/// The address if it leads to a page of this application, else its first page.
fn local(next: &str) -> &str {
    let ours = next.starts_with("/definitions/") && !next.contains(['\\', '\r', '\n']);
    if ours || next.starts_with("/?") {
        next
    } else {
        "/"
    }
}

/// 256 random bits in hexadecimal.
pub(crate) fn token() -> String {
    hex(&random::<[u8; 32]>())
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// A lock whose holder panicked still guards plain data.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts() -> Accounts {
        Accounts::new(&[("author".to_owned(), "ひみつの言葉".to_owned())])
    }

    #[test]
    fn the_right_password_opens_a_session_until_sign_out() {
        let accounts = accounts();
        let token = accounts.sign_in("author", "ひみつの言葉").unwrap();
        assert_eq!(accounts.user(&token).as_deref(), Some("author"));
        accounts.sign_out(&token);
        assert_eq!(accounts.user(&token), None);
    }

    #[test]
    fn wrong_names_and_passwords_are_told_alike() {
        let accounts = accounts();
        assert_eq!(accounts.sign_in("author", "x"), Err(Refusal::Wrong));
        assert_eq!(accounts.sign_in("nobody", "x"), Err(Refusal::Wrong));
        assert_eq!(accounts.sign_in("nobody", ""), Err(Refusal::Wrong));
    }

    #[test]
    fn after_five_wrong_passwords_even_the_right_one_waits() {
        let accounts = accounts();
        for _ in 0..TRIES {
            assert_eq!(accounts.sign_in("author", "x"), Err(Refusal::Wrong));
        }
        assert_eq!(
            accounts.sign_in("author", "ひみつの言葉"),
            Err(Refusal::Wait)
        );
    }
}

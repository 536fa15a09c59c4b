//! Signing in and staying signed in.

use crate::error::Error;
use crate::extract::User;
use crate::keys;
use crate::password;
use crate::start::App;
use crate::store::Tx;
use crate::store::accounts::{self, Credentials, Role};
use crate::store::audit::{self, Actor, Event};
use crate::store::sessions;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use sha2::{Digest, Sha256};

/// Wrong passwords in a row until the account is locked (難病・小慢DB利用マニュアル: アカウントロック).
const MOST_MISSES: i64 = 5;
/// How long it is locked.
const LOCK_SECONDS: i64 = 15 * 60;
/// The time of last use is written at most this often.
const SEEN_EVERY: i64 = 60;

/// The token's hash, under which the database knows a session.
pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// Who sent this request.
pub(crate) async fn current(app: &App, parts: &Parts) -> Result<User, Error> {
    let to = parts
        .uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    of(app, &CookieJar::from_headers(&parts.headers), to).await
}

/// Whose cookies these are; whoever is not signed in goes on to `to` afterwards.
pub(crate) async fn of(app: &App, jar: &CookieJar, to: String) -> Result<User, Error> {
    let Some(token) = jar
        .get(cookie_name(app))
        .map(|cookie| cookie.value().to_owned())
    else {
        return Err(Error::SignIn { to });
    };
    let now = app.clock.now();
    let hash = token_hash(&token);
    let Some(live) = sessions::live(&app.db, &hash, now).await? else {
        return Err(Error::SignIn { to });
    };
    let Some(role) = Role::parse(&live.account.role) else {
        return Err(Error::Internal(format!(
            "unknown role {}",
            live.account.role
        )));
    };
    if now - live.seen_at >= SEEN_EVERY {
        let mut tx = app.db.begin().await?;
        sessions::seen(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(User {
        account: live.account,
        role,
        csrf: live.csrf,
        token,
    })
}

/// A new session, if log-in name and password fit; nothing otherwise, whatever the reason.
pub(crate) async fn sign_in(
    app: &App,
    login: &str,
    password: &str,
) -> Result<Option<(Role, Cookie<'static>)>, Error> {
    let known = accounts::credentials(&app.db, login).await?;
    // Known or not, locked or not: one password hash is computed, so the time says nothing.
    let stored = known.map(|account| account.password_hash);
    let fits = password::fits(password.to_owned(), stored).await;
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    // Others may have tried meanwhile: what counts is how the account stands now.
    let found = accounts::credentials_in(&mut tx, login).await?;
    let open = found.as_ref().is_some_and(|account| account.is_open(now));
    let role = found
        .as_ref()
        .and_then(|account| Role::parse(&account.role));
    let begun = match (&found, role) {
        (Some(account), Some(role)) if open && fits => {
            let token = begin(&mut tx, account, role, now).await?;
            Some((role, cookie(app, token)))
        }
        _ => {
            refuse(&mut tx, found.as_ref(), open, now).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(begun)
}

/// Begins a session; gives its token.
async fn begin(
    tx: &mut Tx,
    account: &Credentials,
    role: Role,
    now: i64,
) -> Result<String, sqlx::Error> {
    let (token, csrf) = (keys::fresh_token(), keys::fresh_token());
    sessions::sweep(tx, now).await?;
    accounts::forgive(tx, &account.id).await?;
    sessions::start(tx, &token_hash(&token), &account.id, &csrf, now).await?;
    let event = Event::done("session.start", &account.id, 0);
    audit::append(tx, now, &actor(account, role), event).await?;
    Ok(token)
}

async fn refuse(
    tx: &mut Tx,
    account: Option<&Credentials>,
    open: bool,
    now: i64,
) -> Result<(), sqlx::Error> {
    let object = account.map_or("", |account| account.id.as_str());
    let detail = match account {
        None => "unknown",
        Some(_) if open => "password",
        Some(_) => "locked",
    };
    if let (Some(account), true) = (account, open) {
        // A lock that has run out begins a new count.
        if account.misses >= MOST_MISSES {
            accounts::forgive(tx, &account.id).await?;
        }
        accounts::miss(tx, &account.id, MOST_MISSES, now + LOCK_SECONDS).await?;
    }
    let event = Event::denied("session.start", object, detail);
    audit::append(tx, now, &Actor::nobody(), event).await
}

/// Ends the session of a user; the cookie returned makes the browser forget it.
pub(crate) async fn sign_out(app: &App, user: &User) -> Result<Cookie<'static>, Error> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    sessions::end(&mut tx, &token_hash(&user.token)).await?;
    let event = Event::done("session.end", &user.account.id, 0);
    audit::append(&mut tx, now, &user.actor(), event).await?;
    tx.commit().await?;
    let mut gone = cookie(app, String::new());
    gone.make_removal();
    Ok(gone)
}

fn actor(account: &Credentials, role: Role) -> Actor {
    Actor {
        account: account.id.clone(),
        role: role.name(),
        organisation: account.organisation.clone(),
    }
}

fn cookie_name(app: &App) -> &'static str {
    if app.https { "__Host-kohyo" } else { "kohyo" }
}

fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build((cookie_name(app), token))
        .path("/")
        .http_only(true)
        .secure(app.https)
        .same_site(SameSite::Lax)
        .build()
}

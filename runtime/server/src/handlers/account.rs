//! Signing in and out, and the way home.

use crate::error::Error;
use crate::extract::{AnyUser, Pairs, Signed, User, pairs, value};
use crate::pages::{self, Page};
use crate::session;
use crate::start::App;
use crate::store::accounts::Role;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use std::collections::HashMap;

/// Names of answers on the page that signs in again, so that they are told from its own fields.
const KEPT: &str = "kept.";

pub(crate) async fn home(AnyUser(user): AnyUser) -> Redirect {
    Redirect::to(home_of(user.role))
}

fn home_of(role: Role) -> &'static str {
    match role {
        Role::Physician | Role::Clerk => "/records",
        Role::Officer => "/municipal",
    }
}

pub(crate) async fn login_page(
    State(app): State<App>,
    user: Result<AnyUser, Error>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, Error> {
    if let Ok(AnyUser(user)) = user {
        return Ok(Redirect::to(home_of(user.role)).into_response());
    }
    let to = query.get("to").map_or("", String::as_str);
    draw_login(&app, StatusCode::OK, to, &Pairs::new(), None)
}

pub(crate) async fn login(
    State(app): State<App>,
    jar: CookieJar,
    request: Request,
) -> Result<Response, Error> {
    let sent = pairs(request).await?;
    let to = value(&sent, "to")
        .filter(|to| pages::is_local(to))
        .unwrap_or("");
    let kept: Pairs = sent
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone())))
        .collect();
    let login = value(&sent, "login").unwrap_or_default().trim();
    let password = value(&sent, "password").unwrap_or_default();
    let Some((role, cookie)) = session::sign_in(&app, login, password).await? else {
        return draw_login(&app, StatusCode::UNAUTHORIZED, to, &kept, Some(login));
    };
    let token = cookie.value().to_owned();
    let jar = jar.add(cookie);
    if !kept.is_empty() {
        let page = send_again(&app, &token, to, &kept).await?;
        return Ok((jar, page).into_response());
    }
    let to = if to.is_empty() { home_of(role) } else { to };
    Ok((jar, Redirect::to(to)).into_response())
}

/// The page to sign in; `refused` is who could not, so that only the password is typed again.
fn draw_login(
    app: &App,
    status: StatusCode,
    to: &str,
    kept: &Pairs,
    refused: Option<&str>,
) -> Result<Response, Error> {
    Page::anonymous("ログイン")
        .with("portal", &app.portal.is_some())
        .with("to", to)
        .with("kept", kept)
        .with("refused", &refused)
        .draw_as(status, "login.html")
}

/// The form that was sent before the session ended, ready to be sent once more.
async fn send_again(app: &App, token: &str, to: &str, kept: &Pairs) -> Result<Response, Error> {
    let live =
        crate::store::sessions::live(&app.db, &session::token_hash(token), app.clock.now()).await?;
    let csrf = live.map(|live| live.csrf).unwrap_or_default();
    Page::anonymous("入力した内容を送り直します")
        .with("to", to)
        .with("kept", kept)
        .with("csrf", &csrf)
        .draw("send_again.html")
}

pub(crate) async fn logout(
    State(app): State<App>,
    jar: CookieJar,
    signed: Signed<AnyUser>,
) -> Result<Response, Error> {
    let user: &User = &signed.by.0;
    let gone = session::sign_out(&app, user).await?;
    let clear = (
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok((jar.add(gone), [clear], Redirect::to("/login")).into_response())
}

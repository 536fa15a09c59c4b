//! What stands before every handler: who is signed in, where a request comes from, and what a
//! browser may do with the answer.

use crate::error::ApiError;
use crate::serve::Studio;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use std::sync::Arc;

/// Cookies do not know ports: the name differs from that of the data plane on the same host.
const COOKIE: &str = "kohyo_studio_session";

/// Somebody signed in who asks for a page; anybody else is sent to the sign-in page.
pub(crate) struct Author(pub(crate) String);

/// Somebody signed in whose page asks for data; anybody else gets an error a script can read.
pub(crate) struct AuthorScript;

/// The random word that lets the editor add its styles.
#[derive(Clone)]
pub(crate) struct Nonce(pub(crate) String);

impl FromRequestParts<Arc<Studio>> for Author {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, studio: &Arc<Studio>) -> Result<Self, Response> {
        signed_in(&parts.headers, studio)
            .map(Author)
            .ok_or_else(|| {
                let wanted = parts.uri.path_and_query().map_or("/", |p| p.as_str());
                if wanted == "/" {
                    return Redirect::to("/sign-in").into_response();
                }
                let next: String = percent(wanted);
                Redirect::to(&format!("/sign-in?next={next}")).into_response()
            })
    }
}

impl FromRequestParts<Arc<Studio>> for AuthorScript {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, studio: &Arc<Studio>) -> Result<Self, ApiError> {
        signed_in(&parts.headers, studio)
            .map(|_| Self)
            .ok_or(ApiError::SignedOut)
    }
}

fn signed_in(headers: &HeaderMap, studio: &Studio) -> Option<String> {
    studio.accounts.user(&session_token(headers)?)
}

/// The token of the session cookie.
pub(crate) fn session_token(headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers)
        .get(COOKIE)
        .map(|cookie| cookie.value().to_owned())
}

/// The cookie that carries a session, or ends it when there is no token.
pub(crate) fn session_cookie(token: Option<String>, headers: &HeaderMap) -> Cookie<'static> {
    let encrypted = headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto == "https");
    let mut cookie = Cookie::build((COOKIE, token.clone().unwrap_or_default()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(encrypted)
        .build();
    if token.is_none() {
        cookie.make_removal();
    }
    cookie
}

/// The address of a definition's page.
pub(crate) fn address(path: &str) -> String {
    format!("/definitions/{}", percent(path))
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Refuses requests that change something but come from another site.
///
/// A browser says where a request comes from in `Origin`, or at least in `Sec-Fetch-Site`; a
/// request that says neither is refused too.
pub(crate) async fn same_origin(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) || comes_from_here(request.headers())
    {
        return next.run(request).await;
    }
    (
        StatusCode::FORBIDDEN,
        "別のサイトからの要求は受け付けません。スタジオの画面からやり直してください。",
    )
        .into_response()
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => text("sec-fetch-site") == Some("same-origin"),
    }
}

/// Adds the headers that tell a browser what this application never does.
pub(crate) async fn security_headers(mut request: Request, next: Next) -> Response {
    let nonce = Nonce(crate::accounts::token().chars().take(32).collect());
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        nonce.0
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

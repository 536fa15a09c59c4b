//! Every route, grouped by who may use it. The handler's parameters enforce it.

use crate::error::Error;
use crate::handlers::records::{confirming, drafts, lists, reading};
use crate::handlers::{account, municipal, public};
use crate::start::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// The most one form may send.
const MOST_BYTES: usize = 512 * 1024;

pub(crate) fn routes(app: App) -> Router {
    let everybody = Router::new()
        .route("/healthz", get(public::health))
        .route("/assets/{*path}", get(public::asset))
        .route("/login", get(account::login_page).post(account::login));

    let signed_in = Router::new()
        .route("/", get(account::home))
        .route("/logout", post(account::logout));

    // 指定医と医療クラーク
    let staff = Router::new()
        .route("/records", get(lists::list).post(lists::create))
        .route("/records/new", get(lists::choose))
        .route("/records/{id}", get(drafts::open).post(drafts::save))
        .route("/records/{id}/live", post(drafts::live))
        .route("/records/{id}/autosave", post(drafts::autosave))
        .route("/records/{id}/delete", post(drafts::delete))
        .route("/records/{id}/revise", post(drafts::revise))
        .route("/records/{id}/versions/{number}", get(reading::version))
        .route("/records/{id}/print", get(reading::print));

    // 指定医
    let physician = Router::new()
        .route(
            "/records/{id}/confirm",
            get(confirming::confirm_page).post(confirming::confirm),
        )
        .route("/records/{id}/done", get(confirming::done))
        .route("/records/{id}/key", post(confirming::reissue));

    // 自治体担当者
    let officer = Router::new()
        .route("/municipal", get(municipal::home))
        .route("/municipal/redeem", post(municipal::redeem))
        .route(
            "/municipal/records/{id}",
            get(municipal::open).post(municipal::enter),
        )
        .route("/municipal/records/{id}/print", get(municipal::print))
        .route(
            "/municipal/records/{id}/print-masked",
            get(municipal::print_masked),
        );

    everybody
        .merge(signed_in)
        .merge(staff)
        .merge(physician)
        .merge(officer)
        .fallback(public::nothing_here)
        .method_not_allowed_fallback(public::not_that_way)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn(own_pages_only))
        .layer(from_fn(with_headers))
        .with_state(app)
}

/// Refuses changes asked for by pages of others, before anything else is looked at.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || from_own_page(request.headers()) {
        next.run(request).await
    } else {
        Error::Forged.into_response()
    }
}

/// Browsers say where a request comes from; what says nothing still needs the session's token.
fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, origin_host)| origin_host.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=()",
    ),
];

async fn with_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

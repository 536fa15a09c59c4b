//! Every route, grouped by who may use it. The handler's parameters enforce it.

use crate::error::Error;
use crate::handlers::imports::{confirming as together, reading as imports, sending};
use crate::handlers::portal::{feed, files, pages};
use crate::handlers::records::{confirming, drafts, lists, reading, renewing};
use crate::handlers::{account, hospital_keys, municipal, public};
use crate::pages::{Told, error as draw_error};
use crate::session;
use crate::start::App;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum_extra::extract::CookieJar;
use std::sync::Arc;

/// The most one form may send.
const MOST_BYTES: usize = 512 * 1024;

pub(crate) fn routes(app: App) -> Router {
    // A file of a hospital, and the form around it.
    let most_of_a_file = usize::try_from(app.imports.limits.bytes)
        .unwrap_or(usize::MAX)
        .saturating_add(MOST_BYTES);
    let everybody = Router::new()
        .route("/healthz", get(public::health))
        .route("/assets/{*path}", get(public::asset))
        .route("/login", get(account::login_page).post(account::login));

    // ベンダー・医療機関: releases, without signing in
    let portal = Router::new()
        .route("/releases", get(pages::list))
        .route("/releases.atom", get(feed::atom))
        .route("/releases.json", get(feed::json))
        .route("/release-changes", get(pages::history))
        .route("/releases/latest", get(pages::latest))
        .route("/releases/latest/{*rest}", get(pages::latest))
        .route("/releases/{id}", get(pages::release))
        .route("/releases/{id}/changes", get(pages::changes))
        .route("/releases/{id}/forms/{key}", get(pages::form))
        .route("/releases/{id}/zip/{name}", get(files::zip))
        .route("/releases/{id}/download", get(files::bundle))
        .route("/releases/{id}/manifest.json", get(files::manifest))
        .route("/releases/{id}/manifest.sig", get(files::signature))
        .route("/releases/{id}/key", get(files::key))
        .route("/releases/{id}/files/{*path}", get(files::file))
        .route("/releases/{id}/view/{*path}", get(files::view));

    let signed_in = Router::new()
        .route("/", get(account::home))
        .route("/logout", post(account::logout));

    // 指定医と医療クラーク
    let staff = Router::new()
        .route("/records", get(lists::list).post(lists::create))
        .route("/records/new", get(lists::choose))
        .route("/records/renewals", get(renewing::choose))
        .route("/records/{id}", get(drafts::open).post(drafts::save))
        .route("/records/{id}/live", post(drafts::live))
        .route("/records/{id}/autosave", post(drafts::autosave))
        .route("/records/{id}/delete", post(drafts::delete))
        .route("/records/{id}/revise", post(drafts::revise))
        .route("/records/{id}/renew", post(renewing::renew))
        .route("/records/{id}/versions/{number}", get(reading::version))
        .route("/records/{id}/print", get(reading::print));

    // 指定医
    let physician = Router::new()
        .route(
            "/records/{id}/confirm",
            get(confirming::confirm_page).post(confirming::confirm),
        )
        .route(
            "/imports/{id}/confirm",
            get(together::page).post(together::confirm),
        )
        .route("/records/{id}/done", get(confirming::done))
        .route("/records/{id}/key", post(confirming::reissue));

    // 医療機関: its people and its systems
    let hospital = Router::new()
        .route("/imports", get(imports::list).post(sending::begin))
        .route(
            "/imports/form",
            post(sending::form).layer(DefaultBodyLimit::max(most_of_a_file)),
        )
        .route("/imports/{id}", get(imports::open).patch(sending::append))
        .route("/imports/{id}/finish", post(sending::finish))
        .route("/imports/{id}/{list}", get(imports::download));

    // 責任者
    let manager = Router::new()
        .route("/keys", get(hospital_keys::page))
        .route("/keys/platform.kohyo-pub", get(hospital_keys::platform))
        .route("/keys/issue", post(hospital_keys::issue))
        .route("/keys/register", post(hospital_keys::register))
        .route("/keys/{kid}/compromised", post(hospital_keys::compromised))
        .route("/keys/tokens", post(hospital_keys::new_token))
        .route("/keys/tokens/{id}/revoke", post(hospital_keys::revoke));

    // 自治体担当者
    let officer = Router::new()
        .route("/municipal", get(municipal::home))
        .route("/municipal/redeem", post(municipal::redeem))
        .route(
            "/municipal/records/{id}",
            get(municipal::open).post(municipal::enter),
        )
        .route(
            "/municipal/records/{id}/high-cost",
            post(municipal::high_cost::enter),
        )
        .route("/municipal/records/{id}/print", get(municipal::print))
        .route(
            "/municipal/records/{id}/print-masked",
            get(municipal::print_masked),
        );

    everybody
        .merge(portal)
        .merge(signed_in)
        .merge(staff)
        .merge(physician)
        .merge(hospital)
        .merge(manager)
        .merge(officer)
        .fallback(public::nothing_here)
        .method_not_allowed_fallback(public::not_that_way)
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(from_fn(own_pages_only))
        .layer(from_fn_with_state(app.clone(), with_menu))
        .layer(from_fn(with_headers))
        .with_state(app)
}

/// A page about an error keeps the menu and the name of whoever is signed in.
async fn with_menu(
    State(app): State<App>,
    jar: CookieJar,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let Some(told) = response.extensions().get::<Arc<Told>>().cloned() else {
        return response;
    };
    let Ok(user) = session::of(&app, &jar, String::new()).await else {
        return response;
    };
    let (parts, _) = response.into_parts();
    let page = draw_error(&told, Some(&user)).into_body();
    Response::from_parts(parts, page)
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
        // Only a document of a release brings a policy of its own, a stricter one.
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

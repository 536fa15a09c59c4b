//! Who may speak to the tool: a browser on this machine that knows the address, from a page of the
//! tool itself.

use crate::serve::Tool;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// Refuses whatever does not come from a page of this tool.
///
/// The address contains a random token; the host must be the loopback address (a name that another
/// site lets point here is refused); what changes something must say that it comes from here.
pub(crate) async fn guard(State(tool): State<Arc<Tool>>, request: Request, next: Next) -> Response {
    let refused = |status: StatusCode, text: &'static str| (status, text).into_response();
    let headers = request.headers();
    if !tool.is_here(text(headers, "host")) {
        return refused(
            StatusCode::MISDIRECTED_REQUEST,
            "この端末のアドレス（127.0.0.1）から開いてください。",
        );
    }
    let token = request.uri().path().split('/').nth(1).unwrap_or_default();
    if !bool::from(token.as_bytes().ct_eq(tool.token().as_bytes())) {
        return refused(
            StatusCode::NOT_FOUND,
            "アドレスが違います。点検ツールを起動したときに表示されたアドレスを開いてください。",
        );
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !from_here(headers, &tool) {
        return refused(
            StatusCode::FORBIDDEN,
            "別のサイトからの要求は受け付けません。点検ツールの画面からやり直してください。",
        );
    }
    next.run(request).await
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A browser says where a request comes from; one that does not is refused.
fn from_here(headers: &HeaderMap, tool: &Tool) -> bool {
    match text(headers, "origin") {
        Some(origin) => tool.is_here(origin.strip_prefix("http://")),
        None => text(headers, "sec-fetch-site") == Some("same-origin"),
    }
}

/// Tells the browser what this page never does.
pub(crate) async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        // The address is the key; it must not be told to anybody.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers.remove(header::SERVER);
    response
}

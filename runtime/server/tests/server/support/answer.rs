//! A request to the router, and what comes back.

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, StatusCode, header};
use tower::ServiceExt;

/// What came back, with its bytes.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header; empty if there is none.
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// Sends a request to the address at which the server knows itself.
pub async fn ask(router: &Router, request: Builder, body: impl Into<Body>) -> Answer {
    let request = request.header(header::HOST, "localhost:8080");
    let request = request.body(body.into()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: bytes.into(),
    }
}

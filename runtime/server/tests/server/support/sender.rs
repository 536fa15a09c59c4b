//! A hospital's system that sends files with a token, as the page about uploading says.

use super::answer::{Answer, ask};
use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio_util::io::ReaderStream;

/// A hospital's system.
#[derive(Clone)]
pub struct Sender {
    router: Router,
    token: String,
}

/// The name of some bytes.
pub fn hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Sender {
    pub fn new(router: &Router, token: &str) -> Self {
        Self {
            router: router.clone(),
            token: token.to_owned(),
        }
    }

    async fn call(&self, request: Builder, body: impl Into<Body>) -> Answer {
        let token = format!("Bearer {}", self.token);
        ask(&self.router, request.header("authorization", token), body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call(Request::get(path), Body::empty()).await
    }

    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let Answer { status, body, .. } = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&body));
        body
    }

    pub async fn json(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path).await).unwrap()
    }

    pub async fn announce(&self, sha256: &str, size: u64, mode: &str) -> (StatusCode, Value) {
        self.announce_as(&json!({ "sha256": sha256, "size": size, "mode": mode, "name": "x" }))
            .await
    }

    async fn announce_as(&self, said: &Value) -> (StatusCode, Value) {
        let request = Request::post("/imports").header("content-type", "application/json");
        let answer = self.call(request, said.to_string()).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    pub async fn begin(&self, file: &[u8], mode: &str, name: &str) -> (StatusCode, Value) {
        let said = json!({ "sha256": hash(file), "size": file.len(), "mode": mode, "name": name });
        self.announce_as(&said).await
    }

    pub async fn patch(&self, path: &str, from: u64, bytes: &[u8]) -> (StatusCode, u64) {
        let request = Request::patch(path).header("upload-offset", from);
        let answer = self.call(request, bytes.to_vec()).await;
        let offset = answer.headers.get("upload-offset");
        let offset = offset.map_or(0, |value| value.to_str().unwrap().parse().unwrap());
        (answer.status, offset)
    }

    /// Sends what comes out of a pipe, until it ends.
    pub async fn patch_stream(&self, path: &str, from: u64, bytes: DuplexStream) -> StatusCode {
        let request = Request::patch(path).header("upload-offset", from);
        let body = Body::from_stream(ReaderStream::new(bytes));
        self.call(request, body).await.status
    }

    pub async fn post(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.call(Request::post(path), Body::empty()).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }

    /// Sends a file as a system does that never gives up; gives the last state.
    pub async fn send(&self, file: &[u8], mode: &str, name: &str) -> Value {
        let (status, mut now) = self.begin(file, mode, name).await;
        assert!(status.is_success(), "{now}");
        let path = format!("/imports/{}", now["id"].as_str().unwrap());
        for _ in 0..3_000 {
            match now["state"].as_str().unwrap() {
                "done" | "refused" => return now,
                "receiving" => {
                    let from = now["offset"].as_u64().unwrap() as usize;
                    if from < file.len() {
                        self.patch(&path, from as u64, &file[from..]).await;
                    }
                    self.post(&format!("{path}/finish")).await;
                }
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
            now = self.json(&path).await;
        }
        panic!("no end of {now}");
    }
}

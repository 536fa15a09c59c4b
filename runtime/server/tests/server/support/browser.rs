//! A person's browser, and what a person does with it.

use super::answer::ask;
use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{HeaderMap, Request, StatusCode, header};

/// A browser: keeps the cookie and the token of the last page.
#[derive(Clone)]
pub struct Browser {
    pub router: Router,
    pub cookie: Option<String>,
    pub csrf: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Page {
    pub fn location(&self) -> String {
        self.headers[header::LOCATION].to_str().unwrap().to_owned()
    }

    /// The value of the first input with this name.
    pub fn input(&self, name: &str) -> String {
        let start = self
            .body
            .find(&format!("name=\"{name}\" value=\""))
            .unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[start..];
        let value = rest.split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    /// The text of the element with this test id, without markup.
    pub fn text(&self, testid: &str) -> String {
        let start = self
            .body
            .find(&format!("data-testid=\"{testid}\""))
            .unwrap_or_else(|| panic!("no {testid} in {}", self.body));
        let rest = &self.body[start..];
        let rest = &rest[rest.find('>').unwrap() + 1..];
        let mut text = String::new();
        let mut depth = 1;
        let mut pieces = rest.split('<');
        text.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (tag, after) = piece.split_once('>').unwrap();
            depth += if tag.starts_with('/') {
                -1
            } else if tag.starts_with("input") || tag.starts_with("br") {
                0
            } else {
                1
            };
            if depth == 0 {
                break;
            }
            text.push_str(after);
        }
        text.trim().to_owned()
    }

    pub fn has(&self, testid: &str) -> bool {
        self.body.contains(&format!("data-testid=\"{testid}\""))
    }
}

impl Browser {
    /// A browser that has seen nothing yet.
    pub fn new(router: &Router) -> Self {
        Self {
            router: router.clone(),
            cookie: None,
            csrf: String::new(),
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form with the token of the last page.
    pub async fn post(&mut self, path: &str, pairs: &[(&str, &str)]) -> Page {
        let csrf = self.csrf.clone();
        let mut all = vec![("_csrf", csrf.as_str())];
        all.extend_from_slice(pairs);
        self.post_raw(path, &all, &[]).await
    }

    /// Sends exactly this, with these headers.
    pub async fn post_raw(
        &mut self,
        path: &str,
        pairs: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Page {
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(request, Body::from(body)).await
    }

    /// Sends a file as the page about imports does.
    pub async fn post_file(&mut self, path: &str, mode: &str, name: &str, file: &[u8]) -> Page {
        let boundary = "----edge";
        let mut body = Vec::new();
        for (field, value) in [("_csrf", self.csrf.as_str()), ("mode", mode)] {
            body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes());
        body.extend(file);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, request: Builder, body: Body) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        };
        let answer = ask(&self.router, request, body).await;
        if let Some(cookie) = answer.headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
            self.cookie = Some(cookie.to_owned());
        }
        let page = Page {
            status: answer.status,
            headers: answer.headers,
            body: String::from_utf8_lossy(&answer.body).into_owned(),
        };
        if page.body.contains("name=\"_csrf\" value=\"") {
            self.csrf = page.input("_csrf");
        }
        page
    }

    /// Begins a new record and returns its address.
    pub async fn create(&mut self) -> String {
        let page = self.post("/records", &NEW).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        page.location()
    }

    /// Saves a draft on top of what the page shows.
    pub async fn save(&mut self, path: &str, action: &str, answers: &[(&str, &str)]) -> Page {
        let version = self.get(path).await.input("_version");
        let mut all = vec![("_version", version.as_str()), ("_action", action)];
        all.extend_from_slice(answers);
        self.post(path, &all).await
    }

    /// Confirms what the page before confirming shows; `more` is ticked there.
    pub async fn confirm(&mut self, path: &str, more: &[(&str, &str)]) -> Page {
        let confirm = format!("{path}/confirm");
        let version = self.get(&confirm).await.input("_version");
        let mut all = vec![("_version", version.as_str())];
        all.extend_from_slice(more);
        self.post(&confirm, &all).await
    }

    /// Deletes the draft that the page shows.
    pub async fn delete(&mut self, path: &str) -> Page {
        let version = self.get(path).await.input("_version");
        self.post(&format!("{path}/delete"), &[("_version", &version)])
            .await
    }

    /// Creates, fills and confirms a record; returns its address and access key.
    pub async fn confirmed(&mut self) -> (String, String) {
        let path = self.create().await;
        let page = self.save(&path, "confirm", &COMPLETE).await;
        assert_eq!(page.location(), format!("{path}/confirm"));
        let page = self.confirm(&path, &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let key = self.get(&page.location()).await.text("access-key");
        (path, key)
    }
}

/// What is chosen to begin a record of the sample form.
pub const NEW: [(&str, &str); 3] = [
    ("form_key", "shitei-006"),
    ("form_edition", "2020"),
    ("application", "new"),
];

/// Answers to the sample form without an error or a warning; eligible.
pub const COMPLETE: [(&str, &str); 17] = [
    ("family_name_kana", "かなりあ"),
    ("given_name_kana", "ことり"),
    ("family_name", "金糸雀"),
    ("given_name", "小鳥"),
    ("birth_date", "1958-04-12"),
    ("sex", "2"),
    ("onset", "2019-05"),
    ("family_history", "2"),
    ("tremor", "1"),
    ("rigidity", "1"),
    ("bradykinesia", "2"),
    ("stage", "3"),
    ("height", "160"),
    ("weight", "52.5"),
    ("facility_name", "みなと中央病院"),
    ("physician_name", "山田 太郎"),
    ("written_on", "2026-11-20"),
];

/// The same but for one answer.
pub fn complete_but<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = COMPLETE.into_iter().filter(|(other, _)| *other != name);
    others.chain([(name, value)]).collect()
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

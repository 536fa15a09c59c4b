//! The server's own pages: a frame around what `kohyo-pages` draws.

use crate::error::Error;
use crate::extract::{Pairs, User};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use kohyo_pages::PageError;
use rust_embed::RustEmbed;
use serde::Serialize;
use std::sync::OnceLock;
use tera::{Context, Tera, Value};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

/// A page being put together.
pub(crate) struct Page {
    context: Context,
}

#[derive(Serialize)]
struct Who<'a> {
    name: &'a str,
    role: &'static str,
    role_label: &'static str,
    organisation: &'a str,
    manager: bool,
}

impl Page {
    /// A page for somebody signed in.
    pub(crate) fn new(title: &str, user: &User) -> Self {
        let mut page = Self::anonymous(title);
        page.context.insert("csrf", &user.csrf);
        page.context.insert(
            "who",
            &Who {
                name: &user.account.name,
                role: user.role.name(),
                role_label: user.role.label(),
                organisation: &user.account.organisation_name,
                manager: user.account.manager == 1,
            },
        );
        page
    }

    /// A page for anybody.
    pub(crate) fn anonymous(title: &str) -> Self {
        let mut context = Context::new();
        context.insert("title", title);
        context.insert("who", &None::<()>);
        context.insert("nav", "");
        context.insert("portal", &false);
        context.insert("base_css", &kohyo_pages::asset_url("base.css"));
        context.insert("portal_css", &kohyo_pages::asset_url("portal.css"));
        context.insert("icon", &kohyo_pages::asset_url("icon.svg"));
        context.insert("form_js", &kohyo_pages::asset_url("form.js"));
        context.insert("page_js", &kohyo_pages::asset_url("page.js"));
        Self { context }
    }

    /// Adds a value.
    pub(crate) fn with<T: Serialize + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.context.insert(name, value);
        self
    }

    /// Adds a piece of HTML drawn by `kohyo-pages`, by `qrcode` or from a document of a release, the
    /// only text not escaped here.
    pub(crate) fn with_drawn(mut self, name: &'static str, html: &str) -> Self {
        self.context.insert_value(name, Value::safe_string(html));
        self
    }

    /// Draws it.
    pub(crate) fn draw(self, template: &'static str) -> Result<Response, Error> {
        self.draw_as(StatusCode::OK, template)
    }

    /// Draws it with another status.
    pub(crate) fn draw_as(
        self,
        status: StatusCode,
        template: &'static str,
    ) -> Result<Response, Error> {
        Ok((status, Html(self.text(template)?)).into_response())
    }

    /// Draws it as text.
    pub(crate) fn text(self, template: &'static str) -> Result<String, Error> {
        let engine = engine()?;
        engine
            .render(template, &self.context)
            .map_err(|error| Error::Internal(error.to_string()))
    }
}

/// What a page about an error says.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) remedy: &'static str,
    /// Where to go on, and the words of that link.
    pub(crate) to: Option<(String, &'static str)>,
    /// Under which the log tells the cause.
    pub(crate) incident: Option<String>,
}

/// The page that tells of an error, with the menu of whoever is signed in; plain text if even that
/// cannot be drawn.
pub(crate) fn error(told: &Told, user: Option<&User>) -> Response {
    let page = match user {
        Some(user) => Page::new(told.title, user),
        None => Page::anonymous(told.title),
    };
    let drawn = page
        .with("text", &told.text)
        .with("remedy", told.remedy)
        .with("to", &told.to)
        .with("incident", &told.incident)
        .draw_as(told.status, "error.html");
    drawn.unwrap_or_else(|_| {
        let text = format!("{}\n{}\n{}\n", told.title, told.text, told.remedy);
        (told.status, text).into_response()
    })
}

/// Signing in again without losing the form that was sent.
pub(crate) fn sign_in_again(to: &str, pairs: &Pairs) -> Response {
    let kept: Vec<&(String, String)> = pairs.iter().filter(|(name, _)| name != "_csrf").collect();
    Page::anonymous("ログインの有効時間が過ぎました")
        .with("to", to)
        .with("kept", &kept)
        .draw_as(StatusCode::UNAUTHORIZED, "login.html")
        .unwrap_or_else(IntoResponse::into_response)
}

/// Where to sign in before going on to some page.
pub(crate) fn login_address(to: &str) -> String {
    if to == "/" || !is_local(to) {
        return "/login".to_owned();
    }
    let mut address = "/login?to=".to_owned();
    for byte in to.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

/// Whether an address stays on this server.
pub(crate) fn is_local(to: &str) -> bool {
    to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n'])
}

fn engine() -> Result<&'static Tera, PageError> {
    static ENGINE: OnceLock<Result<Tera, PageError>> = OnceLock::new();
    ENGINE
        .get_or_init(kohyo_pages::engine::<Templates>)
        .as_ref()
        .map_err(Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_sound() {
        assert!(engine().is_ok(), "{:?}", engine().err());
    }

    #[test]
    fn nobody_is_sent_elsewhere_after_signing_in() {
        for to in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil",
            "evil",
            "",
        ] {
            assert_eq!(login_address(to), "/login", "{to}");
        }
        assert_eq!(
            login_address("/records?q=a b"),
            "/login?to=/records%3Fq%3Da%20b"
        );
    }
}

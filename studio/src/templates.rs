//! Pages drawn from templates; every value is escaped.

use crate::assets;
use crate::error::StudioError;
use crate::guard::Nonce;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use rust_embed::RustEmbed;
use serde::Serialize;
use tera::{Context, Tera};

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Files;

/// The templates.
pub(crate) struct Templates {
    engine: Tera,
}

impl Templates {
    /// Reads the embedded templates.
    pub(crate) fn load() -> Result<Self, StudioError> {
        let engine = kohyo_pages::engine::<Files>()
            .map_err(|error| StudioError::Internal(error.to_string()))?;
        Ok(Self { engine })
    }

    /// Draws a piece of a page.
    pub(crate) fn piece<T: Serialize>(
        &self,
        template: &str,
        name: &'static str,
        value: &T,
    ) -> Result<String, String> {
        let mut context = Context::new();
        context.insert(name, value);
        self.engine
            .render(template, &context)
            .map_err(|error| error.to_string())
    }

    /// Draws a page; `user` is who is signed in.
    pub(crate) fn page<T: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        nonce: &Nonce,
        user: Option<&str>,
        value: &T,
    ) -> Response {
        let mut context = Context::new();
        context.insert("page", value);
        context.insert("user", &user);
        context.insert("nonce", &nonce.0);
        for (name, file) in [
            ("base_css", "base.css"),
            ("studio_css", "studio.css"),
            ("studio_js", "studio.js"),
            ("list_js", "list.js"),
            ("form_js", "form.js"),
            ("editor_js", "editor.js"),
        ] {
            context.insert(name, &assets::url(file));
        }
        context.insert("rich_editor", &assets::has_rich_editor());
        match self.engine.render(template, &context) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, template, "page could not be drawn");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "ページを表示できません。時間をおいて再度お試しください。",
                )
                    .into_response()
            }
        }
    }
}

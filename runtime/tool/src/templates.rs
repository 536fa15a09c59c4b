//! Pages drawn from templates; every value is escaped.

use crate::keys::ToolError;
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
    pub(crate) fn load() -> Result<Self, ToolError> {
        let engine =
            kohyo_pages::engine::<Files>().map_err(|error| ToolError::Other(error.to_string()))?;
        Ok(Self { engine })
    }

    /// Draws a page; `base` is what every address of the tool begins with.
    pub(crate) fn page<T: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        base: &str,
        value: &T,
    ) -> Response {
        let mut context = Context::new();
        context.insert("page", value);
        context.insert("base", base);
        match self.engine.render(template, &context) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                format!("画面を表示できません: {error}"),
            )
                .into_response(),
        }
    }
}

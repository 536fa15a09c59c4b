//! Programs as JSON, and the reasons why one is refused.

use crate::form::Form;
use crate::program::{FORMAT, Program};

/// Why a program is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Not JSON, or not in the shape of a program.
    #[error("プログラムを読み取れません: {0}")]
    Json(String),
    /// Another version of the wire form.
    #[error(
        "プログラムの形式の版が {found} です。この版が読めるのは {FORMAT} だけです。同じ版の kohyo で作り直してください"
    )]
    Format {
        /// The version found.
        found: u64,
    },
    /// A position points at nothing.
    #[error("{at}: {what}の番号 {index} がありません")]
    Index {
        /// Where it stands.
        at: String,
        /// What it should point at.
        what: &'static str,
        /// The position.
        index: usize,
    },
    /// A rule reads a field or definition of the wrong kind.
    #[error("{at}: {reason}")]
    Kind {
        /// Where it stands.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// A rule reads itself, directly or through others, or something that stands after it.
    #[error("{at}: 規則が自分自身または後の規則を参照しています")]
    Order {
        /// The definition, judgement or field.
        at: String,
    },
    /// No migration leads from an older edition.
    #[error(
        "{key} の{edition}年版は{older}年版の記録を読めません。{older}年版があり、`migrate from edition \"{older}\"` で移せることを確かめてください"
    )]
    NoEdition {
        /// Key of the form.
        key: String,
        /// The newer edition.
        edition: String,
        /// The older edition.
        older: String,
    },
    /// The same name twice.
    #[error("{at}: 同じ名前「{name}」が二つあります")]
    Duplicate {
        /// Where it stands.
        at: String,
        /// The name.
        name: String,
    },
    /// More of something than a reader accepts.
    #[error("{at}: {what}が多すぎます（上限 {limit}）")]
    Limit {
        /// Where it stands.
        at: String,
        /// What there is too much of.
        what: &'static str,
        /// The most that is accepted.
        limit: usize,
    },
}

/// Writes a program; the same program gives the same bytes.
pub fn to_json(program: &Program) -> String {
    // Serialising cannot fail: every map key is a string and nothing here is fallible.
    serde_json::to_string_pretty(program).unwrap_or_default()
}

/// Reads a program and checks it.
///
/// # Errors
/// Text that is no program, another format version, or a program that is not sound in itself.
pub fn from_json(json: &[u8]) -> Result<Form, WireError> {
    match serde_json::from_slice::<Program>(json) {
        Ok(program) => Form::new(program),
        Err(error) => Err(match format_of(json) {
            Some(found) if found != u64::from(FORMAT) => WireError::Format { found },
            _ => WireError::Json(error.to_string()),
        }),
    }
}

/// The version a document of another shape says it has.
fn format_of(json: &[u8]) -> Option<u64> {
    #[derive(serde::Deserialize)]
    struct Header {
        format: u64,
    }
    serde_json::from_slice::<Header>(json)
        .ok()
        .map(|header| header.format)
}

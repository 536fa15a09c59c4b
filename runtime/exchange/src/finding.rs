//! What is wrong with a record or a file, where, and what to do about it.

use kohyo_engine::Finding;
use kohyo_engine::program::Level;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::io;

/// Something found in a record or a file; as an error, the reason why reading stopped.
///
/// Checks of this crate are called `file.…` (the file as bytes), `zip.…` (what a ZIP holds), `xml.…`,
/// `csv.…`, `fhir.…` (the record as it is written), `record.…` (its day and its edition) and
/// `import.…` (a delivery that the platform does not take); all others come from the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordFinding {
    /// Stable id: `xml.unknown_element`, `required.tremor`, `R012`.
    pub check: Cow<'static, str>,
    /// How bad it is.
    pub level: Level,
    /// Where it is.
    pub place: Place,
    /// Label of the item it is about; empty if it is about no item.
    pub item: String,
    /// The offending value as written, if there is one; long ones are cut.
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `/record/diagnosis/tremor`; names without prefixes, in a file of many records
    /// `/records/record[3]/diagnosis/tremor`.
    pub path: String,
    /// Line, from 1; of what is missing in the file, the line on which its record begins.
    pub line: Option<u64>,
    /// Character in the line, from 1; nothing for what is missing in the file.
    pub column: Option<u64>,
}

/// A value is shown with at most so many characters.
const VALUE_CHARACTERS: usize = 100;

impl RecordFinding {
    /// An error about no particular item.
    pub(crate) fn error(
        check: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            check: check.into(),
            level: Level::Error,
            place,
            item: String::new(),
            value: None,
            message: message.into(),
            help: Some(help.into()),
        }
    }

    /// What the engine found, about the item with this label.
    pub(crate) fn of(finding: Finding, item: String, place: Place) -> Self {
        Self {
            check: finding.check.into(),
            level: finding.level,
            place,
            item,
            value: finding.value.as_deref().map(shortened),
            message: finding.message,
            help: finding.help,
        }
    }

    /// A file that cannot be opened or read.
    pub(crate) fn unreadable(place: Place, error: &io::Error) -> Self {
        if let Some(Trouble(known)) = error.get_ref().and_then(|e| e.downcast_ref()) {
            return Self {
                place,
                ..known.clone()
            };
        }
        let (reason, help) = match error.kind() {
            io::ErrorKind::NotFound => ("見つかりません", "パスとファイル名を確認してください"),
            io::ErrorKind::PermissionDenied => (
                "読み取りが許可されていません",
                "ファイルとフォルダーのアクセス権を確認してください",
            ),
            _ => (
                "読み取り中にエラーが起きました",
                "媒体や通信の状態を確認し、複写し直してください",
            ),
        };
        let message = match error.raw_os_error() {
            Some(code) => format!("ファイルを読めません: {reason}（OSエラー {code}）"),
            None => format!("ファイルを読めません: {reason}"),
        };
        Self::error("file.unreadable", place, message, help)
    }

    /// The same with the offending value.
    pub(crate) fn with_value(self, value: &str) -> Self {
        Self {
            value: Some(shortened(value)),
            ..self
        }
    }
}

/// A finding on its way through a reader, which can only give an `io::Error`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Trouble(pub(crate) RecordFinding);

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        io::Error::other(trouble)
    }
}

/// A value as it is shown in a finding.
pub(crate) fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_CHARACTERS) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        let Some(line) = self.line else {
            return Ok(());
        };
        if !self.path.is_empty() {
            f.write_str(" ")?;
        }
        match self.column {
            Some(column) => write!(f, "{line}行{column}文字目"),
            None => write!(f, "{line}行"),
        }
    }
}

/// `/record/diagnosis 12行5文字目: 「tremer」という項目はありません（「tremor」の…）`.
impl fmt::Display for RecordFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Place::default() {
            write!(f, "{}: ", self.place)?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, "（{help}）"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for RecordFinding {}

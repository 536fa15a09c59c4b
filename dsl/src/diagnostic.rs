//! What is wrong with a text, as data. Drawing it is [`crate::render`]'s work.

use crate::Span;
use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something to know.
    Information,
    /// Something that is probably not meant.
    Warning,
    /// The definition cannot be used.
    Error,
}

/// One finding. Messages are Japanese, without a full stop, with the author's words in 「」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable code, such as `E0201`; `kohyo explain` tells more.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The file it is in, as the caller named it.
    pub file: String,
    /// The characters it is about.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// A few words under the underlined characters; may be empty.
    pub note: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// What to do about it, if that is known.
    pub help: Option<String>,
    /// The text that would repair it, if there is just one.
    pub fix: Option<Fix>,
}

/// Another place, with a few words about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// The file.
    pub file: String,
    /// The characters.
    pub span: Span,
    /// The words.
    pub text: String,
}

/// A replacement that repairs the finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Diagnostic {
    /// An error at `span`, without note, labels or help.
    pub fn error(code: &'static str, file: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, file, span, message.into())
    }

    /// A warning at `span`, without note, labels or help.
    pub fn warning(code: &'static str, file: &str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, file, span, message.into())
    }

    /// A finding at `span`, without note, labels or help.
    pub(crate) fn new(
        severity: Severity,
        code: &'static str,
        file: &str,
        span: Span,
        message: String,
    ) -> Self {
        Self {
            code,
            severity,
            file: file.to_owned(),
            span,
            message,
            note: String::new(),
            labels: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// Adds the words under the underlined characters.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Adds the help line.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place.
    pub fn label(mut self, file: &str, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            file: file.to_owned(),
            span,
            text: text.into(),
        });
        self
    }

    /// Adds the replacement that repairs it.
    pub fn fix(mut self, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            span,
            text: text.into(),
        });
        self
    }
}

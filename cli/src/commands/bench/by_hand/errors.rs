//! The error list of a record.

use std::borrow::Cow;
use std::fmt;

/// How bad an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Warning,
    Error,
}

/// A line of the error list.
#[derive(Debug)]
pub struct Error {
    /// `R001`, `required.malar_rash`, `xml.unknown_element`.
    pub check: Cow<'static, str>,
    pub level: Level,
    /// `/record/diagnosis/malar_rash`.
    pub path: String,
    /// Line and column of what is in the file.
    pub place: Option<(usize, usize)>,
    /// Label of the item.
    pub item: &'static str,
    pub value: Option<String>,
    pub message: Cow<'static, str>,
    pub help: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.check, self.level, self.path)?;
        if let Some((line, column)) = self.place {
            write!(f, " {line}行{column}文字目")?;
        }
        let value = self.value.as_deref().unwrap_or_default();
        write!(
            f,
            " [{}「{value}」] {}（{}）",
            self.item, self.message, self.help
        )
    }
}

/// What is wrong with a value: `range`, `「白血球数」` followed by the problem, and what to do.
#[derive(Debug)]
pub struct Fault {
    pub kind: &'static str,
    pub problem: &'static str,
    pub help: &'static str,
}

impl Fault {
    #[cold]
    pub fn new(kind: &'static str, problem: &'static str, help: &'static str) -> Self {
        Self {
            kind,
            problem,
            help,
        }
    }
}

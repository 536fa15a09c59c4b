//! Key files are short texts of `name: value` lines in a fixed order, so that a person can read
//! them and any program can check their signature byte by byte.

use super::error::KeyError;
use super::header::from_hex;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// A key file is at most so many bytes long.
const MAX_FILE: usize = 4096;
/// A value is at most so many bytes long.
const MAX_VALUE: usize = 200;

/// The lines not yet read.
pub(super) struct Lines<'t> {
    what: &'static str,
    text: &'t str,
    at: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    /// Begins after the first line, which names the format.
    pub(super) fn begin(text: &'t str, first: &str, what: &'static str) -> Result<Self, KeyError> {
        let mut lines = Self {
            what,
            text,
            at: 0,
            line: 0,
        };
        let found = lines.next_line()?;
        if text.len() > MAX_FILE || found != first {
            return Err(lines.wrong());
        }
        Ok(lines)
    }

    fn next_line(&mut self) -> Result<&'t str, KeyError> {
        self.line += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (line, _) = rest.split_once('\n').ok_or_else(|| self.wrong())?;
        self.at += line.len() + 1;
        Ok(line)
    }

    pub(super) fn wrong(&self) -> KeyError {
        KeyError::Format {
            what: self.what,
            line: self.line,
        }
    }

    /// The value of the next line, which must have this name.
    pub(super) fn value(&mut self, name: &str) -> Result<&'t str, KeyError> {
        let line = self.next_line()?;
        line.strip_prefix(name)
            .and_then(|rest| rest.strip_prefix(": "))
            .ok_or_else(|| self.wrong())
    }

    /// A text that can be shown.
    pub(super) fn text(&mut self, name: &str) -> Result<String, KeyError> {
        let value = self.value(name)?;
        if is_plain(value) {
            Ok(value.to_owned())
        } else {
            Err(self.wrong())
        }
    }

    pub(super) fn bytes<const N: usize>(&mut self, name: &str) -> Result<[u8; N], KeyError> {
        let value = self.value(name)?;
        from_hex(value).ok_or_else(|| self.wrong())
    }

    /// Seconds since 1970.
    pub(super) fn time(&mut self, name: &str) -> Result<u64, KeyError> {
        let value = self.value(name)?;
        value
            .parse::<Timestamp>()
            .ok()
            .and_then(|time| u64::try_from(time.as_second()).ok())
            .filter(|seconds| time(*seconds) == value)
            .ok_or_else(|| self.wrong())
    }

    /// Everything read so far.
    pub(super) fn so_far(&self) -> &'t str {
        self.text.get(..self.at).unwrap_or_default()
    }

    /// Whether anything follows.
    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Nothing may follow.
    pub(super) fn end(mut self) -> Result<(), KeyError> {
        self.line += 1;
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.wrong())
        }
    }
}

/// What may stand behind a name.
pub(super) fn is_plain(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= MAX_VALUE
        && value.trim() == value
        && !value.chars().any(char::is_control)
}

/// `2026-04-01T00:00:00Z`.
pub(super) fn time(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
        .to_string()
}

/// `2026-04-01 09:00`, by the clocks of Japan.
pub(super) fn japanese_time(seconds: u64) -> String {
    let time = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX);
    let japan = TimeZone::fixed(Offset::constant(9));
    time.to_zoned(japan).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Files that went through an editor of another system come with other line ends.
pub(super) fn with_plain_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}

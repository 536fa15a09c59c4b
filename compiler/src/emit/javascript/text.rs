//! JavaScript as text: strings, names, comments, and code that is laid out in lines.

use std::fmt::Write as _;

/// A string literal.
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Several string literals, separated by commas.
pub(super) fn strings<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(string).collect();
    texts.join(", ")
}

/// The name of a property in an object.
pub(super) fn key(name: &str) -> String {
    let mut letters = name.chars();
    let identifier = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    match (identifier, name) {
        // As a plain property this would set the prototype.
        (_, "__proto__") => "[\"__proto__\"]".to_owned(),
        (true, name) => name.to_owned(),
        (false, name) => string(name),
    }
}

/// A text that can stand in a comment: on one line, and not its end.
pub(super) fn comment(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| match c {
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => ' ',
            c => c,
        })
        .collect();
    line.trim().replace("*/", "*∕")
}

/// Code with a note for its reader.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub code: Code,
    pub note: String,
}

/// Code of one line, or of several.
#[derive(Clone, Debug)]
pub(super) enum Code {
    Line(String),
    /// The first line, what stands inside, the last line.
    Block {
        open: String,
        parts: Vec<Noted>,
        close: String,
    },
}

/// A line is not made longer than this, notes aside.
const WIDTH: usize = 88;

impl Code {
    /// With text before and behind it.
    pub(super) fn within(self, before: &str, behind: &str) -> Self {
        match self {
            Self::Line(line) => Self::Line(format!("{before}{line}{behind}")),
            Self::Block { open, parts, close } => Self::Block {
                open: format!("{before}{open}"),
                parts,
                close: format!("{close}{behind}"),
            },
        }
    }

    /// A call with these arguments, a line each.
    pub(super) fn block(name: &str, parts: Vec<Noted>) -> Self {
        Self::Block {
            open: format!("{name}("),
            parts,
            close: ")".to_owned(),
        }
    }

    /// A call on one line if there is room, without the notes of its arguments.
    pub(super) fn call(name: &str, parts: Vec<Noted>) -> Self {
        Self::enclosed(&format!("{name}("), parts, ")")
    }

    /// A list, like the arguments of a call.
    pub(super) fn list(parts: Vec<Noted>) -> Self {
        Self::enclosed("[", parts, "]")
    }

    fn enclosed(open: &str, parts: Vec<Noted>, close: &str) -> Self {
        let lines: Option<Vec<&str>> = parts
            .iter()
            .map(|part| match &part.code {
                Self::Line(line) => Some(line.as_str()),
                Self::Block { .. } => None,
            })
            .collect();
        match lines.map(|lines| format!("{open}{}{close}", lines.join(", "))) {
            Some(line) if line.chars().count() <= WIDTH => Self::Line(line),
            _ => Self::Block {
                open: open.to_owned(),
                parts,
                close: close.to_owned(),
            },
        }
    }
}

/// A file being written, indented.
#[derive(Default)]
pub(super) struct Page {
    pub text: String,
    depth: usize,
}

impl Page {
    pub(super) fn line(&mut self, line: &str) {
        if line.is_empty() {
            self.text.push('\n');
        } else {
            // Writing to a string cannot fail.
            let _ = writeln!(self.text, "{:1$}{line}", "", self.depth * 2);
        }
    }

    pub(super) fn open(&mut self, line: &str) {
        self.line(line);
        self.depth += 1;
    }

    pub(super) fn close(&mut self, line: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(line);
    }

    /// A comment for tools and readers, of one or several lines.
    pub(super) fn documentation(&mut self, lines: &[String]) {
        match lines {
            [] => {}
            [line] => self.line(&format!("/** {} */", comment(line))),
            lines => {
                self.line("/**");
                for line in lines {
                    self.line(&format!(" * {}", comment(line)));
                }
                self.line(" */");
            }
        }
    }

    /// An argument or property: its code with a comma, and its note.
    pub(super) fn part(&mut self, part: &Noted) {
        let note = comment(&part.note);
        match &part.code {
            Code::Line(line) if note.is_empty() => self.line(&format!("{line},")),
            Code::Line(line) => self.line(&format!("{line}, // {note}")),
            Code::Block { open, parts, close } => {
                if !note.is_empty() {
                    self.line(&format!("// {note}"));
                }
                self.open(open);
                for part in parts {
                    self.part(part);
                }
                self.close(&format!("{close},"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_cannot_leave_their_string_or_comment() {
        assert_eq!(string("a\"b\\c\n\u{2028}"), r#""a\"b\\c\n\u2028""#);
        assert_eq!(comment("a\u{2028}b*/ c\n"), "a b*∕ c");
        assert_eq!(key("gfr"), "gfr");
        assert_eq!(key("hy.stage"), "\"hy.stage\"");
        assert_eq!(key("__proto__"), "[\"__proto__\"]");
    }
}

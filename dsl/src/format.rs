//! The one accepted layout: a text in, the same words and comments in that layout out.
//!
//! The printer works on tokens, keeps the author's line breaks and decides everything else:
//! indentation ([`lines`]), blanks between tokens ([`spacing`]), columns ([`columns`]) and blank
//! lines. A file with syntax errors is not touched.

mod columns;
mod lines;
mod spacing;

use crate::diagnostic::{Diagnostic, Severity};
use crate::{lex, parse, split};
use lines::Line;

/// The text in the accepted layout, or what is wrong with it (in a file without a name).
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let diagnostics = parse::parse("", text).diagnostics;
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let lexed = lex::read("", text);
    let pieces = split::cut("", &lexed.tokens, lexed.clean).pieces;
    let lines = lines::lines(text, &lexed.tokens, &pieces);
    let contents = columns::aligned(&lines, text);
    let mut out = String::with_capacity(text.len());
    for (i, (line, content)) in lines.iter().zip(contents).enumerate() {
        if blank_line_before(&lines, i) {
            out.push('\n');
        }
        out.extend(std::iter::repeat_n(' ', line.indent));
        out.push_str(&content);
        out.push('\n');
    }
    Ok(out)
}

/// Whether an empty line stands before line `i`.
fn blank_line_before(lines: &[Line<'_>], i: usize) -> bool {
    let Some(line) = lines.get(i) else {
        return false;
    };
    let Some(last) = i.checked_sub(1).and_then(|last| lines.get(last)) else {
        return false;
    };
    if last.opens() || line.closes() {
        return false;
    }
    line.blank_before || parts_items(lines, i)
}

/// Whether line `i` begins an item, or the comment above an item, and must stand apart.
fn parts_items(lines: &[Line<'_>], i: usize) -> bool {
    let after_code = i
        .checked_sub(1)
        .and_then(|l| lines.get(l))
        .is_some_and(|l| !l.is_comment());
    if !after_code {
        return false;
    }
    let mut rest = lines.get(i..).unwrap_or_default().iter().enumerate();
    let item = rest
        .find(|(_, l)| !l.is_comment())
        .filter(|(n, l)| *n == 0 || !l.blank_before);
    let Some((offset, item)) = item else {
        return false;
    };
    let attached = lines
        .get(i + 1..i + offset)
        .unwrap_or_default()
        .iter()
        .all(|l| !l.blank_before);
    let Some(keyword) = item.item.filter(|_| attached) else {
        return false;
    };
    let before = lines
        .get(..i)
        .unwrap_or_default()
        .iter()
        .rev()
        .find_map(|l| l.item);
    !(before == Some(keyword) && matches!(keyword, "use" | "check" | "not" | "convert"))
}

//! Columns: names, labels and types of consecutive fields, lines of codes, and the cells of tables.

use super::lines::{Block, Line};
use super::spacing::joined;
use crate::lex::Kind;
use unicode_width::UnicodeWidthStr;

/// A wider name or label does not push its neighbours to the right.
const WIDEST: usize = 60;

/// The text of every line, without indentation.
pub(super) fn aligned(lines: &[Line<'_>], text: &str) -> Vec<String> {
    let mut out = Vec::with_capacity(lines.len());
    while let Some(line) = lines.get(out.len()) {
        let rest = lines.get(out.len()..).unwrap_or_default();
        let fields = run(rest, |l| is_field(l, text));
        let codes = run(rest, |l| is_code(l, text));
        let rows = run(rest, |l| is_row(l, text));
        if fields > 0 {
            out.extend(columns(
                rest.get(..fields).unwrap_or_default(),
                text,
                field_cells,
                " ",
            ));
        } else if codes > 0 {
            out.extend(columns(
                rest.get(..codes).unwrap_or_default(),
                text,
                code_cells,
                " ",
            ));
        } else if rows > 0 {
            out.extend(columns(
                rest.get(..rows).unwrap_or_default(),
                text,
                row_cells,
                " | ",
            ));
        } else {
            out.push(joined(line, 0, line.tokens.len(), text));
        }
    }
    out
}

/// How many lines from the first have a property and stand together.
fn run(lines: &[Line<'_>], has: impl Fn(&Line<'_>) -> bool) -> usize {
    let indent = lines.first().map_or(0, |l| l.indent);
    lines
        .iter()
        .enumerate()
        .take_while(|(i, l)| has(l) && l.indent == indent && (*i == 0 || !l.blank_before))
        .count()
}

/// Lines whose cells stand below each other.
fn columns(
    lines: &[Line<'_>],
    text: &str,
    cells: fn(&Line<'_>, &str) -> Vec<String>,
    between: &str,
) -> Vec<String> {
    let rows: Vec<Vec<String>> = lines.iter().map(|l| cells(l, text)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        // The last cell of a row pushes nothing.
        for (i, cell) in row.iter().enumerate().take(row.len().saturating_sub(1)) {
            if widths.len() <= i {
                widths.resize(i + 1, 0);
            }
            if let Some(width) = widths.get_mut(i).filter(|_| cell.width() <= WIDEST) {
                *width = cell.width().max(*width);
            }
        }
    }
    rows.iter()
        .map(|row| padded(row, &widths, between))
        .collect()
}

fn padded(row: &[String], widths: &[usize], between: &str) -> String {
    let mut out = String::new();
    for (i, cell) in row.iter().enumerate() {
        out.push_str(cell);
        if i + 1 < row.len() {
            let width = widths.get(i).copied().unwrap_or(0);
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width())));
            out.push_str(between);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

// ---------------------------------------------------------------------- fields

/// Whether a line reads `field NAME "label" : …`.
fn is_field(line: &Line<'_>, text: &str) -> bool {
    let word = |i: usize| line.tokens.get(i).map_or("", |t| t.span.of(text));
    line.begins
        && matches!(line.block, Some(Block::Keywords(_)))
        && word(0) == "field"
        && line.tokens.get(2).is_some_and(|t| t.kind == Kind::Text)
        && word(3) == ":"
}

fn field_cells(line: &Line<'_>, text: &str) -> Vec<String> {
    vec![
        joined(line, 0, 2, text),
        joined(line, 2, 3, text),
        joined(line, 3, line.tokens.len(), text),
    ]
}

// ---------------------------------------------------------------------- codes

/// Whether a line reads `1 present "あり" …` and holds no other code.
fn is_code(line: &Line<'_>, text: &str) -> bool {
    let kind = |i: usize| line.tokens.get(i).map(|t| t.kind);
    let texts = line.tokens.iter().filter(|t| t.kind == Kind::Text).count();
    let braces = line
        .tokens
        .iter()
        .any(|t| matches!(t.span.of(text), "{" | "}"));
    line.block == Some(Block::Codes)
        && kind(1) == Some(Kind::Word)
        && kind(2) == Some(Kind::Text)
        && texts == 1
        && !braces
}

fn code_cells(line: &Line<'_>, text: &str) -> Vec<String> {
    let rest = joined(line, 3, line.tokens.len(), text);
    let label = joined(line, 2, 3, text);
    let mut cells = vec![joined(line, 0, 1, text), joined(line, 1, 2, text), label];
    match rest.as_str() {
        "" => {}
        ";" => cells
            .iter_mut()
            .last()
            .into_iter()
            .for_each(|label| label.push(';')),
        _ => cells.push(rest),
    }
    cells
}

// ---------------------------------------------------------------------- tables

/// Whether a line is a whole row of a table.
fn is_row(line: &Line<'_>, text: &str) -> bool {
    line.block == Some(Block::Rows) && !line.is_comment() && !bars(line, text).is_empty()
}

/// The `|` of a row; none if braces or parentheses go on with the next line.
fn bars(line: &Line<'_>, text: &str) -> Vec<usize> {
    let mut depth = 0_usize;
    let mut bars = Vec::new();
    for (i, token) in line
        .tokens
        .iter()
        .enumerate()
        .filter(|(_, t)| t.kind != Kind::Comment)
    {
        match token.span.of(text) {
            "{" | "(" => depth += 1,
            "}" | ")" if depth == 0 => return Vec::new(),
            "}" | ")" => depth -= 1,
            "|" if depth == 0 => bars.push(i),
            _ => {}
        }
    }
    if depth == 0 { bars } else { Vec::new() }
}

fn row_cells(line: &Line<'_>, text: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut start = 0;
    for bar in bars(line, text) {
        cells.push(joined(line, start, bar, text));
        start = bar + 1;
    }
    cells.push(joined(line, start, line.tokens.len(), text));
    cells
}

//! Text → rows of cells, as RFC 4180 has it, strictly: a stray quotation mark would otherwise
//! swallow the records that follow.

use super::decode::Decoded;
use crate::finding::{Place, RecordFinding};
use crate::read::MAX_RECORD;
use std::cell::Cell;
use std::io::Read;

/// A row has at most so many cells.
pub(super) const MAX_CELLS: usize = 20_000;

/// A row of cells.
#[derive(Debug, Default)]
pub(super) struct Row {
    text: String,
    ends: Vec<usize>,
    /// Which cells stand in quotation marks, in order.
    quoted: Vec<usize>,
    /// Line on which it begins, from 1.
    pub(super) line: u64,
    /// The cell that was asked for last, with line and character before its quotation mark.
    reached: Cell<(usize, u64, u64)>,
}

impl Row {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        let from = std::iter::once(&0).chain(&self.ends);
        from.zip(&self.ends)
            .map(|(&from, &to)| self.text.get(from..to).unwrap_or_default())
    }

    /// Line and character at which the content of a cell begins. Asked for when something is found
    /// or changed; goes on from the cell that was asked for before.
    pub(super) fn place_of(&self, cell: usize) -> (u64, u64) {
        let (from, mut line, mut column) = match self.reached.get() {
            reached if reached.0 <= cell => reached,
            _ => (0, self.line, 1),
        };
        let quoted = |cell: usize| u64::from(self.quoted.binary_search(&cell).is_ok());
        for (at, text) in self.cells().enumerate().skip(from) {
            if at == cell {
                self.reached.set((cell, line, column));
                break;
            }
            column += quoted(at);
            let feeds = text.bytes().filter(|byte| *byte == b'\n').count();
            if feeds > 0 {
                line += feeds as u64;
                column = 1;
            }
            let tail = text.rsplit('\n').next().unwrap_or_default();
            // In quotation marks a quotation mark is written twice.
            let marks = tail.chars().filter(|character| *character == '"').count();
            column += (tail.chars().count() + marks) as u64 + quoted(at) + 1;
        }
        (line, column + quoted(cell))
    }

    /// Nothing but blanks, or the mark that ends a file on old systems.
    pub(super) fn is_blank(&self) -> bool {
        const END_OF_FILE: char = '\u{1a}';
        let blank = |c: char| c.is_whitespace() || c == END_OF_FILE;
        self.text.chars().all(blank)
    }
}

/// The rows of a file.
pub(super) struct Rows<R> {
    input: Decoded<R>,
    window: String,
    at: usize,
    line: u64,
}

/// How a cell ended.
#[derive(PartialEq, Eq)]
enum Ended {
    Cell,
    Row,
}

impl<R: Read> Rows<R> {
    pub(super) fn new(input: Decoded<R>) -> Self {
        Self {
            input,
            window: String::new(),
            at: 0,
            line: 1,
        }
    }

    /// What follows in a file, from a line on.
    pub(super) fn following(input: Decoded<R>, line: u64) -> Self {
        Self {
            line,
            ..Self::new(input)
        }
    }

    /// The line at hand.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The next row; false at the end of the file.
    pub(super) fn next(&mut self, row: &mut Row) -> Result<bool, Box<RecordFinding>> {
        row.text.clear();
        row.ends.clear();
        row.quoted.clear();
        row.line = self.line;
        row.reached.set((0, row.line, 1));
        loop {
            let ended = match self.peek()? {
                None if row.ends.is_empty() => return Ok(false),
                None => Ended::Row,
                Some(b'"') => {
                    self.at += 1;
                    row.quoted.push(row.ends.len());
                    self.quoted(row)?
                }
                Some(_) => self.plain(row)?,
            };
            row.ends.push(row.text.len());
            if row.ends.len() > MAX_CELLS {
                return Err(self.fault(
                    "csv.too_many_columns",
                    row.line,
                    format!("1行に{MAX_CELLS}を超えるセルがあります"),
                    "区切り文字と、見出しの行を確認してください",
                ));
            }
            if ended == Ended::Row {
                return Ok(true);
            }
        }
    }

    fn plain(&mut self, row: &mut Row) -> Result<Ended, Box<RecordFinding>> {
        match self.take_until(row, |byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))? {
            Some(b',') => Ok(Ended::Cell),
            Some(b'"') => Err(self.stray_quote()),
            Some(byte) => self.end_line(byte),
            None => Ok(Ended::Row),
        }
    }

    fn quoted(&mut self, row: &mut Row) -> Result<Ended, Box<RecordFinding>> {
        let begun = self.line;
        loop {
            match self.take_until(row, |byte| matches!(byte, b'"' | b'\n'))? {
                Some(b'\n') => {
                    row.text.push('\n');
                    self.line += 1;
                }
                Some(_) => match self.peek()? {
                    Some(b'"') => {
                        row.text.push('"');
                        self.at += 1;
                    }
                    Some(b',') => {
                        self.at += 1;
                        return Ok(Ended::Cell);
                    }
                    Some(byte @ (b'\n' | b'\r')) => {
                        self.at += 1;
                        return self.end_line(byte);
                    }
                    None => return Ok(Ended::Row),
                    Some(_) => return Err(self.stray_quote()),
                },
                None => {
                    return Err(self.fault(
                        "csv.unclosed_quote",
                        begun,
                        "引用符（\"）で始まったセルが閉じられないまま、ファイルが終わっています",
                        "セルの終わりに \" を書いてください。ファイルが途中で切れていないかも確認してください",
                    ));
                }
            }
        }
    }

    /// A line ends with `\n`, `\r\n` or `\r`.
    fn end_line(&mut self, byte: u8) -> Result<Ended, Box<RecordFinding>> {
        if byte == b'\r' && self.peek()? == Some(b'\n') {
            self.at += 1;
        }
        self.line += 1;
        Ok(Ended::Row)
    }

    fn peek(&mut self) -> Result<Option<u8>, Box<RecordFinding>> {
        loop {
            if let Some(byte) = self.window.as_bytes().get(self.at) {
                return Ok(Some(*byte));
            }
            if !self.refill()? {
                return Ok(None);
            }
        }
    }

    fn refill(&mut self) -> Result<bool, Box<RecordFinding>> {
        self.window.clear();
        self.at = 0;
        let line = self.line;
        self.input
            .more(&mut self.window)
            .map_err(|finding| at_line(finding, line))
    }

    /// Copies text up to one of these bytes, which are ASCII, and gives the byte.
    fn take_until(
        &mut self,
        row: &mut Row,
        stops: fn(u8) -> bool,
    ) -> Result<Option<u8>, Box<RecordFinding>> {
        loop {
            let rest = self.window.get(self.at..).unwrap_or_default();
            let end = rest.bytes().position(stops);
            let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if piece.contains('\0') {
                return Err(self.fault(
                    "csv.control",
                    self.line,
                    "文字でないもの（NUL）があります",
                    "CSVのファイルかどうか、壊れていないかを確認してください",
                ));
            }
            if (row.text.len() + piece.len()) as u64 > MAX_RECORD {
                return Err(self.fault(
                    "file.too_large",
                    row.line,
                    format!("1行が{}MBを超えています", MAX_RECORD / 1024 / 1024),
                    "引用符（\"）の書き忘れがないか確認してください",
                ));
            }
            row.text.push_str(piece);
            self.at += piece.len();
            if let Some(end) = end {
                let byte = rest.as_bytes().get(end).copied();
                self.at += 1;
                return Ok(byte);
            }
            if !self.refill()? {
                return Ok(None);
            }
        }
    }

    #[cold]
    fn stray_quote(&self) -> Box<RecordFinding> {
        self.fault(
            "csv.quote",
            self.line,
            "セルの途中に引用符（\"）があります",
            "セル全体を \" で囲み、中の \" は \"\" と二つ書いてください",
        )
    }

    #[cold]
    fn fault(
        &self,
        check: &'static str,
        line: u64,
        message: impl Into<String>,
        help: &'static str,
    ) -> Box<RecordFinding> {
        let finding = RecordFinding::error(check, Place::default(), message, help);
        at_line(finding.into(), line)
    }
}

fn at_line(mut finding: Box<RecordFinding>, line: u64) -> Box<RecordFinding> {
    finding.place.line = Some(line);
    finding
}

//! Large files of many records → stretches.
//!
//! A stretch of XML ends where a line ends with `</record>`. Whether a record really ends there is
//! only known when everything before has been read: the letters may stand in a comment. A stretch
//! of CSV ends with a row, which is certain up to the first mistake, but not how many of the rows
//! are records. So every stretch says how many records and lines there should be by its end, and
//! whoever reads it says whether it ended between two records, with as many. As long as that holds,
//! each stretch was begun where the one before left off, and together they read what one reader
//! would have read. If not, the file is read once more, by one reader.

use crate::csv::{Charset, Tally, detect, head_of_table, tally};
use crate::read::MAX_RECORD;
use crate::scan::{MAX_TOKEN, head_of_many};
use crate::stretch::Stretch;
use memchr::{memchr_iter, memmem};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// A stretch has about so many bytes; in tests few, so that small files have several.
pub(crate) const LENGTH: u64 = if cfg!(test) { 4 * 1024 } else { 256 * 1024 };
/// A file of so many bytes is cut into stretches.
const CUT_FROM: u64 = 8 * LENGTH;
/// The head of a file is looked for in so many bytes.
const HEAD: u64 = if cfg!(test) { 1024 } else { MAX_TOKEN as u64 };
/// No record ends for so many bytes: something else is wrong.
const GIVE_UP: usize = 2 * MAX_RECORD as usize;

/// A file being cut.
pub(super) struct Cutter {
    file: File,
    cuttings: Cuttings,
    /// Its beginning, as far as every reader needs it.
    head: Arc<[u8]>,
    /// What has been read and not yet handed out.
    rest: Vec<u8>,
    /// Where it begins: byte, line, and the records before it.
    base: u64,
    line: u64,
    number: u64,
    done: bool,
}

/// What is being cut.
#[derive(Clone, Copy)]
pub(super) enum Cuttings {
    Xml,
    Csv(Charset),
}

impl Cutter {
    /// Begins with an XML file, if it is large and one of many records.
    pub(super) fn of_xml(file: File, bytes: u64) -> Option<Self> {
        Self::begin(file, bytes, Cuttings::Xml, head_of_many)
    }

    /// Begins with a CSV file, if it is large.
    pub(super) fn of_csv(mut file: File, bytes: u64) -> Option<Self> {
        if bytes < CUT_FROM {
            return None;
        }
        let charset = detect(&mut file).ok()?;
        file.seek(SeekFrom::Start(0)).ok()?;
        Self::begin(file, bytes, Cuttings::Csv(charset), head_of_table)
    }

    fn begin(
        mut file: File,
        bytes: u64,
        cuttings: Cuttings,
        head_of: impl Fn(&[u8]) -> Option<usize>,
    ) -> Option<Self> {
        if bytes < CUT_FROM {
            return None;
        }
        let mut rest = Vec::new();
        file.by_ref().take(HEAD).read_to_end(&mut rest).ok()?;
        let head = rest.get(..head_of(&rest)?)?.into();
        Some(Self {
            file,
            cuttings,
            head,
            rest,
            base: 0,
            line: 1,
            number: 0,
            done: false,
        })
    }

    pub(super) fn cuttings(&self) -> Cuttings {
        self.cuttings
    }

    /// The next stretch; nothing after the last one.
    pub(super) fn next(&mut self) -> io::Result<Option<Stretch>> {
        if self.done {
            return Ok(None);
        }
        loop {
            let before = self.rest.len();
            self.file
                .by_ref()
                .take(LENGTH)
                .read_to_end(&mut self.rest)?;
            if ((self.rest.len() - before) as u64) < LENGTH {
                self.done = true;
                let bytes = std::mem::take(&mut self.rest);
                return Ok(Some(self.stretch(bytes, None)));
            }
            let found = match self.cuttings {
                Cuttings::Xml => records(&self.rest),
                Cuttings::Csv(_) => self.rows(),
            };
            if let Some(Tally { end, rows, lines }) = found {
                let rest = self.rest.split_off(end);
                let bytes = std::mem::replace(&mut self.rest, rest);
                let until = (self.number + rows, self.line + lines);
                return Ok(Some(self.stretch(bytes, Some(until))));
            }
            if self.rest.len() > GIVE_UP {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }

    /// The rows at hand that are records.
    fn rows(&self) -> Option<Tally> {
        let names_of_columns = u64::from(self.base == 0);
        tally(&self.rest).map(|tally| Tally {
            rows: tally.rows.saturating_sub(names_of_columns),
            ..tally
        })
    }

    fn stretch(&mut self, bytes: Vec<u8>, until: Option<(u64, u64)>) -> Stretch {
        let stretch = Stretch {
            head: Arc::clone(&self.head),
            base: self.base,
            line: self.line,
            number: self.number,
            until,
            bytes,
        };
        self.base += stretch.bytes.len() as u64;
        if let Some((number, line)) = until {
            (self.number, self.line) = (number, line);
        }
        stretch
    }
}

const END: &[u8] = b"</record>";

/// The records up to the last line that ends with `</record>`.
fn records(bytes: &[u8]) -> Option<Tally> {
    let end = last_end(bytes)?;
    let whole = bytes.get(..end)?;
    Some(Tally {
        end,
        rows: memmem::find_iter(whole, END).count() as u64,
        lines: memchr_iter(b'\n', whole).count() as u64,
    })
}

/// Behind the last line that ends with `</record>`.
fn last_end(bytes: &[u8]) -> Option<usize> {
    let mut before = bytes;
    loop {
        let at = memmem::rfind(before, END)? + END.len();
        match bytes.get(at..) {
            Some([b'\n', ..]) => return Some(at + 1),
            Some([b'\r', b'\n', ..]) => return Some(at + 2),
            _ => before = bytes.get(..at - END.len())?,
        }
    }
}

//! Record XML → answers, streaming.
//!
//! A file of any size is read through one window of fixed size, token by token, straight into the
//! answer sheet of the record at hand. What is not well-formed ends the file with an error at its
//! place; everything else that does not belong there is a finding, and the rest is still read.

mod elements;
mod spots;
mod walk;

use crate::finding::{Place, RecordFinding};
use crate::layout::Layout;
use crate::library::{FormName, Library};
use crate::normalise::Change;
use crate::record::Record;
use crate::scan::MAX_TOKEN;
use crate::stretch::{Reached, Stretch};
use kohyo_engine::program::{Application, FieldId};
use kohyo_engine::{Answers, Date, Form};
use std::cell::Cell;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};
use walk::{End, Scratch, Walk};

pub(crate) use spots::{Nowhere, Spots};
pub use walk::{MAX_DEPTH, MAX_FINDINGS, MAX_RECORD};

/// A record just read; valid until the next one is.
#[derive(Debug)]
pub struct ReadRecord<'r> {
    /// Its number in the file, from 1; 0 for findings that stand between records.
    pub number: u64,
    /// Its form, unless the namespace names none that is at hand.
    pub form: Option<&'r Arc<Form>>,
    /// What that is called.
    pub(crate) name: Option<&'r Arc<FormName>>,
    /// New application or renewal, if it says so.
    pub application: Option<Application>,
    /// The day it was written, if it says so.
    pub written: Option<Date>,
    /// What is answered. Hidden fields are still in it.
    pub answers: &'r Answers,
    /// What reading found, in the order of the file.
    pub findings: Vec<RecordFinding>,
    /// What was read otherwise than it was written, in the order of the file; nothing unless the
    /// reader was told to ([`Reader::normalising`]).
    pub changes: Vec<Change>,
    /// What is written in an XML record but could not be read, by item and in full.
    pub unread: Vec<(FieldId, String)>,
    pub(crate) layout: Option<&'r Layout>,
    pub(crate) many: bool,
    pub(crate) spots: &'r dyn Spots,
}

/// The answers of what is no record.
static NO_ANSWERS: LazyLock<Answers> = LazyLock::new(Answers::default);

impl ReadRecord<'static> {
    /// A record whose form is not known, or findings that belong to no record.
    pub(crate) fn without_form(number: u64, findings: Vec<RecordFinding>) -> Self {
        Self {
            number,
            form: None,
            name: None,
            application: None,
            written: None,
            answers: &NO_ANSWERS,
            findings,
            changes: Vec::new(),
            unread: Vec::new(),
            layout: None,
            many: true,
            spots: &Nowhere,
        }
    }
}

impl ReadRecord<'_> {
    /// The place of the record: the line on which it begins.
    pub fn place(&self) -> Place {
        Place {
            path: record_path(self.many, self.number),
            line: self.spots.record(),
            column: None,
        }
    }

    /// The place where a field stands; the line of the record if it does not stand in it.
    pub fn place_of(&self, field: FieldId) -> Place {
        let mut place = self.place();
        if let Some((line, column)) = self.spots.field(field) {
            place.line = Some(line);
            place.column = Some(column);
        }
        if let Some(layout) = self.layout
            && let Some(section) = layout.section_of(field)
            && let Some(element) = section.fields.iter().find(|element| element.field == field)
        {
            place.path.extend(["/", &section.name, "/", &element.name]);
        }
        place
    }

    /// The record by itself, if its form and kind of application are known.
    pub fn to_record(&self) -> Option<Record> {
        let program = self.form?.program();
        Some(Record {
            key: program.key.clone(),
            edition: program.edition.clone(),
            application: self.application?,
            written: self.written,
            answers: self.answers.clone(),
        })
    }
}

/// `/record`, or `/records/record[3]` in a file of many.
fn record_path(many: bool, number: u64) -> String {
    match (many, number) {
        (false, _) => "/record".to_owned(),
        (true, 0) => "/records".to_owned(),
        (true, number) => format!("/records/record[{number}]"),
    }
}

/// Why a file could not be read to its end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Broken {
    /// The record in which it happened; nothing outside of records.
    pub record: Option<u64>,
    /// What had been found in that record.
    pub before: Vec<RecordFinding>,
    /// What is wrong.
    #[source]
    pub reason: RecordFinding,
}

/// Reads the one record of a document.
///
/// # Errors
/// A document that is not well-formed, has no record or several, or names no form at hand.
/// Everything else that is wrong is a finding.
pub fn read_record(
    xml: &[u8],
    library: &Library,
) -> Result<(Record, Vec<RecordFinding>), Box<RecordFinding>> {
    the_only(
        |on_record| Reader::new().read_slice(xml, library, on_record),
        "xml.many_records",
        no_record,
    )
}

/// The one record of a document; of several this check finds one too many, and `none` says that
/// there is none.
pub(crate) fn the_only(
    read: impl FnOnce(&mut OnRecord<'_>) -> Result<u64, Box<Broken>>,
    several: &'static str,
    none: fn() -> RecordFinding,
) -> Result<(Record, Vec<RecordFinding>), Box<RecordFinding>> {
    let mut records = Vec::new();
    let outcome = read(&mut |record| {
        records.push((record.to_record(), record.findings));
        if records.len() > 1 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    outcome.map_err(|broken| Box::new(broken.reason))?;
    match (records.pop(), records.pop()) {
        (Some((Some(record), findings)), None) => Ok((record, findings)),
        // INVARIANT: a record without form or kind of application has a finding that says so.
        (Some((None, findings)), None) => Err(Box::new(
            findings.into_iter().next().unwrap_or_else(no_record),
        )),
        (Some(_), Some(_)) => Err(Box::new(RecordFinding::error(
            several,
            Place::default(),
            "個票が2件以上あります",
            "1件だけを含むファイルにしてください",
        ))),
        (None, _) => Err(Box::new(none())),
    }
}

/// A file without any record.
pub(crate) fn no_record() -> RecordFinding {
    RecordFinding::error(
        "xml.no_record",
        Place::default(),
        "ファイルに個票がありません",
        "<record> を1件以上書いてください",
    )
}

/// Bytes in memory at a time: whatever a token's length, it fits.
const WINDOW: usize = 2 * MAX_TOKEN;

/// Reads files one after another and keeps its memory for the next.
#[derive(Debug, Default)]
pub struct Reader {
    window: Vec<u8>,
    scratch: Scratch,
    normalise: bool,
}

/// What is called with each record.
pub(crate) type OnRecord<'a> = dyn FnMut(ReadRecord<'_>) -> ControlFlow<()> + 'a;

impl Reader {
    /// A reader with nothing read yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, and values that are not written as the wire has them are read where there is no
    /// doubt; every such change is listed.
    pub fn normalising(self) -> Self {
        Self {
            normalise: true,
            ..self
        }
    }

    /// Whether values are read where there is no doubt ([`Reader::normalising`]).
    pub(crate) fn normalises(&self) -> bool {
        self.normalise
    }

    /// Reads a file and hands over each record as soon as it ends, until told to stop.
    /// Gives the number of records.
    ///
    /// # Errors
    /// The first thing that makes going on impossible.
    pub fn read(
        &mut self,
        mut input: impl Read,
        library: &Library,
        on_record: &mut OnRecord<'_>,
    ) -> Result<u64, Box<Broken>> {
        self.window.resize(WINDOW, 0);
        let mut walk = Walk::new(library, on_record, &mut self.scratch, self.normalise);
        let mut filled = 0;
        loop {
            let room = self.window.get_mut(filled..).unwrap_or_default();
            let (count, last) = fill(&mut input, room).map_err(|error| walk.unreadable(&error))?;
            filled += count;
            let bytes = self.window.get(..filled).unwrap_or_default();
            let consumed = match take_in(&mut walk, bytes, last) {
                Ok(consumed) => consumed,
                Err(End::Stopped) => return Ok(walk.records()),
                Err(End::Broken(broken)) => return Err(broken),
            };
            if last {
                return walk.finish(bytes.get(consumed..).unwrap_or_default().is_empty());
            }
            self.window.copy_within(consumed..filled, 0);
            filled -= consumed;
        }
    }

    /// Reads a stretch of a file.
    ///
    /// # Errors
    /// The first thing that makes going on impossible.
    pub(crate) fn read_stretch(
        &mut self,
        stretch: &Stretch,
        library: &Library,
        on_record: &mut OnRecord<'_>,
    ) -> Result<Reached, Box<Broken>> {
        // What there is to say about the root has been said with the first stretch.
        let silent = Cell::new(stretch.base > 0);
        let mut on_record = |record: ReadRecord<'_>| match silent.get() {
            true => ControlFlow::Continue(()),
            false => on_record(record),
        };
        let mut walk = Walk::new(library, &mut on_record, &mut self.scratch, self.normalise);
        if stretch.base > 0 {
            match take_in(&mut walk, &stretch.head, false) {
                Ok(consumed) if consumed == stretch.head.len() => {}
                _ => return Ok(Reached::Elsewhere),
            }
            walk.go_on_at(stretch.base, stretch.line, stretch.number);
            silent.set(false);
        }
        let consumed = match take_in(&mut walk, &stretch.bytes, stretch.until.is_none()) {
            Ok(consumed) => consumed,
            Err(End::Stopped) => return Ok(Reached::End),
            Err(End::Broken(broken)) => return Err(broken),
        };
        let all = consumed == stretch.bytes.len();
        Ok(match stretch.until {
            None => {
                walk.finish(all)?;
                Reached::End
            }
            until if all && walk.reached() == until => Reached::Next,
            Some(_) => Reached::Elsewhere,
        })
    }

    /// Reads a document in memory; the same as [`Reader::read`], without copying it.
    ///
    /// # Errors
    /// The first thing that makes going on impossible.
    pub fn read_slice(
        &mut self,
        xml: &[u8],
        library: &Library,
        on_record: &mut OnRecord<'_>,
    ) -> Result<u64, Box<Broken>> {
        let mut walk = Walk::new(library, on_record, &mut self.scratch, self.normalise);
        match take_in(&mut walk, xml, true) {
            Ok(consumed) => walk.finish(consumed == xml.len()),
            Err(End::Stopped) => Ok(walk.records()),
            Err(End::Broken(broken)) => Err(broken),
        }
    }
}

/// Reads the tokens of a window; gives the bytes consumed. `last` says that nothing follows it.
fn take_in(walk: &mut Walk<'_, '_>, bytes: &[u8], last: bool) -> Result<usize, End> {
    let (text, rest) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (valid, rest) = bytes
                .split_at_checked(error.valid_up_to())
                .unwrap_or_default();
            // A character cut off at the end goes on in the next window, or the file is truncated.
            let cut_off = error.error_len().is_none();
            (
                std::str::from_utf8(valid).unwrap_or_default(),
                (!cut_off).then_some(rest),
            )
        }
    };
    let whole = last && text.len() == bytes.len();
    let consumed = walk.pump(text, whole)?;
    match rest {
        Some(rest) => Err(walk.bad_encoding(text, rest)),
        None => {
            if !(last && consumed == bytes.len() && walk.is_done()) {
                walk.leave_behind(text, consumed);
            }
            Ok(consumed)
        }
    }
}

/// Fills the room as far as the input goes; true if it ends here.
fn fill(input: &mut impl Read, mut room: &mut [u8]) -> io::Result<(usize, bool)> {
    let mut count = 0;
    while !room.is_empty() {
        match input.read(room) {
            Ok(0) => return Ok((count, true)),
            Ok(read) => {
                count += read;
                room = room.get_mut(read..).unwrap_or_default();
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((count, false))
}

#[cfg(test)]
mod tests;

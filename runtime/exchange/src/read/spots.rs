//! Where a record and its fields stand in the file, looked up when something is found in it: a record
//! in which nothing is found costs no more than a number per field.

use crate::scan::Mark;
use kohyo_engine::program::FieldId;
use std::cell::Cell;
use std::fmt::Debug;

/// Where a record and its fields stand.
pub(crate) trait Spots: Debug {
    /// The line on which the record begins.
    fn record(&self) -> Option<u64>;
    /// Line and character of a field that stands in the file.
    fn field(&self, field: FieldId) -> Option<(u64, u64)>;
}

/// A record that has no lines.
#[derive(Debug)]
pub(crate) struct Nowhere;

impl Spots for Nowhere {
    fn record(&self) -> Option<u64> {
        None
    }

    fn field(&self, _: FieldId) -> Option<(u64, u64)> {
        None
    }
}

/// What has left the window of the record at hand.
#[derive(Debug, Default)]
pub(super) struct Left {
    record: Option<(u64, u64)>,
    fields: Vec<(FieldId, u64, u64)>,
}

impl Left {
    pub(super) fn clear(&mut self) {
        self.record = None;
        self.fields.clear();
    }
}

/// A record in a window of XML.
#[derive(Debug)]
pub(super) struct InWindow<'r> {
    pub(super) text: &'r str,
    /// Bytes of the file before the window, and before the record.
    pub(super) base: u64,
    pub(super) record: u64,
    /// By field: the byte of the record where its element begins, from 1.
    pub(super) begins: &'r [u32],
    pub(super) left: &'r Left,
    /// The place of the last record that was asked for, or of the beginning of the window.
    pub(super) last: &'r Cell<Mark>,
}

impl InWindow<'_> {
    /// A byte of the record in the window; nothing if it has left.
    fn byte(&self, offset: u64) -> Option<usize> {
        let at = (self.record + offset).checked_sub(self.base)?;
        usize::try_from(at).ok()
    }

    /// The beginning of the record, or of the window if the record began before it.
    fn begin(&self) -> Mark {
        let mut mark = self.last.get();
        if let Some(at) = self.byte(0) {
            mark.place(self.text, at);
            self.last.set(mark);
        }
        mark
    }

    /// Keeps the places of what is about to leave the window.
    pub(super) fn leave(&self, left: &mut Left) {
        if self.byte(0).is_some() {
            left.record = Some(self.begin().reached());
        }
        let begun = self
            .begins
            .iter()
            .enumerate()
            .filter_map(|(field, begins)| {
                let at = self.byte(u64::from(begins.checked_sub(1)?))?;
                Some((at, FieldId(u16::try_from(field).ok()?)))
            });
        let mut begun: Vec<(usize, FieldId)> = begun.collect();
        begun.sort_unstable();
        let mut mark = self.begin();
        for (at, field) in begun {
            let (line, column) = mark.place(self.text, at);
            left.fields.push((field, line, column));
        }
    }
}

impl Spots for InWindow<'_> {
    fn record(&self) -> Option<u64> {
        let (line, _) = self.left.record.unwrap_or_else(|| self.begin().reached());
        Some(line)
    }

    fn field(&self, field: FieldId) -> Option<(u64, u64)> {
        let begins = self.begins.get(usize::from(field.0))?.checked_sub(1)?;
        match self.byte(u64::from(begins)) {
            Some(at) => Some(self.begin().place(self.text, at)),
            None => {
                let mut left = self.left.fields.iter();
                left.find_map(|(left, line, column)| (*left == field).then_some((*line, *column)))
            }
        }
    }
}

//! Where resources and their items stand in the file.

use crate::read::Spots;
use crate::scan::Mark;
use kohyo_engine::program::FieldId;
use std::cell::Cell;
use std::io::{self, Read};

/// The text of a resource and where it begins in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) json: &'a str,
    begin: Mark,
}

impl<'a> Text<'a> {
    pub(super) fn new(json: &'a str, (line, column): (u64, u64)) -> Self {
        Self {
            json,
            begin: Mark::at(line, column),
        }
    }

    /// The line on which it begins.
    pub(super) fn line(&self) -> u64 {
        self.begin.line()
    }

    /// Line and character of one of its bytes.
    pub(super) fn place(&self, at: usize) -> (u64, u64) {
        self.place_from(&Cell::new(self.begin), at)
    }

    /// Where it begins; for [`Text::place_from`].
    pub(super) fn begin(&self) -> Mark {
        self.begin
    }

    /// Line and character of one of its bytes, counted on from the one before if that stands earlier:
    /// those of many bytes in their order are found in one pass.
    pub(super) fn place_from(&self, reached: &Cell<Mark>, at: usize) -> (u64, u64) {
        let at = self.json.floor_char_boundary(at);
        let mut mark = match reached.get() {
            mark if mark.byte() <= at => mark,
            _ => self.begin,
        };
        let place = mark.place(self.json, at);
        reached.set(mark);
        place
    }

    /// Where a mistake stands that was found while this text was read by itself.
    pub(super) fn place_of(&self, error: &serde_json::Error) -> (u64, u64) {
        let lines = self.json.split_inclusive('\n');
        let before: usize = lines
            .take(error.line().saturating_sub(1))
            .map(str::len)
            .sum();
        self.place(before + error.column().saturating_sub(1))
    }

    /// The byte at which a part of it begins.
    pub(super) fn byte_of(&self, part: &str) -> usize {
        let begin = self.json.as_ptr().addr();
        part.as_ptr().addr().saturating_sub(begin)
    }

    /// The parts of it as texts by themselves, in their order.
    pub(super) fn parts(
        self,
        parts: impl Iterator<Item = &'a str>,
    ) -> impl Iterator<Item = Text<'a>> {
        let mut mark = self.begin;
        parts.map(move |part| Text::new(part, mark.place(self.json, self.byte_of(part))))
    }
}

/// A record in a response.
#[derive(Debug)]
pub(super) struct InResponse<'r> {
    pub(super) text: Text<'r>,
    /// By field: the byte of the response at which its `linkId` stands.
    pub(super) begins: &'r [Option<usize>],
}

impl Spots for InResponse<'_> {
    fn record(&self) -> Option<u64> {
        Some(self.text.line())
    }

    fn field(&self, field: FieldId) -> Option<(u64, u64)> {
        let begins = self.begins.get(usize::from(field.0))?;
        begins.map(|at| self.text.place(at))
    }
}

/// Line and character of what is read next, and of the first byte of the value at hand.
#[derive(Debug)]
pub(super) struct Passing {
    next: Cell<(u64, u64)>,
    value: Cell<Option<(u64, u64)>>,
}

impl Passing {
    /// At the first character of a file.
    pub(super) fn new() -> Self {
        Self {
            next: Cell::new((1, 1)),
            value: Cell::new(None),
        }
    }

    /// Where the value at hand begins; what follows it is the next one.
    pub(super) fn begin(&self) -> (u64, u64) {
        self.value.take().unwrap_or(self.next.get())
    }

    fn pass(&self, byte: u8) {
        let (line, column) = self.next.get();
        if self.value.get().is_none() && !byte.is_ascii_whitespace() {
            self.value.set(Some((line, column)));
        }
        self.next.set(match byte {
            b'\n' => (line + 1, 1),
            // Goes on with a character.
            0x80..=0xbf => (line, column),
            _ => (line, column + 1),
        });
    }
}

/// An input that is read byte by byte.
pub(super) struct Passed<'a, R> {
    pub(super) input: R,
    pub(super) passing: &'a Passing,
}

impl<R: Read> Read for Passed<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        for byte in out.iter().take(count) {
            self.passing.pass(*byte);
        }
        Ok(count)
    }
}

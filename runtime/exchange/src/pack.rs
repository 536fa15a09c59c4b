//! Checked records → the payload of a container: one document, within the limits.

use crate::record::Record;
use crate::seal::{MAX_CONTAINER, MAX_RECORDS};
use kohyo_engine::{Form, written};
use kohyo_record::{Heading, RecordWriter, RecordsWriter, WriteError};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a container costs besides its payload, generously.
const AROUND: u64 = 128 * 1024;

/// Why a record cannot be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// One too many.
    #[error("個票が{MAX_RECORDS}件を超えるため、一つの封緘ファイルに入りません")]
    TooMany,
    /// The payload would be too large.
    #[error("個票が合わせて{}MBを超えるため、一つの封緘ファイルに入りません", MAX_CONTAINER / 1024 / 1024)]
    TooLarge,
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Records being packed.
pub struct Pack {
    writer: RecordsWriter<Limited>,
    forms: BTreeMap<(String, String), RecordWriter>,
    records: u32,
}

impl Pack {
    /// Begins a payload.
    ///
    /// # Errors
    /// None in practice: it is kept in memory.
    pub fn new() -> Result<Self, PackError> {
        Ok(Self {
            writer: RecordsWriter::new(Limited(Vec::new()))?,
            forms: BTreeMap::new(),
            records: 0,
        })
    }

    /// Adds a record of this form.
    ///
    /// # Errors
    /// If it does not fit any more.
    pub fn add(&mut self, form: &Form, record: &Record) -> Result<(), PackError> {
        if self.records == MAX_RECORDS {
            return Err(PackError::TooMany);
        }
        let place = (record.key.clone(), record.edition.clone());
        let layout = self
            .forms
            .entry(place)
            .or_insert_with(|| RecordWriter::new(form));
        let heading = Heading {
            application: record.application,
            written: record.written,
        };
        let values = written(form, &record.answers);
        self.writer
            .write(layout, heading, &values)
            .map_err(too_large)?;
        self.records += 1;
        Ok(())
    }

    /// The payload and how many records are in it.
    ///
    /// # Errors
    /// If it does not fit.
    pub fn finish(self) -> Result<(Vec<u8>, u32), PackError> {
        let Limited(payload) = self.writer.finish().map_err(too_large)?;
        Ok((payload, self.records))
    }
}

fn too_large(error: WriteError) -> PackError {
    match error {
        WriteError::Io(_) => PackError::TooLarge,
        other => PackError::Write(other),
    }
}

/// Memory up to the size of a container.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 + AROUND > MAX_CONTAINER {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

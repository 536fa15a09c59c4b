//! The files that are given to `kohyo check-records` to be measured.

use super::{Subject, records};
use crate::disk::{Failure, make_folder};
use kohyo_engine::RawAnswers;
use kohyo_exchange::{CsvWriter, RecordWriter, RecordsWriter};
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Records in a file.
pub const RECORDS: usize = 10_000;
/// Records in a large file.
pub const MANY: usize = 100_000;
/// So many different records stand in a file, again and again.
const DIFFERENT: u64 = 1_000;

/// A folder that is removed in the end.
pub struct Scratch {
    pub folder: PathBuf,
}

impl Scratch {
    /// # Errors
    /// No room for temporary files.
    pub fn new(name: &str) -> Result<Self, Failure> {
        let folder =
            std::env::temp_dir().join(format!("kohyo-bench-{}-{name}", std::process::id()));
        make_folder(&folder)?;
        Ok(Self { folder })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover in the folder for temporary files harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The records that stand in the files, and the folder with the files.
pub struct Inputs<'s> {
    subject: &'s Subject,
    raws: Vec<RawAnswers>,
    scratch: Scratch,
}

impl<'s> Inputs<'s> {
    /// # Errors
    /// No room for temporary files.
    pub fn new(subject: &'s Subject) -> Result<Self, Failure> {
        Ok(Self {
            subject,
            raws: (0..DIFFERENT)
                .map(|seed| records::raw(subject, seed))
                .collect(),
            scratch: Scratch::new("input")?,
        })
    }

    /// One XML file with so many records.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn xml(&self, count: usize) -> Result<PathBuf, Failure> {
        self.written(&format!("{count}.xml"), |path| {
            let layout = RecordWriter::new(&self.subject.form);
            let out = BufWriter::new(File::create(path)?);
            let mut out = RecordsWriter::new(out).map_err(io::Error::other)?;
            for raw in self.raws.iter().cycle().take(count) {
                out.write(&layout, records::heading(self.subject), raw)
                    .map_err(io::Error::other)?;
            }
            out.finish().map_err(io::Error::other)?.flush()
        })
    }

    /// One CSV file with so many records.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn csv(&self, count: usize) -> Result<PathBuf, Failure> {
        self.written(&format!("{count}.csv"), |path| {
            let out = BufWriter::new(File::create(path)?);
            let mut out = CsvWriter::new(&self.subject.form, out).map_err(io::Error::other)?;
            for raw in self.raws.iter().cycle().take(count) {
                out.write(records::heading(self.subject), raw)
                    .map_err(io::Error::other)?;
            }
            out.finish().map_err(io::Error::other)?.flush()
        })
    }

    /// A ZIP with the XML file of so many records in it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn zip(&self, count: usize) -> Result<PathBuf, Failure> {
        let xml = self.xml(count)?;
        self.written(&format!("{count}.zip"), |path| {
            let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
            let options = SimpleFileOptions::default().compression_level(Some(1));
            zip.start_file("records.xml", options)?;
            io::copy(&mut BufReader::new(File::open(&xml)?), &mut zip)?;
            zip.finish()?.flush()
        })
    }

    /// A ZIP with a file for each of so many records.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn zip_of_many(&self, count: usize) -> Result<PathBuf, Failure> {
        self.written(&format!("{count}-files.zip"), |path| {
            let layout = RecordWriter::new(&self.subject.form);
            let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
            let options = SimpleFileOptions::default().compression_level(Some(1));
            for (number, raw) in self.raws.iter().cycle().take(count).enumerate() {
                zip.start_file(format!("{number:06}.xml"), options)?;
                layout
                    .write(records::heading(self.subject), raw, &mut zip)
                    .map_err(io::Error::other)?;
            }
            zip.finish()?.flush()
        })
    }

    fn written(
        &self,
        name: &str,
        write: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<PathBuf, Failure> {
        let path = self.scratch.folder.join(name);
        if path.exists() {
            return Ok(path);
        }
        match write(&path) {
            Ok(()) => Ok(path),
            Err(source) => Err(Failure::Write { path, source }),
        }
    }

    /// Where the measured command writes to.
    pub fn out(&self, name: &str) -> PathBuf {
        self.scratch.folder.join(name)
    }
}

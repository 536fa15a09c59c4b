//! Records → CSV: a row per record, a column per wire name.

use crate::heading::{Heading, application_word};
use crate::wire::{self, WireField};
use ::csv::{IntoInnerError, Terminator, Writer, WriterBuilder};
use kohyo_engine::program::Field;
use kohyo_engine::{Form, Program, RawAnswers};
use std::io::{self, Write};

/// Key of the form: `shitei-006`.
pub const FORM: &str = "form";
/// Edition of the form: `2020`.
pub const EDITION: &str = "edition";
/// `new` or `renewal`.
pub const APPLICATION: &str = "application";
/// The day the record was written.
pub const WRITTEN: &str = "written";

/// The columns that are not fields, with their labels.
pub const HEADING: [(&str, &str); 4] = [
    (FORM, "様式"),
    (EDITION, "版"),
    (APPLICATION, "申請の種類"),
    (WRITTEN, "記載年月日"),
];

/// Between the codes in a cell.
pub const SEPARATOR: char = ';';
/// A line that begins so is for people.
pub const COMMENT: char = '#';

/// Writes records of one form, UTF-8 with a byte order mark.
pub struct CsvWriter<W: Write> {
    writer: Writer<W>,
    form: [String; 2],
    fields: Vec<String>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins the file with its head.
    ///
    /// # Errors
    /// A failing output.
    pub fn new(form: &Form, out: W) -> io::Result<Self> {
        Self::begun(form.program(), &fields(form.program()), out)
    }

    /// The same, with the labels of the columns below their names, for people.
    ///
    /// # Errors
    /// A failing output.
    pub fn with_labels(program: &Program, out: W) -> io::Result<Self> {
        let fields = fields(program);
        let mut begun = Self::begun(program, &fields, out)?;
        let labels = HEADING.iter().map(|(_, label)| *label);
        let labels = labels.chain(fields.iter().map(|field| field.label.as_str()));
        let mut labels: Vec<String> = labels
            .map(|label| label.replace(['\n', '"'], " "))
            .collect();
        if let Some(first) = labels.first_mut() {
            first.insert(0, COMMENT);
        }
        begun.writer.write_record(&labels)?;
        Ok(begun)
    }

    fn begun(program: &Program, fields: &[&Field], mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .from_writer(out);
        let names = HEADING.iter().map(|(name, _)| *name);
        writer.write_record(names.chain(fields.iter().map(|field| field.name.as_str())))?;
        Ok(Self {
            writer,
            form: [program.key.clone(), program.edition.clone()],
            fields: fields.iter().map(|field| field.name.clone()).collect(),
        })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// A failing output.
    pub fn write(&mut self, heading: Heading, raw: &RawAnswers) -> io::Result<()> {
        let [key, edition] = &self.form;
        let written = heading.written.map(|day| day.to_string());
        let mut cells = vec![
            key.clone(),
            edition.clone(),
            application_word(heading.application).to_owned(),
            written.unwrap_or_default(),
        ];
        for name in &self.fields {
            let values = raw.get(name).map(Vec::as_slice).unwrap_or_default();
            cells.push(values.join(SEPARATOR.encode_utf8(&mut [0; 4])));
        }
        Ok(self.writer.write_record(cells)?)
    }

    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// A failing output.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(IntoInnerError::into_error)
    }
}

/// An empty file for a form: the names of the columns, and below them their labels for people.
pub fn csv_template(program: &Program) -> String {
    let empty = CsvWriter::with_labels(program, Vec::new()).and_then(CsvWriter::finish);
    // Writing to memory cannot fail, and texts are UTF-8.
    String::from_utf8(empty.unwrap_or_default()).unwrap_or_default()
}

/// Every field, in the order of the form.
fn fields(program: &Program) -> Vec<&Field> {
    wire::sections(program)
        .into_iter()
        .flat_map(|section| section.fields)
        .map(|WireField { field, .. }| field)
        .collect()
}

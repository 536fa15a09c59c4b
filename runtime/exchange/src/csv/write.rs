//! Records → CSV.

use super::{HEADING, SEPARATOR};
use crate::layout::Layout;
use crate::record::application_word;
use crate::write::Heading;
use kohyo_engine::{Form, Program, RawAnswers};
use std::io::{self, Write};

/// Writes records of one form, UTF-8 with a byte order mark.
pub struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
    form: [String; 2],
    fields: Vec<String>,
}

impl<W: Write> CsvWriter<W> {
    /// Begins the file with its head.
    ///
    /// # Errors
    /// A failing output.
    pub fn new(form: &Form, mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let program = form.program();
        let fields: Vec<String> = columns(program).map(|(name, _)| name.to_owned()).collect();
        let heading = HEADING.iter().map(|(name, _)| *name);
        writer.write_record(heading.chain(fields.iter().map(String::as_str)))?;
        Ok(Self {
            writer,
            form: [program.key.clone(), program.edition.clone()],
            fields,
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
        self.writer
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

/// An empty file for a form: the names of the columns, and below them their labels for people.
pub fn csv_template(program: &Program) -> String {
    let names = HEADING.iter().copied().chain(columns(program));
    let (names, labels): (Vec<&str>, Vec<&str>) = names.unzip();
    let labels: Vec<String> = labels
        .iter()
        .enumerate()
        .map(|(at, label)| format!("{}{label}", if at == 0 { "#" } else { "" }))
        .map(|label| label.replace(['\n', '"'], " "))
        .map(|label| match label.contains(',') {
            true => format!("\"{label}\""),
            false => label,
        })
        .collect();
    format!("\u{feff}{}\r\n{}\r\n", names.join(","), labels.join(","))
}

/// Name and label of every field, in the order of the form.
fn columns(program: &Program) -> impl Iterator<Item = (&str, &str)> {
    let layout = Layout::new(program);
    let ids: Vec<_> = layout
        .sections
        .iter()
        .flat_map(|section| section.fields.iter().map(|element| element.field))
        .collect();
    ids.into_iter()
        .filter_map(|id| program.fields.get(usize::from(id.0)))
        .map(|field| (field.name.as_str(), field.label.as_str()))
}

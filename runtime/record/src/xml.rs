//! Written values → record XML, streaming: an element per section, in it an element per field.

use crate::heading::{Heading, application_word};
use crate::wire::{self, WireSection, unit_of};
use kohyo_engine::{Form, RawAnswers};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::collections::HashSet;
use std::io::{self, Write};

/// Namespace of a file with many records.
pub const RECORDS_NAMESPACE: &str = "urn:kohyo:records";

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The values name a field that the form does not have, or that stands in no section.
    #[error("様式に「{name}」という項目がないため、XMLに書けません。項目名を確かめてください")]
    UnknownField {
        /// The name.
        name: String,
    },
    /// A value holds a character that XML cannot hold.
    #[error(
        "「{name}」の値にXMLに書けない文字（U+{:04X}）があります。その文字を消してください",
        u32::from(*character)
    )]
    Character {
        /// The field.
        name: String,
        /// The character.
        character: char,
    },
    /// The output could not be written.
    #[error("XMLを書き込めません: {0}")]
    Io(#[from] io::Error),
}

/// Writes one record as a document of its own.
///
/// # Errors
/// Values that XML or the form cannot hold (nothing has been written then), or a failing output.
pub fn write_record(
    form: &Form,
    heading: Heading,
    raw: &RawAnswers,
    out: impl Write,
) -> Result<(), WriteError> {
    RecordWriter::new(form).write(heading, raw, out)
}

/// Writes records of one form, each as a document of its own.
#[derive(Debug)]
pub struct RecordWriter {
    namespace: String,
    sections: Vec<Section>,
    /// Of all elements of fields.
    names: HashSet<String>,
    /// Blank values are written, too.
    blanks: bool,
}

/// The element of a section.
#[derive(Debug)]
struct Section {
    name: String,
    fields: Vec<Element>,
}

/// The element of a field.
#[derive(Debug)]
struct Element {
    name: String,
    unit: Option<String>,
}

impl RecordWriter {
    /// Prepares the element names of a form.
    pub fn new(form: &Form) -> Self {
        let program = form.program();
        let sections: Vec<Section> = wire::sections(program).iter().map(Section::of).collect();
        let fields = sections.iter().flat_map(|section| &section.fields);
        Self {
            namespace: wire::namespace(program),
            names: fields.map(|element| element.name.clone()).collect(),
            sections,
            blanks: false,
        }
    }

    /// For records that are to be refused: blank values are written like others.
    #[must_use]
    pub fn with_blanks(mut self) -> Self {
        self.blanks = true;
        self
    }

    /// For records that are to be refused: the element of this field says this unit, or none.
    #[must_use]
    pub fn with_unit(mut self, field: &str, unit: Option<&str>) -> Self {
        let elements = self
            .sections
            .iter_mut()
            .flat_map(|section| &mut section.fields);
        for element in elements.filter(|element| element.name == field) {
            element.unit = unit.map(str::to_owned);
        }
        self
    }

    /// The record as a text, values as they are: what XML or the form cannot hold is for the caller
    /// to avoid. Values of names that the form does not have are left out.
    pub fn text(&self, heading: Heading, raw: &RawAnswers) -> String {
        let mut out = Vec::new();
        // Writing to memory cannot fail, and texts are UTF-8.
        let _ = self.document(heading, raw, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Writes one record as a document of its own: sections and fields in form order, blank values
    /// left out, numbers with their unit.
    ///
    /// # Errors
    /// Values that XML or the form cannot hold (nothing has been written then), or a failing
    /// output.
    pub fn write(
        &self,
        heading: Heading,
        raw: &RawAnswers,
        out: impl Write,
    ) -> Result<(), WriteError> {
        self.check(raw)?;
        Ok(self.document(heading, raw, out)?)
    }

    fn document(&self, heading: Heading, raw: &RawAnswers, out: impl Write) -> io::Result<()> {
        let mut writer = Writer::new_with_indent(out, b' ', 2);
        declaration(&mut writer)?;
        self.record(&mut writer, heading, raw)?;
        writer.get_mut().write_all(b"\n")
    }

    /// Refuses what would be lost or break the document.
    fn check(&self, raw: &RawAnswers) -> Result<(), WriteError> {
        for (name, values) in raw {
            if !self.names.contains(name) {
                return Err(WriteError::UnknownField { name: name.clone() });
            }
            let mut characters = values.iter().flat_map(|value| value.chars());
            if let Some(character) = characters.find(|c| is_forbidden(*c)) {
                return Err(WriteError::Character {
                    name: name.clone(),
                    character,
                });
            }
        }
        Ok(())
    }

    fn record<W: Write>(
        &self,
        writer: &mut Writer<W>,
        heading: Heading,
        raw: &RawAnswers,
    ) -> io::Result<()> {
        let mut start = BytesStart::new("record");
        start.push_attribute(("xmlns", self.namespace.as_str()));
        start.push_attribute(("application", application_word(heading.application)));
        if let Some(written) = heading.written {
            start.push_attribute(("written", written.to_string().as_str()));
        }
        writer.write_event(Event::Start(start))?;
        for section in &self.sections {
            section.write(writer, raw, self.blanks)?;
        }
        writer.write_event(Event::End(BytesEnd::new("record")))
    }
}

impl Section {
    fn of(wire: &WireSection<'_>) -> Self {
        let element = |placed: &wire::WireField<'_>| Element {
            name: placed.field.name.clone(),
            unit: unit_of(placed.field).map(str::to_owned),
        };
        Self {
            name: wire.section.name.clone(),
            fields: wire.fields.iter().map(element).collect(),
        }
    }

    fn write<W: Write>(
        &self,
        writer: &mut Writer<W>,
        raw: &RawAnswers,
        blanks: bool,
    ) -> io::Result<()> {
        let mut begun = false;
        for element in &self.fields {
            let values = raw.get(&element.name).into_iter().flatten();
            for value in values.filter(|value| blanks || !value.trim().is_empty()) {
                if !begun {
                    writer.write_event(Event::Start(BytesStart::new(&*self.name)))?;
                    begun = true;
                }
                element.write(writer, value)?;
            }
        }
        if begun {
            writer.write_event(Event::End(BytesEnd::new(&*self.name)))?;
        }
        Ok(())
    }
}

impl Element {
    fn write<W: Write>(&self, writer: &mut Writer<W>, value: &str) -> io::Result<()> {
        let mut start = BytesStart::new(&*self.name);
        if let Some(unit) = &self.unit {
            start.push_attribute(("unit", unit.as_str()));
        }
        writer.write_event(Event::Start(start))?;
        // A `\r` would come back as `\n` unless written as a reference; `BytesText` writes it so.
        writer.write_event(Event::Text(BytesText::new(value)))?;
        writer.write_event(Event::End(BytesEnd::new(&*self.name)))
    }
}

/// Writes many records, of any forms, as one document.
pub struct RecordsWriter<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> RecordsWriter<W> {
    /// Begins the document.
    ///
    /// # Errors
    /// A failing output.
    pub fn new(out: W) -> Result<Self, WriteError> {
        let mut writer = Writer::new_with_indent(out, b' ', 2);
        declaration(&mut writer)?;
        let mut records = BytesStart::new("records");
        records.push_attribute(("xmlns", RECORDS_NAMESPACE));
        writer.write_event(Event::Start(records))?;
        Ok(Self { writer })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Values that XML or the form cannot hold (the record has not been begun then), or a failing
    /// output.
    pub fn write(
        &mut self,
        form: &RecordWriter,
        heading: Heading,
        raw: &RawAnswers,
    ) -> Result<(), WriteError> {
        form.check(raw)?;
        Ok(form.record(&mut self.writer, heading, raw)?)
    }

    /// Ends the document and gives the output back.
    ///
    /// # Errors
    /// A failing output.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.writer
            .write_event(Event::End(BytesEnd::new("records")))?;
        self.writer.get_mut().write_all(b"\n")?;
        Ok(self.writer.into_inner())
    }
}

/// What XML 1.0 calls no character.
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn declaration<W: Write>(writer: &mut Writer<W>) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
}

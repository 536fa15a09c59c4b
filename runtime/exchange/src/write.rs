//! Written values → record XML, streaming.

use crate::layout::{FieldElement, Layout, RECORDS_NAMESPACE, SectionLayout};
use crate::record::application_word;
use kohyo_engine::program::Application;
use kohyo_engine::{Date, Form, RawAnswers};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io::{self, Write};

/// What a record says besides its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// New application or renewal.
    pub application: Application,
    /// The day it was written.
    pub written: Option<Date>,
}

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
    layout: Layout,
}

impl RecordWriter {
    /// Prepares the element names of a form.
    pub fn new(form: &Form) -> Self {
        Self {
            layout: Layout::new(form.program()),
        }
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
        check(&self.layout, raw)?;
        let mut writer = Writer::new_with_indent(out, b' ', 2);
        declaration(&mut writer)?;
        record(&mut writer, &self.layout, heading, raw)?;
        writer.get_mut().write_all(b"\n")?;
        Ok(())
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
        check(&form.layout, raw)?;
        record(&mut self.writer, &form.layout, heading, raw)
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

/// Refuses what would be lost or break the document.
fn check(layout: &Layout, raw: &RawAnswers) -> Result<(), WriteError> {
    for (name, values) in raw {
        if layout.slot_of(name).is_none() {
            return Err(WriteError::UnknownField { name: name.clone() });
        }
        if let Some(character) = values
            .iter()
            .flat_map(|value| value.chars())
            .find(is_forbidden)
        {
            return Err(WriteError::Character {
                name: name.clone(),
                character,
            });
        }
    }
    Ok(())
}

/// What XML 1.0 calls no character.
fn is_forbidden(character: &char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn declaration<W: Write>(writer: &mut Writer<W>) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))
}

fn record<W: Write>(
    writer: &mut Writer<W>,
    layout: &Layout,
    heading: Heading,
    raw: &RawAnswers,
) -> Result<(), WriteError> {
    let mut start = BytesStart::new("record");
    start.push_attribute(("xmlns", &*layout.namespace));
    start.push_attribute(("application", application_word(heading.application)));
    if let Some(written) = heading.written {
        start.push_attribute(("written", written.to_string().as_str()));
    }
    writer.write_event(Event::Start(start))?;
    for section in &layout.sections {
        write_section(writer, section, raw)?;
    }
    writer.write_event(Event::End(BytesEnd::new("record")))?;
    Ok(())
}

fn write_section<W: Write>(
    writer: &mut Writer<W>,
    section: &SectionLayout,
    raw: &RawAnswers,
) -> Result<(), WriteError> {
    let mut begun = false;
    for element in &section.fields {
        let values = raw.get(&*element.name).into_iter().flatten();
        for value in values.filter(|value| !value.trim().is_empty()) {
            if !begun {
                writer.write_event(Event::Start(BytesStart::new(&*section.name)))?;
                begun = true;
            }
            write_field(writer, element, value)?;
        }
    }
    if begun {
        writer.write_event(Event::End(BytesEnd::new(&*section.name)))?;
    }
    Ok(())
}

fn write_field<W: Write>(
    writer: &mut Writer<W>,
    element: &FieldElement,
    value: &str,
) -> Result<(), WriteError> {
    let mut start = BytesStart::new(&*element.name);
    if let Some(unit) = &element.unit {
        start.push_attribute(("unit", &**unit));
    }
    writer.write_event(Event::Start(start))?;
    // A `\r` would come back as `\n` unless written as a reference; `BytesText` writes it so.
    writer.write_event(Event::Text(BytesText::new(value)))?;
    writer.write_event(Event::End(BytesEnd::new(&*element.name)))?;
    Ok(())
}

//! The conformance kits of forms, for every engine that is asked about their records.
//!
//! `KOHYO_KIT=shitei-006,shitei-222` takes the kits of these forms, `KOHYO_KIT=all` those of every
//! form; otherwise a test takes few.

use crate::programs;
use crate::records::Sample;
use kohyo_compiler::kit::{Expected, Kit, kit};
use kohyo_engine::program::Application;
use kohyo_engine::{Form, Lineage, RawAnswers, read};
use kohyo_exchange::{Heading, Library};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use std::sync::Arc;

/// A form with all its editions.
pub struct Subject {
    /// The file of its definition.
    pub path: String,
    /// The form.
    pub form: Arc<Form>,
    /// The edition by which its renewals may be judged as well.
    pub previous: Option<Lineage>,
    /// What reads its records.
    pub library: Library,
}

/// The forms whose kits are wanted: these keys, with a comma between two, if the environment does
/// not say otherwise.
///
/// # Panics
/// If a form cannot be loaded, or there is none of these keys.
pub fn subjects(usual: &str) -> Vec<Subject> {
    let wanted = std::env::var("KOHYO_KIT").unwrap_or_else(|_| usual.to_owned());
    let is_wanted = |key: &str| wanted == "all" || wanted.split(',').any(|name| name == key);
    let forms: Vec<(String, Arc<Form>)> = programs::wanted(is_wanted)
        .into_iter()
        // What the programme itself judges is not sent as a record.
        .filter(|(_, program)| !program.is_of_programme())
        .map(|(path, program)| (path, Arc::new(Form::new(program).unwrap())))
        .collect();
    let everything: Vec<Arc<Form>> = forms.iter().map(|(_, form)| Arc::clone(form)).collect();
    let subjects: Vec<Subject> = forms
        .into_iter()
        .map(|(path, form)| {
            let key = &form.program().key;
            let own = everything
                .iter()
                .filter(|other| other.program().key == *key);
            let own: Vec<Arc<Form>> = own.cloned().collect();
            Subject {
                path,
                previous: Lineage::fallback(&own, &form).unwrap(),
                library: Library::new(own).unwrap(),
                form,
            }
        })
        .collect();
    assert!(!subjects.is_empty(), "no form is called {wanted}");
    subjects
}

impl Subject {
    /// Its kit.
    pub fn kit(&self) -> Kit {
        kit(&self.form, self.previous.as_ref())
    }
}

/// The records of a kit for engines that see values and no XML: what is found in them is found in
/// the values.
pub fn samples(kit: &Kit) -> Vec<Sample> {
    let records = kit.records.iter();
    records
        .filter(|record| is_about_values(&record.expected))
        .map(|record| sample(&record.document))
        .collect()
}

/// The same for engines that are asked about legal values alone.
pub fn legal_samples(form: &Form, kit: &Kit) -> Vec<Sample> {
    let mut samples = samples(kit);
    samples.retain(|sample| read(form, &sample.raw).1.is_empty());
    samples
}

/// Whether nothing in the text is changed by composing characters (NFC), which comes before widths
/// are counted and which no schema does.
pub fn is_composed(text: &str) -> bool {
    let voiced = ['\u{3099}', '\u{309a}'];
    !text.contains(voiced)
}

/// Whether no value, alone or between the tags of a line, has blanks around it, which are cut off
/// before it is read and which schemas look at.
pub fn is_trimmed(text: &str) -> bool {
    let values = text.lines().map(|line| {
        let inside = line
            .split_once('>')
            .and_then(|(_, rest)| rest.split_once("</"));
        inside.map_or(line, |(value, _)| value)
    });
    // What stands between elements is no value.
    let mut values = values.filter(|value| !value.trim_start().starts_with('<'));
    values.all(|value| value.trim() == value)
}

/// Whether all blanks around the value are such to XML as well: an ideographic one is cut off before
/// it is read, and the schema, which comes before the Schematron, takes it for a part of the value.
pub fn is_trimmed_by_xml(value: &str) -> bool {
    value.trim_matches([' ', '\t', '\r', '\n']) == value.trim()
}

fn is_about_values(expected: &Expected) -> bool {
    let of_the_document = ["file.", "xml.", "unit."];
    let mut findings = expected.findings.iter();
    expected.verdict.is_some()
        && findings.all(|found| !of_the_document.iter().any(|it| found.check.starts_with(it)))
}

/// The heading and the values of a record, as they are written.
fn sample(document: &[u8]) -> Sample {
    let text = std::str::from_utf8(document).unwrap();
    let mut reader = quick_xml::Reader::from_str(text);
    let mut heading = None;
    let mut raw = RawAnswers::new();
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                if path.is_empty() {
                    heading = Some(heading_of(&tag));
                }
                path.push(tag.name().as_ref().to_owned());
                value.clear();
            }
            Event::Text(text) => value += &text.xml10_content(),
            Event::CData(text) => value += &text.xml10_content(),
            Event::GeneralRef(name) => match name.resolve_char_ref().unwrap() {
                Some(character) => value.push(character),
                None => value += resolve_predefined_entity(&name).unwrap(),
            },
            Event::End(_) => {
                let name = path.pop().unwrap();
                // The record, a section, an item.
                if path.len() == 2 {
                    raw.entry(name).or_default().push(value.clone());
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Sample {
        heading: heading.unwrap(),
        raw,
    }
}

fn heading_of(record: &BytesStart<'_>) -> Heading {
    let attribute = |name: &str| {
        let found = record.try_get_attribute(name).unwrap().unwrap();
        found.value.into_owned()
    };
    Heading {
        application: match attribute("application").as_str() {
            "new" => Application::New,
            _ => Application::Renewal,
        },
        written: Some(attribute("written").parse().unwrap()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kohyo_exchange::write_record;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let form = Form::new(programs::one("shitei-006")).unwrap();
        let raw = RawAnswers::from([
            ("family_name".to_owned(), vec!["山田 <&>\n太郎".to_owned()]),
            ("birth_date".to_owned(), vec!["1950-13".to_owned()]),
        ]);
        let heading = Heading {
            application: Application::Renewal,
            written: "2026-06-01".parse().ok(),
        };
        let mut document = Vec::new();
        write_record(&form, heading, &raw, &mut document).unwrap();
        let sample = sample(&document);
        assert_eq!(sample.raw, raw);
        assert_eq!(sample.heading, heading);
    }
}

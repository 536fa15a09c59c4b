//! Written values → QuestionnaireResponse.

use super::places::{Node, Places};
use super::{APPLICATION, APPLICATION_SYSTEM, RECORD, RESOURCE};
use kohyo_engine::program::{Application, FieldId, FieldType};
use kohyo_engine::{Answer, Form, RawAnswers, read_text};
use kohyo_record::wire::FORM_NAMESPACE;
use kohyo_record::{Heading, WriteError, application_word};
use serde::Serialize;
use serde_json::value::RawValue;
use std::io::{self, Write};

/// Writes one record as a document of its own.
///
/// # Errors
/// Values under a name that the form does not have (nothing has been written then), or a failing
/// output.
pub fn write_response(
    form: &Form,
    heading: Heading,
    raw: &RawAnswers,
    out: impl Write,
) -> Result<(), WriteError> {
    ResponseWriter::new(form).write(heading, raw, out)
}

/// Writes records of one form.
#[derive(Debug)]
pub struct ResponseWriter<'f> {
    form: &'f Form,
    places: Places,
}

impl<'f> ResponseWriter<'f> {
    /// Prepares the places of a form.
    pub fn new(form: &'f Form) -> Self {
        Self {
            form,
            places: Places::new(form.program()),
        }
    }

    /// Writes one record as a document of its own: groups and questions in form order, blank values
    /// left out. A value that its question cannot take is written as the text that it is, so that
    /// whoever reads it finds the same mistake.
    ///
    /// # Errors
    /// Values under a name that the form does not have (nothing has been written then), or a failing
    /// output.
    pub fn write(
        &self,
        heading: Heading,
        raw: &RawAnswers,
        mut out: impl Write,
    ) -> Result<(), WriteError> {
        let response = self.response(heading, raw)?;
        serde_json::to_writer_pretty(&mut out, &response).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }

    /// Writes one record on a line, as files with many of them (NDJSON) want it.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_line(
        &self,
        heading: Heading,
        raw: &RawAnswers,
        mut out: impl Write,
    ) -> Result<(), WriteError> {
        let response = self.response(heading, raw)?;
        serde_json::to_writer(&mut out, &response).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }

    fn response<'a>(
        &'a self,
        heading: Heading,
        raw: &'a RawAnswers,
    ) -> Result<Response<'a>, WriteError> {
        if let Some(name) = raw.keys().find(|name| self.form.field_id(name).is_none()) {
            return Err(WriteError::UnknownField { name: name.clone() });
        }
        let program = self.form.program();
        let mut item = vec![record(heading.application)];
        item.extend(
            self.places
                .sections
                .iter()
                .filter_map(|node| self.item(node, raw)),
        );
        Ok(Response {
            resource_type: RESOURCE,
            questionnaire: format!("{FORM_NAMESPACE}{}|{}", program.key, program.edition),
            status: "completed",
            authored: heading.written.map(|day| day.to_string()),
            item,
        })
    }

    /// What is answered here; nothing if nothing is.
    fn item<'a>(&'a self, node: &'a Node, raw: &'a RawAnswers) -> Option<Item<'a>> {
        match node {
            Node::Group { link, nodes } => {
                let inside = nodes.iter().filter_map(|node| self.item(node, raw));
                let inside: Vec<Item<'_>> = inside.collect();
                (!inside.is_empty()).then_some(Item {
                    link_id: link,
                    answer: Vec::new(),
                    item: inside,
                })
            }
            Node::Field(id) => {
                let field = self.form.field(*id)?;
                let values = raw.get(&field.name)?.iter();
                let answer: Vec<Value<'_>> = values
                    .filter(|value| !value.trim().is_empty())
                    .map(|value| self.value(*id, &field.ty, value))
                    .collect();
                (!answer.is_empty()).then_some(Item {
                    link_id: &field.name,
                    answer,
                    item: Vec::new(),
                })
            }
        }
    }

    fn value<'a>(&'a self, id: FieldId, ty: &FieldType, written: &'a str) -> Value<'a> {
        match read_text(self.form, id, written) {
            Ok(Answer::Number(number)) => match RawValue::from_string(number.to_string()) {
                Ok(number) if is_integer(ty) => Value::Integer(number),
                Ok(number) => Value::Decimal(number),
                Err(_) => Value::String(written),
            },
            Ok(Answer::Date(date)) => Value::Date(date.to_string()),
            Ok(Answer::Code(code)) => self.coding(id, ty, code, written),
            Ok(Answer::Codes(codes)) => match codes.as_slice() {
                [code] => self.coding(id, ty, *code, written),
                _ => Value::String(written),
            },
            _ => Value::String(written),
        }
    }

    fn coding<'a>(&'a self, id: FieldId, ty: &FieldType, code: u16, written: &'a str) -> Value<'a> {
        match self.form.codes(id).get(usize::from(code)) {
            Some(code) => Value::Coding(Coding {
                system: self.places.system_of(ty),
                code: &code.value,
                display: &code.label,
            }),
            None => Value::String(written),
        }
    }
}

/// Whether FHIR's integer (32 bits) holds every value of a type.
fn is_integer(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Number { digits, fraction: 0, .. } if *digits <= 9)
}

fn record(application: Application) -> Item<'static> {
    let display = match application {
        Application::New => "新規",
        Application::Renewal => "更新",
    };
    Item {
        link_id: RECORD,
        answer: Vec::new(),
        item: vec![Item {
            link_id: APPLICATION,
            answer: vec![Value::Coding(Coding {
                system: APPLICATION_SYSTEM,
                code: application_word(application),
                display,
            })],
            item: Vec::new(),
        }],
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response<'a> {
    resource_type: &'a str,
    questionnaire: String,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authored: Option<String>,
    item: Vec<Item<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    link_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answer: Vec<Value<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    item: Vec<Item<'a>>,
}

/// `{ "valueCoding": … }`
#[derive(Serialize)]
enum Value<'a> {
    #[serde(rename = "valueInteger")]
    Integer(Box<RawValue>),
    #[serde(rename = "valueDecimal")]
    Decimal(Box<RawValue>),
    #[serde(rename = "valueDate")]
    Date(String),
    #[serde(rename = "valueString")]
    String(&'a str),
    #[serde(rename = "valueCoding")]
    Coding(Coding<'a>),
}

#[derive(Serialize)]
struct Coding<'a> {
    system: &'a str,
    code: &'a str,
    display: &'a str,
}

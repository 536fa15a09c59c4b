//! The order of a form's records: sections, fields in them, and what they are called.
//!
//! Every target that describes a record, every writer and every reader agree about these.

use kohyo_engine::Program;
use kohyo_engine::program::{Field, FieldId, FieldType, Member, Section};

/// What the namespace of every form begins with; key and edition follow.
pub const FORM_NAMESPACE: &str = "urn:kohyo:form:";

/// A section of the record with its fields.
#[derive(Debug)]
pub struct WireSection<'p> {
    /// The section; of several with the same name the first.
    pub section: &'p Section,
    /// Its fields, in the order of the form.
    pub fields: Vec<WireField<'p>>,
}

/// A field where it stands.
#[derive(Debug)]
pub struct WireField<'p> {
    /// Its position in the program.
    pub id: FieldId,
    /// The field.
    pub field: &'p Field,
    /// Headings of the groups it stands in, the outermost first. Groups do not appear on the wire.
    pub groups: Vec<&'p str>,
}

/// The sections with something to answer, groups flattened; sections of one name are one element.
pub fn sections(program: &Program) -> Vec<WireSection<'_>> {
    let mut all: Vec<WireSection<'_>> = Vec::new();
    for section in &program.sections {
        let mut fields = Vec::new();
        flatten(program, &section.members, &mut Vec::new(), &mut fields);
        if fields.is_empty() {
            continue;
        }
        match all.iter_mut().find(|s| s.section.name == section.name) {
            Some(earlier) => earlier.fields.append(&mut fields),
            None => all.push(WireSection { section, fields }),
        }
    }
    all
}

fn flatten<'p>(
    program: &'p Program,
    members: &'p [Member],
    groups: &mut Vec<&'p str>,
    into: &mut Vec<WireField<'p>>,
) {
    for member in members {
        match member {
            Member::Group { label, members, .. } => {
                groups.push(label);
                flatten(program, members, groups, into);
                groups.pop();
            }
            Member::Field(id) => {
                into.extend(
                    program
                        .fields
                        .get(usize::from(id.0))
                        .map(|field| WireField {
                            id: *id,
                            field,
                            groups: groups.clone(),
                        }),
                );
            }
            Member::Note(_) | Member::Display(_) => {}
        }
    }
}

/// The code table of a field, if it has one.
pub fn table_of(field: &Field) -> Option<usize> {
    match field.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => Some(usize::from(table)),
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone
        | FieldType::Number { .. }
        | FieldType::Date { .. } => None,
    }
}

/// The unit of a field, if it has one.
pub fn unit_of(field: &Field) -> Option<&str> {
    match &field.ty {
        FieldType::Number { unit, .. } => unit.as_deref(),
        _ => None,
    }
}

/// An id for each code table: its own name, or with a number behind it if that is taken.
pub fn table_ids(program: &Program) -> Vec<String> {
    let mut ids: Vec<String> = Vec::with_capacity(program.code_tables.len());
    for table in &program.code_tables {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        };
        let base: String = table.name.chars().map(plain).collect();
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let free = std::iter::once(base.clone())
            .chain(numbered)
            .find(|id| !ids.contains(id));
        ids.push(free.unwrap_or(base));
    }
    ids
}

/// The namespace of a form's records: `urn:kohyo:form:shitei-006:2020`.
pub fn namespace(program: &Program) -> String {
    format!("{FORM_NAMESPACE}{}:{}", program.key, program.edition)
}

/// What the files of a form are called before their ending: `shitei-006-2020`.
pub fn stem(program: &Program) -> String {
    format!("{}-{}", program.key, program.edition)
}

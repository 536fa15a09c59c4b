//! The order of a form's records: sections, fields in them, ids of code tables.
//!
//! Every target that describes the record agrees about these.

use kohyo_engine::Program;
use kohyo_engine::program::{Field, FieldId, FieldType, Member, Section};

/// A section of the record with its fields.
pub(super) struct WireSection<'p> {
    pub(super) section: &'p Section,
    pub(super) fields: Vec<WireField<'p>>,
}

/// A field where it stands.
pub(super) struct WireField<'p> {
    pub(super) id: FieldId,
    pub(super) field: &'p Field,
    /// Headings of the groups it stands in, the outermost first. Groups do not appear on the wire.
    pub(super) groups: Vec<&'p str>,
}

/// The sections with something to answer, groups flattened; sections of one name are one element.
pub(super) fn sections(program: &Program) -> Vec<WireSection<'_>> {
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
pub(super) fn table_of(field: &Field) -> Option<usize> {
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

/// An id for each code table: its own name, or with a number behind it if that is taken.
pub(super) fn table_ids(program: &Program) -> Vec<String> {
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

/// The namespace of a form's records.
pub(super) fn namespace(program: &Program) -> String {
    format!("urn:kohyo:form:{}:{}", program.key, program.edition)
}

/// What the files of a form are called before their ending: `shitei-006-2020`.
pub(super) fn stem(program: &Program) -> String {
    format!("{}-{}", program.key, program.edition)
}

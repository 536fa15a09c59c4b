//! A form put aside: what a check of records needs of it, in few bytes.

use super::Form;
use crate::arena::{Arena, scripts};
use crate::program::{
    Application, Carry, Check, CodeTable, Cond, CondKind, FORMAT, Field, FieldId, FieldType, Index,
    Judgement, Layout, Member, Migration, Privacy, Program, Programme, ScriptFunction, Section,
    Status,
};
use crate::value::Date;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a check needs of a form.
#[derive(Clone, Debug)]
pub struct PackedForm {
    /// Everything but its code tables, in few bytes.
    pub bytes: Vec<u8>,
    /// Its code tables: most are the same in many forms.
    pub tables: Vec<Arc<CodeTable>>,
}

impl Form {
    /// What a check needs of the form. [`Form::unpacked`] makes of it, in a fraction of the time that
    /// loading takes, a form that reads, judges and finds the same. Its program has lost rules,
    /// citations, helps and notes: it gives no reasons, draws no page and makes no [`Form`] again.
    pub fn packed(mut self) -> PackedForm {
        let tables = std::mem::take(&mut self.program.code_tables);
        PackedForm {
            // Nothing in it is fallible; of nothing, nothing is made again.
            bytes: postcard::to_extend(&Packed::of(self), Vec::new()).unwrap_or_default(),
            tables,
        }
    }

    /// The form that was packed by the same program; nothing if these bytes are none.
    pub fn unpacked(bytes: &[u8], tables: Vec<Arc<CodeTable>>) -> Option<Self> {
        let packed: Packed = postcard::from_bytes(bytes).ok()?;
        Some(packed.form(tables))
    }
}

/// What is kept of a form, and of its program.
#[derive(Serialize, Deserialize)]
struct Packed {
    key: String,
    edition: String,
    valid_from: Date,
    valid_to: Option<Date>,
    title: String,
    programme: Programme,
    status: Status,
    fallback: Option<String>,
    migrations: Vec<Migration>,
    functions: Vec<ScriptFunction>,
    fields: Vec<PackedField>,
    sections: Vec<PackedSection>,
    judgements: Vec<Judgement>,
    checks: Vec<Check>,
    arena: Arena,
    by_name: Box<[FieldId]>,
    by_value: Box<[Box<[Index]>]>,
}

#[derive(Serialize, Deserialize)]
struct PackedField {
    name: String,
    label: String,
    ty: FieldType,
    required: bool,
    only: Option<Application>,
    carry: Carry,
    privacy: Option<Privacy>,
}

#[derive(Serialize, Deserialize)]
struct PackedSection {
    name: String,
    label: String,
    members: Vec<PackedMember>,
}

/// Only the questions stand on the wire, and in groups.
#[derive(Serialize, Deserialize)]
enum PackedMember {
    Group(String, Vec<PackedMember>),
    Field(FieldId),
}

impl Packed {
    fn of(form: Form) -> Self {
        let Form {
            program,
            arena,
            by_name,
            by_value,
        } = form;
        Self {
            key: program.key,
            edition: program.edition,
            valid_from: program.valid_from,
            valid_to: program.valid_to,
            title: program.title,
            programme: program.programme,
            status: program.status,
            fallback: program.fallback,
            migrations: program.migrations,
            functions: program.functions.into_iter().map(function).collect(),
            fields: program.fields.into_iter().map(PackedField::of).collect(),
            sections: program
                .sections
                .into_iter()
                .map(PackedSection::of)
                .collect(),
            judgements: program.judgements.into_iter().map(judgement).collect(),
            checks: program.checks.into_iter().map(check).collect(),
            arena,
            by_name,
            by_value,
        }
    }

    fn form(self, tables: Vec<Arc<CodeTable>>) -> Form {
        let mut arena = self.arena;
        arena.scripts = scripts(&self.functions);
        Form {
            program: Program {
                format: FORMAT,
                key: self.key,
                edition: self.edition,
                valid_from: self.valid_from,
                valid_to: self.valid_to,
                title: self.title,
                programme: self.programme,
                status: self.status,
                source: String::new(),
                notes: Vec::new(),
                fallback: self.fallback,
                migrations: self.migrations,
                code_tables: tables,
                functions: self.functions,
                fields: self.fields.into_iter().map(PackedField::field).collect(),
                sections: self
                    .sections
                    .into_iter()
                    .map(PackedSection::section)
                    .collect(),
                definitions: Vec::new(),
                judgements: self.judgements,
                checks: self.checks,
                exceptions: Vec::new(),
            },
            arena,
            by_name: self.by_name,
            by_value: self.by_value,
        }
    }
}

impl PackedField {
    fn of(field: Field) -> Self {
        Self {
            name: field.name,
            label: field.label,
            ty: field.ty,
            required: field.required,
            only: field.only,
            carry: field.carry,
            privacy: field.privacy,
        }
    }

    fn field(self) -> Field {
        Field {
            name: self.name,
            label: self.label,
            ty: self.ty,
            required: self.required,
            required_when: None,
            shown_when: None,
            hidden_when: None,
            only: self.only,
            carry: self.carry,
            privacy: self.privacy,
            help: None,
            cites: None,
            first_answer: None,
        }
    }
}

impl PackedSection {
    fn of(section: Section) -> Self {
        Self {
            name: section.name,
            label: section.label,
            members: packed_members(section.members),
        }
    }

    fn section(self) -> Section {
        Section {
            name: self.name,
            label: self.label,
            members: self.members.into_iter().map(PackedMember::member).collect(),
        }
    }
}

fn packed_members(members: Vec<Member>) -> Vec<PackedMember> {
    let kept = |member| match member {
        Member::Group { label, members, .. } => {
            Some(PackedMember::Group(label, packed_members(members)))
        }
        Member::Field(field) => Some(PackedMember::Field(field)),
        Member::Note(_) | Member::Display(_) => None,
    };
    members.into_iter().filter_map(kept).collect()
}

impl PackedMember {
    fn member(self) -> Member {
        match self {
            Self::Group(label, members) => Member::Group {
                label,
                help: None,
                layout: Layout::Plain,
                members: members.into_iter().map(Self::member).collect(),
            },
            Self::Field(field) => Member::Field(field),
        }
    }
}

fn function(function: ScriptFunction) -> ScriptFunction {
    ScriptFunction {
        cites: None,
        ..function
    }
}

fn judgement(mut judgement: Judgement) -> Judgement {
    judgement.cites = None;
    judgement.eligible_cites = None;
    for category in &mut judgement.categories {
        category.cites = None;
        category.when = None;
    }
    judgement
}

/// The evaluator has the condition.
fn check(check: Check) -> Check {
    let violated = Cond {
        kind: CondKind::Const(false),
        text: String::new(),
    };
    Check { violated, ..check }
}

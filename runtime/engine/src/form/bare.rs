//! A form for those who only check records: it holds what they need, and nothing to tell reasons with.

use super::Form;
use crate::program::{Code, Cond, CondKind, Field, Judgement, Member, Program, Section};

impl Form {
    /// The same form for a check of many forms at a time, in about half of the memory: it reads,
    /// judges and finds the same, but its program has lost its rules, citations, helps and notes, so
    /// that it gives no reasons, draws no page and makes no [`Form`] again.
    #[must_use]
    pub fn without_reasons(mut self) -> Self {
        let program = &mut self.program;
        program.fields.iter_mut().for_each(strip_field);
        program.sections.iter_mut().for_each(strip_section);
        program.judgements.iter_mut().for_each(strip_judgement);
        for check in &mut program.checks {
            check.violated = nothing();
        }
        for function in &mut program.functions {
            function.cites = None;
            function.script = String::new();
        }
        program.definitions = Vec::new();
        program.notes = Vec::new();
        program.exceptions = Vec::new();
        shrink(program);
        self
    }
}

/// What stands where a condition stood.
fn nothing() -> Cond {
    Cond {
        kind: CondKind::Const(false),
        text: String::new(),
    }
}

fn strip_field(field: &mut Field) {
    field.required_when = None;
    field.shown_when = None;
    field.hidden_when = None;
    field.help = None;
    field.cites = None;
    field.name.shrink_to_fit();
    field.label.shrink_to_fit();
}

fn strip_section(section: &mut Section) {
    strip_members(&mut section.members);
}

/// Only the questions stand on the wire, and in groups.
fn strip_members(members: &mut Vec<Member>) {
    members.retain(|member| !matches!(member, Member::Note(_) | Member::Display(_)));
    for member in members.iter_mut() {
        if let Member::Group { help, members, .. } = member {
            *help = None;
            strip_members(members);
        }
    }
    members.shrink_to_fit();
}

fn strip_judgement(judgement: &mut Judgement) {
    judgement.cites = None;
    judgement.eligible_cites = None;
    for category in &mut judgement.categories {
        category.cites = None;
        category.when = None;
    }
}

/// Gives back what lists and texts have taken in advance.
fn shrink(program: &mut Program) {
    program.fields.shrink_to_fit();
    program.checks.shrink_to_fit();
    program.code_tables.shrink_to_fit();
    for table in &mut program.code_tables {
        table.codes.shrink_to_fit();
        table.codes.iter_mut().for_each(shrink_code);
    }
}

/// What rules call a code is nobody's affair without rules.
fn shrink_code(code: &mut Code) {
    code.value.shrink_to_fit();
    code.name = String::new();
    code.label.shrink_to_fit();
}

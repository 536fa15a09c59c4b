//! Conditions that `enableWhen` can say: some questions have these codes, all of them or any.
//!
//! `enableWhen` knows no third truth value and looks at answers to hidden questions; so a condition
//! becomes one only where it means the same: codes that make it surely true, of questions that
//! are always shown, or together with what shows them.

use super::codes::coding;
use super::tree::APPLICATION;
use crate::emit::wire;
use kohyo_engine::Program;
use kohyo_engine::program::{Cond, CondKind, FieldId, FieldType, Rule};
use kohyo_record::application_word;
use serde_json::{Value, json};

/// More parts than this are easier to read as an expression.
const MOST: usize = 12;

/// What `enableWhen` says.
#[derive(Clone, Debug)]
pub(super) struct Enable {
    pub(super) all: bool,
    pub(super) parts: Vec<Value>,
}

/// When a question is shown, if `enableWhen` can say it.
pub(super) fn shown(program: &Program, id: FieldId) -> Option<Enable> {
    let enable = of_field(program, id, 0)?;
    (1..=MOST).contains(&enable.parts.len()).then_some(enable)
}

fn of_field(program: &Program, id: FieldId, depth: usize) -> Option<Enable> {
    let field = program.fields.get(usize::from(id.0))?;
    let when = match &field.shown_when {
        Some(when) => condition(program, when, true, depth)?,
        None => Enable {
            all: true,
            parts: Vec::new(),
        },
    };
    match field.only {
        None => Some(when),
        Some(only) => and(application(application_word(only)), when),
    }
}

/// `condition` if `holds`, else its opposite.
fn condition(program: &Program, cond: &Cond, holds: bool, depth: usize) -> Option<Enable> {
    if depth > 8 {
        return None;
    }
    match &cond.kind {
        CondKind::Code { field, codes } => {
            let table = wire::table_of(program.fields.get(usize::from(field.0))?)?;
            let all = &program.code_tables.get(table)?.codes;
            let some_known = codes.iter().any(|code| {
                all.get(usize::from(*code))
                    .is_some_and(|code| !code.unknown)
            });
            let wanted = (0..).zip(all).filter(|(index, code)| {
                let named = codes.contains(index);
                if holds {
                    named
                } else {
                    !named && (!code.unknown || !some_known)
                }
            });
            let wanted: Vec<Value> = wanted
                .map(|(_, code)| is(program, *field, coding(program, table, code)))
                .collect::<Option<_>>()?;
            if wanted.is_empty() {
                // Never so: no list of parts says that.
                return None;
            }
            reading(program, *field, wanted, depth)
        }
        CondKind::Includes { field, code } if holds => {
            let table = wire::table_of(program.fields.get(usize::from(field.0))?)?;
            let codes = &program.code_tables.get(table)?.codes;
            let code = codes.get(usize::from(*code))?;
            let wanted = is(program, *field, coding(program, table, code))?;
            reading(program, *field, vec![wanted], depth)
        }
        CondKind::Answered(field) if holds => {
            let name = &program.fields.get(usize::from(field.0))?.name;
            let wanted = json!({ "question": name, "operator": "exists", "answerBoolean": true });
            reading(program, *field, vec![wanted], depth)
        }
        CondKind::Application(only) if holds => Some(application(application_word(*only))),
        CondKind::Criterion(id) => match &program.definitions.get(usize::from(id.0))?.rule {
            Rule::Criterion(inner) => condition(program, inner, holds, depth + 1),
            _ => None,
        },
        CondKind::Not(inner) => condition(program, inner, !holds, depth),
        CondKind::All(parts) => joined(program, parts, holds, holds, depth),
        CondKind::Any(parts) => joined(program, parts, holds, !holds, depth),
        _ => None,
    }
}

/// All (or any) of several conditions.
fn joined(
    program: &Program,
    parts: &[Cond],
    holds: bool,
    all: bool,
    depth: usize,
) -> Option<Enable> {
    let mut so_far: Option<Enable> = None;
    for part in parts {
        let part = condition(program, part, holds, depth)?;
        so_far = Some(match so_far {
            None => part,
            Some(before) if all => and(before, part)?,
            Some(before) => or(before, part)?,
        });
    }
    so_far
}

/// Any of these about a question; if that is itself shown only sometimes, they hold only where it is.
fn reading(program: &Program, field: FieldId, any: Vec<Value>, depth: usize) -> Option<Enable> {
    let wanted = Enable {
        all: false,
        parts: any,
    };
    let asked = program.fields.get(usize::from(field.0))?;
    if asked.shown_when.is_none() && asked.only.is_none() {
        return Some(wanted);
    }
    and(of_field(program, field, depth + 1)?, wanted)
}

fn and(one: Enable, other: Enable) -> Option<Enable> {
    one.joined(other, true)
}

fn or(one: Enable, other: Enable) -> Option<Enable> {
    one.joined(other, false)
}

impl Enable {
    /// Both together, if no brackets are needed.
    fn joined(self, other: Self, all: bool) -> Option<Self> {
        if self.parts.is_empty() && all {
            return Some(other);
        }
        if other.parts.is_empty() && all {
            return Some(self);
        }
        let fits = |enable: &Self| {
            !enable.parts.is_empty() && (enable.parts.len() == 1 || enable.all == all)
        };
        if !fits(&self) || !fits(&other) {
            return None;
        }
        let mut parts = self.parts;
        for part in other.parts {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        Some(Self { all, parts })
    }
}

fn is(program: &Program, field: FieldId, coding: Value) -> Option<Value> {
    let field = program.fields.get(usize::from(field.0))?;
    let choice = matches!(
        field.ty,
        FieldType::Choice { .. } | FieldType::Choices { .. }
    );
    choice.then(|| json!({ "question": field.name, "operator": "=", "answerCoding": coding }))
}

fn application(code: &str) -> Enable {
    let coding = json!({ "system": super::items::APPLICATION_SYSTEM, "code": code });
    Enable {
        all: true,
        parts: vec![json!({ "question": APPLICATION, "operator": "=", "answerCoding": coding })],
    }
}

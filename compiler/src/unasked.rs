//! When the written answers alone say that a question was not asked: `hidden_when` of a field.
//!
//! To a rule 「未実施」 is unknown: the examination would have had a result. Whether its result may
//! be written down is another question, and 「未実施」 answers it. So for this one purpose a
//! comparison of a choice with codes is read by the code that is written: a code marked `unknown`
//! that the comparison does not name makes it a plain no. What is not answered stays unknown, and so
//! does everything else that is (numbers, dates, grades, counts).
//!
//! The opposite of `shown when` read so is a condition like any other, because a condition that
//! names a code marked `unknown` knows what to make of it: `biopsy is done` fails where `biopsy` is
//! one of the other codes, all of them named.

use crate::reading;
use kohyo_engine::program::{
    Code, CodeTable, Cond, CondKind, Definition, DefinitionId, Field, FieldId, FieldType, Index,
    Rule,
};
use std::sync::Arc;

/// Writes `hidden_when` at every field where it says more than `shown_when` does.
pub(crate) fn complete(
    fields: &mut [Field],
    tables: &[Arc<CodeTable>],
    definitions: &[Definition],
) {
    let form = Form {
        fields,
        tables,
        definitions,
    };
    let found: Vec<Option<Box<Cond>>> = fields
        .iter()
        .map(|field| {
            let fails = form.fails(field.shown_when.as_ref()?);
            fails.by_code.then(|| Box::new(fails.cond))
        })
        .collect();
    for (field, found) in fields.iter_mut().zip(found) {
        field.hidden_when = found;
    }
}

/// When this condition surely does not hold, as far as the written codes say.
pub(crate) fn fails(program: &kohyo_engine::Program, condition: &Cond) -> Cond {
    let form = Form {
        fields: &program.fields,
        tables: &program.code_tables,
        definitions: &program.definitions,
    };
    form.fails(condition).cond
}

#[derive(Clone, Copy)]
struct Form<'p> {
    fields: &'p [Field],
    tables: &'p [Arc<CodeTable>],
    definitions: &'p [Definition],
}

/// The opposite of a condition, or the condition itself.
struct Read {
    cond: Cond,
    /// A code marked `unknown` decides something that it leaves open in rules.
    by_code: bool,
}

impl<'p> Form<'p> {
    fn fails(self, condition: &Cond) -> Read {
        match &condition.kind {
            CondKind::Code { field, codes } => self.other_codes(condition, *field, codes),
            CondKind::Includes { field, code } => self.lacks(condition, *field, *code),
            CondKind::Criterion(id) => self
                .comparison(*id)
                .map(|inner| self.fails(inner))
                .filter(|read| read.by_code)
                .unwrap_or_else(|| opposite(condition)),
            CondKind::Not(inner) => self.holds(inner),
            CondKind::All(parts) => {
                let parts = parts.iter().map(|part| self.fails(part)).collect();
                joined(CondKind::Any, reading::or, parts)
            }
            CondKind::Any(parts) => {
                let parts = parts.iter().map(|part| self.fails(part)).collect();
                joined(CondKind::All, reading::both, parts)
            }
            _ => opposite(condition),
        }
    }

    fn holds(self, condition: &Cond) -> Read {
        match &condition.kind {
            CondKind::Criterion(id) => self
                .comparison(*id)
                .map(|inner| self.holds(inner))
                .filter(|read| read.by_code)
                .unwrap_or_else(|| same(condition)),
            CondKind::Not(inner) => self.fails(inner),
            CondKind::All(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect();
                joined(CondKind::All, reading::both, parts)
            }
            CondKind::Any(parts) => {
                let parts = parts.iter().map(|part| self.holds(part)).collect();
                joined(CondKind::Any, reading::or, parts)
            }
            _ => same(condition),
        }
    }

    /// What a criterion says that only compares choices with codes: to name such a condition does
    /// not change what it means. What reads further is left as it is.
    fn comparison(self, id: DefinitionId) -> Option<&'p Cond> {
        match &self.definitions.get(usize::from(id.0))?.rule {
            Rule::Criterion(inner) if compares_codes(inner) => Some(inner),
            _ => None,
        }
    }

    fn codes(self, field: FieldId) -> &'p [Code] {
        let ty = self.fields.get(usize::from(field.0)).map(|field| &field.ty);
        let Some(FieldType::Choice { table } | FieldType::Choices { table }) = ty else {
            return &[];
        };
        let table = self.tables.get(usize::from(*table));
        table.map_or(&[], |table| table.codes.as_slice())
    }

    fn label(self, field: FieldId) -> &'p str {
        let field = self.fields.get(usize::from(field.0));
        field.map_or("", |field| field.label.as_str())
    }

    /// A code is written that the comparison does not name.
    fn other_codes(self, condition: &Cond, field: FieldId, codes: &[Index]) -> Read {
        let all = self.codes(field);
        let code = |index: &Index| all.get(usize::from(*index));
        let named: Vec<&Code> = codes.iter().filter_map(code).collect();
        let (indices, others): (Vec<Index>, Vec<&Code>) = (0..)
            .zip(all)
            .filter(|(index, _)| !codes.contains(index))
            .unzip();
        if others.is_empty() {
            return opposite(condition);
        }
        // Which field it is, and in which row, stands in the reading of the comparison.
        let said = reading::is_one_of("", &labels(&named));
        let subject = match condition.text.strip_suffix(said.as_str()) {
            Some(subject) => subject.to_owned(),
            None => reading::subject(self.label(field)),
        };
        Read {
            by_code: named.iter().any(|code| !code.unknown)
                && others.iter().any(|code| code.unknown),
            cond: Cond {
                text: reading::is_one_of(&subject, &labels(&others)),
                kind: CondKind::Code {
                    field,
                    codes: indices,
                },
            },
        }
    }

    /// Codes are written, and this is not among them.
    fn lacks(self, condition: &Cond, field: FieldId, code: Index) -> Read {
        let all = || (0..).zip(self.codes(field));
        let names_unknown = all().any(|(index, found)| index == code && found.unknown);
        let others_unknown = all().any(|(index, found)| index != code && found.unknown);
        if names_unknown || !others_unknown {
            return opposite(condition);
        }
        let answered = Cond {
            text: format!("{}が記入されている", reading::subject(self.label(field))),
            kind: CondKind::Answered(field),
        };
        let among = Cond {
            text: condition.text.clone(),
            kind: CondKind::TreatUnknown {
                condition: Box::new(condition.clone()),
                as_yes: false,
            },
        };
        Read {
            cond: Cond {
                text: reading::not(&condition.text),
                kind: CondKind::All(vec![answered, opposite(&among).cond]),
            },
            by_code: true,
        }
    }
}

fn labels<'p>(codes: &[&'p Code]) -> Vec<&'p str> {
    codes.iter().map(|code| code.label.as_str()).collect()
}

fn same(condition: &Cond) -> Read {
    Read {
        cond: condition.clone(),
        by_code: false,
    }
}

fn opposite(condition: &Cond) -> Read {
    Read {
        cond: Cond {
            text: reading::not(&condition.text),
            kind: CondKind::Not(Box::new(condition.clone())),
        },
        by_code: false,
    }
}

fn joined(kind: fn(Vec<Cond>) -> CondKind, words: fn(&[&str]) -> String, parts: Vec<Read>) -> Read {
    let by_code = parts.iter().any(|part| part.by_code);
    let mut parts: Vec<Cond> = parts.into_iter().map(|part| part.cond).collect();
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return Read {
            cond: only,
            by_code,
        };
    }
    let readings: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
    Read {
        cond: Cond {
            text: words(&readings),
            kind: kind(parts),
        },
        by_code,
    }
}

/// Whether a condition does nothing but compare choices with codes.
fn compares_codes(condition: &Cond) -> bool {
    match &condition.kind {
        CondKind::Const(_)
        | CondKind::Code { .. }
        | CondKind::Includes { .. }
        | CondKind::Application(_) => true,
        CondKind::Not(inner) => compares_codes(inner),
        CondKind::All(parts) | CondKind::Any(parts) => parts.iter().all(compares_codes),
        _ => false,
    }
}

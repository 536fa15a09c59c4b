//! Rows of which one holds for whoever has answered everything, asked of the solver: `first match` and
//! bands without `otherwise`. Where that is proven, the program says so, and nobody who judges a
//! patient reckons with a gap while an answer is missing.

use super::encode::{Encoder, Pair};
use super::reads::Cone;
use super::solver::{Answer, Lit};
use kohyo_engine::Program;
use kohyo_engine::program::{
    Cond, CondKind, CountOp, Definition, DefinitionId, FieldId, FieldType, JudgementId, NumberKind,
    Part, Rule,
};
use std::collections::BTreeSet;

/// Steps that one rule may cost.
const BUDGET: u64 = 100_000;

/// Marks the grades and numbers of whose arms or rows one always holds.
pub(crate) fn mark(program: &mut Program) {
    for id in found(program) {
        let definition = program.definitions.get_mut(usize::from(id.0));
        match definition.map(|definition| &mut definition.rule) {
            Some(Rule::Grade { covered, .. } | Rule::Number { covered, .. }) => *covered = true,
            Some(Rule::Criterion(_)) | None => {}
        }
    }
}

/// Those that compiling does not know of.
fn found(program: &Program) -> Vec<DefinitionId> {
    let mut found = Vec::new();
    let mut encoder = None;
    for (id, definition) in (0..=u16::MAX).map(DefinitionId).zip(&program.definitions) {
        let rows = rows(definition);
        if rows.is_empty() {
            continue;
        }
        let cone = Cone::of(program, rows.iter().copied());
        if !follows(program, &cone, &rows) {
            continue;
        }
        let encoder = encoder.get_or_insert_with(|| Encoder::new(program));
        if always_one(encoder, &cone, &rows) {
            encoder.covered.insert(id);
            found.push(id);
        }
    }
    found
}

/// The conditions of a rule that may come to nothing.
fn rows(definition: &Definition) -> Vec<&Cond> {
    match &definition.rule {
        Rule::Grade {
            arms,
            otherwise: None,
            covered: false,
            ..
        } => arms.iter().map(|(condition, _)| condition).collect(),
        Rule::Number {
            number,
            covered: false,
            ..
        } => match number.rows() {
            (rows, last) if last.kind == NumberKind::Nothing => {
                rows.into_iter().map(|(condition, _)| condition).collect()
            }
            _ => Vec::new(),
        },
        Rule::Grade { .. } | Rule::Number { .. } | Rule::Criterion(_) => Vec::new(),
    }
}

/// Whether one of these holds for whoever has answered whatever is asked of them.
fn always_one(encoder: &mut Encoder<'_>, cone: &Cone, rows: &[&Cond]) -> bool {
    let pairs: Vec<Pair> = rows.iter().map(|row| encoder.cond(row)).collect();
    let mut nobody: Vec<Lit> = pairs.iter().map(|pair| !pair.yes).collect();
    for field in &cone.fields {
        let (known, shown) = (encoder.known(*field), encoder.shown(*field));
        nobody.push(encoder.solver.or(known, !shown.yes));
    }
    if nobody.contains(&Lit::FALSE) {
        return true;
    }
    encoder.link();
    let mut budget = BUDGET;
    matches!(encoder.solver.ask(&nobody, &mut budget), Answer::No(_))
}

/// Whether what holds of those who have answered everything holds of everybody else, however the
/// answers that are missing may turn out.
///
/// A code marked unknown stays what is written while the known ones are gone through: whoever has
/// written it differs from those who have not only in that what names it holds, which may neither be
/// held against a row nor show a question. What asks for the state of the form is not about answers at all.
fn follows(program: &Program, cone: &Cone, rows: &[&Cond]) -> bool {
    let mut walk = Walk {
        program,
        done: BTreeSet::new(),
        against: false,
    };
    rows.iter().for_each(|row| walk.cond(row, Some(true)));
    for field in &cone.fields {
        let Some(field) = program.fields.get(usize::from(field.0)) else {
            return false;
        };
        let table = |table: &u16| program.code_tables.get(usize::from(*table));
        let some_known = match &field.ty {
            FieldType::Choice { table: at } => {
                table(at).is_some_and(|table| table.codes.iter().any(|code| !code.unknown))
            }
            FieldType::Choices { table: at } => {
                table(at).is_some_and(|table| table.codes.iter().all(|code| !code.unknown))
            }
            _ => true,
        };
        if !some_known {
            return false;
        }
        if let Some(shown) = &field.shown_when {
            walk.cond(shown, None);
        }
    }
    !cone.state && !walk.against
}

/// Looks for a code marked unknown that is named where that may be held against a row.
struct Walk<'p> {
    program: &'p Program,
    done: BTreeSet<(Reference, Option<bool>)>,
    against: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reference {
    Definition(DefinitionId),
    Judgement(JudgementId),
}

impl Walk<'_> {
    /// A condition that counts for its rows, against them, or both ways.
    fn cond(&mut self, condition: &Cond, counts: Option<bool>) {
        let turned = counts.map(|counts| !counts);
        match &condition.kind {
            CondKind::Code { field, codes } if counts != Some(true) => {
                self.against |= codes.iter().any(|code| self.is_unknown(*field, *code));
            }
            CondKind::Not(inner) => self.cond(inner, turned),
            CondKind::Count { of, op, .. } => {
                let counts = match op {
                    CountOp::AtLeast => counts,
                    CountOp::AtMost => turned,
                    CountOp::Exactly => None,
                };
                of.iter().for_each(|part| self.cond(part, counts));
            }
            CondKind::If(condition, then, otherwise) => {
                self.cond(condition, None);
                self.cond(then, counts);
                self.cond(otherwise, counts);
            }
            CondKind::Criterion(id) => self.definition(*id, counts),
            CondKind::All(parts) | CondKind::Any(parts) => {
                parts.iter().for_each(|part| self.cond(part, counts));
            }
            CondKind::IfShown { condition, .. } => self.cond(condition, counts),
            _ => condition.each_part(|part| self.part(part)),
        }
    }

    /// Whatever counts in some other way.
    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Cond(condition) => self.cond(condition, None),
            Part::Number(number) => number.each_part(|part| self.part(part)),
            Part::Definition(id) => self.definition(id, None),
            Part::Judgement(id) => {
                if self.done.insert((Reference::Judgement(id), None)) {
                    let judgement = self.program.judgements.get(usize::from(id.0));
                    let categories = judgement.into_iter().flat_map(|j| &j.categories);
                    for when in categories.filter_map(|category| category.when.as_ref()) {
                        self.cond(when, None);
                    }
                }
            }
            Part::Field(_) | Part::Moment(_) => {}
        }
    }

    fn definition(&mut self, id: DefinitionId, counts: Option<bool>) {
        if !self.done.insert((Reference::Definition(id), counts)) {
            return;
        }
        let program = self.program;
        match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
            Some(Rule::Criterion(condition)) => self.cond(condition, counts),
            Some(rule) => rule.each_part(|part| self.part(part)),
            None => {}
        }
    }

    fn is_unknown(&self, field: FieldId, code: u16) -> bool {
        let field = self.program.fields.get(usize::from(field.0));
        let Some(FieldType::Choice { table }) = field.map(|field| &field.ty) else {
            return false;
        };
        let table = self.program.code_tables.get(usize::from(*table));
        let code = table.and_then(|table| table.codes.get(usize::from(code)));
        code.is_some_and(|code| code.unknown)
    }
}

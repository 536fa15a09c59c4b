//! The conditions that a condition is made of in the end, and the condition with one of them
//! settled.
//!
//! Criteria, grades and scores are opened, so that what comes out names answers. A condition that
//! stands in several places is one.

use kohyo_engine::Program;
use kohyo_engine::program::{
    CompareOp, Cond, CondKind, CountOp, DefinitionId, Index, Number, NumberKind, Part, Rule,
};
use std::collections::HashMap;

/// Conditions larger than this, once opened, are not taken apart.
const LARGEST: usize = 20_000;

/// The conditions at the ends of a condition, in the order in which they are read.
pub(super) fn atoms(program: &Program, condition: &Cond) -> Vec<Cond> {
    let mut search = Atoms {
        program,
        opened: Vec::new(),
        found: Vec::new(),
    };
    search.cond(condition);
    search.found
}

/// The condition with this one settled wherever it stands; nothing if that becomes too large.
pub(super) fn settled(
    program: &Program,
    condition: &Cond,
    atom: &CondKind,
    holds: bool,
) -> Option<Cond> {
    let mut writer = Writer {
        program,
        atom,
        holds,
        contains: HashMap::new(),
        size: 0,
    };
    let written = writer.cond(condition);
    (writer.size <= LARGEST).then_some(written)
}

struct Atoms<'p> {
    program: &'p Program,
    opened: Vec<DefinitionId>,
    found: Vec<Cond>,
}

impl Atoms<'_> {
    fn cond(&mut self, condition: &Cond) {
        let program = self.program;
        let (end, opens) = match &condition.kind {
            CondKind::Grade { definition, .. } => {
                let opens = can_open(program, *definition);
                (!opens, opens)
            }
            // What is counted stands for itself; other numbers may hold conditions of their own.
            CondKind::Compare { left, right, .. } => {
                (!is_count(program, left) && !is_count(program, right), true)
            }
            CondKind::Code { .. }
            | CondKind::Includes { .. }
            | CondKind::Answered(_)
            | CondKind::Application(_)
            | CondKind::Category { .. }
            | CondKind::CompareDates { .. } => (true, false),
            CondKind::Const(_)
            | CondKind::Criterion(_)
            | CondKind::Not(_)
            | CondKind::All(_)
            | CondKind::Any(_)
            | CondKind::Count { .. }
            | CondKind::If(..)
            | CondKind::TreatUnknown { .. }
            | CondKind::IfShown { .. } => (false, true),
        };
        if end && !self.found.iter().any(|known| known.kind == condition.kind) {
            self.found.push(condition.clone());
        }
        if opens {
            condition.each_part(|part| self.part(part));
        }
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Cond(condition) => self.cond(condition),
            Part::Number(number) => number.each_part(|part| self.part(part)),
            Part::Definition(id) => self.definition(id),
            Part::Field(_) | Part::Judgement(_) | Part::Moment(_) => {}
        }
    }

    fn definition(&mut self, id: DefinitionId) {
        if self.opened.contains(&id) {
            return;
        }
        self.opened.push(id);
        let program = self.program;
        if let Some(definition) = program.definitions.get(usize::from(id.0)) {
            definition.rule.each_part(|part| self.part(part));
        }
    }
}

/// A number that only counts conditions: each of them counts for itself.
fn is_count(program: &Program, number: &Number) -> bool {
    match &number.kind {
        NumberKind::Count(_) => true,
        NumberKind::Definition(id) => {
            match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
                Some(Rule::Number { number, .. }) => is_count(program, number),
                _ => false,
            }
        }
        _ => false,
    }
}

/// A grade whose last arm is sure, so that it is a chain of choices.
fn can_open(program: &Program, id: DefinitionId) -> bool {
    matches!(
        program.definitions.get(usize::from(id.0)).map(|d| &d.rule),
        Some(
            Rule::Grade {
                otherwise: Some(_),
                ..
            } | Rule::Grade { covered: true, .. }
        )
    )
}

/// Writes a condition again with one of its ends settled. Definitions in which it stands are
/// written out, all others stay names.
struct Writer<'p> {
    program: &'p Program,
    atom: &'p CondKind,
    holds: bool,
    /// Whether it stands in a definition.
    contains: HashMap<DefinitionId, bool>,
    size: usize,
}

impl Writer<'_> {
    fn contains(&mut self, id: DefinitionId) -> bool {
        if let Some(known) = self.contains.get(&id) {
            return *known;
        }
        // Definitions come after everything they read: this ends.
        let mut search = Atoms {
            program: self.program,
            opened: Vec::new(),
            found: Vec::new(),
        };
        search.definition(id);
        let contains = search.found.iter().any(|found| found.kind == *self.atom);
        self.contains.insert(id, contains);
        contains
    }

    fn cond(&mut self, condition: &Cond) -> Cond {
        self.size += 1;
        if condition.kind == *self.atom || self.size > LARGEST {
            return plain(CondKind::Const(self.holds));
        }
        let program = self.program;
        let kind = match &condition.kind {
            CondKind::Criterion(id) if self.contains(*id) => {
                match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
                    Some(Rule::Criterion(inner)) => return self.cond(inner),
                    _ => condition.kind.clone(),
                }
            }
            CondKind::Grade {
                definition,
                outcomes,
            } if can_open(program, *definition) && self.contains(*definition) => {
                return self.grade(*definition, outcomes);
            }
            CondKind::Not(inner) => CondKind::Not(Box::new(self.cond(inner))),
            CondKind::All(parts) => CondKind::All(self.conds(parts)),
            CondKind::Any(parts) => CondKind::Any(self.conds(parts)),
            CondKind::Count { of, op, n } => CondKind::Count {
                of: self.conds(of),
                op: *op,
                n: *n,
            },
            CondKind::Compare { left, op, right } => {
                let (left, right) = (self.number(left), self.number(right));
                return counted(left, *op, right);
            }
            CondKind::If(condition, then, otherwise) => CondKind::If(
                Box::new(self.cond(condition)),
                Box::new(self.cond(then)),
                Box::new(self.cond(otherwise)),
            ),
            CondKind::TreatUnknown { condition, as_yes } => CondKind::TreatUnknown {
                condition: Box::new(self.cond(condition)),
                as_yes: *as_yes,
            },
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => CondKind::IfShown {
                fields: fields.clone(),
                condition: Box::new(self.cond(condition)),
                otherwise: *otherwise,
            },
            other => other.clone(),
        };
        plain(kind)
    }

    fn conds(&mut self, parts: &[Cond]) -> Vec<Cond> {
        parts.iter().map(|part| self.cond(part)).collect()
    }

    /// A grade that is one of some outcomes: its arms, one after the other.
    fn grade(&mut self, id: DefinitionId, wanted: &[Index]) -> Cond {
        let program = self.program;
        let Some(Rule::Grade {
            arms, otherwise, ..
        }) = program.definitions.get(usize::from(id.0)).map(|d| &d.rule)
        else {
            return plain(CondKind::Const(false));
        };
        let outcome = |index: &Index| plain(CondKind::Const(wanted.contains(index)));
        let mut arms = arms.as_slice();
        let mut chain = match (otherwise, arms.split_last()) {
            (Some(last), _) => outcome(last),
            // Whoever falls in no other arm falls in the last.
            (None, Some(((_, last), before))) => {
                arms = before;
                outcome(last)
            }
            (None, None) => plain(CondKind::Const(false)),
        };
        for (condition, index) in arms.iter().rev() {
            let condition = self.cond(condition);
            chain = plain(CondKind::If(
                Box::new(condition),
                Box::new(outcome(index)),
                Box::new(chain),
            ));
        }
        chain
    }

    fn number(&mut self, number: &Number) -> Number {
        self.size += 1;
        let program = self.program;
        let kind = match &number.kind {
            NumberKind::Definition(id) if self.contains(*id) => {
                match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
                    // A rounded number stays a name: rounding is part of the definition.
                    Some(Rule::Number {
                        number,
                        fraction: None,
                        ..
                    }) => return self.number(number),
                    _ => number.kind.clone(),
                }
            }
            NumberKind::Sum(parts) => NumberKind::Sum(self.numbers(parts)),
            NumberKind::Max(parts) => NumberKind::Max(self.numbers(parts)),
            NumberKind::Min(parts) => NumberKind::Min(self.numbers(parts)),
            NumberKind::Count(conditions) => NumberKind::Count(self.conds(conditions)),
            NumberKind::When { amount, condition } => NumberKind::When {
                amount: Box::new(self.number(amount)),
                condition: Box::new(self.cond(condition)),
            },
            NumberKind::If(condition, then, otherwise) => NumberKind::If(
                Box::new(self.cond(condition)),
                Box::new(self.number(then)),
                Box::new(self.number(otherwise)),
            ),
            NumberKind::Arithmetic { left, op, right } => NumberKind::Arithmetic {
                left: Box::new(self.number(left)),
                op: *op,
                right: Box::new(self.number(right)),
            },
            NumberKind::Call {
                function,
                arguments,
            } => NumberKind::Call {
                function: *function,
                arguments: self.numbers(arguments),
            },
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => NumberKind::IfShown {
                fields: fields.clone(),
                number: Box::new(self.number(number)),
                otherwise: *otherwise,
            },
            other => other.clone(),
        };
        Number {
            kind,
            text: number.text.clone(),
        }
    }

    fn numbers(&mut self, parts: &[Number]) -> Vec<Number> {
        parts.iter().map(|part| self.number(part)).collect()
    }
}

/// A count that is compared with a whole number is said as such: circuits follow it best.
fn counted(left: Number, op: CompareOp, right: Number) -> Cond {
    if let (NumberKind::Count(of), NumberKind::Const(n)) = (&left.kind, &right.kind)
        && n.fract().is_zero()
        && let Ok(n) = u32::try_from(*n)
    {
        let op = match op {
            CompareOp::GreaterEqual => Some(CountOp::AtLeast),
            CompareOp::LessEqual => Some(CountOp::AtMost),
            CompareOp::Equal => Some(CountOp::Exactly),
            CompareOp::Less | CompareOp::NotEqual | CompareOp::Greater => None,
        };
        if let Some(op) = op {
            return plain(CondKind::Count {
                of: of.clone(),
                op,
                n,
            });
        }
    }
    plain(CondKind::compare(left, op, right))
}

/// A condition that nobody reads.
pub(super) fn plain(kind: CondKind) -> Cond {
    Cond {
        kind,
        text: String::new(),
    }
}

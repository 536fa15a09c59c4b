//! Which field to look at next: something unknown that an unknown rule reads.
//!
//! Every function here expects the completions view and goes only where the value is still open,
//! so it ends at a field whose answer is not yet decided, or finds nothing that could be.

use crate::arena::{
    CondNode, CondRef, DefinitionRule, Domain, Instant, List, NumberNode, NumberRef,
};
use crate::machine::{Machine, Piece, Value};
use crate::program::Index;
use crate::tri::Tri;

/// A field that is not decided, and what about it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Its value.
    Value(u16),
    /// Whether this of its named codes is chosen.
    Named { field: u16, code: Index, bit: u8 },
    /// Whether it is answered.
    Answered(u16),
}

impl Machine<'_> {
    /// What keeps a judgement open.
    pub(crate) fn blame_judgement(&mut self, judgement: u16) -> Option<Open> {
        let conditions = &self
            .arena
            .judgements
            .get(usize::from(judgement))?
            .conditions;
        self.blame_arms(conditions.iter().copied())
    }

    fn blame_arms(&mut self, arms: impl Iterator<Item = CondRef>) -> Option<Open> {
        for condition in arms {
            match self.condition(condition) {
                Tri::True => return None,
                Tri::False => {}
                Tri::Unknown => {
                    if let Some(open) = self.blame(condition) {
                        return Some(open);
                    }
                }
            }
        }
        None
    }

    /// What keeps a condition open.
    pub(crate) fn blame(&mut self, at: CondRef) -> Option<Open> {
        if self.condition(at) != Tri::Unknown {
            return None;
        }
        match *self.arena.condition(at)? {
            CondNode::Const(_) | CondNode::Application(_) | CondNode::TreatUnknown { .. } => None,
            CondNode::Code { field, .. } => self.blame_choice(field),
            CondNode::Includes { field, code, bit } => self.blame_named(field, code, bit),
            CondNode::Answered(field) => self
                .blame_hidden(field)
                .unwrap_or(Some(Open::Answered(field))),
            CondNode::Criterion(definition) | CondNode::Grade { definition, .. } => {
                self.blame_definition(definition)
            }
            CondNode::Category { judgement, .. } => self.blame_judgement(judgement),
            CondNode::Not(condition) => self.blame(condition),
            CondNode::All(list) | CondNode::Any(list) | CondNode::Count { of: list, .. } => {
                self.blame_any(list)
            }
            CondNode::Compare { left, right, .. } => {
                self.blame_number(left).or_else(|| self.blame_number(right))
            }
            CondNode::CompareDates { left, right, .. } => self
                .blame_instant(left)
                .or_else(|| self.blame_instant(right)),
            CondNode::If(condition, then, otherwise) => self.blame(condition).or_else(|| {
                self.blame_branches(condition, |machine, yes| {
                    machine.blame(if yes { then } else { otherwise })
                })
            }),
            CondNode::IfShown {
                fields, condition, ..
            } => self.blame_shown(fields).or_else(|| self.blame(condition)),
        }
    }

    fn blame_any(&mut self, list: List<CondRef>) -> Option<Open> {
        self.arena
            .conditions_of(list)
            .iter()
            .find_map(|condition| self.blame(*condition))
    }

    /// Blames the branch that counts; both if neither does for certain.
    fn blame_branches(
        &mut self,
        condition: CondRef,
        blame: impl Fn(&mut Self, bool) -> Option<Open>,
    ) -> Option<Open> {
        match self.condition(condition) {
            Tri::True => blame(self, true),
            Tri::False => blame(self, false),
            Tri::Unknown => blame(self, true).or_else(|| blame(self, false)),
        }
    }

    /// If a field is not certainly shown: what keeps that open, if anything can.
    fn blame_hidden(&mut self, field: u16) -> Option<Option<Open>> {
        match self.shown(field) {
            Tri::True => None,
            Tri::False => Some(None),
            Tri::Unknown => {
                let condition = self.arena.field(field).and_then(|rule| rule.shown_when);
                Some(condition.and_then(|condition| self.blame(condition)))
            }
        }
    }

    fn blame_shown(&mut self, fields: List<u16>) -> Option<Open> {
        if self.all_shown(fields) != Tri::Unknown {
            return None;
        }
        self.arena
            .fields_of(fields)
            .iter()
            .find_map(|field| self.blame_hidden(*field).flatten())
    }

    fn blame_choice(&mut self, field: u16) -> Option<Open> {
        if let Some(hidden) = self.blame_hidden(field) {
            return hidden;
        }
        let open = !matches!(self.branch(field).value, Piece::Code { .. })
            && self.chosen(field).1.is_none();
        open.then_some(Open::Value(field))
    }

    fn blame_named(&mut self, field: u16, code: Index, bit: u8) -> Option<Open> {
        if let Some(hidden) = self.blame_hidden(field) {
            return hidden;
        }
        // A code beyond the named ones cannot be decided by itself.
        (bit < 64).then_some(Open::Named { field, code, bit })
    }

    /// What keeps a definition open.
    pub(crate) fn blame_definition(&mut self, definition: u16) -> Option<Open> {
        let open = self.blame_rule(definition)?;
        self.pass(definition);
        Some(open)
    }

    /// The same, without noting that it was passed.
    pub(crate) fn blame_rule(&mut self, definition: u16) -> Option<Open> {
        match self.arena.definitions.get(usize::from(definition))? {
            DefinitionRule::Criterion(condition) => self.blame(*condition),
            DefinitionRule::Number { number, .. } => match self.definition(definition) {
                Value::Number(range) if range.is_open() => self.blame_number(*number),
                _ => None,
            },
            DefinitionRule::Grade { arms, .. } => {
                self.blame_arms(arms.iter().map(|(condition, _)| *condition))
            }
        }
    }

    /// What keeps a number open.
    pub(crate) fn blame_number(&mut self, at: NumberRef) -> Option<Open> {
        if !self.number(at).is_open() {
            return None;
        }
        match *self.arena.number(at)? {
            NumberNode::Const(_) | NumberNode::Nothing => None,
            NumberNode::Field(field) => {
                if let Some(hidden) = self.blame_hidden(field) {
                    return hidden;
                }
                let numeric = matches!(self.arena.field(field)?.domain, Domain::Number(_));
                (numeric && self.field_number(field).is_open()).then_some(Open::Value(field))
            }
            NumberNode::Points { field, .. } => self.blame_choice(field),
            NumberNode::Definition(definition) => self.blame_definition(definition),
            NumberNode::Sum { parts, .. } | NumberNode::Max(parts) | NumberNode::Min(parts) => self
                .arena
                .numbers_of(parts)
                .iter()
                .find_map(|part| self.blame_number(*part)),
            NumberNode::Count(conditions) => self.blame_any(conditions),
            NumberNode::When { amount, condition } => {
                self.blame(condition).or_else(|| self.blame_number(amount))
            }
            NumberNode::If(condition, then, otherwise) => self.blame(condition).or_else(|| {
                self.blame_branches(condition, |machine, yes| {
                    machine.blame_number(if yes { then } else { otherwise })
                })
            }),
            NumberNode::Arithmetic { left, right, .. } => {
                self.blame_number(left).or_else(|| self.blame_number(right))
            }
            NumberNode::Call { first, second, .. } => self
                .blame_number(first)
                .or_else(|| self.blame_number(second?)),
            NumberNode::Script { arguments, .. } => self
                .arena
                .numbers_of(arguments)
                .iter()
                .find_map(|argument| self.blame_number(*argument)),
            NumberNode::Elapsed { from, to, .. } => {
                self.blame_instant(from).or_else(|| self.blame_instant(to))
            }
            NumberNode::IfShown { fields, number, .. } => self
                .blame_shown(fields)
                .or_else(|| self.blame_number(number)),
        }
    }

    fn blame_instant(&mut self, instant: Instant) -> Option<Open> {
        let field = instant.field()?;
        if let Some(hidden) = self.blame_hidden(field) {
            return hidden;
        }
        self.field_days(field)
            .is_open()
            .then_some(Open::Value(field))
    }
}

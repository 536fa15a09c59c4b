//! What a rule reads.

use crate::program::{
    Cond, CondKind, DefinitionId, FieldId, JudgementId, Moment, Number, NumberKind, Rule,
};

/// Something a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Read {
    /// A field, or only whether it is shown or answered.
    Field(FieldId),
    /// A definition.
    Definition(DefinitionId),
    /// A judgement.
    Judgement(JudgementId),
}

/// Everything a rule reads directly, with the depth at which it stands.
pub(crate) fn reads_of_rule(rule: &Rule) -> Vec<(Read, usize)> {
    let mut reads = Reads::default();
    match rule {
        Rule::Criterion(condition) => reads.condition(condition, 0),
        Rule::Number { number, .. } => reads.number(number, 0),
        Rule::Grade { arms, .. } => arms
            .iter()
            .for_each(|(condition, _)| reads.condition(condition, 0)),
    }
    reads.found
}

/// Everything a condition reads directly, with the depth at which it stands.
pub(crate) fn reads_of_condition(condition: &Cond) -> Vec<(Read, usize)> {
    let mut reads = Reads::default();
    reads.condition(condition, 0);
    reads.found
}

#[derive(Default)]
struct Reads {
    found: Vec<(Read, usize)>,
}

impl Reads {
    fn field(&mut self, id: FieldId, depth: usize) {
        self.found.push((Read::Field(id), depth));
    }

    fn condition(&mut self, condition: &Cond, depth: usize) {
        let inside = depth + 1;
        match &condition.kind {
            CondKind::Const(_) | CondKind::Application(_) => {}
            CondKind::Code { field, .. }
            | CondKind::Includes { field, .. }
            | CondKind::Answered(field) => {
                self.field(*field, depth);
            }
            CondKind::Criterion(id) | CondKind::Grade { definition: id, .. } => {
                self.found.push((Read::Definition(*id), depth));
            }
            CondKind::Category { judgement, .. } => {
                self.found.push((Read::Judgement(*judgement), depth))
            }
            CondKind::Not(condition) | CondKind::TreatUnknown { condition, .. } => {
                self.condition(condition, inside)
            }
            CondKind::All(conditions)
            | CondKind::Any(conditions)
            | CondKind::Count { of: conditions, .. } => {
                conditions
                    .iter()
                    .for_each(|condition| self.condition(condition, inside));
            }
            CondKind::Compare { left, right, .. } => {
                self.number(left, inside);
                self.number(right, inside);
            }
            CondKind::CompareDates { left, right, .. } => {
                self.moment(left, depth);
                self.moment(right, depth);
            }
            CondKind::If(condition, then, otherwise) => {
                [condition, then, otherwise]
                    .into_iter()
                    .for_each(|part| self.condition(part, inside));
            }
            CondKind::IfShown {
                fields, condition, ..
            } => {
                fields.iter().for_each(|field| self.field(*field, depth));
                self.condition(condition, inside);
            }
        }
    }

    fn number(&mut self, number: &Number, depth: usize) {
        let inside = depth + 1;
        match &number.kind {
            NumberKind::Const(_) | NumberKind::Nothing => {}
            NumberKind::Field(field) | NumberKind::Points(field) => self.field(*field, depth),
            NumberKind::Definition(id) => self.found.push((Read::Definition(*id), depth)),
            NumberKind::Sum(numbers) | NumberKind::Max(numbers) | NumberKind::Min(numbers) => {
                numbers
                    .iter()
                    .for_each(|number| self.number(number, inside));
            }
            NumberKind::Count(conditions) => {
                conditions
                    .iter()
                    .for_each(|condition| self.condition(condition, inside));
            }
            NumberKind::When { amount, condition } => {
                self.number(amount, inside);
                self.condition(condition, inside);
            }
            NumberKind::If(condition, then, otherwise) => {
                self.condition(condition, inside);
                self.number(then, inside);
                self.number(otherwise, inside);
            }
            NumberKind::Arithmetic { left, right, .. } => {
                self.number(left, inside);
                self.number(right, inside);
            }
            NumberKind::Call { arguments, .. } | NumberKind::Script { arguments, .. } => {
                arguments
                    .iter()
                    .for_each(|argument| self.number(argument, inside));
            }
            NumberKind::Elapsed { from, to, .. } => {
                self.moment(from, depth);
                self.moment(to, depth);
            }
            NumberKind::IfShown { fields, number, .. } => {
                fields.iter().for_each(|field| self.field(*field, depth));
                self.number(number, inside);
            }
        }
    }

    fn moment(&mut self, moment: &Moment, depth: usize) {
        match moment {
            Moment::Const(_) | Moment::Today => {}
            Moment::Field(field) => self.field(*field, depth),
            Moment::Shifted { moment, .. } => self.moment(moment, depth),
        }
    }
}

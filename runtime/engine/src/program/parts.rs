//! What stands directly inside a rule, in the order in which it is read: the one walk that everyone
//! shares who only looks for something in rules.

use super::{Cond, CondKind, DefinitionId, FieldId, JudgementId, Moment, Number, NumberKind, Rule};

/// Something inside a rule.
#[derive(Clone, Copy, Debug)]
pub enum Part<'p> {
    /// The answer to a field, or only whether it is shown or answered.
    Field(FieldId),
    /// What a definition says.
    Definition(DefinitionId),
    /// What a judgement says.
    Judgement(JudgementId),
    /// A condition.
    Cond(&'p Cond),
    /// A number.
    Number(&'p Number),
    /// A point in time.
    Moment(&'p Moment),
}

impl Rule {
    /// Calls `each` for everything directly inside.
    pub fn each_part<'p>(&'p self, mut each: impl FnMut(Part<'p>)) {
        match self {
            Self::Criterion(condition) => each(Part::Cond(condition)),
            Self::Number { number, .. } => each(Part::Number(number)),
            Self::Grade { arms, .. } => arms.iter().for_each(|(arm, _)| each(Part::Cond(arm))),
        }
    }
}

impl Rule {
    /// The numbers that the arms of a grade compare and that are worked out, each once: unlike an
    /// answer, such a number may have no value.
    pub fn calculated(&self) -> Vec<&Number> {
        let mut found = Vec::new();
        self.each_part(|part| {
            if let Part::Cond(arm) = part {
                arm.add_calculated(&mut found);
            }
        });
        found
    }
}

impl Cond {
    fn add_calculated<'p>(&'p self, found: &mut Vec<&'p Number>) {
        self.each_part(|part| match part {
            Part::Cond(inner) => inner.add_calculated(found),
            Part::Number(number) => {
                let plain = matches!(number.kind, NumberKind::Const(_) | NumberKind::Field(_));
                if !plain && !found.iter().any(|known| known.kind == number.kind) {
                    found.push(number);
                }
            }
            _ => {}
        });
    }

    /// Calls `each` for everything directly inside.
    pub fn each_part<'p>(&'p self, mut each: impl FnMut(Part<'p>)) {
        match &self.kind {
            CondKind::Const(_) | CondKind::Application(_) => {}
            CondKind::Code { field, .. }
            | CondKind::Includes { field, .. }
            | CondKind::Answered(field) => each(Part::Field(*field)),
            CondKind::Criterion(id) | CondKind::Grade { definition: id, .. } => {
                each(Part::Definition(*id));
            }
            CondKind::Category { judgement, .. } => each(Part::Judgement(*judgement)),
            CondKind::Not(inner)
            | CondKind::TreatUnknown {
                condition: inner, ..
            } => each(Part::Cond(inner)),
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
                parts.iter().for_each(|part| each(Part::Cond(part)));
            }
            CondKind::Compare { left, right, .. } => {
                each(Part::Number(left));
                each(Part::Number(right));
            }
            CondKind::CompareDates { left, right, .. } => {
                each(Part::Moment(left));
                each(Part::Moment(right));
            }
            CondKind::If(condition, then, otherwise) => {
                each(Part::Cond(condition));
                each(Part::Cond(then));
                each(Part::Cond(otherwise));
            }
            CondKind::IfShown {
                fields, condition, ..
            } => {
                fields.iter().for_each(|field| each(Part::Field(*field)));
                each(Part::Cond(condition));
            }
        }
    }
}

impl Number {
    /// The rows of a number that is chosen row by row, and what comes out where none of them holds:
    /// of every other number no row, and itself.
    pub fn rows(&self) -> (Vec<(&Cond, &Self)>, &Self) {
        let mut rows: Vec<(&Cond, &Self)> = Vec::new();
        let mut rest = self;
        while let NumberKind::If(condition, then, otherwise) = &rest.kind {
            rows.push((condition, then));
            rest = otherwise;
        }
        (rows, rest)
    }

    /// Calls `each` for everything directly inside.
    pub fn each_part<'p>(&'p self, mut each: impl FnMut(Part<'p>)) {
        match &self.kind {
            NumberKind::Const(_) | NumberKind::Nothing => {}
            NumberKind::Field(field) | NumberKind::Points(field) => each(Part::Field(*field)),
            NumberKind::Definition(id) => each(Part::Definition(*id)),
            NumberKind::Sum(parts)
            | NumberKind::Max(parts)
            | NumberKind::Min(parts)
            | NumberKind::Call {
                arguments: parts, ..
            }
            | NumberKind::Script {
                arguments: parts, ..
            } => parts.iter().for_each(|part| each(Part::Number(part))),
            NumberKind::Count(conditions) => {
                conditions.iter().for_each(|part| each(Part::Cond(part)));
            }
            NumberKind::When { amount, condition } => {
                each(Part::Number(amount));
                each(Part::Cond(condition));
            }
            NumberKind::If(condition, then, otherwise) => {
                each(Part::Cond(condition));
                each(Part::Number(then));
                each(Part::Number(otherwise));
            }
            NumberKind::Arithmetic { left, right, .. } => {
                each(Part::Number(left));
                each(Part::Number(right));
            }
            NumberKind::Elapsed { from, to, .. } => {
                each(Part::Moment(from));
                each(Part::Moment(to));
            }
            NumberKind::IfShown { fields, number, .. } => {
                fields.iter().for_each(|field| each(Part::Field(*field)));
                each(Part::Number(number));
            }
        }
    }
}

impl Moment {
    /// Calls `each` for everything directly inside.
    pub fn each_part<'p>(&'p self, mut each: impl FnMut(Part<'p>)) {
        match self {
            Self::Const(_) | Self::Today => {}
            Self::Field(field) => each(Part::Field(*field)),
            Self::Shifted { moment, .. } => each(Part::Moment(moment)),
        }
    }
}

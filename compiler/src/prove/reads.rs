//! The cone of influence: every field that a rule reads, directly or through other rules and the
//! conditions that show fields.

use kohyo_engine::Program;
use kohyo_engine::program::{
    Cond, CondKind, DefinitionId, FieldId, JudgementId, Moment, Number, NumberKind, Rule,
};
use std::collections::BTreeSet;

/// What a rule depends on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cone {
    /// Fields, in the order of the form.
    pub(super) fields: BTreeSet<FieldId>,
    pub(super) definitions: BTreeSet<DefinitionId>,
    judgements: BTreeSet<JudgementId>,
    /// It asks whether the application is new.
    pub(super) application: bool,
    /// It asks what is answered or unknown, so that an answer more may change what is settled.
    pub(super) state: bool,
    /// It reads the day of judgement.
    pub(super) today: bool,
}

impl Cone {
    /// Everything these conditions depend on.
    pub(super) fn of<'c>(
        program: &Program,
        conditions: impl IntoIterator<Item = &'c Cond>,
    ) -> Self {
        let mut reader = Reader {
            program,
            cone: Self::default(),
        };
        for condition in conditions {
            reader.cond(condition);
        }
        reader.cone
    }

    /// Everything a number depends on.
    pub(super) fn of_number(program: &Program, number: &Number) -> Self {
        let mut reader = Reader {
            program,
            cone: Self::default(),
        };
        reader.number(number);
        reader.cone
    }

    /// Adds everything another one has.
    pub(super) fn join(&mut self, other: &Self) {
        self.fields.extend(&other.fields);
        self.definitions.extend(&other.definitions);
        self.judgements.extend(&other.judgements);
        self.application |= other.application;
        self.state |= other.state;
        self.today |= other.today;
    }
}

struct Reader<'a> {
    program: &'a Program,
    cone: Cone,
}

impl<'a> Reader<'a> {
    fn field(&mut self, id: FieldId) {
        if !self.cone.fields.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        if let Some(field) = program.fields.get(usize::from(id.0)) {
            self.cone.application |= field.only.is_some();
            if let Some(shown) = &field.shown_when {
                self.cond(shown);
            }
        }
    }

    fn definition(&mut self, id: DefinitionId) {
        if !self.cone.definitions.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        match program.definitions.get(usize::from(id.0)).map(|d| &d.rule) {
            Some(Rule::Criterion(condition)) => self.cond(condition),
            Some(Rule::Number { number, .. }) => self.number(number),
            Some(Rule::Grade { arms, .. }) => arms.iter().for_each(|(arm, _)| self.cond(arm)),
            None => {}
        }
    }

    fn judgement(&mut self, id: JudgementId) {
        if !self.cone.judgements.insert(id) {
            return;
        }
        let program: &'a Program = self.program;
        for category in program
            .judgements
            .get(usize::from(id.0))
            .into_iter()
            .flat_map(|judgement| &judgement.categories)
        {
            category.when.iter().for_each(|when| self.cond(when));
        }
    }

    fn cond(&mut self, condition: &Cond) {
        match &condition.kind {
            CondKind::Const(_) => {}
            CondKind::Application(_) => self.cone.application = true,
            CondKind::Code { field, .. } | CondKind::Includes { field, .. } => self.field(*field),
            CondKind::Answered(field) => {
                self.cone.state = true;
                self.field(*field);
            }
            CondKind::Criterion(id) | CondKind::Grade { definition: id, .. } => {
                self.definition(*id);
            }
            CondKind::Category { judgement, .. } => self.judgement(*judgement),
            CondKind::TreatUnknown { condition, .. } => {
                self.cone.state = true;
                self.cond(condition);
            }
            CondKind::Not(inner) => self.cond(inner),
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. } => {
                parts.iter().for_each(|part| self.cond(part))
            }
            CondKind::Compare { left, right, .. } => {
                self.number(left);
                self.number(right);
            }
            CondKind::CompareDates { left, right, .. } => {
                self.moment(left);
                self.moment(right);
            }
            CondKind::If(condition, then, otherwise) => {
                [condition, then, otherwise]
                    .into_iter()
                    .for_each(|part| self.cond(part));
            }
            CondKind::IfShown {
                fields, condition, ..
            } => {
                fields.iter().for_each(|field| self.field(*field));
                self.cond(condition);
            }
        }
    }

    fn number(&mut self, number: &Number) {
        match &number.kind {
            NumberKind::Const(_) | NumberKind::Nothing => {}
            NumberKind::Field(field) | NumberKind::Points(field) => self.field(*field),
            NumberKind::Definition(id) => self.definition(*id),
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                parts.iter().for_each(|part| self.number(part));
            }
            NumberKind::Count(conditions) => conditions.iter().for_each(|part| self.cond(part)),
            NumberKind::When { amount, condition } => {
                self.number(amount);
                self.cond(condition);
            }
            NumberKind::If(condition, then, otherwise) => {
                self.cond(condition);
                self.number(then);
                self.number(otherwise);
            }
            NumberKind::Arithmetic { left, right, .. } => {
                self.number(left);
                self.number(right);
            }
            NumberKind::Call { arguments, .. } | NumberKind::Script { arguments, .. } => {
                arguments.iter().for_each(|part| self.number(part))
            }
            NumberKind::Elapsed { from, to, .. } => {
                self.moment(from);
                self.moment(to);
            }
            NumberKind::IfShown { fields, number, .. } => {
                fields.iter().for_each(|field| self.field(*field));
                self.number(number);
            }
        }
    }

    fn moment(&mut self, moment: &Moment) {
        match moment {
            Moment::Const(_) => {}
            Moment::Field(field) => self.field(*field),
            Moment::Shifted { moment, .. } => self.moment(moment),
            Moment::Today => self.cone.today = true,
        }
    }
}

//! Conditions.

use super::compare::{compare, compare_count};
use super::{Range, Translated, View, Walk, Words};
use kohyo_engine::program::{Cond, CondKind, FieldId};

impl<W: Words> Walk<'_, W> {
    /// Whether a condition holds.
    pub(crate) fn condition(&mut self, condition: &Cond) -> Translated<W::Truth> {
        Ok(match &condition.kind {
            CondKind::Const(holds) => W::known(*holds),
            CondKind::Code { field, codes } => self.is_code(*field, codes)?,
            CondKind::Includes { field, code } => self.includes(*field, *code)?,
            CondKind::Answered(field) => self.answered(*field)?,
            CondKind::Criterion(id) => self.criterion(*id)?,
            CondKind::Grade {
                definition,
                outcomes,
            } => self.is_outcome(*definition, outcomes)?,
            CondKind::Category {
                judgement,
                categories,
            } => self.is_category(*judgement, categories)?,
            CondKind::Application(only) => self.words.application(*only),
            CondKind::Not(inner) => W::not(&self.condition(inner)?),
            CondKind::All(parts) => W::all(self.conditions(parts)?),
            CondKind::Any(parts) => W::any(self.conditions(parts)?),
            CondKind::Count { of, op, n } => compare_count::<W>(&self.count(of)?, *op, *n),
            CondKind::Compare { left, op, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                compare::<W>(&left, *op, &right)
            }
            CondKind::CompareDates { left, op, right } => {
                let (left, right) = (self.moment(left)?, self.moment(right)?);
                compare::<W>(&left, *op, &right)
            }
            CondKind::If(when, then, otherwise) => {
                let when = self.branch(when)?;
                let (then, otherwise) = (self.branch(then)?, self.branch(otherwise)?);
                self.words.either(when, then, otherwise)
            }
            CondKind::TreatUnknown { condition, as_yes } => {
                let before = self.look(View::Now);
                let inner = self.condition(condition);
                self.look(before);
                W::unknown_as(&inner?, *as_yes)
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                let shown = self.all_shown(fields)?;
                let inner = self.condition(condition)?;
                if *otherwise {
                    W::any(vec![W::not(&shown), inner])
                } else {
                    W::all(vec![shown, inner])
                }
            }
        })
    }

    fn conditions(&mut self, parts: &[Cond]) -> Translated<Vec<W::Truth>> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn branch(&mut self, condition: &Cond) -> Translated<W::Truth> {
        let truth = self.condition(condition)?;
        Ok(self.words.branch(truth))
    }

    fn answered(&mut self, id: FieldId) -> Translated<W::Truth> {
        let shown = self.shown(id)?;
        let written = self.words.written(id);
        Ok(match self.words.variables().view() {
            View::Now => W::is_answered(&shown, &written),
            View::Completions => W::will_be_answered(&shown, &written),
        })
    }

    /// How many hold for certain, and how many possibly.
    pub(super) fn count(&mut self, parts: &[Cond]) -> Translated<Range> {
        let parts = self.conditions(parts)?;
        Ok(self.words.keep_amount(W::count(&parts)))
    }
}

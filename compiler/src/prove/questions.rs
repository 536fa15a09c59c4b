//! What can be asked of a form, as circuits: the rules by their place in the program.

use super::encode::{Encoder, Pair};
use super::solver::Lit;
use kohyo_engine::program::{DefinitionId, FieldId, Index, JudgementId};
use kohyo_engine::{Program, Question};

impl<'a> Encoder<'a> {
    /// Builds the circuits of all rules before anything is asked, so that one patient can answer
    /// many questions.
    pub(super) fn encode_all(&mut self) {
        let program: &'a Program = self.program;
        for id in (0..=u16::MAX).zip(&program.definitions).map(|(id, _)| id) {
            self.criterion(DefinitionId(id));
        }
        for (id, _) in (0..=u16::MAX).zip(&program.judgements) {
            self.categories(JudgementId(id));
        }
        for check in &program.checks {
            self.cond(&check.violated);
        }
        for (id, field) in (0..=u16::MAX).map(FieldId).zip(&program.fields) {
            self.shown(id);
            for when in field.required_when.iter().chain(&field.hidden_when) {
                self.cond(when);
            }
        }
    }

    /// A check is violated in an application it applies to.
    pub(super) fn violated(&mut self, check: Index) -> Lit {
        let program: &'a Program = self.program;
        let Some(check) = program.checks.get(usize::from(check)) else {
            return Lit::FALSE;
        };
        let violated = self.cond(&check.violated).yes;
        match check.only {
            Some(only) => {
                let applies = self.application(only);
                self.solver.and(applies, violated)
            }
            None => violated,
        }
    }

    /// A condition of the form.
    pub(super) fn question(&mut self, question: Question) -> Pair {
        let at = |pairs: Vec<Pair>, index: Index| {
            let found = pairs.get(usize::from(index)).copied();
            found.unwrap_or(Pair::UNKNOWN)
        };
        let program: &'a Program = self.program;
        match question {
            Question::Criterion(id) => self.criterion(id),
            Question::Arm(id, arm) => at(self.arms(id), arm),
            Question::Category(id, category) => at(self.categories(id), category),
            Question::Check(check) => match program.checks.get(usize::from(check)) {
                Some(check) => self.cond(&check.violated),
                None => Pair::UNKNOWN,
            },
            Question::Shown(field) => self.shown(field),
            Question::Hidden(field) => self.hidden(field),
            Question::Required(field) => self.required(field),
        }
    }

    /// An answer to a field would be one too many.
    pub(super) fn hidden(&mut self, id: FieldId) -> Pair {
        let program: &'a Program = self.program;
        let field = program.fields.get(usize::from(id.0));
        let Some((field, when)) =
            field.and_then(|field| Some((field, field.hidden_when.as_ref()?)))
        else {
            return self.shown(id).not();
        };
        let when = self.cond(when);
        match field.only {
            None => when,
            Some(only) => {
                let applies = Pair::sure(self.application(only));
                self.both(applies, when.not()).not()
            }
        }
    }

    /// A field is shown and required.
    pub(super) fn required(&mut self, field: FieldId) -> Pair {
        let program: &'a Program = self.program;
        let shown = self.shown(field);
        match program.fields.get(usize::from(field.0)) {
            Some(found) if found.required => shown,
            Some(found) => match &found.required_when {
                Some(when) => {
                    let when = self.cond(when);
                    self.both(shown, when)
                }
                None => Pair::TRUE.not(),
            },
            None => Pair::TRUE.not(),
        }
    }
}

//! What single rules say about answers: for those who examine a form rather than a patient.
//!
//! A proof finds a combination of answers on paper and asks here whether it is real; nothing is
//! concluded that this module did not say. Rules are read as the form stands now.

use crate::answers::Answers;
use crate::evaluate::Context;
use crate::form::Form;
use crate::machine::{Machine, Scratch, Value, View};
use crate::program::{DefinitionId, FieldId, Index, JudgementId};
use crate::tri::Tri;
use crate::value::Decimal;

/// A condition of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// A criterion holds.
    Criterion(DefinitionId),
    /// The condition of this arm of a grade holds, whatever the arms before it say.
    Arm(DefinitionId, Index),
    /// The condition of this category holds, whatever the categories before it say.
    Category(JudgementId, Index),
    /// The check at this position is violated, in whichever kind of application.
    Check(Index),
    /// A field is shown.
    Shown(FieldId),
    /// An answer to a field is one too many.
    Hidden(FieldId),
    /// A field is shown and required.
    Required(FieldId),
}

/// Asks a form about answers, with memory from the last question.
#[derive(Debug)]
pub struct Probe<'a> {
    form: &'a Form,
    scratch: Scratch,
}

impl<'a> Probe<'a> {
    /// A probe of this form.
    pub fn new(form: &'a Form) -> Self {
        Self {
            form,
            scratch: Scratch::default(),
        }
    }

    /// The form it asks.
    pub fn form(&self) -> &'a Form {
        self.form
    }

    /// Whether a condition holds; unknown also if the form has no such condition.
    pub fn holds(&mut self, answers: &Answers, context: &Context, question: Question) -> Tri {
        let arena = self.form.arena();
        let mut machine = Machine::new(arena, answers, context, &mut self.scratch);
        machine.in_view(View::Now, |machine| {
            let condition = match question {
                Question::Criterion(id) => {
                    return match machine.definition(id.0) {
                        Value::Truth(truth) => truth,
                        Value::Number(_) | Value::Grade(_) => Tri::Unknown,
                    };
                }
                Question::Shown(field) => return machine.shown(field.0),
                Question::Hidden(field) => return machine.hidden(field.0),
                Question::Required(field) => {
                    let shown = machine.shown(field.0);
                    let required = match arena.field(field.0) {
                        Some(rule) if rule.required => Tri::True,
                        Some(rule) => rule
                            .required_when
                            .map_or(Tri::False, |when| machine.condition(when)),
                        None => Tri::False,
                    };
                    return shown.and(required);
                }
                Question::Arm(id, arm) => arena.arm(id.0, arm),
                Question::Category(judgement, category) => arena
                    .judgements
                    .get(usize::from(judgement.0))
                    .and_then(|rule| rule.conditions.get(usize::from(category)).copied()),
                Question::Check(check) => arena.checks.get(usize::from(check)).copied(),
            };
            condition.map_or(Tri::Unknown, |condition| machine.condition(condition))
        })
    }

    /// The value of a score or value, if it is known exactly.
    pub fn number(
        &mut self,
        answers: &Answers,
        context: &Context,
        definition: DefinitionId,
    ) -> Option<Decimal> {
        let mut machine = Machine::new(self.form.arena(), answers, context, &mut self.scratch);
        machine.in_view(View::Now, |machine| {
            match machine.definition(definition.0) {
                Value::Number(range) => range.known(),
                Value::Truth(_) | Value::Grade(_) => None,
            }
        })
    }
}

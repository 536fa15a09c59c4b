//! What a form says about answers, without words: enough to tell two forms of one shape apart.
//!
//! Measuring how well cases guard a definition means judging the same answers by thousands of
//! slightly changed forms; sentences, reasons and missing sets are left out.

use crate::answers::Answers;
use crate::evaluate::{Categories, Context, verdict};
use crate::form::Form;
use crate::machine::{Machine, NO_OUTCOME, Scratch, Value, View};
use crate::outcome::ResultKind;
use crate::program::{DefinitionId, FieldId, Index, JudgementId};
use crate::tri::Tri;
use crate::value::Decimal;

/// What a form says about answers, by position in its program.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The result.
    pub result: ResultKind,
    /// The category of each judgement, if settled.
    pub categories: Categories,
    /// What each definition came to.
    pub values: Vec<Known>,
    /// Whether each field is shown.
    pub shown: Vec<bool>,
    /// Whether each field is required (and shown).
    pub required: Vec<bool>,
    /// Whether each check of the author is violated.
    pub violated: Vec<Tri>,
}

/// What a definition came to, as far as three-valued logic can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// It depends on something unknown, or there is no value.
    Unknown,
    /// A criterion holds or not.
    Truth(bool),
    /// A score or value.
    Number(Decimal),
    /// A grade, by the position of its outcome.
    Outcome(Index),
}

/// What the form says about these answers. A check that does not apply to this kind of
/// application is not violated.
pub fn observe_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
) -> Observation {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    let verdict = verdict(&mut machine, form);
    let values = (0..=u16::MAX)
        .zip(&form.program().definitions)
        .map(|(definition, _)| known(machine.definition(definition)))
        .collect();
    let mut observation = Observation {
        result: verdict.result,
        categories: verdict.categories,
        values,
        shown: Vec::new(),
        required: Vec::new(),
        violated: Vec::new(),
    };
    machine.in_view(View::Now, |now| {
        for (field, rule) in (0..=u16::MAX).zip(&now.arena.fields) {
            let shown = now.shown(field) == Tri::True;
            observation.shown.push(shown);
            observation
                .required
                .push(shown && crate::findings::is_required(now, rule));
        }
        for (check, violated) in form.program().checks.iter().zip(&now.arena.checks) {
            let applies = check.only.is_none_or(|only| only == context.application);
            observation.violated.push(if applies {
                now.condition(*violated)
            } else {
                Tri::False
            });
        }
    });
    observation
}

fn known(value: Value) -> Known {
    match value {
        Value::Truth(holds) => holds.known().map_or(Known::Unknown, Known::Truth),
        Value::Number(range) => range.known().map_or(Known::Unknown, Known::Number),
        Value::Grade(possible) if possible.count_ones() == 1 && possible & NO_OUTCOME == 0 => {
            Index::try_from(possible.trailing_zeros()).map_or(Known::Unknown, Known::Outcome)
        }
        Value::Grade(_) => Known::Unknown,
    }
}

/// A part of a form whose value can be asked for alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A definition.
    Definition(DefinitionId),
    /// A judgement.
    Judgement(JudgementId),
    /// A check of the author, by position.
    Check(u16),
    /// Whether a field is shown and required.
    Field(FieldId),
}

/// What a part came to, unsettled values included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartValue(Came);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Came {
    Value(Value),
    Categories(u64),
    Violated(Tri),
    Field { shown: Tri, required: bool },
}

impl PartValue {
    /// Whether it depends on something unknown, so that completions may differ on it.
    pub fn is_open(self) -> bool {
        match self.0 {
            Came::Value(Value::Truth(holds)) => holds == Tri::Unknown,
            Came::Value(Value::Number(range)) => range.is_open(),
            Came::Value(Value::Grade(possible)) | Came::Categories(possible) => {
                possible.count_ones() != 1
            }
            Came::Violated(holds) => holds == Tri::Unknown,
            Came::Field { shown, .. } => shown == Tri::Unknown,
        }
    }
}

/// What one part of the form comes to: if it is the same in two forms that differ only there, and
/// not open, everything else is the same, too.
pub fn part_with(
    scratch: &mut Scratch,
    form: &Form,
    answers: &Answers,
    context: &Context,
    part: Part,
) -> PartValue {
    let mut machine = Machine::new(form.arena(), answers, context, scratch);
    PartValue(match part {
        Part::Definition(id) => Came::Value(machine.definition(id.0)),
        Part::Judgement(id) => Came::Categories(machine.judgement(id.0)),
        Part::Check(index) => {
            let condition = form.arena().checks.get(usize::from(index));
            let violated = |now: &mut Machine<'_>| {
                condition.map_or(Tri::Unknown, |condition| now.condition(*condition))
            };
            Came::Violated(machine.in_view(View::Now, violated))
        }
        Part::Field(id) => machine.in_view(View::Now, |now| Came::Field {
            shown: now.shown(id.0),
            required: form
                .arena()
                .field(id.0)
                .is_some_and(|rule| crate::findings::is_required(now, rule)),
        }),
    })
}

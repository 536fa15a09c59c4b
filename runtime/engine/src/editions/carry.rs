//! Last year's answers in this year's draft.

use super::Lineage;
use crate::answers::{Answer, Answers};
use crate::days::{Days, elapsed};
use crate::evaluate::Context;
use crate::findings::state;
use crate::form::Form;
use crate::machine::{Machine, Scratch};
use crate::program::{Carry, ElapsedUnit, FieldId};
use crate::range::Range;
use crate::value::{Date, Decimal};
use serde::Serialize;

/// The record whose answers are carried over.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Its answers, on the form of the oldest edition.
    pub answers: &'a Answers,
    /// The day it was written.
    pub written: Date,
}

/// A draft made from an older record.
#[derive(Clone, Debug, PartialEq)]
pub struct Carryover {
    /// The answers that were carried over, on the form of the newest edition.
    pub answers: Answers,
    /// How each of them is to be treated, in the order of the form.
    pub marks: Vec<Mark>,
    /// What was answered and not carried over, in the order of the older form.
    pub left: Vec<Left>,
}

/// An answer that was carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The question.
    pub field: FieldId,
    /// Wire name in the older edition.
    pub from: String,
    /// `Copy`, `Confirm` or `Expires`: `Never` is never carried.
    pub policy: Carry,
}

/// An answer that was not carried over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Wire name in the older edition.
    pub name: String,
    /// Its label there.
    pub label: String,
    /// Why not.
    pub why: WhyLeft,
}

/// Why an answer was not carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyLeft {
    /// The newer edition does not ask it.
    Dropped,
    /// The newer edition would not accept the answer, or asks for it anew.
    DoesNotFit,
    /// The form asks it anew every time.
    Never,
    /// It is too old.
    Expired,
    /// The question is not shown in the new draft.
    Hidden,
}

impl WhyLeft {
    /// The words shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Dropped => "今の版では尋ねません",
            Self::DoesNotFit => "今の版では尋ね直します",
            Self::Never => "毎回新しく記入する項目です",
            Self::Expired => "古い答えのため、新しく記入します",
            Self::Hidden => "今回は表示されない項目です",
        }
    }
}

/// An answer on its way through the editions.
struct Traveller {
    /// Where it comes from.
    origin: FieldId,
    field: FieldId,
    answer: Answer,
}

impl Lineage {
    /// The answers of a record of the oldest edition in a draft of the newest.
    pub fn carry(&self, source: &Source<'_>, context: &Context) -> Carryover {
        let mut left = Vec::new();
        let mut travellers: Vec<Traveller> = source
            .answers
            .iter()
            .filter(|(_, answer)| !answer.is_missing())
            .map(|(id, answer)| Traveller {
                origin: id,
                field: id,
                answer: answer.clone(),
            })
            .collect();
        for link in self.links.iter().rev() {
            travellers = travellers
                .into_iter()
                .flat_map(|traveller| {
                    let mut on: Vec<Traveller> = Vec::new();
                    let mut why = WhyLeft::Dropped;
                    for step in link.steps_of(traveller.field) {
                        match step.forward(&link.old, &link.new, &traveller.answer) {
                            Some(answer) => on.push(Traveller {
                                origin: traveller.origin,
                                field: step.new,
                                answer,
                            }),
                            None => why = WhyLeft::DoesNotFit,
                        }
                    }
                    if on.is_empty() {
                        left.push((traveller.origin, why));
                    }
                    on
                })
                .collect();
        }
        self.arrive(travellers, left, source, context)
    }

    /// Keeps what the policies of the newest edition allow.
    fn arrive(
        &self,
        travellers: Vec<Traveller>,
        mut left: Vec<(FieldId, WhyLeft)>,
        source: &Source<'_>,
        context: &Context,
    ) -> Carryover {
        let form: &Form = &self.newest;
        let mut answers = Answers::new(form);
        let mut kept: Vec<(FieldId, FieldId, Carry)> = Vec::new();
        for traveller in travellers {
            let policy = form
                .field(traveller.field)
                .map_or(Carry::Never, |f| f.carry);
            let why = match policy {
                Carry::Never => Some(WhyLeft::Never),
                Carry::Expires(months) if is_older(source.written, context.today, months) => {
                    Some(WhyLeft::Expired)
                }
                Carry::Copy | Carry::Confirm | Carry::Expires(_) => None,
            };
            match why {
                Some(why) => left.push((traveller.origin, why)),
                None => {
                    answers.set(traveller.field, traveller.answer);
                    kept.push((traveller.field, traveller.origin, policy));
                }
            }
        }
        while let Some(hidden) = first_hidden(form, &answers, context) {
            answers.set(hidden, Answer::Missing);
            let origin = kept.iter().find(|(field, ..)| *field == hidden);
            left.extend(origin.map(|(_, origin, _)| (*origin, WhyLeft::Hidden)));
            kept.retain(|(field, ..)| *field != hidden);
        }
        kept.sort_by_key(|(field, ..)| *field);
        left.sort_by_key(|(origin, _)| *origin);
        let old = |id: FieldId| self.oldest().field(id);
        Carryover {
            answers,
            marks: kept
                .into_iter()
                .map(|(field, origin, policy)| Mark {
                    field,
                    from: old(origin).map(|f| f.name.clone()).unwrap_or_default(),
                    policy,
                })
                .collect(),
            left: left
                .into_iter()
                .filter_map(|(origin, why)| {
                    let field = old(origin)?;
                    Some(Left {
                        name: field.name.clone(),
                        label: field.label.clone(),
                        why,
                    })
                })
                .collect(),
        }
    }
}

impl Carryover {
    /// The answers that count as they stand: without those the physician has to confirm first.
    pub fn settled(&self) -> Answers {
        let mut answers = self.answers.clone();
        for mark in self.marks.iter().filter(|m| m.policy == Carry::Confirm) {
            answers.set(mark.field, Answer::Missing);
        }
        answers
    }
}

/// Whether more than so many months have passed. Of a partial date the earliest day counts.
fn is_older(written: Date, today: Date, months: u32) -> bool {
    let day = |number: i32| Days {
        first: number,
        last: number,
    };
    let eve = (today.last_day() - 1).max(Date::FIRST_DAY);
    match elapsed(ElapsedUnit::Months, day(written.first_day()), day(eve)) {
        Range::Within(_, most) => most >= Decimal::from(months),
        _ => true,
    }
}

/// An answered question that is not shown.
fn first_hidden(form: &Form, answers: &Answers, context: &Context) -> Option<FieldId> {
    let mut scratch = Scratch::default();
    let mut machine = Machine::new(form.arena(), answers, context, &mut scratch);
    let shown = state(form, &mut machine, context.application).shown;
    answers
        .iter()
        .filter(|(_, answer)| !answer.is_missing())
        .map(|(id, _)| id)
        .find(|id| shown.get(usize::from(id.0)) == Some(&false))
}

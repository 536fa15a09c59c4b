//! One migration between two editions, with its wire names found.

use super::fit::{Fit, fit};
use crate::answers::{Answer, Answers};
use crate::form::Form;
use crate::intake::read_one;
use crate::program::{Carried, Code, DatePrecision, FieldId, FieldType, Index};
use crate::value::Date;
use crate::wire::WireError;
use crate::written::values;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Two editions and the way of every answer between them.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) old: Arc<Form>,
    pub(super) new: Arc<Form>,
    /// For each field of the older edition, the steps that carry it; none if it is dropped.
    by_old: Vec<Vec<Step>>,
}

/// The way of the answer to one question.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) old: FieldId,
    pub(super) new: FieldId,
    /// By the code of the older edition, the code of the newer one; nothing: asked anew.
    codes: Vec<Option<Index>>,
}

/// A question of the older edition that a record of the newer one does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Wire name in the older edition.
    pub name: String,
    /// Its label there.
    pub label: String,
    /// Why not.
    pub why: WhyUnread,
}

/// Why a question of the older edition is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyUnread {
    /// The newer edition does not ask it.
    NotAsked,
    /// The answer is none that the older edition has, or may be one of several.
    NoCounterpart,
    /// Two answers of the newer edition come from it, and they differ.
    Contradictory,
}

impl WhyUnread {
    /// The words shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotAsked => "今の版では尋ねていない項目です",
            Self::NoCounterpart => "答えに当たるものが前の版に一つに決まりません",
            Self::Contradictory => "今の版の二つの答えが食い違っています",
        }
    }
}

impl Link {
    /// The link that the migration of `new` makes with `old`.
    pub(super) fn new(old: Arc<Form>, new: Arc<Form>) -> Result<Self, WireError> {
        let edition = &old.program().edition;
        let migration = new.program().migrations.iter();
        let Some(migration) = migration.clone().find(|m| m.edition == *edition) else {
            return Err(WireError::NoEdition {
                key: new.program().key.clone(),
                edition: new.program().edition.clone(),
                older: edition.clone(),
            });
        };
        let mut by_old: Vec<Vec<Step>> = vec![Vec::new(); old.program().fields.len()];
        for carried in &migration.carried {
            let step = step(&old, &new, carried)?;
            if let Some(steps) = by_old.get_mut(usize::from(step.old.0)) {
                steps.push(step);
            }
        }
        let dropped: BTreeSet<&str> = migration.dropped.iter().map(|d| d.old.as_str()).collect();
        if let Some(stranger) = dropped.iter().find(|name| old.field_id(name).is_none()) {
            return Err(unknown(stranger));
        }
        for (field, steps) in old.program().fields.iter().zip(&by_old) {
            if steps.is_empty() && !dropped.contains(field.name.as_str()) {
                return Err(refused(&field.name, "移しも廃止もされていない項目です"));
            }
        }
        Ok(Self { old, new, by_old })
    }

    /// The steps that carry the answer to a question of the older edition.
    pub(super) fn steps_of(&self, old: FieldId) -> &[Step] {
        self.by_old
            .get(usize::from(old.0))
            .map_or(&[], Vec::as_slice)
    }

    /// A record of the newer edition as the older one reads it. `unread` are the questions of the
    /// newer edition itself that a still newer record does not answer.
    pub(super) fn backward(&self, answers: &Answers, unread: &[Unread]) -> (Answers, Vec<Unread>) {
        let mut read = Answers::new(&self.old);
        let mut not_read = Vec::new();
        let fields = self.old.program().fields.iter().zip(&self.by_old);
        for (id, (field, steps)) in (0..=u16::MAX).zip(fields) {
            match self.back(answers, unread, steps) {
                Ok(answer) => read.set(FieldId(id), answer),
                Err(why) => not_read.push(Unread {
                    name: field.name.clone(),
                    label: field.label.clone(),
                    why,
                }),
            }
        }
        (read, not_read)
    }

    /// What the answers of the newer edition that come from one question say about it.
    fn back(
        &self,
        answers: &Answers,
        unread: &[Unread],
        steps: &[Step],
    ) -> Result<Answer, WhyUnread> {
        let mut found = Answer::Missing;
        let mut why = steps.is_empty().then_some(WhyUnread::NotAsked);
        for step in steps {
            let name = self.new.field(step.new).map_or("", |f| f.name.as_str());
            if let Some(above) = unread.iter().find(|u| u.name == name) {
                why = Some(above.why);
                continue;
            }
            match step.backward(&self.old, &self.new, answers.get(step.new)) {
                Some(answer) if answer.is_missing() => {}
                Some(answer) if found.is_missing() || found == answer => found = answer,
                Some(_) => return Err(WhyUnread::Contradictory),
                None => return Err(WhyUnread::NoCounterpart),
            }
        }
        match why {
            Some(why) if found.is_missing() => Err(why),
            _ => Ok(found),
        }
    }
}

impl Step {
    /// An answer of the older edition as one of the newer; nothing if it does not fit.
    pub(super) fn forward(&self, old: &Form, new: &Form, answer: &Answer) -> Option<Answer> {
        let code = |index: &Index| self.codes.get(usize::from(*index)).copied().flatten();
        match answer {
            Answer::Code(index) => put(new, self.new, vec![code(index)?]),
            Answer::Codes(indices) => {
                let codes: Option<Vec<Index>> = indices.iter().map(code).collect();
                put(new, self.new, codes?)
            }
            answer => reread(old, self.old, new, self.new, answer),
        }
    }

    /// An answer of the newer edition as one of the older; nothing if it has no one counterpart.
    fn backward(&self, old: &Form, new: &Form, answer: &Answer) -> Option<Answer> {
        match answer {
            Answer::Code(index) => put(old, self.old, vec![self.inverse(old, *index)?]),
            Answer::Codes(indices) => {
                let codes: Option<Vec<Index>> =
                    indices.iter().map(|i| self.inverse(old, *i)).collect();
                put(old, self.old, codes?)
            }
            answer => reread(new, self.new, old, self.old, answer),
        }
    }

    /// The one code of the older edition that becomes `new`.
    ///
    /// A known code of the older edition that is asked anew may have become any code, so then
    /// nothing can be read back.
    fn inverse(&self, old: &Form, new: Index) -> Option<Index> {
        let table: &[Code] = old.codes(self.old);
        let asked_anew = |(code, to): (&Code, &Option<Index>)| to.is_none() && !code.unknown;
        if table.iter().zip(&self.codes).any(asked_anew) {
            return None;
        }
        let mut from = (0..=Index::MAX)
            .zip(&self.codes)
            .filter(|(_, to)| **to == Some(new));
        let (one, _) = from.next()?;
        from.next().is_none().then_some(one)
    }
}

/// Codes as an answer to a question with one or several.
fn put(form: &Form, id: FieldId, mut codes: Vec<Index>) -> Option<Answer> {
    codes.sort_unstable();
    codes.dedup();
    match (&form.field(id)?.ty, codes.as_slice()) {
        (FieldType::Choices { .. }, _) => Some(Answer::Codes(codes)),
        (FieldType::Choice { .. }, [one]) => Some(Answer::Code(*one)),
        _ => None,
    }
}

/// An answer to one question as one to another: written down and read again, so that it is one
/// that could have been typed.
fn reread(from: &Form, id: FieldId, to: &Form, target: FieldId, answer: &Answer) -> Option<Answer> {
    if answer.is_missing() {
        return Some(Answer::Missing);
    }
    if let (Answer::Date(date), FieldType::Date { precision }) = (answer, &to.field(target)?.ty) {
        return Some(Answer::Date(no_finer(*date, *precision)));
    }
    let written = values(from, id, answer);
    let written: Vec<&str> = written.iter().map(String::as_str).collect();
    read_one(to, target, &written).ok()
}

/// A date no finer than asked for: the older or newer edition asks for less.
fn no_finer(date: Date, asked: DatePrecision) -> Date {
    let coarse = match (asked, date.month_number()) {
        (DatePrecision::Day, _) => None,
        (DatePrecision::Month, month) => month.and_then(|m| Date::month(date.year_number(), m)),
        (DatePrecision::Year, _) => Date::year(date.year_number()),
    };
    coarse.unwrap_or(date)
}

fn step(old: &Form, new: &Form, carried: &Carried) -> Result<Step, WireError> {
    let id = old
        .field_id(&carried.old)
        .ok_or_else(|| unknown(&carried.old))?;
    let (Some(from), Some(to)) = (old.field(id), new.field(carried.new)) else {
        return Err(unknown(&carried.old));
    };
    match fit(from, to) {
        Fit::Always => {}
        Fit::Sometimes(_) if carried.where_it_fits => {}
        Fit::Sometimes(why) | Fit::Never(why) => return Err(refused(&carried.old, &why)),
    }
    let codes = old
        .codes(id)
        .iter()
        .map(|code| {
            let to = carried.codes.iter().find(|m| m.old == code.value);
            let to = to.ok_or_else(|| refused(&carried.old, "行き先のない選択肢があります"))?;
            let target = to
                .new
                .and_then(|n| new.codes(carried.new).get(usize::from(n)));
            match target {
                Some(target) if code.unknown && !target.unknown => Err(refused(
                    &carried.old,
                    "不明を表す選択肢が、ほかの選択肢になります",
                )),
                _ => Ok(to.new),
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    if codes.len() != carried.codes.len() {
        return Err(refused(&carried.old, "前の版にない選択肢があります"));
    }
    Ok(Step {
        old: id,
        new: carried.new,
        codes,
    })
}

fn unknown(name: &str) -> WireError {
    refused(name, "前の版にない項目です")
}

fn refused(at: &str, reason: &str) -> WireError {
    WireError::Kind {
        at: at.to_owned(),
        reason: reason.to_owned(),
    }
}

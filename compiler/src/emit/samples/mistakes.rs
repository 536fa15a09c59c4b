//! A record with one mistake of each kind.

use super::outcome;
use crate::prove::wanted::Wanted;
use kohyo_engine::program::{Application, Field, FieldId, FieldType, Index};
use kohyo_engine::{Context, Decimal, Form, Outcome, RawAnswers, written};
use std::collections::BTreeSet;

/// So many of the checks across items are shown.
const CHECKS: usize = 3;
/// So many of them are tried.
const CHECK_TRIES: u16 = 12;
/// A mistake that brings more findings than this along shows nothing clearly.
const CLEAR: usize = 4;
/// So many items are tried for one kind of mistake.
const ITEM_TRIES: usize = 8;

/// A kind of mistake in one item: what its check ids begin with, and the wrong values for an item
/// of a suitable type.
struct Kind {
    prefix: &'static str,
    /// Nothing if the item cannot have this mistake; an empty list takes its answer away.
    wrong: fn(&Form, FieldId, &Field) -> Option<Vec<String>>,
    /// Whether the item must be one that is shown.
    shown: bool,
}

const KINDS: [Kind; 9] = [
    Kind {
        prefix: "code.",
        wrong: other_code,
        shown: true,
    },
    Kind {
        prefix: "range.",
        wrong: beyond,
        shown: true,
    },
    Kind {
        prefix: "type.",
        wrong: |_, _, field| matches!(field.ty, FieldType::Number { .. }).then(|| text("12,3")),
        shown: true,
    },
    Kind {
        prefix: "date.",
        wrong: |_, _, field| matches!(field.ty, FieldType::Date { .. }).then(|| text("2025-02-30")),
        shown: true,
    },
    Kind {
        prefix: "width.",
        wrong: |_, _, field| match field.ty {
            FieldType::Text { chars, .. } if chars <= 500 => {
                Some(vec!["長".repeat(usize::try_from(chars).ok()? + 1)])
            }
            _ => None,
        },
        shown: true,
    },
    Kind {
        prefix: "kana.",
        wrong: |_, _, field| matches!(field.ty, FieldType::Kana { .. }).then(|| text("山田")),
        shown: true,
    },
    Kind {
        prefix: "digits.",
        wrong: |_, _, field| match field.ty {
            FieldType::Digits { count } => Some(vec!["1".repeat(usize::try_from(count).ok()? + 1)]),
            FieldType::PostalCode => Some(text("100891")),
            _ => None,
        },
        shown: true,
    },
    Kind {
        prefix: "required.",
        wrong: |_, _, field| field.required.then(Vec::new),
        shown: true,
    },
    Kind {
        prefix: "hidden.",
        wrong: some_value,
        shown: false,
    },
];

fn text(value: &str) -> Vec<String> {
    vec![value.to_owned()]
}

/// A code that the table does not have.
fn other_code(form: &Form, id: FieldId, field: &Field) -> Option<Vec<String>> {
    let codes = form.codes(id);
    let free = (1..1000).map(|number| number.to_string());
    let mut free = free.filter(|value| codes.iter().all(|code| code.value != *value));
    matches!(field.ty, FieldType::Choice { .. }).then(|| free.next().into_iter().collect())
}

/// The smallest number above the range, or the largest below it.
fn beyond(_: &Form, _: FieldId, field: &Field) -> Option<Vec<String>> {
    let FieldType::Number {
        fraction, min, max, ..
    } = &field.ty
    else {
        return None;
    };
    let step = Decimal::new(1, u32::from(*fraction));
    let number = match (min, max) {
        (_, Some(max)) => max.checked_add(step)?,
        (Some(min), None) => min.checked_sub(step)?,
        (None, None) => return None,
    };
    Some(vec![number.normalize().to_string()])
}

/// Something the item could hold.
fn some_value(form: &Form, id: FieldId, field: &Field) -> Option<Vec<String>> {
    Some(match &field.ty {
        FieldType::Choice { .. } | FieldType::Choices { .. } => {
            vec![form.codes(id).first()?.value.clone()]
        }
        FieldType::Number { min, .. } => text(&min.unwrap_or(Decimal::ONE).normalize().to_string()),
        FieldType::Date { .. } => text("2019"),
        FieldType::Text { .. } => text("記入あり"),
        _ => return None,
    })
}

/// The record with one mistake of each kind that its form can have; nothing if it can have none.
pub(super) fn errors(
    form: &Form,
    wanted: &mut Wanted<'_>,
    context: &Context,
    sound: &RawAnswers,
) -> Option<RawAnswers> {
    let mut broken = Broken {
        form,
        context,
        before: outcome(form, context, sound),
        raw: sound.clone(),
        shown: BTreeSet::new(),
        touched: BTreeSet::new(),
    };
    broken.checks(wanted);
    for kind in &KINDS {
        broken.item(kind);
    }
    (!broken.shown.is_empty()).then_some(broken.raw)
}

/// A record that gets one mistake after the other.
struct Broken<'f> {
    form: &'f Form,
    context: &'f Context,
    raw: RawAnswers,
    before: Outcome,
    /// Checks that it is to show.
    shown: BTreeSet<String>,
    /// Items that have been changed.
    touched: BTreeSet<String>,
}

impl Broken<'_> {
    /// Mistakes across items, from patients that violate one check after the other.
    fn checks(&mut self, wanted: &mut Wanted<'_>) {
        let form = self.form;
        let mut found = 0;
        for (index, check) in (0..CHECK_TRIES).zip(&form.program().checks) {
            if found == CHECKS {
                break;
            }
            if check.only == Some(Application::Renewal) || self.shown.contains(&check.id) {
                continue;
            }
            let index: Index = index;
            let Some((answers, _)) = wanted.violating(index, self.context.application) else {
                continue;
            };
            let values = written(form, &answers);
            if values.keys().any(|name| self.touched.contains(name)) {
                continue;
            }
            let names: Vec<String> = values.keys().cloned().collect();
            let mut raw = self.raw.clone();
            raw.extend(values);
            if self.keep(raw, |id| id == check.id) {
                self.touched.extend(names);
                found += 1;
            }
        }
    }

    /// A mistake in one item that has none yet.
    fn item(&mut self, kind: &Kind) {
        let form = self.form;
        let mut tries = 0;
        for (id, field) in (0..=u16::MAX).map(FieldId).zip(&form.program().fields) {
            let is_shown = self.before.shown.get(usize::from(id.0)) == Some(&true);
            let answered = self.raw.contains_key(&field.name);
            let fits = is_shown == kind.shown && answered == kind.shown;
            if !fits || self.touched.contains(&field.name) {
                continue;
            }
            let Some(values) = (kind.wrong)(form, id, field) else {
                continue;
            };
            let mut raw = self.raw.clone();
            match values.as_slice() {
                [] => raw.remove(&field.name),
                _ => raw.insert(field.name.clone(), values),
            };
            let wished = format!("{}{}", kind.prefix, field.name);
            if self.keep(raw, |id| id == wished) {
                self.touched.insert(field.name.clone());
                return;
            }
            tries += 1;
            if tries == ITEM_TRIES {
                return;
            }
        }
    }

    /// Keeps the change if it shows what it should, hides nothing shown before and brings little
    /// else along.
    fn keep(&mut self, raw: RawAnswers, wished: impl Fn(&str) -> bool) -> bool {
        let after = outcome(self.form, self.context, &raw);
        let ids: BTreeSet<&str> = after.findings.iter().map(|f| f.check.as_str()).collect();
        let new = ids.iter().find(|id| wished(id));
        let kept = self.shown.iter().all(|id| ids.contains(id.as_str()));
        let clear = after.findings.len() <= self.before.findings.len() + CLEAR;
        let Some(new) = new.filter(|_| kept && clear) else {
            return false;
        };
        self.shown.insert((*new).to_owned());
        self.raw = raw;
        self.before = after;
        true
    }
}

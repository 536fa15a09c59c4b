//! What was answered a year ago, beside the questions of a renewal.

use crate::form::fields;
use kohyo_engine::PageView;
use serde::Serialize;
use std::collections::BTreeMap;

/// The answers of an earlier record that may stand in a renewal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// The day it was confirmed: `2025-06-01`.
    pub on: String,
    /// The record.
    pub record: String,
    /// By wire name of the question.
    pub answers: BTreeMap<String, EarlierAnswer>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierAnswer {
    /// As people read it: `あり`, `2024年3月`.
    pub text: String,
    /// As it is written on the wire.
    pub values: Vec<String>,
    /// Whether a physician has to say that it still holds, or it was copied.
    pub confirm: bool,
}

/// What `field_edit.html` draws of it.
#[derive(Serialize)]
pub(crate) struct EarlierItem {
    on: String,
    text: String,
    /// The values as JSON, for `form.js`.
    values: String,
    confirm: bool,
    /// Whether the same stands in the form now.
    same: bool,
}

/// What a page says about all of them.
#[derive(Serialize)]
pub struct EarlierSummary {
    /// The day of the earlier record, in Japanese.
    on: String,
    /// Its id.
    record: String,
    /// How many answers stand in the form as they were.
    same: usize,
    /// How many shown questions wait for somebody to say that the answer still holds.
    waiting: usize,
}

impl Earlier {
    /// The answers that stand in `view`, as far as `confirm` knows how they are carried over: whether
    /// a physician has to say that they still hold.
    pub fn of(
        view: &PageView,
        on: String,
        record: String,
        confirm: impl Fn(&str) -> Option<bool>,
    ) -> Self {
        let answered = fields(view).filter(|field| !field.values.is_empty());
        let answers = answered.filter_map(|field| {
            let answer = EarlierAnswer {
                text: field.text.clone(),
                values: field.values.clone(),
                confirm: confirm(&field.name)?,
            };
            Some((field.name.clone(), answer))
        });
        Self {
            on,
            record,
            answers: answers.collect(),
        }
    }

    /// What stands beside a question that is answered with `values` now.
    pub(crate) fn beside(&self, name: &str, values: &[String]) -> Option<EarlierItem> {
        let answer = self.answers.get(name)?;
        Some(EarlierItem {
            on: self.day(),
            text: answer.text.clone(),
            values: serde_json::to_string(&answer.values).unwrap_or_default(),
            confirm: answer.confirm,
            same: answer.values == values,
        })
    }

    /// How much of it stands in the form.
    pub fn summary(&self, view: &PageView) -> EarlierSummary {
        let mut summary = EarlierSummary {
            on: self.day(),
            record: self.record.clone(),
            same: 0,
            waiting: 0,
        };
        for field in fields(view).filter(|field| field.shown) {
            let Some(answer) = self.answers.get(&field.name) else {
                continue;
            };
            summary.same += usize::from(answer.values == field.values);
            summary.waiting += usize::from(answer.confirm && field.values.is_empty());
        }
        summary
    }

    fn day(&self) -> String {
        crate::western(&self.on).unwrap_or_else(|| self.on.clone())
    }
}

//! What the review board sees of a record: one policy for pages and paper.
//!
//! The board judges without knowing whom: it sees neither what names the person, or could do so
//! where a disease is rare, nor any reason or finding that quotes it
//! (要件定義状況の情報共有: 審査会用の個人情報マスク印刷).

use crate::outcome::{ExplainNode, Finding};
use crate::program::{FieldType, Privacy, Program};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What stands where an answer is left out.
pub const MASKED: &str = "マスク済み";

/// How much of an answer the review board sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownToBoard {
    /// All of it.
    Whole,
    /// Year and month of a day: enough for the age.
    Month,
    /// Nothing.
    Nothing,
}

impl ShownToBoard {
    /// What is seen of the answer to a question of this type that points so closely at a person.
    pub fn of(privacy: Option<Privacy>, ty: &FieldType) -> Self {
        match (privacy, ty) {
            (Some(Privacy::Identifying), _) => Self::Nothing,
            (Some(Privacy::Quasi), FieldType::Date { .. }) => Self::Month,
            // Many share a sex or a prefecture.
            (Some(Privacy::Quasi), FieldType::Choice { .. } | FieldType::Choices { .. }) => {
                Self::Whole
            }
            (Some(Privacy::Quasi), _) => Self::Nothing,
            (Some(Privacy::Sensitive) | None, _) => Self::Whole,
        }
    }
}

/// Names of the fields whose answers the board does not see in full: no reason quotes them.
pub fn masked_fields(program: &Program) -> BTreeSet<&str> {
    let fields = program.fields.iter();
    fields
        .filter(|field| ShownToBoard::of(field.privacy, &field.ty) != ShownToBoard::Whole)
        .map(|field| field.name.as_str())
        .collect()
}

impl ExplainNode {
    /// The answer that a reason quotes, unless it is among the masked ones.
    pub fn answer_beside(&self, masked: &BTreeSet<&str>) -> Option<&str> {
        let hidden = self
            .field
            .as_deref()
            .is_some_and(|name| masked.contains(name));
        let answer = self.answer.as_deref()?;
        Some(if hidden { MASKED } else { answer })
    }
}

impl Finding {
    /// What is wrong, without the words of an answer that is among the masked ones. That nothing is
    /// answered may be said.
    pub fn message_beside(&self, program: &Program, masked: &BTreeSet<&str>) -> Cow<'_, str> {
        let fields = self.fields.iter();
        let mut fields = fields.filter_map(|id| program.fields.get(usize::from(id.0)));
        let about = fields.find(|field| masked.contains(field.name.as_str()));
        match about {
            Some(field) if !self.check.starts_with("required.") => {
                format!("「{}」についての指摘（{MASKED}）", field.label).into()
            }
            _ => self.message.as_str().into(),
        }
    }
}

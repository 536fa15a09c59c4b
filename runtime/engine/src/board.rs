//! What the review board sees of a record: one policy for pages and paper.
//!
//! The board judges without knowing whom: it sees neither what names the person, or could do so
//! where a disease is rare, nor any reason or finding that quotes it
//! (要件定義状況の情報共有: 審査会用の個人情報マスク印刷).

use crate::outcome::{ExplainNode, Finding};
use crate::program::{FieldType, Privacy, Program};
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

/// What stands instead of message and help of a finding about a masked answer, as both may quote it:
/// the id of the check and the label of the question say that there is one. That nothing is answered
/// may be read as it is.
pub fn masked_message(check: &str, label: &str) -> Option<String> {
    (!check.starts_with("required.")).then(|| format!("「{label}」についての指摘（{MASKED}）"))
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
    /// What stands instead of message and help, if this is about an answer that is among the masked
    /// ones.
    pub fn message_beside(&self, program: &Program, masked: &BTreeSet<&str>) -> Option<String> {
        let fields = self.fields.iter();
        let mut fields = fields.filter_map(|id| program.fields.get(usize::from(id.0)));
        let about = fields.find(|field| masked.contains(field.name.as_str()))?;
        masked_message(&self.check, &about.label)
    }
}

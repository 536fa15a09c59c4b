//! What a person has answered, one slot per field.

use crate::form::Form;
use crate::program::{FieldId, Index};
use crate::value::{Date, Decimal};

/// One answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Answer {
    /// Not filled in.
    #[default]
    Missing,
    /// A code, by its position in the table of the field.
    Code(Index),
    /// Several codes, by their positions, ascending and each once. None chosen is unanswered.
    Codes(Vec<Index>),
    /// A number in the unit of the field.
    Number(Decimal),
    /// A date; a partial one stands for every day it covers.
    Date(Date),
    /// Text.
    Text(Box<str>),
}

impl Answer {
    /// Whether nothing is filled in.
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Codes(codes) => codes.is_empty(),
            Self::Code(_) | Self::Number(_) | Self::Date(_) | Self::Text(_) => false,
        }
    }
}

static MISSING: Answer = Answer::Missing;

/// The answers to a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    slots: Vec<Answer>,
}

impl Answers {
    /// An empty sheet for this form.
    pub fn new(form: &Form) -> Self {
        Self::with_len(form.program().fields.len())
    }

    /// An empty sheet for so many fields.
    pub fn with_len(fields: usize) -> Self {
        Self {
            slots: vec![Answer::Missing; fields],
        }
    }

    /// The answer to a field; missing if there is no such field.
    pub fn get(&self, field: FieldId) -> &Answer {
        self.slots.get(usize::from(field.0)).unwrap_or(&MISSING)
    }

    /// Fills in an answer; a field beyond the end of the sheet is added to it.
    pub fn set(&mut self, field: FieldId, answer: Answer) {
        let position = usize::from(field.0);
        if position >= self.slots.len() {
            self.slots.resize(position + 1, Answer::Missing);
        }
        if let Some(slot) = self.slots.get_mut(position) {
            *slot = answer;
        }
    }

    /// Empties the sheet and keeps its memory.
    pub fn clear(&mut self) {
        self.slots.fill(Answer::Missing);
    }

    /// Every field with its answer, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FieldId, &Answer)> {
        (0..=u16::MAX).map(FieldId).zip(&self.slots)
    }
}

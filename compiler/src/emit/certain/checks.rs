//! Checks: what must and must not be filled in, and what the author of a form asks for.

use super::{Translated, Walk, Words};
use crate::emit::wire;
use kohyo_engine::program::{self, Field, FieldId, Level, Program};
use std::slice;

/// A check of a form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Check<'p> {
    /// A field that is required where it is shown is not answered.
    Required(FieldId, &'p Field),
    /// A field is answered that is not asked for.
    Hidden(FieldId, &'p Field),
    /// The author of the form wrote it.
    Authored(&'p program::Check),
}

/// The checks of a form: those of its fields, in the order of the record, then those of its author.
pub(crate) fn checks(program: &Program) -> impl Iterator<Item = Check<'_>> {
    let fields = wire::sections(program)
        .into_iter()
        .flat_map(|section| section.fields);
    let of_fields = fields.flat_map(|placed| {
        let required = placed.field.required || placed.field.required_when.is_some();
        let required = required.then_some(Check::Required(placed.id, placed.field));
        let hidden = Check::Hidden(placed.id, placed.field);
        required.into_iter().chain([hidden])
    });
    of_fields.chain(program.checks.iter().map(Check::Authored))
}

impl Check<'_> {
    /// As findings name it: `required.tremor`, `hidden.tremor`, `R012`.
    pub(crate) fn id(&self) -> String {
        match self {
            Self::Required(_, field) => format!("required.{}", field.name),
            Self::Hidden(_, field) => format!("hidden.{}", field.name),
            Self::Authored(check) => check.id.clone(),
        }
    }

    pub(crate) fn level(&self) -> Level {
        match self {
            Self::Required(..) | Self::Hidden(..) => Level::Error,
            Self::Authored(check) => check.level,
        }
    }

    /// What is wrong where it is violated.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Required(_, field) => format!("「{}」が未記入です", field.label),
            Self::Hidden(_, field) => {
                format!("「{}」は記入しない項目ですが、記入があります", field.label)
            }
            Self::Authored(check) => check.message.clone(),
        }
    }

    /// The fields it is shown at.
    pub(crate) fn at(&self) -> &[FieldId] {
        match self {
            Self::Required(id, _) | Self::Hidden(id, _) => slice::from_ref(id),
            Self::Authored(check) => &check.at,
        }
    }
}

impl<W: Words> Walk<'_, W> {
    /// Whether a check is violated.
    pub(crate) fn violated(&mut self, check: &Check<'_>) -> Translated<W::Truth> {
        match check {
            Check::Required(id, field) => self.unanswered(*id, field),
            Check::Hidden(id, field) => {
                let hidden = self.hidden(*id, field)?;
                Ok(W::all(vec![hidden, self.words.written(*id)]))
            }
            Check::Authored(check) => {
                let violated = self.condition(&check.violated)?;
                Ok(match check.only {
                    Some(only) => W::all(vec![self.words.application(only), violated]),
                    None => violated,
                })
            }
        }
    }

    /// An answer is one too many.
    fn hidden(&mut self, id: FieldId, field: &Field) -> Translated<W::Truth> {
        let Some(when) = &field.hidden_when else {
            return Ok(W::not(&self.shown(id)?));
        };
        let when = self.condition(when)?;
        Ok(match field.only {
            Some(only) => W::any(vec![W::not(&self.words.application(only)), when]),
            None => when,
        })
    }

    /// Shown and required for certain, and nothing is written.
    fn unanswered(&mut self, id: FieldId, field: &Field) -> Translated<W::Truth> {
        let required = match &field.required_when {
            Some(when) if !field.required => self.condition(when)?,
            _ => W::known(field.required),
        };
        let required = W::all(vec![self.shown(id)?, required]);
        let empty = W::not(&self.words.written(id));
        Ok(W::all(vec![required, empty]))
    }
}

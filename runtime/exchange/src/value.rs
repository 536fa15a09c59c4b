//! Written values of one question → its answer, however they came.

use crate::finding::{Place, RecordFinding, shortened};
use crate::normalise::{Change, SAME_CODE, normalised};
use kohyo_engine::program::{FieldId, FieldType};
use kohyo_engine::{Answer, Form, read_one};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The answer that these values are. If asked for, values are read otherwise than written where there
/// is no doubt, and the changes are listed; places are left to the caller.
///
/// # Errors
/// What is wrong with the values.
pub(crate) fn read_written(
    form: &Form,
    id: FieldId,
    mut values: Vec<Cow<'_, str>>,
    changes: Option<&mut Vec<Change>>,
) -> Result<Answer, Box<RecordFinding>> {
    let field = form.field(id);
    let label = || field.map(|field| field.label.clone()).unwrap_or_default();
    if let Some(changes) = changes {
        let mut change = |old: &str, new: &str, what| {
            changes.push(Change {
                place: Place::default(),
                item: label(),
                old: shortened(old),
                new: shortened(new),
                what,
            });
        };
        for value in &mut values {
            for (new, what) in normalised(form, id, value) {
                change(value, &new, what);
                *value = new.into();
            }
        }
        if let Some(FieldType::Choices { .. }) = field.map(|field| &field.ty) {
            let written = values.join(";");
            let before = values.len();
            let mut met = BTreeSet::new();
            values.retain(|value| value.is_empty() || met.insert(value.clone()));
            if values.len() < before {
                change(&written, &values.join(";"), SAME_CODE);
            }
        }
    }
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    read_one(form, id, &values)
        .map_err(|finding| Box::new(RecordFinding::of(finding, label(), Place::default())))
}

//! Written values of one question → its answer, however they came.

use crate::finding::{Place, RecordFinding, shortened};
use crate::normalise::{Change, normalised};
use kohyo_engine::program::FieldId;
use kohyo_engine::{Answer, Form, read_one};
use std::borrow::Cow;

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
        for value in &mut values {
            if let Some((new, what)) = normalised(form, id, value) {
                changes.push(Change {
                    place: Place::default(),
                    item: label(),
                    old: shortened(value),
                    new: shortened(&new),
                    what,
                });
                *value = new.into();
            }
        }
    }
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    read_one(form, id, &values)
        .map_err(|finding| Box::new(RecordFinding::of(finding, label(), Place::default())))
}

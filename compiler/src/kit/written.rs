//! A record before it is XML, as wrong as it is meant to be: this writes also what no sound system
//! would.

use super::Values;
use kohyo_engine::{Context, Form, RawAnswers};
use kohyo_record::RecordWriter;

/// A record before it is XML.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The kind of application, and the day on which it was written and is judged.
    pub(super) context: Context,
    /// Values as they are written, perhaps wrong ones; a blank one is an element without a value.
    pub(super) raw: RawAnswers,
    pub(super) tweak: Tweak,
}

impl Written {
    /// What it says in any format; nothing if it has a peculiarity of the XML.
    pub(super) fn values(&self) -> Option<Values> {
        let plain = matches!(self.tweak, Tweak::None);
        plain.then(|| Values {
            heading: self.context.into(),
            raw: self.raw.clone(),
        })
    }
}

/// A peculiarity of the XML.
#[derive(Clone, Debug, Default)]
pub(super) enum Tweak {
    #[default]
    None,
    /// The unit attribute of this field says this.
    Unit(String, String),
    /// This field has no unit attribute.
    NoUnit(String),
}

/// The document of a record.
pub(super) fn document(form: &Form, record: &Written) -> String {
    let writer = RecordWriter::new(form).with_blanks();
    let writer = match &record.tweak {
        Tweak::None => writer,
        Tweak::Unit(field, unit) => writer.with_unit(field, Some(unit)),
        Tweak::NoUnit(field) => writer.with_unit(field, None),
    };
    writer.text(record.context.into(), &record.raw)
}

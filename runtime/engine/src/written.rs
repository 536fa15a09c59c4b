//! Answers back to the words of the wire.

use crate::{Answer, Answers, Form, RawAnswers};

/// Every answer as it is written on the wire; [`crate::read`] gives the same answers again.
pub fn written(form: &Form, answers: &Answers) -> RawAnswers {
    let mut raw = RawAnswers::new();
    for (id, answer) in answers.iter() {
        let Some(field) = form.field(id) else {
            continue;
        };
        let code = |index: &u16| {
            form.codes(id)
                .get(usize::from(*index))
                .map(|code| code.value.clone())
        };
        let values: Vec<String> = match answer {
            Answer::Missing => continue,
            Answer::Code(index) => code(index).into_iter().collect(),
            Answer::Codes(indices) => indices.iter().filter_map(code).collect(),
            Answer::Number(number) => vec![number.to_string()],
            Answer::Date(date) => vec![date.to_string()],
            Answer::Text(text) => vec![text.to_string()],
        };
        raw.insert(field.name.clone(), values);
    }
    raw
}

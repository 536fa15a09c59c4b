//! Answers back to the words of the wire.

use crate::answers::{Answer, Answers};
use crate::form::Form;
use crate::intake::RawAnswers;
use crate::program::{FieldId, Index};

/// Every answer as it is written on the wire; [`crate::read`] gives the same answers again.
pub fn written(form: &Form, answers: &Answers) -> RawAnswers {
    let answered = answers.iter().filter(|(_, answer)| !answer.is_missing());
    answered
        .filter_map(|(id, answer)| Some((form.field(id)?.name.clone(), values(form, id, answer))))
        .collect()
}

/// One answer as it is written on the wire; several values for several codes.
pub fn values(form: &Form, id: FieldId, answer: &Answer) -> Vec<String> {
    let code = |index: &Index| {
        let code = form.codes(id).get(usize::from(*index));
        code.map(|code| code.value.clone())
    };
    match answer {
        Answer::Missing => Vec::new(),
        Answer::Code(index) => code(index).into_iter().collect(),
        Answer::Codes(indices) => indices.iter().filter_map(code).collect(),
        Answer::Number(number) => vec![number.to_string()],
        Answer::Date(date) => vec![date.to_string()],
        Answer::Text(text) => vec![text.to_string()],
    }
}

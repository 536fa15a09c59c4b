//! What a new form says before anybody has filled it in.

use crate::evaluate::{Context, evaluate};
use crate::form::Form;
use crate::intake::{RawAnswers, read_lenient};
use crate::program::{DatePrecision, FieldType, FirstAnswer};
use crate::value::Date;

/// The first answers of a new form on top of what is `known` already.
///
/// Only a question that is shown gets one, so that no hidden question is answered; a first answer
/// may show further questions. An answer that is known is never replaced.
pub fn first_answers(form: &Form, context: &Context, known: RawAnswers) -> RawAnswers {
    let mut raw = known;
    let waiting = || form.program().fields.iter().zip(0_usize..);
    if waiting().all(|(field, _)| field.first_answer.is_none()) {
        return raw;
    }
    loop {
        let (answers, _) = read_lenient(form, &raw);
        let shown = evaluate(form, &answers, context).shown;
        let before = raw.len();
        for (field, index) in waiting() {
            let asked = field.only.is_none_or(|only| only == context.application)
                && shown.get(index).copied().unwrap_or(false)
                && !raw.contains_key(&field.name);
            if let Some(first) = field.first_answer.as_ref().filter(|_| asked) {
                raw.insert(field.name.clone(), written(first, &field.ty, context.today));
            }
        }
        if raw.len() == before {
            return raw;
        }
    }
}

fn written(first: &FirstAnswer, ty: &FieldType, today: Date) -> Vec<String> {
    match first {
        FirstAnswer::Written(values) => values.clone(),
        FirstAnswer::Today => {
            let day = today.to_string();
            let digits = match ty {
                FieldType::Date {
                    precision: DatePrecision::Year,
                } => 4,
                FieldType::Date {
                    precision: DatePrecision::Month,
                } => 7,
                _ => 10,
            };
            vec![day.chars().take(digits).collect()]
        }
    }
}

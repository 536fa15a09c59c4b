//! Dates that the form asks too coarsely for the rules: which day of the month it was decides, but
//! only year and month can be filled in.
//!
//! Such a result stays undetermined however completely the form is filled in, so no set of missing
//! items explains it.

use crate::answers::{Answer, Answers};
use crate::evaluate::{Context, judge_with};
use crate::form::Form;
use crate::machine::{Machine, Scratch};
use crate::outcome::{MissingItem, ResultKind};
use crate::program::{DatePrecision, FieldId, FieldType};
use crate::tri::Tri;
use crate::value::Date;

/// The dates, as exact as the form asks, whose day would settle the result; if none of them would
/// alone, all those that the result may depend on.
pub(crate) fn coarse_dates(form: &Form, answers: &Answers, context: &Context) -> Vec<MissingItem> {
    let mut scratch = Scratch::default();
    let dates: Vec<(u16, Date)> = {
        let mut machine = Machine::new(form.arena(), answers, context, &mut scratch);
        let fields = form.arena().deciding_fields.iter().copied();
        let shown: Vec<u16> = fields.filter(|f| machine.shown(*f) != Tri::False).collect();
        let coarse = shown
            .into_iter()
            .filter_map(|field| match machine.answer(field) {
                Answer::Date(date) if is_coarse(form, field, *date) => Some((field, *date)),
                _ => None,
            });
        coarse.collect()
    };
    let mut settles = |field: u16, date: Date| {
        let mut trial = answers.clone();
        let ends = [date.first_day(), date.last_day()];
        ends.into_iter()
            .filter_map(Date::from_day_number)
            .any(|day| {
                trial.set(FieldId(field), Answer::Date(day));
                judge_with(&mut scratch, form, &trial, context).result != ResultKind::Undetermined
            })
    };
    let alone: Vec<u16> = dates
        .iter()
        .filter(|(field, date)| settles(*field, *date))
        .map(|(field, _)| *field)
        .collect();
    let named = if alone.is_empty() {
        dates.into_iter().map(|(field, _)| field).collect()
    } else {
        alone
    };
    let items = named.into_iter().filter_map(|position| {
        let field = FieldId(position);
        let known = form.field(field)?;
        Some(MissingItem {
            field,
            name: known.name.clone(),
            label: known.label.clone(),
            unknown: true,
        })
    });
    items.collect()
}

/// Whether a date is as exact as it can be filled in, and yet no day.
fn is_coarse(form: &Form, field: u16, date: Date) -> bool {
    let asked = form.field(FieldId(field)).map(|field| &field.ty);
    matches!(asked, Some(FieldType::Date { precision }) if date.precision() >= *precision)
        && date.precision() < DatePrecision::Day
}

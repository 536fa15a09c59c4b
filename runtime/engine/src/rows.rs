//! Conditions and numbers that say the same of one row after the other.
//!
//! The program knows no rows: it says of each that there are so many, and what follows. Here the
//! list of them is recognised again, so that rows that do not exist need not be told one by one.

use crate::program::{CompareOp, Cond, CondKind, FieldId, Number, NumberKind};
use crate::value::Decimal;

/// A row that need not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The question how many rows there are.
    pub count: FieldId,
    /// So many there must be.
    pub number: Decimal,
}

/// The rows of conditions; none if they are about something else.
pub(crate) fn of_conditions(conditions: &[Cond]) -> Vec<Row> {
    rows(conditions.iter().map(|condition| {
        let row = match &condition.kind {
            CondKind::All(parts) => parts.first().and_then(exists),
            CondKind::If(condition, ..) => exists(condition),
            _ => None,
        };
        row.map(|row| (row, condition.text.as_str()))
    }))
}

/// What is said of a row, given that it exists.
pub(crate) fn said_of(row: &Cond) -> &[Cond] {
    match &row.kind {
        CondKind::All(parts) => match parts.as_slice() {
            [first, said @ ..] if exists(first).is_some() => said,
            _ => std::slice::from_ref(row),
        },
        CondKind::If(condition, holds, _) if exists(condition).is_some() => {
            std::slice::from_ref(holds)
        }
        _ => std::slice::from_ref(row),
    }
}

/// The rows of numbers; none if they are about something else.
pub(crate) fn of_numbers(numbers: &[Number]) -> Vec<Row> {
    rows(numbers.iter().map(|number| match &number.kind {
        NumberKind::If(condition, ..) => Some((exists(condition)?, number.text.as_str())),
        _ => None,
    }))
}

/// Rows of one kind in their order, after those that always exist; each has its number in its text.
fn rows<'t>(parts: impl Iterator<Item = Option<(Row, &'t str)>>) -> Vec<Row> {
    let is_told = |(row, text): &(Row, &str)| {
        let number = row.number.normalize();
        ["で、", "」で、", "の"]
            .iter()
            .any(|end| text.contains(&format!("{number}{end}")))
    };
    let rows: Option<Vec<Row>> = parts
        .skip_while(Option::is_none)
        .map(|part| part.filter(is_told).map(|(row, _)| row))
        .collect();
    let in_order = |rows: &Vec<Row>| {
        rows.windows(2).all(|pair| match pair {
            [a, b] => a.count == b.count && a.number < b.number,
            _ => false,
        })
    };
    rows.filter(in_order).unwrap_or_default()
}

/// The row that exists if this holds.
fn exists(condition: &Cond) -> Option<Row> {
    let CondKind::Compare {
        left, op, right, ..
    } = &condition.kind
    else {
        return None;
    };
    match (&left.kind, op, &right.kind) {
        (NumberKind::Field(count), CompareOp::GreaterEqual, NumberKind::Const(number)) => {
            Some(Row {
                count: *count,
                number: *number,
            })
        }
        _ => None,
    }
}

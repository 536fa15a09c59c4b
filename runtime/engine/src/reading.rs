//! Answers and values as people read them.

use crate::answers::Answer;
use crate::form::Form;
use crate::machine::{NO_OUTCOME, Value};
use crate::program::{
    Definition, DefinitionId, ElapsedUnit, FieldId, FieldType, Index, Number, NumberKind, Program,
    Rule,
};
use crate::range::Range;
use crate::tri::Tri;
use crate::value::Decimal;

/// An answer in words: `あり`, `2024年3月`, `3.0 g/dL` with the digits of its item; empty if
/// unanswered.
pub(crate) fn answer_text(form: &Form, field: FieldId, answer: &Answer) -> String {
    let label = |code: &Index| {
        form.codes(field)
            .get(usize::from(*code))
            .map_or("", |code| code.label.as_str())
    };
    match answer {
        Answer::Missing => String::new(),
        Answer::Code(code) => label(code).to_owned(),
        Answer::Codes(codes) => codes.iter().map(label).collect::<Vec<_>>().join("、"),
        Answer::Number(number) => {
            let program = form.program();
            let digits = format!("{number:.*}", fraction_of_field(program, field));
            with_unit(digits, unit_of_field(program, field))
        }
        Answer::Date(date) => date.japanese(),
        Answer::Text(text) => text.to_string(),
    }
}

/// A definition's value for machines: `true`, `8.5`, `red`; nothing when unknown.
pub(crate) fn value_on_wire(rule: &Rule, value: Value) -> Option<String> {
    match (rule, value) {
        (Rule::Criterion(_), Value::Truth(holds)) => holds.known().map(|holds| holds.to_string()),
        (Rule::Number { .. }, Value::Number(range)) => range.known().map(plain),
        (Rule::Grade { outcomes, .. }, Value::Grade(possible)) => {
            match named(possible, outcomes.len()).as_slice() {
                [only] if possible & NO_OUTCOME == 0 => {
                    outcomes.get(*only).map(|outcome| outcome.name.clone())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// A definition's value in words: `満たす`, `8.5 kg/m2`, `赤`, `4〜12`, `不明`.
pub(crate) fn value_text(program: &Program, definition: &Definition, value: Value) -> String {
    match (&definition.rule, value) {
        (Rule::Criterion(_), Value::Truth(holds)) => truth(holds).to_owned(),
        (
            Rule::Number {
                number, fraction, ..
            },
            Value::Number(range),
        ) => {
            let unit = unit_of_value(definition);
            match (range.known(), fraction) {
                (Some(number), Some(fraction)) => {
                    with_unit(format!("{number:.*}", usize::from(*fraction)), unit)
                }
                (Some(number), None) => with_unit(readable(number), unit),
                (None, _) if counts_points(program, number) => range_text(range, unit),
                (None, _) => UNKNOWN.to_owned(),
            }
        }
        (Rule::Grade { outcomes, .. }, Value::Grade(possible)) => {
            let labels: Vec<&str> = named(possible, outcomes.len())
                .into_iter()
                .filter_map(|position| outcomes.get(position))
                .map(|outcome| outcome.label.as_str())
                .collect();
            one_of(&labels, possible & NO_OUTCOME == 0)
        }
        _ => UNKNOWN.to_owned(),
    }
}

/// The unit of points.
pub(crate) const POINTS: &str = "点";

/// What is said where nothing is known.
pub(crate) const UNKNOWN: &str = "不明";

/// One label, or those still possible: `不明（橙・赤のいずれか）`.
pub(crate) fn one_of(labels: &[&str], complete: bool) -> String {
    match labels {
        [label] if complete => (*label).to_owned(),
        [_, _] | [_, _, _] if complete => format!("{UNKNOWN}（{}のいずれか）", labels.join("・")),
        _ => UNKNOWN.to_owned(),
    }
}

/// Whether [`one_of`] would name these outcomes.
pub(crate) fn names_several(possible: u64) -> bool {
    possible & NO_OUTCOME == 0 && matches!(possible.count_ones(), 2 | 3)
}

/// The positions of the bits that are set.
pub(crate) fn named(possible: u64, length: usize) -> Vec<usize> {
    (0..length.min(63))
        .filter(|position| possible >> position & 1 == 1)
        .collect()
}

fn truth(holds: Tri) -> &'static str {
    match holds {
        Tri::True => "満たす",
        Tri::False => "満たさない",
        Tri::Unknown => UNKNOWN,
    }
}

/// `8点`, `4〜12点`, `不明`.
pub(crate) fn range_text(range: Range, unit: &str) -> String {
    match range {
        Range::Any => UNKNOWN.to_owned(),
        Range::Within(low, high) if low == high => with_unit(readable(low), unit),
        Range::Within(low, high) => with_unit(ends(low, high), unit),
    }
}

/// `4〜12`, `約0`. Ends that lie apart by less than anybody shows, as those of a logarithm, are one.
fn ends(low: Decimal, high: Decimal) -> String {
    let seen = |end: Decimal| {
        let rounded = end.round_dp(MOST_SEEN).normalize();
        match rounded == end {
            true => readable(end),
            false => format!("約{}", readable(rounded).trim_start_matches('約')),
        }
    };
    let (low, high) = (seen(low), seen(high));
    if low == high {
        low
    } else {
        format!("{low}〜{high}")
    }
}

/// Digits after the point beyond which the ends of a range are what an inexact function leaves.
const MOST_SEEN: u32 = 12;

/// Japanese units and signs follow the number at once, others after a blank.
fn with_unit(mut number: String, unit: &str) -> String {
    if unit.starts_with(|c: char| c.is_ascii_alphanumeric() || c == 'µ' || c == '/') {
        number.push(' ');
    }
    number.push_str(unit);
    number
}

/// `6か月後`, `2年前`.
pub(crate) fn shift_text(by: i32, unit: ElapsedUnit) -> String {
    let unit = match unit {
        ElapsedUnit::Years => "年",
        ElapsedUnit::Months => "か月",
        ElapsedUnit::Days => "日",
    };
    let side = if by < 0 { "前" } else { "後" };
    format!("{}{unit}{side}", by.unsigned_abs())
}

/// Digits that are shown of a number that goes on.
const SHOWN_DIGITS: u32 = 6;

/// A number as people read it: what a division leaves is cut to a few digits and says so
/// (`約66.6667`). Everything else stands as it is.
fn readable(number: Decimal) -> String {
    let number = number.normalize();
    let (scale, digits) = (number.scale(), number.mantissa().unsigned_abs().to_string());
    let digits = u32::try_from(digits.len()).unwrap_or(u32::MAX);
    // More digits after the point come from no form.
    if scale <= SHOWN_DIGITS {
        return plain(number);
    }
    let fraction = (scale + SHOWN_DIGITS).saturating_sub(digits);
    let half_up = rust_decimal::RoundingStrategy::MidpointAwayFromZero;
    match number.round_dp_with_strategy(fraction, half_up) {
        rounded if rounded != number => format!("約{}", plain(rounded)),
        _ => plain(number),
    }
}

/// The unit of a calculated value as people read it; empty without one.
pub fn unit_of_value(definition: &Definition) -> &str {
    match &definition.rule {
        Rule::Number {
            unit: Some(unit),
            number,
            ..
        } => unit_words(unit, is_age(number) || definition.label.ends_with(AGE)),
        _ => "",
    }
}

/// How ages are called.
const AGE: &str = "年齢";

/// Whether a number is an age in years.
fn is_age(number: &Number) -> bool {
    matches!(number.kind, NumberKind::Elapsed { .. }) && number.text.ends_with(AGE)
}

/// The unit of a calculated value as people read it: times have English names in definitions.
fn unit_words(unit: &str, age: bool) -> &str {
    match unit {
        "years" | "year" | "年" if age => "歳",
        "years" | "year" => "年",
        "months" | "month" => "か月",
        "weeks" | "week" => "週",
        "days" | "day" => "日",
        other => other,
    }
}

/// Without zeros at the end.
pub(crate) fn plain(number: Decimal) -> String {
    match i64::try_from(number.mantissa()) {
        Ok(whole) if number.scale() == 0 => whole.to_string(),
        _ => number.normalize().to_string(),
    }
}

pub(crate) fn unit_of_field(program: &Program, field: FieldId) -> &str {
    match program
        .fields
        .get(usize::from(field.0))
        .map(|field| &field.ty)
    {
        Some(FieldType::Number {
            unit: Some(unit), ..
        }) => unit,
        _ => "",
    }
}

pub(crate) fn definition(program: &Program, id: DefinitionId) -> Option<&Definition> {
    program.definitions.get(usize::from(id.0))
}

/// The unit that belongs to a number: of its field or definition, or 点 for points.
pub(crate) fn unit_of<'a>(program: &'a Program, number: &Number) -> &'a str {
    match &number.kind {
        NumberKind::Field(field) => unit_of_field(program, *field),
        NumberKind::Definition(id) => match definition(program, *id) {
            Some(definition) => match &definition.rule {
                Rule::Number {
                    unit: None, number, ..
                } => unit_of(program, number),
                _ => unit_of_value(definition),
            },
            None => "",
        },
        NumberKind::Count(_) => "",
        NumberKind::Elapsed { unit, .. } => match unit {
            ElapsedUnit::Years if is_age(number) => "歳",
            ElapsedUnit::Years => "年",
            ElapsedUnit::Months => "か月",
            ElapsedUnit::Days => "日",
        },
        _ if counts_points(program, number) => POINTS,
        _ => "",
    }
}

/// Whether a number is made of points and counts alone, so that its range says something even
/// before all answers are known.
pub fn counts_points(program: &Program, number: &Number) -> bool {
    let all = |numbers: &[Number]| {
        !numbers.is_empty() && numbers.iter().all(|number| counts_points(program, number))
    };
    match &number.kind {
        NumberKind::Points(_) | NumberKind::Count(_) => true,
        NumberKind::When { amount, .. } => {
            matches!(amount.kind, NumberKind::Const(_)) || counts_points(program, amount)
        }
        NumberKind::Sum(numbers) | NumberKind::Max(numbers) | NumberKind::Min(numbers) => {
            all(numbers)
        }
        NumberKind::IfShown { number, .. } => counts_points(program, number),
        NumberKind::Definition(id) => {
            match definition(program, *id).map(|definition| &definition.rule) {
                Some(Rule::Number { number, .. }) => counts_points(program, number),
                _ => false,
            }
        }
        NumberKind::If(condition, then, otherwise) => {
            let part = |number: &Number| {
                let plain = matches!(number.kind, NumberKind::Const(_) | NumberKind::Nothing);
                plain || counts_points(program, number)
            };
            // Bands may leave values out; a threshold is no number of points.
            let left_out = matches!(otherwise.kind, NumberKind::Nothing) && !condition.is_period();
            part(then) && (part(otherwise) || left_out)
        }
        NumberKind::Const(_)
        | NumberKind::Nothing
        | NumberKind::Field(_)
        | NumberKind::Arithmetic { .. }
        | NumberKind::Call { .. }
        | NumberKind::Script { .. }
        | NumberKind::Elapsed { .. } => false,
    }
}

/// Digits after the point.
fn fraction_of_field(program: &Program, field: FieldId) -> usize {
    match program
        .fields
        .get(usize::from(field.0))
        .map(|field| &field.ty)
    {
        Some(FieldType::Number { fraction, .. }) => usize::from(*fraction),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{ends, readable};
    use crate::value::Decimal;

    #[test]
    fn the_ends_of_a_range_are_not_more_exact_than_what_is_shown() {
        let hair = Decimal::new(1, 18);
        let two = Decimal::TWO;
        assert_eq!(ends(-hair, hair), "約0");
        assert_eq!(ends(two - hair, two + hair), "約2");
        assert_eq!(ends(-hair, Decimal::new(55, 1)), "約0〜5.5");
        assert_eq!(ends(Decimal::from(4), Decimal::from(12)), "4〜12");
        assert_eq!(ends(Decimal::ZERO, two / Decimal::from(3)), "0〜約0.666667");
    }

    #[test]
    fn what_goes_on_is_cut_and_says_so() {
        let third = |whole: i64| Decimal::from(whole) / Decimal::from(3);
        assert_eq!(readable(third(8000)), "約2666.67");
        assert_eq!(readable(third(1)), "約0.333333");
        assert_eq!(readable(third(100_000_000)), "約33333333");
        assert_eq!(readable(Decimal::new(5, 9)), "0.000000005");
        assert_eq!(readable(third(-200)), "約-66.6667");
        assert_eq!(readable(third(9)), "3");
        assert_eq!(readable(Decimal::new(123_456_789, 3)), "123456.789");
        let almost = Decimal::from(50) - Decimal::new(1, 9);
        assert_eq!(readable(almost), "約50");
    }
}

//! Plausible written values, the same for the same seed: for benchmarks, demonstrations and tests.

mod words;

use crate::dice::Dice;
use crate::evaluate::Context;
use crate::findings::state_of;
use crate::form::Form;
use crate::intake::{RawAnswers, read};
use crate::program::{DatePrecision, Field, FieldId, FieldType, Programme};
use crate::value::{Date, Decimal};
use words::Cast;

/// A filled form: every required question answered, most of the others, none that is hidden, and
/// few contradictions.
pub fn generate_for(form: &Form, context: &Context, seed: u64) -> RawAnswers {
    generate_about(form, context, seed, seed)
}

/// The same about the person and the place of another seed.
pub(crate) fn generate_about(form: &Form, context: &Context, seed: u64, about: u64) -> RawAnswers {
    let fields = || (0..=u16::MAX).map(FieldId).zip(&form.program().fields);
    let mut dice = Dice::new(seed);
    let cast = Cast::new(about);
    let mut raw = RawAnswers::new();
    let mut answer = |raw: &mut RawAnswers, id, field: &Field, required: bool, percent| {
        if required || dice.chance(percent) {
            let values = values(form, id, field, context.today, &cast, &mut dice);
            raw.insert(field.name.clone(), values);
        } else {
            raw.remove(&field.name);
        }
    };
    for (id, field) in fields() {
        answer(&mut raw, id, field, field.required, 80);
    }
    // An answer may hide, require or contradict others. What is contradicted is thrown again; a
    // few contradictions may remain, as in life.
    for round in 0..ROUNDS {
        let (answers, _) = read(form, &raw);
        let state = state_of(form, &answers, context);
        let mut settled = true;
        let states = state.shown.iter().zip(&state.required);
        for ((id, field), (&shown, &required)) in fields().zip(states) {
            let answered = raw.contains_key(&field.name);
            if answered && !shown {
                raw.remove(&field.name);
                settled = false;
            } else if required && !answered {
                answer(&mut raw, id, field, required, 100);
                settled = false;
            }
        }
        let contradicted = state.findings.iter().flat_map(|finding| &finding.fields);
        for id in contradicted.filter(|_| round < CONTRADICTION_ROUNDS) {
            let required = state.required.get(usize::from(id.0)) == Some(&true);
            if let Some(field) = form
                .field(*id)
                .filter(|field| raw.contains_key(&field.name))
            {
                answer(&mut raw, *id, field, required, 50);
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    raw
}

/// Contradictions are thrown again for so many rounds; then the form only settles.
const CONTRADICTION_ROUNDS: usize = 24;
const ROUNDS: usize = CONTRADICTION_ROUNDS + 16;

fn values(
    form: &Form,
    id: FieldId,
    field: &Field,
    today: Date,
    cast: &Cast,
    dice: &mut Dice,
) -> Vec<String> {
    let codes = form.codes(id);
    let code = |dice: &mut Dice| {
        let known = codes
            .iter()
            .filter(|code| !code.unknown || dice.chance(20))
            .collect::<Vec<_>>();
        dice.pick(&known).map(|code| code.value.clone())
    };
    match &field.ty {
        FieldType::Choice { .. } => code(dice).into_iter().collect(),
        FieldType::Choices { .. } => {
            let mut chosen: Vec<String> = (0..=dice.below(3)).filter_map(|_| code(dice)).collect();
            chosen.sort();
            chosen.dedup();
            chosen
        }
        FieldType::Text { chars, lines } => vec![text(cast, &field.name, *chars, *lines, dice)],
        FieldType::Kana { chars } => vec![cut(cast.kana(&field.name, dice.roll()), *chars)],
        FieldType::Digits { count } => vec![digits(*count, dice)],
        FieldType::PostalCode => vec![cast.postal_code(&digits(7, dice))],
        FieldType::Phone => vec![cast.phone(&digits(9, dice))],
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } => {
            vec![number(*digits, *fraction, *min, *max, dice).to_string()]
        }
        FieldType::Date { precision } => {
            vec![date(form, &field.name, *precision, today, dice).to_string()]
        }
    }
}

/// An example of what stands in a text or kana item; empty for others.
pub fn example_text(field: &Field) -> String {
    let cast = Cast::new(0);
    match &field.ty {
        FieldType::Text { chars, lines } => cut(&cast.text(&field.name, 0, *lines), *chars),
        FieldType::Kana { chars } => cut(cast.kana(&field.name, 0), *chars),
        _ => String::new(),
    }
}

fn text(cast: &Cast, name: &str, chars: u32, lines: u32, dice: &mut Dice) -> String {
    let mut text = cast.text(name, dice.roll(), lines);
    if lines > 1 && chars > 60 {
        for _ in 0..dice.below(u64::from(lines.min(4))) {
            let (end, line) = Cast::further(name, dice.roll());
            text.push_str(end);
            text.push_str(line);
        }
    }
    cut(&text, chars)
}

fn cut(text: &str, chars: u32) -> String {
    text.chars()
        .take(usize::try_from(chars).unwrap_or(usize::MAX))
        .collect()
}

fn digits(count: u32, dice: &mut Dice) -> String {
    (0..count)
        .filter_map(|_| char::from_digit(u32::try_from(dice.below(10)).ok()?, 10))
        .collect()
}

/// A number of the field's range, or of its digits where the range is open.
fn number(
    digits: u8,
    fraction: u8,
    min: Option<Decimal>,
    max: Option<Decimal>,
    dice: &mut Dice,
) -> Decimal {
    let scale = u32::from(fraction);
    let steps = |bound: Decimal| {
        let rounded = bound.round_dp(scale);
        10_i128
            .checked_pow(scale.saturating_sub(rounded.scale()))
            .and_then(|power| rounded.mantissa().checked_mul(power))
    };
    let largest = 10_i128
        .checked_pow(u32::from(digits))
        .map_or(i128::MAX, |power| power - 1);
    let low = min.and_then(steps).unwrap_or(0).clamp(-largest, largest);
    let high = max.and_then(steps).unwrap_or(largest).clamp(low, largest);
    let span = u64::try_from(high - low).unwrap_or(u64::MAX - 1);
    let chosen = low + i128::from(dice.below(span.saturating_add(1)));
    Decimal::try_from_i128_with_scale(chosen, scale)
        .unwrap_or_default()
        .normalize()
}

/// How many days ago things happen, by a part of the name of their field, so that one comes after
/// the other: birth, onset, diagnosis, severity, writing. Everything else comes in between.
const AGES: [(&str, u64, u64); 5] = [
    ("birth", 20 * 365, 85 * 365),
    ("onset", 6 * 365, 12 * 365),
    ("diagnosed", 3 * 365, 6 * 365),
    ("severity", 14, 150),
    ("written", 0, 14),
];
const OTHERWISE: (u64, u64) = (150, 3 * 365);
const CHILD: (u64, u64) = (13 * 365, 17 * 365);

/// A day before today; sometimes partial.
fn date(form: &Form, name: &str, precision: DatePrecision, today: Date, dice: &mut Dice) -> Date {
    let age = AGES.iter().find(|(part, _, _)| name.contains(part));
    let (from, to) = match age {
        Some(("birth", _, _)) if form.program().programme == Programme::Shoman => CHILD,
        Some((_, from, to)) => (*from, *to),
        None => OTHERWISE,
    };
    let ago = from + dice.below(to - from);
    let number = today.first_day() - i32::try_from(ago).unwrap_or(0);
    let day = Date::from_day_number(number).unwrap_or(today);
    let month = day
        .month_number()
        .and_then(|month| Date::month(day.year_number(), month));
    let coarse = dice.chance(10);
    match (precision, coarse) {
        (DatePrecision::Day, false) => Some(day),
        (DatePrecision::Day, true) | (DatePrecision::Month, false) => month,
        (DatePrecision::Month, true) | (DatePrecision::Year, _) => Date::year(day.year_number()),
    }
    .unwrap_or(day)
}

//! A deck of records by chance: plausible ones, and ones with answers missing, unknown, mistyped
//! or contradicting each other. The same seed gives the same deck.

use super::expect::{Expected, expect};
use super::index::Purpose;
use super::trials::trials;
use super::written::{Tweak, Written, document};
use super::{Format, Kit, Record, Side, words};
use crate::emit::samples::day;
use crate::emit::wire;
use kohyo_engine::program::{Application, Field, FieldId, FieldType};
use kohyo_engine::{Answer, Context, Dice, Form, Lineage, RawAnswers, Scratch, read_one};
use kohyo_record::is_forbidden;

/// Makes a plausible record of a form from a seed.
pub type Plausible<'p> = dyn Fn(&Form, &Context, u64) -> RawAnswers + 'p;

/// Plausible records a deck is made of: making one is costly.
const POOL: u64 = 24;

/// What becomes of a plausible record.
#[derive(Clone, Copy)]
enum Kind {
    Sound,
    Missing,
    Unknown,
    Mistyped,
    Contradictory,
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Sound,
        Self::Missing,
        Self::Unknown,
        Self::Mistyped,
        Self::Contradictory,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::Sound => "もっともらしい記録",
            Self::Missing => "いくつかの項目が未記入の記録",
            Self::Unknown => "いくつかの項目が不明の記録",
            Self::Mistyped => "いくつかの項目の書き方が違う記録",
            Self::Contradictory => "いくつかの項目を別の値に入れ替えた記録",
        }
    }
}

/// So many records of a form, by chance.
pub fn deck(
    form: &Form,
    previous: Option<&Lineage>,
    seed: u64,
    count: u32,
    plausible: &Plausible<'_>,
) -> Kit {
    let program = form.program();
    let mut dice = Dice::of(seed, &wire::stem(program));
    let mut scratch = Scratch::default();
    let today = day(program);
    let pool: Vec<Written> = (0..POOL.min(u64::from(count)))
        .map(|_| {
            let application = if dice.chance(50) {
                Application::New
            } else {
                Application::Renewal
            };
            let context = Context { today, application };
            Written {
                context,
                raw: plausible(form, &context, dice.roll()),
                tweak: Tweak::None,
            }
        })
        .collect();
    let mut records = Vec::new();
    for number in 1..=count {
        let (Some(start), Some(kind)) = (dice.pick(&pool).cloned(), dice.pick(&Kind::ALL).copied())
        else {
            break;
        };
        let written = changed(form, start, kind, &pool, &mut dice);
        let expected: Expected = expect(form, previous, &mut scratch, &written);
        records.push(Record {
            file: format!("{number:05}.xml"),
            document: document(form, &written).into_bytes(),
            values: written.values(),
            purposes: vec![Purpose {
                check: "record".to_owned(),
                side: Side::Random,
                purpose: kind.words().to_owned(),
            }],
            expected,
        });
    }
    Kit {
        words: words(program),
        key: program.key.clone(),
        edition: program.edition.clone(),
        title: program.title.clone(),
        seed: Some(seed),
        format: Format::Xml,
        records,
        gaps: Vec::new(),
        left_out: Vec::new(),
    }
}

fn changed(
    form: &Form,
    mut record: Written,
    kind: Kind,
    pool: &[Written],
    dice: &mut Dice,
) -> Written {
    let fields = &form.program().fields;
    let changes = match (kind, dice.below(3)) {
        (Kind::Sound, _) => 0,
        (_, 0) => 1,
        (_, 1) => 4,
        _ => fields.len() / 4,
    };
    for _ in 0..changes {
        let Some(index) = dice.index(fields.len()) else {
            break;
        };
        let (Some(field), Ok(id)) = (fields.get(index), u16::try_from(index).map(FieldId)) else {
            continue;
        };
        match kind {
            Kind::Sound => {}
            Kind::Missing => {
                record.raw.remove(&field.name);
            }
            Kind::Unknown => unknown(form, id, field, &mut record, dice),
            Kind::Mistyped => mistyped(form, id, field, &mut record, dice),
            Kind::Contradictory => {
                let donor = dice.pick(pool).and_then(|donor| donor.raw.get(&field.name));
                let known: Vec<&str> = form.codes(id).iter().map(|c| c.value.as_str()).collect();
                match (donor, dice.pick(&known)) {
                    (Some(values), _) if dice.chance(60) => {
                        record.raw.insert(field.name.clone(), values.clone());
                    }
                    (_, Some(code)) => {
                        record
                            .raw
                            .insert(field.name.clone(), vec![(*code).to_owned()]);
                    }
                    (Some(values), None) => {
                        record.raw.insert(field.name.clone(), values.clone());
                    }
                    (None, None) => {
                        record.raw.remove(&field.name);
                    }
                }
            }
        }
    }
    record
}

/// An unknown code, a date without its day, or nothing.
fn unknown(form: &Form, id: FieldId, field: &Field, record: &mut Written, dice: &mut Dice) {
    let codes: Vec<&str> = form
        .codes(id)
        .iter()
        .filter(|code| code.unknown)
        .map(|code| code.value.as_str())
        .collect();
    if let Some(code) = dice.pick(&codes) {
        record
            .raw
            .insert(field.name.clone(), vec![(*code).to_owned()]);
    } else if let (FieldType::Date { .. }, Some(values)) =
        (&field.ty, record.raw.get_mut(&field.name))
    {
        for value in values {
            if let Some(year) = value.get(..4) {
                *value = year.to_owned();
            }
        }
    } else {
        record.raw.remove(&field.name);
    }
}

/// One of the values that a kit tries in this field.
fn mistyped(form: &Form, id: FieldId, field: &Field, record: &mut Written, dice: &mut Dice) {
    let values = record.raw.get(&field.name).cloned().unwrap_or_default();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let answer = read_one(form, id, &values).unwrap_or(Answer::Missing);
    let tried = trials(field, form.codes(id), &answer);
    if let Some(trial) = dice.pick(&tried) {
        let legal = |value: &String| !value.chars().any(is_forbidden) && !value.trim().is_empty();
        if trial.values.iter().all(legal) {
            record.raw.insert(field.name.clone(), trial.values.clone());
        }
    }
}

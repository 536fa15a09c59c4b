//! Records without errors, and the same with unknown answers.

use super::outcome;
use crate::prove::wanted::Wanted;
use kohyo_engine::program::{Application, Field, FieldId, FieldType, Level};
use kohyo_engine::{
    Answers, Context, Date, Form, Outcome, RawAnswers, ResultKind, completed, generate_for, written,
};

/// Answers hide each other, but never in longer chains than this.
const ROUNDS: usize = 12;
/// So many answers are made unknown or left out, one after the other.
const TRIES: usize = 60;
/// A record with so many unknown answers shows enough.
const ENOUGH: usize = 3;

/// A record without errors, of somebody eligible if such a person is found.
pub(super) fn sound(
    form: &Form,
    wanted: &mut Wanted<'_>,
    application: Application,
    day: Date,
) -> Option<(Context, RawAnswers)> {
    let context = Context {
        today: day,
        application,
    };
    if let Some((answers, own)) = wanted.eligible(application) {
        let undated = without_dates(form, &answers);
        for (context, answers) in [(context, undated), (own, answers)] {
            let fixed = shown(form, &context, written(form, &answers));
            let Some(raw) = completed(form, &context, &fixed, SEED) else {
                continue;
            };
            let raw = with_more(form, &context, raw);
            if outcome(form, &context, &raw).result == ResultKind::Eligible {
                return Some((context, raw));
            }
        }
    }
    let raw = completed(form, &context, &RawAnswers::new(), SEED)?;
    Some((context, with_more(form, &context, raw)))
}

/// Where plausible answers come from.
const SEED: u64 = 17;

fn without_dates(form: &Form, answers: &Answers) -> Answers {
    let mut kept = Answers::with_len(form.program().fields.len());
    for (id, answer) in answers.iter() {
        let dated = form
            .field(id)
            .is_some_and(|field| matches!(field.ty, FieldType::Date { .. }));
        if !dated {
            kept.set(id, answer.clone());
        }
    }
    kept
}

/// Without what is not asked of this patient.
fn shown(form: &Form, context: &Context, mut raw: RawAnswers) -> RawAnswers {
    for _ in 0..ROUNDS {
        let shown = outcome(form, context, &raw).shown;
        let before = raw.len();
        for (field, shown) in form.program().fields.iter().zip(&shown) {
            if !shown {
                raw.remove(&field.name);
            }
        }
        if raw.len() == before {
            break;
        }
    }
    raw
}

/// With plausible answers to questions that need not be answered, as long as nothing is found: a
/// sample shows how each kind of item is written.
fn with_more(form: &Form, context: &Context, raw: RawAnswers) -> RawAnswers {
    let before = outcome(form, context, &raw);
    let pool = generate_for(form, context, SEED);
    let mut more = raw.clone();
    for (field, shown) in form.program().fields.iter().zip(&before.shown) {
        if let Some(values) = pool.get(&field.name).filter(|_| *shown) {
            more.entry(field.name.clone())
                .or_insert_with(|| values.clone());
        }
    }
    let after = outcome(form, context, &more);
    let same = after.result == before.result && after.findings.len() <= before.findings.len();
    if same { more } else { raw }
}

/// The same record with some answers unknown and some left out, without errors and, if that can be
/// reached, so that nobody can judge it; nothing if the form has no way to say so.
pub(super) fn unknown(form: &Form, context: &Context, sound: &RawAnswers) -> Option<RawAnswers> {
    let mut raw = sound.clone();
    let mut changed = 0;
    let mut open = false;
    let mut tries = 0;
    let fields = (0..=u16::MAX).map(FieldId).zip(&form.program().fields);
    for (id, field) in fields {
        if open && changed >= ENOUGH || tries == TRIES {
            break;
        }
        let Some(changed_raw) = made_unknown(form, id, field, &raw) else {
            continue;
        };
        tries += 1;
        let outcome = outcome(form, context, &changed_raw);
        if is_sound(&outcome) {
            open |= outcome.result == ResultKind::Undetermined;
            changed += 1;
            raw = changed_raw;
        }
    }
    // Something is not filled in, whatever else is unknown.
    if sound.keys().all(|name| raw.contains_key(name)) {
        let without = |name: &String| {
            let mut less = raw.clone();
            less.remove(name);
            less
        };
        let less = sound.keys().map(without);
        let mut less = less.filter(|raw| is_sound(&outcome(form, context, raw)));
        raw = less.next()?;
    }
    (changed > 0).then_some(raw)
}

fn is_sound(outcome: &Outcome) -> bool {
    outcome.findings.iter().all(|f| f.level != Level::Error)
}

fn made_unknown(form: &Form, id: FieldId, field: &Field, raw: &RawAnswers) -> Option<RawAnswers> {
    let values = raw.get(&field.name)?;
    let mut changed = raw.clone();
    let unknown = form.codes(id).iter().find(|code| code.unknown);
    match (&field.ty, unknown) {
        (FieldType::Choice { .. }, Some(code)) if *values != [code.value.clone()] => {
            changed.insert(field.name.clone(), vec![code.value.clone()]);
        }
        // What the form does not insist on is left out: measured values above all.
        (FieldType::Number { .. }, _) if !field.required => {
            changed.remove(&field.name);
        }
        _ => return None,
    }
    Some(changed)
}

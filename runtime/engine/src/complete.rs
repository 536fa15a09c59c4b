//! A few deciding answers → a whole form without errors: for demonstrations and browser tests.

use crate::evaluate::Context;
use crate::findings::{State, add_findings, state_of};
use crate::form::Form;
use crate::generate::generate_about;
use crate::intake::{RawAnswers, read};
use crate::program::Level;

/// How many fillings are tried.
const TRIES: u64 = 200;
/// How many of them without an error are compared.
const SOUND: usize = 24;
/// How many generated records are searched for a value of one field.
const POOL: u64 = 40;
/// Answers show and require others, but never in longer chains than this.
const ROUNDS: usize = 16;

/// The `fixed` answers together with plausible ones for everything else that is required, such
/// that no check finds an error, and as few warnings as possible; nothing if none of many tries
/// does.
pub fn completed(
    form: &Form,
    context: &Context,
    fixed: &RawAnswers,
    seed: u64,
) -> Option<RawAnswers> {
    let mut best: Option<(usize, RawAnswers)> = None;
    let tries = (0..TRIES)
        .map(|try_| seed.wrapping_add(try_ * POOL))
        .filter_map(|first| complete_once(form, context, fixed, first, seed));
    for (findings, raw) in tries.take(SOUND) {
        if best.as_ref().is_none_or(|(fewest, _)| findings < *fewest) {
            best = Some((findings, raw));
        }
        if findings == 0 {
            break;
        }
    }
    best.map(|(_, raw)| raw)
}

/// One filling without an error, and how much checks still find about it. Answers come from several
/// records, all about the person and place of the seed `about`.
fn complete_once(
    form: &Form,
    context: &Context,
    fixed: &RawAnswers,
    seed: u64,
    about: u64,
) -> Option<(usize, RawAnswers)> {
    let mut raw = fixed.clone();
    let mut pool: Vec<RawAnswers> = Vec::new();
    for _ in 0..ROUNDS {
        let state = looked_at(form, context, &raw);
        let needed = open_fields(form, &state, &raw);
        if needed.is_empty() {
            let sound = state.findings.iter().all(|f| f.level != Level::Error);
            return sound.then_some((state.findings.len(), raw));
        }
        for name in needed {
            let found = (0..POOL).find_map(|n| {
                if pool.len() as u64 <= n {
                    pool.push(generate_about(form, context, seed.wrapping_add(n), about));
                }
                pool.get(usize::try_from(n).ok()?)?.get(&name).cloned()
            });
            raw.insert(name, found?);
        }
    }
    None
}

fn looked_at(form: &Form, context: &Context, raw: &RawAnswers) -> State {
    let (answers, intake) = read(form, raw);
    let mut state = state_of(form, &answers, context);
    add_findings(&mut state.findings, intake);
    state
}

/// Names of the fields that are shown and required but not answered.
fn open_fields(form: &Form, state: &State, raw: &RawAnswers) -> Vec<String> {
    let states = state.shown.iter().zip(&state.required);
    form.program()
        .fields
        .iter()
        .zip(states)
        .filter(|(field, (shown, required))| {
            **shown && **required && !raw.contains_key(&field.name)
        })
        .map(|(field, _)| field.name.clone())
        .collect()
}

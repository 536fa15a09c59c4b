//! The JSON Schema of every form, run by ajv, against the engine: a document is accepted exactly if
//! the engine finds nothing wrong with the values, and with what is and is not filled in.
//!
//! Needs Node and `npm ci --prefix tests/json_schema`. Where they are missing the test says SKIPPED;
//! with CI set it fails instead.

use kohyo_compiler::emit::{check_spec, json_schema};
use kohyo_engine::program::FieldType;
use kohyo_engine::{Form, RawAnswers, Scratch, findings_with, read};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use tests::agreement::{Trial, refuse};
use tests::dice::Dice;
use tests::process::{answer_json, node_with};
use tests::records::{self, Pool, Sample, VALUES};
use tests::{kits, programs, root};

/// Contradictory records of each form, besides its cases, and records with a bad value made from
/// each of them.
const RECORDS: u64 = 12;
const SPOILED: u64 = 12;

/// Checks that look at one value, or at whether it may stand there.
const KINDS: [&str; 11] = [
    "type", "digits", "range", "unit", "width", "kana", "date", "code", "required", "hidden",
    "field",
];

#[test]
fn ajv_and_the_engine_agree_about_every_form() {
    let trials = programs::with_paths().into_iter().map(|(path, program)| {
        let form = Form::new(program).unwrap();
        let mut samples = records::of_cases(&form, &path);
        let pool = Pool::new(&form);
        samples.extend((0..6).map(|seed| pool.plausible(seed)));
        for seed in 0..RECORDS {
            let sample = pool.contradictory(seed);
            samples.extend((0..SPOILED).map(|turn| spoiled(&form, &sample, seed * 100 + turn)));
            samples.push(sample);
        }
        (Arc::new(form), samples)
    });
    agree(trials);
}

/// Whatever the conformance kit tries in values; with `KOHYO_KIT=all` in every form.
#[test]
fn ajv_and_the_engine_agree_about_the_kit() {
    let trials = kits::subjects("shitei-002").into_iter().map(|subject| {
        let mut samples = kits::samples(&subject.kit());
        samples.retain(|sample| {
            sample
                .raw
                .values()
                .flatten()
                .all(|it| kits::is_composed(it) && kits::is_trimmed(it))
        });
        (subject.form, samples)
    });
    agree(trials);
}

/// A document is accepted exactly if the engine finds nothing in it.
fn agree(trials: impl Iterator<Item = Trial>) {
    if !ajv_is_here() {
        return;
    }
    let mut jobs = Vec::new();
    let mut expected = Vec::new();
    for (form, samples) in trials {
        let made = json_schema::json_schema(form.program());
        let residue: BTreeSet<String> = made.residue.into_iter().map(|rest| rest.rule).collect();
        let documents: Vec<Value> = samples.iter().map(|s| document(&form, s)).collect();
        jobs.push(json!({ "schema": made.text, "documents": documents }));
        let ours: Vec<Vec<String>> = samples
            .iter()
            .map(|sample| findings(&form, sample, &residue))
            .collect();
        expected.push((form.program().key.clone(), documents, ours));
    }
    let verdicts = ajv(&Value::from(jobs));
    let mut disagreements = Vec::new();
    let mut accepted = 0;
    let mut all = 0;
    for (verdicts, (key, documents, ours)) in verdicts.as_array().unwrap().iter().zip(&expected) {
        for ((verdict, document), ours) in
            verdicts.as_array().unwrap().iter().zip(documents).zip(ours)
        {
            all += 1;
            accepted += usize::from(verdict.is_null());
            if verdict.is_null() != ours.is_empty() {
                disagreements.push(format!(
                    "{key}: ajv: {verdict}; engine: {ours:?}\n{document}"
                ));
            }
        }
    }
    refuse(&disagreements);
    assert!(accepted > all / 20, "{accepted} of {all} are accepted");
    assert!(accepted < all * 9 / 10, "{accepted} of {all} are accepted");
}

/// The residue names checks of the form, each once, and says the same every time.
#[test]
fn what_json_schema_cannot_say() {
    for program in programs::all() {
        let made = json_schema::json_schema(&program);
        assert_eq!(made, json_schema::json_schema(&program));
        let ids: BTreeSet<String> = check_spec::rows(&program)
            .into_iter()
            .map(|row| row.id)
            .collect();
        let left_out: BTreeSet<&String> = made.residue.iter().map(|rest| &rest.rule).collect();
        assert_eq!(left_out.len(), made.residue.len(), "{}", program.key);
        assert!(
            left_out.iter().all(|id| ids.contains(*id)),
            "{}",
            program.key
        );
        for check in &program.checks {
            assert!(
                left_out.contains(&check.id),
                "{}: {}",
                program.key,
                check.id
            );
        }
    }
}

/// The same record with some other values, most of them bad.
fn spoiled(form: &Form, sample: &Sample, seed: u64) -> Sample {
    let mut dice = Dice::new(seed);
    let mut raw = sample.raw.clone();
    let fields = &form.program().fields;
    for _ in 0..=dice.below(2) {
        let field = dice.pick(fields);
        let value = match (&field.ty, dice.below(3)) {
            (
                FieldType::Number {
                    min, max, fraction, ..
                },
                0,
            ) => {
                let step = kohyo_engine::Decimal::new(1, u32::from(*fraction));
                let bound = if dice.below(2) == 0 { *min } else { *max };
                let offset = *dice.pick(&[-step, kohyo_engine::Decimal::ZERO, step]);
                (bound.unwrap_or_default() + offset).to_string()
            }
            (FieldType::Text { chars, .. } | FieldType::Kana { chars }, 0) => {
                "あ".repeat(*chars as usize + dice.below(2))
            }
            _ => (*dice.pick(&VALUES)).to_owned(),
        };
        raw.insert(field.name.clone(), vec![value]);
    }
    Sample { raw, ..*sample }
}

fn document(form: &Form, sample: &Sample) -> Value {
    let program = form.program();
    json!({
        "form": program.key,
        "edition": program.edition,
        "application": sample.heading.application,
        "written": sample.heading.written.unwrap().to_string(),
        "answers": answers(form, &sample.raw),
    })
}

fn answers(form: &Form, raw: &RawAnswers) -> Map<String, Value> {
    let pairs = raw.iter().map(|(name, values)| {
        let id = form.field_id(name).unwrap();
        let value = match form.field(id).unwrap().ty {
            FieldType::Choices { .. } => json!(values),
            _ => json!(values[0]),
        };
        (name.clone(), value)
    });
    pairs.collect()
}

/// What the engine finds that the schema should find, too.
fn findings(form: &Form, sample: &Sample, residue: &BTreeSet<String>) -> Vec<String> {
    let (answers, unread) = read(form, &sample.raw);
    let context = sample.context();
    let found = findings_with(&mut Scratch::default(), form, &answers, &context);
    // A value that cannot be read is there, for the schema.
    let there = |id: &str| {
        let name = id.strip_prefix("required.");
        name.is_some_and(|name| sample.raw.contains_key(name))
    };
    let ids = unread.into_iter().chain(found).map(|finding| finding.check);
    ids.filter(|id| !residue.contains(id) && !there(id))
        .filter(|id| {
            id.split_once('.')
                .is_some_and(|(kind, _)| KINDS.contains(&kind))
        })
        .collect()
}

// ---- ajv

fn ajv_is_here() -> bool {
    let package = Some("tests/json_schema/node_modules/ajv");
    node_with(package, "no JSON Schema has been tested")
}

fn ajv(jobs: &Value) -> Value {
    let script = root().join("tests/json_schema/accepts.mjs");
    answer_json(Command::new("node").arg(script), jobs)
}

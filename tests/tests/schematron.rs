//! The Schematron of some forms, run by Saxon, against the engine: the same checks are found in the
//! same records, and the same values are calculated. `KOHYO_AGREEMENT_ALL` takes every form,
//! `KOHYO_KIT=all` the records of every kit.
//!
//! Needs Python with lxml and saxonche (`tests/python/requirements.txt`), in `target/python` or
//! at `KOHYO_PYTHON`. Where they are missing the test says SKIPPED; with CI set it fails instead.

use kohyo_compiler::emit::schematron;
use kohyo_engine::{Decimal, Form};
use kohyo_exchange::RecordWriter;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use tests::agreement::{self, Extent, Said, Trial, refuse};
use tests::process::{answer_json, python_with};
use tests::records::Sample;
use tests::{kits, programs, root};

/// Compiling a schema takes Saxon seconds, for a large form half a minute: few forms are tried.
const EXTENT: Extent = Extent {
    first: 0,
    one_form_in: 12,
    cases: usize::MAX,
    contradictory: 12,
    plausible: 6,
};

#[test]
fn saxon_and_the_engine_agree_about_the_forms() {
    refuse(&disagreements(&agreement::of_forms(EXTENT)));
}

/// The records of the kit that hold legal values, as all that Schematron is asked about; with
/// `KOHYO_KIT=all` those of every form.
#[test]
fn saxon_and_the_engine_agree_about_the_kit() {
    let mut trials = agreement::of_kits("shitei-011", 1);
    for (_, samples) in &mut trials {
        samples.retain(|sample| {
            let mut values = sample.raw.values().flatten();
            values.all(|value| kits::is_trimmed_by_xml(value))
        });
    }
    refuse(&disagreements(&trials));
}

#[test]
fn saxon_and_the_engine_agree_about_the_table_of_values() {
    let trials = agreement::of_the_table_of_values(|_| {});
    refuse(&disagreements(&trials));
}

#[test]
fn saxon_and_the_engine_agree_about_random_programs() {
    let trials = agreement::of_random_programs(|_| {});
    refuse(&disagreements(&trials));
}

/// The residue names checks and values of the form, each once, and is small.
#[test]
fn what_schematron_cannot_say() {
    let (mut said, mut left) = (0, 0);
    for program in programs::all() {
        let made = schematron::schematron(&program);
        assert_eq!(made, schematron::schematron(&program));
        agreement::check_residue(&program, &made.residue, std::iter::empty());
        said += made.text.matches("<sch:report ").count();
        left += made.residue.len();
    }
    assert!(
        left * 50 < said,
        "{left} rules are left out, {said} are not"
    );
}

/// The records about which the two disagree.
fn disagreements(trials: &[Trial]) -> Vec<String> {
    let modules = "lxml.isoschematron, saxonche";
    let Some(python) = python_with(modules, "no Schematron has been run") else {
        return Vec::new();
    };
    let folder = tempfile::tempdir().unwrap();
    let mut jobs = Vec::new();
    let mut residues = Vec::new();
    for (number, (form, samples)) in trials.iter().enumerate() {
        let home = folder.path().join(number.to_string());
        std::fs::create_dir(&home).unwrap();
        let schema = home.join("form.sch");
        let made = schematron::schematron(form.program());
        std::fs::write(&schema, &made.text).unwrap();
        let mut files = Vec::new();
        for (at, sample) in samples.iter().enumerate() {
            let file = home.join(format!("{at}.xml"));
            std::fs::write(&file, record(form, sample)).unwrap();
            files.push(file);
        }
        for phase in ["checks", "values"] {
            jobs.push(json!({ "schema": schema, "phase": phase, "records": files }));
        }
        let residue = made.residue.into_iter().map(|rest| rest.rule);
        residues.push(residue.collect::<BTreeSet<String>>());
    }
    let fired = fired(&python, &Value::from(jobs));
    let phases = fired.as_array().unwrap().chunks(2);
    let mut disagreements = Vec::new();
    let mut found = BTreeSet::new();
    for (((form, samples), residue), phases) in trials.iter().zip(&residues).zip(phases) {
        for (at, sample) in samples.iter().enumerate() {
            let ours = Said::by_the_engine(form, sample, residue, |outcome| &outcome.name);
            let theirs = Said {
                findings: texts(&phases[0][at]).into_keys().collect(),
                values: texts(&phases[1][at]),
            };
            found.extend(ours.findings.iter().cloned());
            let lines = ours.differences(&theirs, same_number);
            if !lines.is_empty() {
                disagreements.push(format!(
                    "{} record {at}\n {}\n{}",
                    form.program().key,
                    lines.join("\n "),
                    record(form, sample)
                ));
            }
        }
    }
    assert!(
        found.len() > 1 || trials.len() < 2,
        "nothing was found at all"
    );
    disagreements
}

fn record(form: &Form, sample: &Sample) -> String {
    let mut out = Vec::new();
    let writer = RecordWriter::new(form);
    writer.write(sample.heading, &sample.raw, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Digits behind the point that every processor keeps of a quotient (`docs/targets/schematron.md`).
const DIGITS: u32 = 15;

/// 5 is 5.0, and a third is a third after eighteen digits or twenty-eight.
fn same_number(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<Decimal>().ok().map(|n| n.round_dp(DIGITS));
    number(one).is_some() && number(one) == number(other)
}

/// What has fired, by its id.
fn texts(report: &Value) -> BTreeMap<String, String> {
    let pairs = report.as_object().unwrap().iter();
    pairs
        .map(|(id, text)| (id.clone(), text.as_str().unwrap().to_owned()))
        .collect()
}

// ---- Saxon

fn fired(python: &Path, jobs: &Value) -> Value {
    let script = root().join("tests/schematron/fired.py");
    answer_json(Command::new(python).arg(script), jobs)
}

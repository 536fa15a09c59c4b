//! The Schematron of every form, run by Saxon, against the engine: the same checks are found in the
//! same records, and the same values are calculated.
//!
//! Needs Python with lxml and saxonche (`tests/python/requirements.txt`), in `target/python` or
//! at `KOHYO_PYTHON`. Where they are missing the test says SKIPPED; with CI set it fails instead.

use kohyo_compiler::emit::{check_spec, schematron};
use kohyo_engine::program::{Member, Rule};
use kohyo_engine::{Form, Known, Program, Scratch, findings_with, observe_with, read};
use kohyo_exchange::RecordWriter;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tests::dice::Dice;
use tests::records::{self, Pool, Sample};
use tests::{programs, root};

/// Contradictory records of each form, besides its cases.
const RECORDS: u64 = 12;
/// Compiling a schema takes Saxon seconds, for a large form half a minute: one form in this many is
/// tried, all of them with `KOHYO_AGREEMENT_ALL` set.
const ONE_FORM_IN: usize = 12;
/// Random programs.
const PROGRAMS: u64 = 60;

#[test]
fn saxon_and_the_engine_agree_about_the_forms() {
    let all = std::env::var_os("KOHYO_AGREEMENT_ALL").is_some();
    let step = if all { 1 } else { ONE_FORM_IN };
    let forms = programs::with_paths().into_iter().step_by(step);
    let disagreements = disagreements(
        forms
            .map(|(path, program)| {
                let form = Form::new(program).unwrap();
                let mut samples = records::of_cases(&form, &path);
                let pool = Pool::new(&form);
                samples.extend((0..RECORDS).map(|seed| pool.contradictory(seed)));
                samples.extend((0..6).map(|seed| pool.plausible(seed)));
                (form, samples)
            })
            .collect(),
    );
    assert!(
        disagreements.is_empty(),
        "{} disagreements, the first:\n{}",
        disagreements.len(),
        disagreements[0]
    );
}

/// Every operator and every state of the answers: the rows of `docs/language/values.md`.
#[test]
fn saxon_and_the_engine_agree_about_the_table_of_values() {
    let mut forms = Vec::new();
    for row in tests::values::rows() {
        let files = row.files();
        let Some(program) = kohyo_compiler::compile(&files, tests::values::PATH).program else {
            continue;
        };
        let form = Form::new(program).unwrap();
        let raw = row.answers.iter().cloned().collect();
        let (answers, _) = kohyo_engine::read_lenient(&form, &raw);
        let raw = kohyo_engine::written(&form, &answers);
        let mut heading = records::heading(kohyo_engine::program::Application::New);
        heading.written = tests::values::TODAY.parse().ok();
        forms.push((form, vec![Sample { heading, raw }]));
    }
    assert!(forms.len() > 200, "only {} rows", forms.len());
    let disagreements = disagreements(forms);
    assert!(
        disagreements.is_empty(),
        "{} disagreements, the first:\n{}",
        disagreements.len(),
        disagreements[0]
    );
}

/// Small programs with every kind of rule, which nobody would write.
#[test]
fn saxon_and_the_engine_agree_about_random_programs() {
    let forms = (0..PROGRAMS).map(|seed| {
        let form = Form::new(tests::random::program(seed)).unwrap();
        let mut dice = Dice(seed);
        let samples = (0..8).map(|turn| {
            let raw = tests::random::answers(form.program(), &mut dice);
            let (answers, _) = read(&form, &raw);
            Sample {
                heading: records::heading(records::application(turn)),
                raw: kohyo_engine::written(&form, &answers),
            }
        });
        let samples = samples.collect();
        (form, samples)
    });
    let disagreements = disagreements(forms.collect());
    assert!(
        disagreements.is_empty(),
        "{} disagreements, the first:\n{}",
        disagreements.len(),
        disagreements[0]
    );
}

/// The residue names checks and values of the form, each once, and is small.
#[test]
fn what_schematron_cannot_say() {
    let (mut said, mut left) = (0, 0);
    for program in programs::all() {
        let made = schematron::schematron(&program);
        assert_eq!(made, schematron::schematron(&program));
        let checks = check_spec::rows(&program).into_iter().map(|row| row.id);
        let values = program
            .definitions
            .iter()
            .map(|d| format!("value.{}", d.name));
        let ids: BTreeSet<String> = checks.chain(values).collect();
        let left_out: BTreeSet<&String> = made.residue.iter().map(|rest| &rest.rule).collect();
        assert_eq!(left_out.len(), made.residue.len(), "{}", program.key);
        assert!(
            left_out.iter().all(|id| ids.contains(*id)),
            "{}",
            program.key
        );
        said += made.text.matches("<sch:report ").count();
        left += made.residue.len();
    }
    assert!(
        left * 50 < said,
        "{left} rules are left out, {said} are not"
    );
}

/// The records about which the two disagree.
fn disagreements(forms: Vec<(Form, Vec<Sample>)>) -> Vec<String> {
    let Some(python) = python() else {
        return Vec::new();
    };
    let folder = tempfile::tempdir().unwrap();
    let mut jobs = Vec::new();
    for (number, (form, samples)) in forms.iter().enumerate() {
        let home = folder.path().join(number.to_string());
        std::fs::create_dir(&home).unwrap();
        let schema = home.join("form.sch");
        let made = schematron::schematron(form.program());
        std::fs::write(&schema, &made.text).unwrap();
        let writer = RecordWriter::new(form);
        let mut files = Vec::new();
        for (at, sample) in samples.iter().enumerate() {
            let file = home.join(format!("{at}.xml"));
            let out = std::fs::File::create(&file).unwrap();
            writer.write(sample.heading, &sample.raw, out).unwrap();
            files.push(file);
        }
        for phase in ["checks", "values"] {
            jobs.push(json!({ "schema": schema, "phase": phase, "records": files }));
        }
    }
    let fired = run(&python, &Value::from(jobs));
    let mut disagreements = Vec::new();
    let mut compared = BTreeSet::new();
    for ((form, samples), phases) in forms.iter().zip(fired.as_array().unwrap().chunks(2)) {
        let made = schematron::schematron(form.program());
        let residue: BTreeSet<String> = made.residue.into_iter().map(|rest| rest.rule).collect();
        for (at, sample) in samples.iter().enumerate() {
            let found = ids(&phases[0][at]);
            let values = texts(&phases[1][at]);
            let ours = findings(form, sample, &residue);
            let our_values = calculated(form, sample, &residue);
            compared.extend(ours.iter().cloned());
            if found != ours || !same_values(&values, &our_values) {
                let xml = folder.path().join("x.xml");
                let out = std::fs::File::create(&xml).unwrap();
                RecordWriter::new(form)
                    .write(sample.heading, &sample.raw, out)
                    .unwrap();
                disagreements.push(format!(
                    "{} record {at}\n only Schematron: {:?}\n only engine: {:?}\n values: {values:?}\n engine: {our_values:?}\n{}",
                    form.program().key,
                    found.difference(&ours).collect::<Vec<_>>(),
                    ours.difference(&found).collect::<Vec<_>>(),
                    std::fs::read_to_string(&xml).unwrap()
                ));
            }
        }
    }
    assert!(
        compared.len() > 1 || forms.len() < 2,
        "nothing was found at all"
    );
    disagreements
}

/// Ids of what the engine finds, without what the schema leaves to others.
fn findings(form: &Form, sample: &Sample, residue: &BTreeSet<String>) -> BTreeSet<String> {
    let (answers, unread) = read(form, &sample.raw);
    assert_eq!(unread, [], "records are legal");
    let context = sample.context();
    let findings = findings_with(&mut Scratch::default(), form, &answers, &context);
    let ids = findings.into_iter().map(|finding| finding.check);
    ids.filter(|id| !residue.contains(id)).collect()
}

/// The values that the form shows, where they are known.
fn calculated(
    form: &Form,
    sample: &Sample,
    residue: &BTreeSet<String>,
) -> BTreeMap<String, String> {
    let (answers, _) = read(form, &sample.raw);
    let seen = observe_with(&mut Scratch::default(), form, &answers, &sample.context());
    let displayed = displayed(form.program());
    let definitions = (0..).zip(&form.program().definitions).zip(seen.values);
    definitions
        .filter(|((id, _), _)| displayed.contains(id))
        .filter_map(|((_, definition), value)| {
            let value = match (value, &definition.rule) {
                (Known::Truth(holds), _) => holds.to_string(),
                (Known::Number(number), _) => number.normalize().to_string(),
                (Known::Outcome(index), Rule::Grade { outcomes, .. }) => {
                    outcomes[usize::from(index)].name.clone()
                }
                _ => return None,
            };
            Some((format!("value.{}", definition.name), value))
        })
        .filter(|(id, _)| !residue.contains(id))
        .collect()
}

fn displayed(program: &Program) -> BTreeSet<u16> {
    fn walk(members: &[Member], into: &mut BTreeSet<u16>) {
        for member in members {
            match member {
                Member::Display(id) => {
                    into.insert(id.0);
                }
                Member::Group { members, .. } => walk(members, into),
                Member::Field(_) | Member::Note(_) => {}
            }
        }
    }
    let mut displayed = BTreeSet::new();
    for section in &program.sections {
        walk(&section.members, &mut displayed);
    }
    displayed
}

/// Numbers are compared as numbers: 5 is 5.0.
fn same_values(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> bool {
    let same = |(a, b): ((&String, &String), (&String, &String))| {
        let number = |text: &str| text.parse::<kohyo_engine::Decimal>().ok();
        a.0 == b.0 && (a.1 == b.1 || number(a.1).is_some() && number(a.1) == number(b.1))
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

fn ids(report: &Value) -> BTreeSet<String> {
    texts(report).into_keys().collect()
}

fn texts(report: &Value) -> BTreeMap<String, String> {
    let report = report.as_object().unwrap();
    let pairs = report.iter();
    pairs
        .map(|(id, text)| (id.clone(), text.as_str().unwrap().to_owned()))
        .collect()
}

// ---- Saxon

fn python() -> Option<PathBuf> {
    let own = std::env::var_os("KOHYO_PYTHON").map(PathBuf::from);
    let candidates = [
        own,
        Some(root().join("target/python/bin/python")),
        Some(PathBuf::from("python3")),
    ];
    let works = |python: &Path| {
        let asked = Command::new(python)
            .args(["-c", "import lxml.isoschematron, saxonche"])
            .stderr(Stdio::null())
            .status();
        asked.is_ok_and(|status| status.success())
    };
    let found = candidates
        .into_iter()
        .flatten()
        .find(|python| works(python));
    if found.is_none() {
        assert!(
            std::env::var_os("CI").is_none(),
            "python with lxml and saxonche is missing"
        );
        eprintln!("SKIPPED: python with lxml and saxonche is missing, no Schematron has been run");
    }
    found
}

fn run(python: &Path, jobs: &Value) -> Value {
    let mut child = Command::new(python)
        .arg(root().join("tests/schematron/fired.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = jobs.to_string();
    std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

//! The Questionnaire of every form, its FHIRPath run by npm fhirpath, against the engine: the same
//! questions are asked, the same checks fail, the same values are calculated.
//!
//! Needs Node and `npm ci --prefix tests/fhir`. Where they are missing the test says SKIPPED; with CI set
//! it fails instead.

use kohyo_compiler::emit::fhir;
use kohyo_engine::program::{DefinitionId, FieldId, Member};
use kohyo_engine::{Form, Program, evaluate, read, written};
use kohyo_exchange::{Library, ResponseWriter, read_response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use tests::agreement::{self, Extent, Said, Trial, displayed, refuse};
use tests::process::{answer_json, node_with};
use tests::records::{self, Pool, Sample};
use tests::{programs, root};

/// Looking up an answer costs FHIRPath a search through the response: few forms are tried, others than
/// the Schematron test takes.
const EXTENT: Extent = Extent {
    first: 5,
    one_form_in: 12,
    cases: 16,
    contradictory: 8,
    plausible: 2,
};

/// One record of a kit in this many.
const KIT_RECORD_IN: usize = 12;

#[test]
fn fhirpath_and_the_engine_agree_about_the_forms() {
    refuse(&disagreements(agreement::of_forms(EXTENT)));
}

/// Some of the kit's records, whose answers FHIRPath searches for one by one; with `KOHYO_KIT=all`
/// some of every form.
#[test]
fn fhirpath_and_the_engine_agree_about_the_kit() {
    refuse(&disagreements(agreement::of_kits(
        "shitei-240",
        KIT_RECORD_IN,
    )));
}

#[test]
fn fhirpath_and_the_engine_agree_about_the_table_of_values() {
    let trials = agreement::of_the_table_of_values(show_everything);
    refuse(&disagreements(trials));
}

#[test]
fn fhirpath_and_the_engine_agree_about_random_programs() {
    let trials = agreement::of_random_programs(show_everything);
    refuse(&disagreements(trials));
}

/// Every calculated value becomes an item, so that it is compared.
fn show_everything(program: &mut Program) {
    let shown = displayed(program);
    let ids = 0..u16::try_from(program.definitions.len()).unwrap();
    let hidden = ids.filter(|id| !shown.contains(id));
    let hidden: Vec<Member> = hidden.map(|id| Member::Display(DefinitionId(id))).collect();
    program.sections[0].members.extend(hidden);
}

/// The residue names checks and values of the form, each once, and is small.
#[test]
fn what_a_questionnaire_cannot_say() {
    let (mut said, mut left) = (0, 0);
    for program in programs::all() {
        let made = fhir::questionnaire(&program);
        assert_eq!(made, fhir::questionnaire(&program));
        let judgements = program.judgements.iter();
        let judgements = judgements.map(|judgement| format!("judgement.{}", judgement.name));
        let fields = program.fields.iter();
        let shown = fields.map(|field| format!("shown.{}", field.name));
        let functions = program.functions.iter();
        let functions = functions.map(|function| format!("function.{}", function.name));
        let others = judgements.chain(shown).chain(functions);
        agreement::check_residue(&program, &made.residue, others);
        let rules = made.residue.iter().map(|rest| &rest.rule);
        left += rules.filter(|id| !id.starts_with("judgement.")).count();
        said += made.text.matches("/targetConstraint\"").count();
        said += made.text.matches("calculatedExpression\"").count();
    }
    assert!(
        left * 50 < said,
        "{left} rules are left out, {said} are not"
    );
}

/// Resources have the shape of FHIR R4 and keep its invariants.
#[test]
fn resources_have_the_shape_of_r4() {
    if !node_is_here() {
        return;
    }
    let mut names = Vec::new();
    let mut resources = Vec::new();
    for (path, program) in programs::with_paths() {
        let made = fhir::questionnaire(&program);
        let form = Form::new(program).unwrap();
        let key = form.program().key.clone();
        names.extend(["Questionnaire", "CodeSystems"].map(|what| format!("{key} {what}")));
        resources.extend([made.text, made.code_systems]);
        for sample in records::of_cases(&form, &path).into_iter().take(1) {
            names.push(format!("{key} QuestionnaireResponse"));
            resources.push(response(&form, &sample));
        }
    }
    let complaints = node("shape.mjs", &json!(resources));
    let complaints: Vec<String> = names
        .iter()
        .zip(complaints.as_array().unwrap())
        .filter(|(_, complaints)| **complaints != json!([]))
        .map(|(name, complaints)| format!("{name}: {complaints:#}"))
        .collect();
    assert!(
        complaints.is_empty(),
        "{} of {} resources, the first: {}",
        complaints.len(),
        names.len(),
        complaints[..complaints.len().min(3)].join("\n")
    );
}

/// Answers → response → answers: nothing is lost, and nothing stands where the questionnaire has no
/// place for it.
#[test]
fn records_go_through_a_response_without_loss() {
    let mut count = 0;
    for (path, program) in programs::with_paths() {
        let form = Arc::new(Form::new(program).unwrap());
        let library = Library::new([Arc::new(without_fallback(&form))]).unwrap();
        let made = fhir::questionnaire(form.program());
        let questionnaire: Value = serde_json::from_str(&made.text).unwrap();
        let mut places = BTreeSet::new();
        places_in(&questionnaire["item"], "", &mut places);
        let mut samples = records::of_cases(&form, &path);
        let pool = Pool::new(&form);
        samples.extend((0..6).map(|seed| pool.contradictory(seed)));
        for sample in samples {
            let text = response(&form, &sample);
            let (record, findings) = read_response(text.as_bytes(), &library).unwrap();
            assert_eq!(findings, [], "{}\n{text}", form.program().key);
            let (answers, _) = read(&form, &sample.raw);
            assert_eq!(record.answers, answers, "{}\n{text}", form.program().key);
            assert_eq!(record.written, sample.heading.written);
            assert_eq!(record.application, sample.heading.application);
            assert_eq!(written(&form, &record.answers), written(&form, &answers));
            let response: Value = serde_json::from_str(&text).unwrap();
            let mut used = BTreeSet::new();
            places_in(&response["item"], "", &mut used);
            assert!(
                used.is_subset(&places),
                "{:?}",
                used.difference(&places).collect::<Vec<_>>()
            );
            count += 1;
        }
    }
    assert!(count > 500, "only {count} records");
}

/// A library of one edition cannot judge renewals by another.
fn without_fallback(form: &Form) -> Form {
    let mut program = form.program().clone();
    program.fallback = None;
    Form::new(program).unwrap()
}

fn places_in(items: &Value, above: &str, into: &mut BTreeSet<String>) {
    for item in items.as_array().into_iter().flatten() {
        let place = format!("{above}/{}", item["linkId"].as_str().unwrap());
        places_in(&item["item"], &place, into);
        into.insert(place);
    }
}

fn response(form: &Form, sample: &Sample) -> String {
    let mut text = Vec::new();
    let writer = ResponseWriter::new(form);
    writer
        .write(sample.heading, &sample.raw, &mut text)
        .unwrap();
    String::from_utf8(text).unwrap()
}

/// The records about which the two disagree.
fn disagreements(trials: Vec<Trial>) -> Vec<String> {
    if !node_is_here() {
        return Vec::new();
    }
    let mut jobs = Vec::new();
    let mut residues = Vec::new();
    for (form, samples) in &trials {
        let made = fhir::questionnaire(form.program());
        let responses: Vec<String> = samples.iter().map(|s| response(form, s)).collect();
        jobs.push(json!({ "questionnaire": made.text, "responses": responses }));
        let residue = made.residue.into_iter().map(|rest| rest.rule);
        residues.push(residue.collect::<BTreeSet<String>>());
    }
    let said = node("said.mjs", &Value::from(jobs));
    let mut disagreements = Vec::new();
    let (mut found, mut valued, mut hidden) = (BTreeSet::new(), 0, 0);
    for (((form, samples), residue), said) in
        trials.iter().zip(&residues).zip(said.as_array().unwrap())
    {
        for (sample, said) in samples.iter().zip(said.as_array().unwrap()) {
            let ours = Said::by_the_engine(form, sample, residue, |outcome| &outcome.label);
            let asked = asked_by_the_engine(form, sample, residue);
            found.extend(ours.findings.iter().cloned());
            valued += ours.values.len();
            hidden += form.program().fields.len() - asked.len();
            let mut lines = ours.differences(&said_by_fhirpath(said), same_number);
            lines.extend(agreement::difference(
                "asked",
                &asked,
                &asked_by_fhirpath(said),
            ));
            if !lines.is_empty() {
                disagreements.push(format!(
                    "{} {}\n{}",
                    form.program().key,
                    lines.join("\n "),
                    response(form, sample)
                ));
            }
        }
    }
    assert!(found.len() > 1, "nothing was found at all");
    assert!(valued > 0 && hidden > 0, "nothing to compare");
    disagreements
}

/// The questions that are shown, without those that the questionnaire asks in any case.
fn asked_by_the_engine(
    form: &Form,
    sample: &Sample,
    residue: &BTreeSet<String>,
) -> BTreeSet<String> {
    let (answers, _) = read(form, &sample.raw);
    let outcome = evaluate(form, &answers, &sample.context());
    let shown = (0..).map(FieldId).zip(&outcome.shown);
    let shown = shown.filter(|(_, shown)| **shown);
    let names = shown.filter_map(|(id, _)| form.field(id).map(|field| field.name.clone()));
    names
        .filter(|name| !residue.contains(&format!("shown.{name}")))
        .collect()
}

fn asked_by_fhirpath(said: &Value) -> BTreeSet<String> {
    questions(said, "enabled").collect()
}

/// What the questionnaire said.
fn said_by_fhirpath(said: &Value) -> Said {
    let missing = questions(said, "missing").map(|name| format!("required.{name}"));
    let values = said["values"].as_object().unwrap().iter();
    Said {
        findings: questions(said, "failed").chain(missing).collect(),
        values: values
            .filter(|(link, _)| !link.contains(".again"))
            .map(|(link, value)| (link.clone(), value.as_str().unwrap().to_owned()))
            .collect(),
    }
}

/// A list of what was said, without the question about the kind of application.
fn questions<'s>(said: &'s Value, list: &str) -> impl Iterator<Item = String> + 's {
    let list = said[list].as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned())
        .filter(|link| link != "record.application")
}

/// Digits far behind the point are a matter of the processor.
fn same_number(one: &str, other: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    number(one)
        .zip(number(other))
        .is_some_and(|(a, b)| (a - b).abs() <= 1e-12 * a.abs().max(1.0))
}

// ---- Node

fn node_is_here() -> bool {
    let package = Some("tests/fhir/node_modules/fhirpath");
    node_with(package, "no FHIRPath has been run")
}

fn node(script: &str, input: &Value) -> Value {
    let script = root().join("tests/fhir").join(script);
    answer_json(Command::new("node").arg(script), input)
}

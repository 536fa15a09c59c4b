//! The emitted JavaScript in Node, beside the engine.

use crate::process::node_with;
use kohyo_compiler::emit::{Artefact, Target, javascript};
use kohyo_engine::{Context, Form, Outcome, RawAnswers, evaluate, read};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Records put to both engines, and the folder with the modules.
pub struct Node {
    folder: TempDir,
    requests: String,
    records: Vec<(String, Value, Value)>,
}

impl Node {
    /// A folder with the runtime; nothing if the machine has no Node, which is said aloud.
    ///
    /// # Panics
    /// If Node is missing where it must not be.
    pub fn new() -> Option<Self> {
        if !node_with(None, "no JavaScript module has been run") {
            return None;
        }
        let folder = TempDir::new().unwrap();
        write(folder.path(), &Target::JavaScript.shared(&[]));
        Some(Self {
            folder,
            requests: String::new(),
            records: Vec::new(),
        })
    }

    /// Adds the module of a form.
    pub fn add_form(&self, form: &Form) {
        write(self.folder.path(), &Target::JavaScript.form(form).artefacts);
    }

    /// The folder in which the modules lie.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How many records the engine gave each result.
    pub fn results(&self) -> BTreeMap<String, usize> {
        let mut results = BTreeMap::new();
        for (_, _, expected) in &self.records {
            let result = expected["result"].as_str().unwrap().to_owned();
            *results.entry(result).or_default() += 1;
        }
        results
    }

    /// Puts a record to the engine now, and to Node with the others later.
    pub fn add_record(&mut self, form: &Form, raw: &RawAnswers, context: &Context) {
        let request = json!({
            "module": javascript::file_name(form.program()),
            "answers": raw,
            "context": { "today": context.today, "application": context.application },
        });
        writeln!(self.requests, "{request}").unwrap();
        let (answers, unread) = read(form, raw);
        let outcome = evaluate(form, &answers, context).with_findings(unread);
        let expected = said(form, &outcome);
        self.records
            .push((form.program().key.clone(), request, expected));
    }

    /// Puts a record to the engine now, and to Node later, to ask what is missing to a verdict;
    /// false if nothing is.
    pub fn add_missing(&mut self, form: &Form, raw: &RawAnswers, context: &Context) -> bool {
        let (answers, _) = read(form, raw);
        let outcome = evaluate(form, &answers, context);
        let request = json!({
            "module": javascript::file_name(form.program()),
            "missing": true,
            "answers": raw,
            "context": { "today": context.today, "application": context.application },
        });
        writeln!(self.requests, "{request}").unwrap();
        let sets = outcome.missing.iter().map(|set| {
            let items = set.items.iter().map(
                |item| json!({ "name": item.name, "label": item.label, "unknown": item.unknown }),
            );
            json!({ "items": items.collect::<Vec<_>>(), "leadsTo": set.leads_to })
        });
        let expected = json!({ "missing": sets.collect::<Vec<_>>() });
        self.records
            .push((form.program().key.clone(), request, expected));
        !outcome.missing.is_empty()
    }

    /// How many records have been put.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The differences between the engine and Node, one text for each record.
    ///
    /// # Panics
    /// If Node does not answer every record.
    pub fn differences(&self) -> Vec<String> {
        let folder = self.folder.path();
        std::fs::write(folder.join("requests.jsonl"), &self.requests).unwrap();
        let runner = include_str!("../tests/javascript/runner.mjs");
        std::fs::write(folder.join("runner.mjs"), runner).unwrap();
        let output = Command::new("node")
            .current_dir(folder)
            .args(["runner.mjs", "requests.jsonl"])
            .output()
            .unwrap();
        let answers = String::from_utf8_lossy(&output.stdout);
        let answers: Vec<&str> = answers.lines().collect();
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert_eq!(answers.len(), self.records.len(), "{complaints}");
        self.records
            .iter()
            .zip(answers)
            .filter_map(|((key, request, expected), answer)| {
                let found: Value = serde_json::from_str(answer).unwrap();
                difference(expected, &found).map(|what| format!("{key}: {request}\n{what}"))
            })
            .collect()
    }
}

fn write(folder: &Path, artefacts: &[Artefact]) {
    for artefact in artefacts {
        std::fs::write(folder.join(&artefact.path), &artefact.content).unwrap();
    }
}

/// What differs, with its place and both outcomes; nothing if they are equal.
fn difference(expected: &Value, found: &Value) -> Option<String> {
    let mut lines = String::new();
    differences_at("", expected, found, &mut lines);
    (!lines.is_empty()).then_some(lines)
}

fn differences_at(place: &str, expected: &Value, found: &Value, lines: &mut String) {
    if expected == found {
        return;
    }
    let (Value::Object(one), Value::Object(other)) = (expected, found) else {
        writeln!(
            lines,
            "  {place}\n    engine: {expected}\n    module: {found}"
        )
        .unwrap();
        return;
    };
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    for name in names {
        let of = |object: &Map<String, Value>| object.get(name).cloned().unwrap_or_default();
        let inside = format!("{place}.{name}");
        differences_at(&inside, &of(one), &of(other), lines);
    }
}

/// What the engine says, in the words of the module.
fn said(form: &Form, outcome: &Outcome) -> Value {
    let fields = &form.program().fields;
    let name = |id: &kohyo_engine::program::FieldId| fields[usize::from(id.0)].name.clone();
    let judgements: Map<String, Value> = outcome
        .judgements
        .iter()
        .map(|judgement| {
            let category = judgement.category.as_ref();
            let said = json!({
                "label": judgement.label,
                "category": category.map(|category| &category.name),
                "categoryLabel": category.map(|category| &category.label),
                "eligible": category.map(|category| category.eligible),
                "possible": judgement.possible,
            });
            (judgement.name.clone(), said)
        })
        .collect();
    let calculations: Map<String, Value> = outcome
        .values
        .iter()
        .map(|value| {
            let said = json!({ "label": value.label, "value": value.value, "text": value.text });
            (value.name.clone(), said)
        })
        .collect();
    let states = outcome.shown.iter().zip(&outcome.required);
    let visibility: Map<String, Value> = fields
        .iter()
        .zip(states)
        .map(|(field, (shown, required))| {
            let said = json!({ "shown": shown, "required": required });
            (field.name.clone(), said)
        })
        .collect();
    let findings: Vec<Value> = outcome
        .findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check,
                "level": finding.level,
                "fields": finding.fields.iter().map(name).collect::<Vec<_>>(),
                "message": finding.message,
                "help": finding.help,
                "value": finding.value,
            })
        })
        .collect();
    json!({
        "result": outcome.result,
        "exact": outcome.exact,
        "judgements": judgements,
        "calculations": calculations,
        "visibility": visibility,
        "findings": findings,
    })
}

//! A patient as a case to paste into the case file.

use super::Found;
use super::watch::Ready;
use crate::cases::{CaseFile, Written, flat};
use kohyo_engine::program::{Application, FieldId, Program, Rule};
use kohyo_engine::{Answer, Form, Known, Observation, Tri};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The case that notices the change: the answers of the case nearby with the changed ones, and
/// what the definition as written says wherever the change says something else.
///
/// Whether a field is required can only be seen where it is not answered: if that is all that
/// differs, the answer is taken away and nothing else is expected.
pub(super) fn case(form: &Form, file: &CaseFile, ready: Option<&Ready>, found: &Found) -> String {
    let program = form.program();
    let near = ready.and_then(|ready| file.cases.get(ready.index));
    let base: BTreeSet<String> = file
        .base
        .iter()
        .flat_map(|(name, answer)| flat(form, name, answer))
        .map(|(name, _)| name)
        .collect();
    let mut answers: BTreeMap<String, Option<Vec<String>>> = near
        .into_iter()
        .flat_map(|case| &case.answers)
        .flat_map(|(name, answer)| flat(form, name, answer))
        .map(|(name, Written(values))| (name, values))
        .collect();
    let mut set = |name: &str, values: Option<Vec<String>>| {
        if values.is_none() && !base.contains(name) {
            answers.remove(name);
        } else {
            answers.insert(name.to_owned(), values);
        }
    };
    for (field, answer) in &found.changed {
        if let Some(known) = form.field(*field) {
            set(&known.name, in_words(form, *field, answer));
        }
    }
    let mut expected = expectations(program, &found.before, &found.after);
    if expected.is_empty() && found.before.result == found.after.result {
        for (name, _) in required(program, &found.before, &found.after) {
            set(&name, None);
        }
        expected = expected_required(program, &found.before, &found.after);
    } else {
        expected.insert(0, format!("result: {}", found.before.result.name()));
    }
    let mut out = String::from("  - name: （何を確かめるケースか）\n");
    // Writing to a text cannot fail.
    let _ = writeln!(out, "    on: {}", near.map_or("", |case| &case.on));
    if near.is_some_and(|case| case.application == Application::Renewal) {
        out.push_str("    application: renewal\n");
    }
    if !answers.is_empty() {
        out.push_str("    answers:\n");
    }
    for (name, values) in &answers {
        let _ = writeln!(out, "      {name}: {}", yaml(values.as_deref()));
    }
    out.push_str("    expect:\n");
    for line in expected {
        let _ = writeln!(out, "      {line}");
    }
    out
}

/// An answer as case files write it: codes by name.
fn in_words(form: &Form, field: FieldId, answer: &Answer) -> Option<Vec<String>> {
    let name = |index: &u16| {
        let code = form.codes(field).get(usize::from(*index));
        code.map_or_else(String::new, |code| code.name.clone())
    };
    match answer {
        Answer::Missing => None,
        Answer::Code(code) => Some(vec![name(code)]),
        Answer::Codes(codes) => Some(codes.iter().map(name).collect()),
        Answer::Number(number) => Some(vec![number.to_string()]),
        Answer::Date(date) => Some(vec![date.to_string()]),
        Answer::Text(text) => Some(vec![text.to_string()]),
    }
}

fn yaml(values: Option<&[String]>) -> String {
    match values {
        None => "null".to_owned(),
        Some([one]) => scalar(one),
        Some(many) => {
            let many: Vec<String> = many.iter().map(|value| scalar(value)).collect();
            format!("[{}]", many.join(", "))
        }
    }
}

/// A plain word where YAML reads it as one, else a quoted text.
fn scalar(text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(text, "true" | "false" | "null");
    let is_date = text.len() >= 7
        && text.contains('-')
        && text.chars().all(|c| c.is_ascii_digit() || c == '-')
        && !text.starts_with('-');
    if is_word || is_date {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

/// What differs, in words.
pub(super) fn differences(
    program: &Program,
    before: &Observation,
    after: &Observation,
) -> Vec<String> {
    let mut found = Vec::new();
    if before.result != after.result {
        found.push(format!(
            "結果が「{}」から「{}」になります",
            before.result.label(),
            after.result.label()
        ));
    }
    let categories = before
        .categories
        .as_slice()
        .iter()
        .zip(after.categories.as_slice());
    for ((was, is), judgement) in categories.zip(&program.judgements) {
        let label = |index: &Option<u16>| {
            let category = index.and_then(|index| judgement.categories.get(usize::from(index)));
            category.map_or("判定不能", |category| category.label.as_str())
        };
        if was != is {
            found.push(format!(
                "{}が「{}」から「{}」になります",
                judgement.label,
                label(was),
                label(is)
            ));
        }
    }
    if found.is_empty() {
        let values = before.values.iter().zip(&after.values);
        for ((_, _), definition) in values
            .zip(&program.definitions)
            .filter(|((was, is), _)| was != is)
        {
            found.push(format!("「{}」の値が変わります", definition.label));
        }
        for check in checks(program, before, after) {
            found.push(format!("チェック {} の検出が変わります", check.0));
        }
        for (name, _) in shown(program, before, after) {
            found.push(format!("項目 {name} の表示が変わります"));
        }
        for (name, _) in required(program, before, after) {
            found.push(format!("項目 {name} の必須が変わります"));
        }
    }
    found.truncate(3);
    found
}

/// What the definition says where the change says something else, but for what is required.
fn expectations(program: &Program, before: &Observation, after: &Observation) -> Vec<String> {
    let mut lines = Vec::new();
    let categories = before
        .categories
        .as_slice()
        .iter()
        .zip(after.categories.as_slice());
    let judgements: Vec<String> = categories
        .zip(&program.judgements)
        .filter(|((was, is), _)| was != is)
        .map(|((was, _), judgement)| {
            let category = was.and_then(|index| judgement.categories.get(usize::from(index)));
            let name = category.map_or("undetermined", |category| category.name.as_str());
            format!("{}: {name}", judgement.name)
        })
        .collect();
    if !judgements.is_empty() {
        lines.push(format!("judgements: {{ {} }}", judgements.join(", ")));
    }
    let values: Vec<String> = before
        .values
        .iter()
        .zip(&after.values)
        .zip(&program.definitions)
        .filter(|((was, is), _)| was != is)
        .map(|((was, _), found)| format!("{}: \"{}\"", found.name, known(&found.rule, *was)))
        .take(3)
        .collect();
    if !values.is_empty() {
        lines.push(format!("values: {{ {} }}", values.join(", ")));
    }
    for wanted in [true, false] {
        let word = if wanted { "findings" } else { "no_findings" };
        let ids: Vec<String> = checks(program, before, after)
            .into_iter()
            .filter(|(_, is)| *is == wanted)
            .map(|(id, _)| id)
            .collect();
        if !ids.is_empty() {
            lines.push(format!("{word}: [{}]", ids.join(", ")));
        }
        let word = if wanted { "shown" } else { "hidden" };
        let names: Vec<String> = shown(program, before, after)
            .into_iter()
            .filter(|(_, is)| *is == wanted)
            .map(|(name, _)| name)
            .collect();
        if !names.is_empty() {
            lines.push(format!("{word}: [{}]", names.join(", ")));
        }
    }
    lines
}

/// Whether the unanswered fields are reported.
fn expected_required(program: &Program, before: &Observation, after: &Observation) -> Vec<String> {
    let all = required(program, before, after);
    [(true, "findings"), (false, "no_findings")]
        .into_iter()
        .filter_map(|(wanted, word)| {
            let own = all.iter().filter(|(_, is)| *is == wanted);
            let ids: Vec<String> = own.map(|(name, _)| format!("required.{name}")).collect();
            (!ids.is_empty()).then(|| format!("{word}: [{}]", ids.join(", ")))
        })
        .collect()
}

fn known(rule: &Rule, value: Known) -> String {
    match (value, rule) {
        (Known::Truth(holds), _) => holds.to_string(),
        (Known::Number(number), _) => number.normalize().to_string(),
        (Known::Outcome(index), Rule::Grade { outcomes, .. }) => outcomes
            .get(usize::from(index))
            .map_or_else(String::new, |outcome| outcome.name.clone()),
        (Known::Outcome(_) | Known::Unknown, _) => "unknown".to_owned(),
    }
}

/// The checks that are found in one but not in the other; whether the definition finds them.
fn checks(program: &Program, before: &Observation, after: &Observation) -> Vec<(String, bool)> {
    let violated = |holds: &Tri| *holds == Tri::True;
    let both = before.violated.iter().zip(&after.violated);
    both.zip(&program.checks)
        .filter(|((was, is), _)| violated(was) != violated(is))
        .map(|((was, _), check)| (check.id.clone(), violated(was)))
        .collect()
}

fn shown(program: &Program, before: &Observation, after: &Observation) -> Vec<(String, bool)> {
    fields(program, &before.shown, &after.shown)
}

fn required(program: &Program, before: &Observation, after: &Observation) -> Vec<(String, bool)> {
    fields(program, &before.required, &after.required)
}

fn fields(program: &Program, before: &[bool], after: &[bool]) -> Vec<(String, bool)> {
    before
        .iter()
        .zip(after)
        .zip(&program.fields)
        .filter(|((was, is), _)| was != is)
        .map(|((was, _), field)| (field.name.clone(), *was))
        .collect()
}

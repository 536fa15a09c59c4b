//! What a vendor reads: the questionnaire of a small form, told line by line.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::emit::fhir;
use kohyo_compiler::{Files, compile};
use serde_json::Value;
use std::fmt::Write as _;

/// One form with every kind of question and rule.
fn questionnaire() -> fhir::Questionnaire {
    let mut files = Files::new();
    files.insert("form.kohyo", include_str!("javascript/form.kohyo"));
    let compiled = compile(&files, "form.kohyo");
    let found = &compiled.diagnostics;
    let program = compiled
        .program
        .unwrap_or_else(|| panic!("it compiles: {found:#?}"));
    fhir::questionnaire(&program)
}

#[test]
fn the_questionnaire_asks_calculates_and_checks() {
    let made: Value = serde_json::from_str(&questionnaire().text).unwrap();
    let mut told = String::new();
    for (name, value) in made.as_object().unwrap() {
        if !["contained", "extension", "item"].contains(&name.as_str()) {
            writeln!(told, "{name}: {value}").unwrap();
        }
    }
    told.push_str("\nvariables\n");
    for extension in extensions(&made, "/variable") {
        let expression = &extension["valueExpression"];
        writeln!(
            told,
            "  {} = {}",
            text(&expression["name"]),
            text(&expression["expression"])
        )
        .unwrap();
    }
    told.push_str("\nconstraints\n");
    for extension in extensions(&made, "/targetConstraint") {
        let parts = extension["extension"].as_array().unwrap();
        let of = |url: &str| parts.iter().find(|part| part["url"] == url);
        let expression = &of("expression").unwrap()["valueExpression"]["expression"];
        writeln!(
            told,
            "  {} {}: {}\n    {}",
            text(&of("severity").unwrap()["valueCode"]),
            text(&of("key").unwrap()["valueId"]),
            text(&of("human").unwrap()["valueString"]),
            text(expression)
        )
        .unwrap();
    }
    told.push_str("\nitems\n");
    items(&made["item"], 1, &mut told);
    insta::assert_snapshot!("fhir_questionnaire", told);
}

fn items(all: &Value, depth: usize, told: &mut String) {
    for item in all.as_array().into_iter().flatten() {
        let indent = "  ".repeat(depth);
        let mark = |name: &str| {
            if item[name] == true {
                format!(" {name}")
            } else {
                String::new()
            }
        };
        writeln!(
            told,
            "{indent}{} {}「{}」{}{}{}",
            text(&item["type"]),
            text(&item["linkId"]),
            text(&item["text"]),
            mark("required"),
            mark("repeats"),
            mark("readOnly")
        )
        .unwrap();
        for name in [
            "maxLength",
            "answerValueSet",
            "enableBehavior",
            "enableWhen",
        ] {
            if !item[name].is_null() {
                writeln!(told, "{indent}  {name}: {}", item[name]).unwrap();
            }
        }
        for extension in item["extension"].as_array().into_iter().flatten() {
            let url = text(&extension["url"]).rsplit('/').next().unwrap();
            let value = extension
                .as_object()
                .unwrap()
                .iter()
                .find(|(name, _)| *name != "url");
            let (_, value) = value.unwrap();
            let value = match value.get("expression") {
                Some(expression) => text(expression).to_owned(),
                None => value.to_string(),
            };
            writeln!(told, "{indent}  {url}: {value}").unwrap();
        }
        items(&item["item"], depth + 1, told);
    }
}

fn extensions<'v>(element: &'v Value, url: &'static str) -> impl Iterator<Item = &'v Value> {
    let all = element["extension"].as_array().into_iter().flatten();
    all.filter(move |extension| text(&extension["url"]).ends_with(url))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn code_systems_say_which_codes_are_unknown() {
    let made: Value = serde_json::from_str(&questionnaire().code_systems).unwrap();
    let mut told = String::new();
    for entry in made["entry"].as_array().unwrap() {
        let system = &entry["resource"];
        writeln!(
            told,
            "{}「{}」",
            text(&system["url"]),
            text(&system["title"])
        )
        .unwrap();
        for concept in system["concept"].as_array().unwrap() {
            write!(
                told,
                "  {} {}",
                text(&concept["code"]),
                text(&concept["display"])
            )
            .unwrap();
            for property in concept["property"].as_array().unwrap() {
                let value = property.as_object().unwrap().values().nth(1).unwrap();
                write!(told, " {}={value}", text(&property["code"])).unwrap();
            }
            told.push('\n');
        }
    }
    insta::assert_snapshot!("fhir_code_systems", told);
}

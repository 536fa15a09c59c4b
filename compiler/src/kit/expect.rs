//! What must be said of a record: the engine's findings on the written values, and its verdict.
//!
//! This is what the checker of records (`kohyo-exchange`) says, without places in the file; a test
//! holds the two together.

use super::written::{Tweak, Written};
use kohyo_engine::program::{Application, Level};
use kohyo_engine::{
    Answer, Answers, Form, Lineage, ResultKind, Scratch, check_with, judge_previous, read_text,
};
use kohyo_record::wire::unit_of;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What must be said of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// What must be found, and nothing else.
    pub findings: Vec<ExpectedFinding>,
    /// What must be judged; nothing if the record cannot be judged.
    pub verdict: Option<ExpectedVerdict>,
}

/// Something that must be found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExpectedFinding {
    /// The check.
    pub check: String,
    /// Wire name of the main item; nothing if it is about no item.
    pub item: Option<String>,
    /// How bad it is.
    pub level: Level,
}

/// What must be judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedVerdict {
    /// The result.
    pub result: ResultKind,
    /// The category of each judgement by name; nothing where it is not settled.
    pub judgements: BTreeMap<String, Option<String>>,
    /// For a renewal that may be judged by the previous edition: the result by its rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ResultKind>,
}

impl Expected {
    /// Whether this check must find something.
    pub fn finds(&self, check: &str) -> bool {
        self.findings.iter().any(|finding| finding.check == check)
    }

    /// Whether an error must be found.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|f| f.level == Level::Error)
    }
}

/// What must be said of a record of this form.
pub(super) fn expect(
    form: &Form,
    previous: Option<&Lineage>,
    scratch: &mut Scratch,
    written: &Written,
) -> Expected {
    let (answers, mut findings) = read(form, written);
    let read = findings.len();
    let context = written.context;
    let (verdict, of_form) = check_with(scratch, form, &answers, &context);
    for finding in of_form {
        let item = finding.fields.first().and_then(|field| form.field(*field));
        let item = item.map(|field| field.name.clone());
        // What was written but could not be read is not missing as well.
        let unread = |found: &ExpectedFinding| found.level == Level::Error && found.item == item;
        let missing = finding.check.starts_with("required.");
        if !(missing && findings.iter().take(read).any(unread)) {
            findings.push(ExpectedFinding {
                check: finding.check,
                item,
                level: finding.level,
            });
        }
    }
    let previous = previous
        .filter(|_| context.application == Application::Renewal)
        .and_then(|lineage| judge_previous(scratch, lineage, &answers, &context))
        .map(|verdict| verdict.result);
    if previous == Some(ResultKind::Eligible) && verdict.result != ResultKind::Eligible {
        findings.push(ExpectedFinding {
            check: "record.previous_edition".to_owned(),
            item: None,
            level: Level::Information,
        });
    }
    let categories = verdict.categories.as_slice().iter();
    let judgements = form.program().judgements.iter().zip(categories);
    let judgements = judgements.map(|(judgement, category)| {
        let category = category.and_then(|index| judgement.categories.get(usize::from(index)));
        (
            judgement.name.clone(),
            category.map(|category| category.name.clone()),
        )
    });
    Expected {
        findings,
        verdict: Some(ExpectedVerdict {
            result: verdict.result,
            judgements: judgements.collect(),
            previous,
        }),
    }
}

/// Reads values as the reader of records does: element by element.
fn read(form: &Form, written: &Written) -> (Answers, Vec<ExpectedFinding>) {
    let mut answers = Answers::new(form);
    let mut findings = Vec::new();
    for (name, values) in &written.raw {
        let Some(id) = form.field_id(name) else {
            continue;
        };
        let mut found = |check: String, level: Level| {
            findings.push(ExpectedFinding {
                check,
                item: Some(name.clone()),
                level,
            });
        };
        let mut counts = true;
        if let Tweak::Unit(field, unit) = &written.tweak
            && field == name
            && form.field(id).and_then(unit_of) != Some(unit.as_str())
        {
            found(format!("unit.{name}"), Level::Error);
            counts = false;
        }
        let mut codes = Vec::new();
        for value in values {
            match read_text(form, id, value) {
                Ok(Answer::Missing) => found("xml.empty_element".to_owned(), Level::Warning),
                Ok(_) if !counts => {}
                Ok(Answer::Codes(more)) => codes.extend(more),
                Ok(answer) => answers.set(id, answer),
                Err(problem) => found(problem.check, problem.level),
            }
        }
        if !codes.is_empty() {
            codes.sort_unstable();
            codes.dedup();
            answers.set(id, Answer::Codes(codes));
        }
    }
    findings.sort_by_key(|finding| {
        let item = finding.item.as_deref().unwrap_or_default();
        form.field_id(item)
    });
    (answers, findings)
}

//! What is checked, as constraints that fail exactly where the engine finds something.

use super::path::{FhirPath, Truth, quoted};
use super::tree::Tree;
use super::{FHIR, Translator, expression, id_of};
use crate::emit::Residue;
use crate::emit::certain::{Check, View, checks, functions_left_out};
use kohyo_engine::Program;
use kohyo_engine::program::{Field, FieldId, Level};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// At most so many characters in a FHIR id.
const LONGEST_KEY: usize = 64;

/// A constraint on the response.
pub(super) struct Constraint {
    /// Id of the check: `R012`, `required.tremor`, `hidden.tremor`.
    id: String,
    level: Level,
    human: String,
    /// True where nothing is wrong; never empty.
    pub(super) expression: String,
    /// The questions it is shown at, as FHIRPath from the response.
    locations: Vec<String>,
}

impl Constraint {
    /// As the SDC extension.
    pub(super) fn extension(&self) -> Value {
        let key = key(&self.id);
        let mut parts = vec![json!({ "url": "key", "valueId": key })];
        if key != self.id {
            let id = format!("チェックID: {}", self.id);
            parts.push(json!({ "url": "requirements", "valueMarkdown": id }));
        }
        let severity = match self.level {
            Level::Error => "error",
            Level::Warning | Level::Information => "warning",
        };
        parts.push(json!({ "url": "severity", "valueCode": severity }));
        parts.push(json!({ "url": "expression", "valueExpression": expression(&self.expression) }));
        parts.push(json!({ "url": "human", "valueString": self.human }));
        for location in &self.locations {
            parts.push(json!({ "url": "location", "valueString": location }));
        }
        json!({ "url": format!("{FHIR}/targetConstraint"), "extension": parts })
    }
}

/// FHIR allows no underscore in an id, and no more than 64 characters.
fn key(id: &str) -> String {
    let plain: String = id.split('.').map(id_of).collect::<Vec<_>>().join(".");
    if plain.chars().count() <= LONGEST_KEY {
        return plain;
    }
    // Ends of names tell more than their beginnings.
    let tail: Vec<char> = plain.chars().rev().take(LONGEST_KEY - 10).collect();
    let sum = id.bytes().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    format!("{sum:08x}.{}", tail.iter().rev().collect::<String>())
}

/// What must and must not be filled in, and the checks of the author.
///
/// A question that is always required when it is shown says so itself, and has no constraint.
pub(super) fn constraints(
    translator: &mut Translator<'_>,
    program: &Program,
    tree: &Tree<'_>,
    residue: &mut Vec<Residue>,
) -> Vec<Constraint> {
    translator.look(View::Now);
    let parents = tree.parents();
    let mut constraints = Vec::new();
    for check in checks(program) {
        if let Check::Required(_, Field { required: true, .. }) = check {
            continue;
        }
        match translator.violated(&check) {
            Ok(Truth::Known(false)) if !matches!(check, Check::Authored(_)) => {}
            Ok(violated) => {
                let at = check.at().iter();
                let locations = at.filter_map(|id| location(program, &parents, *id));
                constraints.push(Constraint {
                    id: check.id(),
                    level: check.level(),
                    human: check.message(),
                    expression: fails_where(&violated),
                    locations: locations.collect(),
                });
            }
            Err(reason) => residue.push(Residue {
                rule: check.id(),
                reason,
            }),
        }
    }
    constraints
}

/// False where this is surely true, true everywhere else.
fn fails_where(violated: &Truth) -> String {
    match violated {
        Truth::Known(holds) => (!holds).to_string(),
        Truth::Test(test) => format!("iif({test}, false, true)"),
    }
}

fn location(
    program: &Program,
    parents: &BTreeMap<FieldId, Vec<String>>,
    id: FieldId,
) -> Option<String> {
    let field = program.fields.get(usize::from(id.0))?;
    let links = parents.get(&id)?.iter().chain([&field.name]);
    let steps = links.map(|link| format!("item.where(linkId = {})", quoted(link)));
    Some(steps.collect::<Vec<_>>().join("."))
}

/// What no expression of the questionnaire says.
pub(super) fn left_to_the_engine(program: &Program) -> Vec<Residue> {
    let functions = functions_left_out::<FhirPath>(program);
    let judgements = program.judgements.iter().map(|judgement| Residue {
        rule: format!("judgement.{}", judgement.name),
        reason: "認定の判定は含まない（JavaScriptと記録の点検が受け持つ）".to_owned(),
    });
    functions.chain(judgements).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ids_of_fhir() {
        assert_eq!(key("R012"), "R012");
        assert_eq!(
            key("required.hoehn_yahr_stage"),
            "required.hoehn-yahr-stage"
        );
        let long = key(&format!("required.{}", "very_long_name_".repeat(6)));
        assert_eq!(long.len(), 63, "{long}");
    }
}

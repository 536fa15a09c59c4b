//! Code tables as value sets of the questionnaire, and as code systems.

use super::{FHIR, id_of};
use crate::emit::wire;
use kohyo_engine::Program;
use kohyo_engine::program::Code;
use serde_json::{Map, Value, json};

/// The address of a code table.
pub(super) fn system(program: &Program, table: usize) -> String {
    let ids = wire::table_ids(program);
    let id = ids.get(table).map_or("", String::as_str);
    format!("urn:kohyo:codes:{}:{}:{id}", program.key, program.edition)
}

/// The id of a contained value set.
pub(super) fn value_set_id(program: &Program, table: usize) -> String {
    // Names of tables that differ in their underscores only must stay apart.
    let ids: Vec<String> = wire::table_ids(program)
        .iter()
        .map(|id| id_of(id))
        .collect();
    let Some(id) = ids.get(table) else {
        return "codes".to_owned();
    };
    let twin = ids.iter().position(|other| other == id) != Some(table);
    if twin {
        format!("codes-{id}-{table}")
    } else {
        format!("codes-{id}")
    }
}

/// A code as an answer: `{ "system": …, "code": "1", "display": "あり" }`.
pub(super) fn coding(program: &Program, table: usize, code: &Code) -> Value {
    json!({ "system": system(program, table), "code": code.value, "display": code.label })
}

/// A value set for each code table that a question uses, with its expansion, so that no server is
/// needed to draw the form.
pub(super) fn value_sets(program: &Program) -> Vec<Value> {
    used(program)
        .into_iter()
        .filter_map(|at| {
            let table = program.code_tables.get(at)?;
            let system = system(program, at);
            let concepts = table.codes.iter().map(|code| {
                let mut concept = Map::new();
                if let Some(points) = code.points {
                    let number = points.to_string().parse::<f64>().ok();
                    let points = json!([{
                        "url": format!("{FHIR}/valueset-ordinalValue"),
                        "valueDecimal": number,
                    }]);
                    concept.insert("extension".to_owned(), points);
                }
                concept.insert("code".to_owned(), Value::from(code.value.clone()));
                concept.insert("display".to_owned(), Value::from(code.label.clone()));
                Value::Object(concept)
            });
            let concepts: Vec<Value> = concepts.collect();
            let contains: Vec<Value> = table
                .codes
                .iter()
                .map(|code| coding(program, at, code))
                .collect();
            Some(json!({
                "resourceType": "ValueSet",
                "id": value_set_id(program, at),
                "title": table.label,
                "status": status(program),
                "compose": { "include": [{
                    "system": system,
                    "version": program.edition,
                    "concept": concepts,
                }] },
                "expansion": {
                    "timestamp": program.valid_from.to_string(),
                    "total": table.codes.len(),
                    "contains": contains,
                },
            }))
        })
        .collect()
}

/// A Bundle of code systems, one for each code table: labels, points, and which codes say that the
/// answer is not known.
pub(super) fn code_systems(program: &Program) -> Value {
    let entries = used(program).into_iter().filter_map(|at| {
        let table = program.code_tables.get(at)?;
        let concepts: Vec<Value> = table
            .codes
            .iter()
            .map(|code| {
                let mut properties = vec![
                    json!({ "code": "name", "valueString": code.name }),
                    json!({ "code": "unknown", "valueBoolean": code.unknown }),
                ];
                if let Some(points) = code.points {
                    let number = points.to_string().parse::<f64>().ok();
                    properties.push(json!({ "code": "points", "valueDecimal": number }));
                }
                json!({ "code": code.value, "display": code.label, "property": properties })
            })
            .collect();
        let url = system(program, at);
        let id = value_set_id(program, at);
        Some(json!({
            "fullUrl": url,
            "resource": {
                "resourceType": "CodeSystem",
                "id": id.chars().take(64).collect::<String>(),
                "language": "ja",
                "url": url,
                "version": program.edition,
                "title": table.label,
                "status": status(program),
                "caseSensitive": true,
                "content": "complete",
                "count": table.codes.len(),
                "property": [
                    { "code": "name", "description": "定義での名前", "type": "string" },
                    { "code": "unknown", "description": "分からないことを表す選択肢", "type": "boolean" },
                    { "code": "points", "description": "点数", "type": "decimal" },
                ],
                "concept": concepts,
            },
        }))
    });
    json!({
        "resourceType": "Bundle",
        "id": format!("{}-codes", wire::stem(program)),
        "language": "ja",
        "type": "collection",
        "entry": entries.collect::<Vec<_>>(),
    })
}

fn status(program: &Program) -> &'static str {
    match program.status {
        kohyo_engine::program::Status::Published => "active",
        _ => "draft",
    }
}

/// The tables that questions of the form use, in order.
fn used(program: &Program) -> Vec<usize> {
    let mut used: Vec<usize> = wire::sections(program)
        .iter()
        .flat_map(|section| &section.fields)
        .filter_map(|placed| wire::table_of(placed.field))
        .collect();
    used.sort_unstable();
    used.dedup();
    used
}

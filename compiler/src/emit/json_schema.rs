//! JSON Schema 2020-12 of a form's answers as JSON.
//!
//! ```json
//! { "form": "shitei-006", "edition": "2020", "application": "new", "written": "2026-06-01",
//!   "answers": { "birth_date": "1950-04-01", "tremor": "1", "imaging_method": ["1", "2"] } }
//! ```
//!
//! Every value stands as on the wire, in a text, numbers too: so they stay exact. What is not
//! answered is left out. The schema says which values a field takes, what must be filled in and
//! what must not, as far as that depends on codes and on comparisons with constants; checks across
//! fields, calculated values and conditions that read them are residue, listed with the reason.

mod condition;
mod pattern;

use super::check_spec::{CheckRow, Layer};
use super::{Artefact, Emitted, Residue, wire};
use condition::Conditions;
use kohyo_engine::Program;
use kohyo_engine::program::{Application, Field, FieldId, FieldType};
use serde_json::{Map, Value, json};

/// A schema and what it does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonSchema {
    /// The schema.
    pub text: String,
    /// Checks that are left out.
    pub residue: Vec<Residue>,
}

/// The schema of a form as a file.
pub(super) fn form(program: &Program) -> Emitted {
    let JsonSchema { text, residue } = json_schema(program);
    Emitted {
        artefacts: vec![Artefact::text(file_name(program), text)],
        residue,
    }
}

/// The checks that a schema makes: single values, and what must and must not be filled in.
pub(super) fn claims(row: &CheckRow) -> bool {
    match row.layer {
        Layer::Type | Layer::Code | Layer::Required => true,
        Layer::File | Layer::Schema | Layer::Items | Layer::Judgement | Layer::Notice => false,
    }
}

fn left_out(rule: String, reason: String) -> Residue {
    Residue { rule, reason }
}

/// File name of a form's schema: `shitei-006-2020.schema.json`.
pub fn file_name(program: &Program) -> String {
    format!("{}.schema.json", wire::stem(program))
}

/// The schema of a form's answers.
pub fn json_schema(program: &Program) -> JsonSchema {
    let mut residue = Vec::new();
    let mut conditions = Conditions::new(program);
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut rules = Vec::new();
    for section in wire::sections(program) {
        for placed in &section.fields {
            let field = placed.field;
            properties.insert(field.name.clone(), value(program, field));
            let simple = field.shown_when.is_none() && field.only.is_none();
            if simple && field.required {
                required.push(Value::from(field.name.clone()));
                continue;
            }
            match conditional_required(&mut conditions, placed.id, field) {
                Ok(rule) => rules.extend(rule),
                Err(reason) => residue.push(left_out(format!("required.{}", field.name), reason)),
            }
            match hidden(&mut conditions, placed.id, field) {
                Ok(rule) => rules.extend(rule),
                Err(reason) => residue.push(left_out(format!("hidden.{}", field.name), reason)),
            }
        }
    }
    let elsewhere = "項目間の規則はSchematronとJavaScriptで確かめる".to_owned();
    residue.extend(
        program
            .checks
            .iter()
            .map(|check| left_out(check.id.clone(), elsewhere.clone())),
    );
    residue.extend(program.functions.iter().map(|function| {
        let id = format!("function.{}", function.name);
        left_out(id, elsewhere.clone())
    }));
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}:answers", wire::namespace(program)),
        "title": format!("{} 個票の回答（版 {}）", program.title, program.edition),
        "description": "この電文形式は本システム独自のものです。値はすべて文字列で、記録XMLと同じ書き方です。未記入の項目は書きません。",
        "$comment": comment(&residue),
        "type": "object",
        "required": ["form", "edition", "application", "answers"],
        "additionalProperties": false,
        "properties": {
            "form": { "const": program.key },
            "edition": { "const": program.edition },
            "application": {
                "title": "申請の種類",
                "description": "new 新規、renewal 更新",
                "enum": ["new", "renewal"],
            },
            "written": {
                "title": "記載年月日",
                "type": "string",
                "pattern": pattern::date(kohyo_engine::program::DatePrecision::Day),
                "minLength": 10,
            },
            "answers": {
                "type": "object",
                "additionalProperties": false,
                "properties": properties,
                "required": required,
            },
        },
    });
    if let Some(schema) = schema.as_object_mut() {
        if !rules.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(rules));
        }
        let definitions = conditions.definitions();
        if !definitions.is_empty() {
            schema.insert("$defs".to_owned(), Value::Object(definitions));
        }
    }
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    JsonSchema { text, residue }
}

fn comment(residue: &[Residue]) -> String {
    let mut lines = vec![
        "Generated by kohyo; do not edit.".to_owned(),
        "このスキーマで表せない規則:".to_owned(),
        "全様式: 文字の正規化（NFC）、値の前後の空白（このスキーマでは許さない）".to_owned(),
    ];
    lines.extend(
        residue
            .iter()
            .map(|rest| format!("{}: {}", rest.rule, rest.reason)),
    );
    lines.join("\n")
}

/// `if` the field is shown and required for certain, `then` it is there.
fn conditional_required(
    conditions: &mut Conditions<'_>,
    id: FieldId,
    field: &Field,
) -> Result<Option<Value>, String> {
    let required = match (&field.required, &field.required_when) {
        (true, _) => condition::always(),
        (false, Some(when)) => conditions.condition(when)?.yes,
        (false, None) => return Ok(None),
    };
    let shown = conditions.shown(id)?.yes;
    let when = condition::all(vec![shown, required]);
    let then = json!({ "properties": { "answers": { "required": [field.name] } } });
    Ok(condition::rule(&when, then))
}

/// `if` the field is not asked for, `then` it is not there.
fn hidden(
    conditions: &mut Conditions<'_>,
    id: FieldId,
    field: &Field,
) -> Result<Option<Value>, String> {
    let hidden = conditions.hidden(id, field)?;
    let then = json!({ "properties": { "answers": { "properties": { &field.name: false } } } });
    Ok(condition::rule(&hidden, then))
}

/// The values of a field.
fn value(program: &Program, field: &Field) -> Value {
    let text = |patterns: Vec<String>, chars: Option<u32>| {
        let mut schema = Map::new();
        schema.insert("type".to_owned(), Value::from("string"));
        match <[String; 1]>::try_from(patterns) {
            Ok([one]) => schema.insert("pattern".to_owned(), Value::from(one)),
            Err(several) => {
                let all = several.iter().map(|pattern| json!({ "pattern": pattern }));
                schema.insert("allOf".to_owned(), all.collect())
            }
        };
        schema.extend(chars.map(|chars| ("maxLength".to_owned(), Value::from(chars))));
        schema
    };
    // Something besides blanks, and no control characters but line break and tab.
    let written = "[^\\s　]".to_owned();
    let plain = "^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\ufffe\\uffff]*$".to_owned();
    let mut schema = match &field.ty {
        FieldType::Text { chars, lines } => {
            let breaks = format!("^[^\\n]*(\\n[^\\n]*){{0,{}}}$", lines.saturating_sub(1));
            text(vec![written, plain, breaks], Some(*chars))
        }
        FieldType::Kana { chars } => text(
            vec![written, "^[ぁ-ゖゝゞー 　]*$".to_owned()],
            Some(*chars),
        ),
        FieldType::Digits { count } => text(vec![format!("^[0-9]{{{count}}}$")], None),
        FieldType::PostalCode => text(vec!["^[0-9]{7}$".to_owned()], None),
        FieldType::Phone => text(vec!["^[0-9\\-]*[0-9][0-9\\-]*$".to_owned()], None),
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } => {
            let mut patterns = vec![pattern::number(*digits, *fraction)];
            patterns.extend(min.map(pattern::at_least));
            patterns.extend(max.map(pattern::at_most));
            text(patterns, None)
        }
        FieldType::Date { precision } => text(vec![pattern::date(*precision)], None),
        FieldType::Choice { table } => {
            Map::from_iter([("enum".to_owned(), json!(codes(program, *table)))])
        }
        FieldType::Choices { table } => Map::from_iter([
            ("type".to_owned(), Value::from("array")),
            ("minItems".to_owned(), Value::from(1)),
            (
                "items".to_owned(),
                json!({ "enum": codes(program, *table) }),
            ),
        ]),
    };
    schema.insert("title".to_owned(), Value::from(field.label.clone()));
    let described = described(program, field);
    if !described.is_empty() {
        schema.insert("description".to_owned(), Value::from(described));
    }
    Value::Object(schema)
}

fn codes(program: &Program, table: u16) -> Vec<&str> {
    let table = program.code_tables.get(usize::from(table));
    let codes = table.map_or(&[][..], |table| table.codes.as_slice());
    codes.iter().map(|code| code.value.as_str()).collect()
}

/// Codes with their labels, unit, kind of application, help.
fn described(program: &Program, field: &Field) -> String {
    let mut parts = Vec::new();
    if let Some(table) = wire::table_of(field).and_then(|table| program.code_tables.get(table)) {
        let codes = table.codes.iter();
        let codes: Vec<String> = codes
            .map(|code| format!("{} {}", code.value, code.label))
            .collect();
        parts.push(codes.join("、"));
    }
    if let FieldType::Number {
        unit: Some(unit), ..
    } = &field.ty
    {
        parts.push(format!("単位 {unit}"));
    }
    match field.only {
        Some(Application::New) => parts.push("新規申請のみ".to_owned()),
        Some(Application::Renewal) => parts.push("更新申請のみ".to_owned()),
        None => {}
    }
    parts.extend(field.help.clone());
    parts.join("。")
}

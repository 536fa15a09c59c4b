//! FHIR R4 Questionnaire of a form, as Structured Data Capture (SDC) wants it.
//!
//! One questionnaire per form, and its code systems: sections and groups become groups, a question's
//! `linkId` is its wire name, code tables become value sets. What the form shows, what it calculates and
//! what it checks are FHIRPath expressions over the QuestionnaireResponse.
//!
//! Unknown stays unknown: FHIRPath has the engine's three truth values, with empty as the third; a
//! number is its least and its greatest value (`emit/certain`, in the words of [`path`]). A constraint is a truth value that is never
//! empty: it fails exactly where the engine finds something. What FHIRPath cannot say is residue.

mod codes;
mod enable;
mod items;
mod names;
mod path;
mod rules;
mod tree;
mod units;

use super::certain::{Variable, Walk};
use super::check_spec::{CheckRow, Layer};
use super::{Artefact, Emitted, Residue, wire};
use kohyo_engine::program::{Programme, Status};
use kohyo_engine::{Date, Program};
use path::FhirPath;
use serde_json::{Map, Value, json};
use tree::Tree;

/// Where the profiles and extensions of SDC lie.
const SDC: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition";
/// Where the extensions of FHIR itself lie.
const FHIR: &str = "http://hl7.org/fhir/StructureDefinition";

/// Puts the rules of a form into FHIRPath.
type Translator<'p> = Walk<'p, FhirPath>;

/// A questionnaire, its code systems, and what they do not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Questionnaire {
    /// The Questionnaire as JSON.
    pub text: String,
    /// A Bundle with a CodeSystem for each code table.
    pub code_systems: String,
    /// Rules that are left out.
    pub residue: Vec<Residue>,
}

/// The questionnaire of a form and its code systems as files.
pub(super) fn form(program: &Program) -> Emitted {
    let Questionnaire {
        text,
        code_systems,
        residue,
    } = questionnaire(program);
    Emitted {
        artefacts: vec![
            Artefact::text(file_name(program), text),
            Artefact::text(code_systems_file_name(program), code_systems),
        ],
        residue,
    }
}

/// The checks that a questionnaire makes: whatever is about the answers of this form.
pub(super) fn claims(row: &CheckRow) -> bool {
    match row.layer {
        Layer::File | Layer::Schema => false,
        Layer::Type
        | Layer::Code
        | Layer::Required
        | Layer::Items
        | Layer::Judgement
        | Layer::Notice => !row.edition.is_empty(),
    }
}

/// File name of a form's questionnaire: `shitei-006-2020.questionnaire.json`.
pub fn file_name(program: &Program) -> String {
    format!("{}.questionnaire.json", wire::stem(program))
}

/// File name of a form's code systems: `shitei-006-2020.codesystems.json`.
pub fn code_systems_file_name(program: &Program) -> String {
    format!("{}.codesystems.json", wire::stem(program))
}

/// The stable address of a form's questionnaire; its version is the edition.
pub fn url(program: &Program) -> String {
    format!("urn:kohyo:form:{}", program.key)
}

/// The questionnaire of a form.
pub fn questionnaire(program: &Program) -> Questionnaire {
    let tree = Tree::new(program);
    let mut residue = Vec::new();
    let mut translator = Walk::new(program, FhirPath::new(program, &tree));
    let constraints = rules::constraints(&mut translator, program, &tree, &mut residue);
    let mut made = items::Items::new(program, &mut translator, &mut residue);
    let items = made.all(&tree);
    let mut expressions = made.expressions;
    expressions.extend(constraints.iter().map(|rule| rule.expression.clone()));
    let variables = translator
        .words
        .needed(expressions.iter().map(String::as_str));
    residue.extend(rules::left_to_the_engine(program));
    let mut extensions: Vec<Value> = variables.into_iter().map(variable).collect();
    extensions.extend(constraints.iter().map(rules::Constraint::extension));
    let mut resource = heading(program, &residue);
    let contained = codes::value_sets(program);
    if !contained.is_empty() {
        resource.insert("contained".to_owned(), Value::Array(contained));
    }
    resource.insert("extension".to_owned(), Value::Array(extensions));
    resource.insert("item".to_owned(), Value::Array(items));
    Questionnaire {
        text: pretty(&Value::Object(resource)),
        code_systems: pretty(&codes::code_systems(program)),
        residue,
    }
}

fn pretty(resource: &Value) -> String {
    let mut text = serde_json::to_string_pretty(resource).unwrap_or_default();
    text.push('\n');
    text
}

fn heading(program: &Program, residue: &[Residue]) -> Map<String, Value> {
    let status = match program.status {
        Status::Draft | Status::Reviewed => "draft",
        Status::Published => "active",
    };
    let mut period = json!({ "start": program.valid_from.to_string() });
    if let (Some(period), Some(end)) = (period.as_object_mut(), program.valid_to) {
        period.insert("end".to_owned(), Value::from(end.to_string()));
    }
    let heading = json!({
        "resourceType": "Questionnaire",
        "id": wire::stem(program),
        "meta": { "profile": [format!("{SDC}/sdc-questionnaire")] },
        "language": "ja",
        "url": url(program),
        "version": program.edition,
        "name": computer_name(program),
        "title": format!("{} 個票（版 {}）", program.title, program.edition),
        "status": status,
        "experimental": false,
        "subjectType": ["Patient"],
        "date": day_of(program.valid_from),
        "publisher": "Kohyo（個票）",
        "description": description(program, residue),
        "effectivePeriod": period,
    });
    match heading {
        Value::Object(heading) => heading,
        _ => Map::new(),
    }
}

fn day_of(date: Date) -> String {
    date.to_string()
}

fn computer_name(program: &Program) -> String {
    let plain = program.key.replace('-', "_");
    let edition: String = program
        .edition
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    format!("Kohyo_{plain}_{edition}")
}

fn description(program: &Program, residue: &[Residue]) -> String {
    let programme = match program.programme {
        Programme::Shitei => "指定難病",
        Programme::Shoman => "小児慢性特定疾病",
        Programme::Itself => "制度",
    };
    let mut lines = vec![
        format!(
            "{programme}の個票「{}」（出典: {}）",
            program.title, program.source
        ),
        "この様式とその電文形式は本システム独自のもので、公式の電文仕様ではありません。".to_owned(),
    ];
    if program.status != Status::Published {
        lines.push(format!("この定義は{}です。", program.status.label()));
    }
    if !residue.is_empty() {
        lines.push("この Questionnaire に含まれない規則:".to_owned());
        let rest = residue
            .iter()
            .map(|rest| format!("{}: {}", rest.rule, rest.reason));
        lines.extend(rest);
    }
    lines.join("\n")
}

fn variable(variable: &Variable) -> Value {
    let mut expression = expression(&variable.expression);
    if let Some(expression) = expression.as_object_mut() {
        if let Some(label) = &variable.label {
            expression.insert("description".to_owned(), Value::from(label.clone()));
        }
        expression.insert("name".to_owned(), Value::from(variable.name.clone()));
    }
    json!({ "url": format!("{FHIR}/variable"), "valueExpression": expression })
}

/// A FHIRPath expression as FHIR writes it.
fn expression(text: &str) -> Value {
    json!({ "language": "text/fhirpath", "expression": text })
}

/// A FHIR id made of a name: FHIR allows no underscore in it.
fn id_of(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    name.chars().map(plain).collect()
}

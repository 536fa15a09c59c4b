//! Items of the questionnaire: groups, questions, notes and calculated values.

use super::codes::{coding, value_set_id};
use super::path::{FhirPath, quoted, text, unknown_as};
use super::tree::{APPLICATION, Node, RECORD, Tree};
use super::{FHIR, SDC, Translator, enable, expression, units};
use crate::emit::Residue;
use crate::emit::certain::{Naming, Translated, View};
use kohyo_engine::program::{
    DatePrecision, Definition, DefinitionId, Field, FieldId, FieldType, FirstAnswer, Rule,
};
use kohyo_engine::{Decimal, Program, number_domain};
use serde_json::{Map, Value, json};

/// The codes of the two kinds of application.
pub(super) const APPLICATION_SYSTEM: &str = "urn:kohyo:codes:application";

/// Makes the items, and remembers the expressions in them.
pub(super) struct Items<'a, 'p> {
    program: &'p Program,
    translator: &'a mut Translator<'p>,
    residue: &'a mut Vec<Residue>,
    /// What the items read.
    pub(super) expressions: Vec<String>,
}

impl<'a, 'p> Items<'a, 'p> {
    pub(super) fn new(
        program: &'p Program,
        translator: &'a mut Translator<'p>,
        residue: &'a mut Vec<Residue>,
    ) -> Self {
        Self {
            program,
            translator,
            residue,
            expressions: Vec::new(),
        }
    }

    /// All items: what the record says about itself, then the sections.
    pub(super) fn all(&mut self, tree: &Tree<'p>) -> Vec<Value> {
        let mut items = vec![record()];
        items.extend(tree.sections.iter().map(|section| self.item(section)));
        items
    }

    fn item(&mut self, node: &Node<'p>) -> Value {
        match node {
            Node::Group {
                link,
                label,
                help,
                nodes,
            } => {
                let mut items: Vec<Value> = Vec::new();
                items.extend(help.map(|help| self.help(link, help)));
                items.extend(nodes.iter().map(|node| self.item(node)));
                json!({ "linkId": link, "text": label, "type": "group", "item": items })
            }
            Node::Note { link, text } => {
                json!({ "linkId": link, "text": text, "type": "display" })
            }
            Node::Field(id) => self.question(*id),
            Node::Display { link, id } => self.calculated(link, *id),
        }
    }

    fn help(&self, link: &str, help: &str) -> Value {
        json!({
            "extension": [{
                "url": format!("{FHIR}/questionnaire-itemControl"),
                "valueCodeableConcept": { "coding": [{
                    "system": "http://hl7.org/fhir/questionnaire-item-control",
                    "code": "help",
                }] },
            }],
            "linkId": format!("help.{link}"),
            "text": help,
            "type": "display",
        })
    }

    // ---- questions

    fn question(&mut self, id: FieldId) -> Value {
        let Some(field) = self.program.fields.get(usize::from(id.0)) else {
            return Value::Null;
        };
        let mut item = Map::new();
        let mut extensions = Vec::new();
        let mut put = |name: &str, value: Value| item.insert(name.to_owned(), value);
        put("linkId", Value::from(field.name.clone()));
        put("text", Value::from(field.label.clone()));
        put("type", Value::from(type_of(&field.ty)));
        match self.enabled(id) {
            Enabled::Always => {}
            Enabled::When(enable) => {
                if enable.parts.len() > 1 {
                    let behavior = if enable.all { "all" } else { "any" };
                    put("enableBehavior", Value::from(behavior));
                }
                put("enableWhen", Value::Array(enable.parts));
            }
            Enabled::Expression(extension) => extensions.push(extension),
        }
        put("required", Value::Bool(field.required));
        if let FieldType::Choices { .. } = field.ty {
            put("repeats", Value::Bool(true));
        }
        match &field.ty {
            FieldType::Text { chars, .. } | FieldType::Kana { chars } => {
                put("maxLength", Value::from(*chars));
            }
            FieldType::Digits { count } => {
                put("maxLength", Value::from(*count));
            }
            FieldType::PostalCode => {
                put("maxLength", Value::from(7));
            }
            FieldType::Choice { table } | FieldType::Choices { table } => {
                let set = value_set_id(self.program, usize::from(*table));
                put("answerValueSet", Value::from(format!("#{set}")));
            }
            FieldType::Phone | FieldType::Number { .. } | FieldType::Date { .. } => {}
        }
        extensions.extend(limits(&field.ty));
        extensions.extend(field.cites.as_ref().map(|cites| {
            json!({
                "url": format!("{FHIR}/designNote"),
                "valueMarkdown": format!("原文: {cites}"),
            })
        }));
        match self.first(field) {
            Some(First::Values(values)) => {
                put("initial", Value::Array(values));
            }
            Some(First::Expression(extension)) => extensions.push(extension),
            None => {}
        }
        if let Some(help) = &field.help {
            let help = self.help(&field.name, help);
            put("item", Value::Array(vec![help]));
        }
        if !extensions.is_empty() {
            item.insert("extension".to_owned(), Value::Array(extensions));
        }
        Value::Object(item)
    }

    /// When a question is asked.
    fn enabled(&mut self, id: FieldId) -> Enabled {
        self.translator.look(View::Now);
        let field = self.program.fields.get(usize::from(id.0));
        if field.is_none_or(|field| field.shown_when.is_none() && field.only.is_none()) {
            return Enabled::Always;
        }
        if let Some(enable) = enable::shown(self.program, id) {
            return Enabled::When(enable);
        }
        match self.translator.shown(id) {
            Ok(shown) => {
                let text = text(&unknown_as(&shown, false)).to_owned();
                self.expressions.push(text.clone());
                let mut when = expression(&text);
                let reading = field.and_then(|field| field.shown_when.as_ref());
                if let (Some(when), Some(reading)) = (when.as_object_mut(), reading) {
                    when.insert("description".to_owned(), Value::from(reading.text.clone()));
                }
                Enabled::Expression(json!({
                    "url": format!("{SDC}/sdc-questionnaire-enableWhenExpression"),
                    "valueExpression": when,
                }))
            }
            Err(reason) => {
                // Asked in any case: nothing that can be answered gets lost.
                if let Some(field) = field {
                    self.residue.push(Residue {
                        rule: format!("shown.{}", field.name),
                        reason,
                    });
                }
                Enabled::Always
            }
        }
    }

    fn first(&self, field: &Field) -> Option<First> {
        match field.first_answer.as_ref()? {
            FirstAnswer::Today => {
                let today = match field.ty {
                    FieldType::Date {
                        precision: DatePrecision::Year,
                    } => "today().toString().substring(0, 4)",
                    FieldType::Date {
                        precision: DatePrecision::Month,
                    } => "today().toString().substring(0, 7)",
                    _ => "today()",
                };
                Some(First::Expression(json!({
                    "url": format!("{SDC}/sdc-questionnaire-initialExpression"),
                    "valueExpression": expression(today),
                })))
            }
            FirstAnswer::Written(values) => {
                let values: Option<Vec<Value>> = values
                    .iter()
                    .map(|value| self.initial(field, value))
                    .collect();
                values.map(First::Values)
            }
        }
    }

    fn initial(&self, field: &Field, value: &str) -> Option<Value> {
        Some(match &field.ty {
            FieldType::Choice { table } | FieldType::Choices { table } => {
                let at = usize::from(*table);
                let codes = &self.program.code_tables.get(at)?.codes;
                let code = codes.iter().find(|code| code.value == value)?;
                json!({ "valueCoding": coding(self.program, at, code) })
            }
            FieldType::Number { .. } if type_of(&field.ty) == "integer" => {
                json!({ "valueInteger": value.parse::<i64>().ok()? })
            }
            FieldType::Number { .. } => json!({ "valueDecimal": value.parse::<f64>().ok()? }),
            FieldType::Date { .. } => json!({ "valueDate": value }),
            _ => json!({ "valueString": value }),
        })
    }

    // ---- calculated values

    fn calculated(&mut self, link: &str, id: DefinitionId) -> Value {
        let Some(definition) = self.program.definitions.get(usize::from(id.0)) else {
            return Value::Null;
        };
        self.translator.look(View::Completions);
        let mut extensions = Vec::new();
        match self.value(id, definition) {
            Ok(text) => {
                extensions.push(json!({
                    "url": format!("{SDC}/sdc-questionnaire-calculatedExpression"),
                    "valueExpression": expression(&text),
                }));
                self.expressions.push(text);
            }
            Err(reason) => {
                let rule = format!("value.{}", definition.name);
                if !self.residue.iter().any(|rest| rest.rule == rule) {
                    self.residue.push(Residue { rule, reason });
                }
            }
        }
        self.translator.look(View::Now);
        let ty = match &definition.rule {
            Rule::Criterion(_) => "boolean",
            Rule::Number { unit, fraction, .. } => {
                extensions.extend(unit.as_deref().map(units::extension));
                if *fraction == Some(0) {
                    "integer"
                } else {
                    "decimal"
                }
            }
            Rule::Grade { .. } => "string",
        };
        let mut item = Map::new();
        if !extensions.is_empty() {
            item.insert("extension".to_owned(), Value::Array(extensions));
        }
        item.insert("linkId".to_owned(), Value::from(link));
        item.insert("text".to_owned(), Value::from(definition.label.clone()));
        item.insert("type".to_owned(), Value::from(ty));
        item.insert("required".to_owned(), Value::Bool(false));
        item.insert("readOnly".to_owned(), Value::Bool(true));
        Value::Object(item)
    }

    /// The value where it is known, else nothing.
    fn value(&mut self, id: DefinitionId, definition: &Definition) -> Translated<String> {
        match &definition.rule {
            Rule::Criterion(_) => {
                let holds = self.translator.criterion(id)?;
                Ok(text(&holds).to_owned())
            }
            Rule::Number { .. } => {
                let range = self.translator.score(id)?;
                let (low, high) = (&range.low, &range.high);
                if range.is_point() {
                    return Ok(range.low);
                }
                Ok(format!("iif({low} = {high}, {low}, {{}})"))
            }
            Rule::Grade { outcomes, .. } => {
                let possible = self.translator.grade(id)?;
                if possible == FhirPath::NOTHING {
                    return Ok(possible);
                }
                let mut label = FhirPath::NOTHING.to_owned();
                for outcome in outcomes.iter().rev() {
                    label = format!(
                        "iif({possible} = {}, {}, {label})",
                        quoted(&outcome.name),
                        quoted(&outcome.label)
                    );
                }
                Ok(format!("iif({possible}.count() = 1, {label}, {{}})"))
            }
        }
    }
}

enum Enabled {
    Always,
    When(enable::Enable),
    Expression(Value),
}

enum First {
    Values(Vec<Value>),
    Expression(Value),
}

/// What a record says about itself.
fn record() -> Value {
    let option = |code: &str, label: &str| json!({ "valueCoding": { "system": APPLICATION_SYSTEM, "code": code, "display": label } });
    json!({
        "linkId": RECORD,
        "text": "申請",
        "type": "group",
        "item": [{
            "linkId": APPLICATION,
            "text": "申請の種類",
            "type": "choice",
            "required": true,
            "answerOption": [option("new", "新規"), option("renewal", "更新")],
        }],
    })
}

/// FHIR's word for a type.
pub(super) fn type_of(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text { lines, .. } if *lines > 1 => "text",
        FieldType::Text { .. }
        | FieldType::Kana { .. }
        | FieldType::Digits { .. }
        | FieldType::PostalCode
        | FieldType::Phone => "string",
        // FHIR's integer has 32 bits.
        FieldType::Number {
            digits,
            fraction: 0,
            ..
        } if *digits <= 9 => "integer",
        FieldType::Number { .. } => "decimal",
        FieldType::Date { .. } => "date",
        FieldType::Choice { .. } | FieldType::Choices { .. } => "choice",
    }
}

/// Limits that FHIR says with extensions.
fn limits(ty: &FieldType) -> Vec<Value> {
    let regex = |pattern: &str| json!({ "url": format!("{FHIR}/regex"), "valueString": pattern });
    let format = |text: &str| json!({ "url": format!("{FHIR}/entryFormat"), "valueString": text });
    match ty {
        FieldType::Text { .. } => Vec::new(),
        FieldType::Kana { .. } => vec![regex("[ぁ-ゖゝゞー 　]*"), format("ひらがな")],
        FieldType::Digits { count } => {
            vec![
                regex(&format!("[0-9]{{{count}}}")),
                format(&format!("半角数字{count}桁")),
            ]
        }
        FieldType::PostalCode => vec![regex("[0-9]{7}"), format("半角数字7桁")],
        FieldType::Phone => vec![
            regex("[0-9\\-]*[0-9][0-9\\-]*"),
            format("半角数字とハイフン"),
        ],
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => {
            let mut limits: Vec<Value> =
                unit.as_deref().map(units::extension).into_iter().collect();
            if let Some((low, high, _)) = number_domain(*digits, *fraction, *min, *max) {
                let whole = type_of(ty) == "integer";
                limits.extend(bound("minValue", low, whole));
                limits.extend(bound("maxValue", high, whole));
            }
            if *fraction > 0 {
                limits.push(json!({
                    "url": format!("{FHIR}/maxDecimalPlaces"),
                    "valueInteger": fraction,
                }));
            }
            limits
        }
        FieldType::Date { precision } => match precision {
            DatePrecision::Day => Vec::new(),
            DatePrecision::Month => {
                vec![regex("[0-9]{4}(-[0-9]{2})?"), format("YYYY-MM")]
            }
            DatePrecision::Year => vec![regex("[0-9]{4}"), format("YYYY")],
        },
        FieldType::Choice { .. } | FieldType::Choices { .. } => Vec::new(),
    }
}

fn bound(name: &str, number: Decimal, whole: bool) -> Option<Value> {
    let text = number.normalize().to_string();
    let url = format!("{FHIR}/{name}");
    if whole {
        let number: i64 = text.parse().ok()?;
        return Some(json!({ "url": url, "valueInteger": number }));
    }
    let number: f64 = text.parse().ok()?;
    Some(json!({ "url": url, "valueDecimal": number }))
}

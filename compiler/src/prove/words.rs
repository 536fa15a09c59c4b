//! An example patient in the words of the form: 「例: 年齢 60歳、性別「男」」.

use super::number::round_half_up;
use super::patient::Patient;
use super::reads::Cone;
use crate::reading::quantity;
use kohyo_engine::program::{Application, DefinitionId, Field, FieldId, FieldType, Rule};
use kohyo_engine::{Answer, Decimal, Form, Probe, Program};
use std::collections::BTreeMap;

/// A list of more items than this is long.
const LONG: usize = 8;

/// So many items with the same answer are told together.
const ALIKE: usize = 4;

/// Calculated values told with an example, at most.
const VALUES: usize = 3;

/// Digits after the point of a calculated value that is not rounded.
const DIGITS: u32 = 4;

/// The items that are answered, then the scores that follow from them.
pub(super) fn example(program: &Program, form: &Form, patient: &Patient, cone: &Cone) -> String {
    let mut items = Vec::new();
    if cone.application {
        items.push(
            match patient.context.application {
                Application::New => "新規申請",
                Application::Renewal => "更新申請",
            }
            .to_owned(),
        );
    }
    if cone.today {
        items.push(format!("判定日 {}", patient.context.today.japanese()));
    }
    items.extend(answered(program, form, patient));
    if items.is_empty() {
        items.push("何も記入しない場合".to_owned());
    }
    let values = values(program, form, patient, cone);
    if values.is_empty() {
        format!("例: {}", items.join("、"))
    } else {
        format!("例: {}（{}）", items.join("、"), values.join("、"))
    }
}

/// Every answer; of a long list those that are all alike are told together at the end.
fn answered(program: &Program, form: &Form, patient: &Patient) -> Vec<String> {
    let all: Vec<(FieldId, &Field, &Answer)> = patient
        .answers
        .iter()
        .filter(|(_, answer)| !answer.is_missing())
        .filter_map(|(id, answer)| Some((id, program.fields.get(usize::from(id.0))?, answer)))
        .collect();
    let label = |id: FieldId, answer: &Answer| match answer {
        Answer::Code(index) => Some(form.codes(id).get(usize::from(*index))?.label.as_str()),
        _ => None,
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, _, answer) in &all {
        if let Some(label) = label(*id, answer) {
            *counts.entry(label).or_default() += 1;
        }
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    let alike = most
        .filter(|(_, count)| all.len() > LONG && *count >= ALIKE)
        .map(|(label, _)| label);
    let is_alike = |id: FieldId, answer: &Answer| alike.is_some() && label(id, answer) == alike;
    let (same, other): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(id, _, answer)| is_alike(*id, answer));
    let mut items: Vec<String> = other
        .into_iter()
        .map(|(id, field, answer)| item(form, id, field, answer))
        .collect();
    if let (Some((_, first, _)), Some(label)) = (same.first(), alike) {
        items.push(format!(
            "「{}」など{}項目は「{label}」",
            first.label,
            same.len()
        ));
    }
    items
}

/// One item with its answer: 「年齢 60歳」.
pub(super) fn item(form: &Form, id: FieldId, field: &Field, answer: &Answer) -> String {
    let code = |index: &u16| {
        let codes = form.codes(id);
        format!(
            "「{}」",
            codes
                .get(usize::from(*index))
                .map_or("", |code| code.label.as_str())
        )
    };
    let value = match answer {
        Answer::Missing => String::new(),
        Answer::Code(index) => return format!("{}{}", field.label, code(index)),
        Answer::Codes(all) => {
            return format!(
                "{}{}",
                field.label,
                all.iter().map(code).collect::<String>()
            );
        }
        Answer::Number(number) => {
            let (unit, fraction) = match &field.ty {
                FieldType::Number { unit, fraction, .. } => (unit.as_deref(), *fraction),
                _ => (None, 0),
            };
            quantity(&format!("{number:.*}", usize::from(fraction)), unit)
        }
        Answer::Date(date) => date.japanese(),
        Answer::Text(text) => format!("「{text}」"),
    };
    format!("{} {value}", field.label)
}

fn values(program: &Program, form: &Form, patient: &Patient, cone: &Cone) -> Vec<String> {
    let mut probe = Probe::new(form);
    let mut told = Vec::new();
    for id in cone.definitions.iter().rev() {
        if told.len() == VALUES {
            break;
        }
        let Some(definition) = program.definitions.get(usize::from(id.0)) else {
            continue;
        };
        let Rule::Number { unit, fraction, .. } = &definition.rule else {
            continue;
        };
        let number = probe.number(&patient.answers, &patient.context, DefinitionId(id.0));
        if let Some(number) = number {
            let (about, digits) = calculated(number, *fraction);
            let number = quantity(&digits, unit_words(unit.as_deref()));
            told.push(format!("{} {about}{number}", definition.label));
        }
    }
    told.reverse();
    told
}

/// The digits of a calculated number, with 約 before them if more would follow.
fn calculated(number: Decimal, fraction: Option<u8>) -> (&'static str, String) {
    match fraction {
        Some(fraction) => ("", format!("{number:.*}", usize::from(fraction))),
        None if number.normalize().scale() > DIGITS => {
            ("約", round_half_up(number, DIGITS).to_string())
        }
        None => ("", number.normalize().to_string()),
    }
}

/// Units of time have Japanese words.
fn unit_words(unit: Option<&str>) -> Option<&str> {
    unit.map(|unit| match unit {
        "years" => "年",
        "months" => "か月",
        "days" => "日",
        other => other,
    })
}

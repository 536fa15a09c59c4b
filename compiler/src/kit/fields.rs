//! Records for the checks that follow from what an item is: how it is written, whether it is
//! required, whether it may be answered.

use super::Side;
use super::trials::{At, Trial, trials};
use super::workshop::{Claim, Workshop};
use super::written::{Tweak, Written};
use crate::prove::{Demand, Patient};
use kohyo_engine::program::{Application, Field, FieldId, FieldType};
use kohyo_engine::{Answer, Form, Question, Tri, read_one};
use kohyo_record::is_forbidden;

/// For every field, in the order of the record.
pub(super) fn make(workshop: &mut Workshop<'_>) {
    for id in workshop.fields() {
        let program = workshop.program();
        let Some(field) = program.fields.get(usize::from(id.0)) else {
            continue;
        };
        required(workshop, id, field);
        hidden(workshop, id, field);
        match workshop.host(id) {
            Ok(host) => written(workshop, id, field, &host),
            Err(why) => {
                let what = format!("「{}」に記入のある、誤りのない記録", field.label);
                for kind in kinds(field) {
                    workshop.gap_why(&format!("{kind}.{}", field.name), &what, why);
                }
            }
        }
    }
}

/// The checks of how the field is written.
fn kinds(field: &Field) -> &'static [&'static str] {
    match &field.ty {
        FieldType::Text { .. } => &["type", "width"],
        FieldType::Kana { .. } => &["kana", "width"],
        FieldType::Digits { .. } | FieldType::PostalCode => &["type", "digits"],
        FieldType::Phone => &["type"],
        FieldType::Number { .. } => &["type", "unit", "digits", "range"],
        FieldType::Date { .. } => &["date"],
        FieldType::Choice { .. } | FieldType::Choices { .. } => &["code"],
    }
}

// ---- how it is written

fn written(workshop: &mut Workshop<'_>, id: FieldId, field: &Field, host: &Patient) {
    let name = &field.name;
    let record = workshop.written(host);
    let answer = host.answers.get(id);
    for kind in kinds(field) {
        let check = format!("{kind}.{name}");
        workshop.add(
            &record,
            &check,
            Side::Pass,
            format!("「{}」に正しく記入した", field.label),
            Claim::Clean(&check),
        );
    }
    let codes = workshop.form.codes(id);
    for trial in trials(field, codes, answer) {
        let held = trial.values.iter().flat_map(|value| value.chars());
        if held.clone().any(is_forbidden) {
            continue;
        }
        try_values(workshop, id, field, host, &trial);
    }
    if let FieldType::Number {
        unit: Some(unit), ..
    } = &field.ty
    {
        units(workshop, field, &record, unit);
    }
}

fn try_values(
    workshop: &mut Workshop<'_>,
    id: FieldId,
    field: &Field,
    host: &Patient,
    trial: &Trial,
) {
    let form = workshop.form;
    let values: Vec<&str> = trial.values.iter().map(String::as_str).collect();
    let purpose = format!("「{}」: {}", field.label, trial.purpose);
    let accepted = match read_one(form, id, &values) {
        Ok(Answer::Missing) => return,
        Ok(answer) => answer,
        Err(finding) => {
            let side = match trial.at {
                At::Boundary => Side::Outside,
                At::Writing | At::Unknown => Side::Fail,
            };
            let mut record = workshop.written(host);
            record.raw.insert(field.name.clone(), trial.values.clone());
            let check = finding.check;
            let claim = Claim::Finds(&check);
            workshop.add(&record, &check, side, purpose, claim);
            return;
        }
    };
    let side = match trial.at {
        At::Boundary => Side::Inside,
        At::Writing => Side::Pass,
        At::Unknown => Side::Unknown,
    };
    // The id under which the boundary is looked for: that of the first kind of the field.
    let kind = match &field.ty {
        FieldType::Number { .. } if trial.purpose.contains("桁") => "digits",
        FieldType::Number { .. } if trial.at == At::Boundary => "range",
        FieldType::Text { .. } | FieldType::Kana { .. } if trial.at == At::Boundary => "width",
        FieldType::Digits { .. } | FieldType::PostalCode => "digits",
        _ => kinds(field).first().copied().unwrap_or("type"),
    };
    let check = format!("{kind}.{}", field.name);
    let mut patient = host.clone();
    patient.answers.set(id, accepted);
    let mended = workshop.nearest.mended(patient.clone(), &[], &[id], &[]);
    let (patient, claim) = match mended {
        Some(mended) => (mended, Claim::Clean(&check)),
        None => (patient, Claim::Silent(&check)),
    };
    let mut record = workshop.written(&patient);
    record.raw.insert(field.name.clone(), trial.values.clone());
    workshop.add(&record, &check, side, purpose, claim);
}

fn units(workshop: &mut Workshop<'_>, field: &Field, record: &Written, unit: &str) {
    let name = &field.name;
    let check = format!("unit.{name}");
    let label = &field.label;
    let other = if unit == "kg" { "g" } else { "kg" };
    let with = |tweak: Tweak| Written {
        tweak,
        ..record.clone()
    };
    workshop.add(
        &with(Tweak::Unit(name.clone(), other.to_owned())),
        &check,
        Side::Fail,
        format!("「{label}」: 属性 unit が「{other}」になっている（正しくは「{unit}」）"),
        Claim::Finds(&check),
    );
    workshop.add(
        &with(Tweak::NoUnit(name.clone())),
        &check,
        Side::Pass,
        format!("「{label}」: 属性 unit を省いた"),
        Claim::Clean(&check),
    );
}

// ---- whether it is required

fn required(workshop: &mut Workshop<'_>, id: FieldId, field: &Field) {
    if !field.required && field.required_when.is_none() {
        return;
    }
    let check = format!("required.{}", field.name);
    let label = &field.label;
    let bases = workshop.bases();
    let is = |wanted: Tri| Demand::Is(Question::Required(id), wanted);
    match workshop.find(&bases, &[is(Tri::True)], &[]) {
        Ok(patient) => {
            workshop.add_patient(
                &patient,
                &check,
                Side::Pass,
                format!("「{label}」が必須のとき、記入した"),
                Claim::Clean(&check),
            );
            let mut without = patient.clone();
            without.answers.set(id, Answer::Missing);
            let mended =
                workshop
                    .nearest
                    .mended(without.clone(), &[is(Tri::True)], &[id], &[&check]);
            workshop.add_patient(
                &mended.unwrap_or(without),
                &check,
                Side::Fail,
                format!("「{label}」が必須のとき、記入しない"),
                Claim::Finds(&check),
            );
        }
        Err(why) => {
            workshop.gap_why(
                &check,
                &format!("「{label}」が必須となる、誤りのない記録"),
                why,
            );
        }
    }
    if field.shown_when.is_none() && field.required_when.is_none() {
        return;
    }
    let missing = Demand::Answered(id, false);
    for (wanted, side, words) in [
        (
            Tri::False,
            Side::Inside,
            "必須となる条件を満たさないとき、記入しない",
        ),
        (
            Tri::Unknown,
            Side::Unknown,
            "必須となる条件が不明のとき、記入しない",
        ),
    ] {
        if let Ok(patient) = workshop.find(&bases, &[is(wanted), missing], &[]) {
            workshop.add_patient(
                &patient,
                &check,
                side,
                format!("「{label}」: {words}"),
                Claim::Clean(&check),
            );
        }
    }
}

// ---- whether it may be answered

fn hidden(workshop: &mut Workshop<'_>, id: FieldId, field: &Field) {
    if field.shown_when.is_none() && field.only.is_none() {
        return;
    }
    let check = format!("hidden.{}", field.name);
    let label = &field.label;
    let host = match workshop.host(id) {
        Ok(host) => host,
        Err(why) => {
            let what = format!("「{label}」に記入できる、誤りのない記録");
            workshop.gap_why(&check, &what, why);
            return;
        }
    };
    workshop.add_patient(
        &host,
        &check,
        Side::Pass,
        format!("「{label}」に記入できるとき、記入した"),
        Claim::Clean(&check),
    );
    if let Some(only) = field.only {
        other_application(workshop, id, field, only, &host);
    }
    if field.shown_when.is_some() {
        let mut near = vec![host.clone()];
        near.extend(workshop.bases());
        not_shown(workshop, id, field, &host, &near);
        perhaps_shown(workshop, id, field, &host, &near);
    }
}

/// The record with the answer that another one gives to the question.
fn filled(mut record: Patient, id: FieldId, from: &Patient) -> Patient {
    record.answers.set(id, from.answers.get(id).clone());
    record
}

/// A question of one kind of application, answered in the other.
fn other_application(
    workshop: &mut Workshop<'_>,
    id: FieldId,
    field: &Field,
    only: Application,
    host: &Patient,
) {
    let check = format!("hidden.{}", field.name);
    let (other, words) = match only {
        Application::New => (
            Application::Renewal,
            "新規申請だけの項目に、更新申請で記入した",
        ),
        Application::Renewal => (Application::New, "更新申請だけの項目に、新規申請で記入した"),
    };
    if let Some(base) = workshop.base(other).cloned() {
        workshop.add_patient(
            &filled(base, id, host),
            &check,
            Side::Fail,
            format!("「{}」: {words}", field.label),
            Claim::Finds(&check),
        );
    }
}

/// A question that is surely not asked: answered all the same, and left out.
fn not_shown(
    workshop: &mut Workshop<'_>,
    id: FieldId,
    field: &Field,
    host: &Patient,
    near: &[Patient],
) {
    let (check, label) = (format!("hidden.{}", field.name), &field.label);
    let mut impossible = Vec::new();
    let mut found = false;
    for (demands, but, so) in ways_not_to_ask(id, field) {
        match workshop.find(near, &demands, &[]) {
            Ok(patient) => {
                found = true;
                let filled = filled(patient.clone(), id, host);
                let mended = workshop
                    .nearest
                    .mended(filled.clone(), &demands, &[id], &[&check]);
                let answered = mended.unwrap_or(filled);
                workshop.add_patient(
                    &answered,
                    &check,
                    Side::Fail,
                    format!("「{label}」: {but}"),
                    Claim::Finds(&check),
                );
                if let Some(value) = unreadable(workshop.form, id) {
                    let mut record = workshop.written(&answered);
                    record
                        .raw
                        .insert(field.name.clone(), vec![value.to_owned()]);
                    workshop.add(
                        &record,
                        &check,
                        Side::Pass,
                        format!("「{label}」: {but}（読めない値。書き方だけを指摘する）"),
                        Claim::Silent(&check),
                    );
                }
                workshop.add_patient(
                    &patient,
                    &check,
                    Side::Inside,
                    format!("「{label}」: {so}"),
                    Claim::Clean(&check),
                );
            }
            Err(why) => impossible.push(why),
        }
    }
    if let (false, None, Some(why)) = (found, field.only, impossible.pop()) {
        let what = format!("「{label}」の記入する条件を満たさない、誤りのない記録");
        workshop.gap_why(&check, &what, why);
    }
}

/// A value that nobody can read as an answer of the field; free text has none.
pub(super) fn unreadable(form: &Form, id: FieldId) -> Option<&'static str> {
    const VALUE: &str = "？";
    read_one(form, id, &[VALUE]).is_err().then_some(VALUE)
}

/// When a question is not asked: what must hold, and what its record is for if it is answered all
/// the same, and if not.
fn ways_not_to_ask(
    id: FieldId,
    field: &Field,
) -> Vec<(Vec<Demand<'static>>, &'static str, &'static str)> {
    let (shown, hidden) = (Question::Shown(id), Question::Hidden(id));
    let mut ways = vec![(
        vec![Demand::Is(shown, Tri::False)],
        "記入する条件を満たさないのに記入した",
        "記入する条件を満たさないので記入しない",
    )];
    if field.hidden_when.is_some() {
        // 「未実施」: rules leave it open what the answer would be, and still nothing was asked.
        ways.push((
            vec![
                Demand::Is(shown, Tri::Unknown),
                Demand::Is(hidden, Tri::True),
            ],
            "未実施や不明と記入したので尋ねないのに、記入した",
            "未実施や不明と記入したので尋ねず、記入しない",
        ));
    }
    ways
}

/// A question that is answered while it is open whether it is asked.
fn perhaps_shown(
    workshop: &mut Workshop<'_>,
    id: FieldId,
    field: &Field,
    host: &Patient,
    near: &[Patient],
) {
    let check = format!("hidden.{}", field.name);
    for hidden in [Tri::Unknown, Tri::False] {
        let demands = [
            Demand::Is(Question::Shown(id), Tri::Unknown),
            Demand::Is(Question::Hidden(id), hidden),
        ];
        let Ok(patient) = workshop.find(near, &demands, &[]) else {
            continue;
        };
        let filled = filled(patient, id, host);
        let mended = workshop
            .nearest
            .mended(filled.clone(), &demands, &[id], &[]);
        workshop.add_patient(
            &mended.unwrap_or(filled),
            &check,
            Side::Unknown,
            format!("「{}」: 記入する条件が不明のとき、記入した", field.label),
            Claim::Silent(&check),
        );
        return;
    }
}

//! Modified condition/decision coverage: for each condition a decision is made of, two records
//! between which the decision changes because of that condition, and one in which it is unknown;
//! for each threshold the values at and beside it.
//!
//! The decision is written twice, with the condition settled either way. Where the two differ, the
//! condition decides; the solver looks for a record there on which the condition holds, and for the
//! nearest one on which it does not.

use super::Side;
use super::atoms::{atoms, plain, settled};
use super::workshop::{Claim, Why, Workshop};
use super::written::Written;
use crate::prove::{Demand, Patient, shifted};
use kohyo_engine::program::{
    Check, CompareOp, Cond, CondKind, DatePrecision, ElapsedUnit, FieldId, FieldType, Index,
    JudgementId, Moment, Number, NumberKind,
};
use kohyo_engine::{Answer, Date, Decimal, Program, Question, Tri, number_domain};

/// Conditions of one decision that are tried.
const MOST: usize = 300;

/// A decision and where to look for records of it.
pub(super) struct Decision<'p> {
    /// The check, or `judgement.diagnosis`.
    id: String,
    /// What is decided, in words.
    what: String,
    condition: &'p Cond,
    /// Must hold besides: no earlier category does.
    before: Vec<(Question, Tri)>,
    /// Checks that may find something.
    allowed: Vec<String>,
    near: Vec<Patient>,
    judgement: Option<String>,
}

impl<'p> Decision<'p> {
    /// Whether a check finds something.
    pub(super) fn check(check: &'p Check, near: Vec<Patient>, mut allowed: Vec<String>) -> Self {
        allowed.push(check.id.clone());
        Self {
            id: check.id.clone(),
            what: format!("「{}」", check.message),
            condition: &check.violated,
            before: Vec::new(),
            allowed,
            near,
            judgement: None,
        }
    }
}

/// For every judgement: a record of each category, and every condition of each category.
pub(super) fn judgements(workshop: &mut Workshop<'_>) {
    let program: &Program = workshop.program();
    for (id, judgement) in (0..=u16::MAX).map(JudgementId).zip(&program.judgements) {
        let name = format!("judgement.{}", judgement.name);
        let bases = workshop.bases();
        for (index, category) in (0..Index::MAX).zip(&judgement.categories) {
            let what = format!("「{}」が「{}」", judgement.label, category.label);
            let mut near = Vec::new();
            let mut why = None;
            // Of both kinds of application: renewals may be judged by another edition besides.
            for base in &bases {
                let from = [base.clone()];
                match workshop.find(&from, &[Demand::First(id, index)], &[]) {
                    Ok(patient) => {
                        let purpose = format!("{what}になる");
                        workshop.add_patient(&patient, &name, Side::Pass, purpose, Claim::Any);
                        near.push(patient);
                    }
                    Err(found) => why = Some(found),
                }
            }
            if near.is_empty() {
                let why = why.unwrap_or(Why::NotFound);
                workshop.gap_why(&name, &format!("{what}になる、誤りのない記録"), why);
                continue;
            }
            let Some(condition) = &category.when else {
                continue;
            };
            let before = (0..index).map(|before| (Question::Category(id, before), Tri::False));
            near.extend(bases.iter().cloned());
            decide(
                workshop,
                &Decision {
                    id: name.clone(),
                    what,
                    condition,
                    before: before.collect(),
                    allowed: Vec::new(),
                    near,
                    judgement: Some(judgement.name.clone()),
                },
            );
        }
    }
}

/// Every condition of a decision by itself.
pub(super) fn decide(workshop: &mut Workshop<'_>, decision: &Decision<'_>) {
    let program: &Program = workshop.program();
    let all = atoms(program, decision.condition);
    if all.len() > MOST {
        workshop.gap(
            &decision.id,
            format!(
                "条件が{}個あるため、はじめの{MOST}個だけを試しました",
                all.len()
            ),
        );
    }
    if let ([atom], None) = (all.as_slice(), &decision.judgement) {
        // The records that fail and pass the check differ in this condition already.
        thresholds(workshop, decision, atom, &decision.near);
        return;
    }
    for atom in all.iter().take(MOST) {
        let (Some(with), Some(without)) = (
            settled(program, decision.condition, &atom.kind, true),
            settled(program, decision.condition, &atom.kind, false),
        ) else {
            workshop.gap(
                &decision.id,
                format!("{}: 規則が大きいため試していません", atom.text),
            );
            continue;
        };
        pair(workshop, decision, atom, &with, &without);
    }
}

/// Two records between which the condition decides.
fn pair(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    atom: &Cond,
    with: &Cond,
    without: &Cond,
) {
    let allowed: Vec<&str> = decision.allowed.iter().map(String::as_str).collect();
    let text = if atom.text.is_empty() {
        "条件"
    } else {
        &atom.text
    };
    let demands = |wanted: Tri| {
        let mut demands = vec![Demand::Differ(with, without), Demand::Holds(atom, wanted)];
        let before = decision.before.iter();
        demands.extend(before.map(|(question, wanted)| Demand::Is(*question, *wanted)));
        demands
    };
    let holds = match workshop.find(&decision.near, &demands(Tri::True), &allowed) {
        Ok(patient) => patient,
        Err(why) => {
            alone(workshop, decision, text, why);
            return;
        }
    };
    let from = [holds.clone()];
    let fails = match workshop.find(&from, &demands(Tri::False), &allowed) {
        Ok(patient) => patient,
        Err(why) => {
            alone(workshop, decision, text, why);
            return;
        }
    };
    let (one, other) = (workshop.written(&holds), workshop.written(&fails));
    if said(workshop, decision, &one) == said(workshop, decision, &other) {
        alone(workshop, decision, text, Why::NotFound);
        return;
    }
    let what = &decision.what;
    let purpose = |words: &str| format!("{what}: 「{text}」が{words}（この条件だけで変わる組）");
    workshop.add(
        &one,
        &decision.id,
        Side::Holds,
        purpose("成り立つ"),
        Claim::Any,
    );
    workshop.add(
        &other,
        &decision.id,
        Side::Fails,
        purpose("成り立たない"),
        Claim::Any,
    );
    if let Ok(unknown) = workshop.find(&from, &demands(Tri::Unknown), &allowed) {
        workshop.add_patient(
            &unknown,
            &decision.id,
            Side::Unknown,
            format!("{what}: 「{text}」が不明"),
            Claim::Any,
        );
    }
    thresholds(workshop, decision, atom, &[holds, fails]);
}

fn alone(workshop: &mut Workshop<'_>, decision: &Decision<'_>, text: &str, why: Why) {
    let what = format!(
        "{}: 「{text}」だけで変わる、誤りのない記録の組",
        decision.what
    );
    workshop.gap_why(&decision.id, &what, why);
}

/// What is decided about a record.
fn said(workshop: &mut Workshop<'_>, decision: &Decision<'_>, record: &Written) -> Option<String> {
    let expected = workshop.expected(record);
    match &decision.judgement {
        None => Some(expected.finds(&decision.id).to_string()),
        Some(name) => {
            let verdict = expected.verdict?;
            verdict.judgements.get(name).cloned().flatten()
        }
    }
}

// ---- thresholds

/// The values at a threshold and beside it, everything else as in one of these records.
fn thresholds(workshop: &mut Workshop<'_>, decision: &Decision<'_>, atom: &Cond, near: &[Patient]) {
    match &atom.kind {
        CondKind::Compare { left, op, right } => match (&left.kind, &right.kind) {
            (_, NumberKind::Const(at)) => number(workshop, decision, atom, left, *op, *at, near),
            (NumberKind::Const(at), _) => number(workshop, decision, atom, right, *op, *at, near),
            _ => {}
        },
        CondKind::CompareDates { left, right, .. } => {
            dates(workshop, decision, atom, left, right, near);
        }
        _ => {}
    }
}

fn number(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    atom: &Cond,
    number: &Number,
    op: CompareOp,
    at: Decimal,
    near: &[Patient],
) {
    let shown = at.normalize();
    match &number.kind {
        NumberKind::Field(field) => {
            let program: &Program = workshop.program();
            let Some(found) = program.fields.get(usize::from(field.0)) else {
                return;
            };
            let FieldType::Number {
                digits,
                fraction,
                min,
                max,
                ..
            } = found.ty
            else {
                return;
            };
            let Some((low, high, step)) = number_domain(digits, fraction, min, max) else {
                return;
            };
            for (value, words) in [
                (at - step, "を1刻み下回る"),
                (at, "ちょうど"),
                (at + step, "を1刻み上回る"),
            ] {
                if value < low || value > high || value.normalize().scale() > u32::from(fraction) {
                    continue;
                }
                let demands = [Demand::Number(*field, value)];
                let purpose = format!(
                    "{}: 「{}」がしきい値{shown}{words}（{}）",
                    decision.what,
                    found.label,
                    value.normalize()
                );
                at_threshold(workshop, decision, near, &demands, purpose);
            }
        }
        NumberKind::Elapsed { unit, from, to } => {
            elapsed(workshop, decision, atom, (*unit, from, to), at, near);
        }
        _ => {
            // A score: just reached, and just not.
            let compare = |op: CompareOp, at: Decimal| {
                plain(CondKind::compare(
                    number.clone(),
                    op,
                    Number {
                        kind: NumberKind::Const(at),
                        text: String::new(),
                    },
                ))
            };
            let mut sides = vec![(at, "ちょうど")];
            match op {
                CompareOp::GreaterEqual | CompareOp::Less => {
                    sides.push((at - Decimal::ONE, "より1小さい"));
                }
                CompareOp::Greater | CompareOp::LessEqual => {
                    sides.push((at + Decimal::ONE, "より1大きい"));
                }
                CompareOp::Equal | CompareOp::NotEqual => {
                    sides.push((at - Decimal::ONE, "より1小さい"));
                    sides.push((at + Decimal::ONE, "より1大きい"));
                }
            }
            for (value, words) in sides {
                let condition = compare(CompareOp::Equal, value);
                let demands = [Demand::Holds(&condition, Tri::True)];
                let purpose = format!(
                    "{}: 「{}」がしきい値{shown}{words}",
                    decision.what, number.text
                );
                at_threshold(workshop, decision, near, &demands, purpose);
            }
        }
    }
}

/// A sound record at a threshold, if there is one.
fn at_threshold(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    near: &[Patient],
    demands: &[Demand<'_>],
    purpose: String,
) {
    let allowed: Vec<&str> = decision.allowed.iter().map(String::as_str).collect();
    if let Ok(patient) = workshop.find(near, demands, &allowed) {
        let side = Side::Threshold;
        workshop.add_patient(&patient, &decision.id, side, purpose, Claim::Any);
    }
}

/// One date on the day of the other, the day before and the day after.
fn dates(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    atom: &Cond,
    left: &Moment,
    right: &Moment,
    near: &[Patient],
) {
    for (moved, other) in [(left, right), (right, left)] {
        let Some((field, shift)) = movable(workshop.program(), moved) else {
            continue;
        };
        let day = |patient: &Patient| {
            let day = day_of(patient, other)?;
            match shift {
                Some((by, unit)) => shifted(day, unit, -by),
                None => Some(day),
            }
        };
        if let Some((patient, day)) = first_with(near, day) {
            beside(workshop, decision, atom, field, day, patient);
            return;
        }
    }
}

/// The first of these records in which there is such a day, with the day.
fn first_with(near: &[Patient], day: impl Fn(&Patient) -> Option<i32>) -> Option<(&Patient, i32)> {
    near.iter()
        .find_map(|patient| Some((patient, day(patient)?)))
}

/// A span of time that is just reached, and one day less or more.
fn elapsed(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    atom: &Cond,
    (unit, from, to): (ElapsedUnit, &Moment, &Moment),
    at: Decimal,
    near: &[Patient],
) {
    let Ok(count) = i32::try_from(at) else { return };
    for (moved, other, by) in [(from, to, -count), (to, from, count)] {
        let Some((field, None)) = movable(workshop.program(), moved) else {
            continue;
        };
        let day = |patient: &Patient| shifted(day_of(patient, other)?, unit, by);
        if let Some((patient, day)) = first_with(near, day) {
            beside(workshop, decision, atom, field, day, patient);
            return;
        }
    }
}

/// A date on this day, the day before and the day after.
fn beside(
    workshop: &mut Workshop<'_>,
    decision: &Decision<'_>,
    atom: &Cond,
    field: FieldId,
    day: i32,
    near: &Patient,
) {
    let allowed: Vec<&str> = decision.allowed.iter().map(String::as_str).collect();
    for (day, words) in [
        (day - 1, "境の前日"),
        (day, "境の日ちょうど"),
        (day + 1, "境の翌日"),
    ] {
        let Some(date) = Date::from_day_number(day) else {
            continue;
        };
        let mut patient = near.clone();
        patient.answers.set(field, Answer::Date(date));
        let mended = workshop
            .nearest
            .mended(patient.clone(), &[], &[field], &allowed);
        let label = workshop.program().fields.get(usize::from(field.0));
        let label = label.map_or("", |field| field.label.as_str());
        workshop.add_patient(
            &mended.unwrap_or(patient),
            &decision.id,
            Side::Threshold,
            format!(
                "{}: 「{}」で「{label}」が{words}（{date}）",
                decision.what, atom.text
            ),
            Claim::Any,
        );
    }
}

/// The field of a date that is asked to the day, with what is added to it.
fn movable(program: &Program, moment: &Moment) -> Option<(FieldId, Option<(i32, ElapsedUnit)>)> {
    match moment {
        Moment::Field(field) => {
            let ty = &program.fields.get(usize::from(field.0))?.ty;
            let to_the_day = matches!(
                ty,
                FieldType::Date {
                    precision: DatePrecision::Day
                }
            );
            to_the_day.then_some((*field, None))
        }
        Moment::Shifted { moment, by, unit } => match movable(program, moment)? {
            (field, None) => Some((field, Some((*by, *unit)))),
            (_, Some(_)) => None,
        },
        Moment::Const(_) | Moment::Today => None,
    }
}

/// The day of a moment in a record, if it is known to the day.
fn day_of(patient: &Patient, moment: &Moment) -> Option<i32> {
    let known = |date: Date| (date.precision() == DatePrecision::Day).then(|| date.first_day());
    match moment {
        Moment::Const(date) => known(*date),
        Moment::Today => known(patient.context.today),
        Moment::Field(field) => match patient.answers.get(*field) {
            Answer::Date(date) => known(*date),
            _ => None,
        },
        Moment::Shifted { moment, by, unit } => shifted(day_of(patient, moment)?, *unit, *by),
    }
}

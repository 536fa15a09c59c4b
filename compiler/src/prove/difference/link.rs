//! What two editions ask alike: one answer for both, and the records that only one of them can hold.

use super::side::{Both, Side};
use super::{Edition, lend};
use crate::prove::canon;
use crate::prove::encode::Encoder;
use crate::prove::solver::{Lit, Solver};
use crate::prove::state::State;
use crate::reading::quantity;
use kohyo_engine::program::{Code, Field, FieldId, FieldType, Index};
use kohyo_engine::{Answer, Decimal, Program};
use std::collections::BTreeMap;

/// The fields that both editions ask in the same way.
pub(super) struct Shared {
    /// By position in the old and in the new program.
    pub(super) pairs: Vec<(FieldId, FieldId)>,
    to_new: BTreeMap<FieldId, FieldId>,
    to_old: BTreeMap<FieldId, FieldId>,
}

impl Shared {
    pub(super) fn of(old: &Program, new: &Program) -> Self {
        let pairs: Vec<(FieldId, FieldId)> = named_alike(old, new)
            .into_iter()
            .filter(|(a, b)| {
                let fields = (field(old, *a), field(new, *b));
                matches!(fields, (Some(a), Some(b)) if are_alike(&a.ty, &b.ty))
            })
            .collect();
        Self {
            to_new: pairs.iter().copied().collect(),
            to_old: pairs.iter().map(|(a, b)| (*b, *a)).collect(),
            pairs,
        }
    }

    /// An answer of one edition in the other, to which it is carried.
    pub(super) fn carried(
        &self,
        (old, new): (&Program, &Program),
        to: Edition,
        id: FieldId,
        answer: &Answer,
    ) -> Option<(FieldId, Answer)> {
        let (others, from, to) = match to {
            Edition::New => (&self.to_new, old, new),
            Edition::Old => (&self.to_old, new, old),
        };
        let other = *others.get(&id)?;
        Some((other, translated((from, id), (to, other), answer)?))
    }
}

fn field(program: &Program, id: FieldId) -> Option<&Field> {
    program.fields.get(usize::from(id.0))
}

/// Fields of one name, by position in the old and the new program.
fn named_alike(old: &Program, new: &Program) -> Vec<(FieldId, FieldId)> {
    let by_name: BTreeMap<&str, FieldId> = (0..=u16::MAX)
        .map(FieldId)
        .zip(&new.fields)
        .map(|(id, field)| (field.name.as_str(), id))
        .collect();
    let fields = (0..=u16::MAX).map(FieldId).zip(&old.fields);
    fields
        .filter_map(|(id, field)| Some((id, *by_name.get(field.name.as_str())?)))
        .collect()
}

/// Whether an answer means the same in both.
fn are_alike(a: &FieldType, b: &FieldType) -> bool {
    match (a, b) {
        (FieldType::Number { unit: a, .. }, FieldType::Number { unit: b, .. }) => a == b,
        _ => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

fn codes(program: &Program, id: FieldId) -> &[Code] {
    match field(program, id).map(|field| &field.ty) {
        Some(FieldType::Choice { table } | FieldType::Choices { table }) => {
            let table = program.code_tables.get(usize::from(*table));
            table.map_or(&[], |table| table.codes.as_slice())
        }
        _ => &[],
    }
}

/// An answer to one field as one to the other; nothing if that cannot be answered there.
fn translated(
    (from, id): (&Program, FieldId),
    (to, other): (&Program, FieldId),
    answer: &Answer,
) -> Option<Answer> {
    let code = |index: &Index| {
        let name = &codes(from, id).get(usize::from(*index))?.name;
        let mut others = codes(to, other).iter();
        let position = others.position(|code| code.name == *name)?;
        Index::try_from(position).ok()
    };
    Some(match answer {
        Answer::Code(index) => Answer::Code(code(index)?),
        Answer::Codes(all) => {
            let mut all: Vec<Index> = all.iter().map(code).collect::<Option<_>>()?;
            all.sort_unstable();
            Answer::Codes(all)
        }
        Answer::Number(number) => {
            let (low, high, step) = field(to, other)?.ty.numbers()?;
            let is_legal = (low..=high).contains(number) && (*number % step).is_zero();
            return is_legal.then(|| answer.clone());
        }
        Answer::Missing | Answer::Date(_) | Answer::Text(_) => answer.clone(),
    })
}

/// What of the records is not the same in both editions, in words.
#[derive(Default)]
pub(super) struct Apart {
    /// Records that only one of them can hold: 「種類」が「Ｄ」（新版だけ）.
    pub(super) not_compared: Vec<String>,
    /// What is answered alike and means something else, as sentences.
    pub(super) meant_otherwise: Vec<String>,
}

impl Apart {
    pub(super) fn is_empty(&self) -> bool {
        self.not_compared.is_empty() && self.meant_otherwise.is_empty()
    }
}

impl Both<'_> {
    /// What of the items that the judgements read is not the same in both.
    pub(super) fn apart(&self) -> Apart {
        let (old, new) = (self.old.program, self.new.program);
        let read = |pair: &(FieldId, FieldId)| {
            self.old.cone.fields.contains(&pair.0) || self.new.cone.fields.contains(&pair.1)
        };
        let mut told = Apart::default();
        for (a, b) in named_alike(old, new).into_iter().filter(read) {
            if let (Some(before), Some(after)) = (field(old, a), field(new, b)) {
                apart((old, a, before), (new, b, after), &mut told);
            }
        }
        told
    }
}

/// What of a field only one edition can hold.
fn apart(
    (old, a, before): (&Program, FieldId, &Field),
    (new, b, after): (&Program, FieldId, &Field),
    told: &mut Apart,
) {
    let label = &after.label;
    if let (FieldType::Number { unit: x, .. }, FieldType::Number { unit: y, .. }) =
        (&before.ty, &after.ty)
        && x != y
    {
        let unit = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "なし".to_owned());
        told.meant_otherwise.push(format!(
            "「{label}」は単位が変わったため（{} → {}）、別の項目として比べています",
            unit(x),
            unit(y)
        ));
        return;
    }
    if !are_alike(&before.ty, &after.ty) {
        told.meant_otherwise.push(format!(
            "「{label}」は答え方が変わったため、別の項目として比べています"
        ));
        return;
    }
    codes_apart(label, codes(old, a), codes(new, b), told);
    if let (Some(x), Some(y)) = (before.ty.numbers(), after.ty.numbers()) {
        range_apart(label, (before, x), (after, y), &mut told.not_compared);
    }
    if let (FieldType::Date { precision: x }, FieldType::Date { precision: y }) =
        (&before.ty, &after.ty)
        && x != y
    {
        told.not_compared
            .push(format!("「{label}」の、片方の版でだけ書ける細かさの日付"));
    }
}

fn codes_apart(label: &str, before: &[Code], after: &[Code], told: &mut Apart) {
    let only = |own: &[Code], other: &[Code], edition: &str, told: &mut Vec<String>| {
        let only = own
            .iter()
            .filter(|code| !other.iter().any(|found| found.name == code.name));
        let only: Vec<String> = only.map(|code| format!("「{}」", code.label)).collect();
        if !only.is_empty() {
            told.push(format!("「{label}」が{}（{edition}だけ）", only.concat()));
        }
    };
    only(before, after, "旧版", &mut told.not_compared);
    only(after, before, "新版", &mut told.not_compared);
    for code in before {
        let other = after.iter().find(|other| other.name == code.name);
        if other.is_some_and(|other| other.unknown != code.unknown) {
            let (old, new) = match code.unknown {
                true => ("分からない答え", "ふつうの答え"),
                false => ("ふつうの答え", "分からない答え"),
            };
            told.meant_otherwise.push(format!(
                "「{label}」の「{}」は、旧版では{old}、新版では{new}です",
                code.label
            ));
        }
    }
}

fn range_apart(
    label: &str,
    (before, (low_a, high_a, step_a)): (&Field, (Decimal, Decimal, Decimal)),
    (after, (low_b, high_b, step_b)): (&Field, (Decimal, Decimal, Decimal)),
    told: &mut Vec<String>,
) {
    let value = |field: &Field, number: Decimal| match &field.ty {
        FieldType::Number { unit, fraction, .. } => quantity(
            &format!("{number:.*}", usize::from(*fraction)),
            unit.as_deref(),
        ),
        _ => number.to_string(),
    };
    let edition = |is_old: bool| if is_old { "旧版" } else { "新版" };
    if low_a != low_b {
        let from = value(if low_a > low_b { before } else { after }, low_a.max(low_b));
        let only = edition(low_a < low_b);
        told.push(format!("「{label}」が {from} より小さい値（{only}だけ）"));
    }
    if high_a != high_b {
        let to = value(
            if high_a < high_b { before } else { after },
            high_a.min(high_b),
        );
        let only = edition(high_a > high_b);
        told.push(format!("「{label}」が {to} より大きい値（{only}だけ）"));
    }
    if step_a != step_b {
        let only = edition(step_a < step_b);
        told.push(format!("「{label}」の桁の細かい値（{only}だけ）"));
    }
}

/// Says that shared questions are answered once while both editions ask them.
pub(super) fn link(old: &mut Side<'_>, new: &mut Side<'_>, shared: &Shared) {
    new.encoder.link();
    lend(&mut old.encoder, &mut new.encoder);
    old.encoder.link();
    lend(&mut old.encoder, &mut new.encoder);
    for (a, b) in &shared.pairs {
        let both_ask = match canon::asked(old.program, *a) == canon::asked(new.program, *b) {
            true => Lit::TRUE,
            false => both_ask(&mut old.encoder, &mut new.encoder, (*a, *b)),
        };
        link_field(&mut old.encoder, &mut new.encoder, (*a, *b), both_ask);
    }
    let mut solver = std::mem::replace(&mut new.encoder.solver, Solver::new());
    let mut same: Vec<(Lit, Lit)> = Vec::new();
    for a in &mut old.encoder.virtuals {
        let key = canon::number(old.program, &a.number);
        for b in &mut new.encoder.virtuals {
            if canon::number(new.program, &b.number) == key {
                same.extend(a.same_as(b, &mut solver));
            }
        }
    }
    for (from, to, a) in &old.encoder.dates {
        let key = [from, to].map(|moment| canon::moment(old.program, moment));
        for (from, to, b) in &new.encoder.dates {
            let other = [from, to].map(|moment| canon::moment(new.program, moment));
            if key == other {
                same.extend([
                    (a.less, b.less),
                    (a.less_equal, b.less_equal),
                    (a.greater, b.greater),
                    (a.greater_equal, b.greater_equal),
                ]);
            }
        }
    }
    for (a, b) in same {
        solver.implies(a, b);
        solver.implies(b, a);
    }
    new.encoder.solver = solver;
}

/// Both editions show a field.
fn both_ask(old: &mut Encoder<'_>, new: &mut Encoder<'_>, (a, b): (FieldId, FieldId)) -> Lit {
    let in_new = new.shown(b).yes;
    lend(old, new);
    let in_old = old.shown(a).yes;
    lend(old, new);
    new.solver.and(in_old, in_new)
}

/// A field is answered the same in both while `both_ask` holds.
fn link_field(
    old: &mut Encoder<'_>,
    new: &mut Encoder<'_>,
    (a, b): (FieldId, FieldId),
    both_ask: Lit,
) {
    let (codes_a, codes_b) = (old.codes(a), new.codes(b));
    let (Some(Some(x)), Some(Some(y))) = (
        old.states.get_mut(usize::from(a.0)),
        new.states.get_mut(usize::from(b.0)),
    ) else {
        return;
    };
    let solver = &mut new.solver;
    let mut same: Vec<(Lit, Lit)> = Vec::new();
    match (x, y) {
        (State::Choice(x), State::Choice(y)) | (State::Choices(x), State::Choices(y)) => {
            for (code, lit) in codes_a.iter().zip(x.iter()) {
                let other = codes_b.iter().position(|other| other.name == code.name);
                // An answer that only one of them offers is in no record of both.
                let other = other.and_then(|other| y.get(other).copied());
                same.push((*lit, other.unwrap_or(Lit::FALSE)));
            }
            for (code, lit) in codes_b.iter().zip(y.iter()) {
                if !codes_a.iter().any(|other| other.name == code.name) {
                    same.push((*lit, Lit::FALSE));
                }
            }
        }
        (State::Number(x), State::Number(y)) => {
            same.push((x.answered, y.answered));
            let mut cuts: Vec<_> = x.cuts.keys().chain(y.cuts.keys()).copied().collect();
            cuts.extend([x.low, y.low, x.high + x.step, y.high + y.step]);
            for cut in cuts {
                let a = x.at_least(solver, cut, false);
                let b = y.at_least(solver, cut, false);
                // Nothing is said of a number that is not answered.
                let answered = x.answered;
                solver.clause(&[!both_ask, !answered, !a, b]);
                solver.clause(&[!both_ask, !answered, a, !b]);
            }
        }
        (
            State::Date { answered, precise },
            State::Date {
                answered: other_answered,
                precise: other_precise,
            },
        ) => same.extend([(*answered, *other_answered), (*precise, *other_precise)]),
        (State::Text(x), State::Text(y)) => same.push((*x, *y)),
        _ => {}
    }
    for (a, b) in same {
        solver.clause(&[!both_ask, !a, b]);
        solver.clause(&[!both_ask, a, !b]);
    }
}

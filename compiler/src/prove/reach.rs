//! Conditions that want a number to lie where it never does: seven points of a score that gives six.

use super::ask::Prover;
use kohyo_engine::program::{CompareOp, Cond, CondKind, Number, NumberKind, Rule};
use kohyo_engine::{Decimal, Program, counts_points, unit_of_value};

/// Criteria are opened at most so deep.
const DEPTH: u32 = 8;

/// What to look at if nobody meets a condition because of where a number can lie.
pub(super) fn out_of_reach(prover: &Prover<'_>, condition: &Cond) -> Option<String> {
    within(prover, condition, DEPTH)
}

fn within(prover: &Prover<'_>, condition: &Cond, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match &condition.kind {
        CondKind::All(parts) => parts.iter().find_map(|part| within(prover, part, depth)),
        CondKind::Criterion(id) => {
            let found = prover.program.definitions.get(usize::from(id.0))?;
            match &found.rule {
                Rule::Criterion(inner) => within(prover, inner, depth),
                Rule::Number { .. } | Rule::Grade { .. } => None,
            }
        }
        CondKind::Compare { left, op, right } => {
            let (number, op, at) = match (&left.kind, &right.kind) {
                (_, NumberKind::Const(at)) => (&**left, *op, *at),
                (NumberKind::Const(at), _) => (&**right, op.turned(), *at),
                _ => return None,
            };
            let (least, most) = prover.encoder.bounds(number)?;
            let beyond = !can_be(op, at, (least, most));
            beyond.then(|| help(prover.program, number, (least, most), &condition.text))
        }
        _ => None,
    }
}

fn can_be(op: CompareOp, at: Decimal, (least, most): (Decimal, Decimal)) -> bool {
    match op {
        CompareOp::Less => least < at,
        CompareOp::LessEqual => least <= at,
        CompareOp::Equal => least <= at && at <= most,
        CompareOp::NotEqual => least != at || most != at,
        CompareOp::GreaterEqual => at <= most,
        CompareOp::Greater => at < most,
    }
}

fn help(
    program: &Program,
    number: &Number,
    (least, most): (Decimal, Decimal),
    wanted: &str,
) -> String {
    let unit = unit(program, number);
    let (least, most) = (least.normalize(), most.normalize());
    format!(
        "「{}」は{least}〜{most}{unit}なので、「{wanted}」は成り立ちません。比べる値か、点数や計算の決め方を確かめてください",
        number.text
    )
}

/// What the author wrote, or points.
fn unit<'p>(program: &'p Program, number: &Number) -> &'p str {
    let definition = match &number.kind {
        NumberKind::Definition(id) => program.definitions.get(usize::from(id.0)),
        _ => None,
    };
    match definition.map_or("", unit_of_value) {
        "" if counts_points(program, number) => "点",
        unit => unit,
    }
}

//! Ranges compared: something is certain where it is so for every value in them.

use super::{Logic, Range};
use kohyo_engine::program::{CompareOp, CountOp};

/// Two numbers or days compared.
pub(super) fn compare<L: Logic>(left: &Range, op: CompareOp, right: &Range) -> L::Truth {
    if L::is_anything(left) || L::is_anything(right) {
        return L::unknown();
    }
    match op {
        CompareOp::Less => less::<L>(left, right),
        CompareOp::LessEqual => less_equal::<L>(left, right),
        CompareOp::Equal => equal::<L>(left, right),
        CompareOp::NotEqual => L::not(&equal::<L>(left, right)),
        CompareOp::GreaterEqual => less_equal::<L>(right, left),
        CompareOp::Greater => less::<L>(right, left),
    }
}

fn less<L: Logic>(left: &Range, right: &Range) -> L::Truth {
    plainly::<L>(left, CompareOp::Less, right).unwrap_or_else(|| {
        L::decided(
            &[L::comparison(&left.high, CompareOp::Less, &right.low)],
            &[L::comparison(
                &left.low,
                CompareOp::GreaterEqual,
                &right.high,
            )],
        )
    })
}

fn less_equal<L: Logic>(left: &Range, right: &Range) -> L::Truth {
    plainly::<L>(left, CompareOp::LessEqual, right).unwrap_or_else(|| {
        L::decided(
            &[L::comparison(&left.high, CompareOp::LessEqual, &right.low)],
            &[L::comparison(&left.low, CompareOp::Greater, &right.high)],
        )
    })
}

fn equal<L: Logic>(left: &Range, right: &Range) -> L::Truth {
    plainly::<L>(left, CompareOp::Equal, right).unwrap_or_else(|| {
        let one_value = [left, right].into_iter().filter_map(L::is_one_value);
        let same = L::comparison(&left.low, CompareOp::Equal, &right.low);
        L::decided(
            &one_value.chain([same]).collect::<Vec<_>>(),
            &[
                L::comparison(&left.high, CompareOp::Less, &right.low),
                L::comparison(&right.high, CompareOp::Less, &left.low),
            ],
        )
    })
}

fn plainly<L: Logic>(left: &Range, op: CompareOp, right: &Range) -> Option<L::Truth> {
    let points = left.is_point() && right.is_point();
    points
        .then(|| L::compare_points(&left.low, op, &right.low))
        .flatten()
}

/// How many there are, compared with a number.
pub(super) fn compare_count<L: Logic>(count: &Range, op: CountOp, n: u32) -> L::Truth {
    let n = n.to_string();
    let low = |op| L::comparison(&count.low, op, &n);
    let high = |op| L::comparison(&count.high, op, &n);
    match op {
        CountOp::AtLeast => L::decided(&[low(CompareOp::GreaterEqual)], &[high(CompareOp::Less)]),
        CountOp::AtMost => L::decided(&[high(CompareOp::LessEqual)], &[low(CompareOp::Greater)]),
        CountOp::Exactly => L::decided(
            &[low(CompareOp::Equal), high(CompareOp::Equal)],
            &[low(CompareOp::Greater), high(CompareOp::Less)],
        ),
    }
}

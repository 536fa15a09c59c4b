//! Walking over expressions.

use kohyo_dsl::ast::{Expr, ExprKind};

/// Calls `each` for `expr` and everything in it, outermost first.
pub(crate) fn walk<'a>(expr: &'a Expr, each: &mut impl FnMut(&'a Expr)) {
    each(expr);
    for part in parts(expr) {
        walk(part, each);
    }
}

/// The expressions directly inside `expr`.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Ref(_)
        | ExprKind::Number(_)
        | ExprKind::Date(_)
        | ExprKind::Text(_)
        | ExprKind::Bool(_)
        | ExprKind::Today
        | ExprKind::Application(_)
        | ExprKind::Differs { .. } => Vec::new(),
        ExprKind::Not(x) | ExprKind::Negative(x) | ExprKind::Labelled(_, x) => vec![x],
        ExprKind::And(xs) | ExprKind::Or(xs) | ExprKind::Block { members: xs, .. } => {
            xs.iter().collect()
        }
        ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        ExprKind::Unless(a, b) => vec![a, b],
        ExprKind::Points { amount, when } => vec![amount, when],
        ExprKind::Compare { left, right, .. } | ExprKind::Arithmetic { left, right, .. } => {
            vec![left, right]
        }
        ExprKind::InRange { subject, .. }
        | ExprKind::Is { subject, .. }
        | ExprKind::Answered { subject, .. }
        | ExprKind::Includes { subject, .. } => vec![subject],
        ExprKind::If {
            condition,
            then,
            otherwise,
        } => vec![condition, then, otherwise],
        ExprKind::FirstMatch { arms, otherwise } => arms
            .iter()
            .flat_map(|(result, when)| [result, when])
            .chain(otherwise.as_deref())
            .collect(),
        ExprKind::Age { at } => vec![at],
        ExprKind::Elapsed { from, to, .. } => vec![from, to],
        ExprKind::TreatUnknown { condition, .. } => vec![condition],
        ExprKind::IfShown { expr, otherwise } => vec![expr, otherwise],
    }
}

//! Walking over expressions.

use kohyo_dsl::ast::{Expr, ExprKind};

use crate::world::{Entity, RuleKind, Site, World};

/// The expressions of a rule. The results of a grade's arms are outcomes, not names to look up.
pub(crate) fn rule_expressions<'a>(kind: RuleKind<'a>) -> Vec<&'a Expr> {
    match kind {
        RuleKind::Criterion(x) | RuleKind::Score(x) | RuleKind::Value(x, _) => vec![&x.rule],
        RuleKind::Grade(x, _) => match &x.rule.kind {
            ExprKind::Bands { subject, .. } => vec![subject],
            ExprKind::FirstMatch { arms, .. } => arms.iter().map(|(_, when)| when).collect(),
            _ => vec![&x.rule],
        },
        RuleKind::Threshold(_) => Vec::new(),
        RuleKind::Table(table) => {
            let heads = table.rows.iter().map(|(head, _)| head);
            table.columns.iter().chain(heads).collect()
        }
        RuleKind::Lent(lent) => lent.judgement.categories.iter().map(|c| &c.when).collect(),
    }
}

/// Calls `each` for `expr` and everything in it, outermost first, with where names are looked up
/// there. The block of `any of drugs { … }` is met once, in the first row there is.
pub(crate) fn walk<'a>(
    world: &World<'a>,
    site: Site<'a>,
    expr: &'a Expr,
    each: &mut impl FnMut(Site<'a>, &'a Expr),
) {
    each(site, expr);
    let inside = match &expr.kind {
        ExprKind::Each { of, named, .. } => match world.resolve(site, of) {
            Ok(Entity::Repeat(repeat)) => world
                .turns(site, repeat)
                .next()
                .and_then(|turn| site.inside(turn, named.as_ref())),
            _ => None,
        },
        _ => None,
    };
    for part in parts(expr) {
        walk(world, inside.unwrap_or(site), part, each);
    }
}

/// The expressions directly inside `expr`.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Ref(_)
        | ExprKind::Number(_)
        | ExprKind::Length(_)
        | ExprKind::Date(_)
        | ExprKind::Text(_)
        | ExprKind::Bool(_)
        | ExprKind::Today
        | ExprKind::Application(_)
        | ExprKind::BetterSide { .. }
        | ExprKind::Differs { .. } => Vec::new(),
        ExprKind::Each { body, .. } => vec![body],
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
        // The condition of a band is about the subject, which is visited once.
        ExprKind::Bands { subject, bands } => std::iter::once(&**subject)
            .chain(bands.iter().map(|band| &band.gives))
            .collect(),
        ExprKind::Cells { columns, rows } => {
            let rows = rows.iter();
            let rows = rows.flat_map(|(head, cells)| std::iter::once(head).chain(cells));
            columns.iter().chain(rows).collect()
        }
        ExprKind::Domains(domains) => domains.iter().flat_map(|d| &d.members).collect(),
        ExprKind::Within { subject, of, .. } => vec![subject, of],
        ExprKind::Age { at, .. } => vec![at],
        ExprKind::Calendar { of, .. } => vec![of],
        ExprKind::Elapsed { from, to, .. } => vec![from, to],
        ExprKind::TreatUnknown { condition, .. } => vec![condition],
        ExprKind::IfShown { expr, otherwise } => vec![expr, otherwise],
    }
}

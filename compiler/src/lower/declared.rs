//! Which values of bands a declared gap or overlap is about: in a rule with bands of one number in
//! each arm, those of the arms that have it.

use super::bands::{Banded, is_shared};
use super::interval::Interval;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::facts::{Fact, contradict, facts_of, implies, opposite};
use crate::visit::parts;
use kohyo_dsl::ast::{ExceptionKind, Expr, ExprKind, Quantifier};

/// How what is declared is about these bands.
enum Meant {
    /// Of these values.
    Of(Interval),
    /// It is about other bands of the rule.
    NotThese,
    /// It cannot be read off the text.
    Unreadable,
}

impl<'a> Ctx<'_, 'a> {
    /// The values that declared gaps or overlaps of these bands are about.
    pub(super) fn declared_intervals(
        &mut self,
        at: &At<'a>,
        block: &Banded<'_, 'a>,
        kind: ExceptionKind,
    ) -> Vec<Interval> {
        let file = self.file(at);
        let mut found = Vec::new();
        for when in self.declared(at, block.expr, kind) {
            for alternative in alternatives(when) {
                match self.meant(at, alternative, block, kind) {
                    Meant::Of(interval) => found.push(Interval {
                        declared: true,
                        ..interval
                    }),
                    Meant::NotThese => {}
                    Meant::Unreadable => {
                        let subject = self.written(at, block.subject);
                        let finding = d::exception_of_bands(file, when.span, &subject, kind);
                        if !self.diagnostics.contains(&finding) {
                            self.diagnostics.push(finding);
                        }
                    }
                }
            }
        }
        found
    }

    fn meant(
        &self,
        at: &At<'a>,
        when: &'a Expr,
        block: &Banded<'_, 'a>,
        kind: ExceptionKind,
    ) -> Meant {
        // It may be about other bands of the same rule.
        if self.is_part(block.expr) && !self.is_about(at, when, block.subject) {
            return Meant::NotThese;
        }
        let (own, beside): (Vec<&'a Expr>, Vec<&'a Expr>) = conjuncts(when)
            .into_iter()
            .partition(|part| self.is_about(at, part, block.subject));
        let around = self.around(at, block.expr);
        if beside.iter().any(|part| self.excludes(at, &around, part)) {
            return Meant::NotThese;
        }
        let intervals = own
            .iter()
            .map(|part| self.interval(&block.scale, part, when.span));
        let intervals: Option<Vec<Interval>> = intervals.collect();
        let whole = intervals.and_then(|all| all.into_iter().reduce(Interval::and));
        let Some(interval) = whole.filter(|whole| !whole.is_empty()) else {
            return Meant::Unreadable;
        };
        let here = self.intervals(block);
        let is_here = here.is_none_or(|bands| is_there(&bands, interval, block, kind));
        if !is_here && self.is_in_other_bands(at, (interval, &beside), block, kind) {
            return Meant::NotThese;
        }
        if beside.iter().all(|part| self.assures(at, &around, part)) {
            Meant::Of(interval)
        } else {
            Meant::Unreadable
        }
    }

    /// Whether a condition cannot hold in an arm.
    fn excludes(&self, at: &At<'a>, around: &Around<'a>, condition: &'a Expr) -> bool {
        let facts = facts_of(self.world, at.site, condition);
        contradicted(&facts, &around.facts)
            || self
                .ranges(at, around, condition)
                .is_some_and(|(arm, wanted)| arm.and(wanted).is_empty())
    }

    /// Whether a condition always holds in an arm.
    fn assures(&self, at: &At<'a>, around: &Around<'a>, condition: &'a Expr) -> bool {
        let facts = facts_of(self.world, at.site, condition);
        facts.iter().all(|fact| implies(&around.facts, fact))
            || self
                .ranges(at, around, condition)
                .is_some_and(|(arm, wanted)| wanted.contains(arm))
    }

    /// Of the number that a condition compares, the values in an arm and those that it allows. Nothing if
    /// either cannot be read off the text.
    fn ranges(
        &self,
        at: &At<'a>,
        around: &Around<'a>,
        condition: &'a Expr,
    ) -> Option<(Interval, Interval)> {
        let subject = compared(condition)?;
        let name = self.written(at, subject);
        let same = |of: &&(&'a Expr, bool)| {
            compared(of.0).is_some_and(|other| self.written(at, other) == name)
        };
        let arm: Vec<(&'a Expr, bool)> = around.compared.iter().filter(same).copied().collect();
        let heads = arm.iter().map(|(head, _)| *head).chain([condition]);
        let scale = self.scale(at, subject, None, heads);
        let extent = scale.extent(self.extent(at, subject));
        let wanted = self.interval(&scale, condition, condition.span)?;
        let mut whole = Interval::whole(condition.span);
        for (head, holds) in arm {
            let interval = self.interval(&scale, head, head.span)?;
            let side = if holds {
                Some(interval)
            } else {
                interval.others()
            };
            whole = side.map_or(whole, |side| whole.and(side));
        }
        Some((whole.fitted(extent), wanted.fitted(extent)))
    }

    /// Whether other bands of the same number in the rule, where these conditions may hold, have what
    /// is declared.
    fn is_in_other_bands(
        &self,
        at: &At<'a>,
        (interval, beside): (Interval, &[&'a Expr]),
        block: &Banded<'_, 'a>,
        kind: ExceptionKind,
    ) -> bool {
        let Some(rule) = self.rule_of(block.expr) else {
            return false;
        };
        let subject = self.written(at, block.subject);
        let mut waiting = vec![rule];
        while let Some(expr) = waiting.pop() {
            waiting.extend(parts(expr));
            if let ExprKind::Bands {
                subject: own,
                bands,
            } = &expr.kind
                && !std::ptr::eq(expr, block.expr)
                && self.written(at, own) == subject
            {
                let around = self.around(at, expr);
                if beside.iter().any(|part| self.excludes(at, &around, part)) {
                    continue;
                }
                let bands = bands.iter();
                let intervals =
                    bands.map(|band| self.interval(&block.scale, &band.when, band.span));
                let intervals: Option<Vec<Interval>> = intervals.collect();
                if intervals.is_some_and(|bands| is_there(&bands, interval, block, kind)) {
                    return true;
                }
            }
        }
        false
    }

    /// What the conditions of the arms in which these bands stand say.
    fn around(&self, at: &At<'a>, bands: &Expr) -> Around<'a> {
        let mut around = Around::default();
        if let Some(rule) = self.rule_of(bands) {
            self.arms_to(at, rule, bands, &mut around);
        }
        around
    }

    /// Whether the bands stand in `expr`, with what the arms on the way say.
    fn arms_to(&self, at: &At<'a>, expr: &'a Expr, bands: &Expr, around: &mut Around<'a>) -> bool {
        if std::ptr::eq(expr, bands) {
            return true;
        }
        let known = |around: &mut Around<'a>, when: &'a Expr| {
            around.facts.extend(facts_of(self.world, at.site, when));
            let parts = conjuncts(when).into_iter().map(|part| (part, true));
            around.compared.extend(parts);
        };
        let other = |around: &mut Around<'a>, when: &'a Expr| {
            around.facts.extend(opposite(self.world, at.site, when));
            around.compared.push((when, false));
        };
        match &expr.kind {
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                if self.arms_to(at, then, bands, around) {
                    known(around, condition);
                    return true;
                }
                let found = self.arms_to(at, otherwise, bands, around);
                if found {
                    other(around, condition);
                }
                found
            }
            ExprKind::FirstMatch { arms, otherwise } => {
                let results = arms.iter().map(|(result, when)| (result, Some(when)));
                let last = otherwise.iter().map(|result| (&**result, None));
                for (position, (result, when)) in results.chain(last).enumerate() {
                    if self.arms_to(at, result, bands, around) {
                        when.into_iter().for_each(|when| known(around, when));
                        let before = arms.iter().take(position);
                        before.for_each(|(_, when)| other(around, when));
                        return true;
                    }
                }
                false
            }
            _ => parts(expr)
                .into_iter()
                .any(|part| self.arms_to(at, part, bands, around)),
        }
    }

    /// Whether `when` compares this number.
    pub(super) fn is_about(&self, at: &At<'a>, when: &Expr, subject: &Expr) -> bool {
        match &when.kind {
            ExprKind::Compare { left: about, .. } | ExprKind::InRange { subject: about, .. } => {
                self.written(at, about) == self.written(at, subject)
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                parts.iter().any(|part| self.is_about(at, part, subject))
            }
            ExprKind::IfShown { .. } | ExprKind::Each { .. }
                if !std::ptr::eq(shown(when), when) =>
            {
                self.is_about(at, shown(when), subject)
            }
            _ => false,
        }
    }
}

/// What is known in the arms around bands.
#[derive(Default)]
struct Around<'a> {
    facts: Vec<Fact<'a>>,
    /// Conditions that hold there, and such that do not.
    compared: Vec<(&'a Expr, bool)>,
}

/// What a comparison or range is about.
fn compared(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Compare { left: subject, .. } | ExprKind::InRange { subject, .. } => {
            Some(subject)
        }
        _ => None,
    }
}

/// Whether one of these facts cannot hold where the others do.
fn contradicted(facts: &[Fact<'_>], known: &[Fact<'_>]) -> bool {
    facts
        .iter()
        .any(|fact| known.iter().any(|known| contradict(known, fact)))
}

/// Whether a gap, or an overlap, of these values is there among bands.
fn is_there(
    bands: &[Interval],
    declared: Interval,
    block: &Banded<'_, '_>,
    kind: ExceptionKind,
) -> bool {
    match kind {
        ExceptionKind::Gap => bands.iter().all(|band| {
            let both = band.and(declared);
            both.is_empty() || !both.lies_in(block.extent)
        }),
        ExceptionKind::Overlap => is_shared(bands, declared, block.extent),
    }
}

/// `A or B` as A and B. Who does not show what is asked of it has no value in bands anyway.
fn alternatives(when: &Expr) -> Vec<&Expr> {
    match &shown(when).kind {
        ExprKind::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![shown(when)],
    }
}

/// `A and B` as A and B.
fn conjuncts(when: &Expr) -> Vec<&Expr> {
    match &shown(when).kind {
        ExprKind::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        _ => vec![shown(when)],
    }
}

/// `A if shown else no` as A, and so `any of relatives { A }`: bands inside of rows are about each of
/// them, and whoever has one is meant.
fn shown(when: &Expr) -> &Expr {
    match &when.kind {
        ExprKind::IfShown { expr, otherwise } if otherwise.kind == ExprKind::Bool(false) => {
            shown(expr)
        }
        ExprKind::Each {
            quantifier: Quantifier::Any,
            named: None,
            body,
            ..
        } => shown(body),
        _ => when,
    }
}

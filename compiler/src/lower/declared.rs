//! Which values of bands a declared gap or overlap is about: in a rule with bands of one number in
//! each arm, those of the arms that have it.

use super::bands::{Banded, is_shared};
use super::interval::Interval;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::facts::{Fact, contradict, facts_of, implies, opposite};
use crate::visit::parts;
use kohyo_dsl::ast::{ExceptionKind, Expr, ExprKind};

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
        let beside: Vec<Fact<'a>> = beside
            .into_iter()
            .flat_map(|part| facts_of(self.world, at.site, part))
            .collect();
        if contradicted(&beside, &around) {
            return Meant::NotThese;
        }
        if !beside.iter().all(|fact| implies(&around, fact)) {
            return Meant::Unreadable;
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
        if is_here || !self.is_in_other_bands(at, (interval, &beside), block, kind) {
            Meant::Of(interval)
        } else {
            Meant::NotThese
        }
    }

    /// Whether other bands of the same number in the rule, of which these facts may hold, have what
    /// is declared.
    fn is_in_other_bands(
        &self,
        at: &At<'a>,
        (interval, beside): (Interval, &[Fact<'a>]),
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
                && !contradicted(beside, &self.around(at, expr))
            {
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
    fn around(&self, at: &At<'a>, bands: &Expr) -> Vec<Fact<'a>> {
        let mut facts = Vec::new();
        if let Some(rule) = self.rule_of(bands) {
            self.arms_to(at, rule, bands, &mut facts);
        }
        facts
    }

    /// Whether the bands stand in `expr`, with the facts of the arms on the way.
    fn arms_to(
        &self,
        at: &At<'a>,
        expr: &'a Expr,
        bands: &Expr,
        facts: &mut Vec<Fact<'a>>,
    ) -> bool {
        if std::ptr::eq(expr, bands) {
            return true;
        }
        let known = |when| facts_of(self.world, at.site, when);
        let other = |when| opposite(self.world, at.site, when);
        match &expr.kind {
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                if self.arms_to(at, then, bands, facts) {
                    facts.extend(known(condition));
                    return true;
                }
                let found = self.arms_to(at, otherwise, bands, facts);
                facts.extend(other(condition).filter(|_| found));
                found
            }
            ExprKind::FirstMatch { arms, otherwise } => {
                let results = arms.iter().map(|(result, when)| (result, Some(when)));
                let last = otherwise.iter().map(|result| (&**result, None));
                for (position, (result, when)) in results.chain(last).enumerate() {
                    if self.arms_to(at, result, bands, facts) {
                        facts.extend(when.into_iter().flat_map(known));
                        let before = arms.iter().take(position);
                        facts.extend(before.filter_map(|(_, when)| other(when)));
                        return true;
                    }
                }
                false
            }
            _ => parts(expr)
                .into_iter()
                .any(|part| self.arms_to(at, part, bands, facts)),
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
            _ => false,
        }
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

/// `A or B` as A and B.
fn alternatives(when: &Expr) -> Vec<&Expr> {
    match &when.kind {
        ExprKind::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![when],
    }
}

/// `A and B` as A and B.
fn conjuncts(when: &Expr) -> Vec<&Expr> {
    match &when.kind {
        ExprKind::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        _ => vec![when],
    }
}

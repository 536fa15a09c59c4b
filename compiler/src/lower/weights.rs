//! Points given for ranges of one number, `2 when temp in 32.0..33.9 ℃`.
//!
//! Nothing says that such lines are the rows of one table. But where two of them share just one
//! value, it is counted twice, and a single value between two of them counts nothing, or a calculated
//! 1.95 between 1.9 and 2.0: so published tables are copied wrongly, or are wrong themselves. Lines that lie within each other add up on
//! purpose (`1 when x >= 1; 1 when x >= 2`), and a wide space between two is the normal range.

use super::extent::Extent;
use super::interval::{Interval, between, is_narrow};
use super::unit::unit_reading;
use super::{At, Ctx, Doubted};
use crate::diagnostics as d;
use crate::reading;
use crate::world::{Entity, RuleKind};
use kohyo_dsl::ast::{Expr, ExprKind, Quantifier, TypeKind};
use kohyo_engine::Decimal;
use kohyo_engine::program::{Cond, Number, NumberKind, Part};

/// Which of the points count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// All of them.
    All,
    /// The highest.
    Highest,
}

/// Rules are opened at most so deep.
const DEPTH: u32 = 16;

/// The lines about one number.
struct Group<'m, 'a> {
    number: &'m Number,
    subject: &'a Expr,
    lines: Vec<Line<'m, 'a>>,
}

struct Line<'m, 'a> {
    when: &'a Expr,
    amount: &'m Number,
    ranges: Vec<Interval>,
}

impl<'a> Ctx<'_, 'a> {
    /// Reports values that two lines count, and single values between two lines.
    pub(super) fn check_weights(
        &mut self,
        at: &At<'a>,
        members: &'a [Expr],
        lowered: &[Number],
        counting: Counting,
    ) {
        if members.len() != lowered.len() {
            return;
        }
        let mut groups: Vec<Group<'_, 'a>> = Vec::new();
        let mut others = Vec::new();
        for (member, number) in members.iter().zip(lowered) {
            let Some((number, subject, line)) = line(member, number) else {
                others.push(number);
                continue;
            };
            match groups.iter_mut().find(|g| g.number.kind == number.kind) {
                Some(group) => group.lines.push(line),
                None => groups.push(Group {
                    number,
                    subject,
                    lines: vec![line],
                }),
            }
        }
        for group in groups.iter_mut().filter(|group| group.lines.len() > 1) {
            let mut extent = self.extent(at, group.subject);
            if !self.has_every_step(at, group.subject, DEPTH) {
                extent.step = None;
            }
            for line in &mut group.lines {
                let ranges = line.ranges.iter().map(|range| range.fitted(extent));
                line.ranges = ranges.filter(|range| !range.is_empty()).collect();
            }
            if counting == Counting::All {
                self.shared_points(at, group, extent);
            }
            // Another line may be about the value as well, in other words.
            if !others.iter().any(|other| reads(other, group.number)) {
                self.lone_points(at, group, extent);
            }
        }
    }

    /// Values at which two lines meet.
    fn shared_points(&mut self, at: &At<'a>, group: &Group<'_, 'a>, extent: Extent) {
        for (index, second) in group.lines.iter().enumerate() {
            for first in group.lines.iter().take(index) {
                let shared = pairs(&first.ranges, &second.ranges)
                    .filter(|(one, two)| !one.contains(*two) && !two.contains(*one))
                    .map(|(one, two)| one.and(two))
                    .find_map(|both| Some((both.point()?, both)));
                let Some((value, both)) = shared else {
                    continue;
                };
                let value = self.said(at, group.subject, extent, value);
                let (one, two) = (&first.amount.text, &second.amount.text);
                let finding = d::counted_twice(
                    self.file(at),
                    (first.when.span, second.when.span),
                    (&group.number.text, &value),
                    (one, two),
                );
                let what = Doubted::TwoWeights(one.clone(), two.clone());
                self.doubt(finding, what, both.condition(group.number));
            }
        }
    }

    /// Single values between two lines, and gaps that are narrower than the digits of their ends.
    fn lone_points(&mut self, at: &At<'a>, group: &Group<'_, 'a>, extent: Extent) {
        let ranges = group.lines.iter().flat_map(|line| &line.ranges);
        let mut ranges: Vec<Interval> = ranges.copied().collect();
        ranges.sort_by_key(|range| range.low);
        let mut ranges = ranges.into_iter();
        let Some(mut reach) = ranges.next() else {
            return;
        };
        for next in ranges {
            let hole = reach.above().and(next.below());
            if let (Some(end), Some(start)) = (reach.high, next.low)
                && let Some(value) = hole.fitted(extent).point().or_else(|| {
                    let inside = between(end, start, extent.step);
                    inside.filter(|_| is_narrow(end.at, start.at))
                })
            {
                let said = |value| self.said(at, group.subject, extent, value);
                // Of several values the proofs may find another one than this.
                let place = match hole.fitted(extent).point() {
                    Some(_) => said(value),
                    None => format!("{}と{}の間", said(end.at), said(start.at)),
                };
                let finding = d::counted_not(
                    self.file(at),
                    (reach.span, next.span),
                    (&group.number.text, &place, &said(value)),
                );
                // Values that nobody has need no declaration.
                let hole = hole.fitted(extent);
                self.doubt(finding, Doubted::NoWeight, hole.condition(group.number));
            }
            if !reach.reaches(next) {
                reach = next;
            }
        }
    }

    /// A value with its unit.
    fn said(&self, at: &At<'a>, subject: &'a Expr, extent: Extent, value: Decimal) -> String {
        let age = matches!(subject.kind, ExprKind::Age { .. });
        let time = age || matches!(subject.kind, ExprKind::Elapsed { .. });
        let known = time || self.entity(at, subject).is_some();
        let unit = known.then(|| self.plain_unit(at, subject).name()).flatten();
        let unit = unit.as_deref().map(|unit| unit_reading(unit, age));
        reading::quantity(&extent.digits(value), unit)
    }

    /// Whether the number can be every multiple of its step: an item, a count, elapsed time. What
    /// is calculated may leave some out.
    fn has_every_step(&self, at: &At<'a>, subject: &'a Expr, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        match &subject.kind {
            ExprKind::Age { .. } | ExprKind::Elapsed { .. } => true,
            ExprKind::Block { quantifier, .. } | ExprKind::Includes { quantifier, .. } => {
                *quantifier == Quantifier::Count
            }
            ExprKind::Labelled(_, inner) => self.has_every_step(at, inner, depth),
            _ => match self.entity(at, subject) {
                Some(Entity::Field(field)) => matches!(
                    self.world.fields[field].ast.ty.kind,
                    TypeKind::Integer { .. } | TypeKind::Decimal { .. }
                ),
                Some(Entity::Rule(rule)) => {
                    let rule = &self.world.rules[rule];
                    let inside = At::new(rule.unit, at.place);
                    match rule.kind {
                        RuleKind::Value(x, _) | RuleKind::Score(x) => {
                            self.has_every_step(&inside, &x.rule, depth)
                        }
                        _ => false,
                    }
                }
                _ => false,
            },
        }
    }
}

/// A line that gives points for ranges of one number, and that number.
fn line<'m, 'a>(
    member: &'a Expr,
    number: &'m Number,
) -> Option<(&'m Number, &'a Expr, Line<'m, 'a>)> {
    let when = match &member.kind {
        ExprKind::Labelled(_, inner) => return line(inner, number),
        ExprKind::Points { when, .. } => when,
        _ => return None,
    };
    let NumberKind::When { amount, condition } = &number.kind else {
        return None;
    };
    let (about, ranges) = Interval::all_of(condition, when.span)?;
    let line = Line {
        when,
        amount,
        ranges,
    };
    Some((about, subject(when)?, line))
}

/// The number that a condition compares, as written.
fn subject(when: &Expr) -> Option<&Expr> {
    match &when.kind {
        ExprKind::InRange { subject, .. } => Some(subject),
        ExprKind::Compare { left, right, .. } => match left.kind {
            ExprKind::Number(_) | ExprKind::Negative(_) => Some(right),
            _ => Some(left),
        },
        ExprKind::Labelled(_, inner) | ExprKind::IfShown { expr: inner, .. } => subject(inner),
        ExprKind::Or(parts) | ExprKind::And(parts) | ExprKind::Block { members: parts, .. } => {
            subject(parts.first()?)
        }
        _ => None,
    }
}

fn pairs<'r>(
    first: &'r [Interval],
    second: &'r [Interval],
) -> impl Iterator<Item = (Interval, Interval)> + use<'r> {
    first
        .iter()
        .flat_map(|one| second.iter().map(|two| (*one, *two)))
}

/// Whether a number is read inside of another one.
fn reads(inside: &Number, number: &Number) -> bool {
    let mut found = inside.kind == number.kind;
    inside.each_part(|part| found |= part_reads(part, number));
    found
}

fn condition_reads(inside: &Cond, number: &Number) -> bool {
    let mut found = false;
    inside.each_part(|part| found |= part_reads(part, number));
    found
}

fn part_reads(part: Part<'_>, number: &Number) -> bool {
    match part {
        Part::Number(inner) => reads(inner, number),
        Part::Cond(inner) => condition_reads(inner, number),
        Part::Field(_) | Part::Definition(_) | Part::Judgement(_) | Part::Moment(_) => false,
    }
}

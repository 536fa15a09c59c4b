//! Whole years and months between two dates beside a constant: 5 years and 11 months are 5 years,
//! so that `<= 5 years` is another condition than 「5年以内」.
//!
//! Ages are left alone: 満年齢 is how the notices count them.

use super::unit::normal_unit;
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::world::{Entity, RuleKind};
use kohyo_dsl::ast::{self, ElapsedUnit, Expr, ExprKind, NumberLiteral, RangeEnds};
use kohyo_engine::program as p;
use kohyo_engine::program::{CompareOp, Cond, CondKind, Number, NumberKind};

/// Values are opened at most so deep.
const DEPTH: u32 = 16;

/// `years from A to B`, perhaps behind the name of a value.
#[derive(Clone, Copy)]
pub(super) struct Period<'a> {
    unit: ElapsedUnit,
    from: &'a Expr,
    to: &'a Expr,
    /// Its dates have the same names where it is compared.
    here: bool,
}

impl Period<'_> {
    /// How it is counted.
    fn word(&self) -> &'static str {
        match self.unit {
            ElapsedUnit::Years => "満年数",
            ElapsedUnit::Months | ElapsedUnit::Days => "満月数",
        }
    }

    /// The number as it is read where that matters.
    pub(super) fn told(&self, number: &Number) -> String {
        let word = match number.kind {
            NumberKind::Elapsed { unit, .. } => match unit {
                p::ElapsedUnit::Years => "満年数",
                p::ElapsedUnit::Months | p::ElapsedUnit::Days => "満月数",
            },
            _ => self.word(),
        };
        match number.text.strip_suffix(PERIOD) {
            Some(stem) => format!("{stem}{word}"),
            None => format!("{}（{word}）", number.text),
        }
    }

    /// Says in the reading of a condition about `number` that whole units are counted.
    pub(super) fn tell(&self, number: &Number, condition: &mut Cond) {
        if let Some(rest) = condition.text.strip_prefix(number.text.as_str()) {
            condition.text = format!("{}{rest}", self.told(number));
        }
        // Of the first of several days each is compared.
        if let CondKind::All(parts) | CondKind::Any(parts) = &mut condition.kind {
            for part in parts {
                if let CondKind::Compare { left, .. } = &part.kind {
                    let left = (**left).clone();
                    self.tell(&left, part);
                }
            }
        }
    }
}

/// How a period is read.
pub(super) const PERIOD: &str = "期間";

/// Whether a part of a unit beyond the constant makes a difference to what is said.
pub(super) fn passes_over(op: CompareOp) -> bool {
    matches!(op, CompareOp::LessEqual | CompareOp::Greater)
}

impl<'a> Ctx<'_, 'a> {
    /// The whole years or months between two dates that an expression counts; nothing for days and
    /// for ages.
    pub(super) fn period(&self, at: &At<'a>, expr: &'a Expr) -> Option<Period<'a>> {
        self.period_within(at, expr, DEPTH)
    }

    fn period_within(&self, at: &At<'a>, expr: &'a Expr, depth: u32) -> Option<Period<'a>> {
        let depth = depth.checked_sub(1)?;
        match &expr.kind {
            ExprKind::Elapsed {
                unit: unit @ (ElapsedUnit::Years | ElapsedUnit::Months),
                from,
                to,
            } => (!self.is_birth(at, from)).then_some(Period {
                unit: *unit,
                from,
                to,
                here: true,
            }),
            ExprKind::Labelled(_, inner) => self.period_within(at, inner, depth),
            ExprKind::Ref(_) => {
                let Some(Entity::Rule(rule)) = self.entity(at, expr) else {
                    return None;
                };
                let rule = &self.world.rules[rule];
                let RuleKind::Value(value, _) = rule.kind else {
                    return None;
                };
                let inside = At::new(rule.unit, at.place);
                let period = self.period_within(&inside, &value.rule, depth)?;
                Some(Period {
                    here: period.here && rule.unit == at.site.unit,
                    ..period
                })
            }
            _ => None,
        }
    }

    /// Reports such a period on either side of a comparison with a constant.
    pub(super) fn compare_periods(
        &mut self,
        at: &At<'a>,
        left: &'a Expr,
        op: CompareOp,
        right: &'a Expr,
    ) {
        for (subject, op, end) in [(left, op, right), (right, op.turned(), left)] {
            if passes_over(op)
                && let Some(period) = self.period(at, subject)
            {
                self.check_period(at, period, (subject, end), op);
            }
        }
    }

    fn is_birth(&self, at: &At<'a>, from: &Expr) -> bool {
        match self.entity(at, from) {
            Some(Entity::Field(field)) => Some(field) == self.world.birth_date(),
            _ => false,
        }
    }

    /// Reports `<= 5 years` and `> 5 years` of such a period.
    fn check_period(
        &mut self,
        at: &At<'a>,
        period: Period<'a>,
        expr: (&'a Expr, &'a Expr),
        op: CompareOp,
    ) {
        let (subject, end) = expr;
        let Some(count) = whole(end) else { return };
        let length = match &end.kind {
            ExprKind::Number(literal) => counted(count, &singular(literal)),
            _ => self.written(at, end),
        };
        let least = next(end, count);
        let said = self.written(at, subject);
        let dates = self.dates_of(at, period);
        let remedy = dates.map(|(from, to)| match (op, count) {
            (CompareOp::Greater, 0) => format!("{to} > {from}"),
            (CompareOp::Greater, _) => format!("{to} > {from} + {length}"),
            (_, 0) => format!("{to} <= {from}"),
            _ if matches!(period.to.kind, ExprKind::Today) => {
                format!("{from} within {length} before {to}")
            }
            _ => format!("{to} within {length} after {from}"),
        });
        let whole = match op {
            CompareOp::Greater => format!("{said} >= {least}"),
            _ => format!("{said} < {least}"),
        };
        let span = subject.span.to(end.span);
        let found = d::whole_period(
            self.file(at),
            span,
            (period.word(), &length),
            op == CompareOp::Greater,
            remedy.as_deref(),
            &whole,
        );
        self.diagnostics.push(found);
    }

    /// Reports the ends of a range of such periods of which that is true.
    pub(super) fn check_range(
        &mut self,
        at: &At<'a>,
        period: Period<'a>,
        (subject, low, high): (&'a Expr, &'a NumberLiteral, &'a NumberLiteral),
        ends: RangeEnds,
    ) {
        let count = |end: &NumberLiteral| end.digits.parse::<u32>().ok();
        let (Some(least), Some(most)) = (count(low), count(high)) else {
            return;
        };
        let unit = &singular(if high.unit.is_some() { high } else { low });
        let remedy = self.dates_of(at, period).map(|(from, to)| {
            let above = if ends.low { ">=" } else { ">" };
            let below = if ends.high { "<=" } else { "<" };
            let (least, most) = (counted(least, unit), counted(most, unit));
            format!("{to} {above} {from} + {least} and {to} {below} {from} + {most}")
        });
        let first = if ends.low {
            least
        } else {
            least.saturating_add(1)
        };
        let end = if ends.high {
            most.saturating_add(1)
        } else {
            most
        };
        let end = counted(end, unit);
        let whole = format!("{} in {first} ..< {end}", self.written(at, subject));
        let length = counted(if ends.high { most } else { least }, unit);
        let found = d::whole_period(
            self.file(at),
            low.span.to(high.span),
            (period.word(), &length),
            !ends.high,
            remedy.as_deref(),
            &whole,
        );
        self.diagnostics.push(found);
    }

    /// The dates as they are written, if the later one can be compared with the earlier one shifted.
    fn dates_of(&self, at: &At<'a>, period: Period<'a>) -> Option<(String, String)> {
        let shifted = |expr: &Expr| matches!(expr.kind, ExprKind::Arithmetic { .. });
        let plain = period.here && !shifted(period.from) && !shifted(period.to);
        plain.then(|| (self.written(at, period.from), self.written(at, period.to)))
    }
}

/// How many whole units a constant is; nothing if it is none.
fn whole(end: &Expr) -> Option<u32> {
    match &end.kind {
        ExprKind::Length(length) => Some(length.in_one_unit().0),
        ExprKind::Number(literal) => literal.digits.parse().ok(),
        _ => None,
    }
}

/// The first number of whole units beyond a constant, as it is written.
fn next(end: &Expr, count: u32) -> String {
    let unit = match &end.kind {
        ExprKind::Length(length) => match length.in_one_unit().1 {
            ast::TimeUnit::Years => "year".to_owned(),
            ast::TimeUnit::Months => "month".to_owned(),
            ast::TimeUnit::Weeks => "week".to_owned(),
            ast::TimeUnit::Days => "day".to_owned(),
        },
        ExprKind::Number(literal) => singular(literal),
        _ => String::new(),
    };
    counted(count.saturating_add(1), &unit)
}

/// The unit of time behind a number, 年 as well, as the language writes it of one: `year`.
fn singular(literal: &NumberLiteral) -> String {
    let unit = literal.unit.as_ref();
    let unit = unit.map_or_else(String::new, |unit| normal_unit(&unit.text));
    unit.trim_end_matches('s').to_owned()
}

/// `1 year`, `2 years`
fn counted(count: u32, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

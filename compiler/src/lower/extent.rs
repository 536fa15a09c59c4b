//! What values a number can have, as far as its rule says so plainly: for bands that leave gaps.

use super::{At, Ctx};
use crate::world::{Entity, RuleKind};
use kohyo_dsl::ast::{ArithmeticOp, Expr, ExprKind, NumberLiteral, Quantifier, TypeKind};
use kohyo_engine::Decimal;

/// Rules are opened at most so deep.
const DEPTH: u32 = 16;

/// From where to where a number can lie, and in which steps; nothing where that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) low: Option<Decimal>,
    pub(super) high: Option<Decimal>,
    /// Every value is a multiple of this power of ten.
    pub(super) step: Option<Decimal>,
}

impl Extent {
    fn point(value: Decimal) -> Self {
        Self {
            low: Some(value),
            high: Some(value),
            step: step(value.normalize().scale()),
        }
    }

    /// A value with the digits that the number has: 3.0 where it moves in steps of 0.1.
    pub(super) fn digits(self, value: Decimal) -> String {
        let value = value.normalize();
        let step = self.step.map_or(0, |step| step.normalize().scale());
        let fraction = usize::try_from(step.max(value.scale())).unwrap_or(0);
        format!("{value:.fraction$}")
    }

    /// Anything that one of two numbers can be.
    fn hull(self, other: Self) -> Self {
        self.with(other, Decimal::min, Decimal::max)
    }

    fn add(self, other: Self) -> Self {
        let sum = |a: Decimal, b: Decimal| a.checked_add(b);
        let ends = |a: Option<Decimal>, b: Option<Decimal>| sum(a?, b?);
        Self {
            low: ends(self.low, other.low),
            high: ends(self.high, other.high),
            step: self.finer(other),
        }
    }

    fn multiply(self, other: Self) -> Self {
        let corner = |a: Option<Decimal>, b: Option<Decimal>| a?.checked_mul(b?);
        let corners = [
            corner(self.low, other.low),
            corner(self.low, other.high),
            corner(self.high, other.low),
            corner(self.high, other.high),
        ];
        let corners: Option<Vec<Decimal>> = corners.into_iter().collect();
        let steps = corner(self.step, other.step);
        Self {
            low: corners.as_ref().and_then(|c| c.iter().min().copied()),
            high: corners.as_ref().and_then(|c| c.iter().max().copied()),
            step: steps,
        }
    }

    /// In another unit.
    pub(super) fn times(self, factor: Decimal) -> Self {
        self.multiply(Self::point(factor))
    }

    /// By a constant, as in `pga / 1 cm`.
    fn divide(self, by: Decimal) -> Self {
        let one = Decimal::ONE.checked_div(by);
        let exact = one.filter(|one| one.checked_mul(by) == Some(Decimal::ONE));
        exact.map_or(Self::default(), |one| self.multiply(Self::point(one)))
    }

    fn negative(self) -> Self {
        Self {
            low: self.high.map(|high| -high),
            high: self.low.map(|low| -low),
            step: self.step,
        }
    }

    fn with(
        self,
        other: Self,
        low: fn(Decimal, Decimal) -> Decimal,
        high: fn(Decimal, Decimal) -> Decimal,
    ) -> Self {
        let both = |a: Option<Decimal>, b: Option<Decimal>, f: fn(Decimal, Decimal) -> Decimal| {
            Some(f(a?, b?))
        };
        Self {
            low: both(self.low, other.low, low),
            high: both(self.high, other.high, high),
            step: self.finer(other),
        }
    }

    fn finer(self, other: Self) -> Option<Decimal> {
        Some(self.step?.min(other.step?))
    }
}

/// 1, 0.1, 0.01, …
fn step(scale: u32) -> Option<Decimal> {
    Decimal::try_new(1, scale).ok()
}

impl<'a> Ctx<'_, 'a> {
    /// What values `expr` can have.
    pub(super) fn extent(&self, at: &At<'a>, expr: &'a Expr) -> Extent {
        self.extent_within(at, expr, DEPTH)
    }

    fn extent_within(&self, at: &At<'a>, expr: &'a Expr, depth: u32) -> Extent {
        let Some(depth) = depth.checked_sub(1) else {
            return Extent::default();
        };
        let of = |expr: &'a Expr| self.extent_within(at, expr, depth);
        let whole = Extent {
            step: step(0),
            ..Extent::default()
        };
        match &expr.kind {
            ExprKind::Number(literal) => value(literal).map_or(Extent::default(), Extent::point),
            ExprKind::Labelled(_, inner) => of(inner),
            ExprKind::Negative(inner) => of(inner).negative(),
            ExprKind::Age { .. } | ExprKind::Elapsed { .. } => whole,
            ExprKind::Ref(path) => match self.world.resolve(at.site, path) {
                Ok(Entity::Field(field)) => self.field_extent(field),
                Ok(Entity::Rule(rule)) => {
                    let rule = &self.world.rules[rule];
                    let inside = At::new(rule.unit, at.place);
                    match rule.kind {
                        RuleKind::Value(x, Some(ty)) => {
                            let inner = self.extent_within(&inside, &x.rule, depth);
                            rounded(inner, &ty.kind)
                        }
                        RuleKind::Value(x, None) | RuleKind::Score(x) => {
                            self.extent_within(&inside, &x.rule, depth)
                        }
                        _ => Extent::default(),
                    }
                }
                _ => Extent::default(),
            },
            ExprKind::Points { amount, .. } => of(amount).hull(Extent::point(Decimal::ZERO)),
            ExprKind::Block {
                quantifier,
                members,
            } => {
                let all = || members.iter().map(of);
                match quantifier {
                    Quantifier::Count => Extent {
                        low: Some(Decimal::ZERO),
                        high: Some(Decimal::from(members.len())),
                        ..whole
                    },
                    Quantifier::Sum => all().reduce(Extent::add).unwrap_or_default(),
                    Quantifier::Max => all()
                        .reduce(|a, b| a.with(b, Decimal::max, Decimal::max))
                        .unwrap_or_default(),
                    Quantifier::Min => all()
                        .reduce(|a, b| a.with(b, Decimal::min, Decimal::min))
                        .unwrap_or_default(),
                    _ => Extent::default(),
                }
            }
            ExprKind::Length(length) => Extent::point(length.in_one_unit().0.into()),
            ExprKind::Cells { rows, .. } => rows
                .iter()
                .flat_map(|(_, cells)| cells)
                .map(of)
                .reduce(Extent::hull)
                .unwrap_or_default(),
            ExprKind::Includes {
                quantifier: Quantifier::Count,
                options,
                ..
            } => Extent {
                low: Some(Decimal::ZERO),
                high: Some(Decimal::from(options.len())),
                ..whole
            },
            ExprKind::Domains(domains) => domains
                .iter()
                .filter_map(|domain| {
                    let weights = domain.members.iter().map(of);
                    weights.reduce(|a, b| a.with(b, Decimal::max, Decimal::max))
                })
                .reduce(Extent::add)
                .unwrap_or_default(),
            ExprKind::Bands { bands, .. } => bands
                .iter()
                .map(|band| of(&band.gives))
                .reduce(Extent::hull)
                .unwrap_or_default(),
            ExprKind::If {
                then, otherwise, ..
            } => of(then).hull(of(otherwise)),
            ExprKind::FirstMatch { arms, otherwise } => arms
                .iter()
                .map(|(result, _)| of(result))
                .chain(otherwise.as_deref().map(of))
                .reduce(Extent::hull)
                .unwrap_or_default(),
            ExprKind::Arithmetic { left, op, right } => match op {
                ArithmeticOp::Add => of(left).add(of(right)),
                ArithmeticOp::Subtract => of(left).add(of(right).negative()),
                ArithmeticOp::Multiply => of(left).multiply(of(right)),
                ArithmeticOp::Divide => match of(right) {
                    Extent {
                        low: Some(by),
                        high: Some(same),
                        ..
                    } if by == same => of(left).divide(by),
                    _ => Extent::default(),
                },
            },
            ExprKind::Each { .. } => self.each_extent(at, expr, depth),
            ExprKind::IfShown { expr, otherwise } => of(expr).hull(of(otherwise)),
            ExprKind::Call {
                function,
                arguments,
            } => match (function.text.as_str(), arguments.as_slice()) {
                ("floor" | "ceiling", _) => whole,
                ("round", [_, digits]) => Extent {
                    step: of(digits)
                        .low
                        .and_then(|digits| step(u32::try_from(digits).ok()?)),
                    ..Extent::default()
                },
                _ => Extent::default(),
            },
            _ => Extent::default(),
        }
    }

    /// `sum of drugs { dose }`: what one row gives, as often as there can be rows.
    fn each_extent(&self, at: &At<'a>, expr: &'a Expr, depth: u32) -> Extent {
        let Some((quantifier, rows, body)) = self.rows_of(at, expr) else {
            return Extent::default();
        };
        let (one, zero) = (
            self.extent_within(&body.0, body.1, depth),
            Extent::point(Decimal::ZERO),
        );
        match quantifier {
            Quantifier::Count => Extent {
                high: Some(Decimal::from(rows)),
                ..zero
            },
            Quantifier::Sum => (0..rows).fold(zero, |sum, _| sum.add(one.hull(zero))),
            Quantifier::Max | Quantifier::Min => one,
            _ => Extent::default(),
        }
    }

    fn field_extent(&self, field: crate::arena::Id<crate::world::Field<'a>>) -> Extent {
        let field = &self.world.fields[field];
        let ends = |range: &Option<(NumberLiteral, NumberLiteral)>| {
            let (low, high) = range.as_ref()?;
            Some((value(low)?, value(high)?))
        };
        let (range, scale) = match &field.ast.ty.kind {
            TypeKind::Integer { range, .. } => (ends(range), 0),
            TypeKind::Decimal {
                range, fraction, ..
            } => (ends(range), u32::from(*fraction)),
            TypeKind::Choice(_) | TypeKind::Named(_) => {
                let codes = field.table.map_or(&[][..], |t| self.world.tables[t].codes);
                return codes
                    .iter()
                    .filter(|code| !code.unknown)
                    .map(|code| value(code.points.as_ref()?).map(Extent::point))
                    .reduce(|a, b| Some(a?.hull(b?)))
                    .flatten()
                    .unwrap_or_default();
            }
            _ => return Extent::default(),
        };
        Extent {
            low: range.map(|(low, _)| low),
            high: range.map(|(_, high)| high),
            step: step(scale),
        }
    }
}

fn value(literal: &NumberLiteral) -> Option<Decimal> {
    Decimal::from_str_exact(&literal.digits).ok()
}

/// A value of this type: rounded to its digits.
fn rounded(extent: Extent, kind: &TypeKind) -> Extent {
    let scale = match kind {
        TypeKind::Integer { .. } => 0,
        TypeKind::Decimal { fraction, .. } => u32::from(*fraction),
        _ => return extent,
    };
    let round = |n: Decimal| {
        n.round_dp_with_strategy(scale, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
    };
    Extent {
        low: extent.low.map(round),
        high: extent.high.map(round),
        step: step(scale),
    }
}

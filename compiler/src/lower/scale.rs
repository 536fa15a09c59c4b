//! Bands in another unit than that of their number, 100 µmol/L of a creatinine in mg/dL: gaps and
//! overlaps are looked for among the values as they are written.

use super::convert::Rate;
use super::extent::Extent;
use super::number::typed;
use super::unit::Unit;
use super::{At, Ctx};
use kohyo_dsl::ast::{self, Expr, ExprKind};
use kohyo_engine::Decimal;
use kohyo_engine::program::{Number, NumberKind};

/// How what is written in bands compares with the number that they are about.
pub(super) struct Scale {
    /// The unit of the number.
    own: Unit,
    /// The other unit, as it is written, and how it is converted.
    other: Option<(ast::Text, Rate)>,
}

impl Scale {
    /// The number as it is compared.
    pub(super) fn number(&self, number: &Number) -> Number {
        match &self.other {
            Some((_, rate)) => rate.multiplied(number),
            None => number.clone(),
        }
    }

    /// What values it can have then.
    pub(super) fn extent(&self, extent: Extent) -> Extent {
        match &self.other {
            Some((_, rate)) => extent.times(rate.gives),
            None => extent,
        }
    }

    /// The number with the unit in which it is compared, if that has to be said.
    pub(super) fn subject(&self, number: &Number) -> String {
        match self.declared() {
            Some((unit, _)) => format!("{}（{}）", number.text, unit.text),
            None => number.text.clone(),
        }
    }

    /// A value that is compared, as it is written.
    pub(super) fn written(&self, value: Decimal) -> Decimal {
        let written = match self.declared() {
            Some((_, rate)) => value.checked_div(rate.times),
            None => None,
        };
        written.unwrap_or(value)
    }

    /// Days and weeks are compared in days, and nobody needs to be told.
    fn declared(&self) -> Option<&(ast::Text, Rate)> {
        self.other.as_ref().filter(|(_, rate)| rate.is_declared())
    }

    /// What a value in this unit is multiplied by to be compared.
    fn factor(&self, unit: &Unit) -> Option<Decimal> {
        match &self.other {
            Some((other, rate)) if Unit::of(Some(other)) == *unit => Some(rate.times),
            other if self.own != Unit::Any && self.own.fits(unit) => {
                Some(other.as_ref().map_or(Decimal::ONE, |(_, rate)| rate.gives))
            }
            _ => None,
        }
    }
}

impl<'a> Ctx<'_, 'a> {
    /// How these conditions about `subject`, read as this number, are compared with it. Without the
    /// number only weeks are known to be days.
    pub(super) fn scale<'e>(
        &self,
        at: &At<'a>,
        subject: &Expr,
        read: Option<&Number>,
        conditions: impl IntoIterator<Item = &'e Expr>,
    ) -> Scale {
        let own = self.plain_unit(at, subject);
        let units = conditions.into_iter().flat_map(units_of).flatten();
        let mut others = units.map(|unit| (unit, Unit::of(Some(unit))));
        let other = others.find(|(_, unit)| own == Unit::Any || !unit.fits(&own));
        let other = other.and_then(|(written, unit)| {
            let kind = read.map_or(NumberKind::Nothing, |read| read.kind.clone());
            let number = typed(kind, String::new(), own.clone());
            let value = typed(NumberKind::Nothing, String::new(), unit);
            let rate = self.rate(at, &number, &value)?;
            (read.is_some() || !rate.is_declared()).then(|| (written.clone(), rate))
        });
        Scale { own, other }
    }

    /// What the numbers of a condition are multiplied by to be compared; nothing if that cannot be
    /// read off the text.
    pub(super) fn factor(&self, scale: &Scale, when: &Expr) -> Option<Decimal> {
        let units = units_of(when).into_iter().flatten();
        let mut units = units.map(|unit| Unit::of(Some(unit)));
        let Some(unit) = units.next() else {
            return Some(
                scale
                    .other
                    .as_ref()
                    .map_or(Decimal::ONE, |(_, rate)| rate.gives),
            );
        };
        if units.any(|other| other != unit) {
            return None;
        }
        match (&scale.own, &unit) {
            (Unit::Any, Unit::Named(unit)) if !self.is_converted(unit) => Some(Decimal::ONE),
            _ => scale.factor(&unit),
        }
    }
}

/// The units of the ends of a condition.
fn units_of(when: &Expr) -> [Option<&ast::Text>; 2] {
    match &when.kind {
        ExprKind::Compare { right, .. } => [unit_of(right), None],
        ExprKind::InRange { low, high, .. } => [low.unit.as_ref(), high.unit.as_ref()],
        _ => [None, None],
    }
}

/// The unit of a number as it is written.
fn unit_of(expr: &Expr) -> Option<&ast::Text> {
    match &expr.kind {
        ExprKind::Number(literal) => literal.unit.as_ref(),
        ExprKind::Negative(inner) => unit_of(inner),
        _ => None,
    }
}

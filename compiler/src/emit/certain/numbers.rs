//! Numbers: their least and their greatest value.

use super::{Range, Translated, Walk, Words, unsayable};
use kohyo_engine::Decimal;
use kohyo_engine::program::{ArithmeticOp, Function, Number, NumberKind};

impl<W: Words> Walk<'_, W> {
    /// Where a number lies.
    pub(super) fn number(&mut self, number: &Number) -> Translated<Range> {
        let range = match &number.kind {
            NumberKind::Const(number) => Range::point(*number),
            NumberKind::Nothing => W::anything(),
            NumberKind::Field(field) => self.field_number(*field)?,
            NumberKind::Points(field) => self.points(*field)?,
            NumberKind::Definition(id) => self.score(*id)?,
            NumberKind::Sum(parts) => self.sum(parts)?,
            NumberKind::Max(parts) => self.extreme(W::largest, parts)?,
            NumberKind::Min(parts) => self.extreme(W::smallest, parts)?,
            NumberKind::Count(parts) => self.count(parts)?,
            NumberKind::When { amount, condition } => match amount.kind {
                NumberKind::Const(amount) => W::weighed(&self.condition(condition)?, amount),
                _ => {
                    let when = self.kept_condition(condition)?;
                    let amount = self.number(amount)?;
                    W::choose(&when, &amount, &Range::point(Decimal::ZERO))
                }
            },
            NumberKind::If(condition, then, otherwise) => {
                let when = self.kept_condition(condition)?;
                let (then, otherwise) = (self.number(then)?, self.number(otherwise)?);
                W::choose(&when, &then, &otherwise)
            }
            NumberKind::Arithmetic { left, op, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                arithmetic::<W>(&left, *op, &right)
            }
            NumberKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments)?,
            NumberKind::Script { .. } => {
                return Err(unsayable("関数の計算", W::LANGUAGE));
            }
            NumberKind::Elapsed { unit, from, to } => {
                let (from, to) = (self.moment(from)?, self.moment(to)?);
                // More time has passed the earlier it began and the later it ended.
                Range {
                    low: self.words.elapsed(*unit, &from.high, &to.low),
                    high: self.words.elapsed(*unit, &from.low, &to.high),
                }
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => {
                let shown = self.all_shown(fields)?;
                let shown = self.words.keep(shown);
                let number = self.number(number)?;
                W::choose(&shown, &number, &Range::point(*otherwise))
            }
        };
        Ok(self.words.keep_amount(range))
    }

    fn sum(&mut self, parts: &[Number]) -> Translated<Range> {
        let mut summands = Vec::new();
        for part in parts {
            summands.push(self.summand(part)?);
        }
        let sum = |end: fn(&Range) -> &str| match summands.as_slice() {
            [] => "0".to_owned(),
            parts => parts.iter().map(end).collect::<Vec<_>>().join(" + "),
        };
        Ok(Range {
            low: sum(|part| &part.low),
            high: sum(|part| &part.high),
        })
    }

    /// A part of a sum, which stands in it once: points that a condition gives need no variable.
    fn summand(&mut self, number: &Number) -> Translated<Range> {
        if let NumberKind::When { amount, condition } = &number.kind
            && let NumberKind::Const(amount) = amount.kind
        {
            return Ok(W::weighed(&self.condition(condition)?, amount));
        }
        self.number(number)
    }

    /// The largest or smallest; nothing is known if nothing is known of a part.
    fn extreme(&mut self, of: fn(&[Range]) -> Range, parts: &[Number]) -> Translated<Range> {
        let parts: Translated<Vec<Range>> = parts.iter().map(|part| self.number(part)).collect();
        let parts = parts?;
        if parts.is_empty() || parts.iter().any(W::is_anything) {
            return Ok(W::anything());
        }
        Ok(of(&parts))
    }

    fn call(&mut self, function: Function, arguments: &[Number]) -> Translated<Range> {
        let Some(first) = arguments.first() else {
            return Ok(W::anything());
        };
        let constant = match arguments.get(1).map(|second| &second.kind) {
            Some(NumberKind::Const(constant)) => Some(*constant),
            _ => None,
        };
        let function = W::function(function, constant)?;
        let argument = self.number(first)?;
        if W::is_anything(&argument) {
            return Ok(argument);
        }
        Ok(function(&argument))
    }
}

fn arithmetic<W: Words>(left: &Range, op: ArithmeticOp, right: &Range) -> Range {
    if W::is_anything(left) || W::is_anything(right) {
        return W::anything();
    }
    match op {
        ArithmeticOp::Add => Range {
            low: format!("{} + {}", left.low, right.low),
            high: format!("{} + {}", left.high, right.high),
        },
        ArithmeticOp::Subtract => Range {
            low: format!("{} - {}", left.low, right.high),
            high: format!("{} - {}", left.high, right.low),
        },
        ArithmeticOp::Multiply => W::product(left, right),
        ArithmeticOp::Divide => W::quotient(left, right),
    }
}

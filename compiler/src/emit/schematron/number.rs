//! Numbers and dates as XPath: their least and greatest value.

use super::words::{Bool, NOTHING, Range, Truth, elapsed, literal, rounded, sequence, text};
use super::xpath::{Translated, Translator};
use kohyo_engine::program::{
    ArithmeticOp, Cond, ElapsedUnit, FieldId, FieldType, Function, Moment, Number, NumberKind,
};
use kohyo_engine::{Date, Decimal, number_domain};
use std::collections::BTreeMap;

impl Translator<'_> {
    /// Where the answer to a number field lies.
    fn field_number(&mut self, id: FieldId) -> Translated<Range> {
        let values = self.values(id)?;
        let Some(field) = self.field(id) else {
            return Ok(Range::anything());
        };
        let FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        } = &field.ty
        else {
            return Ok(Range::anything());
        };
        let (low, high) = match number_domain(*digits, *fraction, *min, *max) {
            Some((low, high, _)) => (literal(low), literal(high)),
            None => (NOTHING.to_owned(), NOTHING.to_owned()),
        };
        let name = format!("{}number.{}", self.prefix(), field.name);
        let known = |bound: &str| match bound {
            NOTHING => format!("for $v in {values} return xs:decimal($v)"),
            bound => format!("if (exists({values})) then xs:decimal({values}) else {bound}"),
        };
        Ok(self.keep_range(&name, known(&low), known(&high)))
    }

    /// What the chosen code counts; every known code remains possible where it is not known.
    fn points(&mut self, id: FieldId) -> Translated<Range> {
        let values = self.values(id)?;
        let known = self.codes(id).iter().filter(|code| !code.unknown);
        let mut by_points: BTreeMap<Decimal, Vec<String>> = BTreeMap::new();
        for code in known {
            if let Some(points) = code.points {
                by_points.entry(points).or_default().push(text(&code.value));
            }
        }
        let Some(field) = self.field(id) else {
            return Ok(Range::anything());
        };
        let bound = |points: Option<&Decimal>| points.map_or(NOTHING.to_owned(), |p| literal(*p));
        let least = bound(by_points.keys().next());
        let most = bound(by_points.keys().next_back());
        let choose = |otherwise: &str| {
            let cases = by_points.iter().map(|(points, codes)| {
                format!(
                    "if ({values} = {}) then {} else ",
                    sequence(codes),
                    literal(*points)
                )
            });
            cases.collect::<String>() + otherwise
        };
        let name = format!("{}points.{}", self.prefix(), field.name);
        let (low, high) = (choose(&least), choose(&most));
        Ok(self.keep_range(&name, low, high))
    }

    /// Where a number lies.
    pub(super) fn number(&mut self, number: &Number) -> Translated<Range> {
        Ok(match &number.kind {
            NumberKind::Const(number) => Range::point(*number),
            NumberKind::Nothing => Range::anything(),
            NumberKind::Field(field) => self.field_number(*field)?,
            NumberKind::Points(field) => self.points(*field)?,
            NumberKind::Definition(id) => self.definition(id.0)?,
            NumberKind::Sum(parts) => {
                let mut summands = Vec::new();
                for part in parts {
                    summands.push(self.summand(part)?);
                }
                let sum = |end: fn(&Range) -> &str| match summands.as_slice() {
                    [] => "0".to_owned(),
                    parts => parts.iter().map(end).collect::<Vec<_>>().join(" + "),
                };
                let (low, high) = (sum(|part| &part.low), sum(|part| &part.high));
                self.range(low, high)
            }
            NumberKind::Max(parts) => self.extreme("max", parts)?,
            NumberKind::Min(parts) => self.extreme("min", parts)?,
            NumberKind::Count(parts) => self.count(parts)?,
            NumberKind::When { amount, condition } => {
                if let NumberKind::Const(amount) = amount.kind {
                    let when = self.condition(condition)?;
                    let Range { low, high } = weighed(&when, amount);
                    return Ok(self.range(low, high));
                }
                let when = self.kept_condition(condition)?;
                let amount = self.number(amount)?;
                self.choose(&when, &amount, &Range::point(Decimal::ZERO))
            }
            NumberKind::If(condition, then, otherwise) => {
                let when = self.kept_condition(condition)?;
                let (then, otherwise) = (self.number(then)?, self.number(otherwise)?);
                self.choose(&when, &then, &otherwise)
            }
            NumberKind::Arithmetic { left, op, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                self.arithmetic(&left, *op, &right)
            }
            NumberKind::Call {
                function,
                arguments,
            } => self.call(*function, arguments)?,
            NumberKind::Script { .. } => {
                return Err("関数の計算はXPathで表せない（記録の点検で確かめる）".to_owned());
            }
            NumberKind::Elapsed { unit, from, to } => {
                let (from, to) = (self.moment(from)?, self.moment(to)?);
                // More time has passed the earlier it began and the later it ended.
                let low = elapsed(*unit, &from.high, &to.low);
                let high = elapsed(*unit, &from.low, &to.high);
                self.range(low, high)
            }
            NumberKind::IfShown {
                fields,
                number,
                otherwise,
            } => {
                let shown = self.all_shown(fields)?;
                let name = self.fresh("is");
                let shown = self.keep_truth(&name, shown);
                let number = self.number(number)?;
                self.choose(&shown, &number, &Range::point(*otherwise))
            }
        })
    }

    /// A part of a sum, which stands in it once: points that a condition gives need no variable.
    fn summand(&mut self, number: &Number) -> Translated<Range> {
        match &number.kind {
            NumberKind::When { amount, condition } => match amount.kind {
                NumberKind::Const(amount) => {
                    let when = self.condition(condition)?;
                    Ok(weighed(&when, amount))
                }
                _ => self.number(number),
            },
            _ => self.number(number),
        }
    }

    fn numbers(&mut self, parts: &[Number]) -> Translated<Vec<Range>> {
        parts.iter().map(|part| self.number(part)).collect()
    }

    /// The largest or smallest; nothing is known if nothing is known of a part.
    fn extreme(&mut self, function: &str, parts: &[Number]) -> Translated<Range> {
        let parts = self.numbers(parts)?;
        let all = |end: fn(&Range) -> &str| {
            let parts: Vec<&str> = parts.iter().map(end).collect();
            let all = parts.join(", ");
            format!(
                "if (count(({all})) = {}) then {function}(({all})) else ()",
                parts.len()
            )
        };
        let (low, high) = (all(|part| &part.low), all(|part| &part.high));
        Ok(self.range(low, high))
    }

    /// How many hold for certain, and how many possibly.
    pub(super) fn count(&mut self, parts: &[Cond]) -> Translated<Range> {
        let mut truths = Vec::new();
        for part in parts {
            truths.push(self.condition(part)?);
        }
        let count = |end: fn(&Truth) -> &Bool| {
            let parts: Vec<&str> = truths.iter().map(|truth| end(truth).text()).collect();
            format!("count(({})[.])", parts.join(", "))
        };
        let low = count(|truth| &truth.yes);
        let high = format!("{} - {}", truths.len(), count(|truth| &truth.no));
        Ok(self.range(low, high))
    }

    fn choose(&mut self, when: &Truth, then: &Range, otherwise: &Range) -> Range {
        let either = |function: &str, a: &str, b: &str| {
            format!(
                "if ({}) then {a} else if ({}) then {b} else for $a in {a}, $b in {b} return {function}(($a, $b))",
                when.yes.text(),
                when.no.text()
            )
        };
        let low = either("min", &then.low, &otherwise.low);
        let high = either("max", &then.high, &otherwise.high);
        self.range(low, high)
    }

    fn arithmetic(&mut self, left: &Range, op: ArithmeticOp, right: &Range) -> Range {
        let (a, b, c, d) = (&left.low, &left.high, &right.low, &right.high);
        let corners = |function: &str, op: &str| {
            if a == b && c == d {
                format!("{a} {op} {c}")
            } else {
                format!("{function}(({a} {op} {c}, {a} {op} {d}, {b} {op} {c}, {b} {op} {d}))")
            }
        };
        let (low, high) = match op {
            ArithmeticOp::Add => (format!("{a} + {c}"), format!("{b} + {d}")),
            ArithmeticOp::Subtract => (format!("{a} - {d}"), format!("{b} - {c}")),
            ArithmeticOp::Multiply => (corners("min", "*"), corners("max", "*")),
            ArithmeticOp::Divide => {
                let guarded =
                    |corners: String| format!("if ({c} le 0 and {d} ge 0) then () else {corners}");
                (
                    guarded(corners("min", "div")),
                    guarded(corners("max", "div")),
                )
            }
        };
        self.range(low, high)
    }

    fn call(&mut self, function: Function, arguments: &[Number]) -> Translated<Range> {
        let no_such = |name: &str| {
            Err(format!(
                "{name} の計算はXPath 2.0にない（記録の点検で確かめる）"
            ))
        };
        let digits = match arguments {
            [_, digits] => match &digits.kind {
                NumberKind::Const(digits) => u32::try_from(*digits).ok(),
                _ => None,
            },
            _ => None,
        };
        let Some(first) = arguments.first() else {
            return Ok(Range::anything());
        };
        let (low, high) = match (function, digits) {
            (Function::Abs, _) => {
                let Range { low: a, high: b } = self.number(first)?;
                (
                    format!("if ({a} lt 0 and {b} gt 0) then 0 else min((abs({a}), abs({b})))"),
                    format!("max((abs({a}), abs({b})))"),
                )
            }
            (Function::Floor, _) => {
                let Range { low: a, high: b } = self.number(first)?;
                (format!("floor({a})"), format!("floor({b})"))
            }
            (Function::Ceiling, _) => {
                let Range { low: a, high: b } = self.number(first)?;
                (format!("ceiling({a})"), format!("ceiling({b})"))
            }
            (Function::Round, Some(digits)) => {
                let Range { low: a, high: b } = self.number(first)?;
                (rounded(&a, digits), rounded(&b, digits))
            }
            (Function::Round, None) => return no_such("桁数を計算する四捨五入"),
            (Function::Sqrt, _) => return no_such("平方根"),
            (Function::Ln, _) => return no_such("対数"),
            (Function::Exp, _) => return no_such("指数関数"),
            (Function::Power, _) => return no_such("べき乗"),
        };
        Ok(self.range(low, high))
    }

    // ---- dates

    /// Where a point in time lies: the first and the last day, nothing if it is not known at all.
    pub(super) fn moment(&mut self, moment: &Moment) -> Translated<Range> {
        Ok(match moment {
            Moment::Const(date) => self.constant_date(*date),
            Moment::Today => {
                let written = "if (@written) then xs:date(@written) \
                               else xs:date(substring(string(current-date()), 1, 10))";
                let today = self.declare("today", written.to_owned());
                Range {
                    low: today.clone(),
                    high: today,
                }
            }
            Moment::Field(id) => {
                let values = self.values(*id)?;
                let Some(field) = self.field(*id) else {
                    return Ok(Range::anything());
                };
                let name = format!("{}date.{}", self.prefix(), field.name);
                let first = format!(
                    "for $v in {values} return xs:date(substring(concat($v, '-01-01'), 1, 10))"
                );
                let last = format!(
                    "for $v in {values} return if (string-length($v) = 4) then xs:date(concat($v, '-12-31')) \
                     else if (string-length($v) = 7) then xs:date(concat($v, '-01')) + xs:yearMonthDuration('P1M') - xs:dayTimeDuration('P1D') \
                     else xs:date($v)"
                );
                self.keep_range(&name, first, last)
            }
            Moment::Shifted { moment, by, unit } => {
                let Range { low, high } = self.moment(moment)?;
                let sign = if *by < 0 { "-" } else { "" };
                let count = by.unsigned_abs();
                let duration = match unit {
                    ElapsedUnit::Years => format!("xs:yearMonthDuration('{sign}P{count}Y')"),
                    ElapsedUnit::Months => format!("xs:yearMonthDuration('{sign}P{count}M')"),
                    ElapsedUnit::Days => format!("xs:dayTimeDuration('{sign}P{count}D')"),
                };
                let (low, high) = (
                    format!("{low} + {duration}"),
                    format!("{high} + {duration}"),
                );
                self.range(low, high)
            }
        })
    }

    fn constant_date(&mut self, date: Date) -> Range {
        let day = |number: i32| {
            let day = Date::from_day_number(number).unwrap_or(date);
            format!("xs:date('{day}')")
        };
        let (low, high) = (day(date.first_day()), day(date.last_day()));
        self.range(low, high)
    }
}

/// The amount when the condition holds, else nothing; both are possible while it is not known.
fn weighed(when: &Truth, amount: Decimal) -> Range {
    let number = literal(amount);
    let when_holds = format!("(if ({}) then {number} else 0)", when.yes.text());
    let unless_fails = format!("(if ({}) then 0 else {number})", when.no.text());
    if amount.is_sign_negative() {
        Range {
            low: unless_fails,
            high: when_holds,
        }
    } else {
        Range {
            low: when_holds,
            high: unless_fails,
        }
    }
}

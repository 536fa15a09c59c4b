//! Numbers, dates and their comparisons.

use super::cond::{bare_name, new};
use super::convert::Rate;
use super::dates::{Day, compare_days, compare_time, elapsed, time_text};
use super::interval::constant as constant_of;
use super::periods::{PERIOD, passes_over};
use super::unit::{Unit, normal_unit, unit_reading};
use super::weights::Counting;
use super::{At, Ctx};
use crate::arena::Id;
use crate::diagnostics as d;
use crate::facts::facts_of;
use crate::places::Chosen;
use crate::reading;
use crate::world::{Entity, Field, Rule, RuleKind};
use kohyo_dsl::ast::{self, Expr, ExprKind, Quantifier, TypeKind};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, CondKind, Function, Moment, Number, NumberKind};
use rust_decimal::RoundingStrategy;

/// A number with what is known about it.
pub(super) struct Typed {
    pub(super) number: Number,
    pub(super) unit: Unit,
    /// Range of a plain field, for thresholds that can never be reached.
    pub(super) range: Option<(Decimal, Decimal)>,
    /// Digits after the point that it can have, for thresholds that lie between two values.
    pub(super) fraction: Option<u8>,
}

impl<'a> Ctx<'_, 'a> {
    /// Lowers `expr` as a number; nothing if it was reported.
    pub(super) fn number(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Number(literal) => {
                let value = self.literal(at, literal)?;
                let unit = Unit::of(literal.unit.as_ref());
                let text = reading::quantity(
                    &literal.digits,
                    unit.name().as_deref().map(|u| unit_reading(u, false)),
                );
                Some(typed(NumberKind::Const(value), text, unit))
            }
            ExprKind::Length(length) => {
                let (count, unit) = length.in_one_unit();
                let unit = Unit::Named(unit_name(unit).to_owned());
                let text = time_text(*length, false);
                Some(typed(NumberKind::Const(count.into()), text, unit))
            }
            ExprKind::Negative(negated) => {
                let inner = self.number(at, negated)?;
                if let NumberKind::Const(value) = inner.number.kind {
                    // Written out, so that a threshold is one number to everybody who reads it.
                    let text = format!("−{}", inner.number.text);
                    let negative = NumberKind::Const(Decimal::ZERO - value);
                    return Some(typed(negative, text, inner.unit));
                }
                let zero = Number {
                    kind: NumberKind::Const(Decimal::ZERO),
                    text: "0".to_owned(),
                };
                let op = p::ArithmeticOp::Subtract;
                let text = format!("−{}", operand(negated, op, &inner.number.text, true));
                let unit = inner.unit.clone();
                Some(typed(
                    NumberKind::Arithmetic {
                        left: Box::new(zero),
                        op,
                        right: Box::new(inner.number),
                    },
                    text,
                    unit,
                ))
            }
            ExprKind::Ref(path) => self.number_ref(at, path, expr),
            ExprKind::Block {
                quantifier,
                members,
            } => self.aggregate(at, *quantifier, members, expr),
            ExprKind::Each { .. } => self.each_number(at, expr),
            ExprKind::Includes {
                subject,
                quantifier: Quantifier::Count,
                options,
            } => self.codes_counted(at, subject, options),
            ExprKind::BetterSide { better, field } => self.better_side(at, *better, field, expr),
            ExprKind::Labelled(label, inner) => {
                let mut inner = self.number(at, inner)?;
                inner.number.text = reading::called(&label.text, &inner.number.text);
                Some(inner)
            }
            ExprKind::Points { amount, when } => {
                let inside = at.with(facts_of(self.world, at.site, when));
                let (amount, condition) = (self.number(&inside, amount), self.cond(at, when));
                let (amount, condition) = (amount?, condition?);
                let text = format!("{}（{}点）", condition.text, amount.number.text);
                let kind = NumberKind::When {
                    amount: Box::new(amount.number),
                    condition: Box::new(condition),
                };
                Some(typed(kind, text, amount.unit))
            }
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => {
                let found = self.number_if(at, condition, then, otherwise)?;
                self.choice(at, expr, || Chosen::Number(found.number.kind.clone()));
                Some(found)
            }
            ExprKind::FirstMatch {
                otherwise: None, ..
            } => self.report(d::no_last_arm(self.file(at), expr.span)),
            ExprKind::FirstMatch {
                arms,
                otherwise: Some(otherwise),
            } => {
                let otherwise = self.number(at, otherwise);
                let found = self.number_first_match(at, arms, otherwise)?;
                self.choice(at, expr, || Chosen::Number(found.number.kind.clone()));
                Some(found)
            }
            ExprKind::Bands { subject, bands } => self.number_bands(at, expr, subject, bands),
            ExprKind::Cells { columns, rows } => self.cells(at, columns, rows),
            ExprKind::Domains(domains) => self.domains(at, domains, expr),
            ExprKind::Arithmetic { left, op, right } => self.arithmetic(at, left, *op, right, expr),
            ExprKind::Call {
                function,
                arguments,
            } => self.call(at, function, arguments),
            ExprKind::Age { unit, at: day } => {
                let day = self.day(at, day)?;
                let Some(birth) = self.world.birth_date() else {
                    return self.report(d::no_birth_date(self.file(at), expr.span));
                };
                let label = self.label(at, birth);
                let from = Day::one(Moment::Field(self.read(at, birth, expr)), label);
                let word = match unit {
                    ast::ElapsedUnit::Years => "年齢",
                    ast::ElapsedUnit::Months => "月齢",
                    ast::ElapsedUnit::Days => "日齢",
                };
                let particle = if day.is_one_of_several() { "の" } else { "" };
                let told = |_: &str, day: &str| format!("{day}{particle}時点の{word}");
                let number = elapsed(elapsed_of(*unit), &from, &day, &told);
                Some(whole(number.kind, number.text, elapsed_unit(*unit)))
            }
            ExprKind::Calendar { unit, .. } => self.calendar_number(at, *unit, expr),
            ExprKind::Elapsed { unit, from, to } => {
                let (from, to) = (self.day(at, from), self.day(at, to));
                let (from, to) = (from?, to?);
                let told = |from: &str, to: &str| format!("{from}から{to}までの{PERIOD}");
                let number = elapsed(elapsed_of(*unit), &from, &to, &told);
                Some(whole(number.kind, number.text, elapsed_unit(*unit)))
            }
            ExprKind::IfShown {
                expr: shown,
                otherwise,
            } => {
                let fields = self.hidable(at, shown);
                let without = self.without_rows(at, shown);
                let inner = self.number(&at.guarded(), shown);
                let ExprKind::Number(literal) = &otherwise.kind else {
                    let unit = inner.and_then(|inner| inner.unit.name());
                    let file = self.file(at);
                    return self.report(d::shown_else_number(file, otherwise.span, unit));
                };
                let value = self.literal(at, literal)?;
                let inner = inner?;
                let unit = Unit::of(literal.unit.as_ref());
                if literal.unit.is_some() && !unit.fits(&inner.unit) {
                    self.diagnostics.push(d::unit_mismatch(
                        self.file(at),
                        otherwise.span,
                        inner.unit.name(),
                        unit.name(),
                    ));
                }
                let otherwise = value;
                // Whatever is calculated in it is meant as a whole.
                let text = operand(shown, p::ArithmeticOp::Divide, &inner.number.text, true);
                let text = match without {
                    Some(without) => format!("{text}（{without}場合は{otherwise}）"),
                    None => format!("{text}（表示されない場合は{otherwise}とみなす）"),
                };
                let kind = NumberKind::IfShown {
                    fields,
                    number: Box::new(inner.number),
                    otherwise,
                };
                Some(typed(kind, text, inner.unit))
            }
            ExprKind::Date(_)
            | ExprKind::Text(_)
            | ExprKind::Bool(_)
            | ExprKind::Today
            | ExprKind::Application(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Unless(..)
            | ExprKind::Compare { .. }
            | ExprKind::Within { .. }
            | ExprKind::InRange { .. }
            | ExprKind::Is { .. }
            | ExprKind::Answered { .. }
            | ExprKind::Includes { .. }
            | ExprKind::Differs { .. }
            | ExprKind::TreatUnknown { .. } => {
                if self.follows_comma(at, expr) {
                    return None;
                }
                self.report(d::number_expected(self.file(at), expr.span))
            }
        }
    }

    fn number_ref(&mut self, at: &At<'a>, path: &'a ast::Path, expr: &'a Expr) -> Option<Typed> {
        let file = self.file(at);
        match self.resolve(at, path)? {
            Entity::Field(field) => self.number_of_field(at, field, path, expr),
            Entity::Rule(rule) => match self.world.rules[rule].kind {
                kind @ (RuleKind::Score(_) | RuleKind::Value(..) | RuleKind::Threshold(_)) => {
                    let id = self.ids.get(&rule).copied()?;
                    let text = reading::subject(kind.label());
                    let mut found = typed(NumberKind::Definition(id), text, self.rule_unit(rule));
                    found.fraction = match kind {
                        RuleKind::Value(_, Some(ty)) => fraction_of(&ty.kind),
                        RuleKind::Value(value, None) => counts_whole(&value.rule).then_some(0),
                        _ => None,
                    };
                    Some(found)
                }
                kind => self.report(d::rule_is_no_number(file, path, kind)),
            },
            Entity::Repeat(id) => {
                let repeat = self.world.repeats[id].ast;
                self.report(d::repeat_is_no_value(file, path, repeat))
            }
            Entity::Table(_) | Entity::Judgement(_) => self.report(d::not_a_value(file, path)),
        }
    }

    /// A field as a number: what was answered, or the points of the code.
    pub(super) fn number_of_field(
        &mut self,
        at: &At<'a>,
        field: Id<Field<'a>>,
        path: &'a ast::Path,
        expr: &'a Expr,
    ) -> Option<Typed> {
        let file = self.file(at);
        let declared = &self.world.fields[field];
        let label = self.label(at, field);
        match &declared.ast.ty.kind {
            TypeKind::Integer { unit, range } | TypeKind::Decimal { unit, range, .. } => {
                let bounds = range.as_ref().and_then(|(low, high)| {
                    let parse = |n: &ast::NumberLiteral| Decimal::from_str_exact(&n.digits).ok();
                    // A range the wrong way round was reported at the field.
                    Some((parse(low)?, parse(high)?)).filter(|(low, high)| low <= high)
                });
                let id = self.read(at, field, expr);
                let mut found = typed(NumberKind::Field(id), label, Unit::of(unit.as_ref()));
                found.range = bounds;
                found.fraction = fraction_of(&declared.ast.ty.kind);
                Some(found)
            }
            TypeKind::Choice(_) | TypeKind::Named(_) => {
                let table = &self.world.tables[declared.table?];
                let lacking = table
                    .codes
                    .iter()
                    .find(|c| !c.unknown && c.points.is_none());
                if let Some(code) = lacking {
                    let other = self.world.file(table.unit);
                    return self.report_once(
                        d::code_without_points(file, path, declared.ast, code, other),
                        code.label.span,
                    );
                }
                let id = self.read(at, field, expr);
                Some(typed(NumberKind::Points(id), label, Unit::None))
            }
            _ => self.report(d::field_is_no_number(file, path, declared.ast)),
        }
    }

    /// The unit of what plainly has one: a question, a value or score, elapsed time, and what is
    /// calculated of these.
    pub(super) fn plain_unit(&self, at: &At<'a>, expr: &Expr) -> Unit {
        match &expr.kind {
            ExprKind::Age { unit, .. } | ExprKind::Elapsed { unit, .. } => elapsed_unit(*unit),
            ExprKind::Labelled(_, inner) | ExprKind::IfShown { expr: inner, .. } => {
                self.plain_unit(at, inner)
            }
            ExprKind::Number(literal) => Unit::of(literal.unit.as_ref()),
            ExprKind::Arithmetic { left, op, right } => {
                let (a, b) = (self.plain_unit(at, left), self.plain_unit(at, right));
                match op {
                    ast::ArithmeticOp::Multiply => a.times(&b),
                    ast::ArithmeticOp::Divide => a.divided_by(&b),
                    ast::ArithmeticOp::Add | ast::ArithmeticOp::Subtract => a,
                }
            }
            ExprKind::Ref(_) => match self.entity(at, expr) {
                Some(Entity::Field(field)) => Unit::of(self.world.fields[field].ast.ty.kind.unit()),
                Some(Entity::Rule(rule)) => self.rule_unit(rule),
                _ => Unit::Any,
            },
            _ => Unit::Any,
        }
    }

    /// Unit of a rule that is read as a number: the declared one, or what its parts are counted in.
    fn rule_unit(&self, rule: Id<Rule<'a>>) -> Unit {
        match self.world.rules[rule].kind {
            RuleKind::Value(_, Some(ty)) => Unit::of(ty.kind.unit()),
            RuleKind::Threshold(threshold) => Unit::of(threshold.unit.as_ref()),
            RuleKind::Value(_, None) | RuleKind::Score(_) => {
                self.units.get(&rule).cloned().unwrap_or(Unit::Any)
            }
            _ => Unit::None,
        }
    }

    fn aggregate(
        &mut self,
        at: &At<'a>,
        quantifier: Quantifier,
        members: &'a [Expr],
        expr: &Expr,
    ) -> Option<Typed> {
        if matches!(quantifier, Quantifier::Earliest | Quantifier::Latest) {
            return self.report(d::number_expected(self.file(at), expr.span));
        }
        if quantifier == Quantifier::Count {
            let conds = self.conds(at, members)?;
            let lines: Vec<&Expr> = members.iter().collect();
            self.counted(at, &conds, &lines, true);
            return Some(whole(
                NumberKind::Count(conds),
                "次のうち満たす項目の数".to_owned(),
                Unit::None,
            ));
        }
        let lowered: Vec<Option<Typed>> = members.iter().map(|m| self.number(at, m)).collect();
        let lowered: Vec<Typed> = lowered.into_iter().collect::<Option<_>>()?;
        let mut unit = lowered.first().map_or(Unit::None, |t| t.unit.clone());
        let mut mixed = lowered.iter().any(|part| !part.unit.fits(&unit));
        if mixed && self.formula.is_free() && lowered.iter().any(|part| part.unit.is_derived()) {
            (unit, mixed) = (Unit::Any, false);
        }
        let counted: Vec<_> = members.iter().filter_map(weight_in_points).collect();
        let points = counted.len() == members.len();
        if (mixed || points) && !counted.is_empty() {
            unit = Unit::None;
            for weight in &counted {
                let file = self.file(at);
                self.diagnostics.push(d::weight_with_unit(file, weight));
            }
        }
        for (part, member) in lowered.iter().zip(members) {
            if !part.unit.fits(&unit) && weight_in_points(member).is_none() {
                let units = (unit.name(), part.unit.name());
                let found = d::units_joined(self.file(at), member.span, units.0, units.1);
                self.diagnostics.push(found);
            }
        }
        let numbers: Vec<Number> = lowered.into_iter().map(|t| t.number).collect();
        match quantifier {
            Quantifier::Sum => self.check_weights(at, members, &numbers, Counting::All),
            Quantifier::Max => self.check_weights(at, members, &numbers, Counting::Highest),
            _ => {}
        }
        let (kind, text) = match quantifier {
            Quantifier::Sum => (NumberKind::Sum(numbers), "次の合計"),
            Quantifier::Max => (NumberKind::Max(numbers), "次の最大値"),
            Quantifier::Min => (NumberKind::Min(numbers), "次の最小値"),
            _ => return self.report(d::number_expected(self.file(at), expr.span)),
        };
        if members.is_empty() {
            return self.report(d::empty_block(self.file(at), expr.span));
        }
        Some(typed(kind, text.to_owned(), unit))
    }

    fn number_if(
        &mut self,
        at: &At<'a>,
        condition: &'a Expr,
        then: &'a Expr,
        otherwise: &'a Expr,
    ) -> Option<Typed> {
        let inside = at.with(facts_of(self.world, at.site, condition));
        let lowered = self.cond(at, condition);
        let a = self.number(&inside, then);
        let beside = at.beside();
        let b = match &otherwise.kind {
            ExprKind::If {
                condition,
                then,
                otherwise,
            } => self.number_if(&beside, condition, then, otherwise),
            _ => self.number(&beside, otherwise),
        };
        let (condition, a, b) = (lowered?, a?, b?);
        let unit = self.unit_of_either(at, otherwise, &a, &b);
        let goes_on = matches!(
            otherwise.kind,
            ExprKind::If { .. } | ExprKind::FirstMatch { .. }
        );
        let text = if_text(&condition, &a.number, &b.number, goes_on);
        let kind = NumberKind::If(Box::new(condition), Box::new(a.number), Box::new(b.number));
        Some(typed(kind, text, unit))
    }

    /// The rule of a score or value. It may leave a case open: then nothing comes out.
    pub(super) fn number_rule(&mut self, at: &At<'a>, rule: &'a Expr) -> Option<Typed> {
        let at = &At {
            counts: true,
            ..at.clone()
        };
        match &rule.kind {
            ExprKind::FirstMatch {
                arms,
                otherwise: None,
            } if !arms.is_empty() => {
                let nothing = typed(NumberKind::Nothing, "値なし".to_owned(), Unit::Any);
                self.number_first_match(at, arms, Some(nothing))
            }
            _ => self.number(at, rule),
        }
    }

    fn number_first_match(
        &mut self,
        at: &At<'a>,
        arms: &'a [(Expr, Expr)],
        otherwise: Option<Typed>,
    ) -> Option<Typed> {
        let mut result = otherwise;
        let mut told = reading::otherwise(result.as_ref().map_or("", |r| r.number.text.as_str()));
        for (then, when) in arms.iter().rev() {
            let inside = at.with(facts_of(self.world, at.site, when));
            let (condition, value) = (self.cond(at, when), self.number(&inside, then));
            result = match (condition, value, result) {
                (Some(condition), Some(value), Some(rest)) => {
                    let unit = match rest.unit {
                        Unit::Any => value.unit.clone(),
                        _ => self.unit_of_either(at, then, &rest, &value),
                    };
                    told = reading::first_match(&condition.text, &value.number.text, &told);
                    let kind = NumberKind::If(
                        Box::new(condition),
                        Box::new(value.number),
                        Box::new(rest.number),
                    );
                    Some(typed(kind, told.clone(), unit))
                }
                _ => None,
            };
        }
        result
    }

    fn arithmetic(
        &mut self,
        at: &At<'a>,
        left: &'a Expr,
        op: ast::ArithmeticOp,
        right: &'a Expr,
        expr: &Expr,
    ) -> Option<Typed> {
        if let Some(found) = self.difference(at, expr) {
            return self.report(found);
        }
        if let Some(found) = self.unquoted_unit(at, left, op, right, expr) {
            return self.report(found);
        }
        if let Some(found) = self.weight_by_product(at, left, op, right) {
            return self.report(found);
        }
        let (a, b) = (self.number(at, left), self.number(at, right));
        let (a, b) = (a?, b?);
        let (op, sign, unit) = match op {
            ast::ArithmeticOp::Add => (p::ArithmeticOp::Add, "＋", None),
            ast::ArithmeticOp::Subtract => (p::ArithmeticOp::Subtract, "−", None),
            ast::ArithmeticOp::Multiply => {
                (p::ArithmeticOp::Multiply, "×", Some(a.unit.times(&b.unit)))
            }
            ast::ArithmeticOp::Divide => (
                p::ArithmeticOp::Divide,
                "÷",
                Some(a.unit.divided_by(&b.unit)),
            ),
        };
        let unit = match unit {
            Some(unit) => {
                self.formula.scaled |= is_coefficient(&a) || is_coefficient(&b);
                unit
            }
            None => self.same_unit(at, expr, &a, &b),
        };
        let text = format!(
            "{}{sign}{}",
            operand(left, op, &a.number.text, false),
            operand(right, op, &b.number.text, true)
        );
        let kind = NumberKind::Arithmetic {
            left: Box::new(a.number),
            op,
            right: Box::new(b.number),
        };
        Some(typed(kind, text, unit))
    }

    /// `low * 3`: points for a criterion are written otherwise.
    fn weight_by_product(
        &self,
        at: &At<'a>,
        left: &Expr,
        op: ast::ArithmeticOp,
        right: &Expr,
    ) -> Option<Diagnostic> {
        let (criterion, weight) = match (&left.kind, &right.kind) {
            (ExprKind::Ref(_), ExprKind::Number(weight)) => (left, weight),
            (ExprKind::Number(weight), ExprKind::Ref(_)) => (right, weight),
            _ => return None,
        };
        let Some(Entity::Rule(rule)) = self.entity(at, criterion) else {
            return None;
        };
        let RuleKind::Criterion(_) = self.world.rules[rule].kind else {
            return None;
        };
        let ast::ArithmeticOp::Multiply = op else {
            return None;
        };
        let label = self.world.rules[rule].kind.label();
        let meant = format!("{} when {}", weight.digits, self.written(at, criterion));
        let span = left.span.to(right.span);
        Some(d::criterion_times(self.file(at), span, label, meant))
    }

    /// `100000 /μL`: a unit that begins with a sign is written as a text.
    fn unquoted_unit(
        &self,
        at: &At<'a>,
        left: &Expr,
        op: ast::ArithmeticOp,
        right: &Expr,
        expr: &Expr,
    ) -> Option<Diagnostic> {
        let ExprKind::Number(literal) = &left.kind else {
            return None;
        };
        let name = bare_name(right).filter(|_| op == ast::ArithmeticOp::Divide)?;
        let unit = normal_unit(&format!("/{}", name.text));
        let mut fields = self.world.fields.iter();
        let used = fields.any(|(_, field)| {
            let own = field.ast.ty.kind.unit();
            own.is_some_and(|own| normal_unit(&own.text) == unit)
        });
        let unknown = used && literal.unit.is_none() && self.entity(at, right).is_none();
        unknown.then(|| d::unit_unquoted(self.file(at), expr.span, &literal.digits, &unit))
    }

    fn call(&mut self, at: &At<'a>, name: &'a ast::Name, arguments: &'a [Expr]) -> Option<Typed> {
        let file = self.file(at);
        let Some((function, arity, word)) = function(&name.text) else {
            return self.script(at, name, arguments);
        };
        if arguments.len() != arity {
            return self.report(d::wrong_arity(file, name, arity, arguments.len()));
        }
        let lowered: Vec<Option<Typed>> = arguments.iter().map(|a| self.number(at, a)).collect();
        let lowered: Vec<Typed> = lowered.into_iter().collect::<Option<_>>()?;
        let unit = match function {
            Function::Abs | Function::Round | Function::Floor | Function::Ceiling => {
                lowered.first().map_or(Unit::Any, |t| t.unit.clone())
            }
            Function::Sqrt => lowered.first().map_or(Unit::Any, |t| t.unit.root()),
            Function::Power => power_unit(&lowered),
            Function::Ln | Function::Exp => Unit::Any,
        };
        let texts: Vec<&str> = lowered.iter().map(|t| t.number.text.as_str()).collect();
        let text = format!("{word}（{}）", texts.join("、"));
        let arguments = lowered.into_iter().map(|t| t.number).collect();
        Some(typed(
            NumberKind::Call {
                function,
                arguments,
            },
            text,
            unit,
        ))
    }

    /// The unit that both have; if they do not, it was reported.
    pub(super) fn same_unit(&mut self, at: &At<'a>, expr: &Expr, a: &Typed, b: &Typed) -> Unit {
        if a.unit.fits(&b.unit) {
            return a.unit.clone();
        }
        if self.formula.is_free() && (a.unit.is_derived() || b.unit.is_derived()) {
            return Unit::Any;
        }
        let (one, other) = (a.unit.name(), b.unit.name());
        let found = d::units_joined(self.file(at), expr.span, one, other);
        let found = match b.unit.is_derived() && !a.unit.is_derived() {
            true => calculated(found, &b.unit, &a.unit),
            false => calculated(found, &a.unit, &b.unit),
        };
        self.diagnostics.push(found);
        a.unit.clone()
    }

    /// The unit of what is one or the other: beside what was calculated 0 needs none.
    fn unit_of_either(&mut self, at: &At<'a>, expr: &Expr, a: &Typed, b: &Typed) -> Unit {
        let nothing = |number: &Typed| {
            number.unit == Unit::None && constant_of(&number.number) == Some(Decimal::ZERO)
        };
        match (&a.unit, &b.unit) {
            (unit @ Unit::Derived(_), _) if nothing(b) => unit.clone(),
            (_, unit @ Unit::Derived(_)) if nothing(a) => unit.clone(),
            _ => self.same_unit(at, expr, a, b),
        }
    }

    /// `A < B` for numbers or dates.
    pub(super) fn compare(
        &mut self,
        at: &At<'a>,
        left: &'a Expr,
        op: ast::CompareOp,
        right: &'a Expr,
    ) -> Option<Cond> {
        let (op, sign) = (compare_op(op), op);
        for side in [left, right] {
            if let Some(found) = self.difference(at, side) {
                return self.report(found);
            }
        }
        if let Some(found) = self.compared_code(at, left, sign, right) {
            return self.report(found);
        }
        if let Some(compared) = self.compare_calendar(at, left, op, right) {
            return compared;
        }
        if self.is_date(at, left) || self.is_date(at, right) {
            let (a, b) = (self.day(at, left), self.day(at, right));
            let compared = compare_days(&a?, op, &b?);
            self.check_coarse(at, left, op, right);
            return Some(compared);
        }
        if let Some(entity) = self.choice_without_points(at, left) {
            return self.report(entity);
        }
        let (a, b) = (self.beside(at, left, right), self.beside(at, right, left));
        let (a, b) = (a?, b?);
        if !a.unit.fits(&b.unit)
            && let Some(rate) = self.rate(at, &a, &b)
        {
            return Some(self.compare_converted(at, right, &a, op, &b, &rate));
        }
        if !a.unit.fits(&b.unit)
            && let Some(found) = self.recounted(at, (left, &a), op, (right, &b))
        {
            return self.report(found);
        }
        if self.compare_units(at, left, &a, right, &b) {
            self.compare_range(at, right, &a, op, &b);
            self.compare_digits(at, right.span, &a, &b.number);
            self.compare_digits(at, left.span, &b, &a.number);
            self.compare_periods(at, left, op, right);
        }
        let threshold = match &right.kind {
            ExprKind::Length(length) => time_text(*length, is_age(&a)),
            _ => threshold_text(&a, &b),
        };
        let period = self.period(at, left).filter(|_| passes_over(op));
        let mut compared = if is_time(left) {
            compare_time(&a.number, op, &b.number, &threshold)
        } else {
            let text = reading::compare(&a.number.text, op, &threshold);
            new(CondKind::compare(a.number.clone(), op, b.number), text)
        };
        if let Some(period) = period {
            period.tell(&a.number, &mut compared);
        }
        Some(compared)
    }

    /// A number that is compared with `other`: beside `7 years 6 months`, months are counted instead
    /// of years.
    fn beside(&mut self, at: &At<'a>, expr: &'a Expr, other: &Expr) -> Option<Typed> {
        let mut found = self.number(at, expr)?;
        let in_years = found.unit == Unit::Named("years".to_owned());
        if let ExprKind::Length(length) = other.kind
            && length.in_one_unit().1 == ast::TimeUnit::Months
            && in_years
        {
            let text = found.number.text.clone();
            if let Some(age) = self.named_time(at, expr) {
                found = Typed {
                    number: Number { text, ..age.number },
                    ..age
                };
            }
            if count_in_months(&mut found.number) {
                found.unit = Unit::Named("months".to_owned());
            }
        }
        Some(found)
    }

    /// What a name says that is just another word for an age or a time between days.
    fn named_time(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Typed> {
        let Some(Entity::Rule(rule)) = self.entity(at, expr) else {
            return None;
        };
        let rule = &self.world.rules[rule];
        let (RuleKind::Value(named, None) | RuleKind::Score(named)) = rule.kind else {
            return None;
        };
        let inside = At {
            facts: at.facts.clone(),
            ..At::new(rule.unit, at.place)
        };
        is_time(&named.rule).then(|| self.number(&inside, &named.rule))?
    }

    /// `A < B` in different units: a constant is converted if it has an exact decimal in the other
    /// unit; otherwise both sides are multiplied.
    fn compare_converted(
        &mut self,
        at: &At<'a>,
        right: &Expr,
        a: &Typed,
        op: p::CompareOp,
        b: &Typed,
        rate: &Rate,
    ) -> Cond {
        let text = reading::compare(&a.number.text, op, &threshold_text(a, b));
        let exact = match b.number.kind {
            NumberKind::Const(value) => rate.exact(value),
            _ => None,
        };
        let (left, other) = match exact {
            Some(value) => {
                let constant = Typed {
                    number: constant(value, &value.to_string()),
                    unit: a.unit.clone(),
                    range: None,
                    fraction: None,
                };
                self.compare_range(at, right, a, op, &constant);
                (a.number.clone(), constant.number)
            }
            None => (rate.multiplied(&a.number), rate.opposite(&b.number)),
        };
        new(CondKind::compare(left, op, other), rate.told(&text))
    }

    /// `fever = present`, `level >= severe`, `low = no`: what is no number is compared in words.
    fn compared_code(
        &self,
        at: &At<'a>,
        left: &Expr,
        sign: ast::CompareOp,
        right: &Expr,
    ) -> Option<Diagnostic> {
        let entity = self.entity(at, left)?;
        let subject = self.written(at, left);
        let span = left.span.to(right.span);
        let equal = match sign {
            ast::CompareOp::Equal => Some(true),
            ast::CompareOp::NotEqual => Some(false),
            _ => None,
        };
        let told = |meant: String, certain| {
            let label = self.entity_label(entity);
            Some(d::compared_code(self.file(at), span, label, meant, certain))
        };
        if let Entity::Rule(rule) = entity
            && let RuleKind::Criterion(_) = self.world.rules[rule].kind
        {
            let (ExprKind::Bool(wanted), Some(equal)) = (&right.kind, equal) else {
                return None;
            };
            let not = if *wanted == equal { "" } else { "not " };
            return told(format!("{not}{subject}"), true);
        }
        let options = self.options_of(entity);
        let written = self.written(at, right);
        if let (Entity::Field(one), Some(Entity::Field(two)), Some(equal)) =
            (entity, self.entity(at, right), equal)
            && self.world.fields[one].table == self.world.fields[two].table
            && self.choice_without_points(at, left).is_some()
        {
            let is = if equal { "is" } else { "is not" };
            return told(format!("{subject} {is} {written}"), true);
        }
        let named = options.iter().position(|(value, name)| match &right.kind {
            ExprKind::Number(_) => {
                equal.is_some()
                    && *value == written
                    && self.choice_without_points(at, left).is_some()
            }
            ExprKind::Ref(_) | ExprKind::Bool(_) => *name == written,
            _ => false,
        })?;
        let (_, name) = options.get(named)?;
        match equal {
            Some(true) => told(format!("{subject} is {name}"), true),
            Some(false) => told(format!("{subject} is not {name}"), true),
            None => told(format!("{subject} in {{ {name}; … }}"), false),
        }
    }

    /// How the form calls it.
    fn entity_label(&self, entity: Entity<'a>) -> &'a str {
        match entity {
            Entity::Field(field) => &self.world.fields[field].ast.label.text,
            Entity::Rule(rule) => self.world.rules[rule].kind.label(),
            Entity::Judgement(judgement) => &self.world.judgements[judgement].ast.label.text,
            Entity::Table(table) => self.world.tables[table].label,
            Entity::Repeat(repeat) => &self.world.repeats[repeat].ast.label.text,
        }
    }

    fn choice_without_points(&self, at: &At<'a>, expr: &Expr) -> Option<Diagnostic> {
        let (ExprKind::Ref(path), Some(Entity::Field(field))) = (&expr.kind, self.entity(at, expr))
        else {
            return None;
        };
        let declared = &self.world.fields[field];
        let table = &self.world.tables[declared.table?];
        let lacking = table
            .codes
            .iter()
            .find(|c| !c.unknown && c.points.is_none())?;
        Some(d::code_without_points(
            self.file(at),
            path,
            declared.ast,
            lacking,
            self.world.file(table.unit),
        ))
    }

    /// Whether the units fit; if not, it was reported.
    fn compare_units(
        &mut self,
        at: &At<'a>,
        left: &Expr,
        a: &Typed,
        right: &Expr,
        b: &Typed,
    ) -> bool {
        if a.unit.fits(&b.unit) {
            return true;
        }
        let file = self.file(at);
        let bare = |expr: &Expr| match &expr.kind {
            ExprKind::Number(n) if n.unit.is_none() => Some(n.digits.clone()),
            ExprKind::Negative(inner) => match &inner.kind {
                ExprKind::Number(n) if n.unit.is_none() => Some(format!("-{}", n.digits)),
                _ => None,
            },
            _ => None,
        };
        let missing = match (&a.unit, &b.unit, bare(left), bare(right)) {
            (_, Unit::None, _, Some(digits)) => Some((right, &a.unit, digits)),
            (Unit::None, _, Some(digits), _) => Some((left, &b.unit, digits)),
            _ => None,
        };
        let number_first = matches!(left.kind, ExprKind::Number(_));
        self.diagnostics.push(match missing {
            Some((number, unit, digits)) => missing_unit(file, number.span, unit, &digits),
            None if number_first => {
                let found = d::unit_mismatch(file, left.span, b.unit.name(), a.unit.name());
                calculated(refitted(found, left, &b.unit), &b.unit, &a.unit)
            }
            None => {
                let found = d::unit_mismatch(file, right.span, a.unit.name(), b.unit.name());
                calculated(refitted(found, right, &a.unit), &a.unit, &b.unit)
            }
        });
        false
    }

    /// A threshold with more digits than what is compared lies between two values.
    fn compare_digits(&mut self, at: &At<'a>, span: Span, a: &Typed, threshold: &Number) {
        let (Some(fraction), Some(threshold)) = (a.fraction, constant_of(threshold)) else {
            return;
        };
        let fraction = u32::from(fraction);
        let nearest = |to| threshold.round_dp_with_strategy(fraction, to);
        let (below, above) = (
            nearest(RoundingStrategy::ToNegativeInfinity),
            nearest(RoundingStrategy::ToPositiveInfinity),
        );
        if below != above {
            let scale = usize::try_from(fraction).unwrap_or(0);
            self.diagnostics.push(d::threshold_between(
                self.file(at),
                span,
                (&a.number.text, a.unit.name().as_deref()),
                fraction,
                (&format!("{below:.scale$}"), &format!("{above:.scale$}")),
            ));
        }
    }

    /// A threshold outside the range of its field is always or never met.
    fn compare_range(&mut self, at: &At<'a>, right: &Expr, a: &Typed, op: p::CompareOp, b: &Typed) {
        let (Some((min, max)), Some(threshold)) = (a.range, constant_of(&b.number)) else {
            return;
        };
        let (always, never) = match op {
            p::CompareOp::Less => (max < threshold, min >= threshold),
            p::CompareOp::LessEqual => (max <= threshold, min > threshold),
            p::CompareOp::Greater => (min > threshold, max <= threshold),
            p::CompareOp::GreaterEqual => (min >= threshold, max < threshold),
            p::CompareOp::Equal => (false, threshold < min || threshold > max),
            p::CompareOp::NotEqual => (threshold < min || threshold > max, false),
        };
        if always || never {
            let range = format!("{min}〜{max}");
            self.diagnostics.push(d::threshold_outside(
                self.file(at),
                right.span,
                &a.number.text,
                &range,
                always,
            ));
        }
    }

    /// `A in 30 ..< 45`, as two comparisons.
    pub(super) fn in_range(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        low: &'a ast::NumberLiteral,
        high: &'a ast::NumberLiteral,
        ends: ast::RangeEnds,
    ) -> Option<Cond> {
        let (a, time) = (self.number(at, subject)?, is_time(subject));
        let period = self.period(at, subject);
        let period = period.filter(|_| ends.high || !ends.low);
        let (from, to) = (self.literal(at, low)?, self.literal(at, high)?);
        let unit = Unit::of(high.unit.as_ref().or(low.unit.as_ref()));
        let end = Typed {
            number: constant(to, &high.digits),
            unit,
            range: None,
            fraction: None,
        };
        let own = Unit::of(low.unit.as_ref());
        if low.unit.is_some() && own != end.unit {
            let file = self.file(at);
            let (unit, other) = (end.unit.name(), own.name());
            self.diagnostics
                .push(d::unit_mismatch(file, low.span, unit, other));
        }
        let rate = if a.unit.fits(&end.unit) {
            None
        } else {
            self.rate(at, &a, &end)
        };
        if rate.is_none() && !a.unit.fits(&end.unit) {
            let file = self.file(at);
            self.diagnostics.push(match (&a.unit, &end.unit) {
                (unit, Unit::None) => missing_unit(file, high.span, unit, &high.digits),
                _ => calculated(
                    d::unit_mismatch(file, high.span, a.unit.name(), end.unit.name()),
                    &a.unit,
                    &end.unit,
                ),
            });
        }
        if rate.is_none() && a.unit.fits(&end.unit) {
            self.compare_digits(at, low.span, &a, &constant(from, &low.digits));
            self.compare_digits(at, high.span, &a, &end.number);
            if let Some(period) = period {
                self.check_range(at, period, (subject, low, high), ends);
            }
        }
        if from > to || (from == to && !(ends.low && ends.high)) {
            self.diagnostics
                .push(d::empty_range(self.file(at), low.span.to(high.span)));
        }
        let (from_op, from_word) = if ends.low {
            (p::CompareOp::GreaterEqual, "以上")
        } else {
            (p::CompareOp::Greater, "を超え")
        };
        let (op, word) = if ends.high {
            (p::CompareOp::LessEqual, "以下")
        } else {
            (p::CompareOp::Less, "未満")
        };
        let upper = threshold_text(&a, &end);
        let lower = reading::grouped(&low.digits);
        let text = format!("{}が{lower}{from_word}{upper}{word}", a.number.text);
        let mut low_end = constant(from, &low.digits);
        let (mut subject, mut high_end) = (a.number, end.number);
        let mut told = text;
        if let Some(rate) = rate {
            match (rate.exact(from), rate.exact(to)) {
                (Some(from), Some(to)) => {
                    low_end = constant(from, &low.digits);
                    high_end = constant(to, &high.digits);
                }
                _ => {
                    subject = rate.multiplied(&subject);
                    low_end = rate.opposite(&low_end);
                    high_end = rate.opposite(&high_end);
                }
            }
            told = rate.told(&told);
        }
        let compared = |op, end: &Number, told: &str| match time {
            true => compare_time(&subject, op, end, told).kind,
            false => CondKind::compare(subject.clone(), op, end.clone()),
        };
        let at_least = compared(from_op, &low_end, &lower);
        let below = compared(op, &high_end, &upper);
        let mut inside = new(
            CondKind::All(vec![
                new(
                    at_least,
                    format!("{lower}{}", if ends.low { "以上" } else { "を超える" }),
                ),
                new(below, format!("{upper}{word}")),
            ]),
            told,
        );
        if let Some(period) = period {
            period.tell(&subject, &mut inside);
        }
        Some(inside)
    }
}

/// The finding about the number `digits`, which stands without this unit.
fn missing_unit(file: &str, number: Span, unit: &Unit, digits: &str) -> Diagnostic {
    let name = unit.name().unwrap_or_default();
    if unit.is_derived() {
        return d::calculated_unit_missing(file, number, &name, digits);
    }
    d::unit_missing(file, number, &name, digits)
}

/// The finding about another unit than the one that was calculated, with what to write: if one
/// factor is too many, what to divide by.
fn calculated(found: Diagnostic, unit: &Unit, other: &Unit) -> Diagnostic {
    let Some(name) = unit.name().filter(|_| unit.is_derived()) else {
        return found;
    };
    match (unit.divided_by(other).factor(), other.name()) {
        (Some(factor), Some(other)) => d::factor_too_many(found, &name, &factor, &other),
        _ => d::calculated_unit(found, &name),
    }
}

/// The finding about a number in another unit than `wanted`, with the number as it is surely meant.
fn refitted(found: Diagnostic, number: &Expr, wanted: &Unit) -> Diagnostic {
    let ExprKind::Number(literal) = &number.kind else {
        return found;
    };
    let unit = literal.unit.as_ref();
    let unit = unit.map_or_else(String::new, |unit| normal_unit(&unit.text));
    if *wanted == Unit::None && !d::is_points(&unit) && !d::is_large(&unit) {
        return d::unit_needless(found, &literal.digits, &unit);
    }
    d::refitted(found, &literal.digits, &unit, wanted.name().as_deref())
}

pub(super) fn typed(kind: NumberKind, text: String, unit: Unit) -> Typed {
    Typed {
        number: Number { kind, text },
        unit,
        range: None,
        fraction: None,
    }
}

/// A number that counts whole units.
pub(super) fn whole(kind: NumberKind, text: String, unit: Unit) -> Typed {
    Typed {
        fraction: Some(0),
        ..typed(kind, text, unit)
    }
}

/// The number of `2点 when …`.
fn weight_in_points(member: &Expr) -> Option<&ast::NumberLiteral> {
    match &member.kind {
        ExprKind::Labelled(_, inner) => weight_in_points(inner),
        ExprKind::Points { amount, .. } => match &amount.kind {
            ExprKind::Number(literal) => {
                let unit = literal.unit.as_ref()?;
                d::is_points(&unit.text).then_some(literal)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether an expression counts whole units: years, months, days, or how many hold.
fn counts_whole(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Age { .. } | ExprKind::Elapsed { .. } => true,
        ExprKind::Block { quantifier, .. }
        | ExprKind::Each { quantifier, .. }
        | ExprKind::Includes { quantifier, .. } => *quantifier == Quantifier::Count,
        _ => false,
    }
}

pub(super) fn constant(value: Decimal, digits: &str) -> Number {
    Number {
        kind: NumberKind::Const(value),
        text: digits.to_owned(),
    }
}

/// The right side of a comparison: a constant takes the words of the left side's unit.
fn threshold_text(a: &Typed, b: &Typed) -> String {
    let age = is_age(a);
    match b.number.kind {
        NumberKind::Const(_) => {}
        NumberKind::If(..) => return bracketed(&choice_text(&b.number, age)),
        _ => return b.number.text.clone(),
    }
    let text = b.number.text.as_str();
    let (sign, text) = match text.strip_prefix(['−', '-']) {
        Some(rest) => ("−", rest),
        None => ("", text),
    };
    let digits = text
        .split(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
        .next()
        .unwrap_or_default()
        .replace(',', "");
    let amount = match b.unit.name().or_else(|| a.unit.name()) {
        Some(unit) => reading::quantity(&digits, Some(unit_reading(&unit, age))),
        None => reading::grouped(&digits),
    };
    format!("{sign}{amount}")
}

/// Whether an expression counts the time between days.
fn is_time(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Age { .. } | ExprKind::Elapsed { .. })
}

fn is_age(number: &Typed) -> bool {
    number.number.text.ends_with("年齢")
}

/// Whether a number is made of whole years between dates, which become whole months.
fn count_in_months(number: &mut Number) -> bool {
    match &mut number.kind {
        NumberKind::Elapsed { unit, .. } => {
            *unit = p::ElapsedUnit::Months;
            true
        }
        NumberKind::Max(parts) | NumberKind::Min(parts) => parts.iter_mut().all(count_in_months),
        NumberKind::If(_, one, two) => count_in_months(one) && count_in_months(two),
        _ => false,
    }
}

/// 男性の場合は70年、それ以外は75年: what is itself chosen stands in parentheses, but where the
/// last part goes on with further cases.
fn if_text(condition: &Cond, then: &Number, otherwise: &Number, goes_on: bool) -> String {
    let inner = match then.kind {
        NumberKind::If(..) => bracketed(&then.text),
        _ => then.text.clone(),
    };
    if goes_on {
        reading::first_match(&condition.text, &inner, &otherwise.text)
    } else {
        reading::if_else(&condition.text, &inner, &otherwise.text)
    }
}

/// A chosen number as it is read; of an age in years the constants are 歳.
fn choice_text(number: &Number, age: bool) -> String {
    let NumberKind::If(condition, then, otherwise) = &number.kind else {
        let years = number.text.strip_suffix(unit_reading("years", false));
        return match (&number.kind, years) {
            (NumberKind::Const(_), Some(digits)) if age => {
                format!("{digits}{}", unit_reading("years", true))
            }
            _ => number.text.clone(),
        };
    };
    let same = |goes_on: &bool| number.text == if_text(condition, then, otherwise, *goes_on);
    // Bands are read in words of their own.
    let Some(goes_on) = [true, false].into_iter().find(same) else {
        return number.text.clone();
    };
    let part = |part: &Number| Number {
        kind: part.kind.clone(),
        text: choice_text(part, age),
    };
    if_text(condition, &part(then), &part(otherwise), goes_on)
}

fn bracketed(text: &str) -> String {
    format!("（{text}）")
}

/// An operand as it is read, in parentheses where the order of operations needs them.
fn operand(expr: &Expr, op: p::ArithmeticOp, text: &str, right: bool) -> String {
    let inner = match &expr.kind {
        ExprKind::Arithmetic { op, .. } => *op,
        ExprKind::If { .. } | ExprKind::FirstMatch { .. } | ExprKind::Bands { .. } => {
            return format!("（{text}）");
        }
        _ => return text.to_owned(),
    };
    let inner_adds = matches!(inner, ast::ArithmeticOp::Add | ast::ArithmeticOp::Subtract);
    let needed = match op {
        p::ArithmeticOp::Add => false,
        p::ArithmeticOp::Subtract => right && inner_adds,
        p::ArithmeticOp::Multiply => inner_adds,
        p::ArithmeticOp::Divide => inner_adds || right,
    };
    if needed {
        format!("（{text}）")
    } else {
        text.to_owned()
    }
}

fn elapsed_unit(unit: ast::ElapsedUnit) -> Unit {
    let name = match unit {
        ast::ElapsedUnit::Years => "years",
        ast::ElapsedUnit::Months => "months",
        ast::ElapsedUnit::Days => "days",
    };
    Unit::Named(name.to_owned())
}

pub(super) fn elapsed_of(unit: ast::ElapsedUnit) -> p::ElapsedUnit {
    match unit {
        ast::ElapsedUnit::Years => p::ElapsedUnit::Years,
        ast::ElapsedUnit::Months => p::ElapsedUnit::Months,
        ast::ElapsedUnit::Days => p::ElapsedUnit::Days,
    }
}

/// The name of a unit of time beside a number.
fn unit_name(unit: ast::TimeUnit) -> &'static str {
    match unit {
        ast::TimeUnit::Days => "days",
        ast::TimeUnit::Weeks => "weeks",
        ast::TimeUnit::Months => "months",
        ast::TimeUnit::Years => "years",
    }
}

/// Digits after the point of a number of this type.
fn fraction_of(kind: &TypeKind) -> Option<u8> {
    match kind {
        TypeKind::Integer { .. } => Some(0),
        TypeKind::Decimal { fraction, .. } => Some(*fraction),
        _ => None,
    }
}

/// Whether a factor is a number without unit, or one that only says what is counted, which may stand
/// for a conversion or for a unit that nobody wrote (回 for 回/日); 1 does not.
fn is_coefficient(factor: &Typed) -> bool {
    let counted = factor.unit.product();
    let bare = counted.is_some_and(|unit| unit.uncounted().is_empty());
    bare && constant_of(&factor.number) != Some(Decimal::ONE)
}

/// The unit of `power(x, 2)`.
fn power_unit(arguments: &[Typed]) -> Unit {
    let [base, exponent] = arguments else {
        return Unit::Any;
    };
    let whole = constant_of(&exponent.number).filter(|power| power.fract().is_zero());
    match whole.and_then(|power| i32::try_from(power).ok()) {
        Some(power) => base.unit.raised(power),
        None => Unit::Any,
    }
}

pub(super) fn compare_op(op: ast::CompareOp) -> p::CompareOp {
    match op {
        ast::CompareOp::Less => p::CompareOp::Less,
        ast::CompareOp::LessEqual => p::CompareOp::LessEqual,
        ast::CompareOp::Equal => p::CompareOp::Equal,
        ast::CompareOp::NotEqual => p::CompareOp::NotEqual,
        ast::CompareOp::GreaterEqual => p::CompareOp::GreaterEqual,
        ast::CompareOp::Greater => p::CompareOp::Greater,
    }
}

/// Whether the language itself has a function of this name.
pub(super) fn is_built_in(name: &str) -> bool {
    function(name).is_some()
}

/// A function with the number of its arguments and its Japanese word.
fn function(name: &str) -> Option<(Function, usize, &'static str)> {
    Some(match name {
        "abs" => (Function::Abs, 1, "絶対値"),
        "round" => (Function::Round, 2, "四捨五入"),
        "floor" => (Function::Floor, 1, "切り捨て"),
        "ceiling" => (Function::Ceiling, 1, "切り上げ"),
        "sqrt" => (Function::Sqrt, 1, "平方根"),
        "ln" => (Function::Ln, 1, "自然対数"),
        "exp" => (Function::Exp, 1, "指数関数"),
        "power" => (Function::Power, 2, "べき乗"),
        _ => return None,
    })
}

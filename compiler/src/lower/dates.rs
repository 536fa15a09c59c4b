//! Dates: moments, windows of time, and numbers that depend on the day of judgement.

mod calendar;
mod day;
pub(super) use day::{Day, compare_days, compare_time, elapsed};

use super::cond::new;
use super::number::constant;
use super::unit::{Unit, normal_unit, unit_reading};
use super::{At, Ctx};
use crate::diagnostics as d;
use crate::reading;
use crate::world::Entity;
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{self, Expr, ExprKind, Length, Quantifier, TimeUnit, TypeKind};
use kohyo_engine::Date;
use kohyo_engine::program as p;
use kohyo_engine::program::{CompareOp, Cond, CondKind, Moment, Number, NumberKind};

/// A longer shift passes every date there is.
const LONGEST_SHIFT: u32 = 4_000_000;

impl<'a> Ctx<'_, 'a> {
    /// Whether `expr` can only be a date.
    pub(super) fn is_date(&self, at: &At<'a>, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Date(_) | ExprKind::Today => true,
            ExprKind::Ref(_) => match self.entity(at, expr) {
                Some(Entity::Field(field)) => is_date_type(&self.world.fields[field].ast.ty.kind),
                _ => false,
            },
            ExprKind::Arithmetic { left, .. } => self.is_date(at, left),
            ExprKind::Block { quantifier, .. } | ExprKind::Each { quantifier, .. } => {
                matches!(quantifier, Quantifier::Earliest | Quantifier::Latest)
            }
            _ => false,
        }
    }

    /// A date, or the first or last of several.
    pub(super) fn day(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Day> {
        match &expr.kind {
            ExprKind::Block {
                quantifier: quantifier @ (Quantifier::Earliest | Quantifier::Latest),
                members,
            } => {
                if members.is_empty() {
                    return self.report(d::empty_block(self.file(at), expr.span));
                }
                let days: Vec<Option<Day>> = members.iter().map(|m| self.day(at, m)).collect();
                let days: Vec<Day> = days.into_iter().collect::<Option<_>>()?;
                let texts: Vec<&str> = days.iter().map(|day| day.text.as_str()).collect();
                let text = reading::day_of(&texts, *quantifier == Quantifier::Earliest);
                self.one_of(at, *quantifier, days, text, expr)
            }
            ExprKind::Each {
                quantifier: quantifier @ (Quantifier::Earliest | Quantifier::Latest),
                ..
            } => {
                let (days, text) = self.each_day(at, expr)?;
                self.one_of(at, *quantifier, days, text, expr)
            }
            ExprKind::Labelled(label, inner) => {
                let mut day = self.day(at, inner)?;
                day.called(|_| label.text.clone());
                Some(day)
            }
            ExprKind::Arithmetic { .. } => self.shifted_day(at, expr),
            _ => {
                let (moment, text) = self.moment(at, expr)?;
                Some(Day::one(moment, text))
            }
        }
    }

    /// The first or last of these days.
    fn one_of(
        &mut self,
        at: &At<'a>,
        quantifier: Quantifier,
        days: Vec<Day>,
        text: String,
        expr: &Expr,
    ) -> Option<Day> {
        let earliest = quantifier == Quantifier::Earliest;
        let mut moments = Vec::new();
        for day in days {
            if day.is_other_than(earliest) {
                return self.report(d::mixed_days(self.file(at), expr.span));
            }
            moments.extend(day.moments);
        }
        Some(Day {
            moments,
            earliest,
            text,
        })
    }

    /// `onset + 6 months`.
    fn shifted_day(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<Day> {
        let file = self.file(at);
        if let Some(found) = self.difference(at, expr) {
            return self.report(found);
        }
        let ExprKind::Arithmetic { left, op, right } = &expr.kind else {
            return self.report(d::date_expected(file, expr.span));
        };
        let base = self.day(at, left)?;
        let backwards = match op {
            ast::ArithmeticOp::Add => false,
            ast::ArithmeticOp::Subtract => true,
            ast::ArithmeticOp::Multiply | ast::ArithmeticOp::Divide => {
                return self.report(d::bad_shift(file, expr.span));
            }
        };
        match span_of_time(right).filter(|_| !base.is_shifted()) {
            Some(length) => Some(base.shifted(length, backwards)),
            None => self.report(d::bad_shift(file, right.span)),
        }
    }

    /// One date with its reading.
    fn moment(&mut self, at: &At<'a>, expr: &'a Expr) -> Option<(Moment, String)> {
        let file = self.file(at);
        match &expr.kind {
            ExprKind::Today => Some((Moment::Today, "判定日".to_owned())),
            ExprKind::Date(literal) => {
                let date = date(*literal)?;
                Some((Moment::Const(date), reading::date(date)))
            }
            ExprKind::Ref(path) => match self.resolve(at, path)? {
                Entity::Field(field) if is_date_type(&self.world.fields[field].ast.ty.kind) => {
                    Some((
                        Moment::Field(self.read(at, field, expr)),
                        self.label(at, field),
                    ))
                }
                _ => self.report(d::date_expected(file, expr.span)),
            },
            ExprKind::Points { .. } => self.report(d::chosen_date(file, expr.span)),
            _ => self.report(d::date_expected(file, expr.span)),
        }
    }

    /// `visit - onset`: time between dates is counted in a unit.
    pub(super) fn difference(&self, at: &At<'a>, expr: &Expr) -> Option<Diagnostic> {
        let ExprKind::Arithmetic {
            left,
            op: ast::ArithmeticOp::Subtract,
            right,
        } = &expr.kind
        else {
            return None;
        };
        let dates = self.is_date(at, left) && self.is_date(at, right);
        dates.then(|| {
            let (later, earlier) = (self.written(at, left), self.written(at, right));
            d::date_difference(self.file(at), expr.span, &earlier, &later)
        })
    }

    /// `A within 6 months of B`: the later of the two days is at most so far from the earlier one.
    /// Only the earlier day is ever shifted, so that `A within N before B` says the same as
    /// `B within N after A`.
    pub(super) fn within(
        &mut self,
        at: &At<'a>,
        subject: &'a Expr,
        length: Length,
        side: ast::WindowSide,
        of: &'a Expr,
    ) -> Option<Cond> {
        let (a, b) = (self.day(at, subject), self.day(at, of));
        let (a, b) = (a?, b?);
        if a.is_shifted() || b.is_shifted() || length.in_one_unit().0 > LONGEST_SHIFT {
            return self.report(d::bad_shift(self.file(at), subject.span.to(of.span)));
        }
        let (window, word) = match side {
            ast::WindowSide::Both => ("の前後", "以内"),
            ast::WindowSide::Before => ("の前", "以内（当日を含む）"),
            ast::WindowSide::After => ("の後", "以内（当日を含む）"),
        };
        let time = time_text(length, false);
        let text = format!("{}が{}{window}{time}{word}", a.text, b.text);
        let not_after = |a: &Day, b: &Day| compare_days(a, CompareOp::LessEqual, b);
        let later = |day: &Day| day.clone().shifted(length, false);
        let bounds = match side {
            ast::WindowSide::Both => vec![not_after(&a, &later(&b)), not_after(&b, &later(&a))],
            ast::WindowSide::Before => vec![not_after(&a, &b), not_after(&b, &later(&a))],
            ast::WindowSide::After => vec![not_after(&b, &a), not_after(&a, &later(&b))],
        };
        Some(new(CondKind::All(bounds), text))
    }

    /// `threshold igg4_high "…" "mg/dL" { 135 from …; 110 from … }`.
    pub(super) fn threshold(
        &mut self,
        at: &At<'a>,
        threshold: &'a ast::Threshold,
    ) -> Option<p::Rule> {
        let file = self.file(at);
        let unit = Unit::of(threshold.unit.as_ref());
        if threshold.periods.is_empty() {
            return self.report(d::empty_block(file, threshold.name.span));
        }
        self.check_periods(file, threshold);
        self.check_first_day(at, threshold);
        let name = unit.name();
        let words = name.as_deref().map(|u| unit_reading(u, false));
        // From the latest period to the earliest; before that there is no value.
        let mut number = nothing();
        let mut texts = Vec::new();
        for period in &threshold.periods {
            let (Some(value), Some(from)) = (self.literal(at, &period.value), date(period.from))
            else {
                return None;
            };
            let to = period.to.and_then(date);
            let own = Unit::of(period.value.unit.as_ref());
            if period.value.unit.is_some() && !own.fits(&unit) {
                let found = (unit.name(), own.name());
                self.diagnostics
                    .push(d::unit_mismatch(file, period.value.span, found.0, found.1));
            }
            let amount = reading::quantity(&period.value.digits, words);
            let last = to.map_or_else(String::new, reading::date);
            let until = if to.is_some() {
                format!("{last}まで")
            } else {
                String::new()
            };
            texts.push(format!("{}から{until}は{amount}", reading::date(from)));
            let mut own = constant(value, &amount);
            if let Some(to) = to {
                own = choose(today(CompareOp::LessEqual, to), own, nothing());
            }
            number = choose(today(CompareOp::GreaterEqual, from), own, number);
        }
        number.text = texts.join("、");
        Some(p::Rule::Number {
            number,
            unit: name,
            fraction: None,
            covered: false,
        })
    }

    /// That a threshold has a value on the first day of the edition that declares it.
    fn check_first_day(&mut self, at: &At<'a>, threshold: &ast::Threshold) {
        let unit = self.world.units.get(at.site.unit);
        let header = unit.and_then(|unit| unit.parsed.file.header.as_ref());
        let edition = header.and_then(|header| date(header.edition.as_ref()?.from));
        let first = threshold
            .periods
            .first()
            .and_then(|period| date(period.from));
        if let (Some(edition), Some(first)) = (edition, first)
            && edition.first_day() < first.first_day()
        {
            let (edition, first) = (reading::date(edition), reading::date(first));
            let found = d::late_threshold(self.file(at), &threshold.name, &edition, &first);
            self.diagnostics.push(found);
        }
    }

    fn check_periods(&mut self, file: &str, threshold: &ast::Threshold) {
        let days = |period: &ast::Period| {
            let from = date(period.from).map_or(0, Date::first_day);
            (from, period.to.and_then(date).map(Date::last_day))
        };
        for period in &threshold.periods {
            if let (from, Some(to)) = days(period)
                && to < from
            {
                let what = "の終わりが初めより前です";
                self.diagnostics
                    .push(d::period_order(file, period.span, what));
            }
        }
        for pair in threshold.periods.windows(2) {
            let [a, b] = pair else { continue };
            let wrong = match (days(a), days(b)) {
                ((_, None), _) => Some("が重なっています（前の期間に終わりがありません）"),
                ((_, Some(end)), (start, _)) if start <= end => Some("が重なっています"),
                ((_, Some(end)), (start, _)) if start > end + 1 => Some("の間に抜けた日があります"),
                _ => None,
            };
            if let Some(what) = wrong {
                self.diagnostics.push(d::period_order(file, b.span, what));
            }
        }
        if let Some(last) = threshold.periods.last().and_then(|p| date(p.to?)) {
            let last = reading::date(last);
            self.diagnostics
                .push(d::threshold_expires(file, &threshold.name, &last));
        }
    }
}

fn is_date_type(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Date | TypeKind::Month | TypeKind::Year)
}

fn date(literal: ast::DateLiteral) -> Option<Date> {
    Date::day(literal.year, literal.month, literal.day)
}

pub(super) fn nothing() -> Number {
    Number {
        kind: NumberKind::Nothing,
        text: "値なし".to_owned(),
    }
}

fn choose(condition: Cond, then: Number, otherwise: Number) -> Number {
    let text = reading::if_else(&condition.text, &then.text, &otherwise.text);
    Number {
        kind: NumberKind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
        text,
    }
}

fn today(op: CompareOp, day: Date) -> Cond {
    new(
        CondKind::CompareDates {
            left: Moment::Today,
            op,
            right: Moment::Const(day),
        },
        reading::compare_dates("判定日", op, &reading::date(day)),
    )
}

/// `6 months`, `1 year 6 months`.
fn span_of_time(expr: &Expr) -> Option<Length> {
    let literal = match &expr.kind {
        ExprKind::Length(length) => {
            return Some(*length).filter(|length| length.in_one_unit().0 <= LONGEST_SHIFT);
        }
        ExprKind::Number(literal) => literal,
        _ => return None,
    };
    let count: u32 = literal.digits.parse().ok()?;
    let unit = match normal_unit(&literal.unit.as_ref()?.text).as_str() {
        "days" => TimeUnit::Days,
        "weeks" => TimeUnit::Weeks,
        "months" => TimeUnit::Months,
        "years" => TimeUnit::Years,
        _ => return None,
    };
    let rest = None;
    (count <= LONGEST_SHIFT).then_some(Length { count, unit, rest })
}

/// 6か月, 1年6か月, 7歳6か月
pub(super) fn time_text(length: Length, age: bool) -> String {
    let (unit, smaller) = match length.unit {
        TimeUnit::Days => ("日", ""),
        TimeUnit::Weeks => ("週間", "日"),
        TimeUnit::Months => ("か月", ""),
        TimeUnit::Years if age => ("歳", "か月"),
        TimeUnit::Years => ("年", "か月"),
    };
    match length.rest {
        None => format!("{}{unit}", length.count),
        Some(rest) => format!("{}{unit}{rest}{smaller}", length.count),
    }
}

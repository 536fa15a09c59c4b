//! Calendar months and years: `month of relapse > month of onset`, and where dates that are asked to
//! the month need them.

use super::super::number::elapsed_of;
use super::super::{At, Ctx, Place};
use super::{Day, compare_time, elapsed, span_of_time};
use crate::diagnostics as d;
use crate::reading;
use crate::world::Entity;
use kohyo_dsl::ast::{self, Expr, ExprKind, TimeUnit, TypeKind};
use kohyo_engine::Date;
use kohyo_engine::program::{CompareOp, Cond, Moment, Number};

/// `month of onset + 6 months`.
struct Calendar<'a> {
    unit: ast::ElapsedUnit,
    of: &'a Expr,
    /// What is added, and whether it is taken off instead.
    shift: Option<(&'a Expr, bool)>,
}

impl Calendar<'_> {
    fn word(&self) -> &'static str {
        word(self.unit)
    }

    /// Whether it can be shifted by so many of these: a month by months and years, a year by years.
    fn moves_by(&self, unit: TimeUnit) -> bool {
        match unit {
            TimeUnit::Years => true,
            TimeUnit::Months => self.unit == ast::ElapsedUnit::Months,
            TimeUnit::Weeks | TimeUnit::Days => false,
        }
    }
}

impl<'a> Ctx<'_, 'a> {
    /// `month of A < month of B`; nothing if neither side is a calendar month or year.
    pub(in crate::lower) fn compare_calendar(
        &mut self,
        at: &At<'a>,
        left: &'a Expr,
        op: CompareOp,
        right: &'a Expr,
    ) -> Option<Option<Cond>> {
        let (one, other) = match (calendar(left), calendar(right)) {
            (None, None) => return None,
            (Some(one), Some(other)) if one.unit == other.unit => (one, other),
            (Some(one), _) => return Some(self.calendar_beside(at, &one, right)),
            (None, Some(other)) => return Some(self.calendar_beside(at, &other, left)),
        };
        let (a, b) = (self.calendar_day(at, &one), self.calendar_day(at, &other));
        let (Some(a), Some(b)) = (a, b) else {
            return Some(None);
        };
        let by = match one.unit {
            ast::ElapsedUnit::Years => "年",
            ast::ElapsedUnit::Months | ast::ElapsedUnit::Days => "月",
        };
        let text = format!(
            "{}（{by}で比べる）",
            reading::compare_dates(&a.text, op, &b.text)
        );
        let compared = compare_time(
            &counted(one.unit, &a),
            op,
            &counted(other.unit, &b),
            &b.text,
        );
        Some(Some(Cond { text, ..compared }))
    }

    /// Reports what a calendar month or year is compared with instead of another one.
    fn calendar_beside<T>(&mut self, at: &At<'a>, one: &Calendar<'_>, other: &Expr) -> Option<T> {
        let (word, file) = (one.word(), self.file(at));
        let help = match &other.kind {
            ExprKind::Date(_) => {
                let date = self.written(at, one.of);
                format!("決まった日付とは、`{date} >= 2020-04-01` のようにそのまま比べます")
            }
            _ if calendar(other).is_some() => {
                "両側を `month of …` か、両側を `year of …` にします".to_owned()
            }
            ExprKind::Ref(_) if self.is_date(at, other) => {
                format!("`{word} of {}` と書きます", self.written(at, other))
            }
            _ => format!("例: `{word} of visit >= {word} of onset`"),
        };
        self.report(d::calendar_alone(file, other.span, word, help))
    }

    /// `month of onset` where a number is expected.
    pub(in crate::lower) fn calendar_number<T>(
        &mut self,
        at: &At<'a>,
        unit: ast::ElapsedUnit,
        expr: &Expr,
    ) -> Option<T> {
        let file = self.file(at);
        self.report(d::calendar_is_no_number(file, expr.span, word(unit)))
    }

    /// A day in the month or year.
    fn calendar_day(&mut self, at: &At<'a>, calendar: &Calendar<'a>) -> Option<Day> {
        let day = self.day(at, calendar.of)?;
        let Some((length, backwards)) = calendar.shift else {
            return Some(day);
        };
        match span_of_time(length) {
            Some(time) if calendar.moves_by(time.in_one_unit().1) && !day.is_shifted() => {
                Some(day.shifted(time, backwards))
            }
            _ => {
                let file = self.file(at);
                self.report(d::calendar_shift(file, length.span, calendar.word()))
            }
        }
    }

    /// Warns of a date that is asked to the month or year, where a month or year stays open.
    pub(in crate::lower) fn check_coarse(
        &mut self,
        at: &At<'a>,
        left: &'a Expr,
        op: CompareOp,
        right: &'a Expr,
    ) {
        // A check that is not decided finds nothing, which is what it is meant to.
        if matches!(at.place, Place::Check | Place::Form) {
            return;
        }
        for (one, seen, other) in [(left, op, right), (right, op.turned(), left)] {
            let Some((label, unit)) = self.coarse(at, one) else {
                continue;
            };
            let file = self.file(at);
            let span = left.span.to(right.span);
            let found = match &other.kind {
                ExprKind::Date(literal) if cuts(*literal, seen, unit) => {
                    d::inside_month(file, span, label, word(unit))
                }
                ExprKind::Ref(_) if self.is_date(at, other) => {
                    // The coarser of the two is told, the first of two alike.
                    let unit = match self.coarse(at, other) {
                        Some((_, ast::ElapsedUnit::Years)) => ast::ElapsedUnit::Years,
                        _ => unit,
                    };
                    let word = word(unit);
                    let sign = op.sign();
                    let (left, right) = (self.written(at, left), self.written(at, right));
                    let remedy = format!("{word} of {left} {sign} {word} of {right}");
                    d::same_month(file, span, label, word, &remedy)
                }
                _ => continue,
            };
            self.diagnostics.push(found);
            return;
        }
    }

    /// The label of a question that is asked to the month or year.
    fn coarse(&self, at: &At<'a>, expr: &Expr) -> Option<(&'a str, ast::ElapsedUnit)> {
        let (ExprKind::Ref(_), Some(Entity::Field(field))) = (&expr.kind, self.entity(at, expr))
        else {
            return None;
        };
        let field = self.world.fields[field].ast;
        let unit = match field.ty.kind {
            TypeKind::Month => ast::ElapsedUnit::Months,
            TypeKind::Year => ast::ElapsedUnit::Years,
            _ => return None,
        };
        Some((&field.label.text, unit))
    }
}

/// What `month of onset + 6 months` says.
fn calendar(expr: &Expr) -> Option<Calendar<'_>> {
    match &expr.kind {
        ExprKind::Calendar { unit, of } => Some(Calendar {
            unit: *unit,
            of,
            shift: None,
        }),
        ExprKind::Labelled(_, inner) => calendar(inner),
        ExprKind::Arithmetic { left, op, right } => {
            let backwards = match op {
                ast::ArithmeticOp::Add => false,
                ast::ArithmeticOp::Subtract => true,
                ast::ArithmeticOp::Multiply | ast::ArithmeticOp::Divide => return None,
            };
            let calendar = calendar(left).filter(|calendar| calendar.shift.is_none())?;
            Some(Calendar {
                shift: Some((right, backwards)),
                ..calendar
            })
        }
        _ => None,
    }
}

/// Which calendar month or year it is, counted from the first day there is.
fn counted(unit: ast::ElapsedUnit, day: &Day) -> Number {
    let first = Day::one(Moment::Const(Date::FIRST), String::new());
    let told = |_: &str, day: &str| day.to_owned();
    elapsed(elapsed_of(unit), &first, day, &told)
}

/// Whether a written day lies inside of its month or year where `op` divides the days.
fn cuts(literal: ast::DateLiteral, op: CompareOp, unit: ast::ElapsedUnit) -> bool {
    let Some(day) = Date::day(literal.year, literal.month, literal.day) else {
        return false;
    };
    let whole = match unit {
        ast::ElapsedUnit::Years => Date::year(day.year_number()),
        ast::ElapsedUnit::Months | ast::ElapsedUnit::Days => {
            Date::month(literal.year, literal.month)
        }
    };
    let Some(whole) = whole else { return false };
    match op {
        CompareOp::Less | CompareOp::GreaterEqual => day.first_day() != whole.first_day(),
        CompareOp::Greater | CompareOp::LessEqual => day.first_day() != whole.last_day(),
        CompareOp::Equal | CompareOp::NotEqual => true,
    }
}

/// How the language calls it.
fn word(unit: ast::ElapsedUnit) -> &'static str {
    match unit {
        ast::ElapsedUnit::Years => "year",
        ast::ElapsedUnit::Months | ast::ElapsedUnit::Days => "month",
    }
}

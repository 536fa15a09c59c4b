//! An age or a time between days that is counted in one unit and compared with a number in another:
//! `age at visit <= 12 months`.

use super::number::Typed;
use super::{At, Ctx};
use crate::diagnostics as d;
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{ElapsedUnit, Expr, ExprKind};
use kohyo_engine::program::CompareOp;

impl<'a> Ctx<'_, 'a> {
    /// The same comparison, counted in the unit of the number, on whichever side it stands.
    pub(super) fn recounted(
        &self,
        at: &At<'a>,
        (left, a): (&'a Expr, &Typed),
        op: CompareOp,
        (right, b): (&'a Expr, &Typed),
    ) -> Option<Diagnostic> {
        self.recounted_beside(at, (left, a), op, (right, b))
            .or_else(|| self.recounted_beside(at, (right, b), op.turned(), (left, a)))
    }

    /// Of an age on the left and a number on the right.
    fn recounted_beside(
        &self,
        at: &At<'a>,
        (left, a): (&'a Expr, &Typed),
        op: CompareOp,
        (right, b): (&'a Expr, &Typed),
    ) -> Option<Diagnostic> {
        let ExprKind::Number(literal) = &right.kind else {
            return None;
        };
        let (counted, unit) = (a.unit.name()?, b.unit.name()?);
        let wanted = match unit.as_str() {
            "months" => ElapsedUnit::Months,
            "days" => ElapsedUnit::Days,
            _ => return None,
        };
        let subject = self.counted_in(at, left, wanted)?;
        let written = self.words_at(at, left.span);
        let number = self.words_at(at, right.span);
        let months: Option<u32> = literal.digits.parse().ok();
        let years = match (counted.as_str(), op, months) {
            ("years", CompareOp::Less | CompareOp::GreaterEqual, Some(months))
                if unit == "months" && months > 0 && months.is_multiple_of(12) =>
            {
                Some(d::of_time(u64::from(months / 12), "years"))
            }
            _ => None,
        };
        let sign = op.sign();
        let meant = format!("{subject} {sign} {number}");
        let whole = years.map(|years| format!("{written} {sign} {years}"));
        let (first, last) = match left.span.start < right.span.start {
            true => (left, right),
            false => (right, left),
        };
        let span = first.span.to(last.span);
        let found = d::unit_mismatch(self.file(at), right.span, Some(counted), Some(unit));
        Some(d::recounted(found, span, &meant, whole.as_deref()))
    }

    /// An age or a time between days as it is counted in `unit`; nothing of what is counted so already.
    fn counted_in(&self, at: &At<'a>, expr: &'a Expr, unit: ElapsedUnit) -> Option<String> {
        Some(match &expr.kind {
            ExprKind::Age { unit: own, at: day } if *own != unit => {
                let day = self.words_at(at, day.span);
                match unit {
                    ElapsedUnit::Years => format!("age at {day}"),
                    ElapsedUnit::Months => format!("age in months at {day}"),
                    ElapsedUnit::Days => format!("age in days at {day}"),
                }
            }
            ExprKind::Elapsed {
                unit: own,
                from,
                to,
            } if *own != unit => {
                let (from, to) = (self.words_at(at, from.span), self.words_at(at, to.span));
                let unit = match unit {
                    ElapsedUnit::Years => "years",
                    ElapsedUnit::Months => "months",
                    ElapsedUnit::Days => "days",
                };
                format!("{unit} from {from} to {to}")
            }
            _ => return None,
        })
    }
}

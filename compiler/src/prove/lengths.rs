//! How long one date lies after another, in whichever words that is compared: `age in months at visit
//! <= 12 months` and `age at visit >= 1 year`, `visit <= onset + 6 weeks` and `days from onset to visit
//! >= 42 days`.

use kohyo_engine::Decimal;
use kohyo_engine::program::{CompareOp, ElapsedUnit, Moment, Number, NumberKind};

/// What lies between two dates, compared with so many days or months.
#[derive(Clone, Copy)]
pub(super) struct Length<'p> {
    from: &'p Moment,
    to: &'p Moment,
    in_months: bool,
    at: i64,
    /// So many days or months are one of the units that are counted.
    unit: i64,
    /// A date is compared, not a count of whole units.
    dated: bool,
}

impl<'p> Length<'p> {
    /// Of a number that is compared with a value.
    pub(super) fn of_number(number: &'p Number, at: Decimal) -> Option<Self> {
        let NumberKind::Elapsed { unit, from, to } = &number.kind else {
            return None;
        };
        let (in_months, unit) = counted(*unit);
        let whole = at.fract().is_zero() && at > Decimal::ZERO;
        let at = i64::try_from(at).ok().filter(|_| whole)?;
        Some(Self {
            from,
            to,
            in_months,
            at: at.checked_mul(unit)?,
            unit,
            dated: false,
        })
    }

    /// Of two dates of which one is moved; and whether the first is the less, the longer it is.
    pub(super) fn of_dates(left: &'p Moment, right: &'p Moment) -> Option<(Self, bool)> {
        let (moment, by, unit, other, turned) = match (left, right) {
            (Moment::Shifted { .. }, Moment::Shifted { .. }) => return None,
            (other, Moment::Shifted { moment, by, unit }) => (moment, *by, *unit, other, false),
            (Moment::Shifted { moment, by, unit }, other) => (moment, *by, *unit, other, true),
            _ => return None,
        };
        let (in_months, unit) = counted(unit);
        let at = i64::from(by).checked_mul(unit)?;
        // Before it, `visit - 6 weeks`, is so long the other way round.
        let (from, to, turned) = if at < 0 {
            (other, &**moment, !turned)
        } else {
            (&**moment, other, turned)
        };
        let length = Self {
            from,
            to,
            in_months,
            at: at.abs(),
            unit: 1,
            dated: true,
        };
        (at != 0).then_some((length, turned))
    }

    /// Between the same two dates.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
    }

    /// Just as long, between the same two dates.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.is_of(other) && (self.in_months, self.at) == (other.in_months, other.at)
    }

    /// Whether the range that ends here and the one that begins there leave out somewhat, at most one
    /// of the units in which they are written.
    pub(super) fn is_just_before(
        &self,
        op: CompareOp,
        beginning: &Self,
        begins: CompareOp,
    ) -> bool {
        let between = beginning.first(begins) - self.last(op) - 1;
        self.is_of(beginning)
            && self.in_months == beginning.in_months
            && (1..=self.unit.max(beginning.unit)).contains(&between)
    }

    /// Whether the same is said of where one range ends and another begins; nothing of days and
    /// months, which are not compared with each other.
    pub(super) fn says_the_same(
        &self,
        op: CompareOp,
        (end, ends): (&Self, CompareOp),
        (beginning, begins): (&Self, CompareOp),
    ) -> Option<bool> {
        let same = |other: &Self| self.is_of(other) && self.in_months == other.in_months;
        let (last, first) = (end.last(ends), beginning.first(begins));
        let says = |at: i64| match op {
            CompareOp::Less | CompareOp::LessEqual => at <= self.last(op),
            _ => at >= self.first(op),
        };
        let between = match op {
            CompareOp::Equal | CompareOp::NotEqual => last <= self.at && self.at <= first,
            _ => says(last) != says(first),
        };
        (same(end) && same(beginning)).then_some(!between)
    }

    /// The last day or month that lies wholly in a range that ends here.
    fn last(&self, op: CompareOp) -> i64 {
        match op {
            CompareOp::Less => self.at - 1,
            // Of the month that follows a date only the first day.
            _ if self.dated && self.in_months => self.at - 1,
            _ => self.at + self.unit - 1,
        }
    }

    /// The first one of a range that begins here.
    fn first(&self, op: CompareOp) -> i64 {
        match op {
            CompareOp::Greater => self.at + self.unit,
            _ => self.at,
        }
    }
}

/// Whether a unit is counted in months, and how many days or months it is.
fn counted(unit: ElapsedUnit) -> (bool, i64) {
    match unit {
        ElapsedUnit::Years => (true, 12),
        ElapsedUnit::Months => (true, 1),
        ElapsedUnit::Days => (false, 1),
    }
}

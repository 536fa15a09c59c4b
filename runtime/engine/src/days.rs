//! What is known about a date: from which day to which day it lies, and the time between two.

use crate::program::ElapsedUnit;
use crate::range::Range;
use crate::tri::Tri;
use crate::value::{Date, Decimal};
use serde::{Deserialize, Serialize};

/// From the first day to the last, both included, as day numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Days {
    pub first: i32,
    pub last: i32,
}

impl Days {
    /// Any day there is.
    pub(crate) const ANY: Self = Self {
        first: Date::FIRST_DAY,
        last: Date::LAST_DAY,
    };

    /// The days a date covers.
    pub(crate) fn of(date: Date) -> Self {
        Self {
            first: date.first_day(),
            last: date.last_day(),
        }
    }

    /// Whether more than one day is possible.
    pub(crate) fn is_open(self) -> bool {
        self.first != self.last
    }

    /// The days some time later, earlier if negative; no day moves past another.
    ///
    /// INVARIANT: monotone, so that the ends of an interval lead to the ends of its image.
    pub(crate) fn shifted(self, by: i32, unit: ElapsedUnit) -> Self {
        if self == Self::ANY {
            return self;
        }
        Self {
            first: shifted(self.first, by, unit),
            last: shifted(self.last, by, unit),
        }
    }

    pub(crate) fn less(self, other: Self) -> Tri {
        sure(self.last < other.first, self.first >= other.last)
    }

    pub(crate) fn less_equal(self, other: Self) -> Tri {
        sure(self.last <= other.first, self.first > other.last)
    }

    /// True only for the same single day, false if no day is common.
    pub(crate) fn equal(self, other: Self) -> Tri {
        sure(
            self == other && !self.is_open(),
            self.last < other.first || other.last < self.first,
        )
    }
}

/// Some time after a day: the day with the same number in another month, or the last of that month
/// (民法143条2項ただし書); the first or last day there is if the calendar ends before.
fn shifted(day: i32, by: i32, unit: ElapsedUnit) -> i32 {
    let months = match unit {
        ElapsedUnit::Days => {
            return day
                .saturating_add(by)
                .clamp(Date::FIRST_DAY, Date::LAST_DAY);
        }
        ElapsedUnit::Months => by,
        ElapsedUnit::Years => by.saturating_mul(12),
    };
    let end = if months < 0 {
        Date::FIRST_DAY
    } else {
        Date::LAST_DAY
    };
    let later = || {
        let date = Date::from_day_number(day)?;
        let count = i32::from(date.year_number()) * 12 + i32::from(date.month_number()?) - 1;
        let count = count.checked_add(months)?;
        let year = u16::try_from(count.div_euclid(12)).ok()?;
        let month = Date::month(year, u8::try_from(count.rem_euclid(12) + 1).ok()?)?;
        let offset = i32::from(date.day_of_month()?) - 1;
        Some((month.first_day() + offset).min(month.last_day()))
    };
    later().unwrap_or(end)
}

fn sure(yes: bool, no: bool) -> Tri {
    match (yes, no) {
        (true, _) => Tri::True,
        (_, true) => Tri::False,
        _ => Tri::Unknown,
    }
}

/// Whole units of time from one day to another; negative if the second lies before the first.
///
/// The number is the largest n such that n units after the first day is not after the second.
/// Units are counted by calendar: a month is complete on the day of the month with the same
/// number, or on the first of the next month if it has no such day. So someone born on
/// 2008-03-31 is 18 on 2026-03-31, and someone born on 29 February turns a year older on 1 March
/// of a common year. (年齢計算ニ関スル法律 completes a year at the end of the day before; the forms
/// and this language mean the birthday itself.)
pub(crate) fn elapsed(unit: ElapsedUnit, from: Days, to: Days) -> Range {
    if from == Days::ANY || to == Days::ANY {
        // Thousands of years either way say nothing.
        return Range::Any;
    }
    // More time has passed the earlier it began and the later it ended.
    let least = units(unit, from.last, to.first);
    let most = units(unit, from.first, to.last);
    Range::Within(Decimal::from(least), Decimal::from(most))
}

fn units(unit: ElapsedUnit, from: i32, to: i32) -> i32 {
    match unit {
        ElapsedUnit::Days => to - from,
        ElapsedUnit::Months => months(from, to),
        ElapsedUnit::Years => months(from, to).div_euclid(12),
    }
}

fn months(from: i32, to: i32) -> i32 {
    let count = |day: i32| {
        // INVARIANT: every day number in here lies in Days::ANY.
        let date = Date::from_day_number(day)?;
        let month = i32::from(date.month_number()?) - 1;
        Some((
            i32::from(date.year_number()) * 12 + month,
            date.day_of_month()?,
        ))
    };
    match (count(from), count(to)) {
        (Some((from, from_day)), Some((to, to_day))) => to - from - i32::from(to_day < from_day),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> Days {
        Days::of(text.parse().unwrap())
    }

    #[track_caller]
    fn check(unit: ElapsedUnit, from: &str, to: &str, least: i64, most: i64) {
        let range = elapsed(unit, days(from), days(to));
        assert_eq!(
            range,
            Range::Within(least.into(), most.into()),
            "{from} to {to}"
        );
    }

    #[test]
    fn ages_are_complete_on_the_birthday() {
        check(ElapsedUnit::Years, "2008-03-31", "2026-03-30", 17, 17);
        check(ElapsedUnit::Years, "2008-03-31", "2026-03-31", 18, 18);
        check(ElapsedUnit::Years, "2008-02-29", "2026-02-28", 17, 17);
        check(ElapsedUnit::Years, "2008-02-29", "2026-03-01", 18, 18);
        check(ElapsedUnit::Years, "2008-02-29", "2028-02-29", 20, 20);
        check(ElapsedUnit::Years, "2026-03-31", "2026-03-30", -1, -1);
    }

    #[test]
    fn months_are_complete_on_the_same_day_of_the_month() {
        check(ElapsedUnit::Months, "2024-01-31", "2024-02-29", 0, 0);
        check(ElapsedUnit::Months, "2024-01-31", "2024-03-01", 1, 1);
        check(ElapsedUnit::Months, "2024-01-15", "2024-07-14", 5, 5);
        check(ElapsedUnit::Months, "2024-01-15", "2024-07-15", 6, 6);
        check(ElapsedUnit::Months, "2024-03-15", "2024-02-20", -1, -1);
        check(ElapsedUnit::Days, "2024-02-28", "2024-03-01", 2, 2);
    }

    #[test]
    fn partial_dates_give_ranges() {
        check(ElapsedUnit::Years, "2008", "2026-06-30", 17, 18);
        check(ElapsedUnit::Years, "2008-07", "2026-06-30", 17, 17);
        check(ElapsedUnit::Months, "2024-01", "2024-03", 1, 2);
        check(ElapsedUnit::Days, "2024-01", "2024-01", -30, 30);
    }

    #[test]
    fn a_shifted_day_keeps_its_number_or_is_the_last_of_its_month() {
        let later = |from: &str, by, unit| {
            let Days { first, last } = days(from).shifted(by, unit);
            let date = |day| Date::from_day_number(day).unwrap().to_string();
            (date(first), date(last))
        };
        let one = |day: &str| (day.to_owned(), day.to_owned());
        for (from, by, unit, to) in [
            ("2024-01-15", 6, ElapsedUnit::Months, "2024-07-15"),
            ("2024-01-31", 1, ElapsedUnit::Months, "2024-02-29"),
            ("2023-08-31", -6, ElapsedUnit::Months, "2023-02-28"),
            ("2024-02-29", 1, ElapsedUnit::Years, "2025-02-28"),
            ("2024-02-28", 14, ElapsedUnit::Days, "2024-03-13"),
            ("9999-06-01", 12, ElapsedUnit::Months, "9999-12-31"),
            ("0001-01-02", -1, ElapsedUnit::Years, "0001-01-01"),
        ] {
            assert_eq!(later(from, by, unit), one(to), "{from} {by} {unit:?}");
        }
        assert_eq!(
            later("2024-01", 1, ElapsedUnit::Months),
            ("2024-02-01".to_owned(), "2024-02-29".to_owned())
        );
        assert_eq!(Days::ANY.shifted(3, ElapsedUnit::Years), Days::ANY);
    }

    #[test]
    fn no_day_moves_past_another() {
        for unit in [ElapsedUnit::Days, ElapsedUnit::Months, ElapsedUnit::Years] {
            for by in [-13, -1, 0, 1, 6, 12] {
                let from = days("2023-01-01").first;
                let moved: Vec<i32> = (from..from + 800)
                    .map(|day| shifted(day, by, unit))
                    .collect();
                assert!(moved.is_sorted(), "{by} {unit:?}");
            }
        }
    }

    #[test]
    fn comparisons_of_partial_dates() {
        let (may, june) = (days("1990-05"), days("1990-06"));
        assert_eq!(may.less(june), Tri::True);
        assert_eq!(may.less_equal(may), Tri::Unknown);
        assert_eq!(may.equal(may), Tri::Unknown);
        assert_eq!(may.equal(june), Tri::False);
        assert_eq!(days("1990-05-20").equal(days("1990-05-20")), Tri::True);
        assert_eq!(days("1990-05-20").less(may), Tri::Unknown);
        assert_eq!(days("1990-05-31").less(may), Tri::False);
        assert_eq!(june.less(may), Tri::False);
    }
}

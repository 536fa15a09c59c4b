//! Days, as texts `2025-01-31`, which are in the order of the days.

use super::FhirPath;
use super::record::quoted;
use crate::emit::certain::{Calendar, Naming, Range};
use kohyo_engine::Date;
use kohyo_engine::program::ElapsedUnit;

impl Calendar for FhirPath {
    fn day(date: Date) -> String {
        quoted(&date.to_string())
    }

    fn today(&mut self) -> String {
        let written = "iif(%resource.authored.exists(), \
                       %resource.authored.toString().substring(0, 10), today().toString())";
        self.in_both_views(|words| {
            words.declare_own("day of judgement", written.to_owned(), Some("判定の日"))
        })
    }

    fn days(value: &str) -> Range {
        if value == Self::NOTHING {
            return Self::anything();
        }
        Range {
            low: format!(
                "iif({value}.length() = 4, {value} & '-01-01', \
                 iif({value}.length() = 7, {value} & '-01', {value}))"
            ),
            high: format!(
                "iif({value}.length() = 4, {value} & '-12-31', \
                 iif({value}.length() = 7, (({value} & '-01').toDate() + 1 month - 1 day).toString(), {value}))"
            ),
        }
    }

    /// Never outside the calendar.
    fn shifted(day: &str, by: i32, unit: ElapsedUnit) -> String {
        let (word, months) = match unit {
            ElapsedUnit::Years => ("years", by.saturating_mul(12)),
            ElapsedUnit::Months => ("months", by),
            ElapsedUnit::Days => ("days", 0),
        };
        let sign = if by < 0 { '-' } else { '+' };
        let moved = format!(
            "({day}.toDate() {sign} {} {word}).toString()",
            by.unsigned_abs()
        );
        // Days that would be moved out of the calendar become its end.
        let (end, beyond) = if by < 0 {
            (Date::FIRST_DAY, '<')
        } else {
            (Date::LAST_DAY, '>')
        };
        let border = if unit == ElapsedUnit::Days {
            Date::from_day_number(end.saturating_sub(by))
        } else {
            border_of_months(months)
        };
        let (Some(border), Some(end)) = (border, Date::from_day_number(end)) else {
            return moved;
        };
        format!(
            "iif({day} {beyond} {}, {}, {moved})",
            Self::day(border),
            Self::day(end)
        )
    }

    fn elapsed(&mut self, unit: ElapsedUnit, from: &str, to: &str) -> String {
        if from == Self::NOTHING || to == Self::NOTHING {
            return Self::NOTHING.to_owned();
        }
        if unit == ElapsedUnit::Days {
            let (from, to) = (self.day_number(from), self.day_number(to));
            return format!("{to} - {from}");
        }
        let (f, t) = (self.month_number(from), self.month_number(to));
        let day = |day: &str| format!("{day}.substring(8, 2)");
        let months = format!("{t} - {f} - iif({} < {}, 1, 0)", day(to), day(from));
        match unit {
            ElapsedUnit::Years => format!("(({months}) / 12).floor()"),
            _ => months,
        }
    }
}

impl FhirPath {
    /// Months since the year 0.
    fn month_number(&mut self, day: &str) -> String {
        let (year, month) = (part(day, "0, 4"), part(day, "5, 2"));
        self.derived(day, "month", format!("{year} * 12 + {month}"))
    }

    /// Days since some day long ago.
    fn day_number(&mut self, day: &str) -> String {
        let (year, month) = (part(day, "0, 4"), part(day, "5, 2"));
        // The year begins in March, so that the leap day is its last.
        let y = format!("{year} - (14 - {month}) div 12");
        let y = self.derived(day, "civil year", y);
        let m = format!("{month} + 12 * ((14 - {month}) div 12) - 3");
        let m = self.derived(day, "civil month", m);
        let number = format!(
            "{} + (153 * {m} + 2) div 5 + 365 * {y} + {y} div 4 - {y} div 100 + {y} div 400",
            part(day, "8, 2")
        );
        self.derived(day, "day", number)
    }

    /// Something worked out of a day.
    fn derived(&mut self, day: &str, what: &str, expression: String) -> String {
        self.declare_own(&format!("{day} {what}"), expression, None)
    }
}

/// A part of a day as a number.
fn part(day: &str, which: &str) -> String {
    format!("{day}.substring({which}).toInteger()")
}

/// The last (or first) day that stays in the calendar when it is moved by so many months.
fn border_of_months(months: i32) -> Option<Date> {
    let (year, month) = if months < 0 { (1, 0) } else { (9999, 11) };
    let count = (year * 12_i32 + month).checked_sub(months)?;
    let year = u16::try_from(count.div_euclid(12)).ok()?;
    let month = Date::month(year, u8::try_from(count.rem_euclid(12) + 1).ok()?)?;
    let day = if months < 0 {
        month.first_day()
    } else {
        month.last_day()
    };
    Date::from_day_number(day)
}

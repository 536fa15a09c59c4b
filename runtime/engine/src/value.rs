//! The vocabulary of answers: exact decimals and dates of any precision.

use crate::program::DatePrecision;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// An exact decimal number; never a binary float.
pub type Decimal = rust_decimal::Decimal;

/// A year, month or day of the Western (proleptic Gregorian) calendar.
///
/// A partial date stands for every day it covers: `1990-05` is some day from 1990-05-01 to
/// 1990-05-31. On the wire it is written `1990`, `1990-05` or `1990-05-20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    // INVARIANT: 1..=9999; month 0..=12; day fits the month; a day has a month.
    year: u16,
    /// 0 for a year.
    month: u8,
    /// 0 for a year or month.
    day: u8,
}

impl Date {
    /// The first day there is: whole months and years from it are those of the calendar.
    pub const FIRST: Self = Self {
        year: 1,
        month: 1,
        day: 1,
    };
    /// Day number of [`Self::FIRST`].
    pub const FIRST_DAY: i32 = -719_162;
    /// Day number of 9999-12-31, the last day there is.
    pub const LAST_DAY: i32 = 2_932_896;

    /// A whole year, 1 to 9999.
    pub fn year(year: u16) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self {
            year,
            month: 0,
            day: 0,
        })
    }

    /// A whole month.
    pub fn month(year: u16, month: u8) -> Option<Self> {
        let date = Self::year(year)?;
        (1..=12).contains(&month).then_some(Self { month, ..date })
    }

    /// One day, if the calendar has it.
    pub fn day(year: u16, month: u8, day: u8) -> Option<Self> {
        let date = Self::month(year, month)?;
        (1..=days_in_month(year, month))
            .contains(&day)
            .then_some(Self { day, ..date })
    }

    /// The day with this number, counted from 1970-01-01.
    pub fn from_day_number(number: i32) -> Option<Self> {
        if !(Self::FIRST_DAY..=Self::LAST_DAY).contains(&number) {
            return None;
        }
        // Years begin in March here, so that the leap day is the last of its year; an era has
        // 400 years.
        let days = i64::from(number) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self::day(
            u16::try_from(year).ok()?,
            u8::try_from(month).ok()?,
            u8::try_from(day).ok()?,
        )
    }

    /// How exact it is.
    pub fn precision(self) -> DatePrecision {
        match (self.month, self.day) {
            (0, _) => DatePrecision::Year,
            (_, 0) => DatePrecision::Month,
            _ => DatePrecision::Day,
        }
    }

    /// The year.
    pub fn year_number(self) -> u16 {
        self.year
    }

    /// The month, unless it is only a year.
    pub fn month_number(self) -> Option<u8> {
        (self.month != 0).then_some(self.month)
    }

    /// The day of the month, if it is a day.
    pub fn day_of_month(self) -> Option<u8> {
        (self.day != 0).then_some(self.day)
    }

    /// Number of the first day it covers, counted from 1970-01-01.
    pub fn first_day(self) -> i32 {
        day_number(self.year, self.month.max(1), self.day.max(1))
    }

    /// Number of the last day it covers, counted from 1970-01-01.
    pub fn last_day(self) -> i32 {
        let month = if self.month == 0 { 12 } else { self.month };
        let day = if self.day == 0 {
            days_in_month(self.year, month)
        } else {
            self.day
        };
        day_number(self.year, month, day)
    }

    /// As people write it: `2024年3月5日`, `2024年3月`, `2024年`.
    pub fn japanese(self) -> String {
        match self.precision() {
            DatePrecision::Year => format!("{}年", self.year),
            DatePrecision::Month => format!("{}年{}月", self.year, self.month),
            DatePrecision::Day => format!("{}年{}月{}日", self.year, self.month, self.day),
        }
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

fn day_number(year: u16, month: u8, day: u8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era * 146_097 + of_era - 719_468
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month != 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day != 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// The text is no date of the calendar in the form `1990-05-20`, `1990-05` or `1990`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("日付は 1990-05-20、1990-05、1990 のいずれかの形で書いてください")]
pub struct DateError;

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let date = match text.as_bytes() {
            [y1, y2, y3, y4] => Self::year(digits(&[*y1, *y2, *y3, *y4]).ok_or(DateError)?),
            [y1, y2, y3, y4, b'-', m1, m2] => Self::month(
                digits(&[*y1, *y2, *y3, *y4]).ok_or(DateError)?,
                two_digits(*m1, *m2).ok_or(DateError)?,
            ),
            [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => Self::day(
                digits(&[*y1, *y2, *y3, *y4]).ok_or(DateError)?,
                two_digits(*m1, *m2).ok_or(DateError)?,
                two_digits(*d1, *d2).ok_or(DateError)?,
            ),
            _ => None,
        };
        date.ok_or(DateError)
    }
}

fn digits(text: &[u8]) -> Option<u16> {
    text.iter().try_fold(0_u16, |number, digit| {
        digit
            .is_ascii_digit()
            .then(|| number * 10 + u16::from(digit - b'0'))
    })
}

fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    u8::try_from(digits(&[tens, ones])?).ok()
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_number_names_one_day_and_back() {
        for number in Date::FIRST_DAY..=Date::LAST_DAY {
            let date = Date::from_day_number(number).unwrap();
            assert_eq!((date.first_day(), date.last_day()), (number, number));
        }
        assert_eq!(Date::from_day_number(Date::FIRST_DAY - 1), None);
        assert_eq!(Date::from_day_number(Date::LAST_DAY + 1), None);
        assert_eq!(Date::day(1970, 1, 1).unwrap().first_day(), 0);
        assert_eq!(Date::day(2024, 2, 29).unwrap().first_day(), 19_782);
    }

    #[test]
    fn the_written_form_is_strict_and_round_trips() {
        for text in [
            "1990",
            "1990-05",
            "1990-05-20",
            "2000-02-29",
            "0001-01-01",
            "9999-12-31",
        ] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "90",
            "19900",
            "1990-5",
            "1990-00",
            "1990-13",
            "1990-02-29",
            "1900-02-29",
            "0000",
            "1990/05",
            "1990-05-",
            "1990-05-32",
            "１９９０",
            "199o",
            "1990-05-20 ",
        ] {
            assert_eq!(text.parse::<Date>(), Err(DateError), "{text}");
        }
    }

    #[test]
    fn a_partial_date_covers_its_days() {
        let month: Date = "2024-02".parse().unwrap();
        assert_eq!(month.last_day() - month.first_day(), 28);
        assert_eq!(month.precision(), DatePrecision::Month);
        let year: Date = "2023".parse().unwrap();
        assert_eq!(year.last_day() - year.first_day(), 364);
        assert_eq!(year.japanese(), "2023年");
        assert_eq!(
            "2024-03-05".parse::<Date>().unwrap().japanese(),
            "2024年3月5日"
        );
    }

    #[test]
    fn json_uses_the_written_form() {
        let date: Date = serde_json::from_str("\"1990-05\"").unwrap();
        assert_eq!(serde_json::to_string(&date).unwrap(), "\"1990-05\"");
        assert!(serde_json::from_str::<Date>("\"1990-13\"").is_err());
    }
}

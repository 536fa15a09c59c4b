//! The time, and how people read it.

use kohyo_engine::Date;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Japan Standard Time is nine hours ahead of UTC all year.
const JST: i64 = 9 * 60 * 60;

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine.
    System,
    /// A hand moved by a test: seconds since 1970-01-01 UTC.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Seconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        match self {
            Self::System => jiff::Timestamp::now().as_second(),
            Self::Manual(hand) => hand.load(Ordering::SeqCst),
        }
    }

    /// The day in Japan; nothing for a clock beyond the year 9999.
    pub fn today(&self) -> Option<Date> {
        let days = (self.now() + JST).div_euclid(24 * 60 * 60);
        Date::from_day_number(i32::try_from(days).ok()?)
    }
}

/// `2026年11月22日 18:05` in Japan.
pub(crate) fn moment(seconds: i64) -> String {
    let at = civil(seconds);
    format!(
        "{}年{}月{}日 {:02}:{:02}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute()
    )
}

/// `2026-11-22T09:05:00Z`, as machines read it.
pub(crate) fn utc(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_string()
}

/// `18:05` in Japan.
pub(crate) fn time_of_day(seconds: i64) -> String {
    let at = civil(seconds);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `2026-11-22` in Japan.
pub(crate) fn day(seconds: i64) -> String {
    civil(seconds).date().to_string()
}

fn civil(seconds: i64) -> jiff::civil::DateTime {
    let timestamp =
        jiff::Timestamp::from_second(seconds + JST).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::UTC.to_datetime(timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_japan() {
        let clock = Clock::Manual(Arc::new(AtomicI64::new(1_711_897_199)));
        assert_eq!(clock.today().unwrap().to_string(), "2024-03-31");
        assert_eq!(moment(1_711_897_199), "2024年3月31日 23:59");
        assert_eq!(day(1_711_897_200), "2024-04-01");
    }
}

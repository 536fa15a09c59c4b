//! Days, as `xs:date`.

use super::XPath;
use crate::emit::certain::{Calendar, Range};
use kohyo_engine::Date;
use kohyo_engine::program::ElapsedUnit;

impl Calendar for XPath {
    fn day(date: Date) -> String {
        format!("xs:date('{date}')")
    }

    fn today(&mut self) -> String {
        let written = "if (@written) then xs:date(@written) \
                       else xs:date(substring(string(current-date()), 1, 10))";
        self.declare_own("today", written.to_owned())
    }

    fn days(values: &str) -> Range {
        Range {
            low: format!(
                "for $v in {values} return xs:date(substring(concat($v, '-01-01'), 1, 10))"
            ),
            high: format!(
                "for $v in {values} return if (string-length($v) = 4) then xs:date(concat($v, '-12-31')) \
                 else if (string-length($v) = 7) then xs:date(concat($v, '-01')) + xs:yearMonthDuration('P1M') - xs:dayTimeDuration('P1D') \
                 else xs:date($v)"
            ),
        }
    }

    fn shifted(day: &str, by: i32, unit: ElapsedUnit) -> String {
        let sign = if by < 0 { "-" } else { "" };
        let count = by.unsigned_abs();
        let duration = match unit {
            ElapsedUnit::Years => format!("xs:yearMonthDuration('{sign}P{count}Y')"),
            ElapsedUnit::Months => format!("xs:yearMonthDuration('{sign}P{count}M')"),
            ElapsedUnit::Days => format!("xs:dayTimeDuration('{sign}P{count}D')"),
        };
        format!("{day} + {duration}")
    }

    fn elapsed(&mut self, unit: ElapsedUnit, from: &str, to: &str) -> String {
        let months = "(year-from-date($t) - year-from-date($f)) * 12 + month-from-date($t) - month-from-date($f) \
                      - (if (day-from-date($t) lt day-from-date($f)) then 1 else 0)";
        let count = match unit {
            ElapsedUnit::Years => format!("floor(({months}) div 12)"),
            ElapsedUnit::Months => months.to_owned(),
            ElapsedUnit::Days => "days-from-duration($t - $f)".to_owned(),
        };
        format!("for $f in {from}, $t in {to} return {count}")
    }
}

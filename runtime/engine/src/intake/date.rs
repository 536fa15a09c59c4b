//! Dates as they are written on the wire: `1990`, `1990-05`, `1990-05-20`.

use super::Site;
use crate::answers::Answer;
use crate::era::{Era, WrittenDate, written_date};
use crate::outcome::Finding;
use crate::program::DatePrecision;
use crate::value::Date;

pub(super) fn date(
    at: Site<'_>,
    written: &str,
    asked: DatePrecision,
) -> Result<Answer, Box<Finding>> {
    match written.parse::<Date>() {
        Ok(date) if date.precision() <= asked => Ok(Answer::Date(date)),
        Ok(date) => {
            let coarser = match asked {
                DatePrecision::Year => Date::year(date.year_number()),
                _ => Date::month(date.year_number(), date.month_number().unwrap_or(1)),
            };
            let problem = match asked {
                DatePrecision::Year => "は西暦の年だけを書きます",
                _ => "は西暦の年月までを書きます",
            };
            let help = coarser.map_or_else(
                || form_of(asked).to_owned(),
                |date| format!("{date} と書いてください"),
            );
            Err(at.error("date", written, problem, help))
        }
        Err(_) => Err(unreadable(at, written, asked)),
    }
}

#[cold]
fn unreadable(at: Site<'_>, written: &str, asked: DatePrecision) -> Box<Finding> {
    let (problem, help) = match written_date(written) {
        Some(WrittenDate::Western(date) | WrittenDate::Japanese(date))
            if date.precision() <= asked =>
        {
            ("の書き方が違います", format!("{date} と書いてください"))
        }
        Some(WrittenDate::BeforeEra(era)) => (OUTSIDE, before(era)),
        Some(WrittenDate::AfterEra(era)) => {
            let until = day_of(era, era.last);
            let help = format!("{}は{until}までです。原本を確かめてください", era.name);
            (OUTSIDE, help)
        }
        Some(WrittenDate::NotInCalendar) => (NO_DAY, "年月日を確かめてください".to_owned()),
        _ if shape_is_right(written) => (NO_DAY, "年月日を確かめてください".to_owned()),
        _ => ("を日付として読み取れません", form_of(asked).to_owned()),
    };
    at.error("date", written, problem, help)
}

const NO_DAY: &str = "は暦にない日付です";
const OUTSIDE: &str = "は元号の期間の外の日付です";

/// A day before an era; where the calendar was another one, no Western day can be named.
fn before(era: &Era) -> String {
    let from = day_of(era, era.first);
    let name = era.name;
    if era.first.0 == era.before + 1 {
        format!("{name}は{from}からです。原本を確かめてください")
    } else {
        format!("{name}{from}より前は暦が違い、西暦の日付に直せません。原本を確かめてください")
    }
}

/// `元年5月1日`.
fn day_of(era: &Era, (year, month, day): (u16, u8, u8)) -> String {
    match year - era.before {
        1 => format!("元年{month}月{day}日"),
        year => format!("{year}年{month}月{day}日"),
    }
}

fn form_of(asked: DatePrecision) -> &'static str {
    match asked {
        DatePrecision::Year => "西暦で 1990 のように書いてください",
        DatePrecision::Month => {
            "西暦で 1990-05 のように書いてください。月が分からなければ 1990 と書けます"
        }
        DatePrecision::Day => {
            "西暦で 1990-05-20 のように書いてください。日が分からなければ 1990-05、月も分からなければ 1990 と書けます"
        }
    }
}

fn shape_is_right(written: &str) -> bool {
    matches!(written.len(), 4 | 7 | 10)
        && written
            .bytes()
            .enumerate()
            .all(|(position, byte)| match position {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
}

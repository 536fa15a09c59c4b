//! Dates as they are written on the wire: `1990`, `1990-05`, `1990-05-20`.

use super::Site;
use crate::answers::Answer;
use crate::outcome::Finding;
use crate::program::DatePrecision;
use crate::value::Date;
use unicode_normalization::UnicodeNormalization;

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
    match guess(written).filter(|date| date.precision() <= asked) {
        Some(date) => at.error(
            "date",
            written,
            "の書き方が違います",
            format!("{date} と書いてください"),
        ),
        None if shape_is_right(written) => at.error(
            "date",
            written,
            "は暦にない日付です",
            "年月日を確かめてください",
        ),
        None => at.error(
            "date",
            written,
            "を日付として読み取れません",
            form_of(asked),
        ),
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

/// What `1990/5/20`, `１９９０－０５－２０`, `1990年5月20日` and `平成2年5月20日` mean.
fn guess(written: &str) -> Option<Date> {
    let plain: String = written.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (first_year, rest) = match plain.chars().next()? {
        'M' | '明' => (1867, plain.trim_start_matches(['M', '明', '治'])),
        'T' | '大' => (1911, plain.trim_start_matches(['T', '大', '正'])),
        'S' | '昭' => (1925, plain.trim_start_matches(['S', '昭', '和'])),
        'H' | '平' => (1988, plain.trim_start_matches(['H', '平', '成'])),
        'R' | '令' => (2018, plain.trim_start_matches(['R', '令', '和'])),
        _ => (0, plain.as_str()),
    };
    let rest = rest.replace("元年", "1年");
    let parts: Vec<u16> = rest
        .split(['-', '/', '.', '年', '月', '日', '−', 'ー', '‐'])
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let small = |number: u16| u8::try_from(number).ok();
    let year = |number: u16| {
        let plausible = if first_year == 0 {
            number >= 1000
        } else {
            number <= 99
        };
        plausible.then_some(first_year + number)
    };
    match parts.as_slice() {
        [y] => Date::year(year(*y)?),
        [y, m] => Date::month(year(*y)?, small(*m)?),
        [y, m, d] => Date::day(year(*y)?, small(*m)?, small(*d)?),
        _ => None,
    }
}

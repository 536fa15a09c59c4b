//! Dates as people write them → dates of the wire, where there is no doubt.

use kohyo_engine::Date;

/// First letter, name, the Western year before year one, first and last day of each era.
///
/// Source: 元号を改める政令. The Gregorian calendar is in force from 明治6年1月1日 on; earlier days
/// have no agreed equivalent.
const ERAS: [(char, &str, u16, &str, &str); 5] = [
    ('M', "明治", 1867, "1873-01-01", "1912-07-29"),
    ('T', "大正", 1911, "1912-07-30", "1926-12-24"),
    ('S', "昭和", 1925, "1926-12-25", "1989-01-07"),
    ('H', "平成", 1988, "1989-01-08", "2019-04-30"),
    ('R', "令和", 2018, "2019-05-01", "9999-12-31"),
];

/// The date of `1990/5/20`, `1990年5月20日`, `19900520`, `平成2年5月20日` or `H2.5.20`, in half
/// width, and what was done to it.
///
/// Two digits without an era could be either; a day outside of its era is a mistake.
pub(super) fn western(written: &str) -> Option<(String, &'static str)> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let era = ERAS.iter().find_map(|era| {
        let (letter, name, ..) = era;
        let rest = plain.strip_prefix(name).or_else(|| {
            let rest = plain.strip_prefix(|c: char| c.eq_ignore_ascii_case(letter))?;
            rest.starts_with(|c: char| c.is_ascii_digit() || c == '元')
                .then_some(rest)
        })?;
        Some((era, rest))
    });
    match era {
        Some((&(_, _, before, first, last), rest)) => {
            let rest = match rest.strip_prefix('元') {
                Some(rest) => format!("1{rest}"),
                None => rest.to_owned(),
            };
            let (year, month, day) = parts(&rest)?;
            if !(1..=99).contains(&year) {
                return None;
            }
            let date = date(before + year, month, day)?;
            let begin: Date = first.parse().ok()?;
            let end: Date = last.parse().ok()?;
            let within = date.last_day() >= begin.first_day() && date.first_day() <= end.last_day();
            within.then(|| (date.to_string(), "和暦を西暦にしました"))
        }
        None => {
            let (year, month, day) = eight_digits(&plain).or_else(|| parts(&plain))?;
            if year < 1000 {
                return None;
            }
            let date = date(year, month, day)?;
            Some((date.to_string(), "日付の書き方を改めました"))
        }
    }
}

fn date(year: u16, month: Option<u8>, day: Option<u8>) -> Option<Date> {
    match (month, day) {
        (None, _) => Date::year(year),
        (Some(month), None) => Date::month(year, month),
        (Some(month), Some(day)) => Date::day(year, month, day),
    }
}

type Parts = (u16, Option<u8>, Option<u8>);

fn eight_digits(text: &str) -> Option<Parts> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((
        text.get(..4)?.parse().ok()?,
        Some(text.get(4..6)?.parse().ok()?),
        Some(text.get(6..)?.parse().ok()?),
    ))
}

/// Year, month and day with one kind of sign between them: `1990/5/20`, `1990年5月20日`.
fn parts(text: &str) -> Option<Parts> {
    let pieces: Vec<&str> = if text.contains('年') {
        let (year, rest) = text.split_once('年')?;
        match rest.split_once('月') {
            None if rest.is_empty() => vec![year],
            None => return None,
            Some((month, "")) => vec![year, month],
            Some((month, day)) => vec![year, month, day.strip_suffix('日')?],
        }
    } else {
        let sign = text.chars().find(|c| matches!(c, '/' | '.' | '-'))?;
        text.split(sign).collect()
    };
    let small = |piece: &str| {
        let digits = (1..=2).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| piece.parse::<u8>().ok()).flatten()
    };
    let (year, rest) = pieces.split_first()?;
    if year.is_empty() || year.len() > 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = year.parse().ok()?;
    match rest {
        [] => Some((year, None, None)),
        [month] => Some((year, Some(small(month)?), None)),
        [month, day] => Some((year, Some(small(month)?), Some(small(day)?))),
        _ => None,
    }
}

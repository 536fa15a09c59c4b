//! Japanese eras, and dates as people write them: with an era or without, in any width.

use crate::value::Date;
use unicode_normalization::UnicodeNormalization;

/// An era.
#[derive(Debug, PartialEq, Eq)]
pub struct Era {
    /// The letter it is shortened to.
    pub letter: char,
    /// Its name.
    pub name: &'static str,
    /// The Western year before its year one.
    pub before: u16,
    /// Its first day: year, month, day.
    pub first: (u16, u8, u8),
    /// Its last day.
    pub last: (u16, u8, u8),
}

/// The eras, oldest first.
///
/// Source: 元号を改める政令. The Gregorian calendar is in force from 明治6年1月1日 on; earlier days
/// have no agreed equivalent.
pub static ERAS: [Era; 5] = [
    era('M', "明治", 1867, (1873, 1, 1), (1912, 7, 29)),
    era('T', "大正", 1911, (1912, 7, 30), (1926, 12, 24)),
    era('S', "昭和", 1925, (1926, 12, 25), (1989, 1, 7)),
    era('H', "平成", 1988, (1989, 1, 8), (2019, 4, 30)),
    era('R', "令和", 2018, (2019, 5, 1), (9999, 12, 31)),
];

const fn era(
    letter: char,
    name: &'static str,
    before: u16,
    first: (u16, u8, u8),
    last: (u16, u8, u8),
) -> Era {
    Era {
        letter,
        name,
        before,
        first,
        last,
    }
}

/// What a written date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrittenDate {
    /// A date, written without an era.
    Western(Date),
    /// A date, written with its era.
    Japanese(Date),
    /// The calendar has no such day.
    NotInCalendar,
    /// The era has no such day: it lies before the first one.
    BeforeEra(&'static Era),
    /// The era has no such day: it lies behind the last one.
    AfterEra(&'static Era),
}

/// What `1990/5/20`, `１９９０－０５－２０`, `西暦1990年5月20日`, `19900520`, `平成2年5月20日`,
/// `平2.5.20` and `H2.5.20` mean; nothing where there is doubt: two digits without an era could be
/// a year of either kind.
pub fn written_date(written: &str) -> Option<WrittenDate> {
    let plain: String = written
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '−' | '‐' | '‑' | '–' | '—' | '―' | 'ー' => '-',
            other => other,
        })
        .collect();
    let Some((era, rest)) = era_of(&plain) else {
        let plain = plain.strip_prefix("西暦").unwrap_or(&plain);
        let (year, month, day) = eight_digits(plain).or_else(|| parts(plain))?;
        if year < 1000 {
            return None;
        }
        let date = date(year, month, day).map(WrittenDate::Western);
        return Some(date.unwrap_or(WrittenDate::NotInCalendar));
    };
    let rest = match rest.strip_prefix('元') {
        Some(rest) => format!("1{rest}"),
        None => rest.to_owned(),
    };
    let bare = small(&rest).map(|year| (year.into(), None, None));
    let (year, month, day) = bare.or_else(|| parts(&rest))?;
    if !(1..=99).contains(&year) {
        return None;
    }
    let Some(date) = date(era.before + year, month, day) else {
        return Some(WrittenDate::NotInCalendar);
    };
    let first = Date::day(era.first.0, era.first.1, era.first.2)?;
    let last = Date::day(era.last.0, era.last.1, era.last.2)?;
    Some(if date.last_day() < first.first_day() {
        WrittenDate::BeforeEra(era)
    } else if date.first_day() > last.last_day() {
        WrittenDate::AfterEra(era)
    } else {
        WrittenDate::Japanese(date)
    })
}

/// The era a text begins with, and the rest: `平成2年`, `平2.5`, `H2.5`.
fn era_of(text: &str) -> Option<(&'static Era, &str)> {
    let numbered = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '元');
    ERAS.iter().find_map(|era| {
        let begin = era.name.chars().next();
        let rest = text
            .strip_prefix(era.name)
            .or_else(|| text.strip_prefix(begin?))
            .or_else(|| text.strip_prefix(|c: char| c.eq_ignore_ascii_case(&era.letter)));
        rest.filter(numbered).map(|rest| (era, rest))
    })
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

/// A number of one or two digits.
fn small(piece: &str) -> Option<u8> {
    let digits = (1..=2).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| piece.parse().ok()).flatten()
}

//! Japanese eras beside Western dates: data stay Western, letters of municipalities use eras.
//!
//! Days before the first era of the table have no agreed equivalent and are shown in Western form
//! only.

use kohyo_engine::{ERAS, Era};

/// The era form of a Western date of any precision: `2024-03` gives `令和6年3月`.
///
/// A coarse date that spans a change of era names both: `1989` gives `昭和64年・平成元年`.
/// Anything that is not such a date gives nothing.
pub fn wareki(date: &str) -> Option<String> {
    let (year, month, day) = parts(date)?;
    let first = era(year, month.unwrap_or(1), day.unwrap_or(1));
    let last = era(year, month.unwrap_or(12), day.unwrap_or(31));
    let mut names: Vec<String> = Vec::new();
    for name in [first, last].into_iter().flatten() {
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    Some(with_rest(&names.join("・"), month, day))
}

/// The Western form people read: `2024-03-05` gives `2024年3月5日`.
pub fn western(date: &str) -> Option<String> {
    let (year, month, day) = parts(date)?;
    Some(with_rest(&format!("{year}年"), month, day))
}

fn with_rest(year: &str, month: Option<u8>, day: Option<u8>) -> String {
    let mut text = year.to_owned();
    if let Some(month) = month {
        text.push_str(&format!("{month}月"));
    }
    if let Some(day) = day {
        text.push_str(&format!("{day}日"));
    }
    text
}

fn era(year: u16, month: u8, day: u8) -> Option<String> {
    let Era { name, before, .. } = ERAS
        .iter()
        .rev()
        .find(|era| (year, month, day) >= era.first)?;
    match year - before {
        1 => Some(format!("{name}元年")),
        n => Some(format!("{name}{n}年")),
    }
}

fn parts(date: &str) -> Option<(u16, Option<u8>, Option<u8>)> {
    let mut pieces = date.split('-');
    let year: u16 = pieces.next().filter(|text| text.len() == 4)?.parse().ok()?;
    let month = match pieces.next() {
        Some(text) => Some(text.parse::<u8>().ok().filter(|m| (1..=12).contains(m))?),
        None => None,
    };
    let day = match pieces.next() {
        Some(text) => Some(text.parse::<u8>().ok().filter(|d| (1..=31).contains(d))?),
        None => None,
    };
    match pieces.next() {
        Some(_) => None,
        None => Some((year, month, day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eras_change_on_their_first_day() {
        let check =
            |date: &str, era: &str| assert_eq!(wareki(date).as_deref(), Some(era), "{date}");
        check("2026-11-22", "令和8年11月22日");
        check("2019-05-01", "令和元年5月1日");
        check("2019-04-30", "平成31年4月30日");
        check("1989-01-07", "昭和64年1月7日");
        check("1926-12-24", "大正15年12月24日");
        check("1926-12-25", "昭和元年12月25日");
        check("1912-07-29", "明治45年7月29日");
    }

    #[test]
    fn a_coarse_date_names_every_era_it_covers() {
        assert_eq!(wareki("1989").as_deref(), Some("昭和64年・平成元年"));
        assert_eq!(wareki("2019-05").as_deref(), Some("令和元年5月"));
        assert_eq!(wareki("2019-04").as_deref(), Some("平成31年4月"));
    }

    #[test]
    fn what_is_no_date_has_no_era() {
        for text in ["", "abc", "2024-13", "24-01-01", "2024-1-1-1", "1850-01-01"] {
            assert_eq!(wareki(text), None, "{text}");
        }
    }
}

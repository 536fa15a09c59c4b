//! Values as regular expressions (ECMA-262): every number and date stands in a text, so that it
//! stays exact.

use kohyo_engine::Decimal;
use kohyo_engine::program::DatePrecision;

/// Numbers of at most so many digits before and after the point, as the engine reads them: leading
/// zeros and zeros at the end do not count.
pub(super) fn number(digits: u8, fraction: u8) -> String {
    let whole = digits.saturating_sub(fraction);
    let whole = match whole {
        0 => "0+".to_owned(),
        some => format!("0*[0-9]{{1,{some}}}"),
    };
    let after = match fraction {
        0 => "(\\.0+)?".to_owned(),
        some => format!("(\\.[0-9]{{1,{some}}}0*)?"),
    };
    format!("^-?{whole}{after}$")
}

/// Numbers that are at most `most`.
pub(super) fn at_most(most: Decimal) -> String {
    if most < Decimal::ZERO {
        format!("^-{}$", from(-most))
    } else {
        format!("^(-{ANY}|{})$", up_to(most))
    }
}

/// Numbers that are at least `least`.
pub(super) fn at_least(least: Decimal) -> String {
    if least > Decimal::ZERO {
        format!("^{}$", from(least))
    } else if least.is_zero() {
        format!("^({ANY}|-0+(\\.0+)?)$")
    } else {
        format!("^({ANY}|-{})$", up_to(-least))
    }
}

/// Numbers without a sign.
const ANY: &str = "[0-9]+(\\.[0-9]+)?";

/// Numbers without a sign up to `most`, which is not negative.
fn up_to(most: Decimal) -> String {
    let (whole, fraction) = split(most);
    let mut ways = Vec::new();
    let smaller = smaller(&whole);
    if !smaller.is_empty() {
        ways.push(format!("0*({})(\\.[0-9]+)?", smaller.join("|")));
    }
    if !whole.is_empty() {
        ways.push("0+(\\.[0-9]+)?".to_owned());
    }
    // The same whole part, and after the point nothing larger.
    let mut after = Vec::new();
    for (at, digit) in fraction.bytes().enumerate() {
        let before = fraction.get(..at).unwrap_or_default();
        if digit > b'0' {
            after.push(format!("{before}{}[0-9]*", class(b'0', digit - 1)));
        }
        if at > 0 {
            after.push(before.to_owned());
        }
    }
    after.push(match fraction.as_str() {
        "" => "0+".to_owned(),
        some => format!("{some}0*"),
    });
    ways.push(format!("{}(\\.({}))?", same(&whole), after.join("|")));
    format!("({})", ways.join("|"))
}

/// Numbers without a sign from `least` on, which is positive.
fn from(least: Decimal) -> String {
    let (whole, fraction) = split(least);
    let mut ways = vec![format!("0*({})(\\.[0-9]+)?", larger(&whole).join("|"))];
    if fraction.is_empty() {
        ways.push(format!("{}(\\.[0-9]+)?", same(&whole)));
    } else {
        // The same whole part, and after the point nothing smaller.
        let mut after = Vec::new();
        for (at, digit) in fraction.bytes().enumerate() {
            let before = fraction.get(..at).unwrap_or_default();
            if digit < b'9' {
                after.push(format!("{before}{}[0-9]*", class(digit + 1, b'9')));
            }
        }
        after.push(format!("{fraction}[0-9]*"));
        ways.push(format!("{}\\.({})", same(&whole), after.join("|")));
    }
    format!("({})", ways.join("|"))
}

/// Digits before the point without leading zeros (nothing for 0), and after it without zeros at
/// the end.
fn split(number: Decimal) -> (String, String) {
    let text = number.normalize().abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    (
        whole.trim_start_matches('0').to_owned(),
        fraction.to_owned(),
    )
}

/// The whole part itself, with leading zeros.
fn same(whole: &str) -> String {
    match whole {
        "" => "0+".to_owned(),
        some => format!("0*{some}"),
    }
}

/// Whole numbers from 1 to below `whole`, without leading zeros.
fn smaller(whole: &str) -> Vec<String> {
    let mut ways = Vec::new();
    for (at, digit) in whole.bytes().enumerate() {
        let before = whole.get(..at).unwrap_or_default();
        let low = if at == 0 { b'1' } else { b'0' };
        if digit > low {
            let rest = any(whole.len() - at - 1);
            ways.push(format!("{before}{}{rest}", class(low, digit - 1)));
        }
    }
    // Fewer digits.
    match whole.len() {
        0 | 1 => {}
        2 => ways.push("[1-9]".to_owned()),
        more => ways.push(format!("[1-9][0-9]{{0,{}}}", more - 2)),
    }
    ways
}

/// Whole numbers above `whole`, without leading zeros.
fn larger(whole: &str) -> Vec<String> {
    let mut ways = Vec::new();
    for (at, digit) in whole.bytes().enumerate() {
        let before = whole.get(..at).unwrap_or_default();
        if digit < b'9' {
            let rest = any(whole.len() - at - 1);
            ways.push(format!("{before}{}{rest}", class(digit + 1, b'9')));
        }
    }
    // More digits.
    ways.push(format!("[1-9][0-9]{{{},}}", whole.len()));
    ways
}

fn class(low: u8, high: u8) -> String {
    let (low, high) = (char::from(low), char::from(high));
    if low == high {
        low.to_string()
    } else {
        format!("[{low}-{high}]")
    }
}

fn any(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        many => format!("[0-9]{{{many}}}"),
    }
}

/// Dates of the calendar, years 0001 to 9999, as exact as asked for or coarser.
pub(super) fn date(precision: DatePrecision) -> String {
    const YEAR: &str = "(?!0000)[0-9]{4}";
    const MONTH: &str = "(0[1-9]|1[0-2])";
    match precision {
        DatePrecision::Year => format!("^{YEAR}$"),
        DatePrecision::Month => format!("^{YEAR}(-{MONTH})?$"),
        DatePrecision::Day => {
            let days = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))";
            let leap = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
            format!("^{YEAR}(-{MONTH})?$|^{YEAR}-{days}$|^(?!0000){leap}-02-29$")
        }
    }
}

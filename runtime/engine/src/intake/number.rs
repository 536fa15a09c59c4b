//! Numbers as they are written on the wire: `12`, `-3.5`; never `1e3`, `.5`, `1,000` or `１２`.

use super::Site;
use crate::answers::Answer;
use crate::outcome::Finding;
use crate::value::Decimal;
use unicode_normalization::UnicodeNormalization;

/// What a number field accepts.
pub(super) struct Limits {
    pub digits: u8,
    pub fraction: u8,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
}

pub(super) fn number(
    at: Site<'_>,
    written: &str,
    limits: &Limits,
    unit: Option<&str>,
) -> Result<Answer, Box<Finding>> {
    let Some(plain) = Plain::parse(written) else {
        return Err(unreadable(at, written, limits, unit));
    };
    if plain.fraction > u32::from(limits.fraction) {
        let (problem, help) = match limits.fraction {
            0 => (
                "は整数で書きます".to_owned(),
                "小数点以下を四捨五入せずに、整数で確かめて書いてください".to_owned(),
            ),
            some => (
                format!("の小数点以下は{some}桁までです"),
                format!("小数点以下{some}桁までで書いてください"),
            ),
        };
        return Err(at.error("digits", written, &problem, help));
    }
    let room = u32::from(limits.digits.saturating_sub(limits.fraction));
    let value = match plain.value() {
        Some(value) if plain.whole <= room => value,
        _ => {
            let problem = format!("の整数部分は{room}桁までです");
            return Err(at.error("digits", written, &problem, "桁数と単位を確かめてください"));
        }
    };
    let low = limits.min.is_some_and(|min| value < min);
    let high = limits.max.is_some_and(|max| value > max);
    if low || high {
        let problem = format!("は{}の範囲で書きます", range(limits.min, limits.max));
        let help = match unit {
            Some(unit) => format!("値と単位（{unit}）を確かめてください"),
            None => "値を確かめてください".to_owned(),
        };
        return Err(at.error("range", written, &problem, help));
    }
    Ok(Answer::Number(value))
}

/// `0〜100`, `0以上`, `100以下`.
pub(crate) fn range(min: Option<Decimal>, max: Option<Decimal>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{}〜{}", min.normalize(), max.normalize()),
        (Some(min), None) => format!("{}以上", min.normalize()),
        (None, Some(max)) => format!("{}以下", max.normalize()),
        (None, None) => String::new(),
    }
}

/// A number in plain digits.
struct Plain {
    negative: bool,
    /// All digits as one number, without trailing zeros after the point; nothing if too long.
    digits: Option<i128>,
    /// Digits before the point, without leading zeros.
    whole: u32,
    /// Digits after the point, without trailing zeros.
    fraction: u32,
}

impl Plain {
    fn parse(written: &str) -> Option<Self> {
        let (negative, unsigned) = match written.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (unsigned, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let digits = whole
            .bytes()
            .chain(fraction.bytes())
            .try_fold(0_i128, |number, digit| {
                number
                    .checked_mul(10)?
                    .checked_add(i128::from(digit - b'0'))
            });
        let length = |part: &str| u32::try_from(part.len()).unwrap_or(u32::MAX);
        Some(Self {
            negative,
            digits,
            whole: length(whole),
            fraction: length(fraction),
        })
    }

    fn value(&self) -> Option<Decimal> {
        let digits = self.digits?;
        let signed = if self.negative { -digits } else { digits };
        Decimal::try_from_i128_with_scale(signed, self.fraction).ok()
    }
}

#[cold]
fn unreadable(at: Site<'_>, written: &str, limits: &Limits, unit: Option<&str>) -> Box<Finding> {
    let half: String = written
        .nfkc()
        .map(|c| {
            if matches!(c, '−' | '‐' | '―' | 'ー') {
                '-'
            } else {
                c
            }
        })
        .collect();
    if half != written && Plain::parse(half.trim()).is_some() {
        return at.error(
            "type",
            written,
            "は半角の数字で書きます",
            format!("{} と書いてください", half.trim()),
        );
    }
    if let Some(bare) = without_unit(&half, unit) {
        return at.error("unit", written, "は単位を付けずに数値だけを書きます", match unit {
            Some(unit) => format!("単位 {unit} の値として {bare} と書いてください（単位が異なるときは換算してください）"),
            None => format!("{bare} と書いてください"),
        });
    }
    let without_commas = half.replace(',', "");
    if without_commas != half && Plain::parse(without_commas.trim()).is_some() {
        return at.error(
            "type",
            written,
            "は桁区切りを付けずに書きます",
            format!("{} と書いてください", without_commas.trim()),
        );
    }
    let example = if limits.fraction == 0 { "12" } else { "3.5" };
    at.error(
        "type",
        written,
        "を数値として読み取れません",
        format!("半角の数字だけで {example} のように書いてください"),
    )
}

/// `3.5` of `3.5 g/gCr`: of a number followed by the unit of the field or by any letters.
fn without_unit<'a>(written: &'a str, unit: Option<&str>) -> Option<&'a str> {
    let end = written.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-'))?;
    let (number, rest) = written.split_at_checked(end)?;
    let rest = rest.trim();
    // `1e5` and `0x10` are numbers of another notation, not numbers with a unit.
    let is_unit = unit == Some(rest)
        || !rest.contains(|c: char| c.is_ascii_digit())
            && rest.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '/' | '°' | 'µ'));
    (is_unit && Plain::parse(number).is_some()).then_some(number)
}

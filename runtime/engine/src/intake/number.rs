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
    fitting(&plain, limits, unit)
        .map(Answer::Number)
        .map_err(|trouble| at.error(trouble.kind, written, &trouble.problem, trouble.help))
}

/// Why a number does not count.
struct Trouble {
    kind: &'static str,
    problem: String,
    help: String,
}

fn fitting(plain: &Plain, limits: &Limits, unit: Option<&str>) -> Result<Decimal, Trouble> {
    let digits = |problem, help: &str| Trouble {
        kind: "digits",
        problem,
        help: help.to_owned(),
    };
    if plain.fraction > u32::from(limits.fraction) {
        return Err(match limits.fraction {
            0 => digits(
                "は整数で書きます".to_owned(),
                "小数点以下を四捨五入せずに、整数で確かめて書いてください",
            ),
            some => digits(
                format!("の小数点以下は{some}桁までです"),
                &format!("小数点以下{some}桁までで書いてください"),
            ),
        });
    }
    let room = u32::from(limits.digits.saturating_sub(limits.fraction));
    let value = match plain.value() {
        Some(value) if plain.whole <= room => value,
        _ => {
            let problem = format!("の整数部分は{room}桁までです");
            return Err(digits(problem, "桁数と単位を確かめてください"));
        }
    };
    let low = limits.min.is_some_and(|min| value < min);
    let high = limits.max.is_some_and(|max| value > max);
    if low || high {
        return Err(Trouble {
            kind: "range",
            problem: format!("は{}の範囲で書きます", range(limits.min, limits.max)),
            help: match unit {
                Some(unit) => format!("値と単位（{unit}）を確かめてください"),
                None => "値を確かめてください".to_owned(),
            },
        });
    }
    Ok(value)
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

/// What to write instead; a number that would be refused in its turn is not handed over as the
/// answer.
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
    let advice = |number: &str, usual: String| {
        let trouble = Plain::parse(number).and_then(|plain| fitting(&plain, limits, unit).err());
        match trouble {
            None => usual,
            Some(Trouble { problem, help, .. }) => {
                format!("{number} と読めますが、この項目{problem}。{help}")
            }
        }
    };
    let write = |number: &str| advice(number, format!("{number} と書いてください"));
    if half != written && Plain::parse(half.trim()).is_some() {
        let help = write(half.trim());
        return at.error("type", written, "は半角の数字で書きます", help);
    }
    if let Some(bare) = without_unit(&half, unit) {
        let help = match unit {
            Some(unit) => advice(
                bare,
                format!(
                    "単位 {unit} の値として {bare} と書いてください（単位が異なるときは換算してください）"
                ),
            ),
            None => write(bare),
        };
        return at.error("unit", written, "は単位を付けずに数値だけを書きます", help);
    }
    if let Some(joined) = without_grouping(half.trim()) {
        let help = write(&joined);
        return at.error("type", written, "は桁区切りを付けずに書きます", help);
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

/// `1234.5` of `1,234.5`; nothing unless every comma stands before three digits.
pub fn without_grouping(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.strip_prefix('-').unwrap_or(whole).split(',');
    let first = groups.next()?;
    let joined = text.replace(',', "");
    let right = (1..=3).contains(&first.len())
        && whole.contains(',')
        && groups.all(|group| group.len() == 3)
        && !fraction.contains(',')
        && Plain::parse(&joined).is_some();
    right.then_some(joined)
}

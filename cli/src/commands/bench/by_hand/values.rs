//! What the text of an element means: codes, numbers, dates and text, each with its checks.

use super::errors::Fault;

/// Yes, no or unknown; `max` is "or", `min` is "and".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tri {
    No,
    Unknown,
    Yes,
}

pub use Tri::{No, Unknown, Yes};

impl Tri {
    pub fn sure(yes: bool, no: bool) -> Self {
        if yes {
            Yes
        } else if no {
            No
        } else {
            Unknown
        }
    }
}

impl std::ops::Not for Tri {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            No => Yes,
            Unknown => Unknown,
            Yes => No,
        }
    }
}

impl From<bool> for Tri {
    fn from(holds: bool) -> Self {
        if holds { Yes } else { No }
    }
}

/// The answer of an item.
pub trait Value {
    /// Takes in the text of its element, which is not blank.
    fn read(&mut self, text: &str) -> Result<(), Fault>;
    fn is_answered(&self) -> bool;
    /// The element may be repeated.
    const SEVERAL: bool = false;
}

/// One of the codes 1 to `LAST`; those from `UNKNOWN` on say that the physician does not know.
/// Nothing answered is 0.
#[derive(Clone, Copy, Default)]
pub struct Code<const LAST: u8, const UNKNOWN: u8>(u8);

/// あり・なし・不明, 陽性・陰性・未実施 and the like.
pub type Finding = Code<3, 3>;
/// あり・なし・不明・未実施.
pub type TestFinding = Code<4, 3>;
/// Codes of which none means unknown.
pub type Choice<const LAST: u8> = Code<LAST, 255>;

impl<const LAST: u8, const UNKNOWN: u8> Code<LAST, UNKNOWN> {
    pub fn is(self, code: u8) -> Tri {
        Tri::sure(self.0 == code, self.0 != 0 && self.0 < UNKNOWN)
    }

    /// Whether this code is written: 「未実施」 is another one.
    pub fn wrote(self, code: u8) -> Tri {
        Tri::sure(self.0 == code, self.0 != 0)
    }

    /// Whether it was examined: some code below `UNKNOWN`, or one that says it was not.
    pub fn is_done(self) -> Tri {
        Tri::sure(self.0 != 0 && self.0 < UNKNOWN, self.0 >= UNKNOWN)
    }
}

impl<const LAST: u8, const UNKNOWN: u8> Value for Code<LAST, UNKNOWN> {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        self.0 = code(text, LAST)?;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0 != 0
    }
}

/// Several of the codes 1 to `LAST`, a bit for each.
#[derive(Clone, Copy, Default)]
pub struct Codes<const LAST: u8>(u16);

impl<const LAST: u8> Codes<LAST> {
    pub fn includes(self, code: u8) -> Tri {
        Tri::sure(self.0 & (1 << code) != 0, self.0 != 0)
    }
}

impl<const LAST: u8> Value for Codes<LAST> {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        self.0 |= 1 << code(text, LAST)?;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0 != 0
    }

    const SEVERAL: bool = true;
}

fn code(text: &str, last: u8) -> Result<u8, Fault> {
    let code = match text.as_bytes() {
        [ones @ b'1'..=b'9'] => ones - b'0',
        [tens @ b'1'..=b'9', ones @ b'0'..=b'9'] => (tens - b'0') * 10 + (ones - b'0'),
        _ if text.trim().len() < text.len() => return code(text.trim(), last),
        _ => 0,
    };
    if code == 0 || code > last {
        return Err(no_such_code());
    }
    Ok(code)
}

#[cold]
fn no_such_code() -> Fault {
    Fault::new(
        "code",
        "の選択肢にない値です",
        "選択肢のコードを書いてください",
    )
}

/// 都道府県: 01 to 47, 88 (国外), 99 (不明).
#[derive(Clone, Copy, Default)]
pub struct Prefecture(bool);

impl Value for Prefecture {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        self.0 = match text.trim().as_bytes() {
            [b'0', b'1'..=b'9'] | [b'1'..=b'3', b'0'..=b'9'] | [b'4', b'0'..=b'7'] => true,
            b"88" | b"99" => true,
            _ => return Err(no_such_code()),
        };
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0
    }
}

/// A number of so many `DIGITS`, `FRACTION` of them after the point, within `MIN` and `MAX`; all
/// in units of the last digit.
#[derive(Clone, Copy, Default)]
pub struct Number<const DIGITS: u32, const FRACTION: u32, const MIN: i32, const MAX: i32>(
    Option<i32>,
);

impl<const DIGITS: u32, const FRACTION: u32, const MIN: i32, const MAX: i32>
    Number<DIGITS, FRACTION, MIN, MAX>
{
    pub fn at_least(self, other: i32) -> Tri {
        self.0.map_or(Unknown, |number| Tri::from(number >= other))
    }

    pub fn at_most(self, other: i32) -> Tri {
        self.0.map_or(Unknown, |number| Tri::from(number <= other))
    }

    pub fn below(self, other: i32) -> Tri {
        self.0.map_or(Unknown, |number| Tri::from(number < other))
    }

    pub fn above(self, other: Self) -> Tri {
        match (self.0, other.0) {
            (Some(number), Some(other)) => Tri::from(number > other),
            _ => Unknown,
        }
    }
}

impl<const DIGITS: u32, const FRACTION: u32, const MIN: i32, const MAX: i32> Value
    for Number<DIGITS, FRACTION, MIN, MAX>
{
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        let number = scaled(text, DIGITS, FRACTION)?;
        if !(i64::from(MIN)..=i64::from(MAX)).contains(&number) {
            return Err(Fault::new(
                "range",
                "が範囲の外です",
                "値と単位を確かめてください",
            ));
        }
        self.0 = i32::try_from(number).ok();
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0.is_some()
    }
}

/// A number in units of its last digit.
fn scaled(text: &str, digits: u32, fraction: u32) -> Result<i64, Fault> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = match unsigned.split_once('.') {
        Some((_, "")) => return Err(no_number(text)),
        Some((whole, part)) => (whole, part),
        None => (unsigned, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
        return Err(no_number(text));
    }
    let whole = whole.trim_start_matches('0');
    let part = part.trim_end_matches('0');
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
    if length(part) > fraction {
        let problem = "の小数点以下の桁が多すぎます";
        return Err(Fault::new("digits", problem, "桁数を確かめてください"));
    }
    if length(whole) > digits - fraction {
        let problem = "の整数部分の桁が多すぎます";
        return Err(Fault::new(
            "digits",
            problem,
            "桁数と単位を確かめてください",
        ));
    }
    let read = |number: i64, byte: u8| number * 10 + i64::from(byte - b'0');
    let number = whole.bytes().chain(part.bytes()).fold(0, read);
    let number = number * 10_i64.pow(fraction - length(part));
    Ok(if negative { -number } else { number })
}

#[cold]
fn no_number(text: &str) -> Fault {
    // The full-width forms of ASCII are half-width ones with 0xFEE0 added.
    let half_width = |c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let plain: String = text.chars().map(half_width).collect();
    let number = plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    let unit = number.trim_start();
    let exponent = unit.strip_prefix(['e', 'E']).is_some_and(|power| {
        !power.is_empty()
            && power
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+'))
    });
    let has_unit = unit.starts_with(|c: char| c.is_alphabetic() || matches!(c, '%' | '/' | '°'));
    if has_unit && !exponent && number.len() < plain.len() {
        return Fault::new(
            "unit",
            "は単位を付けずに数値だけを書きます",
            "単位を取り除いてください",
        );
    }
    Fault::new(
        "type",
        "を数値として読み取れません",
        "半角の数字だけで書いてください",
    )
}

/// A date, to the day or coarser: from its first day to its last, as 20260601.
#[derive(Clone, Copy, Default)]
pub struct Day(Option<Days>);

/// A month, or only a year.
#[derive(Clone, Copy, Default)]
pub struct Month(Option<Days>);

#[derive(Clone, Copy)]
pub struct Days {
    pub first: i32,
    pub last: i32,
}

impl Days {
    /// One day.
    pub const fn day(year: i32, month: i32, day: i32) -> Self {
        let day = year * 10_000 + month * 100 + day;
        Self {
            first: day,
            last: day,
        }
    }
}

impl Value for Day {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        self.0 = Some(days(text.trim()).ok_or_else(no_date)?);
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0.is_some()
    }
}

impl Value for Month {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        let days = days(text).filter(|_| text.len() < 10);
        self.0 = Some(days.ok_or_else(no_date)?);
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0.is_some()
    }
}

#[cold]
fn no_date() -> Fault {
    Fault::new(
        "date",
        "を日付として読み取れません",
        "西暦で 1990-05-20 のように書いてください",
    )
}

impl From<Day> for Option<Days> {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl From<Month> for Option<Days> {
    fn from(month: Month) -> Self {
        month.0
    }
}

/// Whether the first lies before the second for certain.
pub fn before(a: impl Into<Option<Days>>, b: impl Into<Option<Days>>) -> bool {
    matches!((a.into(), b.into()), (Some(a), Some(b)) if a.last < b.first)
}

/// Whether so many months after a date have surely passed before another one.
pub fn past(from: impl Into<Option<Days>>, months: i32, to: impl Into<Option<Days>>) -> bool {
    matches!((from.into(), to.into()), (Some(from), Some(to)) if later(from.last, months) < to.first)
}

/// The day with the same number so many months later, or the last day of that month.
fn later(day: i32, months: i32) -> i32 {
    let month = day / 10_000 * 12 + day / 100 % 100 - 1 + months;
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    year * 10_000 + month * 100 + (day % 100).min(days_in(year, month))
}

/// The most whole years between two dates.
pub fn most_years(from: impl Into<Option<Days>>, to: impl Into<Option<Days>>) -> Option<i32> {
    let (from, to) = (from.into()?.first, to.into()?.last);
    Some(whole_months(from, to).div_euclid(12))
}

fn whole_months(from: i32, to: i32) -> i32 {
    let month = |day: i32| day / 10_000 * 12 + day / 100 % 100;
    month(to) - month(from) - i32::from(to % 100 < from % 100)
}

/// A day as the rest of the program says it.
pub fn day(date: kohyo_engine::Date) -> Days {
    let part = |part: Option<u8>| i32::from(part.unwrap_or(1));
    Days::day(
        i32::from(date.year_number()),
        part(date.month_number()),
        part(date.day_of_month()),
    )
}

/// `1990-05-20`, `1990-05` or `1990`, if the calendar has it.
pub fn days(text: &str) -> Option<Days> {
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i32::from(digit - b'0'))
        })
    };
    let (year, rest) = text.as_bytes().split_at_checked(4)?;
    let year = number(year).filter(|year| *year > 0)?;
    let month = |digits: &[u8]| number(digits).filter(|month| (1..=12).contains(month));
    match rest {
        [] => Some(Days {
            first: year * 10_000 + 101,
            last: year * 10_000 + 1231,
        }),
        [b'-', m1, m2] => {
            let month = month(&[*m1, *m2])?;
            let of_month = year * 10_000 + month * 100;
            Some(Days {
                first: of_month + 1,
                last: of_month + days_in(year, month),
            })
        }
        [b'-', m1, m2, b'-', d1, d2] => {
            let month = month(&[*m1, *m2])?;
            let day = number(&[*d1, *d2])?;
            let day = (1..=days_in(year, month)).contains(&day).then_some(day)?;
            Some(Days::day(year, month, day))
        }
        _ => None,
    }
}

fn days_in(year: i32, month: i32) -> i32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Text of at most so many characters and lines. What it says does not matter to any rule.
#[derive(Clone, Copy, Default)]
pub struct Text<const CHARS: usize, const LINES: usize>(bool);

impl<const CHARS: usize, const LINES: usize> Value for Text<CHARS, LINES> {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let (mut chars, mut lines) = (0, 1);
        let mut previous = ' ';
        for character in text.chars() {
            match character {
                '\n' if previous == '\r' => {}
                '\n' | '\r' => {
                    chars += 1;
                    lines += 1;
                }
                // Counted with the character they belong to.
                '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}' => {}
                other if other.is_control() && other != '\t' => {
                    let problem = "に使えない制御文字があります";
                    return Err(Fault::new("type", problem, "その文字を消してください"));
                }
                _ => chars += 1,
            }
            previous = character;
        }
        if lines > LINES {
            return Err(Fault::new(
                "width",
                "の行が多すぎます",
                "行を減らしてください",
            ));
        }
        within(chars, CHARS)?;
        self.0 = true;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0
    }
}

/// Hiragana, the long-vowel mark and blanks.
#[derive(Clone, Copy, Default)]
pub struct Kana<const CHARS: usize>(bool);

impl<const CHARS: usize> Value for Kana<CHARS> {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let mut chars = 0;
        let mut previous = ' ';
        for character in text.chars() {
            match character {
                'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | 'ー' | ' ' | '\u{3000}' => chars += 1,
                // か and a sound mark are が.
                '\u{3099}' if VOICED.contains(previous) => {}
                '\u{309a}' if "はひふへほ".contains(previous) => {}
                _ => {
                    let problem = "はひらがなで書きます";
                    return Err(Fault::new("kana", problem, "ひらがなで書いてください"));
                }
            }
            previous = character;
        }
        within(chars, CHARS)?;
        self.0 = true;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0
    }
}

const VOICED: &str = "うかきくけこさしすせそたちつてとはひふへほゝ";

fn within(chars: usize, limit: usize) -> Result<(), Fault> {
    if chars > limit {
        return Err(Fault::new(
            "width",
            "が長すぎます",
            "文字を減らしてください",
        ));
    }
    Ok(())
}

/// Exactly so many half-width digits.
#[derive(Clone, Copy, Default)]
pub struct Digits<const COUNT: usize>(bool);

impl<const COUNT: usize> Value for Digits<COUNT> {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let problem = "は半角の数字だけで書きます";
            return Err(Fault::new("type", problem, "半角の数字を書いてください"));
        }
        if text.len() != COUNT {
            return Err(Fault::new(
                "digits",
                "の桁数が違います",
                "桁数を確かめてください",
            ));
        }
        self.0 = true;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0
    }
}

/// Digits and hyphens, at least one digit.
#[derive(Clone, Copy, Default)]
pub struct Phone(bool);

impl Value for Phone {
    fn read(&mut self, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        let allowed = |byte: u8| byte.is_ascii_digit() || byte == b'-';
        if !text.bytes().all(allowed) || text.bytes().all(|byte| byte == b'-') {
            let problem = "は半角の数字とハイフンで書きます";
            return Err(Fault::new(
                "type",
                problem,
                "03-1234-5678 のように書いてください",
            ));
        }
        self.0 = true;
        Ok(())
    }

    fn is_answered(&self) -> bool {
        self.0
    }
}

//! What an author probably meant: signs of other languages, dates in other forms, forgotten quotes.

/// All signs, longest first.
const SIGNS: &[&str] = &[
    "<..<", "..<", "<..", "..", "->", "<=", ">=", "!=", "{", "}", "(", ")", ":", ";", ",", "|",
    "=", "<", ">", "+", "-", "*", "/", ".",
];

/// Signs of other languages and of mathematics, longest first.
const MISSPELT: &[(&str, &str)] = &[
    ("===", "="),
    ("==", "="),
    ("&&", "and"),
    ("||", "or"),
    ("=>", ">="),
    ("=<", "<="),
    ("<>", "!="),
    ("≦", "<="),
    ("≤", "<="),
    ("≧", ">="),
    ("≥", ">="),
    ("≠", "!="),
    ("〜", ".."),
    ("...", ".."),
    ("[", "{"),
    ("]", "}"),
];

/// The sign that stands at the beginning of `plain` and how many characters it has.
pub(super) fn sign_ahead(plain: &str) -> Option<(&'static str, usize)> {
    SIGNS
        .iter()
        .find(|sign| plain.starts_with(**sign))
        .map(|sign| (*sign, sign.len()))
}

/// A sign of another language at the beginning of `plain`, and the right one.
pub(super) fn misspelt_sign(plain: &str) -> Option<(&'static str, &'static str)> {
    MISSPELT
        .iter()
        .find(|(wrong, _)| plain.starts_with(wrong))
        .copied()
}

/// The quotation marks that close what `open` has opened.
pub(super) fn closing_quotes(open: char) -> &'static [char] {
    match open {
        '「' => &['」'],
        '『' => &['』'],
        '\'' => &['\''],
        '‘' => &['’'],
        _ => &['”', '“', '"', '＂'],
    }
}

/// Where the unclosed text at the beginning of `line` probably ends: before ` : `, ` {`, ` cites "`, …
pub(super) fn guess_end_of_text(line: &str) -> usize {
    const FOLLOWERS: &[&str] = &[
        " : ",
        " = ",
        " {",
        ";",
        " }",
        " cites ",
        " required",
        " when ",
        " at ",
        " because ",
    ];
    let cut = FOLLOWERS.iter().filter_map(|mark| line.find(mark)).min();
    let end = match cut {
        Some(at) if at > 1 => at + usize::from(line.get(at..at + 1) == Some(" ")),
        _ => line.strip_suffix('{').map_or(line.len(), str::len),
    };
    end.max(1)
}

/// A date, or what was meant as one.
pub(super) struct DateAhead {
    year: u16,
    month: u8,
    day: u8,
    /// Bytes it takes.
    pub length: usize,
}

impl DateAhead {
    /// `2017-04-01`.
    pub(super) fn iso(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// Whether the calendar has such a day.
    pub(super) fn exists(&self) -> bool {
        self.year > 0 && self.day > 0 && self.day <= days_in_month(self.year, self.month)
    }

    /// Why the calendar has no such day.
    pub(super) fn why_not(&self) -> String {
        match days_in_month(self.year, self.month) {
            _ if self.year == 0 => "年は 1 からです".to_owned(),
            0 => "月は 1 から 12 までです".to_owned(),
            last => format!("{}年{}月は {last} 日までです", self.year, self.month),
        }
    }
}

/// The number of days of a month of the Gregorian calendar; 0 for a month that does not exist.
pub(crate) fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(leap),
        _ => 0,
    }
}

/// A date at the beginning of `rest`: `2017-04-01`, `2017/4/1`, `2017年4月1日`.
pub(super) fn date_ahead(rest: &str) -> Option<DateAhead> {
    let mut at = 0;
    let year = digits(rest, &mut at, 4, 4)?;
    let mark = rest.get(at..)?.chars().next()?;
    let (between, after) = match mark {
        '-' => ("-", ""),
        '/' => ("/", ""),
        '年' => ("月", "日"),
        _ => return None,
    };
    at += mark.len_utf8();
    let month = digits(rest, &mut at, 1, 2)?;
    at += rest
        .get(at..)?
        .starts_with(between)
        .then_some(between.len())?;
    let day = digits(rest, &mut at, 1, 2)?;
    at += rest.get(at..)?.starts_with(after).then_some(after.len())?;
    if rest
        .get(at..)?
        .starts_with(|c: char| c.is_ascii_alphanumeric())
    {
        return None;
    }
    Some(DateAhead {
        year,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
        length: at,
    })
}

/// Between `least` and `most` digits at `at`, which moves past them.
fn digits(text: &str, at: &mut usize, least: usize, most: usize) -> Option<u16> {
    let rest = text.get(*at..)?;
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    if count < least || count > most {
        return None;
    }
    *at += count;
    rest.get(..count)?.parse().ok()
}

//! Which characters may stand where, and which only look as if they might.

use crate::parse::{is_name_continue, is_name_start};
use unicode_normalization::UnicodeNormalization;

/// Whether a name can begin with `c`.
pub(crate) fn starts_name(c: char) -> bool {
    is_name_start(c)
}

/// Whether a name can go on with `c`.
pub(crate) fn continues_name(c: char) -> bool {
    is_name_continue(c)
}

/// The half-width twin of a full-width sign, digit or letter; other characters as they are.
pub(super) fn half_width(c: char) -> char {
    match c {
        '、' => ',',
        '～' | '〜' => '〜',
        '−' | '‐' | '–' | '—' | '―' => '-',
        '×' => '*',
        '÷' => '/',
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// The half-width twin of a full-width letter, digit, `％` or `／` of a unit.
pub(super) fn unit_letter(c: char) -> char {
    match c {
        'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '０'..='９' | '％' | '／' => half_width(c),
        _ => c,
    }
}

/// Whether a unit can begin with `c`.
pub(super) fn begins_unit(c: char) -> bool {
    starts_name(c) || matches!(c, '%' | '‰' | '°' | '℃' | '℉' | 'µ' | '㌀'..='㏿')
}

/// Whether a unit can go on with `c` (a point only between letters or digits).
pub(crate) fn continues_unit(c: char) -> bool {
    continues_name(c)
        || matches!(
            c,
            '/' | '%' | '‰' | '°' | '·' | '^' | '℃' | '℉' | '²' | '³' | '*' | '㌀'..='㏿'
        )
}

/// Whether `c` belongs to no token at all.
pub(super) fn is_unusable(c: char) -> bool {
    let half = half_width(c);
    !(c.is_whitespace()
        || starts_name(c)
        || half.is_ascii_digit()
        || matches!(
            half,
            '_' | '#'
                | '"'
                | '“'
                | '”'
                | '「'
                | '『'
                | '\''
                | '‘'
                | '{'
                | '}'
                | '['
                | ']'
                | '('
                | ')'
                | ':'
                | ';'
                | ','
                | '|'
                | '='
                | '<'
                | '>'
                | '+'
                | '-'
                | '*'
                | '/'
                | '.'
                | '!'
                | '&'
                | '≦'
                | '≤'
                | '≧'
                | '≥'
                | '≠'
                | '〜'
        ))
}

/// Characters as they can be shown in a message: invisible ones by their number.
pub(super) fn visible(text: &str) -> String {
    text.chars()
        .take(20)
        .map(|c| {
            if c.is_control() || is_invisible(c) {
                format!("U+{:04X}", u32::from(c))
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Something in a name that looks like something else.
pub(super) struct Lookalike {
    /// What it is.
    pub what: &'static str,
    /// Why it matters.
    pub note: &'static str,
    /// The plain form, if there is one.
    pub plain: Option<String>,
}

/// The first doubtful thing about a name.
pub(super) fn lookalike(name: &str) -> Option<Lookalike> {
    let has = |test: fn(char) -> bool| name.chars().any(test);
    if has(is_full_width_form) {
        let plain: String = name.chars().map(half_width).collect();
        return Some(Lookalike {
            what: "全角の英数字",
            note: "半角と見分けにくい文字",
            plain: Some(plain),
        });
    }
    if has(|c| matches!(c, '\u{ff61}'..='\u{ff9f}')) {
        return Some(Lookalike {
            what: "半角のカタカナ",
            note: "全角と見分けにくい文字",
            plain: Some(name.nfkc().collect()),
        });
    }
    if has(is_invisible) {
        let plain: String = name.chars().filter(|c| !is_invisible(*c)).collect();
        return Some(Lookalike {
            what: "目に見えない文字",
            note: "異体字の指定など",
            plain: (!plain.is_empty()).then_some(plain),
        });
    }
    let latin = has(|c| c.is_ascii_alphabetic());
    if has(|c| matches!(c, '\u{400}'..='\u{52f}')) || latin && has(is_latin_like_greek) {
        return Some(Lookalike {
            what: "英字に似た別の文字",
            note: "キリル文字・ギリシャ文字",
            plain: latin.then(|| name.chars().map(latin_twin).collect()),
        });
    }
    None
}

fn is_full_width_form(c: char) -> bool {
    matches!(c, '！'..='～')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}')
}

fn is_latin_like_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}') && latin_twin(c) != c
}

/// The Latin letter that looks the same.
fn latin_twin(c: char) -> char {
    match c {
        'Α' | 'А' => 'A',
        'Β' | 'В' => 'B',
        'Ε' | 'Е' => 'E',
        'Ζ' => 'Z',
        'Η' | 'Н' => 'H',
        'Ι' | 'І' => 'I',
        'Κ' | 'К' => 'K',
        'Μ' | 'М' => 'M',
        'Ν' => 'N',
        'Ο' | 'О' => 'O',
        'Ρ' | 'Р' => 'P',
        'С' => 'C',
        'Ѕ' => 'S',
        'Τ' | 'Т' => 'T',
        'Υ' | 'У' => 'Y',
        'Χ' | 'Х' => 'X',
        'а' => 'a',
        'с' => 'c',
        'е' => 'e',
        'і' => 'i',
        'ο' | 'о' => 'o',
        'р' => 'p',
        'ѕ' => 's',
        'ν' => 'v',
        'х' => 'x',
        'у' => 'y',
        _ => c,
    }
}

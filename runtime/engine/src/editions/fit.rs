//! Whether the answers to one question are answers to another.

use crate::program::{DatePrecision, Field, FieldType};
use crate::value::Decimal;

/// How the answers to a question of an older edition suit one of a newer edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Every answer does.
    Always,
    /// Some do not; why, in Japanese.
    Sometimes(String),
    /// None does; why, in Japanese.
    Never(String),
}

/// How the answers to `old` suit `new`. Codes are compared by their map, not here.
pub fn fit(old: &Field, new: &Field) -> Fit {
    match (&old.ty, &new.ty) {
        (FieldType::Number { unit: a, .. }, FieldType::Number { unit: b, .. }) if a != b => {
            let words = |unit: &Option<String>| unit.clone().unwrap_or_else(|| "なし".to_owned());
            Fit::Never(format!("単位が違います（{} と {}）", words(a), words(b)))
        }
        (FieldType::Number { .. }, FieldType::Number { .. }) => numbers(&old.ty, &new.ty),
        (FieldType::Date { .. }, FieldType::Date { .. }) => Fit::Always,
        (FieldType::Choice { .. }, FieldType::Choice { .. })
        | (FieldType::Choice { .. } | FieldType::Choices { .. }, FieldType::Choices { .. }) => {
            Fit::Always
        }
        (FieldType::Choices { .. }, FieldType::Choice { .. }) => {
            Fit::Sometimes("複数の選択が一つの選択になります".to_owned())
        }
        (old, new) => match (letters(old), letters(new)) {
            (Some(old), Some(new)) => texts(&old, &new),
            _ => Fit::Never(format!(
                "{}の答えは{}の答えになりません",
                kind_words(old),
                kind_words(new)
            )),
        },
    }
}

fn numbers(old: &FieldType, new: &FieldType) -> Fit {
    let (
        FieldType::Number {
            digits: old_digits,
            fraction: old_fraction,
            min: old_min,
            max: old_max,
            ..
        },
        FieldType::Number {
            digits,
            fraction,
            min,
            max,
            ..
        },
    ) = (old, new)
    else {
        return Fit::Never(String::new());
    };
    if fraction < old_fraction {
        return Fit::Sometimes(format!(
            "小数点以下が{old_fraction}桁から{fraction}桁に減ります"
        ));
    }
    let narrower =
        |end: &Option<Decimal>, old_end: &Option<Decimal>, low: bool| match (end, old_end) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(end), Some(old)) => {
                if low {
                    end > old
                } else {
                    end < old
                }
            }
        };
    if narrower(min, old_min, true) || narrower(max, old_max, false) {
        return Fit::Sometimes("書ける範囲が狭くなります".to_owned());
    }
    let bounded = old_min.is_some() && old_max.is_some() && min.is_some() && max.is_some();
    if !bounded && digits - fraction < old_digits - old_fraction {
        return Fit::Sometimes("整数部分の桁数が減ります".to_owned());
    }
    Fit::Always
}

/// What a text may consist of.
#[derive(PartialEq, Eq)]
enum Alphabet {
    Free,
    Kana,
    Phone,
    Digits,
}

struct Letters {
    alphabet: Alphabet,
    /// At least and at most so many characters.
    least: u32,
    most: u32,
    lines: u32,
}

fn letters(ty: &FieldType) -> Option<Letters> {
    let (alphabet, least, most, lines) = match ty {
        FieldType::Text { chars, lines } => (Alphabet::Free, 0, *chars, *lines),
        FieldType::Kana { chars } => (Alphabet::Kana, 0, *chars, 1),
        FieldType::Digits { count } => (Alphabet::Digits, *count, *count, 1),
        FieldType::PostalCode => (Alphabet::Digits, 7, 7, 1),
        FieldType::Phone => (Alphabet::Phone, 0, u32::MAX, 1),
        FieldType::Number { .. }
        | FieldType::Date { .. }
        | FieldType::Choice { .. }
        | FieldType::Choices { .. } => return None,
    };
    Some(Letters {
        alphabet,
        least,
        most,
        lines,
    })
}

fn texts(old: &Letters, new: &Letters) -> Fit {
    let letters = new.alphabet == Alphabet::Free
        || new.alphabet == old.alphabet
        || new.alphabet == Alphabet::Phone && old.alphabet == Alphabet::Digits;
    if !letters {
        return Fit::Sometimes("使える文字が変わります".to_owned());
    }
    if new.most < old.most || new.least > old.least {
        return Fit::Sometimes(match old.most {
            u32::MAX => "書ける文字数が減ります".to_owned(),
            most => format!("文字数が{most}から{}に変わります", new.most),
        });
    }
    if new.lines < old.lines {
        return Fit::Sometimes("書ける行数が減ります".to_owned());
    }
    Fit::Always
}

fn kind_words(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Text { .. } => "文字",
        FieldType::Kana { .. } => "かな",
        FieldType::Digits { .. } => "数字",
        FieldType::PostalCode => "郵便番号",
        FieldType::Phone => "電話番号",
        FieldType::Number { .. } => "数値",
        FieldType::Date { precision } => match precision {
            DatePrecision::Year => "年",
            DatePrecision::Month => "年月",
            DatePrecision::Day => "年月日",
        },
        FieldType::Choice { .. } => "一つ選ぶ項目",
        FieldType::Choices { .. } => "複数選ぶ項目",
    }
}

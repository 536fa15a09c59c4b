//! What hospitals write → what the wire holds, where there is no doubt; every change is listed.
//!
//! A value that can be read as it stands is left alone, except for blanks around it, marks apart from
//! their letters, and half-width katakana in free text.
//! A changed value counts only if it can be read; otherwise the value stays and is found wrong.

use crate::finding::Place;
use kohyo_engine::program::{Code, FieldId, FieldType};
use kohyo_engine::{Form, WrittenDate, read_text, without_grouping, written_date};
use serde::Serialize;
use std::iter::successors;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A value that was changed while reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where it stands.
    pub place: Place,
    /// Label of its field.
    pub item: String,
    /// As it was written.
    pub old: String,
    /// As it was read.
    pub new: String,
    /// What was done, in Japanese.
    pub what: &'static str,
}

/// What was done to the codes of a question that names one twice.
pub(crate) const SAME_CODE: &str = "同じコードを一つにしました";

/// What is done to a value before it is read, step by step: the value after each step, the last of
/// them to be read, and what was done. Nothing if it stays as it is.
pub(crate) fn normalised<'f>(
    form: &'f Form,
    id: FieldId,
    written: &str,
) -> impl Iterator<Item = (String, &'static str)> + use<'f> {
    successors(step(form, id, written), move |(last, _)| {
        step(form, id, last)
    })
}

fn step(form: &Form, id: FieldId, written: &str) -> Option<(String, &'static str)> {
    let ty = &form.field(id)?.ty;
    let inner = written.trim();
    if inner.len() < written.len() && !inner.is_empty() && read_text(form, id, inner).is_ok() {
        return Some((inner.to_owned(), "前後の空白を除きました"));
    }
    if let FieldType::Text { .. } | FieldType::Kana { .. } = ty
        && let Some(new) = composed(written)
    {
        return Some((new, "濁点などを一つの文字にまとめました"));
    }
    if let FieldType::Text { .. } = ty {
        let new = full_width_kana(written)?;
        return Some((new, "半角カナを全角にしました"));
    }
    if read_text(form, id, written).is_ok() {
        return None;
    }
    let half: String = written.nfkc().collect();
    let half = half.trim();
    let (new, what) = match ty {
        FieldType::Kana { .. } => (
            half.chars().map(hiragana).collect(),
            "カナをひらがなにしました",
        ),
        FieldType::Digits { .. } => (half.to_owned(), "全角を半角にしました"),
        FieldType::Choice { .. } | FieldType::Choices { .. } => match labelled(form, id, half) {
            Some(code) => (code.to_owned(), "選択肢の名称をコードにしました"),
            None => (half.to_owned(), "全角を半角にしました"),
        },
        FieldType::PostalCode => {
            let digits = half.trim_start_matches('〒').trim_start();
            let (front, back) = match hyphens(digits).split_once('-') {
                Some((front, back)) => (front.to_owned(), back.to_owned()),
                None => (digits.to_owned(), String::new()),
            };
            if !back.is_empty() && (front.len(), back.len()) != (3, 4) {
                return None;
            }
            (front + back.as_str(), "郵便番号の書き方を改めました")
        }
        FieldType::Phone => {
            let plain: String = hyphens(half)
                .chars()
                .filter(|c| !c.is_whitespace())
                .map(|c| if matches!(c, '(' | ')') { '-' } else { c })
                .collect();
            let plain = plain.trim_matches('-').replace("--", "-");
            (plain, "電話番号の書き方を改めました")
        }
        FieldType::Number { .. } => {
            let plain = hyphens(half);
            match without_grouping(&plain) {
                Some(plain) => (plain, "桁区切りを除きました"),
                None => (plain, "全角を半角にしました"),
            }
        }
        FieldType::Date { .. } => match written_date(half)? {
            WrittenDate::Western(date) => (date.to_string(), "日付の書き方を改めました"),
            WrittenDate::Japanese(date) => (date.to_string(), "和暦を西暦にしました"),
            WrittenDate::NotInCalendar | WrittenDate::BeforeEra(_) | WrittenDate::AfterEra(_) => {
                return None;
            }
        },
        FieldType::Text { .. } => return None,
    };
    (new != written && read_text(form, id, &new).is_ok()).then_some((new, what))
}

/// What a person wrote (昭和45年5月20日, １００－０００１, トクガワ) as the wire holds it, where there is no
/// doubt; otherwise as it was written.
pub fn as_wire(form: &Form, id: FieldId, written: String) -> String {
    match normalised(form, id, &written).last() {
        Some((new, _)) => new,
        None => written,
    }
}

/// The value of the only code with this label (`男`), or of the code whose value and label both
/// begin with what is written (`3度` of `3`, 「3度 軽〜中等度」).
fn labelled<'f>(form: &'f Form, id: FieldId, written: &str) -> Option<&'f str> {
    let codes = form.codes(id);
    let label = |code: &Code| code.label.nfkc().collect::<String>();
    if codes.iter().any(|code| code.value == written) {
        return None;
    }
    let mut called = codes.iter().filter(|code| label(code) == written);
    if let Some(code) = called.next() {
        return called.next().is_none().then_some(code.value.as_str());
    }
    let numbered = |code: &&Code| {
        let rest = written.strip_prefix(code.value.as_str());
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
            && label(code).split_whitespace().next() == Some(written)
    };
    codes.iter().find(numbered).map(|code| code.value.as_str())
}

/// The text with marks joined to their letters (NFC, as every text is read); nothing if they are.
fn composed(text: &str) -> Option<String> {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return None;
    }
    let new: String = text.nfc().collect();
    (new != text).then_some(new)
}

/// The text with its half-width katakana made full width; nothing if it has none.
fn full_width_kana(text: &str) -> Option<String> {
    let half = |c: char| ('\u{ff61}'..='\u{ff9f}').contains(&c);
    if !text.contains(half) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars() {
        if half(c) {
            run.push(c);
            continue;
        }
        out.extend(run.nfkc());
        run.clear();
        out.push(c);
    }
    out.extend(run.nfkc());
    Some(out)
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヴ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    }
}

/// Everything people type for a hyphen or a minus, as one.
fn hyphens(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '−' | '‐' | '‑' | '–' | '—' | '―' | 'ー' => '-',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests;

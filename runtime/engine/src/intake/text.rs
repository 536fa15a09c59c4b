//! Text: free, kana, digits, postal codes and telephone numbers.

use super::Site;
use crate::answers::Answer;
use crate::outcome::Finding;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

type Reading = Result<Answer, Box<Finding>>;

/// Free text: NFC, line breaks as LF, no control characters. A line break counts as a character.
pub(super) fn free(at: Site<'_>, written: &str, chars: u32, lines: u32) -> Reading {
    let text = normalised(written);
    if let Some(control) = text.chars().find(|c| is_forbidden(*c)) {
        return Err(at.error(
            "type",
            written,
            &format!(
                "に使えない制御文字（U+{:04X}）があります",
                u32::from(control)
            ),
            "その文字を消して書き直してください",
        ));
    }
    let count = text.split('\n').count();
    if count > usize::try_from(lines).unwrap_or(usize::MAX) {
        let (problem, help) = match lines {
            0 | 1 => (
                "には改行を書けません".to_owned(),
                "1行にまとめてください".to_owned(),
            ),
            _ => (
                format!("は{lines}行までです（{count}行あります）"),
                format!("{lines}行以内にまとめてください"),
            ),
        };
        return Err(at.error("width", written, &problem, help));
    }
    within(at, written, &text, chars)?;
    Ok(Answer::Text(text.into()))
}

/// Control characters other than line breaks and tabs, and what no XML text can hold.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}') || c.is_control() && c != '\n' && c != '\t'
}

/// Hiragana, the long-vowel mark and blanks.
pub(super) fn kana(at: Site<'_>, written: &str, chars: u32) -> Reading {
    let text = normalised(written);
    if !text.chars().all(is_kana) {
        let hiragana: String = text.nfkc().map(to_hiragana).collect();
        let help = if hiragana.chars().all(is_kana) {
            format!("{hiragana} と書いてください")
        } else {
            "ひらがなと長音（ー）、空白だけで書いてください".to_owned()
        };
        return Err(at.error("kana", written, "はひらがなで書きます", help));
    }
    within(at, written, &text, chars)?;
    Ok(Answer::Text(text.into()))
}

/// Exactly so many half-width digits.
pub(super) fn digits(at: Site<'_>, written: &str, count: u32) -> Reading {
    let length = written.chars().count();
    if !written.bytes().all(|byte| byte.is_ascii_digit()) {
        let half: String = written.nfkc().filter(char::is_ascii_digit).collect();
        let help = if u32::try_from(half.len()) == Ok(count) {
            format!("{half} と書いてください")
        } else {
            format!("半角の数字{count}桁だけを書いてください")
        };
        return Err(at.error("type", written, "は半角の数字だけで書きます", help));
    }
    if u32::try_from(length) != Ok(count) {
        let problem = format!("は{count}桁です（{length}桁あります）");
        return Err(at.error(
            "digits",
            written,
            &problem,
            format!("半角の数字{count}桁を書いてください"),
        ));
    }
    Ok(Answer::Text(written.into()))
}

/// Seven digits without a hyphen.
pub(super) fn postal_code(at: Site<'_>, written: &str) -> Reading {
    digits(at, written, 7)
}

/// Digits and hyphens, at least one digit.
pub(super) fn phone(at: Site<'_>, written: &str) -> Reading {
    let allowed = |c: char| c.is_ascii_digit() || c == '-';
    if written.chars().all(allowed) && written.bytes().any(|byte| byte.is_ascii_digit()) {
        return Ok(Answer::Text(written.into()));
    }
    let half: String = written
        .nfkc()
        .map(|c| {
            if matches!(c, '−' | '‐' | '―' | 'ー' | '(' | ')') {
                '-'
            } else {
                c
            }
        })
        .filter(|c| !c.is_whitespace())
        .collect();
    let half = half.trim_matches('-').replace("--", "-");
    let help = if half.chars().all(allowed) && !half.is_empty() {
        format!("{half} と書いてください")
    } else {
        "半角の数字とハイフンだけで 03-1234-5678 のように書いてください".to_owned()
    };
    Err(at.error("type", written, "は半角の数字とハイフンで書きます", help))
}

fn within(at: Site<'_>, written: &str, text: &str, chars: u32) -> Result<(), Box<Finding>> {
    // A text of so many bytes has at most so many characters: most texts need no counting.
    let limit = usize::try_from(chars).unwrap_or(usize::MAX);
    if text.len() <= limit {
        return Ok(());
    }
    let count = text.chars().count();
    if count <= limit {
        return Ok(());
    }
    let problem = format!("は{chars}文字までです（{count}文字あります）");
    Err(at.error(
        "width",
        written,
        &problem,
        format!("{}文字減らしてください", count - limit),
    ))
}

/// NFC with LF as the only line break.
fn normalised(written: &str) -> String {
    let mut text = match is_nfc_quick(written.chars()) {
        IsNormalized::Yes => written.to_owned(),
        _ => written.nfc().collect(),
    };
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    text
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ' | 'ー' | ' ' | '\u{3000}')
}

fn to_hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        'ヽ' => 'ゝ',
        'ヾ' => 'ゞ',
        other => other,
    }
}

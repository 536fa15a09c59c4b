//! What hospitals write in the columns of form, edition, application and day → what the wire holds.
//!
//! Whoever calls this looks whether the result can be read, and lists the change.

use kohyo_engine::{WrittenDate, written_date};
use unicode_normalization::UnicodeNormalization;

/// `SHITEI-006`, `００６`, `6` → `shitei-006`.
pub(super) fn form(written: &str) -> String {
    let plain = half(written).to_lowercase();
    let is_number = (1..=3).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_digit());
    match is_number {
        true => format!("shitei-{plain:0>3}"),
        false => plain,
    }
}

/// `２０２０年版` → `2020`.
pub(super) fn edition(written: &str) -> String {
    let plain = half(written);
    let bare = plain.strip_suffix('版').unwrap_or(&plain);
    bare.strip_suffix('年').unwrap_or(bare).to_owned()
}

/// `新規`, `NEW` → `new`; `更新` → `renewal`.
pub(super) fn application(written: &str) -> String {
    let plain = half(written).to_lowercase();
    match plain.as_str() {
        "新規" | "新規申請" => "new".to_owned(),
        "更新" | "更新申請" => "renewal".to_owned(),
        _ => plain,
    }
}

/// `令和8年6月1日`, `R8.6.1`, `2026/6/1` → `2026-06-01`.
pub(super) fn day(written: &str) -> String {
    let plain = half(written);
    match written_date(&plain) {
        Some(WrittenDate::Western(date) | WrittenDate::Japanese(date)) => date.to_string(),
        _ => plain,
    }
}

fn half(written: &str) -> String {
    written.nfkc().collect::<String>().trim().to_owned()
}

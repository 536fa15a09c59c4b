//! How much room words take, so that boxes stand in as many columns as fit.
//!
//! An estimate in ems is enough: the template lets a line wrap that turns out longer.

/// Millimetres to an em of the form's text (8 pt).
const EM: f32 = 2.82;

/// Width of words in ems: Japanese characters are an em wide, others a little more than half.
pub(super) fn ems(text: &str) -> f32 {
    text.chars()
        .map(|c| match c {
            '\u{0020}'..='\u{02ff}' | '\u{ff61}'..='\u{ff9f}' => 0.58,
            _ => 1.0,
        })
        .sum()
}

/// Width of words in millimetres.
pub(super) fn millimetres(text: &str) -> f32 {
    ems(text) * EM
}

/// Width of a box for a digit.
pub(super) const BOX: f32 = 4.8;

/// Width of the answer beside its question.
pub(super) const ANSWER: f32 = 120.0;

/// Width of the answer where two questions share a line.
pub(super) const HALF: f32 = 56.0;

/// A box with its number and words, and the gap behind them.
pub(super) fn choice(value: &str, label: &str) -> f32 {
    millimetres(value) + millimetres(label) + 8.3
}

/// The columns in which boxes stand: 0 if all fit on one line.
pub(super) fn columns(widths: &[f32], room: f32) -> u32 {
    let total: f32 = widths.iter().sum();
    if total <= room {
        return 0;
    }
    let widest = widths.iter().copied().fold(1.0, f32::max);
    let fit = (1..=6_u8).rev().find(|n| f32::from(*n) * widest <= room);
    u32::from(fit.unwrap_or(1))
}

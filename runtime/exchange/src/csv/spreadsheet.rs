//! Values that can be read, but that a spreadsheet has probably changed, or that stand for nothing.

use kohyo_engine::program::{Field, FieldType};

const ERRORS: [&str; 8] = [
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "####",
];
const NOTHING: [&str; 10] = [
    "NULL",
    "N/A",
    "NA",
    "-",
    "−",
    "―",
    "空欄",
    "未実施",
    "なし",
    "不明",
];
/// The numbers of insurers have 6 or 8 digits.
const INSURER: &str = "insurer_number";

/// What is probably wrong with a value of this field, and what to do.
pub(super) fn doubt(field: &Field, value: &str) -> Option<(&'static str, &'static str)> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let lost_zero = (
        "先頭の0が落ちている疑いがあります",
        "原本を確かめてください。表計算ソフトでは、列の書式を「文字列」にしてから開きます",
    );
    match field.ty {
        FieldType::Phone if !value.starts_with('0') => return Some(lost_zero),
        FieldType::Text { .. } => {}
        _ => return None,
    }
    if field.name == INSURER && digits && value.len() == 7 {
        return Some(lost_zero);
    }
    if ERRORS.iter().any(|error| value.starts_with(error)) {
        return Some((
            "表計算ソフトのエラーの値です",
            "元の値を書くか、空欄にしてください",
        ));
    }
    if is_scientific(value) {
        return Some((
            "表計算ソフトが数字を指数で表した疑いがあります（下の桁が失われています）",
            "原本の番号を書いてください。表計算ソフトでは、列の書式を「文字列」にしてから開きます",
        ));
    }
    if !field.name.ends_with("name") {
        return None;
    }
    if NOTHING.contains(&value) {
        return Some((
            "名前ではなく、値のないことを表す文字のようです",
            "名前を書くか、空欄にしてください",
        ));
    }
    value.contains(['?', '？', '〓', '\u{fffd}']).then_some((
        "文字コードの変換で失われた文字がある疑いがあります",
        "原本の文字を書き、UTF-8で書き出してください",
    ))
}

/// `1.23E+09`.
fn is_scientific(value: &str) -> bool {
    let Some((front, power)) = value.split_once("E+") else {
        return false;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = front.split_once('.').unwrap_or((front, "0"));
    digits(whole) && digits(part) && digits(power)
}

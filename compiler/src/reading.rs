//! The generated Japanese of rules, in the manner of the official notices.

use kohyo_engine::Date;
use kohyo_engine::program::{CompareOp, CountOp};

/// 「安静時振戦」
pub(crate) fn quoted(label: &str) -> String {
    format!("「{label}」")
}

/// 「安静時振戦」が「あり」, 「病型」が「Ⅰ」「Ⅱ」のいずれか
pub(crate) fn is_one_of(subject: &str, labels: &[&str]) -> String {
    match labels {
        [one] => format!("{subject}が「{one}」"),
        many => {
            let list: String = many.iter().map(|label| quoted(label)).collect();
            format!("{subject}が{list}のいずれか")
        }
    }
}

/// 〜でない
pub(crate) fn not(text: &str) -> String {
    format!("{text}ではない")
}

/// 「続柄」に「母」を含む
pub(crate) fn includes(subject: &str, label: &str) -> String {
    format!("{subject}に「{label}」を含む")
}

/// Aが3.0 g/dL以下
pub(crate) fn compare(left: &str, op: CompareOp, right: &str) -> String {
    match op {
        CompareOp::Less => format!("{left}が{right}未満"),
        CompareOp::LessEqual => format!("{left}が{right}以下"),
        CompareOp::Equal => format!("{left}が{right}"),
        CompareOp::NotEqual => format!("{left}が{right}以外"),
        CompareOp::GreaterEqual => format!("{left}が{right}以上"),
        CompareOp::Greater => format!("{left}が{right}を超える"),
    }
}

/// 発症年月が生年月日より前
pub(crate) fn compare_dates(left: &str, op: CompareOp, right: &str) -> String {
    match op {
        CompareOp::Less => format!("{left}が{right}より前"),
        CompareOp::LessEqual => format!("{left}が{right}以前"),
        CompareOp::Equal => format!("{left}が{right}と同じ"),
        CompareOp::NotEqual => format!("{left}が{right}と異なる"),
        CompareOp::GreaterEqual => format!("{left}が{right}以後"),
        CompareOp::Greater => format!("{left}が{right}より後"),
    }
}

/// 次のうち２項目以上を満たす
pub(crate) fn count(op: CountOp, n: u32) -> String {
    let n = full_width(n);
    match op {
        CountOp::AtLeast => format!("次のうち{n}項目以上を満たす"),
        CountOp::AtMost => format!("次のうち満たすものが{n}項目以下"),
        CountOp::Exactly => format!("次のうちちょうど{n}項目を満たす"),
    }
}

/// A number of items in full-width digits, as the notices write small numbers.
fn full_width(n: u32) -> String {
    let wide = |c: char| {
        c.to_digit(10)
            .and_then(|d| char::from_u32('０' as u32 + d))
            .unwrap_or(c)
    };
    n.to_string().chars().map(wide).collect()
}

/// 3.0 g/dL, 18歳, 6か月
pub(crate) fn quantity(digits: &str, unit: Option<&str>) -> String {
    match unit {
        None => digits.to_owned(),
        Some(unit) if unit.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            format!("{digits} {unit}")
        }
        Some(unit) => format!("{digits}{unit}"),
    }
}

/// 2024年4月1日
pub(crate) fn date(date: Date) -> String {
    date.japanese()
}

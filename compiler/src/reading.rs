//! The generated Japanese of rules, in the manner of the official notices.

use kohyo_dsl::ast::Quantifier;
use kohyo_engine::Date;
use kohyo_engine::program::{CompareOp, CountOp};

/// The heading of a conjunction.
pub(crate) const ALL: &str = "次のすべてを満たす";

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

/// How rows or sides are called together.
pub(crate) enum Names {
    /// 使用薬剤
    Rows(String),
    /// 右眼, 左眼
    Sides(Vec<String>),
}

/// 「使用薬剤」のうち２つ以上で、「種類」が「ステロイド」
pub(crate) fn each(of: &Names, quantifier: Quantifier, what: &str) -> String {
    let (all, both) = match of {
        Names::Rows(label) => (quoted(label), "すべて"),
        Names::Sides(labels) => {
            let both = if labels.len() == 2 {
                "両方"
            } else {
                "すべて"
            };
            (labels.iter().map(|l| quoted(l)).collect(), both)
        }
    };
    match quantifier {
        Quantifier::Any => format!("{all}のいずれかで、{what}"),
        Quantifier::All => format!("{all}の{both}で、{what}"),
        Quantifier::None => format!("{all}のいずれにおいても、{}", denied(what)),
        Quantifier::AtLeast(n) => format!("{all}のうち{}つ以上で、{what}", full_width(n)),
        Quantifier::AtMost(n) => {
            format!("{all}のうち、{what}ものが{}つ以下", full_width(n))
        }
        Quantifier::Exactly(n) => {
            format!("{all}のうちちょうど{}つで、{what}", full_width(n))
        }
        Quantifier::Count => format!("{all}のうち{what}ものの数"),
        Quantifier::Sum => format!("{all}の{what}の合計"),
        Quantifier::Max => format!("{all}の{what}の最大値"),
        Quantifier::Min => format!("{all}の{what}の最小値"),
    }
}

/// 〜でない, 〜を満たさない
fn denied(text: &str) -> String {
    match text.strip_suffix("を満たす") {
        Some(what) => format!("{what}を満たさない"),
        None => not(text),
    }
}

/// 「右眼」で、「矯正視力」が0.1以下
pub(crate) fn in_turn(label: &str, text: &str) -> String {
    format!("{}で、{text}", quoted(label))
}

/// 「使用薬剤1」の「用量」
pub(crate) fn of_turn(label: &str, text: &str) -> String {
    format!("{}の{text}", quoted(label))
}

/// 良い方の眼の「矯正視力」
pub(crate) fn side(better: bool, whole: &str, question: &str) -> String {
    let word = if better { "良い方" } else { "悪い方" };
    format!("{word}の{whole}の{}", quoted(question))
}

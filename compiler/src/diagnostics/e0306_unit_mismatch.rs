//! Values in different units are compared or added.

use super::words::unit_code;
use crate::suggest::same_letters;
use kohyo_dsl::ast::{NumberLiteral, Text};
use kohyo_dsl::{Declaration, Diagnostic, Example, Severity, Span};
use kohyo_engine::Decimal;
use unicode_normalization::UnicodeNormalization;

pub(crate) const DECLARATION: Declaration = Declaration {
    code: "E0306",
    severity: Severity::Error,
    title: "単位が合わない",
    explanation:
        "異なる単位の値を比べたり、足したりしています。換算は宣言された場合だけ行われます。
同じ単位の値どうしを比べるか、`convert` で換算を宣言してください。
単位のある項目に係数を掛けて点数にするときは、`2 * (stools / 1 回)` のように、先にその単位の 1 で割ります。
`value` の型に書く単位は、計算の単位と同じです。単位のあるものの `score` には、その単位があります。
掛け算と割り算の単位は、掛けたり割ったりしたものの単位から決まります（mg を kg で割れば mg/kg）。
単位のない係数を掛ける公式は、係数に換算が含まれることがあるので、`value` の型に書いた単位になります。",
    wrong: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 15 g/L"#),
    right: Example::Items(r#"criterion low "低アルブミン血症" = albumin <= 1.5 g/dL"#),
};

/// Whether `unit` counts hours, which the language has not.
fn is_hours(unit: &str) -> bool {
    matches!(unit, "hours" | "hour" | "時間")
}

/// Whether `unit` only says that the number is one of points.
pub(crate) fn is_points(unit: &str) -> bool {
    matches!(unit, "点" | "points" | "point" | "pt" | "pts" | "ポイント")
}

/// Whether `unit` is a part of the number: 5万.
pub(crate) fn is_large(unit: &str) -> bool {
    ten_thousands("1", unit).is_some()
}

/// Whether `found` is another way to write the unit `wanted`.
fn is_same(wanted: &str, found: &str) -> bool {
    let celsius = wanted == "℃" && matches!(found, "°C" | "º" | "C" | "度" | "°");
    let plain = |unit: &str| unit.nfkc().collect::<String>();
    celsius || same_letters(wanted, found) || wanted != found && plain(wanted) == plain(found)
}

/// How many of `smaller` a `larger` has.
fn times(larger: &str, smaller: &str) -> Option<u64> {
    match (larger, smaller) {
        ("years", "months") => Some(12),
        ("weeks", "days") => Some(7),
        _ => None,
    }
}

/// 50000 of `5万`.
fn ten_thousands(digits: &str, unit: &str) -> Option<String> {
    let zeros = match unit {
        "万" => 10_000_u64,
        "億" => 100_000_000,
        _ => return None,
    };
    let number: Decimal = digits.parse().ok()?;
    Some((number * Decimal::from(zeros)).normalize().to_string())
}

/// The number `digits` in `unit` as it is surely meant in `wanted`.
fn fitted(digits: &str, unit: &str, wanted: Option<&str>) -> Option<String> {
    let Some(wanted) = wanted else {
        let large = ten_thousands(digits, unit);
        return large.or_else(|| is_points(unit).then(|| digits.to_owned()));
    };
    if is_same(wanted, unit) {
        return Some(format!("{digits} {}", unit_code(wanted)));
    }
    if let Some(digits) = ten_thousands(digits, unit) {
        return Some(format!("{digits} {}", unit_code(wanted)));
    }
    // `<= 12 months` admits nobody of 23 months, `<= 1 year` does.
    if (unit, wanted) == ("months", "years") {
        return None;
    }
    let number: u64 = digits.parse().ok()?;
    let number = match (times(unit, wanted), times(wanted, unit)) {
        (Some(more), _) => number.checked_mul(more)?,
        (_, Some(fewer)) if number.is_multiple_of(fewer) => number / fewer,
        _ => return None,
    };
    Some(of_time(number, wanted))
}

/// `1 year`, `2 years`.
pub(crate) fn of_time(number: u64, unit: &str) -> String {
    match number {
        1 if is_time(unit) => format!("1 {}", unit.trim_end_matches('s')),
        _ => format!("{number} {unit}"),
    }
}

/// The comparison at `whole` is `meant` counted in the unit of its number, or written with a number in
/// the unit it is counted in, which is the same.
pub(crate) fn recounted(
    found: Diagnostic,
    whole: Span,
    meant: &str,
    same: Option<&str>,
) -> Diagnostic {
    let help = match same {
        Some(same) => format!("`{meant}` か `{same}` と書きます"),
        None => format!("`{meant}` と、比べる数と同じ単位で数えます"),
    };
    found.help(help).fix(whole, meant)
}

/// Says how the number `digits` in `unit` is written in `wanted`, if that is certain.
pub(crate) fn refitted(
    found: Diagnostic,
    digits: &str,
    unit: &str,
    wanted: Option<&str>,
) -> Diagnostic {
    match fitted(digits, unit, wanted) {
        Some(meant) => {
            let span = found.span;
            let help = match wanted {
                None if ten_thousands(digits, unit).is_some() => format!("`{meant}` と書きます"),
                None => format!("点数に単位は付けません。`{meant}` と書きます"),
                Some(wanted) if is_time(wanted) && unit == "years" => {
                    format!("`{meant}` と書くか、`age at …` や `years from A to B` で年を数えます")
                }
                Some(_) => format!("`{meant}` と書きます"),
            };
            found.help(help).fix(span, meant)
        }
        None => found,
    }
}

/// A weight has no unit: `2点 when …`.
pub(crate) fn weight_with_unit(file: &str, weight: &NumberLiteral) -> Diagnostic {
    let unit = weight.unit.as_ref().map_or("", |unit| unit.text.as_str());
    let message = format!("点数に単位「{unit}」は付けません");
    DECLARATION
        .found(file, weight.span, message)
        .help(format!("`{} when …` と書きます", weight.digits))
        .fix(weight.span, weight.digits.as_str())
}

/// What has no unit is compared with the number `digits` in `unit`.
pub(crate) fn unit_needless(found: Diagnostic, digits: &str, unit: &str) -> Diagnostic {
    if let (true, Some(part)) = (matches!(unit, "%" | "％"), hundredth(digits)) {
        return found.help(format!(
            "比べるものに単位はありません。割合（1 が 100%）と比べるなら `{part}`、百分率の数と比べるなら `{digits}` と書きます"
        ));
    }
    found.help(format!(
        "比べるものに単位はありません。`{digits}` と書くか、比べるものの計算で単位を付けます"
    ))
}

/// 0.2 of `20`, 0.125 of `12.5`.
fn hundredth(digits: &str) -> Option<String> {
    let number: Decimal = digits.parse().ok()?;
    Some((number / Decimal::from(100)).normalize().to_string())
}

/// The rule of a value is counted in a unit that is not the one of its type.
pub(crate) fn declared_unit(
    file: &str,
    span: Span,
    declared: Option<&Text>,
    counted: &str,
    rule: &str,
) -> Diagnostic {
    let (own, bare) = (unit_code(counted), bare(rule));
    let Some(declared) = declared.map(|unit| unit.text.as_str()) else {
        let message = format!("計算の単位は「{counted}」ですが、型に単位がありません");
        return DECLARATION.found(file, span, message).help(format!(
            "型に `\"{counted}\"` を書くか、`{bare} / 1 {own}` で割って単位を外します"
        ));
    };
    let message = format!("単位が合いません（計算は「{counted}」、型は「{declared}」）");
    let help = if is_time(counted) && is_time(declared) {
        format!(
            "型の単位を `\"{counted}\"` にするか、計算を `{declared} from A to B` のようにします"
        )
    } else {
        let other = unit_code(declared);
        format!(
            "型の単位を `\"{counted}\"` にするか、`{bare} / 1 {own} * 1 {other}` のように、単位を外して 1 {counted} あたりの数を掛けます"
        )
    };
    DECLARATION.found(file, span, message).help(help)
}

/// A short calculation as it stands before a sign, a long one left out.
fn bare(rule: &str) -> String {
    match rule.chars().count() {
        0..=40 if rule.contains([' ', '{']) => format!("({rule})"),
        0..=40 => rule.to_owned(),
        _ => "(…)".to_owned(),
    }
}

/// The unit of a product or quotient is compared with or added to another one.
pub(crate) fn calculated_unit(found: Diagnostic, unit: &str) -> Diagnostic {
    let written = unit_code(unit);
    found.note(format!("計算の単位は {unit} です")).help(format!(
        "`… {written}` と書くか、`convert` で換算を宣言します。係数に換算が含まれる公式なら、`value` に型を書いて単位を決め、その名前で比べます"
    ))
}

/// The same, where what was calculated has just this factor too many.
pub(crate) fn factor_too_many(
    found: Diagnostic,
    unit: &str,
    factor: &str,
    other: &str,
) -> Diagnostic {
    let (own, one) = (unit_code(unit), unit_code(factor));
    found.note(format!("計算の単位は {unit} です")).help(format!(
        "`… {own}` と書くか、計算を `/ 1 {one}` で割って {other} にするか、係数に `\"{other}/{factor}\"` の単位を付けます"
    ))
}

/// Whether it says that a unit is missing or wrong.
pub(crate) fn is_of_unit(found: &Diagnostic) -> bool {
    matches!(found.code, "E0305" | "E0306")
}

fn is_time(unit: &str) -> bool {
    matches!(unit, "years" | "months" | "weeks" | "days")
}

/// Values in different units stand side by side in a calculation, where nothing is converted.
pub(crate) fn units_joined(
    file: &str,
    span: Span,
    left: Option<String>,
    right: Option<String>,
) -> Diagnostic {
    let both = match (&left, &right) {
        (Some(a), Some(b)) => !(is_same(a, b) || is_time(a) && is_time(b)),
        _ => false,
    };
    let found = unit_mismatch(file, span, left, right);
    if !both {
        return found;
    }
    found.help("計算の中では、どれも同じ単位にそろえます。`convert` の換算が働くのは、数との比較だけです（`crp >= 5 mg/L` など）")
}

pub(crate) fn unit_mismatch(
    file: &str,
    span: Span,
    left: Option<String>,
    right: Option<String>,
) -> Diagnostic {
    let name =
        |unit: Option<String>| unit.map_or_else(|| "単位なし".to_owned(), |u| format!("「{u}」"));
    let help = match (&left, &right) {
        (Some(a), Some(b)) if is_time(a) && is_time(b) => format!(
            "期間は `{}` のように、比べる数と同じ単位で数えます（1 週は 7 日として比べられます）",
            if b == "weeks" {
                "days from A to B".to_owned()
            } else {
                format!("{b} from A to B")
            }
        ),
        (Some(wanted), Some(found)) if is_time(wanted) && is_hours(found) => {
            "時刻は扱えません。日で比べるか、時間数を数値の項目で尋ねて比べます".to_owned()
        }
        (Some(unit), None) | (None, Some(unit)) => {
            format!("数に単位を付けるか、点数の計算なら `/ 1 {unit}` で割って単位を外してください")
        }
        (Some(wanted), Some(found)) if is_same(wanted, found) => {
            format!("`{}` と書きます", unit_code(wanted))
        }
        _ => "同じ単位の値どうしを比べるか、`convert` で換算を宣言してください".to_owned(),
    };
    let message = format!("単位が合いません（{} と {}）", name(left), name(right));
    DECLARATION.found(file, span, message).help(help)
}

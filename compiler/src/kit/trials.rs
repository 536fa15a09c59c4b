//! What to write into one field: both sides of every boundary of its type, and what people write
//! instead.
//!
//! Only the values stand here, with what each of them tries in words. Whether a value is accepted,
//! and which check refuses it, is for the engine to say.

use kohyo_engine::program::{Code, DatePrecision, Field, FieldType};
use kohyo_engine::{Answer, Decimal, number_domain};

/// Values to try in a field.
pub(super) struct Trial {
    pub(super) values: Vec<String>,
    pub(super) purpose: String,
    pub(super) at: At,
}

/// What is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// A boundary: accepted means inside, refused means outside.
    Boundary,
    /// A way to write it.
    Writing,
    /// An answer that is unknown, or a less exact one.
    Unknown,
}

/// Everything to try in a field whose answer is now `answer`.
pub(super) fn trials(field: &Field, codes: &[Code], answer: &Answer) -> Vec<Trial> {
    let mut list = List(Vec::new());
    match &field.ty {
        FieldType::Text { chars, lines } => text(&mut list, *chars, *lines),
        FieldType::Kana { chars } => kana(&mut list, *chars),
        FieldType::Digits { count } => digits(&mut list, *count),
        FieldType::PostalCode => {
            digits(&mut list, 7);
            list.writing("100-0001", "「-」を付けた");
        }
        FieldType::Phone => phone(&mut list),
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => number(
            &mut list,
            *digits,
            *fraction,
            unit.as_deref(),
            *min,
            *max,
            answer,
        ),
        FieldType::Date { precision } => date(&mut list, *precision, answer),
        FieldType::Choice { .. } => choice(&mut list, codes),
        FieldType::Choices { .. } => {
            choice(&mut list, codes);
            choices(&mut list, codes);
        }
    }
    list.0
}

struct List(Vec<Trial>);

impl List {
    fn add(&mut self, at: At, value: impl Into<String>, purpose: impl Into<String>) {
        self.0.push(Trial {
            values: vec![value.into()],
            purpose: purpose.into(),
            at,
        });
    }

    fn boundary(&mut self, value: impl Into<String>, purpose: impl Into<String>) {
        self.add(At::Boundary, value, purpose);
    }

    fn writing(&mut self, value: impl Into<String>, purpose: impl Into<String>) {
        self.add(At::Writing, value, purpose);
    }
}

fn times(what: &str, count: u32) -> String {
    what.repeat(usize::try_from(count).unwrap_or(0))
}

/// Longer texts than this are not written into a kit.
const LONGEST: u32 = 4_000;

/// As long as a text may be, and a character longer; nothing if that is too long for a kit.
fn width(list: &mut List, chars: u32) {
    if chars <= LONGEST {
        list.boundary(
            times("あ", chars),
            format!("文字数の上限ちょうど（{chars}文字）"),
        );
        list.boundary(
            times("あ", chars + 1),
            format!("文字数の上限を1文字超える（{}文字）", chars + 1),
        );
    }
}

fn text(list: &mut List, chars: u32, lines: u32) {
    width(list, chars);
    if chars <= LONGEST {
        list.boundary(
            times("𠮷", chars),
            format!(
                "基本多言語面の外の漢字で上限ちょうど（{chars}文字。UTF-16の符号の数ではない）"
            ),
        );
        list.boundary(
            times("か\u{3099}", chars),
            format!("濁点を分けて書き、NFCに正規化すると上限ちょうど（{chars}文字）"),
        );
    }
    let most = lines.max(1);
    if most <= 200 && chars > 2 * most + 1 {
        let written = |lines: u32| vec!["あ"; usize::try_from(lines).unwrap_or(0)].join("\n");
        if most > 1 {
            list.boundary(written(most), format!("行数の上限ちょうど（{most}行）"));
        }
        list.boundary(
            written(most + 1),
            format!("行数の上限を1行超える（{}行）", most + 1),
        );
    }
    if chars >= 3 {
        list.writing("あ\tい", "タブを含む");
        list.writing("あ\u{85}い", "制御文字（U+0085）を含む");
    }
}

fn kana(list: &mut List, chars: u32) {
    width(list, chars);
    if chars >= 3 {
        list.writing("らーめ", "長音を含む");
        list.writing("あ い", "空白を含む");
    }
    list.writing("ア", "片仮名で書いた");
    list.writing("亜", "漢字で書いた");
    list.writing("a", "英字で書いた");
}

fn digits(list: &mut List, count: u32) {
    list.boundary(
        times("0", count),
        format!("{count}桁ちょうど（先頭の0も桁に数える）"),
    );
    if count > 1 {
        list.boundary(
            times("1", count - 1),
            format!("1桁足りない（{}桁）", count - 1),
        );
    }
    list.boundary(times("1", count + 1), format!("1桁多い（{}桁）", count + 1));
    list.writing(times("１", count), "全角の数字で書いた");
    list.writing(
        format!(" {} ", times("1", count)),
        "前後に空白を付けた（空白は読まない）",
    );
    list.writing(times("a", count), "英字で書いた");
}

fn phone(list: &mut List) {
    list.writing("0312345678", "ハイフンなしで書いた");
    list.writing("03-1234-5678", "ハイフンで区切った");
    list.writing("０３－１２３４－５６７８", "全角で書いた");
    list.writing("03(1234)5678", "括弧で区切った");
    list.writing("-", "数字がない");
}

fn number(
    list: &mut List,
    digits: u8,
    fraction: u8,
    unit: Option<&str>,
    min: Option<Decimal>,
    max: Option<Decimal>,
    answer: &Answer,
) {
    let now = match answer {
        Answer::Number(number) => number.normalize(),
        _ => Decimal::ONE,
    };
    if let Some((low, high, step)) = number_domain(digits, fraction, min, max) {
        let bound = |list: &mut List, value: Decimal, what: &str| {
            list.boundary(
                value.normalize().to_string(),
                format!("{what}（{}）", value.normalize()),
            );
        };
        let names = |bound: Option<Decimal>, range: &'static str, width: &'static str| {
            if bound.is_some() { range } else { width }
        };
        bound(list, low, names(min, "下限ちょうど", "書ける最小の値"));
        bound(
            list,
            low - step,
            names(min, "下限を1刻み下回る", "書ける最小の値を1刻み下回る"),
        );
        bound(list, high, names(max, "上限ちょうど", "書ける最大の値"));
        bound(
            list,
            high + step,
            names(max, "上限を1刻み上回る", "書ける最大の値を1刻み上回る"),
        );
    }
    let scale = usize::from(fraction);
    let whole = now.trunc().abs().to_string();
    list.boundary(
        format!("{whole}.{}1", "0".repeat(scale)),
        format!("小数点以下が1桁多い（{}桁）", scale + 1),
    );
    list.writing(
        format!("{whole}.{}0", "0".repeat(scale)),
        "小数点以下の末尾に0を付けた（桁数に数えない）",
    );
    let room = usize::from(digits.saturating_sub(fraction));
    list.boundary(
        format!("1{}", "0".repeat(room)),
        format!("整数部分が1桁多い（{}桁）", room + 1),
    );
    list.writing(format!("0{now}"), "先頭に0を付けた（桁数に数えない）");
    let wide: String = now
        .to_string()
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
            '.' => '．',
            '-' => '－',
            other => other,
        })
        .collect();
    list.writing(wide, "全角の数字で書いた");
    list.writing(
        format!("\u{3000}{now}\u{a0} "),
        "前後に空白（U+3000、U+00A0、U+0020）を付けた（空白は読まない）",
    );
    list.writing("1,000", "桁区切りの「,」を付けた");
    list.writing(format!("+{now}"), "「+」を付けた");
    list.writing("1e1", "指数表記で書いた");
    list.writing(".5", "整数部分を省いた");
    list.writing("1.", "小数点で終わる");
    list.writing("あ", "文字を書いた");
    list.writing(
        format!("{now}{}", unit.unwrap_or("回")),
        "数値の後に単位を付けた",
    );
}

fn date(list: &mut List, precision: DatePrecision, answer: &Answer) {
    if let Answer::Date(date) = answer {
        let year = date.year_number();
        if precision >= DatePrecision::Month {
            list.add(
                At::Unknown,
                format!("{year:04}"),
                "年だけを書いた（月日は不明）",
            );
        }
        if precision == DatePrecision::Day
            && let Some(month) = date.month_number()
        {
            list.add(
                At::Unknown,
                format!("{year:04}-{month:02}"),
                "年月だけを書いた（日は不明）",
            );
        }
    }
    match precision {
        DatePrecision::Day => {
            list.boundary("2024-02-29", "うるう年の2月29日");
            list.boundary("2023-02-29", "暦にない日（平年の2月29日）");
            list.boundary("2023-04-30", "小の月の末日");
            list.boundary("2023-04-31", "暦にない日（4月31日）");
            list.writing("2023/04/01", "「/」で区切った");
            list.writing("令和5年4月1日", "和暦で書いた");
            list.writing("20230401", "区切りのない8桁で書いた");
            list.writing("2023-4-1", "月日の0を省いた");
            list.writing("2023-04-01T00:00:00", "時刻を付けた");
        }
        DatePrecision::Month => {
            list.boundary("2023-12", "12月");
            list.boundary("2023-13", "暦にない月（13月）");
            list.writing("2023-04-01", "年月日まで書いた");
            list.writing("2023/04", "「/」で区切った");
            list.writing("令和5年4月", "和暦で書いた");
        }
        DatePrecision::Year => {
            list.writing("2023-04", "年月まで書いた");
            list.writing("令和5年", "和暦で書いた");
        }
    }
    list.writing("0000", "暦にない年");
    list.writing("不明", "文字で書いた");
}

fn choice(list: &mut List, codes: &[Code]) {
    for code in codes.iter().filter(|code| code.unknown) {
        list.add(
            At::Unknown,
            &code.value,
            format!("不明のコード「{}」を選んだ", code.label),
        );
    }
    let known = |value: &str| codes.iter().any(|code| code.value == value);
    let next = (0..=codes.len() + 1)
        .map(|number| number.to_string())
        .find(|value| !known(value));
    if let Some(value) = next {
        list.writing(value, "コード表にない値を書いた");
    }
    if let Some(code) = codes.first() {
        if !known(&code.label) {
            list.writing(&code.label, "コードの代わりに名称を書いた");
        }
        let padded = format!("0{}", code.value);
        if !known(&padded) {
            list.writing(padded, "コードの前に0を付けた");
        }
    }
}

fn choices(list: &mut List, codes: &[Code]) {
    let known: Vec<&Code> = codes.iter().filter(|code| !code.unknown).collect();
    if let [first, second, ..] = known.as_slice() {
        list.0.push(Trial {
            values: vec![first.value.clone(), second.value.clone()],
            purpose: "複数のコードを選んだ".to_owned(),
            at: At::Writing,
        });
        list.writing(
            format!("{},{}", first.value, second.value),
            "複数のコードを一つの要素に「,」で並べた",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_each_boundary_of_a_number() {
        let field = |ty| Field {
            name: "n".into(),
            label: "n".into(),
            ty,
            required: false,
            required_when: None,
            shown_when: None,
            hidden_when: None,
            only: None,
            carry: kohyo_engine::program::Carry::Never,
            privacy: None,
            help: None,
            cites: None,
            first_answer: None,
        };
        let number = field(FieldType::Number {
            digits: 3,
            fraction: 1,
            unit: Some("mg".into()),
            min: Some(Decimal::new(5, 1)),
            max: Some(Decimal::new(20, 0)),
        });
        let answer = Answer::Number(Decimal::new(35, 1));
        let lines: Vec<String> = trials(&number, &[], &answer)
            .iter()
            .map(|trial| {
                format!(
                    "{:?} {}: {}",
                    trial.at,
                    trial.values.join("|"),
                    trial.purpose
                )
            })
            .collect();
        for line in [
            "Boundary 0.5: 下限ちょうど（0.5）",
            "Boundary 0.4: 下限を1刻み下回る（0.4）",
            "Boundary 20: 上限ちょうど（20）",
            "Boundary 20.1: 上限を1刻み上回る（20.1）",
            "Boundary 3.01: 小数点以下が1桁多い（2桁）",
            "Boundary 100: 整数部分が1桁多い（3桁）",
            "Writing ３．５: 全角の数字で書いた",
            "Writing 3.5mg: 数値の後に単位を付けた",
        ] {
            assert!(
                lines.iter().any(|found| found == line),
                "{line}: {lines:#?}"
            );
        }
    }
}

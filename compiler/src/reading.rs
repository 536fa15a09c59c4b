//! The generated Japanese of rules, in the manner of the official notices.

use kohyo_dsl::ast::Quantifier;
use kohyo_engine::Date;
use kohyo_engine::outline::ends_as_verb;
pub(crate) use kohyo_engine::outline::{CASES, TABLE, announces, full_width, when};
use kohyo_engine::outline::{EARLIEST, LATEST};
use kohyo_engine::program::{CompareOp, CountOp};

/// 「安静時振戦」; brackets inside become 『』.
pub(crate) fn quoted(label: &str) -> String {
    if label.contains('「') || label.contains('」') {
        return format!("「{}」", label.replace('「', "『").replace('」', "』"));
    }
    format!("「{label}」")
}

/// A label at the beginning of a sentence: 血清アルブミン値(が3.0g/dL以下). It stands in brackets
/// where the sentence could not be cut from it.
pub(crate) fn subject(label: &str) -> String {
    if label.contains(['、', '。', '「', '」', 'が']) {
        quoted(label)
    } else {
        label.to_owned()
    }
}

/// 安静時振戦が「あり」, 病型が「Ⅰ」又は「Ⅱ」
pub(crate) fn is_one_of(subject: &str, labels: &[&str]) -> String {
    format!("{subject}が{}", either(labels))
}

/// 「Ⅰ」、「Ⅱ」又は「Ⅲ」
fn either(labels: &[&str]) -> String {
    match labels {
        [] => String::new(),
        [one] => quoted(one),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|label| quoted(label)).collect();
            format!("{}又は{}", first.join("、"), quoted(last))
        }
    }
}

/// The heads of lists of conditions.
pub(crate) const ALL: &str = "次のすべてを満たす";
/// See [`ALL`].
pub(crate) const ANY: &str = "次のいずれかを満たす";
/// See [`ALL`].
pub(crate) const NONE: &str = "次のいずれも満たさない";
/// AかつB for `A and B`; a list if that would be hard to read.
pub(crate) fn both(parts: &[&str]) -> String {
    inline(parts, "、かつ").unwrap_or_else(|| ALL.to_owned())
}

/// A又はB for `A or B`; a list if that would be hard to read.
pub(crate) fn or(parts: &[&str]) -> String {
    inline(parts, "、又は").unwrap_or_else(|| ANY.to_owned())
}

fn inline(parts: &[&str], word: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let text = parts.join(word);
    let joins = |part: &&str| announces(part) || is_joined(part) || is_open_ended(part);
    // What is said of rows or sides would go on with the part behind it.
    let (_, others) = parts.split_last()?;
    let goes_on = others.iter().any(|part| is_of_several(part));
    let fits = text.chars().count() <= LONGEST && !parts.iter().any(joins) && !goes_on;
    fits.then_some(text)
}

/// The text without what stands in quotation marks.
fn outside_quotes(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for character in text.chars() {
        match character {
            '「' => depth += 1,
            '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(character),
            _ => {}
        }
    }
    outside
}

/// Whether the text joins conditions, apart from what stands in brackets.
fn is_joined(text: &str) -> bool {
    let outside = outside_quotes(text);
    outside.contains("、かつ") || outside.contains("、又は")
}

/// Whether the text ends with words that could be about more than itself: a proviso, what holds
/// otherwise, what something counts as.
fn is_open_ended(text: &str) -> bool {
    let outside = outside_quotes(text);
    outside.contains("。ただし、")
        || outside.contains("、それ以外は")
        || outside.ends_with("とみなす）")
}

/// Whether the text says something of rows or sides.
fn is_of_several(text: &str) -> bool {
    let outside = outside_quotes(text);
    outside.contains("で、") || outside.contains("においても、")
}

/// The text, or a quotation of it if what follows could be taken for a part of it.
fn closed(text: &str) -> String {
    if is_open_ended(text) || is_of_several(text) {
        quoted(text)
    } else {
        text.to_owned()
    }
}

/// The opposite of a criterion that is called so: 絶対的除外基準に当たらない.
pub(crate) fn not_met(label: &str) -> String {
    let text = not(label);
    match text.strip_suffix("ではない") {
        Some(stem) if stem == label => format!("{label}に当たらない"),
        _ => text,
    }
}

/// The opposite of a reading.
pub(crate) fn not(text: &str) -> String {
    // Turning the last word would only turn what is said of each row, or otherwise.
    if is_of_several(text) || is_open_ended(text) {
        return format!("{}に当たらない", quoted(text));
    }
    let turned = [
        ("のいずれかを含む", "のいずれも含まない"),
        ("のいずれも含まない", "のいずれかを含む"),
        ("のすべてを含む", "のいずれかを含まない"),
        ("のいずれかを含まない", "のすべてを含む"),
        ("いずれも満たさない", "いずれかを満たす"),
        ("いずれかを満たす", "いずれも満たさない"),
        ("すべてを満たす", "いずれかを満たさない"),
        ("を満たす", "を満たさない"),
        ("に当たる", "に当たらない"),
        ("を含む", "を含まない"),
        ("を超える", "を超えない"),
        ("が記入されている", "が未記入"),
        ("が未記入", "が記入されている"),
        ("が異なる", "が一致する"),
        ("と異なる", "と同じ"),
        ("と同じ", "と異なる"),
        ("である", "ではない"),
        ("ではない", "である"),
    ];
    for (ending, opposite) in turned {
        if let Some(stem) = text.strip_suffix(ending) {
            return format!("{stem}{opposite}");
        }
    }
    match text {
        _ if is_joined(text) => {
            format!("{}ではない", quoted(text))
        }
        _ if ends_as_verb(text) => format!("{}に当たらない", quoted(text)),
        _ => format!("{text}ではない"),
    }
}

/// Aが3.0g/dL以下。ただし、Bの場合を除く
pub(crate) fn unless(holds: &str, except: &str) -> String {
    let listed = announces(holds) || announces(except);
    if listed || is_open_ended(holds) || is_of_several(holds) {
        ALL.to_owned()
    } else {
        format!("{holds}。{}", proviso(except))
    }
}

/// ただし、Bの場合を除く
pub(crate) fn proviso(except: &str) -> String {
    format!("ただし、{}を除く", when(except))
}

/// 成人の場合はA、それ以外はB
pub(crate) fn if_else(condition: &str, then: &str, otherwise: &str) -> String {
    let listed = |text: &str| announces(text) || text.contains("。ただし、");
    if [condition, then, otherwise].into_iter().any(listed) {
        CASES.to_owned()
    } else {
        format!("{}は{then}、それ以外は{otherwise}", when(condition))
    }
}

/// 成人の場合はA、小児の場合はB、それ以外はC: one step of it, given what follows.
pub(crate) fn first_match(condition: &str, then: &str, rest: &str) -> String {
    if [condition, then, rest].into_iter().any(announces) {
        CASES.to_owned()
    } else {
        format!("{}は{then}、{rest}", when(condition))
    }
}

/// それ以外はC
pub(crate) fn otherwise(result: &str) -> String {
    if announces(result) {
        CASES.to_owned()
    } else {
        format!("それ以外は{result}")
    }
}

/// What an author gives a condition to be called, with the condition unless that is a list.
pub(crate) fn called(label: &str, text: &str) -> String {
    if announces(text) || label == text {
        label.to_owned()
    } else {
        format!("{label}（{text}）")
    }
}

/// 続柄に「母」を含む
pub(crate) fn includes(subject: &str, label: &str) -> String {
    format!("{subject}に{}を含む", quoted(label))
}

/// 症状に「発熱」、「発疹」のいずれかを含む, 症状のうち「発熱」、「発疹」に当たるものの数
pub(crate) fn includes_of(subject: &str, quantifier: Quantifier, labels: &[&str]) -> String {
    let labels: Vec<String> = labels.iter().map(|label| quoted(label)).collect();
    let labels = labels.join("、");
    let among = format!("{subject}のうち{labels}に当たるもの");
    match quantifier {
        Quantifier::Any => format!("{subject}に{labels}のいずれかを含む"),
        Quantifier::All => format!("{subject}に{labels}のすべてを含む"),
        Quantifier::None => format!("{subject}に{labels}のいずれも含まない"),
        Quantifier::AtLeast(n) => format!("{among}が{}つ以上", full_width(n)),
        Quantifier::AtMost(n) => format!("{among}が{}つ以下", full_width(n)),
        Quantifier::Exactly(n) => format!("{among}が{}つだけ", full_width(n)),
        Quantifier::Count
        | Quantifier::Sum
        | Quantifier::Max
        | Quantifier::Min
        | Quantifier::Earliest
        | Quantifier::Latest => format!("{among}の数"),
    }
}

/// Aが「あり」（不明・未記入は該当とみなす）
pub(crate) fn treated(text: &str, unknown_as: bool) -> String {
    let word = counts_as(unknown_as);
    format!("{}（不明・未記入は{word}とみなす）", closed(text))
}

/// Aが「あり」（表示されない場合は非該当とみなす）
pub(crate) fn if_shown(text: &str, otherwise: bool) -> String {
    let word = counts_as(otherwise);
    format!("{}（表示されない場合は{word}とみなす）", closed(text))
}

/// What a hidden or unknown part counts as, in the words of an answer to a condition.
fn counts_as(yes: bool) -> &'static str {
    if yes { "該当" } else { "非該当" }
}

/// Aが3.0g/dL以下
pub(crate) fn compare(left: &str, op: CompareOp, right: &str) -> String {
    match op {
        CompareOp::Less => format!("{left}が{right}未満"),
        CompareOp::LessEqual => format!("{left}が{right}以下"),
        CompareOp::Equal => format!("{left}が{right}である"),
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

/// 菌名が先の検査の菌名と同じ
pub(crate) fn same(subject: &str, other: &str) -> String {
    format!("{subject}が{other}と同じ")
}

/// 3.0g/dL, 18歳, 100,000/µL; a unit that begins like a number keeps its distance.
pub(crate) fn quantity(digits: &str, unit: Option<&str>) -> String {
    let number = grouped(digits);
    match unit {
        None => number,
        Some(unit) if unit.starts_with(|c: char| c.is_ascii_digit() || c == 'x' || c == '×') => {
            format!("{number} {unit}")
        }
        Some(unit) => format!("{number}{unit}"),
    }
}

/// 100,000: thousands are marked from 10,000 on, as in the notices.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, unsigned) = match digits.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", digits),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (unsigned, String::new()),
    };
    let mut marked = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let follow = whole.len() - index;
        if index > 0 && follow % 3 == 0 && whole.len() > 4 {
            marked.push(',');
        }
        marked.push(digit);
    }
    format!("{sign}{marked}{fraction}")
}

/// 初発日と再発日のうち早い方, 初発日、再発日、受診日のうち最も早い日
pub(crate) fn day_of(days: &[&str], earliest: bool) -> String {
    let [of_two, of_more] = if earliest { EARLIEST } else { LATEST };
    match days {
        [one, two] => format!("{one}と{two}{of_two}"),
        _ => format!("{}{of_more}", days.join("、")),
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

/// ほかの使用薬剤
pub(crate) fn others(label: &str) -> String {
    format!("ほかの{}", subject(label))
}

/// 使用薬剤のうち２つ以上で、種類が「ステロイド」
///
/// `named` is what the one at hand is called in `what`: 検査のいずれか（先の検査）で、….
pub(crate) fn each(of: &Names, named: Option<&str>, quantifier: Quantifier, what: &str) -> String {
    let named = named.map_or_else(String::new, |named| format!("（{named}）"));
    let (all, both) = match of {
        Names::Rows(label) => (subject(label), "すべて"),
        Names::Sides(labels) => {
            let both = if labels.len() == 2 {
                "両方"
            } else {
                "すべて"
            };
            (labels.join("・"), both)
        }
    };
    match quantifier {
        Quantifier::Any => format!("{all}のいずれか{named}で、{what}"),
        Quantifier::All => format!("{all}の{both}{named}で、{what}"),
        Quantifier::None => format!("{all}{named}のいずれにおいても、{}", not(what)),
        Quantifier::AtLeast(n) => {
            format!("{all}のうち{}つ以上{named}で、{what}", full_width(n))
        }
        Quantifier::AtMost(n) => {
            let those = those(what);
            format!("{all}{named}のうち、{those}が{}つ以下", full_width(n))
        }
        Quantifier::Exactly(n) => {
            format!("{all}のうちちょうど{}つ{named}で、{what}", full_width(n))
        }
        Quantifier::Count => format!("{all}{named}のうち{}の数", those(what)),
        Quantifier::Sum => format!("{all}{named}の{what}の合計"),
        Quantifier::Max => format!("{all}{named}の{what}の最大値"),
        Quantifier::Min => format!("{all}{named}の{what}の最小値"),
        Quantifier::Earliest => format!("{all}{named}の{what}{}", EARLIEST[1]),
        Quantifier::Latest => format!("{all}{named}の{what}{}", LATEST[1]),
    }
}

/// 次のすべてを満たすもの, GH頂値が6ng/mL以下であるもの
fn those(what: &str) -> String {
    if ends_as_verb(what) {
        format!("{what}もの")
    } else {
        format!("{what}であるもの")
    }
}

/// 右眼で、矯正視力が0.1以下
pub(crate) fn in_turn(label: &str, text: &str) -> String {
    format!("{}で、{text}", subject(label))
}

/// 使用薬剤1の用量
pub(crate) fn of_turn(label: &str, text: &str) -> String {
    format!("{}の{text}", subject(label))
}

/// 良い方の眼の矯正視力
pub(crate) fn side(better: bool, whole: &str, question: &str) -> String {
    let word = if better { "良い方" } else { "悪い方" };
    format!("{word}の{whole}の{}", subject(question))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_read_as_japanese() {
        let opposite = |text: &str| not(text);
        insta::assert_snapshot!(
            [
                "振戦が「あり」",
                "アルブミンが3.0g/dL以下",
                "次のすべてを満たす",
                "次のいずれかを満たす",
                "次のいずれも満たさない",
                "次のうち２項目以上を満たす",
                "続柄に「母」を含む",
                "期間が6か月を超える",
                "検査日が記入されている",
                "検査日が未記入",
                "腎病変",
                "パーキンソニズムがある",
                "振戦が「あり」、かつ筋強剛が「あり」",
            ]
            .map(opposite)
            .join("\n"),
            @r#"
    振戦が「あり」ではない
    アルブミンが3.0g/dL以下ではない
    次のいずれかを満たさない
    次のいずれも満たさない
    次のいずれかを満たす
    次のうち２項目以上を満たさない
    続柄に「母」を含まない
    期間が6か月を超えない
    検査日が未記入
    検査日が記入されている
    腎病変ではない
    「パーキンソニズムがある」に当たらない
    「振戦が『あり』、かつ筋強剛が『あり』」ではない
"#
        );
    }

    #[test]
    fn a_criterion_that_is_not_met_is_no_description() {
        assert_eq!(not_met("絶対的除外基準"), "絶対的除外基準に当たらない");
        assert_eq!(
            not_met("パーキンソニズムがある"),
            "「パーキンソニズムがある」に当たらない"
        );
        assert_eq!(not_met("基準を満たす"), "基準を満たさない");
    }

    #[test]
    fn rows_are_counted_in_whole_sentences() {
        let tests = Names::Rows("試験".to_owned());
        let each = |named, quantifier, what| each(&tests, named, quantifier, what);
        insta::assert_snapshot!(
            [
                each(None, Quantifier::Count, "頂値が6ng/mL以下"),
                each(None, Quantifier::Count, ALL),
                each(None, Quantifier::AtMost(2), "結果が「陽性」"),
                each(Some("先の試験"), Quantifier::Any, ALL),
                each(Some("先の試験"), Quantifier::None, "結果が「陽性」"),
            ]
            .join("\n"),
            @"
    試験のうち頂値が6ng/mL以下であるものの数
    試験のうち次のすべてを満たすものの数
    試験のうち、結果が「陽性」であるものが２つ以下
    試験のいずれか（先の試験）で、次のすべてを満たす
    試験（先の試験）のいずれにおいても、結果が「陽性」ではない
    "
        );
    }

    #[test]
    fn conditions_join_with_the_right_particles() {
        assert_eq!(when("振戦が「あり」"), "振戦が「あり」の場合");
        assert_eq!(when("パーキンソニズムがある"), "パーキンソニズムがある場合");
        assert_eq!(
            unless("発症年齢が18歳以上", "病型が「Ⅰ」又は「Ⅱ」"),
            "発症年齢が18歳以上。ただし、病型が「Ⅰ」又は「Ⅱ」の場合を除く"
        );
        assert_eq!(
            if_else("年齢が18歳以上", "1", "2"),
            "年齢が18歳以上の場合は1、それ以外は2"
        );
        assert_eq!(
            both(&["Aが「あり」", "Bが3以上"]),
            "Aが「あり」、かつBが3以上"
        );
        assert_eq!(both(&["Aが「あり」", ANY]), ALL);
        assert_eq!(
            is_one_of("病型", &["Ⅰ", "Ⅱ", "Ⅲ"]),
            "病型が「Ⅰ」、「Ⅱ」又は「Ⅲ」"
        );
    }

    #[test]
    fn quantities_are_written_as_in_the_notices() {
        assert_eq!(quantity("3.0", Some("g/dL")), "3.0g/dL");
        assert_eq!(quantity("100000", Some("/µL")), "100,000/µL");
        assert_eq!(quantity("1500", Some("/µL")), "1500/µL");
        assert_eq!(quantity("5", Some("x10^9/L")), "5 x10^9/L");
        assert_eq!(quantity("-12345.5", None), "−12,345.5");
        assert_eq!(subject("感染症、悪性腫瘍"), "「感染症、悪性腫瘍」");
        assert_eq!(subject("血清アルブミン値"), "血清アルブミン値");
    }
}

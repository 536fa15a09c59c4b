//! The official text of a disease, cut into numbered sentences.
//!
//! The criteria begin at the heading 診断基準 and go on to the end: 重症度分類 and 留意事項 follow.
//! A line is cut at 。 outside of parentheses; a row of a table is one sentence, or several where
//! its cells are broken into lines (` / `). A line that ends amid a sentence goes on in the next.
//! Headings and captions are no sentences, but may be cited: who cites the caption of a table (the
//! line before it, or a first row of one cell) covers its rows, and who cites the heading of a
//! scale (one in brackets that is not that of the criteria themselves) the lines under it.

use super::normal::normal;

/// One numbered sentence, or a heading between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// From 1; nothing for a heading.
    pub number: Option<usize>,
    /// As it stands in the text.
    pub text: String,
    /// Its letters for comparison; see [`normal`].
    pub normal: String,
    /// The position of the caption of its table or of the heading of its scale.
    pub caption: Option<usize>,
}

/// The sentences of the criteria in an official text; nothing if there is no heading 診断基準.
pub(crate) fn sentences(text: &str) -> Option<Vec<Sentence>> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let bracketed = lines.iter().position(|line| heading(line) == Some(true));
    let start = bracketed.or_else(|| lines.iter().position(|line| heading(line) == Some(false)))?;
    let mut cutter = Cutter::default();
    let rest = lines.get(start..).unwrap_or_default();
    let mut lines = rest.iter().filter(|line| !is_residue(line));
    while let Some(line) = lines.next() {
        if line.eq_ignore_ascii_case("<table>") {
            let rows = lines
                .by_ref()
                .take_while(|line| !line.eq_ignore_ascii_case("</table>"));
            cutter.table(rows.copied());
        } else {
            cutter.line(line);
        }
    }
    Some(cutter.done)
}

/// Whether a line is the heading of the criteria: in brackets or, in some texts, without.
fn heading(line: &str) -> Option<bool> {
    if !line.contains("診断基準") || line.contains('。') || line.starts_with('※') {
        return None;
    }
    if is_bracketed(line) {
        return Some(true);
    }
    // The overview has a numbered line of the same name.
    let plain = line.ends_with("診断基準") && line.chars().count() > 6;
    let numbered = line.starts_with('[') || line.starts_with(|c: char| c.is_numeric());
    (plain && !numbered).then_some(false)
}

/// ＜…＞, <…>, 〈…〉, 《…》, perhaps after a number.
fn is_bracketed(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_numeric() || c.is_whitespace());
    rest.starts_with(['＜', '<', '〈', '《']) && rest.ends_with(['＞', '>', '〉', '》'])
}

#[derive(Default)]
struct Cutter {
    done: Vec<Sentence>,
    numbered: usize,
    /// The heading of the scale whose lines follow.
    scale: Option<usize>,
    /// The last sentence is a row of a table.
    after_table: bool,
}

impl Cutter {
    fn line(&mut self, line: &str) {
        if is_bracketed(line) || line.ends_with(['：', ':']) || is_title(line) {
            let before = self.done.len();
            self.push(line, false, None);
            if is_bracketed(line) || line.starts_with('※') {
                let of_criteria = ["診断", "基準", "重症度", "※"];
                let of_scale = !of_criteria.iter().any(|word| line.contains(word));
                self.scale = of_scale.then_some(before);
            }
            return;
        }
        if self.goes_on(line) {
            self.join(line);
            return;
        }
        for sentence in cut(line) {
            // ※１ after a sentence says where its note is.
            if is_reference(sentence) && !line.starts_with(sentence) {
                self.join(sentence);
            } else {
                self.push(sentence, true, self.scale);
            }
        }
    }

    /// Whether a line goes on with the sentence of the line before.
    fn goes_on(&self, line: &str) -> bool {
        let Some(before) = self.done.last() else {
            return false;
        };
        let open = before.number.is_some()
            && !self.after_table
            && !before.text.ends_with(['。', '」', '）'])
            && before.text.chars().count() >= LONG;
        open && line.ends_with('。') && !begins_item(line)
    }

    fn join(&mut self, more: &str) {
        if let Some(before) = self.done.last_mut() {
            before.text.push_str(more.trim());
            before.normal = normal(&before.text);
        }
    }

    fn table<'t>(&mut self, lines: impl Iterator<Item = &'t str>) {
        let last = self.done.len().checked_sub(1);
        let is_caption = |before: &Sentence| !before.text.ends_with('。') && !self.after_table;
        let mut caption = last.filter(|last| self.done.get(*last).is_some_and(is_caption));
        // What stands over a table says what it is about; it is no sentence of its own.
        if let Some(caption) = caption {
            self.unnumber(caption);
        }
        let mut row = String::new();
        for (number, line) in lines.enumerate() {
            row.push_str(line);
            if row.starts_with('|') && !row.ends_with('|') {
                row.push(' ');
                continue;
            }
            let before = self.done.len();
            self.row(&row, caption);
            let cells = row
                .split('|')
                .filter(|cell| !cell.trim().is_empty())
                .count();
            if number == 0 && cells == 1 && self.done.len() == before + 1 {
                self.unnumber(before);
                caption = Some(before);
            }
            row.clear();
        }
        self.row(&row, caption);
        self.after_table = true;
    }

    /// Takes the number from the last sentence.
    fn unnumber(&mut self, position: usize) {
        if let Some(found) = self.done.get_mut(position)
            && found.number.take().is_some()
        {
            self.numbered -= 1;
        }
    }

    fn row(&mut self, row: &str, caption: Option<usize>) {
        let cells = row.trim_matches('|').split('|').map(str::trim);
        let mut whole: Vec<&str> = Vec::new();
        for cell in cells.filter(|cell| !cell.is_empty()) {
            if cell.contains(" / ") {
                self.push(&whole.join("　"), true, caption);
                whole.clear();
                for part in cell.split(" / ") {
                    self.push(part, true, caption);
                }
            } else {
                whole.push(cell);
            }
        }
        self.push(&whole.join("　"), true, caption);
    }

    fn push(&mut self, text: &str, numbered: bool, caption: Option<usize>) {
        let text = text.trim();
        let normal = normal(text);
        if normal.is_empty() {
            return;
        }
        self.after_table = false;
        let numbered = numbered && !is_mark(&normal);
        self.numbered += usize::from(numbered);
        self.done.push(Sentence {
            number: numbered.then_some(self.numbered),
            text: text.to_owned(),
            normal,
            caption,
        });
    }
}

/// A line shorter than this does not go on in the next one.
const LONG: usize = 30;

/// What the conversion of the official file left behind.
fn is_residue(line: &str) -> bool {
    line.starts_with("[images:")
}

/// A line that only names what follows: 「１．主要項目」, 「【主要所見】」, 「表１」.
fn is_title(line: &str) -> bool {
    const TITLES: [&str; 33] = [
        "主要項目",
        "主要症候",
        "主要症状",
        "主要徴候",
        "主要所見",
        "副所見",
        "主症状",
        "副症状",
        "主項目",
        "副項目",
        "除外項目",
        "除外診断",
        "除外疾患",
        "除外すべき疾患",
        "参考事項",
        "参考所見",
        "参考項目",
        "共通事項",
        "症状",
        "臨床症状",
        "臨床所見",
        "身体所見",
        "検査所見",
        "画像所見",
        "画像検査所見",
        "病理所見",
        "病理学的所見",
        "生理学的所見",
        "遺伝学的検査",
        "鑑別診断",
        "病型分類",
        "診断のカテゴリー",
        "注意",
    ];
    let normal = normal(line);
    let words = normal.trim_start_matches(|c: char| !is_letter(c));
    let words = match words.strip_prefix(|c: char| c.is_ascii_alphabetic()) {
        Some(rest) if rest.starts_with(|c: char| !c.is_ascii()) => rest,
        _ => words,
    };
    let is_note = line.starts_with('※') && words.ends_with("留意事項") && !line.contains('。');
    TITLES.contains(&words) || is_note || is_framed(line)
}

/// 【…】 alone on its line.
fn is_framed(line: &str) -> bool {
    line.starts_with('【') && line.ends_with('】')
}

/// Letters of words, not numbers or signs.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !c.is_numeric()
}

/// 「※１」, 「＊」.
fn is_reference(sentence: &str) -> bool {
    let mut letters = sentence.trim().chars();
    letters
        .next()
        .is_some_and(|c| matches!(c, '※' | '＊' | '*' | '†'))
        && letters.all(|c| c.is_numeric())
}

/// Only a number or a sign, such as the head of a row or the number of a note.
fn is_mark(normal: &str) -> bool {
    let rest = normal.strip_prefix(['注', '表', '図']).unwrap_or(normal);
    rest.chars().count() <= 4
        && rest.chars().all(|c| {
            c.is_numeric() || matches!(c, 'i' | 'v' | 'x' | '※' | '*' | '~' | '+' | '＋' | '±')
        })
}

/// Whether a line begins an item: a number or letter with its point or parenthesis, or a sign.
fn begins_item(line: &str) -> bool {
    let mut letters = line.chars();
    let Some(first) = letters.next() else {
        return false;
    };
    let sign = !first.is_alphanumeric() || matches!(first, '①'..='⑳' | 'Ⅰ'..='ⅿ');
    let second = letters.find(|c| !c.is_ascii_digit() && !('０'..='９').contains(c));
    let counted = first.is_ascii_alphanumeric()
        || ('０'..='９').contains(&first)
        || !first.is_alphabetic()
        || ('Ａ'..='ｚ').contains(&first)
        || ('ア'..='ン').contains(&first);
    sign || (counted && matches!(second, Some('．' | '.' | '）' | ')' | '　' | ' ')))
}

/// A line cut after every 。 outside of parentheses.
fn cut(line: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    for (at, c) in line.char_indices() {
        match c {
            '（' | '(' | '「' => depth += 1,
            '）' | ')' | '」' => depth = depth.saturating_sub(1),
            '。' if depth == 0 => {
                let end = at + c.len_utf8();
                sentences.extend(line.get(start..end));
                start = end;
            }
            _ => {}
        }
    }
    sentences.extend(line.get(start..));
    // A remark in parentheses belongs to the sentence before it.
    let mut joined: Vec<&str> = Vec::new();
    let mut from = 0;
    for sentence in sentences {
        let remark = sentence.starts_with(['（', '(']) && sentence.ends_with(['）', ')']);
        match joined.last_mut() {
            Some(last) if remark => {
                let start = from - last.len();
                if let Some(both) = line.get(start..from + sentence.len()) {
                    *last = both;
                }
            }
            _ => joined.push(sentence),
        }
        from += sentence.len();
    }
    joined
}

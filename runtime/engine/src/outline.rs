//! A rule as numbered lines: the reading of each condition, and below it what it is made of.
//!
//! ```text
//! 次のうち２項目以上を満たす
//!   １．振戦が「あり」
//!   ２．次のいずれかを満たす
//!     （１）血清アルブミン値が3.0g/dL以下
//! ```
//!
//! The marks are those of the official notices.

use crate::program::{Cond, CondKind, Number, NumberKind, Outcome, Rule};
use crate::rows;
use std::fmt::Write;

/// The head of a choice between conditions that are lists themselves.
pub const CASES: &str = "次の場合分けによる";

/// The head of a number that stands in a table.
pub const TABLE: &str = "次の表による";

/// How the first or last of several days ends, of two and of more.
pub const EARLIEST: [&str; 2] = ["のうち早い方", "のうち最も早い日"];
/// See [`EARLIEST`].
pub const LATEST: [&str; 2] = ["のうち遅い方", "のうち最も遅い日"];

/// Whether the text says by itself that one of several days counts: that something is asked of each of
/// them is how it is worked out, not what it says.
fn says_which_day(text: &str) -> bool {
    let mut words = EARLIEST.iter().chain(&LATEST);
    words.any(|words| text.contains(words))
}

/// Whether the text only announces the parts that follow it.
pub fn announces(text: &str) -> bool {
    text.contains("次の")
}

/// …がある場合, …が「あり」の場合
pub fn when(text: &str) -> String {
    if ends_as_verb(text) {
        format!("{text}場合")
    } else {
        format!("{text}の場合")
    }
}

/// Whether the text ends with a verb, an adjective or ない, which 場合 follows at once.
pub fn ends_as_verb(text: &str) -> bool {
    let plain = text.rfind('（').filter(|_| text.ends_with('）'));
    let plain = plain.and_then(|at| text.get(..at)).unwrap_or(text);
    plain.ends_with([
        'う', 'く', 'ぐ', 'す', 'つ', 'ぬ', 'ぶ', 'む', 'る', 'い', 'た', 'だ',
    ])
}

/// A number of items in full-width digits, as the notices write small numbers.
pub fn full_width(n: u32) -> String {
    let wide = |c: char| {
        c.to_digit(10)
            .and_then(|d| char::from_u32('０' as u32 + d))
            .unwrap_or(c)
    };
    n.to_string().chars().map(wide).collect()
}

/// A rule with its parts.
pub fn rule(rule: &Rule) -> String {
    outlined(rule, Outline::default())
}

/// A rule with its parts, for letters of one width: a table with heads in both directions is one.
pub fn rule_in_columns(rule: &Rule) -> String {
    let outline = Outline {
        columns: true,
        ..Outline::default()
    };
    outlined(rule, outline)
}

fn outlined(rule: &Rule, mut outline: Outline) -> String {
    match rule {
        Rule::Criterion(condition) => outline.condition(condition, 0, 0, ""),
        Rule::Number {
            number,
            unit,
            covered,
            ..
        } => {
            let said = unit.as_deref().map(|unit| format!("（{unit}）"));
            let said = said.unwrap_or_default();
            let (rows, _) = in_order(number);
            if rows.len() > 1 {
                if unit.is_some() && !says_unit(&rows) {
                    outline.line(0, &format!("{IN_ORDER}{said}"));
                }
                outline.rows(number, 0, 0, *covered);
            } else {
                outline.line(0, &format!("{}{said}", number.text));
                outline.number_parts(number, 1, 0);
            }
        }
        Rule::Grade {
            outcomes,
            arms,
            otherwise,
            ..
        } => {
            if let (true, None, Some(table)) = (outline.columns, otherwise, grid(outcomes, arms)) {
                outline.table(&table, 0);
                return outline.text;
            }
            for (condition, outcome) in arms {
                let mark = format!("{}: ", label(outcomes, *outcome));
                outline.condition(condition, 0, 0, &mark);
            }
            if let Some(outcome) = otherwise {
                outline.line(0, &format!("{}: それ以外", label(outcomes, *outcome)));
            }
        }
    }
    outline.text
}

/// A condition with its parts.
pub fn condition(condition: &Cond) -> String {
    let mut outline = Outline::default();
    outline.condition(condition, 0, 0, "");
    outline.text
}

fn label(outcomes: &[Outcome], index: u16) -> &str {
    let outcome = outcomes.get(usize::from(index));
    outcome.map_or("", |outcome| outcome.label.as_str())
}

#[derive(Default)]
struct Outline {
    text: String,
    /// Whether tables stand in columns.
    columns: bool,
}

impl Outline {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{}{text}", "  ".repeat(depth));
    }

    /// A condition after `mark`, its parts one step further in, numbered in the manner of `level`.
    fn condition(&mut self, condition: &Cond, depth: usize, level: usize, mark: &str) {
        self.line(depth, &format!("{mark}{}", condition.text));
        self.parts(condition, depth + 1, level);
    }

    fn parts(&mut self, condition: &Cond, depth: usize, level: usize) {
        match &condition.kind {
            _ if says_which_day(&condition.text) => {}
            CondKind::All(parts) | CondKind::Any(parts) | CondKind::Count { of: parts, .. }
                // What reads on in one sentence is not listed again.
                if !parts.iter().all(|part| condition.text.contains(&part.text))
                    && condition.said_of_answers().is_empty() =>
            {
                self.conditions(parts, depth, level);
            }
            CondKind::Not(inner)
            | CondKind::TreatUnknown {
                condition: inner, ..
            }
            | CondKind::IfShown {
                condition: inner, ..
            } => self.parts(inner, depth, level),
            CondKind::If(condition_, then, otherwise) if condition.text == CASES => {
                self.line(depth, &when(&condition_.text));
                self.parts(condition_, depth + 1, level);
                self.condition(then, depth + 1, level, "→ ");
                self.condition(otherwise, depth, level, "それ以外 → ");
            }
            CondKind::Compare { left, right, .. } => {
                self.number_parts(left, depth, level);
                self.number_parts(right, depth, level);
            }
            _ => {}
        }
    }

    /// The cells of a table of numbers.
    fn cells(&mut self, table: &Number, depth: usize) {
        let rows = cases(table).into_iter();
        let rows: Vec<(&str, Vec<(&str, &str)>)> = rows
            .map(|(row, cells)| {
                let cells = cases(cells).into_iter();
                let cells = cells.map(|(column, cell)| (column.text.as_str(), cell.text.as_str()));
                (row.text.as_str(), cells.collect())
            })
            .collect();
        if self.columns && is_two_way(&rows) {
            return self.table(&rows, depth);
        }
        for (row, cells) in rows {
            for (column, cell) in cells {
                self.line(depth, &format!("{cell}: {row}、かつ{column}"));
            }
        }
    }

    /// A table with heads in both directions; what all heads of one are about stands in its corner.
    fn table(&mut self, rows: &[(&str, Vec<(&str, &str)>)], depth: usize) {
        let columns: Vec<&str> = rows.first().map_or(Vec::new(), |(_, cells)| {
            cells.iter().map(|(column, _)| *column).collect()
        });
        let heads: Vec<&str> = rows.iter().map(|(row, _)| *row).collect();
        let (about_row, heads) = about(&heads);
        let (about_column, columns) = about(&columns);
        let corner = match (about_row, about_column) {
            ("", "") => String::new(),
            (row, column) => format!("{row}＼{column}"),
        };
        let mut lines = vec![vec![corner.as_str()]];
        lines.iter_mut().for_each(|line| line.extend(&columns));
        for (head, (_, cells)) in heads.iter().zip(rows) {
            let cells = cells.iter().map(|(_, cell)| *cell);
            lines.push(std::iter::once(*head).chain(cells).collect());
        }
        let widest = |place: usize| {
            let cells = lines.iter().filter_map(|line| line.get(place));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        };
        for line in &lines {
            let cells = line.iter().enumerate().map(|(place, cell)| {
                let room = widest(place).saturating_sub(width(cell));
                let last = place + 1 == line.len();
                format!("{cell}{:1$}", "", if last { 0 } else { room })
            });
            let cells: Vec<String> = cells.collect();
            self.line(depth, &cells.join("｜"));
        }
    }

    /// The rows of a number that is chosen row by row, `covered` if one of them always holds.
    fn rows(&mut self, number: &Number, depth: usize, level: usize, covered: bool) {
        let (rows, last) = in_order(number);
        for (condition, then) in rows {
            if in_order(then).0.is_empty() && !announces(&then.text) {
                self.condition(condition, depth, level, &format!("{}: ", then.text));
                continue;
            }
            self.line(depth, &when(&condition.text));
            self.parts(condition, depth + 1, level);
            self.result(then, depth + 1, level, "→ ");
        }
        if !(covered && last.kind == NumberKind::Nothing) {
            if announces(&last.text) {
                self.result(last, depth, level, "それ以外 → ");
            } else {
                self.line(depth, &format!("{}: それ以外", last.text));
            }
        }
    }

    /// What comes out of a row, after `mark`.
    fn result(&mut self, number: &Number, depth: usize, level: usize, mark: &str) {
        let (rows, _) = in_order(number);
        if rows.len() < 2 && number.text != CASES {
            self.line(depth, &format!("{mark}{}", number.text));
            self.number_parts(number, depth + 1, level);
        } else {
            self.line(depth, &format!("{mark}{IN_ORDER}"));
            self.rows(number, depth + 1, level, false);
        }
    }

    fn conditions(&mut self, parts: &[Cond], depth: usize, level: usize) {
        // The head has said that it is about any or all rows; what it says of one is said once.
        match parts
            .first()
            .filter(|_| !rows::of_conditions(parts).is_empty())
        {
            Some(row) => match rows::said_of(row) {
                [one] => self.parts(one, depth, level),
                many => self.conditions(many, depth, level),
            },
            None => self.listed(parts, depth, level),
        }
    }

    fn listed(&mut self, parts: &[Cond], depth: usize, level: usize) {
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let alike = alike(&texts);
        let shown = if alike { 1 } else { parts.len() };
        for (index, part) in parts.iter().take(shown).enumerate() {
            self.condition(part, depth, level + 1, &mark(level, index));
        }
        if alike {
            self.line(depth, &format!("（ほか{}行も同じ）", parts.len() - 1));
        }
    }

    /// What a number is made of, as far as its text only announces it.
    fn number_parts(&mut self, number: &Number, depth: usize, level: usize) {
        match &number.kind {
            _ if says_which_day(&number.text) => {}
            NumberKind::Sum(parts) | NumberKind::Max(parts) | NumberKind::Min(parts) => {
                let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                let alike = alike(&texts);
                let shown = if alike { 1 } else { parts.len() };
                for (index, part) in parts.iter().take(shown).enumerate() {
                    self.line(depth, &format!("{}{}", mark(level, index), part.text));
                    self.number_parts(part, depth + 1, level + 1);
                }
                if alike {
                    self.line(depth, &format!("（ほか{}行も同じ）", parts.len() - 1));
                }
            }
            NumberKind::Count(_) if number.said_of_answer().is_some() => {}
            NumberKind::Count(parts) => self.conditions(parts, depth, level),
            NumberKind::When { condition, .. } => self.parts(condition, depth, level),
            NumberKind::If(..) if number.text == TABLE => self.cells(number, depth),
            NumberKind::If(..) if announces(&number.text) => {
                self.rows(number, depth, level, false);
            }
            NumberKind::IfShown { number, .. } => self.number_parts(number, depth, level),
            NumberKind::Arithmetic { left, right, .. } => {
                self.number_parts(left, depth, level);
                self.number_parts(right, depth, level);
            }
            NumberKind::Call { arguments, .. } => {
                for argument in arguments {
                    self.number_parts(argument, depth, level);
                }
            }
            _ => {}
        }
    }
}

/// The head of rows of which the first that holds counts.
const IN_ORDER: &str = "上から順に、最初に当てはまるもの";

/// The rows of a number that is chosen row by row, and what comes out otherwise; bands and tables, which
/// are read in words of their own, have none.
fn in_order(number: &Number) -> (Vec<(&Cond, &Number)>, &Number) {
    let mut rows: Vec<(&Cond, &Number)> = Vec::new();
    let mut rest = number;
    while let NumberKind::If(condition, then, otherwise) = &rest.kind
        && (rest.text == CASES
            || rest
                .text
                .starts_with(&format!("{}は", when(&condition.text))))
    {
        rows.push((condition, then));
        rest = otherwise;
    }
    (rows, rest)
}

/// Whether some row says its unit: a number that is read and not written, or a number with a unit.
fn says_unit(rows: &[(&Cond, &Number)]) -> bool {
    let plain = |number: &Number| match &number.kind {
        NumberKind::Const(value) => number.text == value.to_string(),
        _ => false,
    };
    !rows.iter().all(|(_, number)| plain(number))
}

/// A table as its rows, each with its cells by column.
type Grid<'t> = Vec<(&'t str, Vec<(&'t str, &'t str)>)>;

/// The cells of a grade that is a table with heads in both directions.
fn grid<'t>(outcomes: &'t [Outcome], arms: &'t [(Cond, u16)]) -> Option<Grid<'t>> {
    let mut rows: Grid<'_> = Vec::new();
    for (condition, outcome) in arms {
        let CondKind::All(parts) = &condition.kind else {
            return None;
        };
        let [row, column] = parts.as_slice() else {
            return None;
        };
        let (row, column) = (row.text.as_str(), column.text.as_str());
        if condition.text != format!("{row}、かつ{column}") {
            return None;
        }
        let cell = (column, label(outcomes, *outcome));
        match rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push(cell),
            _ => rows.push((row, vec![cell])),
        }
    }
    is_two_way(&rows).then_some(rows)
}

/// Whether there are several rows and columns, the same columns in each row.
fn is_two_way(rows: &[(&str, Vec<(&str, &str)>)]) -> bool {
    let columns = |(_, cells): &(&str, Vec<(&str, &str)>)| -> Vec<String> {
        cells
            .iter()
            .map(|(column, _)| (*column).to_owned())
            .collect()
    };
    let Some(first) = rows.first().map(columns) else {
        return false;
    };
    let plain = rows.iter().flat_map(|(row, cells)| {
        std::iter::once(*row).chain(cells.iter().map(|(column, _)| *column))
    });
    rows.len() > 1
        && first.len() > 1
        && rows.iter().all(|row| columns(row) == first)
        && !plain.into_iter().any(announces)
}

/// What all these heads are about, and what each says of it: 年齢, and 40歳未満, 40歳以上.
fn about<'t>(heads: &[&'t str]) -> (&'t str, Vec<&'t str>) {
    let first = heads.first().copied().unwrap_or_default();
    let ends = first.match_indices('が').map(|(at, _)| at).rev();
    let subjects = ends.filter_map(|at| first.get(..at));
    let closed = |subject: &&str| {
        let count = |sign: char| subject.chars().filter(|c| *c == sign).count();
        count('「') == count('」') && count('（') == count('）')
    };
    let mut found = subjects.filter(closed).filter_map(|subject| {
        let said = |head: &&'t str| head.strip_prefix(subject)?.strip_prefix('が');
        let said: Option<Vec<&str>> = heads.iter().map(said).collect();
        Some((subject, said?))
    });
    found.next().unwrap_or_else(|| ("", heads.to_vec()))
}

/// How wide a text stands in letters of one width: those of Japanese are two wide.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// What the cases of a table come to, the rows of a whole one or the columns of a row; nothing of
/// every other number.
pub fn cases(table: &Number) -> Vec<(&Cond, &Number)> {
    let mut cases = Vec::new();
    let mut rest = table;
    while let NumberKind::If(condition, then, otherwise) = &rest.kind
        && rest.text == TABLE
    {
        cases.push((&**condition, &**then));
        // The last of cases of which one surely holds is all that remains.
        if then == otherwise {
            break;
        }
        rest = otherwise;
    }
    cases
}

/// Whether parts say the same of one row after the other: 使用薬剤1で、…, 使用薬剤2で、…
fn alike(texts: &[&str]) -> bool {
    let [first, rest @ ..] = texts else {
        return false;
    };
    let same = |end: &str| {
        first
            .split_once(&format!("1{end}"))
            .is_some_and(|(row, what)| {
                let mut rows = rest.iter().zip(2..);
                rows.all(|(text, n)| *text == format!("{row}{n}{end}{what}"))
            })
    };
    rest.len() > 1 && ["で、", "」で、", "の"].into_iter().any(same)
}

/// The mark of an item in a list inside `level` others.
fn mark(level: usize, index: usize) -> String {
    const KANA: [char; 20] = [
        'ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ',
        'タ', 'チ', 'ツ', 'テ', 'ト',
    ];
    let number = full_width(u32::try_from(index + 1).unwrap_or(u32::MAX));
    match (level, KANA.get(index)) {
        (0, _) => format!("{number}．"),
        (1, _) => format!("（{number}）"),
        (2, Some(kana)) => format!("{kana}　"),
        (3, Some(kana)) => format!("（{kana}）"),
        _ => "・".to_owned(),
    }
}

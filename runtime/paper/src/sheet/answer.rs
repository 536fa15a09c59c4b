//! The boxes of an answer, empty or filled in.

use super::filled::{Ink, Seen};
use super::width::{self, BOX};
use super::words;
use super::{Answer, Choice, Table};
use kohyo_engine::program::{Code, DatePrecision, Field, FieldType, Program};
use kohyo_engine::{Decimal, MASKED};

/// A choice with more codes than this is answered by number; the codes stand in a table at the end.
const MOST_BOXES: usize = 24;

/// Characters that a hand writes on half a line (names are far shorter than what they may be), on a
/// line beside the question, and on one over the full width.
const HALF_CHARACTERS: u32 = 40;
const CHARACTERS: u32 = 40;
const WIDE_CHARACTERS: u32 = 50;

/// The code tables at the end of the form.
#[derive(Default)]
pub(super) struct Tables {
    used: Vec<(usize, Table)>,
}

impl Tables {
    fn number(&mut self, program: &Program, table: usize) -> usize {
        if let Some((_, known)) = self.used.iter().find(|(position, _)| *position == table) {
            return known.number;
        }
        let number = self.used.len() + 1;
        let known = program.code_tables.get(table);
        let code = |code: &Code| (code.value.clone(), words::label(code).to_owned());
        self.used.push((
            table,
            Table {
                number,
                label: known.map_or_else(String::new, |table| table.label.clone()),
                codes: known.map_or_else(Vec::new, |t| t.codes.iter().map(code).collect()),
            },
        ));
        number
    }

    pub(super) fn done(self) -> Vec<Table> {
        self.used.into_iter().map(|(_, table)| table).collect()
    }
}

/// Position of the code table of a type.
pub(super) fn table_of(ty: &FieldType) -> Option<usize> {
    match ty {
        FieldType::Choice { table } | FieldType::Choices { table } => Some(usize::from(*table)),
        _ => None,
    }
}

/// How many lines of a hand a text takes over the full width, if it is long.
pub(super) fn area_lines(ty: &FieldType) -> Option<u32> {
    match ty {
        FieldType::Text { chars, lines } => {
            let lines = (*lines).max(chars.div_ceil(WIDE_CHARACTERS));
            (lines > 2).then_some(lines)
        }
        _ => None,
    }
}

/// The boxes of a question in so many millimetres.
pub(super) fn answer(
    program: &Program,
    ink: &Ink<'_>,
    field: &Field,
    room: f32,
    tables: &mut Tables,
) -> Answer {
    let mut drawn = |values: &[String]| drawn(program, field, values, room, tables);
    let beside = |mut answer: Answer, words: String| {
        set_beside(&mut answer, &words);
        answer
    };
    match ink.seen(field) {
        Seen::Nothing => drawn(&[]),
        Seen::Whole { counted, refused } => match marked(&refused) {
            None => drawn(counted),
            Some(words) => beside(drawn(counted), words),
        },
        Seen::Month(values) => beside(drawn(&values), format!("日は{MASKED}")),
        Seen::Masked => beside(drawn(&[]), MASKED.to_owned()),
    }
}

/// A name in its own hand, or as it was typed.
pub(super) fn signature(seen: &Seen<'_>) -> Answer {
    Answer::Signature {
        text: match seen {
            Seen::Nothing => String::new(),
            Seen::Whole { counted, refused } => match marked(refused) {
                None => counted.concat(),
                Some(words) => behind(&counted.concat(), &words),
            },
            Seen::Month(_) | Seen::Masked => MASKED.to_owned(),
        },
    }
}

/// Values that do not count, with the mark that says so.
fn marked(refused: &[&str]) -> Option<String> {
    (!refused.is_empty()).then(|| format!("▲ {}", refused.join("、")))
}

/// Words behind what stands there already.
fn behind(before: &str, words: &str) -> String {
    match before {
        "" => words.to_owned(),
        before => format!("{before}　{words}"),
    }
}

/// The boxes with these values in them.
fn drawn(
    program: &Program,
    field: &Field,
    values: &[String],
    room: f32,
    tables: &mut Tables,
) -> Answer {
    let first = values.first().map_or("", String::as_str);
    match &field.ty {
        FieldType::Text { chars, .. } if INSURER == field.name => insurer(*chars, first),
        FieldType::Text { .. } => {
            let text = first.lines().map(str::to_owned).collect();
            text_answer(field, room, text)
        }
        FieldType::Kana { chars } => Answer::Line {
            lines: 1,
            hint: format!("ひらがな{chars}文字まで"),
            text: lines(first),
        },
        FieldType::Phone => Answer::Line {
            lines: 1,
            hint: "数字とハイフン".to_owned(),
            text: lines(first),
        },
        FieldType::Digits { count } => digits(&[*count], first),
        FieldType::PostalCode => digits(&[3, 4], first),
        FieldType::Number {
            digits,
            fraction,
            unit,
            min,
            max,
        } => number(
            (digits.saturating_sub(*fraction), *fraction),
            unit.as_deref(),
            (*min, *max),
            first,
        ),
        FieldType::Date { precision } => date(*precision, first),
        FieldType::Choice { table } => {
            let position = usize::from(*table);
            let codes = program.code_tables.get(position);
            let codes = codes.map_or(&[][..], |table| table.codes.as_slice());
            if codes.len() > MOST_BOXES {
                return coded(tables.number(program, position), codes, first);
            }
            choice(codes, values, false, room)
        }
        FieldType::Choices { table } => {
            let codes = program.code_tables.get(usize::from(*table));
            choice(
                codes.map_or(&[][..], |table| table.codes.as_slice()),
                values,
                true,
                room,
            )
        }
    }
}

fn text_answer(field: &Field, room: f32, text: Vec<String>) -> Answer {
    let FieldType::Text { chars, lines } = field.ty else {
        return Answer::Line {
            lines: 1,
            hint: String::new(),
            text,
        };
    };
    if let Some(lines) = area_lines(&field.ty) {
        return Answer::Line {
            lines,
            hint: match field.ty {
                FieldType::Text { lines: 1, .. } => format!("{chars}文字まで"),
                FieldType::Text { lines, .. } => format!("{chars}文字以内かつ{lines}行以内"),
                _ => String::new(),
            },
            text,
        };
    }
    let characters = if room < width::ANSWER {
        HALF_CHARACTERS
    } else {
        CHARACTERS
    };
    let needed = chars.div_ceil(characters);
    Answer::Line {
        lines: lines.max(needed),
        hint: format!("{chars}文字まで"),
        text,
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn coded(table: usize, codes: &[Code], value: &str) -> Answer {
    let longest = codes.iter().map(|code| code.value.chars().count()).max();
    let known = codes.iter().find(|code| code.value == value);
    Answer::Code {
        table,
        digits: right(value, longest.unwrap_or(1)),
        text: known.map_or_else(String::new, |code| code.label.clone()),
    }
}

fn choice(codes: &[Code], values: &[String], several: bool, room: f32) -> Answer {
    let counts = codes.iter().any(counts_otherwise);
    let options: Vec<Choice> = codes
        .iter()
        .map(|code| Choice {
            value: code.value.clone(),
            label: words::label(code).to_owned(),
            points: match code.points {
                Some(points) if counts => format!("（{}点）", points.normalize()),
                _ => String::new(),
            },
            ticked: values.iter().any(|value| value.trim() == code.value),
        })
        .collect();
    let widths: Vec<f32> = options.iter().map(width_of).collect();
    // A code that the table does not have has no box.
    let stray: Vec<&str> = values
        .iter()
        .map(|value| value.trim())
        .filter(|value| codes.iter().all(|code| code.value != *value))
        .collect();
    Answer::Choice {
        text: (!stray.is_empty()).then(|| stray.join("、")),
        several,
        columns: width::columns(&widths, room),
        options,
    }
}

/// The number of an insurer (`common.patient`): six digits or eight.
const INSURER: &str = "insurer_number";

fn insurer(boxes: u32, value: &str) -> Answer {
    let boxes = boxes as usize;
    let fits = value.chars().all(|c| c.is_ascii_digit()) && value.len() <= boxes;
    Answer::Digits {
        groups: vec![right(if fits { value } else { "" }, boxes)],
        text: (!fits).then(|| value.to_owned()),
    }
}

/// Whether a code counts something that neither its number nor its words say.
fn counts_otherwise(code: &Code) -> bool {
    code.points.is_some_and(|points| {
        let points = points.normalize().to_string();
        code.value != points && !code.label.starts_with(&format!("{points}点"))
    })
}

/// The room that a box takes with its number and words.
fn width_of(choice: &Choice) -> f32 {
    width::choice(&choice.value, &choice.label) + width::millimetres(&choice.points)
}

/// Characters in boxes, the last in the last box.
fn right(text: &str, boxes: usize) -> Vec<String> {
    let characters: Vec<String> = text.chars().map(String::from).collect();
    let empty = boxes.saturating_sub(characters.len());
    std::iter::repeat_n(String::new(), empty)
        .chain(characters)
        .collect()
}

/// Characters in boxes, the first in the first box.
fn left(text: &str, boxes: usize) -> Vec<String> {
    let mut characters: Vec<String> = text.chars().map(String::from).collect();
    characters.resize(boxes.max(characters.len()), String::new());
    characters
}

fn digits(groups: &[u32], value: &str) -> Answer {
    let total: usize = groups.iter().map(|count| *count as usize).sum();
    let plain = value.chars().all(|c| c.is_ascii_digit());
    let fits = value.is_empty() || (plain && value.len() == total);
    let mut rest = if fits { value } else { "" };
    let groups = groups.iter().map(|count| {
        let count = *count as usize;
        let (group, after) = rest.split_at_checked(count).unwrap_or((rest, ""));
        rest = after;
        left(group, count)
    });
    Answer::Digits {
        groups: groups.collect(),
        text: (!fits).then(|| value.to_owned()),
    }
}

fn number(
    (before, after): (u8, u8),
    unit: Option<&str>,
    (min, max): (Option<Decimal>, Option<Decimal>),
    value: &str,
) -> Answer {
    let sign = min.is_some_and(|min| min.is_sign_negative() && !min.is_zero());
    let boxes = usize::from(before) + usize::from(sign);
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    let fits = number(unsigned)
        && number(fraction)
        && whole.len() <= boxes
        && fraction.len() <= usize::from(after);
    let (whole, fraction) = if fits { (whole, fraction) } else { ("", "") };
    Answer::Number {
        sign,
        whole: right(&whole.replace('-', "−"), boxes),
        fraction: left(fraction, usize::from(after)),
        unit: words::on_paper(unit.unwrap_or_default()),
        range: match (min, max) {
            (Some(min), Some(max)) => format!("{}〜{}", min.normalize(), max.normalize()),
            (Some(min), None) => format!("{}以上", min.normalize()),
            (None, Some(max)) => format!("{}以下", max.normalize()),
            (None, None) => String::new(),
        },
        text: (!fits).then(|| value.to_owned()),
    }
}

fn date(precision: DatePrecision, value: &str) -> Answer {
    let mut written = value.split('-');
    let mut part = |boxes: usize, name: &'static str| {
        let text = written.next().unwrap_or_default();
        (left(text, boxes), name)
    };
    let mut parts = vec![part(4, "年")];
    if precision >= DatePrecision::Month {
        parts.push(part(2, "月"));
    }
    if precision >= DatePrecision::Day {
        parts.push(part(2, "日"));
    }
    let fits = value.chars().all(|c| c.is_ascii_digit() || c == '-')
        && written.next().is_none()
        && parts
            .iter()
            .zip([4, 2, 2])
            .all(|((boxes, _), most)| boxes.len() == most);
    if !fits {
        for (boxes, _) in &mut parts {
            boxes.fill(String::new());
        }
        for ((boxes, _), most) in parts.iter_mut().zip([4, 2, 2]) {
            boxes.truncate(most);
        }
    }
    Answer::Date {
        parts,
        text: (!fits).then(|| value.to_owned()),
    }
}

/// Puts words where they are read with the answer: beside its boxes, or on its lines.
fn set_beside(answer: &mut Answer, words: &str) {
    match answer {
        Answer::Choice { text, .. }
        | Answer::Number { text, .. }
        | Answer::Date { text, .. }
        | Answer::Digits { text, .. } => {
            *text = Some(behind(text.as_deref().unwrap_or_default(), words));
        }
        Answer::Line { text, .. } => text.extend(lines(words)),
        Answer::Code { text, .. }
        | Answer::Signature { text }
        | Answer::Calculated { text, .. } => *text = behind(text, words),
        Answer::None => {}
    }
}

/// The least room an answer takes, in millimetres.
pub(super) fn least(answer: &Answer) -> f32 {
    let count = |boxes: &[String]| {
        let count = u8::try_from(boxes.len()).unwrap_or(u8::MAX);
        f32::from(count) * BOX
    };
    match answer {
        Answer::None => 0.0,
        Answer::Choice { options, .. } => options.iter().map(width_of).fold(0.0, f32::max),
        Answer::Code { digits, .. } => count(digits) + 22.0,
        Answer::Number {
            whole,
            fraction,
            unit,
            ..
        } => count(whole) + count(fraction) + 4.0 + width::millimetres(unit),
        Answer::Date { parts, .. } => {
            parts
                .iter()
                .map(|(boxes, _)| count(boxes) + 4.0)
                .sum::<f32>()
                + 8.0
        }
        Answer::Digits { groups, .. } => groups.iter().map(|group| count(group) + 3.0).sum(),
        Answer::Line { .. } => 26.0,
        Answer::Signature { .. } => 60.0,
        Answer::Calculated { .. } => 60.0,
    }
}

//! What is drawn, in the order of the paper: a form as headings, rows and boxes.
//!
//! Everything that depends on the form is decided here and handed to the template as data: which
//! box, how many of them, in how many columns, under which frame. The template only draws.

mod answer;
mod condition;
mod filled;
mod members;
mod repeat;
mod rules;
mod width;
mod words;

pub use filled::{Filled, Found, Line};

use crate::Answered;
use filled::Ink;
use kohyo_engine::Form;
use kohyo_engine::program::{Application, Programme, Status};
use serde::Serialize;

/// A form on paper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sheet {
    /// 臨床調査個人票 or 医療意見書.
    pub kind: &'static str,
    /// The two kinds of application, ticked if the form is filled in.
    pub applications: Vec<Choice>,
    /// What the notice calls the disease: 告示番号, 枝番, 疾患群.
    pub numbers: Vec<(&'static str, String)>,
    /// The disease.
    pub title: String,
    /// Key of the form.
    pub key: String,
    /// Edition of the form.
    pub edition: String,
    /// From when to when it may be used.
    pub valid: String,
    /// How far the definition has come, unless it is in force.
    pub status: Option<&'static str>,
    /// The day in the document's metadata: year, month, day.
    pub date: [u16; 3],
    /// The notice behind the form.
    pub source: String,
    /// How ambiguous sentences of the notice are read.
    pub notes: Vec<String>,
    /// The parts of the form.
    pub sections: Vec<Section>,
    /// Code tables too long to stand at their questions.
    pub tables: Vec<Table>,
    /// How the form judges.
    pub judgements: Vec<Judged>,
    /// The rules that the judgements name.
    pub rules: Vec<Ruled>,
    /// What the form says about the answers.
    pub filled: Option<Filled>,
}

/// A part of the form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// Its heading.
    pub label: String,
    /// Whether what names the person stands here; such a part has a page of its own.
    pub personal: bool,
    /// Whether the doctor signs here: what is signed stands on one page.
    pub signed: bool,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// Something in a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A heading inside the section.
    Heading {
        /// 1 for the headings of the section, 2 for those below them, …
        level: u8,
        /// The heading.
        label: String,
        /// Help text.
        help: Option<String>,
        /// When the questions under it are to be answered.
        when: Option<String>,
        /// In which applications, if not in both.
        only: Option<Application>,
    },
    /// A printed sentence.
    Note {
        /// The sentence.
        text: String,
    },
    /// Questions, one or two to a line.
    Rows {
        /// In which applications, if not in both: the frame says so.
        only: Option<Application>,
        /// The same, unless the heading says it.
        tag: Option<Application>,
        /// Boxes before the decimal point in the longest number.
        whole: u32,
        /// The lines.
        lines: Vec<Vec<Row>>,
    },
    /// A question with room for sentences, over the full width.
    Area {
        /// The question.
        row: Row,
        /// In which applications, if not in both.
        only: Option<Application>,
        /// The same, unless the heading says it.
        tag: Option<Application>,
    },
    /// The same questions for several sides.
    Sides {
        /// In which applications, if not in both.
        only: Option<Application>,
        /// The same, unless the heading says it.
        tag: Option<Application>,
        /// The sides.
        heads: Vec<String>,
        /// The questions.
        rows: Vec<SideRow>,
    },
    /// The same questions in several rows.
    Repeat {
        /// In which applications, if not in both.
        only: Option<Application>,
        /// The same, unless the heading says it.
        tag: Option<Application>,
        /// The questions.
        heads: Vec<Row>,
        /// Their widths, as shares of what is left beside the row's name.
        shares: Vec<u32>,
        /// The rows: their name and answers.
        rows: Vec<RepeatRow>,
    },
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The question.
    pub label: String,
    /// Help text.
    pub help: Option<String>,
    /// When it is to be answered.
    pub when: Option<String>,
    /// When it must be answered, if it may otherwise be left out.
    pub required_when: Option<String>,
    /// Whether it may always be left out.
    pub optional: bool,
    /// Whether it is not asked, as the other answers stand.
    pub off: bool,
    /// What is written there.
    pub answer: Answer,
}

impl Row {
    /// A heading among questions.
    fn heading(label: &str, help: Option<&str>, when: Option<String>) -> Self {
        Self {
            label: label.to_owned(),
            help: help.map(str::to_owned),
            when,
            required_when: None,
            optional: false,
            off: false,
            answer: Answer::None,
        }
    }
}

/// A question asked once for each side.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SideRow {
    /// The question, with what is written for the first side.
    pub head: Option<Row>,
    /// What is written for each side; nothing in the line of a heading.
    pub answers: Vec<Answer>,
    /// Where nothing is asked, as the other answers stand.
    pub off: Vec<bool>,
}

/// One row of repeated questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RepeatRow {
    /// Its name.
    pub label: String,
    /// What is written.
    pub answers: Vec<Answer>,
    /// Where nothing is asked, as the other answers stand.
    pub off: Vec<bool>,
}

/// What is written at a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing: it is a heading.
    None,
    /// A box to tick for each code.
    Choice {
        /// Whether several may be ticked.
        several: bool,
        /// In how many columns they stand; 0 for one line.
        columns: u32,
        /// The codes.
        options: Vec<Choice>,
        /// What is written and is none of the codes.
        text: Option<String>,
    },
    /// Boxes for the number of a code in a table at the end.
    Code {
        /// Number of the table.
        table: usize,
        /// What stands in the boxes.
        digits: Vec<String>,
        /// What the number means.
        text: String,
    },
    /// Boxes for a number, with a printed point.
    Number {
        /// Whether it may be negative.
        sign: bool,
        /// What stands in the boxes before the point; the first may be the sign.
        whole: Vec<String>,
        /// What stands in the boxes after the point.
        fraction: Vec<String>,
        /// Unit.
        unit: String,
        /// What may be written.
        range: String,
        /// A value that does not fit into the boxes.
        text: Option<String>,
    },
    /// Boxes for a date of the Western calendar.
    Date {
        /// Boxes and what follows them: year, month, day.
        parts: Vec<(Vec<String>, &'static str)>,
        /// A value that is no date.
        text: Option<String>,
    },
    /// Boxes for digits, in groups with a hyphen between.
    Digits {
        /// The groups.
        groups: Vec<Vec<String>>,
        /// A value that does not fit into the boxes.
        text: Option<String>,
    },
    /// Room for words.
    Line {
        /// Lines.
        lines: u32,
        /// How much may be written.
        hint: String,
        /// What is written.
        text: Vec<String>,
    },
    /// A doctor's name in his own hand.
    Signature {
        /// What is written.
        text: String,
    },
    /// What the form itself calculates.
    Calculated {
        /// Unit of a number.
        unit: String,
        /// What can come out of anything else.
        options: Vec<Choice>,
        /// How it is calculated.
        formula: Vec<Line>,
        /// Whether the formula stands among the rules instead.
        elsewhere: bool,
        /// What came out.
        text: String,
    },
}

/// A box with its words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    /// Its number; empty if it has none.
    pub value: String,
    /// Its words.
    pub label: String,
    /// What it counts, unless its number says it: `（5点）`.
    pub points: String,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// A code table at the end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// Its number.
    pub number: usize,
    /// Its name.
    pub label: String,
    /// Its codes.
    pub codes: Vec<(String, String)>,
}

/// How a judgement is made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// What is judged.
    pub label: String,
    /// Its categories in order.
    pub categories: Vec<JudgedCategory>,
}

/// A category of a judgement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JudgedCategory {
    /// Its name.
    pub label: String,
    /// Whether it is eligible.
    pub eligible: bool,
    /// When it holds.
    pub lines: Vec<Line>,
}

/// A rule in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ruled {
    /// 基準, 値 or 区分.
    pub kind: &'static str,
    /// Its name.
    pub label: String,
    /// What it says.
    pub lines: Vec<Line>,
}

/// The form as it is drawn; with what was answered if it is filled in.
pub fn sheet(form: &Form, answered: Option<&Answered<'_>>) -> Sheet {
    let program = form.program();
    let ink = Ink::new(form, answered);
    let mut tables = answer::Tables::default();
    let mut displayed = Vec::new();
    let sections = members::sections(form, &ink, &mut tables, &mut displayed);
    let application = answered.map(|answered| answered.context.application);
    let renewal = match program.programme {
        Programme::Shitei | Programme::Itself => "更新",
        Programme::Shoman => "更新（継続）",
    };
    let tick = |label: &str, kind: Application| Choice {
        value: String::new(),
        label: label.to_owned(),
        points: String::new(),
        ticked: application == Some(kind),
    };
    let day = answered.map_or(program.valid_from, |answered| answered.context.today);
    Sheet {
        kind: match program.programme {
            Programme::Shitei => "臨床調査個人票",
            Programme::Shoman => "小児慢性特定疾病 医療意見書",
            Programme::Itself => "制度の様式",
        },
        applications: vec![
            tick("新規", Application::New),
            tick(renewal, Application::Renewal),
        ],
        numbers: numbers(&program.key),
        title: program.title.clone(),
        key: program.key.clone(),
        edition: format!("{}年版", program.edition),
        valid: match program.valid_to {
            None => format!("{}から", program.valid_from.japanese()),
            Some(to) => format!("{}から{}まで", program.valid_from.japanese(), to.japanese()),
        },
        status: match program.status {
            Status::Draft => Some("下書き（未査読）"),
            Status::Reviewed => Some("査読済（未公開）"),
            Status::Published => None,
        },
        date: [
            day.year_number(),
            day.month_number().unwrap_or(1).into(),
            day.day_of_month().unwrap_or(1).into(),
        ],
        source: program.source.clone(),
        notes: program.notes.clone(),
        sections,
        tables: tables.done(),
        judgements: rules::judgements(program),
        rules: rules::rules(program, &displayed),
        filled: answered.map(|answered| filled::filled(form, answered)),
    }
}

/// `shitei-019-b02` → 告示番号 019, 枝番 02; `shoman-11-080` → 疾患群 11, 告示番号 080.
fn numbers(key: &str) -> Vec<(&'static str, String)> {
    let mut parts = key.split('-');
    let programme = parts.next();
    let mut numbers = Vec::new();
    if programme == Some("shoman") {
        numbers.extend(parts.next().map(|group| ("疾患群", group.to_owned())));
    }
    for part in parts {
        // A form of the programme has a name, and no number.
        if programme == Some("programme") {
            break;
        }
        numbers.push(match part.strip_prefix('b') {
            Some(branch) => ("枝番", branch.to_owned()),
            None => ("告示番号", part.to_owned()),
        });
    }
    numbers
}

//! Cases: answers and what must follow from them, next to each disease.
//!
//! ```yaml
//! disease: shitei-006
//! base: { birth_date: 1950-04-01 }     # answers shared by all cases; `null` removes one again
//! cases:
//!   - name: 振戦のみ・薬物反応あり
//!     on: 2026-06-01
//!     application: new
//!     answers: { tremor: present }
//!     expect: { result: eligible, judgements: { diagnosis: definite } }
//! ```
//!
//! Answers stand under the names of their fields. Rows may also be written as a list,
//! `drugs: [{ name: プレドニゾロン, kind: steroid }]`, sides as `acuity: { right: 0.1, left: 0.5 }`.
//!
//! The same file runs on every engine; [`run`] runs it on ours.

mod compare;
mod words;

pub(crate) use words::CHECKS_OF_ITEMS;

use crate::editions::{MAIN, split};
use crate::header::DiseaseEntry;
use kohyo_engine::program::{Application, Layout, Member};
use kohyo_engine::{Context, Date, Form, Lineage, RawAnswers, ResultKind};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A case file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Key of the disease, `shitei-006`; the disease beside which the file lies if not written.
    #[serde(default)]
    pub disease: Option<String>,
    /// Edition, if not the one at hand.
    #[serde(default)]
    pub edition: Option<String>,
    /// Answers that every case shares.
    #[serde(default)]
    pub base: BTreeMap<String, Answer>,
    /// The cases.
    #[serde(deserialize_with = "with_lines")]
    pub cases: Vec<Case>,
    /// The text it was read from, in which the places of mistakes are found.
    #[serde(skip)]
    pub text: String,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Day of judgement.
    pub on: String,
    /// `new` or `renewal`; new if not written.
    #[serde(default = "new_application")]
    pub application: Application,
    /// Answers by wire name, on top of the base.
    #[serde(default)]
    pub answers: BTreeMap<String, Answer>,
    /// What must follow.
    #[serde(default)]
    pub expect: Expect,
    /// The line on which it begins, counted from 1.
    #[serde(skip)]
    pub line: usize,
}

/// What must follow from a case. What is not written is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The result.
    pub result: Option<ResultKind>,
    /// Category of judgements, or `undetermined`.
    #[serde(default)]
    pub judgements: BTreeMap<String, Written>,
    /// Criteria (`true`, `false`, `unknown`), scores, values and grades.
    #[serde(default)]
    pub values: BTreeMap<String, Written>,
    /// Check ids that are found; others may be found, too.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Check ids that are not found.
    #[serde(default)]
    pub no_findings: Vec<String>,
    /// Fields that are not shown.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Fields that are shown.
    #[serde(default)]
    pub shown: Vec<String>,
    /// The smallest sets of missing items, all of them, in any order.
    pub missing: Option<Vec<Vec<String>>>,
    /// What the rules of the previous edition say about a renewal.
    pub previous: Option<ExpectPrevious>,
}

/// What must follow by the rules of the previous edition. What is not written is not checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectPrevious {
    /// Name of the edition.
    pub edition: Option<String>,
    /// The result.
    pub result: Option<ResultKind>,
    /// Category of judgements, or `undetermined`.
    #[serde(default)]
    pub judgements: BTreeMap<String, Written>,
    /// Criteria (`true`, `false`, `unknown`), scores, values and grades.
    #[serde(default)]
    pub values: BTreeMap<String, Written>,
    /// Questions of that edition that the record does not answer for it.
    pub unread: Option<Vec<String>>,
}

fn new_application() -> Application {
    Application::New
}

/// Cases that know on which line they begin.
fn with_lines<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Case>, D::Error> {
    let cases = Vec::<serde_yaml::Spanned<Case>>::deserialize(deserializer)?;
    let with_line = |case: serde_yaml::Spanned<Case>| Case {
        line: usize::try_from(case.referenced.line()).unwrap_or(usize::MAX),
        ..case.value
    };
    Ok(cases.into_iter().map(with_line).collect())
}

/// One or several values as written; nothing for `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written(pub Option<Vec<String>>);

impl Written {
    fn text(&self) -> String {
        self.0.as_deref().unwrap_or_default().join(", ")
    }
}

/// An answer of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Of one field.
    One(Written),
    /// Of rows: what is answered in each.
    Rows(Vec<BTreeMap<String, Written>>),
    /// Of one question on several sides.
    Sides(BTreeMap<String, Written>),
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Answer::deserialize(deserializer)? {
            Answer::One(written) => Ok(written),
            Answer::Rows(_) | Answer::Sides(_) => {
                Err(de::Error::custom("ここには値か、値の並びだけを書きます"))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("値、値の並び、行の並び、または側ごとの値")
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Answer, E> {
                Ok(Answer::One(Written(Some(vec![v.to_owned()]))))
            }
            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Answer, E> {
                self.visit_str(&v.to_string())
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Answer, E> {
                self.visit_str(&v.to_string())
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Answer, E> {
                self.visit_str(&v.to_string())
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Answer, E> {
                self.visit_str(&v.to_string())
            }
            fn visit_unit<E: de::Error>(self) -> Result<Answer, E> {
                Ok(Answer::One(Written(None)))
            }
            fn visit_none<E: de::Error>(self) -> Result<Answer, E> {
                Ok(Answer::One(Written(None)))
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Answer, D::Error> {
                deserializer.deserialize_any(self)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Answer, A::Error> {
                let mut sides = BTreeMap::new();
                while let Some((side, written)) = map.next_entry()? {
                    sides.insert(side, written);
                }
                Ok(Answer::Sides(sides))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Answer, A::Error> {
                let (mut values, mut rows) = (Vec::new(), Vec::new());
                while let Some(element) = seq.next_element()? {
                    match element {
                        Answer::One(Written(value)) => values.extend(value.unwrap_or_default()),
                        Answer::Sides(row) => rows.push(row),
                        Answer::Rows(_) => {
                            return Err(de::Error::custom("行の中に行は書けません"));
                        }
                    }
                }
                match (values.is_empty(), rows.is_empty()) {
                    (_, true) => Ok(Answer::One(Written(Some(values)))),
                    (true, false) => Ok(Answer::Rows(rows)),
                    (false, false) => Err(de::Error::custom("値と行を同じ並びに書けません")),
                }
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// The case file that lies beside a definition: `cases.yaml` beside `form.kohyo`,
/// `NAME.cases.yaml` beside `NAME.kohyo`.
pub fn beside(definition: &str) -> String {
    let (folder, name) = split(definition);
    match name {
        MAIN => format!("{folder}cases.yaml"),
        name => format!("{folder}{}.cases.yaml", name.trim_end_matches(".kohyo")),
    }
}

/// The definition beside which a case file of this name lies, if there is one.
pub fn beside_which(cases: &str) -> Option<String> {
    let (folder, name) = split(cases);
    match name {
        "cases.yaml" => Some(format!("{folder}{MAIN}")),
        name => Some(format!(
            "{folder}{}.kohyo",
            name.strip_suffix(".cases.yaml")?
        )),
    }
}

/// Why a case file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseError {
    /// What is wrong, with its place in the file.
    pub message: String,
}

impl fmt::Display for CaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CaseError {}

/// Reads a case file.
///
/// # Errors
/// If it is not YAML of the form above; the message names the place.
pub fn parse(yaml: &str) -> Result<CaseFile, CaseError> {
    let file: CaseFile = crate::yaml::read(yaml).map_err(|first| {
        let mut problems = problems(yaml);
        if problems.is_empty() {
            problems.push(first);
        }
        let told: Vec<String> = problems
            .iter()
            .map(|problem| match is_about_missing(yaml, problem) {
                true => format!("{problem}\n  `missing` は組の並びです。一つの項目の組も `missing: [[tremor]]` と書きます"),
                false => problem.clone(),
            })
            .collect();
        CaseError {
            message: format!(
                "ケースファイルの{}\n  書き方は docs/language/cases.md にあります",
                told.join("\nケースファイルの")
            ),
        }
    })?;
    Ok(CaseFile {
        text: yaml.to_owned(),
        ..file
    })
}

/// So many cases that cannot be read are told at once.
const PROBLEMS: usize = 10;

/// What is wrong with each case, read without the others; nothing if no case is wrong by itself.
fn problems(yaml: &str) -> Vec<String> {
    let lines: Vec<&str> = yaml.lines().collect();
    let Some(cases) = lines.iter().position(|line| line.starts_with("cases:")) else {
        return Vec::new();
    };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let begins = |line: &&str| line.trim_start().starts_with("- ");
    let Some(depth) = lines
        .iter()
        .skip(cases + 1)
        .find(|l| begins(l))
        .map(|l| indent(l))
    else {
        return Vec::new();
    };
    let starts: Vec<usize> = (cases + 1..lines.len())
        .filter(|i| {
            lines
                .get(*i)
                .is_some_and(|l| begins(l) && indent(l) == depth)
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(lines.len());
        // Empty lines keep the numbers of the others.
        let alone: Vec<&str> = (0..lines.len())
            .map(|i| match i <= cases || (*start..end).contains(&i) {
                true => lines.get(i).copied().unwrap_or_default(),
                false => "",
            })
            .collect();
        if let Err(problem) = crate::yaml::read::<CaseFile>(&alone.join("\n"))
            && !found.contains(&problem)
        {
            found.push(problem);
        }
        if found.len() == PROBLEMS {
            break;
        }
    }
    found
}

/// Whether a file cannot be read at a line with missing sets.
fn is_about_missing(yaml: &str, problem: &str) -> bool {
    let line = problem
        .split_once('行')
        .and_then(|(line, _)| line.parse::<usize>().ok());
    let line = line.and_then(|line| yaml.lines().nth(line.checked_sub(1)?));
    problem.contains("並び") && line.is_some_and(|line| line.contains("missing:"))
}

/// What is strange about a file though its cases can be run: several of one name, of which a report
/// cannot say which is meant.
pub fn warnings(file: &CaseFile) -> Vec<String> {
    let mut lines: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for case in &file.cases {
        lines.entry(&case.name).or_default().push(case.line);
    }
    lines.retain(|_, lines| lines.len() > 1);
    let mut repeated: Vec<(&str, Vec<usize>)> = lines.into_iter().collect();
    repeated.sort_by(|(_, a), (_, b)| a.cmp(b));
    let told = repeated.into_iter().map(|(name, lines)| {
        let count = lines.len();
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}行")).collect();
        format!(
            "「{name}」という名前のケースが{count}件あります（{}）",
            lines.join("、")
        )
    });
    told.collect()
}

/// Shares cases among the editions of a form: each is judged by the edition in force on its day, by
/// the newest if its day cannot be read. Comes with the path of the edition.
pub fn by_edition(file: CaseFile, editions: &[DiseaseEntry]) -> Vec<(String, CaseFile)> {
    let mut shares: Vec<(String, CaseFile)> = Vec::new();
    for case in file.cases {
        let day = case.on.parse::<Date>().ok();
        let edition = day
            .and_then(|day| DiseaseEntry::in_force(editions, day))
            .or_else(|| DiseaseEntry::newest(editions));
        let Some(edition) = edition else { continue };
        match shares.iter_mut().find(|(path, _)| *path == edition.path) {
            Some((_, share)) => share.cases.push(case),
            None => {
                let share = CaseFile {
                    disease: file.disease.clone(),
                    edition: None,
                    base: file.base.clone(),
                    cases: vec![case],
                    text: file.text.clone(),
                };
                shares.push((edition.path.clone(), share));
            }
        }
    }
    shares
}

/// What became of the cases of a file.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    /// Key of the disease.
    pub disease: String,
    /// Edition.
    pub edition: String,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// Each case, in order.
    pub cases: Vec<CaseResult>,
}

/// What became of one case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// Its name.
    pub name: String,
    /// The line on which it begins.
    pub line: usize,
    /// Whether everything was as expected.
    pub passed: bool,
    /// The result of the judgement; nothing if the day cannot be read or lies before the edition.
    pub result: Option<ResultKind>,
    /// What was not as expected.
    pub differences: Vec<Difference>,
}

/// Something that was not as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `on`, `expect`, `result`, `judgements.diagnosis`, `values.sledai`, `findings`, `hidden`,
    /// `missing`, `answers`, `previous.result`.
    pub what: String,
    /// The line of the file on which that is written.
    pub line: usize,
    /// What the case says.
    pub expected: String,
    /// What came out.
    pub actual: String,
}

/// Runs every case of `file` on `form`, which has no previous edition.
pub fn run(form: &Form, file: &CaseFile) -> CaseReport {
    run_with(form, None, file)
}

/// Runs every case of `file` on `form`, renewals by the rules of `previous` as well.
pub fn run_with(form: &Form, previous: Option<&Lineage>, file: &CaseFile) -> CaseReport {
    let cases: Vec<CaseResult> = file
        .cases
        .iter()
        .map(|case| compare::run_case(form, previous, file, case))
        .collect();
    let passed = cases.iter().filter(|c| c.passed).count();
    CaseReport {
        disease: form.program().key.clone(),
        edition: form.program().edition.clone(),
        passed,
        failed: cases.len() - passed,
        cases,
    }
}

/// The answers of a case as written: the base with the case's own on top.
pub fn answers(form: &Form, file: &CaseFile, case: &Case) -> RawAnswers {
    let mut raw = RawAnswers::new();
    for (name, answer) in file.base.iter().chain(&case.answers) {
        match answer {
            Answer::One(_) if form.field_id(name).is_none() => forget(form, &mut raw, name),
            Answer::Rows(_) => forget_rows(&mut raw, name),
            Answer::One(_) | Answer::Sides(_) => {}
        }
        for (name, Written(values)) in flat(form, name, answer) {
            match values {
                Some(values) => raw.insert(name, values),
                None => raw.remove(&name),
            };
        }
    }
    raw
}

/// An answer field by field.
pub(crate) fn flat(form: &Form, name: &str, answer: &Answer) -> Vec<(String, Written)> {
    let count = format!("{name}_count");
    let rows = |n: usize| Written(Some(vec![n.to_string()]));
    match answer {
        // An empty list is no row where there are rows of this name.
        Answer::One(Written(Some(none)))
            if none.is_empty()
                && form.field_id(name).is_none()
                && form.field_id(&count).is_some() =>
        {
            vec![(count, rows(0))]
        }
        Answer::One(written) => vec![(name.to_owned(), written.clone())],
        Answer::Rows(answered) => {
            let mut all = vec![(count, rows(answered.len()))];
            for (row, questions) in (1..).zip(answered) {
                all.extend(questions.iter().map(|(question, written)| {
                    (format!("{name}_{row}_{question}"), written.clone())
                }));
            }
            all
        }
        Answer::Sides(sides) => sides
            .iter()
            .map(|(side, written)| (format!("{name}_{side}"), written.clone()))
            .collect(),
    }
}

/// Removes the answers of `name`, which is no field: on all of its sides, otherwise in all of its rows.
fn forget(form: &Form, raw: &mut RawAnswers, name: &str) {
    let mut asked = BTreeSet::new();
    for section in &form.program().sections {
        on_sides(form, &section.members, name, &mut asked);
    }
    if asked.is_empty() {
        forget_rows(raw, name);
    }
    raw.retain(|other, _| !asked.contains(other.as_str()));
}

/// Removes the answers of all rows of `name`, and how many there are: `drugs_count`, `drugs_1_kind`.
fn forget_rows(raw: &mut RawAnswers, name: &str) {
    let of_rows = |other: &str| {
        let rest = other.strip_prefix(name).and_then(|r| r.strip_prefix('_'));
        rest.is_some_and(|rest| {
            let row = rest.split_once('_').map_or("", |(row, _)| row);
            rest == "count" || !row.is_empty() && row.bytes().all(|b| b.is_ascii_digit())
        })
    };
    raw.retain(|other, _| !of_rows(other));
}

/// Adds the fields of the form that ask `name` on a side: `acuity_right`, `acuity_left`.
fn on_sides<'f>(form: &'f Form, members: &'f [Member], name: &str, asked: &mut BTreeSet<&'f str>) {
    for member in members {
        match member {
            Member::Group {
                layout: Layout::Sides,
                members: sides,
                ..
            } => {
                asked.extend(sides.iter().filter_map(|side| {
                    let mut fields = Vec::new();
                    fields_of(form, side, &mut fields);
                    on_side(&fields, name)
                }));
            }
            Member::Group { members, .. } => on_sides(form, members, name, asked),
            Member::Field(_) | Member::Note(_) | Member::Display(_) => {}
        }
    }
}

/// Adds the names of all fields of a member.
fn fields_of<'f>(form: &'f Form, member: &Member, fields: &mut Vec<&'f str>) {
    match member {
        Member::Group { members, .. } => members.iter().for_each(|m| fields_of(form, m, fields)),
        Member::Field(id) => fields.extend(form.field(*id).map(|field| field.name.as_str())),
        Member::Note(_) | Member::Display(_) => {}
    }
}

/// The field that asks `name` among those of one side, which all end with the side's name.
fn on_side<'f>(fields: &[&'f str], name: &str) -> Option<&'f str> {
    let end = |field: &'f str| field.strip_prefix(name).filter(|end| end.starts_with('_'));
    let is_side = |end: &str| fields.iter().all(|field| field.ends_with(end));
    let mut asked = fields.iter().copied();
    asked.find(|field| end(field).is_some_and(is_side))
}

/// Day and application of a case; nothing if the day is not a date.
pub fn context(case: &Case) -> Option<Context> {
    let today: Date = case.on.parse().ok()?;
    Some(Context {
        today,
        application: case.application,
    })
}

//! QuestionnaireResponse → answers and findings.
//!
//! A file holds one response, several behind each other (NDJSON), or Bundles with responses. Each
//! resource is held in memory by itself, up to [`MAX_RESOURCE`]; numbers are taken by their text, so no
//! binary float comes near them.

mod resource;
mod spot;

use super::{APPLICATION, RECORD, RESOURCE};
use crate::finding::{Place, RecordFinding, Trouble, shortened};
use crate::library::{Entry, Library, nearest};
use crate::normalise::Change;
use crate::read::{Broken, MAX_FINDINGS, OnRecord, ReadRecord, the_only};
use crate::record::Record;
use crate::scan::Mark;
use crate::value::read_written;
use jiff::Timestamp;
use jiff::civil::DateTime;
use kohyo_engine::program::{Application, DatePrecision, FieldId, FieldType, Level};
use kohyo_engine::{Answer, Answers, Date};
use kohyo_record::wire::FORM_NAMESPACE;
use resource::{Bundle, GivenAnswer, GivenItem, Kind, Response};
use serde_json::value::RawValue;
use spot::{InResponse, Passed, Passing, Text};
use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

/// A resource has at most so many bytes.
pub(crate) const MAX_RESOURCE: u64 = 16 * 1024 * 1024;

/// Reads the one response of a document.
///
/// # Errors
/// A document that is no JSON, holds no response or several, or one of no form at hand. Everything else
/// that is wrong is a finding.
pub fn read_response(
    json: &[u8],
    library: &Library,
) -> Result<(Record, Vec<RecordFinding>), Box<RecordFinding>> {
    the_only(
        |on_record| read(json, library, false, on_record),
        "fhir.many_records",
        nothing_here,
    )
}

/// Reads a file and hands over each record as soon as it is read, until told to stop. Gives the number
/// of records.
///
/// # Errors
/// The first thing that makes going on impossible.
pub(crate) fn read(
    input: impl Read,
    library: &Library,
    normalise: bool,
    on_record: &mut OnRecord<'_>,
) -> Result<u64, Box<Broken>> {
    let allowed = Cell::new(MAX_RESOURCE);
    let mut input = BufReader::new(Limited {
        input,
        allowed: &allowed,
    });
    let unreadable = |error: io::Error| RecordFinding::unreadable(Place::default(), &error);
    skip_byte_order_mark(&mut input).map_err(|error| broken(unreadable(error)))?;
    if input
        .fill_buf()
        .map_err(|error| broken(unreadable(error)))?
        .is_empty()
    {
        return Err(broken(error(
            "file.empty",
            "ファイルが空です",
            "個票を書き出し直してください",
        )));
    }
    let mut file = File {
        library,
        normalise,
        number: 0,
    };
    let passing = Passing::new();
    let input = Passed {
        input,
        passing: &passing,
    };
    let resources = serde_json::Deserializer::from_reader(input).into_iter::<Box<RawValue>>();
    for resource in resources {
        let resource = resource.map_err(|error| broken(not_json(error)))?;
        allowed.set(MAX_RESOURCE);
        let text = Text::new(resource.get(), passing.begin());
        if file.resource(text, on_record).is_break() {
            return Ok(file.number);
        }
    }
    if file.number == 0 {
        return Err(broken(nothing_here()));
    }
    Ok(file.number)
}

fn skip_byte_order_mark(input: &mut impl BufRead) -> io::Result<()> {
    if input.fill_buf()?.starts_with("\u{feff}".as_bytes()) {
        input.consume(3);
    }
    Ok(())
}

fn error(check: &'static str, message: &str, help: &str) -> RecordFinding {
    RecordFinding::error(check, Place::default(), message, help)
}

fn broken(reason: RecordFinding) -> Box<Broken> {
    Box::new(Broken {
        record: None,
        before: Vec::new(),
        reason,
    })
}

fn nothing_here() -> RecordFinding {
    error(
        "fhir.no_record",
        "ファイルに QuestionnaireResponse がありません",
        "個票を QuestionnaireResponse として書き出してください",
    )
}

/// Whether this is what our JSON Schema describes: it is for programs that pass answers on, and no
/// record.
fn is_answers(json: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Answers<'a> {
        #[serde(borrow, rename = "form")]
        _form: &'a RawValue,
        #[serde(borrow, rename = "answers")]
        _answers: &'a RawValue,
    }
    json.trim_start().starts_with('{') && serde_json::from_str::<Answers<'_>>(json).is_ok()
}

fn not_json(error: serde_json::Error) -> RecordFinding {
    let place = Place {
        line: Some(error.line() as u64),
        column: Some(error.column() as u64),
        ..Place::default()
    };
    if error.is_io() {
        return RecordFinding::unreadable(Place::default(), &error.into());
    }
    let (message, help) = if error.is_eof() {
        (
            "JSONが途中で終わっています",
            "ファイルを最後まで書き出すか、複写し直してください",
        )
    } else {
        (
            "JSONとして読めません",
            "この位置の近くの記号（引用符、コンマ、かっこ）と、文字コードがUTF-8であることを確かめてください",
        )
    };
    RecordFinding::error("fhir.not_json", place, message, help)
}

/// A file that must not make one resource larger than is allowed.
struct Limited<'a, R> {
    input: R,
    allowed: &'a Cell<u64>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        match self.allowed.get().checked_sub(count as u64) {
            Some(rest) => self.allowed.set(rest),
            None => {
                let megabytes = MAX_RESOURCE / 1024 / 1024;
                return Err(Trouble(error(
                    "fhir.too_large",
                    &format!("一つのリソースが大きすぎます（{megabytes} MBまで）"),
                    "個票を1件ずつのファイルか、1行に1件の NDJSON に分けてください",
                ))
                .into());
            }
        }
        Ok(count)
    }
}

/// A file being read.
struct File<'a> {
    library: &'a Library,
    normalise: bool,
    number: u64,
}

impl File<'_> {
    fn resource(&mut self, text: Text<'_>, on_record: &mut OnRecord<'_>) -> ControlFlow<()> {
        match resource::kind_of(text.json) {
            Some(Kind::Response) => self.response(text, on_record),
            Some(Kind::Bundle) => match serde_json::from_str::<Bundle<'_>>(text.json) {
                Ok(bundle) => {
                    for resource in text.parts(bundle.resources()) {
                        if let Some(Kind::Response) = resource::kind_of(resource.json) {
                            self.response(resource, on_record)?;
                        }
                    }
                    ControlFlow::Continue(())
                }
                Err(error) => self.refused(text, structure(text, &error), on_record),
            },
            Some(Kind::Other(name)) => {
                let finding = error(
                    "fhir.resource",
                    &format!("{RESOURCE} ではなく {} です", shortened(&name)),
                    "個票を QuestionnaireResponse として書き出してください",
                );
                self.refused(text, finding, on_record)
            }
            None => {
                let message = if is_answers(text.json) {
                    "JSON Schema の形の回答（form、answers）です。個票としては読みません"
                } else {
                    "FHIRのリソースではありません（resourceType がありません）"
                };
                let finding = error(
                    "fhir.resource",
                    message,
                    "個票を記録XML、CSV、FHIRの QuestionnaireResponse のどれかで書き出してください（JSONで読むのは QuestionnaireResponse だけです）",
                );
                self.refused(text, finding, on_record)
            }
        }
    }

    fn refused(
        &mut self,
        text: Text<'_>,
        finding: RecordFinding,
        on_record: &mut OnRecord<'_>,
    ) -> ControlFlow<()> {
        self.number += 1;
        let place = Place {
            path: format!("/records/record[{}]", self.number),
            line: finding.place.line.or(Some(text.line())),
            ..finding.place
        };
        on_record(ReadRecord::without_form(
            self.number,
            vec![RecordFinding { place, ..finding }],
        ))
    }

    fn response(&mut self, text: Text<'_>, on_record: &mut OnRecord<'_>) -> ControlFlow<()> {
        let response: Response<'_> = match serde_json::from_str(text.json) {
            Ok(response) => response,
            Err(error) => return self.refused(text, structure(text, &error), on_record),
        };
        let entry = match self.entry(response.questionnaire.as_deref()) {
            Ok(entry) => entry,
            Err(finding) => return self.refused(text, *finding, on_record),
        };
        self.number += 1;
        let mut walk = Walk {
            text,
            reached: Cell::new(text.begin()),
            entry: &entry,
            normalise: self.normalise,
            number: self.number,
            application: None,
            answers: Answers::new(&entry.form),
            begins: vec![None; entry.form.program().fields.len()],
            findings: Vec::new(),
            changes: Vec::new(),
            dropped: 0,
        };
        walk.head(&response);
        for item in &response.item {
            walk.item(item);
        }
        walk.finish();
        let written = walk.written(response.authored.as_deref());
        on_record(ReadRecord {
            number: walk.number,
            form: Some(&entry.form),
            name: Some(&entry.name),
            application: walk.application,
            written,
            answers: &walk.answers,
            findings: walk.findings,
            changes: walk.changes,
            unread: Vec::new(),
            layout: Some(&entry.layout),
            many: true,
            spots: &InResponse {
                text,
                begins: &walk.begins,
            },
        })
    }

    /// The form of a response: `urn:kohyo:form:shitei-006|2020`.
    fn entry(&self, canonical: Option<&str>) -> Result<Arc<Entry>, Box<RecordFinding>> {
        let wanted = format!("{FORM_NAMESPACE}様式キー|版");
        let Some(canonical) = canonical.filter(|canonical| !canonical.is_empty()) else {
            return Err(Box::new(error(
                "fhir.no_questionnaire",
                "どの様式の個票か（questionnaire）が書かれていません",
                &format!("questionnaire に {wanted} を書いてください"),
            )));
        };
        let parts = canonical
            .strip_prefix(FORM_NAMESPACE)
            .and_then(|rest| rest.split_once('|'));
        let Some((key, edition)) = parts else {
            let finding = error(
                "fhir.unknown_questionnaire",
                "questionnaire の書き方が、この様式集のものではありません",
                &format!("questionnaire に {wanted} を書いてください"),
            );
            return Err(Box::new(finding.with_value(canonical)));
        };
        if let Some(entry) = self.library.of_record(key, edition) {
            return Ok(entry);
        }
        let refused = self
            .library
            .refused("fhir.unknown_form", Place::default(), key, edition);
        if let Some(finding) = refused {
            return Err(Box::new(finding.with_value(canonical)));
        }
        let editions: Vec<String> = self
            .library
            .editions(key)
            .map(|form| form.program().edition.clone())
            .collect();
        let finding = if editions.is_empty() {
            let help = self.library.help_for_key(key);
            let message = format!("様式「{}」はありません", shortened(key));
            error("fhir.unknown_form", &message, &help)
        } else {
            error(
                "fhir.unknown_edition",
                &format!("様式 {key} に版「{}」はありません", shortened(edition)),
                &format!("使える版は {} です", editions.join("、")),
            )
        };
        Err(Box::new(finding.with_value(canonical)))
    }
}

/// JSON that is no FHIR.
fn structure(text: Text<'_>, error: &serde_json::Error) -> RecordFinding {
    let (line, column) = text.place_of(error);
    let place = Place {
        line: Some(line),
        column: Some(column),
        ..Place::default()
    };
    RecordFinding::error(
        "fhir.structure",
        place,
        "FHIRの構造として読めません（この位置の値の種類か、同じ名前の重複）",
        "item と answer は配列、値は FHIR R4 の型で書いてください",
    )
}

/// A response being read.
struct Walk<'a> {
    text: Text<'a>,
    /// How far its lines are counted.
    reached: Cell<Mark>,
    entry: &'a Entry,
    normalise: bool,
    number: u64,
    application: Option<Application>,
    answers: Answers,
    /// By field: the byte of the response at which its question was met first.
    begins: Vec<Option<usize>>,
    findings: Vec<RecordFinding>,
    changes: Vec<Change>,
    dropped: u64,
}

impl Walk<'_> {
    fn add(&mut self, finding: RecordFinding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.dropped += 1;
        }
    }

    fn place(&self) -> Place {
        Place {
            path: format!("/records/record[{}]", self.number),
            line: Some(self.text.line()),
            column: None,
        }
    }

    /// The place of an item whose `linkId` stands at this byte.
    fn place_at(&self, byte: usize) -> Place {
        let (line, column) = self.text.place_from(&self.reached, byte);
        Place {
            line: Some(line),
            column: Some(column),
            ..self.place()
        }
    }

    fn place_of(&self, id: FieldId, byte: usize) -> Place {
        let mut place = self.place_at(byte);
        let section = self.entry.layout.section_of(id);
        let field = self.entry.form.field(id);
        if let (Some(section), Some(field)) = (section, field) {
            place.path.extend(["/", &section.name, "/", &field.name]);
        }
        place
    }

    fn complain(&mut self, check: &'static str, value: &str, message: &str, help: &str) {
        self.complain_at(self.place(), check, value, message, help);
    }

    fn complain_at(
        &mut self,
        place: Place,
        check: &'static str,
        value: &str,
        message: &str,
        help: &str,
    ) {
        let finding = RecordFinding::error(check, place, message, help);
        let finding = if value.is_empty() {
            finding
        } else {
            finding.with_value(value)
        };
        self.add(finding);
    }

    fn head(&mut self, response: &Response<'_>) {
        if response.modifier_extension.is_some() {
            self.modified();
        }
        if response.status.as_deref() == Some("entered-in-error") {
            self.complain(
                "fhir.status",
                "entered-in-error",
                "誤って登録された記録とされています（status）",
                "取り消された記録であれば、提出から除いてください",
            );
        } else if let Some(status) = response.status.as_deref()
            && !matches!(status, "completed" | "amended")
        {
            let finding = RecordFinding::error(
                "fhir.status",
                self.place(),
                "書き終えた記録とされていません（status）",
                "書き終えた個票であれば、status を completed にしてください",
            );
            self.add(RecordFinding {
                level: Level::Warning,
                ..finding.with_value(status)
            });
        }
    }

    /// What changes the meaning in a way that is not known must not be passed over.
    fn modified(&mut self) {
        self.complain(
            "fhir.modifier",
            "",
            "意味を変える拡張（modifierExtension）は読み取れません",
            "modifierExtension のない QuestionnaireResponse にしてください",
        );
    }

    fn item(&mut self, item: &GivenItem<'_>) {
        if item.modifier_extension.is_some() {
            self.modified();
        }
        let link = item.link_id.as_ref();
        let byte = link.map(|link| self.text.byte_of(link.written));
        let link = link.map_or("", |link| &link.text);
        let form = &self.entry.form;
        match form
            .field_id(link)
            .filter(|id| self.entry.layout.section_of(*id).is_some())
        {
            Some(id) => self.question(id, byte.unwrap_or_default(), &item.answer),
            None if link == APPLICATION => self.kind_of_application(&item.answer),
            None if link == RECORD || self.entry.places().is_group(link) => {}
            // What a form calculates is calculated anew.
            None if link.starts_with("value.") => return,
            None => self.unknown_item(link, byte),
        }
        for inside in &item.item {
            self.item(inside);
        }
        for inside in item.answer.iter().flat_map(|answer| &answer.item) {
            self.item(inside);
        }
    }

    fn unknown_item(&mut self, link: &str, byte: Option<usize>) {
        if self.findings.len() >= MAX_FINDINGS {
            self.dropped += 1;
            return;
        }
        let key = &self.entry.form.program().key;
        let message = match link {
            "" => "linkId のない項目があります".to_owned(),
            link => format!("様式 {key} に「{}」という項目はありません", shortened(link)),
        };
        let help = match nearest(link, self.entry.layout.field_names()) {
            Some(near) => format!("「{near}」の書き間違いではありませんか"),
            None => "様式の Questionnaire にある linkId を書いてください".to_owned(),
        };
        let place = byte.map_or_else(|| self.place(), |byte| self.place_at(byte));
        self.complain_at(place, "fhir.unknown_item", link, &message, &help);
    }

    fn kind_of_application(&mut self, answers: &[GivenAnswer<'_>]) {
        let code = match answers {
            [one] => one.text(&FieldType::Choice { table: 0 }).ok(),
            _ => None,
        };
        self.application = match code.as_deref() {
            Some("new") => Some(Application::New),
            Some("renewal") => Some(Application::Renewal),
            _ => None,
        };
    }

    /// A question whose `linkId` stands at this byte.
    fn question(&mut self, id: FieldId, byte: usize, given: &[GivenAnswer<'_>]) {
        let (place, entry) = (self.place_of(id, byte), self.entry);
        let Some(field) = entry.form.field(id) else {
            return;
        };
        let at = |finding: RecordFinding| RecordFinding {
            place: place.clone(),
            item: field.label.clone(),
            ..finding
        };
        if let Some(begins) = self.begins.get_mut(usize::from(id.0)) {
            if begins.is_some() {
                self.add(at(error(
                    "fhir.duplicate_item",
                    &format!(
                        "「{}」（{}）の項目が二つ以上あります",
                        field.label, field.name
                    ),
                    "一つの item にまとめてください。二つめからは読みません",
                )));
                return;
            }
            *begins = Some(byte);
        }
        let mut values = Vec::new();
        for answer in given {
            if answer.is_empty() {
                continue;
            }
            let system = entry.places().system_of(&field.ty);
            match answer.checked(&field.ty, system) {
                Ok(value) => values.push(value),
                Err((check, value, help)) => {
                    let message = match check {
                        "fhir.system" => format!("「{}」のコードの体系が違います", field.label),
                        "fhir.unit" => format!("「{}」の単位が違います", field.label),
                        _ => format!("「{}」の値の種類が違います", field.label),
                    };
                    self.add(at(error(check, &message, &help).with_value(&value)));
                    return;
                }
            }
        }
        let mut changed = Vec::new();
        let changes = self.normalise.then_some(&mut changed);
        match read_written(&entry.form, id, values, changes) {
            Ok(Answer::Missing) => {}
            Ok(answer) => self.answers.set(id, answer),
            Err(finding) => self.add(at(*finding)),
        }
        self.changes
            .extend(changed.into_iter().map(|change| Change {
                place: place.clone(),
                ..change
            }));
    }

    /// What is said once about the record.
    fn finish(&mut self) {
        if self.application.is_none() {
            self.complain(
                "fhir.application",
                "",
                "新規・更新の別（record.application）が書かれていません",
                "linkId が record.application の項目に、new（新規）か renewal（更新）のコードを書いてください",
            );
        }
        if self.dropped > 0 {
            let finding = RecordFinding::error(
                "fhir.too_many_findings",
                self.place(),
                format!("このほかに{}件の指摘があります", self.dropped),
                "上の指摘を直してから、もう一度点検してください",
            );
            self.findings.push(finding);
        }
    }

    /// The day of `authored`, a day or a point in time.
    fn written(&mut self, authored: Option<&str>) -> Option<Date> {
        let text = authored?;
        let date = day_of(text).filter(|date| date.precision() == DatePrecision::Day);
        if date.is_none() {
            self.complain(
                "fhir.authored",
                text,
                "記載年月日（authored）を日付として読み取れません",
                "西暦で 2026-06-01 のように書いてください",
            );
        }
        date
    }
}

/// The date in `authored`; of a point in time with an offset, the day that it is in Japan.
fn day_of(text: &str) -> Option<Date> {
    const IN_JAPAN: i64 = 9 * 60 * 60;
    const DAY: i64 = 24 * 60 * 60;
    let Some((day, _)) = text.split_once('T') else {
        return text.parse().ok();
    };
    if let Ok(instant) = text.parse::<Timestamp>() {
        let number = (instant.as_second() + IN_JAPAN).div_euclid(DAY);
        return Date::from_day_number(i32::try_from(number).ok()?);
    }
    text.parse::<DateTime>().ok()?;
    day.parse().ok()
}

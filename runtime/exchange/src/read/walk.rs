//! Tokens → answers and findings: which element may stand where, and what its text means.

mod found;

use super::elements::{Meaning, Namespaces, OpenElements, split_name};
use super::spots::{InWindow, Left, Nowhere, Spots};
use super::{Broken, OnRecord, ReadRecord, record_path};
use crate::finding::{Place, RecordFinding, shortened};
use crate::layout::{FieldElement, Slot};
use crate::library::Library;
use crate::normalise::{Change, SAME_CODE, normalised};
use crate::scan::{
    Attribute, Attributes, MAX_TOKEN, Mark, Scanner, Step, Token, attribute_value, unescape_into,
};
use kohyo_engine::program::{Application, DatePrecision, FieldId, Level};
use kohyo_engine::{Answer, Answers, Date, read_text};
use kohyo_record::RECORDS_NAMESPACE;
use std::cell::Cell;
use std::ops::ControlFlow;

/// Elements are nested at most so deep.
pub const MAX_DEPTH: usize = 64;
/// A record is at most so many bytes long.
pub const MAX_RECORD: u64 = 4 * 1024 * 1024;
/// Of one record, at most so many findings of reading are kept; the others are counted.
pub const MAX_FINDINGS: usize = 200;

/// What is kept from file to file so that its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    open: OpenElements,
    namespaces: Namespaces,
    answers: Answers,
    /// The form that the answer sheet is for.
    sheet_of: Option<usize>,
    /// By field: the byte of this record where its element was first met, from 1; 0 if it was not.
    begins: Vec<u32>,
    /// By section, the same.
    sections_seen: Vec<bool>,
    /// The text of the field at hand, where it does not stand in one piece.
    value: String,
    findings: Vec<RecordFinding>,
    changes: Vec<Change>,
    /// Values of this record that could not be read.
    unread: Vec<(FieldId, String)>,
    /// The places of this record that have left the window.
    left: Left,
}

/// A file being read.
pub(super) struct Walk<'a, 'c> {
    library: &'a Library,
    on_record: &'a mut OnRecord<'c>,
    scratch: &'a mut Scratch,
    /// Values are read otherwise than written where there is no doubt.
    normalise: bool,
    /// Bytes of the file before the window.
    base: u64,
    mark: Mark,
    /// The same for the beginnings of records that were asked for.
    record_mark: Cell<Mark>,
    inside: Inside,
    /// The root is `<records>`.
    many: bool,
    /// Number of the record at hand, or of the last one.
    number: u64,
    record: Heading,
    /// The next section to come, by position.
    next_section: usize,
    /// The next field to come in the section at hand.
    next: Slot,
    at_field: Option<AtField>,
    /// Findings of this record that are only counted.
    dropped: usize,
}

/// What the element at hand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// Before the root.
    Prolog,
    /// `<records>`.
    Records,
    /// `<record>`.
    Record,
    /// The element of a section.
    Section,
    /// The element of a field.
    Field,
    /// An element passed over, open at this depth, and what it stands in.
    Passed(usize, Around),
    /// After the root.
    Epilog,
}

/// What an element passed over stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Around {
    /// Nothing: it is a record, or stands for one.
    Itself,
    Record,
    Section,
    Field,
}

/// What the start tag of a record says.
#[derive(Clone, Copy, Debug, Default)]
struct Heading {
    /// Byte of the file where the record begins.
    at: u64,
    /// Its form, by position among those met in the file.
    form: Option<usize>,
    application: Option<Application>,
    written: Option<Date>,
}

/// The field at hand.
#[derive(Clone, Copy, Debug)]
struct AtField {
    slot: Slot,
    begins: Begins,
    /// False if its value must not count: a second one, or one in another unit.
    counts: bool,
}

/// Where an element begins.
#[derive(Clone, Copy, Debug)]
enum Begins {
    /// Byte in the window.
    At(usize),
    /// Line and column.
    Known(u64, u64),
}

/// Why the walk ends before the end of the file.
pub(super) enum End {
    /// It has been told to stop.
    Stopped,
    /// It cannot go on.
    Broken(Box<Broken>),
}

impl<'a, 'c> Walk<'a, 'c> {
    pub(super) fn new(
        library: &'a Library,
        on_record: &'a mut OnRecord<'c>,
        scratch: &'a mut Scratch,
        normalise: bool,
    ) -> Self {
        scratch.open.clear();
        if !scratch.namespaces.begin(library) {
            scratch.sheet_of = None;
        }
        scratch.findings.clear();
        scratch.changes.clear();
        scratch.unread.clear();
        Self {
            library,
            on_record,
            scratch,
            normalise,
            base: 0,
            mark: Mark::start(),
            record_mark: Cell::new(Mark::start()),
            inside: Inside::Prolog,
            many: false,
            number: 0,
            record: Heading::default(),
            next_section: 0,
            next: Slot {
                section: 0,
                position: 0,
            },
            at_field: None,
            dropped: 0,
        }
    }

    /// How many records have begun.
    pub(super) fn records(&self) -> u64 {
        self.number
    }

    /// Goes on elsewhere in the file, at the beginning of a line between two records.
    pub(super) fn go_on_at(&mut self, base: u64, line: u64, number: u64) {
        self.base = base;
        self.mark = Mark::at_line(line);
        self.record_mark.set(self.mark);
        self.number = number;
    }

    /// Records so far and the line at hand, if no record is open.
    pub(super) fn reached(&self) -> Option<(u64, u64)> {
        (self.inside == Inside::Records).then(|| (self.number, self.mark.line()))
    }

    /// The root has ended: no place is asked for any more, unless something follows.
    pub(super) fn is_done(&self) -> bool {
        self.inside == Inside::Epilog
    }

    /// Reads as many tokens as end in the window; gives the bytes consumed.
    pub(super) fn pump(&mut self, text: &str, last: bool) -> Result<usize, End> {
        let mut scanner = if self.base == 0 {
            if text.starts_with("<\0") || text.starts_with("\0<") {
                return Err(self.encoding("UTF-16", text, 0));
            }
            Scanner::first(text, last)
        } else {
            Scanner::following(text, last)
        };
        loop {
            let step = scanner.next(self.inside == Inside::Field);
            let token = match step.map_err(|fault| self.fault(text, fault))? {
                Step::Token(token) => token,
                Step::More => return Ok(scanner.at()),
            };
            let at = scanner.token();
            if self.in_record() && self.base + scanner.at() as u64 - self.record.at > MAX_RECORD {
                return Err(self.broken(
                    "file.too_large",
                    text,
                    at,
                    format!("1件の個票が{}MBを超えています", MAX_RECORD / 1024 / 1024),
                    "終了タグ </record> の書き忘れがないか確認してください",
                ));
            }
            match token {
                Token::Start {
                    name,
                    attributes,
                    closed,
                } => {
                    self.start(text, at, name, attributes)?;
                    if closed {
                        self.end_element(text)?;
                    } else if self.inside == Inside::Field
                        && let Some(value) = scanner.plain_value(name)
                    {
                        self.finish_field(text, value);
                        self.inside = Inside::Section;
                        self.close();
                    }
                }
                Token::End { name } => {
                    if self.scratch.open.last() != Some(name) {
                        return Err(self.wrong_end(text, at, name));
                    }
                    self.end_element(text)?;
                }
                Token::Text { raw, plain } => self.text(text, at, raw, plain)?,
                Token::CData(raw) => self.text(text, at, raw, !raw.contains('\r'))?,
                Token::Declaration { encoding } => {
                    if let Some(other) = encoding.filter(|name| !name.eq_ignore_ascii_case("utf-8"))
                    {
                        return Err(self.encoding(other, text, at));
                    }
                }
            }
        }
    }

    fn in_record(&self) -> bool {
        !matches!(
            self.inside,
            Inside::Prolog | Inside::Records | Inside::Epilog
        )
    }

    /// Where the record at hand and its fields stand.
    fn spots<'s>(&'s self, text: &'s str) -> InWindow<'s> {
        InWindow {
            text,
            base: self.base,
            record: self.record.at,
            begins: match self.record.form {
                Some(_) => &self.scratch.begins,
                None => &[],
            },
            left: &self.scratch.left,
            last: &self.record_mark,
        }
    }

    /// The first `consumed` bytes leave the window.
    pub(super) fn leave_behind(&mut self, text: &str, consumed: usize) {
        self.keep_field_place(text);
        if self.in_record() {
            let mut left = std::mem::take(&mut self.scratch.left);
            self.spots(text).leave(&mut left);
            self.scratch.left = left;
        }
        self.mark.shift(text, consumed);
        self.record_mark.set(self.mark);
        self.base += consumed as u64;
    }

    /// The file ends; `all` says that nothing of it is left over.
    pub(super) fn finish(&mut self, all: bool) -> Result<u64, Box<Broken>> {
        let (check, message, help) = match (self.inside, all) {
            (Inside::Epilog, true) => return Ok(self.number),
            (Inside::Prolog, true) if self.base == 0 => (
                "file.empty",
                "ファイルが空です".to_owned(),
                "個票を書き出し直してください",
            ),
            (Inside::Prolog, true) => (
                "xml.no_record",
                "ファイルに個票がありません".to_owned(),
                "<record> を1件以上書いてください",
            ),
            _ => {
                let open = self
                    .scratch
                    .open
                    .last()
                    .map(|name| format!("要素 <{name}> の途中で"));
                (
                    "xml.truncated",
                    format!(
                        "ファイルが{}終わっています",
                        open.unwrap_or_else(|| "タグの途中で".to_owned())
                    ),
                    "ファイルが最後まで書き出され、転送されているか確認してください",
                )
            }
        };
        let place = self.place("", 0);
        Err(Box::new(self.broken_at(RecordFinding::error(
            check, place, message, help,
        ))))
    }

    // ---- tags

    fn start(
        &mut self,
        text: &str,
        at: usize,
        name: &str,
        attributes: Attributes<'_>,
    ) -> Result<(), End> {
        let depth = self.scratch.open.depth() + 1;
        if depth > MAX_DEPTH {
            return Err(self.broken(
                "xml.too_deep",
                text,
                at,
                format!("要素の入れ子が{MAX_DEPTH}段を超えています"),
                "終了タグの書き忘れがないか確認してください",
            ));
        }
        if self.inside == Inside::Epilog {
            return Err(self.broken(
                "xml.not_well_formed",
                text,
                at,
                "ルート要素の後に別の要素があります",
                "ルート要素を一つにしてください。複数の個票は <records> の中に並べます",
            ));
        }
        if !attributes.is_empty() {
            self.refuse_doubles(text, attributes)?;
            self.scratch.namespaces.declare(attributes, depth);
        }
        self.scratch.open.push(name);
        match self.inside {
            Inside::Section => self.begin_field(text, at, name, attributes),
            Inside::Passed(..) | Inside::Epilog => {}
            Inside::Field => {
                self.unknown_element(text, at, name, "項目の中に要素は書けません".to_owned());
                self.inside = Inside::Passed(depth, Around::Field);
            }
            Inside::Record => self.begin_section(text, at, name, attributes),
            Inside::Records => self.begin_record(text, at, name, attributes),
            Inside::Prolog => self.begin_root(text, at, name, attributes)?,
        }
        Ok(())
    }

    /// The element opened last ends.
    fn end_element(&mut self, text: &str) -> Result<(), End> {
        let depth = self.scratch.open.depth();
        self.inside = match self.inside {
            Inside::Field => {
                let value = std::mem::take(&mut self.scratch.value);
                self.finish_field(text, &value);
                self.scratch.value = value;
                Inside::Section
            }
            Inside::Section => Inside::Record,
            Inside::Passed(open, around) if open == depth => match around {
                Around::Field => Inside::Field,
                Around::Section => Inside::Section,
                Around::Record => Inside::Record,
                Around::Itself => self.finish_record(text)?,
            },
            Inside::Record => self.finish_record(text)?,
            Inside::Records => Inside::Epilog,
            other @ (Inside::Passed(..) | Inside::Prolog | Inside::Epilog) => other,
        };
        self.close();
        Ok(())
    }

    fn close(&mut self) {
        self.scratch.namespaces.leave(self.scratch.open.depth());
        self.scratch.open.pop();
    }

    // ---- root and record

    fn begin_root(
        &mut self,
        text: &str,
        at: usize,
        name: &str,
        attributes: Attributes<'_>,
    ) -> Result<(), End> {
        let (prefix, local) = split_name(name);
        match (local, self.scratch.namespaces.resolve(prefix)) {
            ("record", _) => self.begin_record(text, at, name, attributes),
            ("records", Meaning::Records) => {
                self.many = true;
                self.inside = Inside::Records;
                for attribute in attributes {
                    if !self.is_neutral(attribute) {
                        let finding = self.unknown_attribute(text, attribute);
                        self.between_records(finding)?;
                    }
                }
            }
            (_, meaning) => {
                let help = match meaning {
                    Meaning::Records => "ルート要素は <records> と書いてください".to_owned(),
                    _ if local == "records" => {
                        format!("<records xmlns=\"{RECORDS_NAMESPACE}\"> と書いてください")
                    }
                    _ => "ルート要素を <record> か <records> にしてください".to_owned(),
                };
                return Err(self.broken(
                    "xml.unknown_root",
                    text,
                    at,
                    format!(
                        "個票のXMLではありません（ルート要素が <{}> です）",
                        shortened(name)
                    ),
                    help,
                ));
            }
        }
        Ok(())
    }

    fn begin_record(&mut self, text: &str, at: usize, name: &str, attributes: Attributes<'_>) {
        self.number += 1;
        self.record = Heading {
            at: self.base + at as u64,
            ..Heading::default()
        };
        self.scratch.findings.clear();
        self.scratch.changes.clear();
        self.scratch.unread.clear();
        self.scratch.left.clear();
        self.dropped = 0;
        let passed = Inside::Passed(self.scratch.open.depth(), Around::Itself);
        let (prefix, local) = split_name(name);
        if local != "record" {
            let help = "<records> の中には <record> だけを並べてください".to_owned();
            self.unknown_element(text, at, name, help);
            self.inside = passed;
            return;
        }
        let meaning = self.scratch.namespaces.resolve(prefix);
        let Meaning::Form(form) = meaning else {
            let finding = self.unknown_form(text, at, prefix, meaning);
            self.found(finding);
            self.inside = passed;
            return;
        };
        self.record.form = Some(form);
        self.clear_sheet(form);
        self.inside = Inside::Record;
        self.next_section = 0;
        let mut has_application = false;
        for attribute in attributes {
            has_application |= attribute.name == "application";
            self.heading(text, attribute);
        }
        if !has_application {
            let place = self.place(text, at);
            self.found(RecordFinding::error(
                "xml.missing_attribute",
                place,
                "新規・更新の別（application）が書かれていません",
                "<record> に application=\"new\"（新規）か application=\"renewal\"（更新）を書いてください",
            ));
        }
    }

    /// Empties the answer sheet for a record of this form.
    fn clear_sheet(&mut self, form: usize) {
        let Scratch {
            namespaces,
            answers,
            begins,
            sections_seen,
            sheet_of,
            ..
        } = &mut *self.scratch;
        if *sheet_of == Some(form) {
            answers.clear();
            begins.fill(0);
            sections_seen.fill(false);
        } else if let Some(entry) = namespaces.form(form) {
            *answers = Answers::new(&entry.form);
            begins.clear();
            begins.resize(entry.form.program().fields.len(), 0);
            sections_seen.clear();
            sections_seen.resize(entry.layout.sections.len(), false);
            *sheet_of = Some(form);
        }
    }

    /// An attribute of `<record>`.
    fn heading(&mut self, text: &str, attribute: Attribute<'_>) {
        let value = attribute_value(attribute.value);
        let (message, help) = match attribute.name {
            "application" => match value.trim() {
                "new" => return self.record.application = Some(Application::New),
                "renewal" => return self.record.application = Some(Application::Renewal),
                _ => (
                    "新規・更新の別（application）が正しくありません",
                    "new（新規）か renewal（更新）と書いてください",
                ),
            },
            "written" => {
                let date = value.trim().parse::<Date>().ok();
                match date.filter(|date| date.precision() == DatePrecision::Day) {
                    Some(date) => return self.record.written = Some(date),
                    None => (
                        "記載年月日（written）が正しくありません",
                        "西暦で 2026-06-01 のように書いてください",
                    ),
                }
            }
            _ if self.is_neutral(attribute) => return,
            _ => {
                let finding = self.unknown_attribute(text, attribute);
                return self.found(finding);
            }
        };
        let place = self.attribute_place(text, attribute);
        self.found(
            RecordFinding::error("xml.bad_attribute", place, message, help).with_value(&value),
        );
    }

    /// Hands the record over.
    fn finish_record(&mut self, text: &str) -> Result<Inside, End> {
        if self.dropped > 0 {
            let place = Place {
                path: record_path(self.many, self.number),
                line: self.spots(text).record(),
                column: None,
            };
            let message = format!("このほかに{}件の指摘があります", self.dropped);
            let help = "上の指摘を直してから、もう一度点検してください";
            self.scratch.findings.push(RecordFinding::error(
                "xml.too_many_findings",
                place,
                message,
                help,
            ));
        }
        let findings = std::mem::take(&mut self.scratch.findings);
        let changes = std::mem::take(&mut self.scratch.changes);
        let entry = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form));
        let record = ReadRecord {
            number: self.number,
            form: entry.map(|entry| &entry.form),
            name: entry.map(|entry| &entry.name),
            application: self.record.application,
            written: self.record.written,
            answers: &self.scratch.answers,
            findings,
            changes,
            unread: std::mem::take(&mut self.scratch.unread),
            layout: entry.map(|entry| &entry.layout),
            many: self.many,
            spots: &InWindow {
                text,
                base: self.base,
                record: self.record.at,
                begins: &self.scratch.begins,
                left: &self.scratch.left,
                last: &self.record_mark,
            },
        };
        match (self.on_record)(record) {
            ControlFlow::Break(()) => Err(End::Stopped),
            ControlFlow::Continue(()) if self.many => Ok(Inside::Records),
            ControlFlow::Continue(()) => Ok(Inside::Epilog),
        }
    }

    /// Hands over a finding that belongs to no record.
    fn between_records(&mut self, finding: RecordFinding) -> Result<(), End> {
        let record = ReadRecord {
            number: 0,
            form: None,
            name: None,
            application: None,
            written: None,
            answers: &self.scratch.answers,
            findings: vec![finding],
            changes: Vec::new(),
            unread: Vec::new(),
            layout: None,
            many: self.many,
            spots: &Nowhere,
        };
        match (self.on_record)(record) {
            ControlFlow::Break(()) => Err(End::Stopped),
            ControlFlow::Continue(()) => Ok(()),
        }
    }

    // ---- sections and fields

    fn begin_section(&mut self, text: &str, at: usize, name: &str, attributes: Attributes<'_>) {
        let depth = self.scratch.open.depth();
        let (local, ours) = self.ours(name);
        let Some(entry) = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form))
        else {
            return;
        };
        let layout = &entry.layout;
        let found = match layout.sections.get(self.next_section) {
            Some(section) if *section.name == *local => Some(self.next_section),
            _ => layout.section(local),
        };
        let Some(section) = found.filter(|_| ours) else {
            self.unknown_section(text, at, name, ours);
            self.inside = Inside::Passed(depth, Around::Record);
            return;
        };
        let again = self
            .scratch
            .sections_seen
            .get_mut(section)
            .is_some_and(|seen| std::mem::replace(seen, true));
        if section < self.next_section {
            self.misplaced(text, at, name, again);
        }
        self.next_section = self.next_section.max(section + 1);
        self.next = Slot {
            section,
            position: 0,
        };
        self.inside = Inside::Section;
        for attribute in attributes {
            if !self.is_neutral(attribute) {
                let finding = self.unknown_attribute(text, attribute);
                self.found(finding);
            }
        }
    }

    fn begin_field(&mut self, text: &str, at: usize, name: &str, attributes: Attributes<'_>) {
        let (local, ours) = self.ours(name);
        let Some(entry) = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form))
        else {
            return;
        };
        let layout = &entry.layout;
        let found = layout.slot(self.next, local).filter(|_| ours);
        let Some((slot, element)) = found.and_then(|slot| Some((slot, layout.element(slot)?)))
        else {
            self.unknown_field(text, at, name, ours);
            self.inside = Inside::Passed(self.scratch.open.depth(), Around::Section);
            return;
        };
        let FieldElement { field, several, .. } = *element;
        let mut again = false;
        if let Some(begins) = self.scratch.begins.get_mut(usize::from(field.0)) {
            again = *begins > 0;
            if !again {
                let offset = self.base + at as u64 - self.record.at;
                // A record is shorter than that, or the reader would have stopped.
                *begins = u32::try_from(offset + 1).unwrap_or(u32::MAX);
            }
        }
        self.at_field = Some(AtField {
            slot,
            begins: Begins::At(at),
            counts: several || !again,
        });
        self.scratch.value.clear();
        self.inside = Inside::Field;
        let here = slot.section == self.next.section;
        // The element of a field with several codes is repeated where it stands.
        let repeated = several && here && slot.position + 1 == self.next.position;
        if again && !several {
            self.misplaced(text, at, name, true);
        } else if !(here && slot.position >= self.next.position || repeated) {
            self.misplaced(text, at, name, false);
        }
        if here {
            self.next.position = self.next.position.max(slot.position + 1);
        }
        if !attributes.is_empty() {
            self.field_attributes(text, slot, attributes);
        }
    }

    fn field_attributes(&mut self, text: &str, slot: Slot, attributes: Attributes<'_>) {
        for attribute in attributes {
            if self.is_neutral(attribute) {
                continue;
            }
            let Some(entry) = self
                .record
                .form
                .and_then(|form| self.scratch.namespaces.form(form))
            else {
                return;
            };
            let Some(element) = entry.layout.element(slot) else {
                return;
            };
            let value = attribute_value(attribute.value);
            match (&element.unit, attribute.name) {
                (Some(unit), "unit") if **unit == *value => {}
                (Some(unit), "unit") => {
                    let label = entry
                        .form
                        .field(element.field)
                        .map(|field| field.label.clone());
                    let label = label.unwrap_or_default();
                    let check = format!("unit.{}", element.name);
                    let help = format!("単位を {unit} に換算した値を書いてください");
                    let message =
                        format!("「{label}」の単位が「{}」になっています", shortened(&value));
                    let place = self.attribute_place(text, attribute);
                    self.found(RecordFinding {
                        check: check.into(),
                        item: label,
                        ..RecordFinding::error("", place, message, help).with_value(&value)
                    });
                    if let Some(at_field) = &mut self.at_field {
                        at_field.counts = false;
                    }
                }
                _ => {
                    let finding = self.unknown_attribute(text, attribute);
                    self.found(finding);
                }
            }
        }
    }

    /// The field at hand ends with this text.
    fn finish_field(&mut self, text: &str, written: &str) {
        let Some(AtField {
            slot,
            begins,
            counts,
        }) = self.at_field.take()
        else {
            return;
        };
        let changed = match self.normalise {
            true => self.normalised(text, slot, begins, written),
            false => None,
        };
        let Some(entry) = self
            .record
            .form
            .and_then(|form| self.scratch.namespaces.form(form))
        else {
            return;
        };
        let Some(element) = entry.layout.element(slot) else {
            return;
        };
        let field = element.field;
        let form = &entry.form;
        let label = || {
            form.field(field)
                .map(|field| field.label.clone())
                .unwrap_or_default()
        };
        let read = changed.as_deref().unwrap_or(written);
        let finding = match read_text(form, field, read) {
            Ok(Answer::Missing) => RecordFinding {
                level: Level::Warning,
                item: label(),
                ..RecordFinding::error(
                    "xml.empty_element",
                    Place::default(),
                    format!("「{}」の要素に値がありません", label()),
                    "未記入として読みました。未記入の項目は、要素ごと省いてください",
                )
            },
            Ok(_) if !counts => return self.unread(field, written),
            Ok(Answer::Codes(more)) => {
                let mut codes = match self.scratch.answers.get(field) {
                    Answer::Codes(codes) => codes.clone(),
                    _ => Vec::new(),
                };
                codes.extend(more);
                let written = codes.len();
                codes.sort_unstable();
                codes.dedup();
                let again = codes.len() < written;
                let item = label();
                self.scratch.answers.set(field, Answer::Codes(codes));
                if again && self.normalise {
                    self.changed(text, begins, &item, read, "", SAME_CODE);
                }
                return;
            }
            Ok(answer) => return self.scratch.answers.set(field, answer),
            Err(finding) => {
                let finding = RecordFinding::of(*finding, label(), Place::default());
                self.unread(field, written);
                finding
            }
        };
        let place = self.place_of_field(text, begins);
        self.found(RecordFinding { place, ..finding });
    }

    /// Keeps a value that does not count, as far as findings are kept.
    fn unread(&mut self, field: FieldId, written: &str) {
        if !self.is_full() {
            self.scratch.unread.push((field, written.to_owned()));
        }
    }

    /// The value to read instead of the one written, if there is one; it is listed.
    fn normalised(
        &mut self,
        text: &str,
        slot: Slot,
        begins: Begins,
        written: &str,
    ) -> Option<String> {
        let form = self.record.form?;
        let entry = self.scratch.namespaces.form(form)?;
        let id = entry.layout.element(slot)?.field;
        let steps: Vec<_> = normalised(&entry.form, id, written).collect();
        let item = entry.form.field(id)?.label.clone();
        let mut read = None;
        for (new, what) in steps {
            let old = read.as_deref().unwrap_or(written);
            self.changed(text, begins, &item, old, &new, what);
            read = Some(new);
        }
        read
    }

    /// Lists what was read otherwise than it was written.
    fn changed(
        &mut self,
        text: &str,
        begins: Begins,
        item: &str,
        old: &str,
        new: &str,
        what: &'static str,
    ) {
        let change = Change {
            place: self.place_of_field(text, begins),
            item: item.to_owned(),
            old: shortened(old),
            new: shortened(new),
            what,
        };
        self.scratch.changes.push(change);
    }

    /// The place of the field at hand.
    fn place_of_field(&mut self, text: &str, begins: Begins) -> Place {
        let (line, column) = match begins {
            Begins::At(at) => self.mark.place(text, at),
            Begins::Known(line, column) => (line, column),
        };
        Place {
            path: self.path(),
            line: Some(line),
            column: Some(column),
        }
    }

    /// Characters between tags.
    fn text(&mut self, text: &str, at: usize, raw: &str, plain: bool) -> Result<(), End> {
        match self.inside {
            Inside::Field => {
                if plain {
                    self.scratch.value.push_str(raw);
                } else {
                    unescape_into(raw, &mut self.scratch.value);
                }
                if self.scratch.value.len() > MAX_TOKEN {
                    return Err(self.broken(
                        "file.too_large",
                        text,
                        at,
                        format!("1つの値が{}KBを超えています", MAX_TOKEN / 1024),
                        "終了タグの書き忘れがないか確認してください",
                    ));
                }
            }
            Inside::Passed(..) => {}
            Inside::Record | Inside::Section | Inside::Records => {
                let mut value = String::new();
                unescape_into(raw, &mut value);
                if value.trim().is_empty() {
                    return Ok(());
                }
                let place = self.place(text, at);
                let finding = RecordFinding::error(
                    "xml.unexpected_text",
                    place,
                    "要素の外に文字があります",
                    "値は項目の要素の中に書いてください",
                )
                .with_value(value.trim());
                if self.inside == Inside::Records {
                    return self.between_records(finding);
                }
                self.found(finding);
            }
            Inside::Prolog => {
                return Err(self.broken(
                    "xml.not_well_formed",
                    text,
                    at,
                    "XMLのファイルではありません",
                    "個票のXML（<record …>）を書き出したファイルを選んでください",
                ));
            }
            Inside::Epilog => {
                return Err(self.broken(
                    "xml.not_well_formed",
                    text,
                    at,
                    "ルート要素の後に文字があります",
                    "ルート要素の終了タグより後を取り除いてください",
                ));
            }
        }
        Ok(())
    }

    // ---- names

    /// The local part of an element's name, and whether it is in the namespace of the record.
    fn ours<'n>(&self, name: &'n str) -> (&'n str, bool) {
        let (prefix, local) = split_name(name);
        let ours = match self.scratch.namespaces.resolve(prefix) {
            Meaning::Form(form) => self.record.form == Some(form),
            _ => false,
        };
        (local, ours)
    }

    /// Namespace declarations and hints for schema validators stand anywhere.
    fn is_neutral(&self, attribute: Attribute<'_>) -> bool {
        match split_name(attribute.name) {
            ("", "xmlns") | ("xmlns", _) => true,
            ("", _) => false,
            (prefix, local) => {
                matches!(local, "schemaLocation" | "noNamespaceSchemaLocation")
                    && self.scratch.namespaces.resolve(prefix) == Meaning::Schema
            }
        }
    }
}

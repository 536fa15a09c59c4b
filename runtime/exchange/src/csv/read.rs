//! Rows → answers and findings.

use super::decode::{Charset, Decoded};
use super::heading;
use super::scan::{Row, Rows};
use super::spreadsheet::doubt;
use crate::finding::{Place, RecordFinding, shortened};
use crate::library::{Entry, Library, nearest};
use crate::normalise::Change;
use crate::read::{Broken, MAX_FINDINGS, OnRecord, ReadRecord, Spots};
use crate::stretch::{Reached, Stretch};
use crate::value::read_written;
use kohyo_engine::program::{Application, DatePrecision, FieldId, FieldType, Level};
use kohyo_engine::{Answer, Answers, Date};
use kohyo_record::csv::{APPLICATION, COMMENT, EDITION, FORM, HEADING, SEPARATOR, WRITTEN};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Reads a file and hands over each record as soon as its row ends, until told to stop. Gives the
/// number of records.
///
/// # Errors
/// The first thing that makes going on impossible.
pub(crate) fn read(
    input: Decoded<impl Read>,
    library: &Library,
    normalise: bool,
    on_record: &mut OnRecord<'_>,
) -> Result<u64, Box<Broken>> {
    let mut rows = Rows::new(input);
    let mut table = Table::begin(&mut rows, library, normalise)?;
    // Whether it was told to stop makes no difference: nothing follows.
    let _ = table.records(&mut rows, on_record)?;
    table.finish()
}

/// Reads a stretch of a file.
///
/// # Errors
/// The first thing that makes going on impossible.
pub(crate) fn read_stretch(
    stretch: &Stretch,
    charset: Charset,
    library: &Library,
    normalise: bool,
    on_record: &mut OnRecord<'_>,
) -> Result<Reached, Box<Broken>> {
    let bytes = stretch.bytes.as_slice();
    let (mut table, mut rows) = if stretch.base == 0 {
        let mut rows = Rows::new(Decoded::new(bytes, charset));
        (Table::begin(&mut rows, library, normalise)?, rows)
    } else {
        let Some(table) = Table::after_head(stretch, charset, library, normalise) else {
            return Ok(Reached::Elsewhere);
        };
        let input = Decoded::following(bytes, charset, stretch.base);
        (table, Rows::following(input, stretch.line))
    };
    table.follows = stretch.base > 0;
    if table.records(&mut rows, on_record)?.is_break() {
        return Ok(match table.elsewhere {
            true => Reached::Elsewhere,
            false => Reached::End,
        });
    }
    Ok(match stretch.until {
        None => {
            table.finish()?;
            Reached::End
        }
        Some(until) if until == (table.number, rows.line()) => Reached::Next,
        Some(_) => Reached::Elsewhere,
    })
}

/// A blank line, one for people, or one for Excel (`sep=,`).
fn is_passed(row: &Row) -> bool {
    let for_others = |first: &str| first.starts_with(COMMENT) || name_of(first) == "sep=";
    row.is_blank() || row.cells().next().is_some_and(for_others)
}

/// The reason why a row is no head, or, if one stands a few rows below, that it does.
fn below_a_title(rows: &mut Rows<impl Read>, reason: RecordFinding) -> RecordFinding {
    const LOOKED_AT: usize = 10;
    let mut row = Row::default();
    for _ in 0..LOOKED_AT {
        match rows.next(&mut row) {
            Ok(true) if Header::is_head(&row) => {
                return RecordFinding {
                    message: format!(
                        "見出しの行が{}行目にあり、その上にほかの行があります",
                        row.line
                    ),
                    help: Some("見出しより上の行（表題や出力日）を消してください".to_owned()),
                    ..reason
                };
            }
            Ok(true) => {}
            Ok(false) | Err(_) => break,
        }
    }
    reason
}

fn broken(reason: RecordFinding) -> Box<Broken> {
    Box::new(Broken {
        record: None,
        before: Vec::new(),
        reason,
    })
}

/// The names of the columns.
struct Header {
    names: Vec<String>,
    line: u64,
    form: usize,
    edition: usize,
    application: usize,
    written: Option<usize>,
}

impl Header {
    /// Whether a row names the columns that every file has.
    fn is_head(row: &Row) -> bool {
        let names = |wanted: &str| row.cells().any(|cell| name_of(cell) == wanted);
        // Of a record, the first question is the last.
        names(FORM) && names(EDITION) && names(APPLICATION)
    }

    fn new(row: &Row) -> Result<Self, Box<RecordFinding>> {
        let mut names: Vec<String> = row.cells().map(|cell| name_of(cell).to_owned()).collect();
        // Spreadsheets write columns that were used once, empty.
        while names.pop_if(|name| name.is_empty()).is_some() {}
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let missing = |name: &str| {
            Box::new(RecordFinding::error(
                "csv.missing_column",
                line(row.line),
                format!("見出しに「{name}」の列がありません"),
                why_missing(name, &names),
            ))
        };
        let (form, edition, application) = (
            find(FORM).ok_or_else(|| missing(FORM))?,
            find(EDITION).ok_or_else(|| missing(EDITION))?,
            find(APPLICATION).ok_or_else(|| missing(APPLICATION))?,
        );
        let mut sorted: Vec<&String> = names.iter().filter(|name| !name.is_empty()).collect();
        sorted.sort();
        if let Some([twice, _]) = sorted.array_windows().find(|[a, b]| a == b) {
            return Err(Box::new(RecordFinding::error(
                "csv.duplicate_column",
                line(row.line),
                format!("見出しに「{}」の列が二つ以上あります", shortened(twice)),
                "一つだけ残してください",
            )));
        }
        Ok(Self {
            form,
            edition,
            application,
            written: find(WRITTEN),
            line: row.line,
            names,
        })
    }
}

/// What is probably wrong with a head without the column of this name, and what to do.
fn why_missing(name: &str, names: &[String]) -> String {
    let any = |what: &dyn Fn(&str) -> bool| names.iter().any(|given| what(given));
    if let [one] = names
        && let Some((_, separator)) = [('\t', "タブ"), (';', "セミコロン（;）")]
            .into_iter()
            .find(|(separator, _)| one.contains(*separator))
    {
        return format!("区切りが{separator}です。コンマ区切りのCSVで書き出し直してください");
    }
    if any(&|given| given.eq_ignore_ascii_case(name)) {
        return "項目名は小文字です。大文字の項目名を小文字に直してください".to_owned();
    }
    if any(&|given| given.starts_with("shitei-") || given.starts_with("shoman-")) {
        return format!(
            "この行は見出しではなく個票のようです。項目名（{FORM}、{EDITION}、…）の行をその上に加えてください（`kohyo csv-template 様式` で作れます）"
        );
    }
    let labels = HEADING.map(|(_, label)| label);
    if any(&|given| labels.contains(&given.trim_start_matches(COMMENT))) {
        return format!(
            "この行は日本語名です。項目名（{FORM}、{EDITION}、…）の行をその上に加え、日本語名の行は # で始めてください（`kohyo csv-template 様式` で作れます）"
        );
    }
    match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => format!(
            "「{}」は「{name}」の書き間違いではありませんか",
            shortened(near)
        ),
        None => format!(
            "1行目に項目名（{FORM}、{EDITION}、{APPLICATION}と様式の項目）をコンマで区切って並べてください"
        ),
    }
}

/// A name of a column. Files that were put one behind the other may each begin with a mark.
fn name_of(cell: &str) -> &str {
    cell.trim_start_matches('\u{feff}').trim()
}

fn line(number: u64) -> Place {
    Place {
        line: Some(number),
        ..Place::default()
    }
}

/// A file being read.
struct Table<'a> {
    header: Header,
    library: &'a Library,
    normalise: bool,
    /// The form of the last row.
    form: Option<Columns>,
    /// Whether a row of these columns has been read.
    begun: bool,
    number: u64,
    /// The columns of no item of which it has been said that there are values in them.
    told: BTreeSet<usize>,
    /// Whether it goes on where another stretch ended. What is wrong with a column is said once for
    /// the whole file, so that this needs a reader of the whole file …
    follows: bool,
    /// … which is what it stopped for.
    elsewhere: bool,
}

/// A form and the field of each column.
struct Columns {
    entry: Arc<Entry>,
    fields: Vec<Option<FieldId>>,
    /// The columns that are neither a field nor one of ours.
    strange: Vec<usize>,
    answers: Answers,
}

impl<'a> Table<'a> {
    /// Reads up to the names of the columns.
    fn begin(
        rows: &mut Rows<impl Read>,
        library: &'a Library,
        normalise: bool,
    ) -> Result<Self, Box<Broken>> {
        let mut row = Row::default();
        while rows.next(&mut row).map_err(|reason| broken(*reason))? {
            if is_passed(&row) {
                continue;
            }
            let header = match Header::new(&row) {
                Ok(header) => header,
                Err(reason) if Header::is_head(&row) => return Err(broken(*reason)),
                Err(reason) => return Err(broken(below_a_title(rows, *reason))),
            };
            return Ok(Self {
                header,
                library,
                normalise,
                form: None,
                begun: false,
                number: 0,
                told: BTreeSet::new(),
                follows: false,
                elsewhere: false,
            });
        }
        Err(broken(RecordFinding::error(
            "file.empty",
            Place::default(),
            "ファイルに見出しの行がありません",
            "1行目に項目名を並べてください",
        )))
    }

    /// The table as it is where a stretch begins; nothing if the first record of the file is of no
    /// form at hand. What there is to say about the head has been said with the
    /// first stretch.
    fn after_head(
        stretch: &Stretch,
        charset: Charset,
        library: &'a Library,
        normalise: bool,
    ) -> Option<Self> {
        let mut rows = Rows::new(Decoded::new(&*stretch.head, charset));
        let mut table = Self::begin(&mut rows, library, normalise).ok()?;
        let silent = table.records(&mut rows, &mut |_| ControlFlow::Continue(()));
        let known = silent.is_ok() && table.begun;
        table.number = stretch.number;
        known.then_some(table)
    }

    /// Reads records until there are no more, or told to stop.
    fn records(
        &mut self,
        rows: &mut Rows<impl Read>,
        on_record: &mut OnRecord<'_>,
    ) -> Result<ControlFlow<()>, Box<Broken>> {
        let mut row = Row::default();
        while rows.next(&mut row).map_err(|reason| broken(*reason))? {
            if is_passed(&row) {
                continue;
            }
            if Header::is_head(&row) {
                let header = Header::new(&row).map_err(|reason| broken(*reason))?;
                self.begin_block(header);
                continue;
            }
            self.number += 1;
            if self.record(&row, on_record).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// What follows has columns of its own: files were put one behind the other.
    fn begin_block(&mut self, header: Header) {
        self.header = header;
        self.form = None;
        self.begun = false;
        self.told.clear();
    }

    /// The number of records in the whole file.
    fn finish(self) -> Result<u64, Box<Broken>> {
        match self.number {
            0 => Err(broken(RecordFinding::error(
                "csv.no_record",
                Place::default(),
                "見出しの行の下に個票がありません",
                "個票を1行に1件ずつ書いてください",
            ))),
            number => Ok(number),
        }
    }

    fn record(&mut self, row: &Row, on_record: &mut OnRecord<'_>) -> ControlFlow<()> {
        if let Some(finding) = self.other_length(row) {
            return on_record(self.nothing(finding));
        }
        let cells: Vec<&str> = row.cells().collect();
        let mut changes = Vec::new();
        // Taken out so that places can be asked for while the answers are filled in.
        let mut columns = match self.form_of_row(row, &cells, &mut changes) {
            Ok(columns) => columns,
            Err(finding) => return on_record(self.nothing(*finding)),
        };
        let mut about_file = self.strange_values(row, &cells, &columns);
        if !about_file.is_empty() && self.follows {
            self.elsewhere = true;
            return ControlFlow::Break(());
        }
        if !std::mem::replace(&mut self.begun, true) {
            about_file.extend(self.strange_columns(&columns));
        }
        if !about_file.is_empty() {
            on_record(ReadRecord::without_form(0, about_file))?;
        }
        let mut findings = Vec::new();
        let application = self.application(row, &cells, &mut findings, &mut changes);
        let written = self.written(row, &cells, &mut findings, &mut changes);
        changes.extend(self.answers(row, &cells, &mut columns, &mut findings));
        let flow = on_record(ReadRecord {
            number: self.number,
            form: Some(&columns.entry.form),
            name: Some(&columns.entry.name),
            application,
            written,
            answers: &columns.answers,
            findings,
            changes,
            unread: Vec::new(),
            layout: Some(&columns.entry.layout),
            many: true,
            spots: &InRow {
                row,
                fields: &columns.fields,
            },
        });
        self.form = Some(columns);
        flow
    }

    /// What is wrong with a row that has more or fewer cells than there are columns.
    fn other_length(&self, row: &Row) -> Option<RecordFinding> {
        let columns = self.header.names.len();
        let more = || row.cells().skip(columns).all(|cell| cell.trim().is_empty());
        if row.len() == columns || row.len() > columns && more() {
            return None;
        }
        let finding = RecordFinding::error(
            "csv.cells",
            Place::default(),
            format!("セルが{}個あり、見出しの{columns}個と違います", row.len()),
            "列がずれていないか確認してください。値の中のコンマは、セルを \" で囲みます",
        );
        Some(self.at(row, None, finding))
    }

    /// The form that a row names.
    fn form_of_row(
        &mut self,
        row: &Row,
        cells: &[&str],
        changes: &mut Vec<Change>,
    ) -> Result<Columns, Box<RecordFinding>> {
        let (form, edition) = (self.header.form, self.header.edition);
        let written = (cell(cells, form), cell(cells, edition));
        if let Some(columns) = self.known_columns(written.0, written.1) {
            return Ok(columns);
        }
        let new = (heading::form(written.0), heading::edition(written.1));
        let mut readable = None;
        if let Some(columns) = self.known_columns(&new.0, &new.1) {
            if self.normalise {
                for (at, old, new) in [(form, written.0, new.0), (edition, written.1, new.1)] {
                    if old != new {
                        changes.push(self.change(row, at, old, &new));
                    }
                }
                return Ok(columns);
            }
            self.form = Some(columns);
            readable = Some(can_be_read(&format!("{}、{}", new.0, new.1)));
        }
        let mut finding = self.unknown_form(written.0, written.1);
        finding.help = readable.or(finding.help);
        Err(Box::new(self.at(row, Some(form), finding)))
    }

    /// The columns for this form, if it is at hand.
    fn known_columns(&mut self, key: &str, edition: &str) -> Option<Columns> {
        if let Some(columns) = self.form.take_if(|columns| columns.is_of(key, edition)) {
            return Some(columns);
        }
        let entry = self.library.of_record(key, edition)?;
        Some(self.columns(entry))
    }

    /// What a cell of the heading says, if `read` can read it as it is written or, if asked for, as
    /// `plain` has it; that is listed then. Otherwise a finding with this id and message, whose help
    /// is the usual one if `plain` is no help.
    fn heading<T>(
        &self,
        row: &Row,
        (at, text): (usize, &str),
        plain: fn(&str) -> String,
        read: impl Fn(&str) -> Option<T>,
        changes: &mut Vec<Change>,
        (check, message, usual): (&'static str, &'static str, &'static str),
    ) -> Result<T, Box<RecordFinding>> {
        if let Some(value) = read(text) {
            return Ok(value);
        }
        let new = plain(text);
        let help = match read(&new) {
            Some(value) if self.normalise => {
                changes.push(self.change(row, at, text, &new));
                return Ok(value);
            }
            Some(_) => can_be_read(&new),
            None => usual.to_owned(),
        };
        let finding = RecordFinding::error(check, Place::default(), message, help);
        Err(Box::new(self.at(row, Some(at), finding.with_value(text))))
    }

    /// A cell of the heading that was read otherwise than it was written.
    fn change(&self, row: &Row, at: usize, old: &str, new: &str) -> Change {
        let name = self.header.names.get(at).map_or("", String::as_str);
        let label = HEADING.iter().find(|(column, _)| *column == name);
        Change {
            place: self.place(row, Some(at)),
            item: label.map_or(name, |(_, label)| label).to_owned(),
            old: shortened(old),
            new: shortened(new),
            what: "見出しの項目の書き方を改めました",
        }
    }

    fn application(
        &self,
        row: &Row,
        cells: &[&str],
        findings: &mut Vec<RecordFinding>,
        changes: &mut Vec<Change>,
    ) -> Option<Application> {
        let at = self.header.application;
        let read = |text: &str| match text {
            "new" => Some(Application::New),
            "renewal" => Some(Application::Renewal),
            _ => None,
        };
        let refusal = (
            "csv.application",
            "新規・更新の別（application）が new でも renewal でもありません",
            "new（新規）か renewal（更新）と書いてください",
        );
        let written = (at, cell(cells, at));
        self.heading(row, written, heading::application, read, changes, refusal)
            .map_err(|finding| findings.push(*finding))
            .ok()
    }

    /// Fills in the answers of a row; gives what was read otherwise than it was written.
    fn answers(
        &self,
        row: &Row,
        cells: &[&str],
        columns: &mut Columns,
        findings: &mut Vec<RecordFinding>,
    ) -> Vec<Change> {
        columns.answers.clear();
        let mut changes = Vec::new();
        let mut dropped = 0;
        for (at, (cell, field)) in cells.iter().zip(&columns.fields).enumerate() {
            let Some(field) = *field else { continue };
            if cell.is_empty() {
                continue;
            }
            let place = || {
                let (line, column) = row.place_of(at);
                Place {
                    path: columns.path(self.number, field),
                    line: Some(line),
                    column: Some(column),
                }
            };
            let mut changed = Vec::new();
            let read = value(
                &columns.entry,
                field,
                cell,
                self.normalise.then_some(&mut changed),
            );
            changes.extend(changed.into_iter().map(|change| Change {
                place: place(),
                ..change
            }));
            match read {
                Ok(answer) => {
                    // What was read: the cell may be written otherwise.
                    if let Answer::Text(text) = &answer
                        && let Some(asked) = columns.entry.form.field(field)
                        && let Some((message, help)) = doubt(asked, text.trim())
                    {
                        findings.push(RecordFinding {
                            level: Level::Warning,
                            item: asked.label.clone(),
                            ..RecordFinding::error("csv.spreadsheet", place(), message, help)
                                .with_value(cell)
                        });
                    }
                    columns.answers.set(field, answer);
                }
                Err(_) if findings.len() >= MAX_FINDINGS => dropped += 1,
                Err(finding) => findings.push(RecordFinding {
                    place: place(),
                    ..*finding
                }),
            }
        }
        if dropped > 0 {
            findings.push(RecordFinding::error(
                "csv.too_many_findings",
                line(row.line),
                format!("このほかに{dropped}件の指摘があります"),
                "上の指摘を直してから、もう一度点検してください",
            ));
        }
        changes
    }

    fn written(
        &self,
        row: &Row,
        cells: &[&str],
        findings: &mut Vec<RecordFinding>,
        changes: &mut Vec<Change>,
    ) -> Option<Date> {
        let at = self.header.written?;
        let text = cell(cells, at);
        if text.is_empty() {
            return None;
        }
        let read = |text: &str| {
            let date = text.parse::<Date>().ok();
            date.filter(|date| date.precision() == DatePrecision::Day)
        };
        let refusal = (
            "csv.written",
            "記載年月日（written）を日付として読み取れません",
            "西暦で 2026-06-01 のように書いてください",
        );
        self.heading(row, (at, text), heading::day, read, changes, refusal)
            .map_err(|finding| findings.push(*finding))
            .ok()
    }

    /// The field of each column.
    fn columns(&self, entry: Arc<Entry>) -> Columns {
        let form = &entry.form;
        let names = self.header.names.iter();
        let fields: Vec<_> = names
            .map(|name| {
                let field = form.field_id(name);
                field.filter(|field| entry.layout.section_of(*field).is_some())
            })
            .collect();
        let ours = |name: &str| HEADING.iter().any(|(column, _)| *column == name);
        let columns = fields.iter().zip(&self.header.names).enumerate();
        let strange = columns
            .filter(|(_, (field, name))| field.is_none() && !ours(name))
            .map(|(at, _)| at);
        Columns {
            strange: strange.collect(),
            answers: Answers::new(form),
            fields,
            entry,
        }
    }

    /// What this row has in columns that are no items of its form, of each column once. As these
    /// values are lost, it is an error of the file.
    fn strange_values(
        &mut self,
        row: &Row,
        cells: &[&str],
        columns: &Columns,
    ) -> Vec<RecordFinding> {
        let mut findings = Vec::new();
        for &at in &columns.strange {
            let value = cell(cells, at);
            if !value.is_empty() && self.told.len() < MAX_FINDINGS && self.told.insert(at) {
                let finding = self.strange_value(&columns.entry, at).with_value(value);
                findings.push(self.at(row, Some(at), finding));
            }
        }
        findings
    }

    fn strange_value(&self, entry: &Entry, at: usize) -> RecordFinding {
        let name = self.header.names.get(at).map_or("", String::as_str);
        let message = match name {
            "" => format!("見出しの{}列目に項目名がありませんが、値があります", at + 1),
            name => format!(
                "様式 {} に「{}」という項目はありませんが、値があります",
                entry.form.program().key,
                shortened(name)
            ),
        };
        let help = match nearest(name, entry.layout.field_names()) {
            Some(near) => format!("見出しは「{near}」の書き間違いではありませんか"),
            None => "この列を取り除くか、様式の項目名を確認してください".to_owned(),
        };
        RecordFinding::error("csv.unknown_column", Place::default(), message, help)
    }

    /// That there are columns of no item of the form, with names and so far without values.
    fn strange_columns(&self, columns: &Columns) -> Option<RecordFinding> {
        const NAMED: usize = 5;
        let strange = columns.strange.iter().filter(|at| !self.told.contains(at));
        let names: Vec<&str> = strange
            .filter_map(|at| self.header.names.get(*at).map(String::as_str))
            .filter(|name| !name.is_empty())
            .collect();
        let named: Vec<String> = names
            .iter()
            .take(NAMED)
            .map(|name| shortened(name))
            .collect();
        let more = match names.len().checked_sub(NAMED + 1) {
            None => String::new(),
            Some(more) => format!("など{}列", more + 1 + NAMED),
        };
        let mut near = names.iter().filter_map(|name| {
            let near = nearest(name, columns.entry.layout.field_names())?;
            Some(format!(
                "「{}」は「{near}」の書き間違いではありませんか",
                shortened(name)
            ))
        });
        let help = near
            .next()
            .unwrap_or_else(|| "ほかの様式の列でなければ、取り除けます".to_owned());
        let message = format!(
            "様式 {} にない列があります（{}{more}）。空欄である限り読みません",
            columns.entry.form.program().key,
            named.join("、")
        );
        let finding =
            RecordFinding::error("csv.unknown_column", line(self.header.line), message, help);
        (!names.is_empty()).then_some(RecordFinding {
            level: Level::Warning,
            ..finding
        })
    }

    fn unknown_form(&self, key: &str, edition: &str) -> RecordFinding {
        let refused = self
            .library
            .refused("csv.unknown_form", Place::default(), key, edition);
        if let Some(refused) = refused {
            return refused;
        }
        let editions: Vec<String> = self
            .library
            .editions(key)
            .map(|form| form.program().edition.clone())
            .collect();
        if editions.is_empty() {
            let help = self.library.help_for_key(key);
            let message = format!("様式「{}」はありません", shortened(key));
            return RecordFinding::error("csv.unknown_form", Place::default(), message, help);
        }
        RecordFinding::error(
            "csv.unknown_edition",
            Place::default(),
            format!("様式 {key} に版「{}」はありません", shortened(edition)),
            format!("使える版は {} です", editions.join("、")),
        )
    }

    /// The finding at a column of this row, or at the row.
    fn at(&self, row: &Row, column: Option<usize>, finding: RecordFinding) -> RecordFinding {
        RecordFinding {
            place: self.place(row, column),
            ..finding
        }
    }

    fn place(&self, row: &Row, column: Option<usize>) -> Place {
        let name = column.and_then(|at| self.header.names.get(at));
        let mut path = format!("/records/record[{}]", self.number);
        if let Some(name) = name {
            path.push_str("/@");
            path.push_str(name);
        }
        let cell = column.map(|at| row.place_of(at));
        Place {
            path,
            line: Some(cell.map_or(row.line, |(line, _)| line)),
            column: cell.map(|(_, column)| column),
        }
    }

    /// A row that is not read any further.
    fn nothing(&self, finding: RecordFinding) -> ReadRecord<'static> {
        ReadRecord::without_form(self.number, vec![finding])
    }
}

/// What to do about a value that can be read only otherwise than it is written.
fn can_be_read(new: &str) -> String {
    format!("「{new}」と書くか、書き方を読み替えて（`--normalise`）点検してください")
}

/// What stands in a column, without the spaces around it.
fn cell<'r>(cells: &[&'r str], at: usize) -> &'r str {
    cells.get(at).copied().unwrap_or_default().trim()
}

/// A record in a row.
#[derive(Debug)]
struct InRow<'r> {
    row: &'r Row,
    /// By column.
    fields: &'r [Option<FieldId>],
}

impl Spots for InRow<'_> {
    fn record(&self) -> Option<u64> {
        Some(self.row.line)
    }

    fn field(&self, field: FieldId) -> Option<(u64, u64)> {
        let at = self.fields.iter().position(|other| *other == Some(field))?;
        Some(self.row.place_of(at))
    }
}

impl Columns {
    /// Whether they are those of the form with this key and edition.
    fn is_of(&self, key: &str, edition: &str) -> bool {
        let program = self.entry.form.program();
        program.key == key && program.edition == edition
    }

    fn path(&self, number: u64, field: FieldId) -> String {
        let mut path = format!("/records/record[{number}]");
        let section = self.entry.layout.section_of(field);
        let field = self.entry.form.field(field);
        if let (Some(section), Some(field)) = (section, field) {
            path.extend(["/", &section.name, "/", &field.name]);
        }
        path
    }
}

/// The answer in a cell. If asked for, values are read otherwise than written where there is no
/// doubt, and the changes are listed.
fn value(
    entry: &Entry,
    id: FieldId,
    cell: &str,
    changes: Option<&mut Vec<Change>>,
) -> Result<Answer, Box<RecordFinding>> {
    let form = &entry.form;
    let several = matches!(
        form.field(id).map(|field| &field.ty),
        Some(FieldType::Choices { .. })
    );
    let values: Vec<Cow<'_, str>> = if several {
        cell.split(SEPARATOR).map(Cow::from).collect()
    } else {
        vec![cell.into()]
    };
    read_written(form, id, values, changes)
}

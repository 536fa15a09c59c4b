//! Findings → error list: CSV, workbook and page for people, JSON for machines; written as they
//! come, as far as the format allows.

mod counts;
mod page;
mod workbook;

use crate::bulk::Summary;
use crate::check::RecordReport;
use crate::finding::RecordFinding;
use counts::Counts;
use kohyo_engine::program::Level;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use workbook::Book;

/// An error list being written.
pub struct ErrorList<W: Write> {
    form: Form<W>,
    counts: Counts,
}

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json { out: W, any: bool },
    Xlsx { out: W, book: Box<Book> },
    Html { out: W },
}

/// The heads of the columns of the CSV.
pub const COLUMNS: [&str; 11] = [
    "ファイル名",
    "レコード番号",
    "チェックID",
    "レベル",
    "XMLパス",
    "項目",
    "入力値",
    "メッセージ",
    "対処",
    "行",
    "文字位置",
];

/// How the lists begin, by which an older one is known.
pub mod head {
    /// Error list and list of changes as CSV.
    pub const CSV: &str = "\u{feff}ファイル名,レコード番号,";
    /// Error list as JSON.
    pub const JSON: &str = "{\"findings\":[";
    /// Workbook.
    pub const XLSX: &str = "PK\u{3}\u{4}";
    /// Page.
    pub const HTML: &str = "<!doctype html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\"><title>点検の結果</title>";
}

/// A finding as it stands in the JSON.
#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    /// Nothing for the file as a whole.
    record: Option<u64>,
    check: &'a str,
    level: Level,
    path: &'a str,
    item: &'a str,
    value: Option<&'a str>,
    message: &'a str,
    help: Option<&'a str>,
    line: Option<u64>,
    column: Option<u64>,
}

impl<W: Write> ErrorList<W> {
    /// Begins a CSV: UTF-8 with a byte order mark, for spreadsheets. A cell that a spreadsheet
    /// would take for a formula gets a `'` in front; machines read the JSON.
    ///
    /// # Errors
    /// A failing output.
    pub fn csv(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self::new(Form::Csv(Box::new(writer))))
    }

    /// Begins an Excel workbook with a sheet of counts and the findings. Its rows lie in temporary
    /// files until it is finished.
    ///
    /// # Errors
    /// No room for temporary files.
    pub fn xlsx(out: W) -> io::Result<Self> {
        let book = Box::new(Book::new()?);
        Ok(Self::new(Form::Xlsx { out, book }))
    }

    /// Begins a page with the counts and an example of each check; the findings are not in it.
    pub fn html(out: W) -> Self {
        Self::new(Form::Html { out })
    }

    /// Says in the list which release judged; the CSV has no place for it.
    #[must_use]
    pub fn of_release(mut self, release: Option<&str>) -> Self {
        self.counts.release = release.map(str::to_owned);
        self
    }

    fn new(form: Form<W>) -> Self {
        Self {
            form,
            counts: Counts::default(),
        }
    }

    /// Begins a JSON object with `findings` and, at its end, `checks` (how often each check found
    /// something), `release`, `forms` (by which editions how many records were judged) and
    /// `summary`.
    ///
    /// # Errors
    /// A failing output.
    pub fn json(mut out: W) -> io::Result<Self> {
        out.write_all(head::JSON.as_bytes())?;
        Ok(Self::new(Form::Json { out, any: false }))
    }

    /// Adds what was found in a record, in the order of the places; what stands nowhere in the file
    /// (a missing answer) follows in the order of the form.
    ///
    /// # Errors
    /// A failing output.
    pub fn add(&mut self, file: &Path, report: &RecordReport) -> io::Result<()> {
        self.counts.judged.add(report);
        if report.findings.is_empty() {
            return Ok(());
        }
        self.counts.add(file, report);
        let file = file.to_string_lossy();
        let mut findings: Vec<&RecordFinding> = report.findings.iter().collect();
        findings.sort_by_key(|finding| {
            let place = &finding.place;
            (place.line.is_none(), place.line, place.column)
        });
        for finding in findings {
            match &mut self.form {
                Form::Html { .. } => {}
                Form::Xlsx { book, .. } => book.add(&file, report.number, finding)?,
                Form::Csv(writer) => write_csv(writer, &file, report.number, finding)?,
                Form::Json { out, any } => {
                    out.write_all(if std::mem::replace(any, true) {
                        b",\n"
                    } else {
                        b"\n"
                    })?;
                    serde_json::to_writer(&mut *out, &row(&file, report.number, finding))?;
                }
            }
        }
        Ok(())
    }

    /// Hands on what has been written, so that it can be read while the check goes on; workbook and
    /// page are only written at the end.
    ///
    /// # Errors
    /// A failing output.
    pub fn flush(&mut self) -> io::Result<()> {
        match &mut self.form {
            Form::Csv(writer) => writer.flush(),
            Form::Json { out, .. } => out.flush(),
            Form::Xlsx { .. } | Form::Html { .. } => Ok(()),
        }
    }

    /// Ends the list, flushes it and gives the output back.
    ///
    /// # Errors
    /// A failing output.
    pub fn finish(self, summary: &Summary) -> io::Result<W> {
        let mut out = match self.form {
            Form::Csv(writer) => writer
                .into_inner()
                .map_err(csv::IntoInnerError::into_error)?,
            Form::Json { mut out, .. } => {
                out.write_all(b"\n],\"checks\":[")?;
                for (position, count) in self.counts.iter().enumerate() {
                    out.write_all(if position == 0 { b"\n" } else { b",\n" })?;
                    serde_json::to_writer(&mut out, count)?;
                }
                out.write_all(b"\n],\"release\":")?;
                serde_json::to_writer(&mut out, &self.counts.release)?;
                out.write_all(b",\"forms\":[")?;
                for (position, count) in self.counts.judged.forms().into_iter().enumerate() {
                    out.write_all(if position == 0 { b"\n" } else { b",\n" })?;
                    serde_json::to_writer(&mut out, count)?;
                }
                out.write_all(b"\n],\"summary\":")?;
                serde_json::to_writer(&mut out, summary)?;
                out.write_all(b"}\n")?;
                out
            }
            Form::Xlsx { mut out, book } => {
                out.write_all(&book.finish(&self.counts, summary)?)?;
                out
            }
            Form::Html { mut out } => {
                out.write_all(page::page(&self.counts, summary).as_bytes())?;
                out
            }
        };
        out.flush()?;
        Ok(out)
    }
}

fn row<'a>(file: &'a str, number: u64, finding: &'a RecordFinding) -> Row<'a> {
    Row {
        file,
        record: (number > 0).then_some(number),
        check: &finding.check,
        level: finding.level,
        path: &finding.place.path,
        item: &finding.item,
        value: finding.value.as_deref(),
        message: &finding.message,
        help: finding.help.as_deref(),
        line: finding.place.line,
        column: finding.place.column,
    }
}

fn write_csv<W: Write>(
    writer: &mut csv::Writer<W>,
    file: &str,
    number: u64,
    finding: &RecordFinding,
) -> io::Result<()> {
    let count = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    let level = finding.level.label();
    let cells: [Cow<'_, str>; COLUMNS.len()] = [
        harmless(file),
        count((number > 0).then_some(number)).into(),
        harmless(&finding.check),
        level.into(),
        harmless(&finding.place.path),
        harmless(&finding.item),
        harmless(finding.value.as_deref().unwrap_or_default()),
        harmless(&finding.message),
        harmless(finding.help.as_deref().unwrap_or_default()),
        count(finding.place.line).into(),
        count(finding.place.column).into(),
    ];
    writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
    Ok(())
}

/// Text that no spreadsheet takes for a formula, half or full width.
pub fn harmless(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠') => {
            format!("'{text}").into()
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::RecordReport;
    use crate::finding::Place;
    use insta::assert_snapshot;

    fn reports() -> Vec<RecordReport> {
        let place = Place {
            path: "/record/a".into(),
            line: Some(3),
            column: Some(7),
        };
        let finding = |value: &str| RecordFinding {
            item: "項目、\"名\"".into(),
            ..RecordFinding::error("code.a", place.clone(), "値が\n違います", "直してください")
                .with_value(value)
        };
        let mut record = RecordReport::of_file(finding("=1+1"));
        record.number = 2;
        record
            .findings
            .extend(["-5", "＝1", "@a", "\t1", "1", "'"].map(finding));
        vec![RecordReport::of_file(finding("")), record]
    }

    fn list(list: ErrorList<Vec<u8>>) -> String {
        String::from_utf8(bytes(list)).unwrap()
    }

    fn bytes(mut list: ErrorList<Vec<u8>>) -> Vec<u8> {
        let mut summary = Summary::default();
        for report in reports() {
            summary.add_of(Path::new("a/+b.xml"), &report);
            list.add(Path::new("a/+b.xml"), &report).unwrap();
        }
        list.finish(&summary).unwrap()
    }

    #[test]
    fn the_csv_opens_in_a_spreadsheet_without_formulas() {
        let csv = list(ErrorList::csv(Vec::new()).unwrap());
        assert!(csv.starts_with("\u{feff}ファイル名,"));
        assert_eq!(csv.matches("\r\n").count(), 1 + 8);
        assert_snapshot!(csv.replace("\r\n", "⏎\n"), @r#"
        ﻿ファイル名,レコード番号,チェックID,レベル,XMLパス,項目,入力値,メッセージ,対処,行,文字位置⏎
        a/+b.xml,,code.a,エラー,/record/a,"項目、""名""",,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",'=1+1,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",'-5,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",'＝1,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",'@a,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",'	1,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",1,"値が
        違います",直してください,3,7⏎
        a/+b.xml,2,code.a,エラー,/record/a,"項目、""名""",',"値が
        違います",直してください,3,7⏎
        "#);
    }

    #[test]
    fn every_list_begins_as_an_older_one_is_known_by() {
        let begins = |list: Vec<u8>, head: &str| assert!(list.starts_with(head.as_bytes()));
        begins(bytes(ErrorList::csv(Vec::new()).unwrap()), head::CSV);
        begins(bytes(ErrorList::json(Vec::new()).unwrap()), head::JSON);
        begins(bytes(ErrorList::xlsx(Vec::new()).unwrap()), head::XLSX);
        begins(bytes(ErrorList::html(Vec::new())), head::HTML);
        let changes = crate::ChangeList::new(Vec::new()).unwrap();
        begins(changes.finish().unwrap().0, head::CSV);
    }

    #[test]
    fn the_json_keeps_values_as_they_are() {
        let json = list(ErrorList::json(Vec::new()).unwrap());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["findings"].as_array().unwrap().len(), 8);
        assert_eq!(value["findings"][1]["value"], "=1+1");
        assert_snapshot!(json.lines().nth(1).unwrap(), @r#"{"file":"a/+b.xml","record":null,"check":"code.a","level":"error","path":"/record/a","item":"項目、\"名\"","value":"","message":"値が\n違います","help":"直してください","line":3,"column":7},"#);
        assert_snapshot!(json.lines().last().unwrap(), @r#"],"summary":{"files":0,"records":1,"records_with_errors":1,"errors":8,"warnings":0,"information":0,"results":{"eligible":0,"mild":0,"not_met":0,"undetermined":0,"not_judged":1},"eligible_by_previous":0,"unread":[],"broken":[{"file":"a/+b.xml","stopped":false,"finding":{"check":"code.a","level":"error","place":{"path":"/record/a","line":3,"column":7},"item":"項目、\"名\"","value":"","message":"値が\n違います","help":"直してください"}}]}}"#);
    }

    #[test]
    fn a_workbook_has_counts_and_findings_and_no_formula() {
        let book = bytes(ErrorList::xlsx(Vec::new()).unwrap());
        assert_eq!(book, bytes(ErrorList::xlsx(Vec::new()).unwrap()));
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            let mut file = archive.by_name(name).unwrap();
            io::Read::read_to_string(&mut file, &mut text).unwrap();
            text
        };
        let sheets = part("xl/workbook.xml");
        assert!(
            sheets.contains("まとめ") && sheets.contains("エラーリスト"),
            "{sheets}"
        );
        let list = part("xl/worksheets/sheet2.xml");
        assert!(!list.contains("<f>"), "{list}");
        // Every offending value stands as it was written, as text.
        assert!(list.contains("<t>=1+1</t>"), "{list}");
        assert_eq!(list.matches("<row ").count(), 1 + 8);
        // On paper all columns stand on one page, under their heads.
        assert!(
            list.contains(r#"fitToHeight="0" orientation="landscape""#),
            "{list}"
        );
        assert!(sheets.contains("_xlnm.Print_Titles"), "{sheets}");
        assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"));
    }

    #[test]
    fn a_page_counts_each_check_and_escapes_what_hospitals_write() {
        let html = list(ErrorList::html(Vec::new()));
        assert!(
            html.contains("<td>code.a</td><td class=\"n\">8</td>"),
            "{html}"
        );
        // Files are named without their folders.
        assert!(
            html.contains("<td>+b.xml") && !html.contains("a/+b.xml"),
            "{html}"
        );
        let finding = RecordFinding::error("x", Place::default(), "<script>&\"", "");
        let mut list = ErrorList::html(Vec::new());
        list.add(Path::new("<img>"), &RecordReport::of_file(finding))
            .unwrap();
        let html = String::from_utf8(list.finish(&Summary::default()).unwrap()).unwrap();
        assert!(
            html.contains("&lt;script&gt;&amp;&quot;")
                && !html.contains("<script>")
                && !html.contains("<img>")
        );
    }

    #[test]
    fn findings_are_sorted_by_place_and_what_is_missing_comes_last() {
        let at = |line: Option<u64>, check: &'static str| {
            RecordFinding::error(
                check,
                Place {
                    line,
                    ..Place::default()
                },
                "",
                "",
            )
        };
        let mut report = RecordReport::of_file(at(None, "missing"));
        report
            .findings
            .extend([at(Some(9), "nine"), at(Some(2), "two"), at(None, "rule")]);
        let mut list = ErrorList::json(Vec::new()).unwrap();
        list.add(Path::new("a"), &report).unwrap();
        let json = list.finish(&Summary::default()).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let checks: Vec<_> = value["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| f["check"].clone())
            .collect();
        assert_eq!(checks, ["two", "nine", "missing", "rule"]);
        assert_eq!(value["checks"].as_array().unwrap().len(), 4);
    }

    #[test]
    fn files_that_were_passed_over_are_named() {
        let summary = Summary {
            unread: vec!["患者<2>.xlsx".to_owned(), "=3.txt".to_owned()],
            ..Summary::default()
        };
        let finish = |list: ErrorList<Vec<u8>>| list.finish(&summary).unwrap();
        let json = finish(ErrorList::json(Vec::new()).unwrap());
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(
            value["summary"]["unread"],
            serde_json::json!(["患者<2>.xlsx", "=3.txt"])
        );
        let html = String::from_utf8(finish(ErrorList::html(Vec::new()))).unwrap();
        assert!(
            html.contains("<li>患者&lt;2&gt;.xlsx</li>\n<li>=3.txt</li>"),
            "{html}"
        );
        let book = finish(ErrorList::xlsx(Vec::new()).unwrap());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
        let mut texts = String::new();
        let mut file = archive.by_name("xl/sharedStrings.xml").unwrap();
        io::Read::read_to_string(&mut file, &mut texts).unwrap();
        assert!(texts.contains("<t>=3.txt</t>"), "{texts}");
    }

    #[test]
    fn an_empty_list_is_still_one() {
        let summary = Summary::default();
        let csv = ErrorList::csv(Vec::new())
            .unwrap()
            .finish(&summary)
            .unwrap();
        assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 1);
        let json = ErrorList::json(Vec::new())
            .unwrap()
            .finish(&summary)
            .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(value["findings"], serde_json::json!([]));
    }
}

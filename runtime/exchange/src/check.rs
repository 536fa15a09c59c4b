//! One record → its findings and result: structure, each value, the rules of the form, the verdict.

mod judge;

use self::judge::Judge;
use crate::csv;
use crate::fhir;
use crate::finding::{Place, RecordFinding};
use crate::library::{FormName, Library};
use crate::normalise::Change;
use crate::read::{Broken, OnRecord, Reader, no_record};
use crate::record::Record;
use crate::stretch::{Reached, Stretch};
use kohyo_engine::program::{Application, FieldId, Level};
use kohyo_engine::{Categories, Date, Form, ResultKind, Scratch};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What came out of checking a record.
#[derive(Clone, Debug)]
pub struct RecordReport {
    /// Its number in the file, from 1; 0 for what concerns the file as a whole.
    pub number: u64,
    /// What its form is called, if it is at hand.
    pub of: Option<Arc<FormName>>,
    /// The form itself, together with [the record](RecordReport::record): reports that wait must not
    /// hold every form they are of.
    pub form: Option<Arc<Form>>,
    /// New application or renewal, if it says so.
    pub application: Option<Application>,
    /// The day it was written, if it says so.
    pub written: Option<Date>,
    /// Whether everything that is written in it could be read.
    pub whole: bool,
    /// Whether reading its file stopped here: what follows in the file is not known.
    pub stopped: bool,
    /// The result of the machine judgement; nothing if the record could not be read to its end,
    /// or its form or kind of application is not known.
    pub result: Option<ResultKind>,
    /// The category of each judgement of the form; nothing where there is no result.
    pub categories: Option<Categories>,
    /// For a renewal: the result by the rules of the previous edition, if they may be used.
    pub previous: Option<ResultKind>,
    /// What was found: structure and values in the order of the file, then the rules in the order
    /// of the form.
    pub findings: Vec<RecordFinding>,
    /// What was read otherwise than it was written ([`Checker::normalising`]).
    pub changes: Vec<Change>,
    /// What is written in an XML record but could not be read, by item and in full.
    pub unread: Vec<(FieldId, String)>,
    /// The record itself, if the checker was asked to keep it ([`Checker::keeping_records`]) and
    /// its form and kind of application are known.
    pub record: Option<Box<Record>>,
}

impl RecordReport {
    /// A report about a file as a whole.
    pub(crate) fn of_file(finding: RecordFinding) -> Self {
        Self::unread(0, vec![finding])
    }

    /// A report about what could not be read to its end.
    fn unread(number: u64, findings: Vec<RecordFinding>) -> Self {
        Self {
            number,
            of: None,
            form: None,
            application: None,
            written: None,
            whole: false,
            stopped: false,
            result: None,
            categories: None,
            previous: None,
            findings,
            changes: Vec::new(),
            unread: Vec::new(),
            record: None,
        }
    }

    /// True if there is an error among the findings.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.level == Level::Error)
    }

    /// The error for which its file must not be taken for read: reading stopped, or the error is one
    /// of the file as a whole and not of a record, which could be left out.
    pub fn of_broken_file(&self) -> Option<&RecordFinding> {
        if self.number > 0 && !self.stopped {
            return None;
        }
        // What stopped the reading is found last.
        let mut errors = self.findings.iter().rev();
        errors.find(|finding| finding.level == Level::Error)
    }
}

impl From<Broken> for RecordReport {
    fn from(broken: Broken) -> Self {
        let mut findings = broken.before;
        findings.push(broken.reason);
        Self {
            stopped: true,
            ..Self::unread(broken.record.unwrap_or(0), findings)
        }
    }
}

/// Checks every record of a document in memory.
pub fn check_document(xml: &[u8], library: &Library, today: Date) -> Vec<RecordReport> {
    let mut reports = Vec::new();
    Checker::new(library.clone(), today).check_slice(xml, &mut |report| {
        reports.push(report);
        ControlFlow::Continue(())
    });
    reports
}

/// What is called with each report; it says whether to go on.
type OnReport<'a> = dyn FnMut(RecordReport) -> ControlFlow<()> + 'a;

/// Checks files one after another and keeps its memory for the next.
#[derive(Debug)]
pub struct Checker {
    library: Library,
    today: Date,
    keep: bool,
    reader: Reader,
    scratch: Scratch,
}

impl Checker {
    /// A checker with these forms. A record is judged as of the day it says it was written, or
    /// else as of `today`.
    pub fn new(library: Library, today: Date) -> Self {
        Self {
            library,
            today,
            keep: false,
            reader: Reader::new(),
            scratch: Scratch::default(),
        }
    }

    /// The same, and each report carries its record.
    pub fn keeping_records(self) -> Self {
        Self { keep: true, ..self }
    }

    /// The same, and values that are not written as the wire has them are read where there is no
    /// doubt; each report lists them.
    pub fn normalising(self) -> Self {
        Self {
            reader: self.reader.normalising(),
            ..self
        }
    }

    /// Checks every record of a file and hands over each report as soon as its record ends, until
    /// told to stop. What makes going on impossible is the last report.
    pub fn check(&mut self, input: impl Read, on_report: &mut OnReport<'_>) {
        self.check_file(on_report, |reader, library, on_record| {
            reader.read(input, library, on_record)
        });
    }

    /// The same for a document in memory.
    pub fn check_slice(&mut self, xml: &[u8], on_report: &mut OnReport<'_>) {
        self.check_file(on_report, |reader, library, on_record| {
            reader.read_slice(xml, library, on_record)
        });
    }

    /// Checks every record of a CSV file. It is read twice: `open` gives it from its beginning.
    pub fn check_csv<R: Read>(
        &mut self,
        mut open: impl FnMut() -> io::Result<R>,
        on_report: &mut OnReport<'_>,
    ) {
        let unreadable =
            |error: &io::Error| Box::new(RecordFinding::unreadable(Place::default(), error));
        let charset = open().map_err(|e| unreadable(&e)).and_then(csv::detect);
        let second = charset.and_then(|charset| {
            let input = open().map_err(|e| unreadable(&e))?;
            Ok(csv::Decoded::new(input, charset))
        });
        match second {
            Ok(input) => self.check_decoded(input, on_report),
            // It is the only report.
            Err(finding) => drop(on_report(RecordReport::of_file(*finding))),
        }
    }

    pub(crate) fn check_decoded(
        &mut self,
        input: csv::Decoded<impl Read>,
        on_report: &mut OnReport<'_>,
    ) {
        self.check_file(on_report, |reader, library, on_record| {
            csv::read(input, library, reader.normalises(), on_record)
        });
    }

    /// Checks every QuestionnaireResponse of a JSON file: one, several behind each other, or Bundles.
    pub fn check_responses(&mut self, input: impl Read, on_report: &mut OnReport<'_>) {
        self.check_file(on_report, |reader, library, on_record| {
            fhir::read(input, library, reader.normalises(), on_record)
        });
    }

    /// Checks the records of a stretch of an XML file.
    pub(crate) fn check_stretch(
        &mut self,
        stretch: &Stretch,
        on_report: &mut OnReport<'_>,
    ) -> Reached {
        self.check_part(on_report, |reader, library, on_record| {
            reader.read_stretch(stretch, library, on_record)
        })
    }

    /// Checks the records of a stretch of a CSV file.
    pub(crate) fn check_rows(
        &mut self,
        stretch: &Stretch,
        charset: csv::Charset,
        on_report: &mut OnReport<'_>,
    ) -> Reached {
        self.check_part(on_report, |reader, library, on_record| {
            csv::read_stretch(stretch, charset, library, reader.normalises(), on_record)
        })
    }

    /// Checks each record that `read` finds in a stretch. What makes going on impossible is the last
    /// report of the whole file.
    fn check_part(
        &mut self,
        on_report: &mut OnReport<'_>,
        read: impl FnOnce(&mut Reader, &Library, &mut OnRecord<'_>) -> Result<Reached, Box<Broken>>,
    ) -> Reached {
        self.check_each(on_report, read).unwrap_or_else(|broken| {
            // It is the last report anyway.
            let _ = on_report(RecordReport::from(*broken));
            Reached::End
        })
    }

    /// Checks each record that `read` finds in a whole file. One that could not be read to its end,
    /// or has no record, gets a last report that says so.
    fn check_file(
        &mut self,
        on_report: &mut OnReport<'_>,
        read: impl FnOnce(&mut Reader, &Library, &mut OnRecord<'_>) -> Result<u64, Box<Broken>>,
    ) {
        let last = match self.check_each(on_report, read) {
            Ok(0) => RecordReport::of_file(no_record()),
            Ok(_) => return,
            Err(broken) => RecordReport::from(*broken),
        };
        // It is the last one anyway.
        let _ = on_report(last);
    }

    /// Reports on each record that `read` hands over; gives what `read` gives.
    fn check_each<T>(
        &mut self,
        on_report: &mut OnReport<'_>,
        read: impl FnOnce(&mut Reader, &Library, &mut OnRecord<'_>) -> T,
    ) -> T {
        let mut judge = Judge {
            library: &self.library,
            today: self.today,
            keep: self.keep,
            scratch: &mut self.scratch,
        };
        read(&mut self.reader, &self.library, &mut |record| {
            on_report(judge.report(record))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::write_record;
    use insta::assert_snapshot;
    use kohyo_engine::RawAnswers;

    fn check(raw: &RawAnswers, change: impl Fn(String) -> String) -> String {
        let mut xml = Vec::new();
        write_record(&samples::form(), crate::generate::heading(), raw, &mut xml).unwrap();
        let xml = change(String::from_utf8(xml).unwrap());
        let library = Library::new([samples::form()]).unwrap();
        let today = "2026-07-01".parse().unwrap();
        let mut out = String::new();
        for report in check_document(xml.as_bytes(), &library, today) {
            let result = report.result.map_or("判定なし", ResultKind::name);
            out += &format!("個票{}: {result}\n", report.number);
            for finding in report.findings {
                let level = finding.level;
                out += &format!(
                    "  {} {level:?} [{}] {finding}\n",
                    finding.check, finding.item
                );
            }
        }
        out
    }

    fn changed(values: &[(&str, &[&str])]) -> RawAnswers {
        let mut raw = samples::full();
        raw.extend(samples::raw(values));
        raw
    }

    #[test]
    fn a_clean_record_has_a_result_and_no_finding() {
        assert_snapshot!(check(&samples::full(), |xml| xml), @"個票1: eligible");
        assert_snapshot!(check(&changed(&[("stage", &["2"])]), |xml| xml), @"個票1: mild");
        assert_snapshot!(check(&changed(&[("stage", &[])]), |xml| xml), @"個票1: undetermined");
    }

    #[test]
    fn findings_of_the_form_stand_at_their_elements() {
        let hidden = changed(&[("tremor", &["2"]), ("birth_date", &["2020-01-01"])]);
        assert_snapshot!(check(&hidden, |xml| xml), @r"
        個票1: not_met
          hidden.tremor_from Error [振戦の始まり] /record/diagnosis/tremor_from 11行5文字目: 「振戦の始まり」は、ほかの回答により記入しない項目ですが、記入があります（記入を消すか、この項目の条件となる回答を確かめてください）
        ");
        let late = changed(&[("birth_date", &["2020-01-01"])]);
        assert_snapshot!(check(&late, |xml| xml), @r"
        個票1: eligible
          R001 Warning [生年月日] /record/patient/birth_date 7行5文字目: 生年月日が振戦の始まりより後です（二つの日付を確かめてください）
        ");
    }

    #[test]
    fn what_a_rule_points_at_is_told_with_its_value() {
        let late = changed(&[("birth_date", &["2020-01-01"]), ("name", &[])]);
        let values = |report: RecordReport| {
            let told = |found: &RecordFinding| format!("{} {:?}", found.check, found.value);
            report.findings.iter().map(told).collect::<Vec<_>>()
        };
        let mut xml = Vec::new();
        write_record(
            &samples::form(),
            crate::generate::heading(),
            &late,
            &mut xml,
        )
        .unwrap();
        let library = Library::new([samples::form()]).unwrap();
        let reports = check_document(&xml, &library, "2026-07-01".parse().unwrap());
        assert_eq!(
            reports.into_iter().map(values).collect::<Vec<_>>(),
            [["required.name None", "R001 Some(\"2020-01-01\")"]]
        );
    }

    #[test]
    fn many_forms_take_turns_in_a_file() {
        let forms: Vec<Arc<Form>> = (2001..2008)
            .map(|year| samples::form_with(|program| program.edition = year.to_string()))
            .collect();
        let mut records = crate::RecordsWriter::new(Vec::new()).unwrap();
        let turns = || forms.iter().chain(&forms).chain(forms.iter().rev());
        for form in turns() {
            let layout = crate::RecordWriter::new(form);
            let heading = crate::generate::heading();
            records.write(&layout, heading, &samples::full()).unwrap();
        }
        let xml = records.finish().unwrap();
        let library = Library::new(forms.clone()).unwrap();
        let reports = check_document(&xml, &library, "2026-07-01".parse().unwrap());
        let read = reports.iter().map(|report| {
            assert_eq!(report.result, Some(ResultKind::Eligible), "{report:?}");
            &report.of.as_ref().unwrap().edition
        });
        assert!(read.eq(turns().map(|form| &form.program().edition)));
    }

    /// However the file is cut into windows, and whether or not it has lines.
    #[test]
    fn findings_stand_where_their_items_begin_or_else_at_their_records() {
        let form = samples::form();
        let mut records = crate::RecordsWriter::new(Vec::new()).unwrap();
        let writer = crate::RecordWriter::new(&form);
        for seed in 0..600 {
            let mut raw = crate::generate::generate(&form, seed);
            let long = [format!("{}\nあ", "経過 ".repeat(seed as usize % 700))];
            raw.extend(samples::raw(&[("birth_date", &["2025-01-01"])]));
            raw.insert("remarks".to_owned(), long.to_vec());
            raw.remove(["name", "tremor", "stage"][seed as usize % 3]);
            records
                .write(&writer, crate::generate::heading(), &raw)
                .unwrap();
        }
        let text = String::from_utf8(records.finish().unwrap()).unwrap();
        assert!(text.len() > 600_000, "{}", text.len());
        let library = Library::new([form]).unwrap();
        for text in [text.clone(), text.replace(">\n", ">").replace("  <", "<")] {
            let mut checker = Checker::new(library.clone(), "2026-07-01".parse().unwrap());
            let mut windows = Vec::new();
            checker.check(text.as_bytes(), &mut |report| {
                windows.push(report.findings);
                ControlFlow::Continue(())
            });
            let whole = check_document(text.as_bytes(), &library, checker.today);
            let whole: Vec<_> = whole.into_iter().map(|report| report.findings).collect();
            assert_eq!(windows, whole);
            let lines: Vec<&str> = text.split('\n').collect();
            let mut begins = text.match_indices("<record ").map(|(at, _)| at);
            let (mut items, mut missing) = (0, 0);
            for findings in windows {
                let begin = begins.next().unwrap();
                let first = text[..begin].matches('\n').count() as u64 + 1;
                for Place { path, line, column } in findings.into_iter().map(|found| found.place) {
                    let line = line.unwrap();
                    let Some(column) = column else {
                        assert_eq!(line, first, "{path}");
                        missing += 1;
                        continue;
                    };
                    let mut rest = lines[line as usize - 1].chars().skip(column as usize - 1);
                    let name = path.rsplit('/').next().unwrap();
                    let start: String = rest.by_ref().take(name.len() + 1).collect();
                    assert_eq!(start, format!("<{name}"), "{path} {line} {column}");
                    assert!(line >= first);
                    items += 1;
                }
            }
            assert!(items > 300 && missing > 300, "{items} {missing}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_missing_as_well() {
        assert_snapshot!(check(&changed(&[("tremor", &["9"]), ("name", &[])]), |xml| xml), @r"
        個票1: undetermined
          code.tremor Error [安静時振戦] /record/diagnosis/tremor 9行5文字目: 「安静時振戦」の選択肢にない値です（次のいずれかを書いてください: 1（あり）、2（なし）、3（不明））
          required.name Error [氏名] /record/patient/name 2行: 「氏名」が未記入です（記入してください）
        ");
    }

    #[test]
    fn dates_of_the_record_are_checked() {
        assert_snapshot!(check(&samples::full(), |xml| xml.replace("2026-06-01", "2026-07-02")), @r"
        個票1: eligible
          record.written_in_future Error [] /record/@written 2行: 記載年月日が今日より後です（記載年月日（written）を確かめてください）
        ");
        assert_snapshot!(check(&samples::full(), |xml| xml.replace("2026-06-01", "2017-03-31")), @r"
        個票1: eligible
          record.edition_not_in_force Warning [] /record/@written 2行: 記載年月日が版「2020」の適用期間の外にあります（記載年月日と様式の版を確かめてください）
        ");
    }

    #[test]
    fn without_a_kind_of_application_nothing_is_judged() {
        assert_snapshot!(check(&samples::full(), |xml| xml.replace(" application=\"new\"", "")), @r#"
        個票1: 判定なし
          xml.missing_attribute Error [] /record 2行1文字目: 新規・更新の別（application）が書かれていません（<record> に application="new"（新規）か application="renewal"（更新）を書いてください）
        "#);
    }

    #[test]
    fn only_what_was_judged_counts_as_judged_by_an_edition() {
        let library = Library::new([samples::form()]).unwrap();
        let judged = |application: &str| {
            let xml = format!("<record xmlns='urn:kohyo:form:shitei-006:2020'{application}/>");
            let mut judged = crate::Judged::default();
            for report in check_document(xml.as_bytes(), &library, "2026-07-01".parse().unwrap()) {
                judged.add(&report);
            }
            judged.forms().iter().map(|form| form.records).sum::<u64>()
        };
        assert_eq!(judged(" application='new'"), 1);
        assert_eq!(judged(""), 0);
    }

    /// The form of the samples, and a newer edition of it that asks for a severer stage.
    fn two_editions() -> Library {
        let old = samples::form_with(|program| program.edition = "2017".into());
        let new = samples::form_with(|program| {
            program.valid_from = "2024-04-01".parse().unwrap();
            program.fallback = Some("2017".into());
            program.migrations = vec![samples::migration(program, "2017")];
            if let Some(severity) = program.judgements.iter_mut().find(|j| j.name == "severity") {
                severity.categories.drain(..1);
            }
        });
        Library::new([old, new]).unwrap()
    }

    #[test]
    fn a_renewal_that_only_the_previous_edition_accepts_is_told() {
        let library = two_editions();
        let check = |xml: String| {
            let today = "2026-07-01".parse().unwrap();
            let report = check_document(xml.as_bytes(), &library, today)
                .pop()
                .unwrap();
            let findings: String = report.findings.iter().map(|f| format!("\n{f}")).collect();
            format!("{:?} {:?}{findings}", report.result, report.previous)
        };
        let mut xml = Vec::new();
        let heading = crate::generate::heading();
        write_record(&samples::form(), heading, &samples::full(), &mut xml).unwrap();
        let xml = String::from_utf8(xml).unwrap();
        assert_snapshot!(check(xml.clone()), @"Some(Mild) None");
        assert_snapshot!(check(xml.replace("application=\"new\"", "application=\"renewal\"")), @r"
        Some(Mild) Some(Eligible)
        /record/course/remarks 20行5文字目: 「経過」は新規申請だけの項目ですが、記入があります（記入を消すか、申請の種類を確かめてください）
        /record 2行: 更新のため、2017年版の基準でも判定しました。そちらでは認定基準を満たします（どちらの基準で認定するかは自治体が決めます）
        ");
    }

    #[test]
    fn a_broken_record_keeps_what_was_found_before() {
        let broken = |xml: String| {
            xml.replace("</stage>", "")
                .replace("<patient>", "<patient><x/>")
        };
        assert_snapshot!(check(&samples::full(), broken), @r"
        個票1: 判定なし
          xml.unknown_element Error [] /record/patient/x 3行12文字目: 要素 <x> はここに書けません（様式のXMLスキーマにある項目の要素名を確認してください）
          xml.not_well_formed Error [] /record/severity/stage 18行3文字目: 要素 <stage> の中に終了タグ </severity> があります（</stage> の書き忘れか、タグ名の書き間違いがないか確認してください）
        ");
        assert_snapshot!(check(&samples::full(), |_| String::new()), @r"
        個票0: 判定なし
          file.empty Error [] 1行1文字目: ファイルが空です（個票を書き出し直してください）
        ");
        assert_snapshot!(check(&samples::full(), |_| "<records xmlns='urn:kohyo:records'/>".into()), @r"
        個票0: 判定なし
          xml.no_record Error [] ファイルに個票がありません（<record> を1件以上書いてください）
        ");
    }
}

//! One record → its findings and result: structure, each value, the rules of the form, the verdict.

use crate::csv;
use crate::finding::{Place, RecordFinding, shortened};
use crate::library::Library;
use crate::normalise::Change;
use crate::read::{Broken, ReadRecord, Reader, no_record};
use crate::record::Record;
use kohyo_engine::program::{Application, Level};
use kohyo_engine::{Context, Date, Finding, Form, ResultKind, Scratch, check_with, judge_previous};
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

/// What came out of checking a record.
#[derive(Clone, Debug)]
pub struct RecordReport {
    /// Its number in the file, from 1; 0 for what concerns the file as a whole.
    pub number: u64,
    /// Its form, if it is at hand.
    pub form: Option<Arc<Form>>,
    /// New application or renewal, if it says so.
    pub application: Option<Application>,
    /// The day it was written, if it says so.
    pub written: Option<Date>,
    /// The result of the machine judgement; nothing if the record could not be read to its end,
    /// or its form or kind of application is not known.
    pub result: Option<ResultKind>,
    /// For a renewal: the result by the rules of the previous edition, if they may be used.
    pub previous: Option<ResultKind>,
    /// What was found: structure and values in the order of the file, then the rules in the order
    /// of the form.
    pub findings: Vec<RecordFinding>,
    /// What was read otherwise than it was written ([`Checker::normalising`]).
    pub changes: Vec<Change>,
    /// The record itself, if the checker was asked to keep it ([`Checker::keeping_records`]) and
    /// its form and kind of application are known.
    pub record: Option<Box<Record>>,
}

impl RecordReport {
    /// A report about a file as a whole.
    pub(crate) fn of_file(finding: RecordFinding) -> Self {
        Self {
            number: 0,
            form: None,
            application: None,
            written: None,
            result: None,
            previous: None,
            findings: vec![finding],
            changes: Vec::new(),
            record: None,
        }
    }

    /// True if there is an error among the findings.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.level == Level::Error)
    }
}

impl From<Broken> for RecordReport {
    fn from(broken: Broken) -> Self {
        let mut findings = broken.before;
        findings.push(broken.reason);
        Self {
            number: broken.record.unwrap_or(0),
            form: None,
            application: None,
            written: None,
            result: None,
            previous: None,
            findings,
            changes: Vec::new(),
            record: None,
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

/// Checks files one after another and keeps its memory for the next.
#[derive(Debug)]
pub struct Checker {
    library: Library,
    today: Date,
    keep: bool,
    normalise: bool,
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
            normalise: false,
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
            normalise: true,
            reader: self.reader.normalising(),
            ..self
        }
    }

    /// Checks every record of a file and hands over each report as soon as its record ends, until
    /// told to stop. What makes going on impossible is the last report.
    pub fn check(
        &mut self,
        input: impl Read,
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
    ) {
        let Self {
            library,
            today,
            keep,
            normalise: _,
            reader,
            scratch,
        } = self;
        let outcome = reader.read(
            input,
            library,
            &mut judging(library, *today, *keep, scratch, on_report),
        );
        last_report(outcome, on_report);
    }

    /// Checks every record of a CSV file. It is read twice: `open` gives it from its beginning.
    pub fn check_csv<R: Read>(
        &mut self,
        mut open: impl FnMut() -> io::Result<R>,
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
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
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
    ) {
        let Self {
            library,
            today,
            keep,
            normalise,
            reader: _,
            scratch,
        } = self;
        let outcome = csv::read(
            input,
            library,
            *normalise,
            &mut judging(library, *today, *keep, scratch, on_report),
        );
        last_report(outcome, on_report);
    }

    /// The same for a document in memory.
    pub fn check_slice(
        &mut self,
        xml: &[u8],
        on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
    ) {
        let Self {
            library,
            today,
            keep,
            normalise: _,
            reader,
            scratch,
        } = self;
        let outcome = reader.read_slice(
            xml,
            library,
            &mut judging(library, *today, *keep, scratch, on_report),
        );
        last_report(outcome, on_report);
    }
}

fn judging<'a>(
    library: &'a Library,
    today: Date,
    keep: bool,
    scratch: &'a mut Scratch,
    on_report: &'a mut dyn FnMut(RecordReport) -> ControlFlow<()>,
) -> impl FnMut(ReadRecord<'_>) -> ControlFlow<()> + 'a {
    move |record| on_report(judged(record, library, today, keep, scratch))
}

/// A file that could not be read to its end, or has no record, gets a report that says so.
fn last_report(
    outcome: Result<u64, Box<Broken>>,
    on_report: &mut dyn FnMut(RecordReport) -> ControlFlow<()>,
) {
    let last = match outcome {
        Ok(0) => RecordReport::of_file(no_record()),
        Ok(_) => return,
        Err(broken) => RecordReport::from(*broken),
    };
    // It is the last one anyway.
    let _ = on_report(last);
}

/// Judges a record that has been read.
fn judged(
    mut record: ReadRecord<'_>,
    library: &Library,
    today: Date,
    keep: bool,
    scratch: &mut Scratch,
) -> RecordReport {
    let mut findings = std::mem::take(&mut record.findings);
    let changes = std::mem::take(&mut record.changes);
    let (mut result, mut previous) = (None, None);
    if let Some(form) = record.form {
        dates(&record, today, form, &mut findings);
        if let Some(application) = record.application {
            let context = Context {
                today: record.written.unwrap_or(today),
                application,
            };
            let (verdict, of_form) = check_with(scratch, form, record.answers, &context);
            result = Some(verdict.result);
            previous = by_previous(&record, library, form, &context, scratch);
            let read = findings.len();
            for finding in of_form {
                let place = finding
                    .fields
                    .first()
                    .map(|field| record.place_of(*field))
                    .unwrap_or_default();
                // What was written but could not be read is not missing as well.
                let unread = |found: &RecordFinding| {
                    let rest = found.place.path.strip_prefix(&place.path);
                    found.level == Level::Error
                        && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                let missing = finding.check.starts_with("required.");
                if !(missing && findings.iter().take(read).any(unread)) {
                    findings.push(of_the_form(finding, form, place));
                }
            }
            if let (Some(ResultKind::Eligible), Some(edition)) =
                (previous, &form.program().fallback)
                && verdict.result != ResultKind::Eligible
            {
                findings.push(only_by_previous(&record, edition));
            }
        }
    }
    RecordReport {
        number: record.number,
        form: record.form.cloned(),
        application: record.application,
        written: record.written,
        result,
        previous,
        findings,
        changes,
        record: if keep {
            record.to_record().map(Box::new)
        } else {
            None
        },
    }
}

/// The result of a renewal by the rules of the previous edition, if its form may use them.
fn by_previous(
    record: &ReadRecord<'_>,
    library: &Library,
    form: &Form,
    context: &Context,
    scratch: &mut Scratch,
) -> Option<ResultKind> {
    let program = form.program();
    if context.application != Application::Renewal || program.fallback.is_none() {
        return None;
    }
    let lineage = library.previous(&program.key, &program.edition)?;
    judge_previous(scratch, lineage, record.answers, context).map(|verdict| verdict.result)
}

fn only_by_previous(record: &ReadRecord<'_>, edition: &str) -> RecordFinding {
    RecordFinding {
        level: Level::Information,
        ..RecordFinding::error(
            "record.previous_edition",
            record.place(),
            format!(
                "更新のため、{edition}年版の基準でも判定しました。そちらでは認定基準を満たします"
            ),
            "どちらの基準で認定するかは自治体が決めます",
        )
    }
}

fn of_the_form(finding: Finding, form: &Form, place: Place) -> RecordFinding {
    let field = finding.fields.first().and_then(|field| form.field(*field));
    RecordFinding {
        check: finding.check.into(),
        level: finding.level,
        place,
        item: field.map(|field| field.label.clone()).unwrap_or_default(),
        value: finding.value.as_deref().map(shortened),
        message: finding.message,
        help: finding.help,
    }
}

/// The day it was written lies in the past and within the life of the edition.
fn dates(record: &ReadRecord<'_>, today: Date, form: &Form, findings: &mut Vec<RecordFinding>) {
    let Some(written) = record.written else {
        return;
    };
    let place = || {
        let mut place = record.place();
        place.path.push_str("/@written");
        place
    };
    if written.first_day() > today.last_day() {
        findings.push(
            RecordFinding::error(
                "record.written_in_future",
                place(),
                "記載年月日が今日より後です",
                "記載年月日（written）を確かめてください",
            )
            .with_value(&written.to_string()),
        );
    }
    let program = form.program();
    let over = program
        .valid_to
        .is_some_and(|end| written.first_day() > end.last_day());
    if over || written.last_day() < program.valid_from.first_day() {
        findings.push(RecordFinding {
            level: Level::Warning,
            ..RecordFinding::error(
                "record.edition_not_in_force",
                place(),
                format!(
                    "記載年月日が版「{}」の適用期間の外にあります",
                    program.edition
                ),
                "記載年月日と様式の版を確かめてください",
            )
            .with_value(&written.to_string())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;
    use crate::write::write_record;
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
          hidden.tremor_from Error [振戦の始まり] /record/diagnosis/tremor_from: 「振戦の始まり」は、ほかの回答により記入しない項目ですが、記入があります（記入を消すか、この項目の条件となる回答を確かめてください）
        ");
        let late = changed(&[("birth_date", &["2020-01-01"])]);
        assert_snapshot!(check(&late, |xml| xml), @r"
        個票1: eligible
          R001 Warning [生年月日] /record/patient/birth_date: 生年月日が振戦の始まりより後です（二つの日付を確かめてください）
        ");
    }

    #[test]
    fn what_cannot_be_read_is_not_missing_as_well() {
        assert_snapshot!(check(&changed(&[("tremor", &["9"]), ("name", &[])]), |xml| xml), @r"
        個票1: undetermined
          code.tremor Error [安静時振戦] /record/diagnosis/tremor 9行5文字目: 「安静時振戦」の選択肢にない値です（次のいずれかを書いてください: 1（あり）、2（なし）、3（不明））
          required.name Error [氏名] /record/patient/name: 「氏名」が未記入です（記入してください）
        ");
    }

    #[test]
    fn dates_of_the_record_are_checked() {
        assert_snapshot!(check(&samples::full(), |xml| xml.replace("2026-06-01", "2026-07-02")), @r"
        個票1: eligible
          record.written_in_future Error [] /record/@written: 記載年月日が今日より後です（記載年月日（written）を確かめてください）
        ");
        assert_snapshot!(check(&samples::full(), |xml| xml.replace("2026-06-01", "2017-03-31")), @r"
        個票1: eligible
          record.edition_not_in_force Warning [] /record/@written: 記載年月日が版「2020」の適用期間の外にあります（記載年月日と様式の版を確かめてください）
        ");
    }

    #[test]
    fn without_a_kind_of_application_nothing_is_judged() {
        assert_snapshot!(check(&samples::full(), |xml| xml.replace(" application=\"new\"", "")), @r#"
        個票1: 判定なし
          xml.missing_attribute Error [] /record 2行1文字目: 新規・更新の別（application）が書かれていません（<record> に application="new"（新規）か application="renewal"（更新）を書いてください）
        "#);
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
        /record/course/remarks: 「経過」は新規申請だけの項目ですが、記入があります（記入を消すか、申請の種類を確かめてください）
        /record: 更新のため、2017年版の基準でも判定しました。そちらでは認定基準を満たします（どちらの基準で認定するかは自治体が決めます）
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

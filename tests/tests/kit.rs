//! The conformance kit against the checker of records: whatever a kit or a deck expects is what
//! the checker says. And whatever is found, in kits, decks, cases and by chance, has its row in the
//! check specification, with the same level and message.
//!
//! `KOHYO_KIT=shitei-006` looks at one form, `KOHYO_KIT=all` at every form; otherwise a few. What
//! the kits leave out is printed with `--nocapture`.

use kohyo_compiler::emit::check_spec::{self, CheckRow, PLACEHOLDER};
use kohyo_compiler::kit::{
    self, Exchange, Expected, ExpectedFinding, ExpectedVerdict, Format, Kit, Values, deck,
};
use kohyo_engine::Form;
use kohyo_engine::program::Application;
use kohyo_exchange::generate::generate_for;
use kohyo_exchange::{
    Checker, CsvWriter, Library, Options, RecordFinding, RecordReport, check_document,
    check_records, write_record, write_response,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::Path;
use tests::kits::{Subject, subjects};
use tests::records::{Pool, Sample, of_cases};

/// The day of the check; records of kits are written before.
fn today() -> kohyo_engine::Date {
    "2026-11-01".parse().unwrap()
}

// ---- kit and checker

/// What the checker found, as `check level item`.
fn found(report: &RecordReport) -> Vec<String> {
    let told = |finding: &RecordFinding| {
        let path = finding.place.path.split("/@").next().unwrap();
        let item = match finding.item.as_str() {
            "" => "-",
            _ => path.rsplit('/').next().unwrap(),
        };
        format!("{} {:?} {item}", finding.check, finding.level)
    };
    report.findings.iter().map(told).collect()
}

/// Every record of a kit, put to the checker.
fn disagreements(kit: &Kit, library: &Library) -> Vec<String> {
    let mut problems = Vec::new();
    for record in &kit.records {
        let reports = check_document(&record.document, library, today());
        let mut said: Vec<String> = reports.iter().flat_map(found).collect();
        said.sort();
        let expected = &record.expected;
        let findings = expected.findings.iter();
        let mut wanted: Vec<String> = findings
            .map(|f| {
                let item = f.item.as_deref().unwrap_or("-");
                format!("{} {:?} {item}", f.check, f.level)
            })
            .collect();
        wanted.sort();
        let judged = reports.iter().find(|report| report.result.is_some());
        let result = judged.and_then(|report| report.result);
        let previous = judged.and_then(|report| report.previous);
        let verdict = expected.verdict.as_ref();
        let same = result == verdict.map(|v| v.result)
            && previous == verdict.and_then(|v| v.previous)
            && judgements(judged, library)
                == verdict.map(|v| v.judgements.clone()).unwrap_or_default();
        if said != wanted || !same {
            problems.push(format!(
                "{}\n  {:?}\n  expected {wanted:?} {verdict:?}\n  found    {said:?} {result:?}",
                record.file, record.purposes
            ));
        }
    }
    problems
}

fn judgements(
    report: Option<&RecordReport>,
    library: &Library,
) -> BTreeMap<String, Option<String>> {
    let Some(report) = report else {
        return BTreeMap::new();
    };
    let name = report.of.as_ref().unwrap();
    let form = library.get(&name.key, &name.edition).unwrap();
    let categories = report.categories.as_ref().unwrap().as_slice();
    let judgements = form.program().judgements.iter().zip(categories);
    judgements
        .map(|(judgement, category)| {
            let category = category.map(|at| judgement.categories[usize::from(at)].name.clone());
            (judgement.name.clone(), category)
        })
        .collect()
}

#[test]
fn the_checker_says_what_kits_and_decks_expect() {
    for subject in subjects("shitei-006") {
        let Subject {
            form,
            previous,
            library,
            ..
        } = &subject;
        let made = subject.kit();
        let thrown = deck(form, previous.as_ref(), 7, 60, &generate_for);
        eprintln!(
            "{} {}: {} records, {} purposes, {} gaps",
            made.key,
            made.edition,
            made.records.len(),
            made.records.iter().map(|r| r.purposes.len()).sum::<usize>(),
            made.gaps.len(),
        );
        for gap in &made.gaps {
            eprintln!("  {}: {}", gap.check, gap.reason);
        }
        for kit in [&made, &thrown] {
            let problems = disagreements(kit, library);
            let count = problems.len();
            assert!(
                problems.is_empty(),
                "{}: {count}\n{}",
                made.key,
                problems.join("\n")
            );
        }
        let again = deck(form, previous.as_ref(), 7, 60, &generate_for);
        assert_eq!(thrown, again, "the same seed gives the same deck");
        // Whatever could be looked for has been found in this form, or proven not to be.
        if form.program().key == "shitei-006" {
            let lost = made.gaps.iter().find(|gap| gap.reason.contains("探索"));
            assert_eq!(lost, None);
            // Also an answer beside a code that says by itself that nothing was asked.
            for field in form
                .program()
                .fields
                .iter()
                .filter(|f| f.hidden_when.is_some())
            {
                let check = format!("hidden.{}", field.name);
                let mut purposes = made.records.iter().flat_map(|record| &record.purposes);
                let is_there = purposes
                    .any(|p| p.check == check && p.purpose.contains("尋ねないのに、記入した"));
                assert!(is_there, "{check}");
            }
        }
        // Every check has a record that fails it, or a reason why not.
        let named: BTreeSet<&str> = made.gaps.iter().map(|gap| gap.check.as_str()).collect();
        for row in check_spec::rows(form.program()) {
            let fails = made.records.iter().any(|r| r.expected.finds(&row.id));
            assert!(
                fails || named.contains(row.id.as_str()),
                "{}: {}",
                made.key,
                row.id
            );
        }
    }
}

// ---- other formats

/// Where the records of a kit are written and checked in a format.
struct Desk<'s> {
    subject: &'s Subject,
    format: Format,
}

impl Exchange for Desk<'_> {
    fn written(&self, values: &Values) -> Option<Vec<u8>> {
        let (form, heading) = (&*self.subject.form, values.heading);
        let mut document = Vec::new();
        if self.format == Format::Fhir {
            write_response(form, heading, &values.raw, &mut document).unwrap();
        } else {
            let mut writer = CsvWriter::new(form, &mut document).unwrap();
            writer.write(heading, &values.raw).unwrap();
            writer.finish().unwrap();
        }
        Some(document)
    }

    fn said(&self, document: &[u8]) -> Expected {
        let mut reports = Vec::new();
        let Subject { library, .. } = self.subject;
        let mut checker = Checker::new(library.clone(), today());
        let mut add = |report| {
            reports.push(report);
            ControlFlow::Continue(())
        };
        if self.format == Format::Fhir {
            checker.check_responses(document, &mut add);
        } else {
            checker.check_csv(|| Ok(document), &mut add);
        }
        expected(&reports, library)
    }
}

/// What reports say, as kits expect it.
fn expected(reports: &[RecordReport], library: &Library) -> Expected {
    let findings = reports.iter().flat_map(|report| &report.findings);
    let finding = |finding: &RecordFinding| {
        let element = finding.place.path.rsplit('/').next().unwrap();
        ExpectedFinding {
            check: finding.check.to_string(),
            item: (!finding.item.is_empty()).then(|| element.to_owned()),
            level: finding.level,
        }
    };
    let judged = reports.iter().find(|report| report.result.is_some());
    Expected {
        findings: findings.map(finding).collect(),
        verdict: judged.map(|report| ExpectedVerdict {
            result: report.result.unwrap(),
            judgements: judgements(Some(report), library),
            previous: report.previous,
        }),
    }
}

/// In a folder and in a ZIP, the checker says of each file what the XML must be said of; nearly all
/// records that are no peculiar XML are there.
#[test]
fn kits_in_other_formats_are_checked_as_expected_also_in_a_zip() {
    for subject in subjects("shitei-006") {
        let made = subject.kit();
        for format in [Format::Csv, Format::Fhir] {
            let desk = Desk {
                subject: &subject,
                format,
            };
            let kit = made
                .clone()
                .rewritten(format, subject.form.program(), &desk);
            let all = made.records.len();
            let is_rewritten = |record: &&kit::Record| record.values.is_some();
            let of_values = kit.records.iter().filter(is_rewritten).count();
            assert_eq!(of_values + kit.left_out.len(), all);
            let plain = made.records.iter().filter(|it| it.values.is_some()).count();
            eprintln!(
                "{} {}: {} of {all} records, {plain} made of values",
                kit.key,
                format.name(),
                kit.records.len()
            );
            for left in &kit.left_out {
                eprintln!("  {}: {}", left.file, left.reason);
            }
            assert!(
                kit.records.len() * 10 >= plain * 9,
                "{} {}",
                kit.key,
                format.name()
            );
            assert_checked(&kit, &subject.library);
            // How the format is written is checked as well.
            let prefix = format!("{}.", format.name());
            let rows = check_spec::rows(subject.form.program());
            for row in rows.iter().filter(|row| row.id.starts_with(&prefix)) {
                let fails = kit.records.iter().any(|r| r.expected.finds(&row.id));
                let gap = kit.gaps.iter().find(|gap| gap.check == row.id);
                let known = ["上限", "1件だけ", "点検する日"];
                let excused = gap.is_some_and(|gap| known.iter().any(|it| gap.reason.contains(it)));
                // Only a form in which nothing is measured has no unit to be wrong.
                let excused = excused || row.id == "fhir.unit";
                assert!(fails || excused, "{} {} {gap:?}", kit.key, row.id);
            }
        }
    }
}

#[track_caller]
fn assert_checked(kit: &Kit, library: &Library) {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for record in &kit.records {
        let path = folder.path().join(&record.file);
        std::fs::write(path, &record.document).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(record.file.as_str(), options).unwrap();
        zip.write_all(&record.document).unwrap();
    }
    let packed = folder.path().with_extension("zip");
    std::fs::write(&packed, zip.finish().unwrap().into_inner()).unwrap();
    for path in [folder.path().to_owned(), packed.clone()] {
        let mut said: BTreeMap<String, Vec<RecordReport>> = BTreeMap::new();
        let options = Options {
            today: today(),
            threads: NonZeroUsize::MIN,
            normalise: false,
            keep_records: false,
            except: &[],
        };
        let add = |file: &Path, report: RecordReport| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            said.entry(name).or_default().push(report);
            Ok(())
        };
        check_records(&[path], library, options, |_| {}, add).unwrap();
        for record in &kit.records {
            let mut now = expected(&said[&record.file], library);
            let mut wanted = record.expected.clone();
            now.findings.sort();
            wanted.findings.sort();
            assert_eq!(now, wanted, "{} {}", kit.key, record.file);
        }
    }
    std::fs::remove_file(packed).unwrap();
}

// ---- findings and check specification

/// Every finding has a row of its id, level and message.
#[test]
fn every_finding_has_its_row_in_the_check_specification() {
    let mut problems: BTreeMap<String, String> = BTreeMap::new();
    for subject in subjects("shitei-006") {
        let rows = check_spec::rows(subject.form.program());
        let mut documents: Vec<Vec<u8>> = Vec::new();
        let made = subject.kit();
        documents.extend(made.records.into_iter().map(|record| record.document));
        let thrown = deck(
            &subject.form,
            subject.previous.as_ref(),
            11,
            60,
            &generate_for,
        );
        documents.extend(thrown.records.into_iter().map(|record| record.document));
        let pool = Pool::new(&subject.form);
        let mut samples = of_cases(&subject.form, &subject.path);
        samples.extend((0..60).map(|seed| pool.contradictory(seed)));
        documents.extend(samples.iter().map(|sample| written(&subject.form, sample)));
        for document in documents {
            for report in check_document(&document, &subject.library, today()) {
                for finding in &report.findings {
                    if let Err(problem) = has_row(&rows, finding, report.application) {
                        let key = &subject.form.program().key;
                        let problem = format!("{key}: {problem}");
                        problems.entry(finding.check.to_string()).or_insert(problem);
                    }
                }
            }
        }
    }
    let count = problems.len();
    let problems: Vec<String> = problems.into_values().collect();
    assert!(problems.is_empty(), "{count}\n{}", problems.join("\n"));
}

fn written(form: &Form, sample: &Sample) -> Vec<u8> {
    let mut xml = Vec::new();
    write_record(form, sample.heading, &sample.raw, &mut xml).unwrap();
    xml
}

fn has_row(
    rows: &[CheckRow],
    finding: &RecordFinding,
    application: Option<Application>,
) -> Result<(), String> {
    let check = finding.check.as_ref();
    let Some(row) = rows.iter().find(|row| row.id == check) else {
        return Err(format!("{check} has no row: {}", finding.message));
    };
    if row.level != finding.level {
        return Err(format!(
            "{check} is {:?}, not {:?}",
            finding.level, row.level
        ));
    }
    if !row.places.tool {
        return Err(format!("{check} is found by the tool: {}", finding.message));
    }
    if row.only.is_some() && application.is_some() && row.only != application {
        return Err(format!("{check} is found in {application:?}"));
    }
    // What is said of files is a list of sentences; labels of items may have such a stroke.
    let of_files = row.edition.is_empty();
    let messages: Vec<&str> = row
        .ways
        .iter()
        .flat_map(|way| match of_files {
            true => way.message.split('／').collect::<Vec<_>>(),
            false => vec![way.message.as_str()],
        })
        .collect();
    if !messages.iter().any(|said| fits(said, &finding.message)) {
        return Err(format!(
            "{check} says 「{}」, not one of {messages:?}",
            finding.message
        ));
    }
    Ok(())
}

/// What stands behind a number in a message.
const COUNTERS: [&str; 6] = ["文字", "行", "桁", "個", "件", "バイト"];

/// Whether a message is this one, with a number or words for each placeholder. A row that is one
/// placeholder leaves its sentence open.
fn fits(said: &str, message: &str) -> bool {
    let Some((before, after)) = said.split_once(PLACEHOLDER) else {
        return said == message;
    };
    let Some(rest) = message.strip_prefix(before) else {
        return false;
    };
    if said.chars().eq([PLACEHOLDER]) {
        return !rest.is_empty();
    }
    let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.map(|end| rest.split_at(end))
        .any(|(words, rest)| may_stand(words, after) && fits(after, rest))
}

/// Whether these words may stand for a placeholder before `after`: a number before a counter,
/// otherwise whatever ends neither its sentence nor a bracket it has not begun.
fn may_stand(words: &str, after: &str) -> bool {
    if COUNTERS.iter().any(|counter| after.starts_with(counter)) {
        return words.chars().all(|c| c.is_ascii_digit());
    }
    let mut open = Vec::new();
    for c in words.chars() {
        match c {
            '「' => open.push('」'),
            '（' => open.push('）'),
            '」' | '）' if open.pop() != Some(c) => return false,
            '。' => return false,
            _ => {}
        }
    }
    open.is_empty()
}

#[test]
fn a_placeholder_stands_for_a_number_or_for_words_of_one_phrase() {
    let width = "「○」は○文字までです";
    assert!(fits(width, "「氏名」は40文字までです"));
    for other in [
        "「氏名」は40文字までですか",
        "「」は40文字までです",
        "「氏名」は文字までです",
        "「氏名」はいくらでも文字までです",
        "「氏名」は未記入です。「備考」は40文字までです",
        "「氏名」は40文字までです（「備考」は40文字までです",
    ] {
        assert!(!fits(width, other), "{other}");
    }
    let cut = "ファイルが○の途中で終わっています";
    assert!(fits(
        cut,
        "ファイルが要素 <a の途中の> の途中で終わっています"
    ));
    assert!(!fits(cut, "ファイルがの途中で終わっています"));
    let attribute = "○が正しくありません";
    assert!(fits(attribute, "申請の別（application）が正しくありません"));
    assert!(!fits(attribute, "申請の別）が正しくありません"));
    assert!(fits("ファイルが空です", "ファイルが空です"));
    assert!(!fits("ファイルが空です", "ファイルが空ですね"));
    assert!(fits("○", "要素 <a> が二つあります（3行目）"));
    assert!(!fits("○", ""));
}

//! Record XML of the real forms, from file to error list: nothing is lost, nothing stops the rest,
//! and memory stays small.

use insta::assert_snapshot;
use kohyo_engine::program::{Application, FieldType};
use kohyo_engine::{Context, Date, Form, evaluate, read};
use kohyo_exchange::generate::{generate, generate_for, heading};
use kohyo_exchange::{
    ErrorList, Heading, Library, Options, RecordWriter, RecordsWriter, Summary, check_document,
    check_records, namespace,
};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tempfile::TempDir;

/// Memory is measured of the whole process, so the tests of this file take turns.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn forms() -> Vec<Arc<Form>> {
    let programs = tests::programs::all();
    programs
        .into_iter()
        .map(|program| Arc::new(Form::new(program).unwrap()))
        .collect()
}

fn form(key: &str) -> Arc<Form> {
    forms()
        .into_iter()
        .find(|form| form.program().key == key)
        .unwrap()
}

fn today() -> Date {
    "2026-07-01".parse().unwrap()
}

fn options() -> Options {
    Options {
        today: today(),
        threads: NonZeroUsize::new(2).unwrap(),
    }
}

#[test]
fn a_record_says_the_same_as_xml_and_as_written_values() {
    let _alone = alone();
    for form in forms() {
        let library = Library::new([form.clone()]).unwrap();
        let writer = RecordWriter::new(&form);
        for seed in 0..10 {
            let application = if seed % 3 == 0 {
                Application::Renewal
            } else {
                Application::New
            };
            let heading = Heading {
                application,
                ..heading()
            };
            let context = Context {
                today: heading.written.unwrap(),
                application,
            };
            let mut raw = generate_for(&form, &context, seed);
            // Every other record lacks an answer.
            if seed % 2 == 0 {
                raw.pop_last();
            }
            let mut xml = Vec::new();
            writer.write(heading, &raw, &mut xml).unwrap();
            let reports = check_document(&xml, &library, today());
            let (answers, refused) = read(&form, &raw);
            let outcome = evaluate(&form, &answers, &context);
            assert_eq!(reports.len(), 1);
            assert_eq!(reports[0].result, Some(outcome.result));
            let direct: Vec<&str> = refused
                .iter()
                .chain(&outcome.findings)
                .map(|finding| finding.check.as_str())
                .collect();
            let checked: Vec<&str> = reports[0]
                .findings
                .iter()
                .map(|finding| finding.check.as_ref())
                .collect();
            assert_eq!(checked, direct, "{}", form.program().key);
        }
    }
}

#[test]
fn ten_thousand_records_stay_below_64_megabytes() {
    let _alone = alone();
    let form = form("shitei-006");
    let library = Library::new([form.clone()]).unwrap();
    let folder = TempDir::new().unwrap();
    let samples: Vec<_> = (0..100).map(|seed| generate(&form, seed)).collect();
    write_many(&folder.path().join("all.xml"), &form, &samples, 10_000);
    for file in 0..20 {
        write_many(
            &folder.path().join(format!("part{file:02}.xml")),
            &form,
            &samples,
            500,
        );
    }
    // Every record of these files has a finding for each of its values.
    for file in ["all.xml", "part07.xml"] {
        let path = folder.path().join(file);
        let broken = fs::read_to_string(&path).unwrap().replace("</", " x</");
        fs::write(
            folder.path().join(format!("broken_{file}")),
            broken.replace(" x</record", "</record"),
        )
        .unwrap();
    }
    for (what, paths) in [
        ("one file", vec!["all.xml"]),
        ("twenty files", (0..20).map(|_| "part00.xml").collect()),
        (
            "every value wrong",
            vec!["broken_all.xml", "broken_part07.xml"],
        ),
        ("everything", vec![""]),
    ] {
        let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
        let list = BufWriter::new(File::create(folder.path().join("list.json")).unwrap());
        let before = memory::forget_peak();
        let mut list = ErrorList::json(list).unwrap();
        let summary = check_records(
            &paths,
            &library,
            options(),
            |_| {},
            |file, report| list.add(file, &report),
        )
        .unwrap();
        list.finish(&summary).unwrap();
        let peak = memory::peak();
        assert!(summary.records >= 500, "{what}: {summary:?}");
        if let (Some(before), Some(peak)) = (before, peak) {
            eprintln!(
                "{what}: {} records, {} findings, peak {} KiB (before {} KiB)",
                summary.records,
                summary.errors + summary.warnings,
                peak,
                before
            );
            assert!(peak < 64 * 1024, "{what}: peak memory {peak} KiB");
        }
    }
}

fn write_many(path: &Path, form: &Form, samples: &[kohyo_engine::RawAnswers], count: usize) {
    let writer = RecordWriter::new(form);
    let mut records = RecordsWriter::new(BufWriter::new(File::create(path).unwrap())).unwrap();
    for number in 0..count {
        records
            .write(&writer, heading(), &samples[number % samples.len()])
            .unwrap();
    }
    records.finish().unwrap().flush().unwrap();
}

#[test]
fn every_kind_of_bad_input_has_a_line_of_its_own() {
    let _alone = alone();
    let form = form("shitei-222");
    let folder = TempDir::new().unwrap();
    let mut xml = Vec::new();
    let good = (0..)
        .map(|seed| generate(&form, seed))
        .find(|raw| has_unit(&form, raw))
        .unwrap();
    RecordWriter::new(&form)
        .write(heading(), &good, &mut xml)
        .unwrap();
    let xml = String::from_utf8(xml).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let ns = namespace(form.program());
    put("00_good.xml", xml.as_bytes());
    put(
        "01_unknown_disease.xml",
        xml.replace(&ns, "urn:kohyo:form:shitei-22:2020").as_bytes(),
    );
    put(
        "02_unknown_edition.xml",
        xml.replace(&ns, "urn:kohyo:form:shitei-222:1999")
            .as_bytes(),
    );
    put("03_truncated.xml", &xml.as_bytes()[..xml.len() * 2 / 3]);
    put("04_wrong_unit.xml", with_other_unit(&xml).as_bytes());
    put("05_hidden_answered.xml", hidden(&form, &good).as_bytes());
    put(
        "06_shift_jis.xml",
        b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><record>\x8e\x52\x93\x63</record>",
    );
    put(
        "07_shift_jis_as_utf8.xml",
        &[
            xml.replace("<patient>", "<patient>\n").as_bytes(),
            b"\x8e\x52",
        ]
        .concat(),
    );
    put(
        "08_utf16.xml",
        &xml.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>(),
    );
    put(
        "09_nested.xml",
        format!(
            "<record xmlns=\"{ns}\" application=\"new\">{}",
            "<a>".repeat(17_000_000)
        )
        .as_bytes(),
    );
    put("10_two_roots.xml", format!("{xml}<record/>").as_bytes());
    put("11_dtd.xml", format!("<!DOCTYPE record>\n{xml}").as_bytes());
    put("12_billion_laughs.xml", billion_laughs().as_bytes());
    put("13_empty.xml", b"");
    put("14_not_xml.xml", b"\x89PNG\r\n\x1a\n");
    put("15_zero_bytes.xml", &[0; 4096]);
    let begun = std::time::Instant::now();
    let mut list = ErrorList::csv(Vec::new()).unwrap();
    let library = Library::new(forms()).unwrap();
    let paths = [
        folder.path().to_owned(),
        folder.path().join("16_missing.xml"),
    ];
    let summary = check_records(
        &paths,
        &library,
        options(),
        |_| {},
        |file, report| list.add(file.strip_prefix(folder.path()).unwrap(), &report),
    )
    .unwrap();
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    let csv = String::from_utf8(list.finish(&Summary::default()).unwrap()).unwrap();
    assert_eq!(summary.files, 17);
    let files: BTreeSet<&str> = csv
        .lines()
        .filter_map(|line| line.split(".xml").next())
        .collect();
    assert!(!files.contains("00_good"), "{csv}");
    assert_snapshot!(csv.replace('\u{feff}', "").replace("\r\n", "\n"), @"");
}

fn has_unit(form: &Form, raw: &kohyo_engine::RawAnswers) -> bool {
    raw.keys().any(|name| {
        let field = form.field_id(name).and_then(|id| form.field(id)).unwrap();
        matches!(&field.ty, FieldType::Number { unit: Some(_), .. }) && !field.required
    })
}

fn with_other_unit(xml: &str) -> String {
    let (before, after) = xml.split_once(" unit=\"").unwrap();
    let (_, after) = after.split_once('"').unwrap();
    format!("{before} unit=\"貫\"{after}")
}

/// The record with an answer to a question that it hides.
fn hidden(form: &Form, raw: &kohyo_engine::RawAnswers) -> String {
    let mut raw = raw.clone();
    raw.insert("recipient_number".into(), vec!["1234567".into()]);
    let mut xml = Vec::new();
    RecordWriter::new(form)
        .write(heading(), &raw, &mut xml)
        .unwrap();
    String::from_utf8(xml).unwrap()
}

fn billion_laughs() -> String {
    let entities: String = (1..12)
        .map(|n| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10)))
        .collect();
    format!("<!DOCTYPE r [<!ENTITY a0 \"lol\">{entities}]><r>&a11;</r>")
}

/// Peak memory of this process as Linux counts it, in KiB; nothing elsewhere.
mod memory {
    use std::fs;

    pub fn peak() -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Begins to count anew; gives what is in use.
    pub fn forget_peak() -> Option<u64> {
        fs::write("/proc/self/clear_refs", "5").ok()?;
        peak()
    }
}

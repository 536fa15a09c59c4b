//! The named corpus of hostile and broken files: each is answered with the error that is written
//! beside it, none keeps the others from being read, and no container among them is opened.
//!
//! The files are made here; nothing binary is kept. Each family has its own file in `hostile/`.

#[path = "hostile/boxes.rs"]
mod boxes;
#[path = "hostile/csv.rs"]
mod csv;
#[path = "hostile/values.rs"]
mod values;
#[path = "hostile/xml.rs"]
mod xml;
#[path = "hostile/zip.rs"]
mod zip;

use kohyo_compiler::{Files, compile, diseases};
use kohyo_engine::Form;
use kohyo_engine::program::Level;
use kohyo_exchange::{Library, Options, check_records};
use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// A file and the checks that must find something in it.
pub struct Case {
    /// Its name; what it ends with decides how it is read.
    pub name: String,
    pub bytes: Vec<u8>,
    /// Ids of the errors, sorted, with blanks between them.
    pub expected: &'static str,
}

pub fn case(name: impl Into<String>, bytes: impl Into<Vec<u8>>, expected: &'static str) -> Case {
    Case {
        name: name.into(),
        bytes: bytes.into(),
        expected,
    }
}

/// A record without any error.
pub const GOOD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <record xmlns=\"urn:kohyo:form:shitei-999:2024\" application=\"new\" written=\"2026-06-01\">\n  \
    <patient>\n    <birth_date>1950-04-01</birth_date>\n  </patient>\n  \
    <diagnosis>\n    <tremor>1</tremor>\n    <rigidity>1</rigidity>\n    <marker unit=\"U/mL\">10.5</marker>\n    \
    <new_marker>1</new_marker>\n  </diagnosis>\n  \
    <severity>\n    <stage>2</stage>\n    <onset>2019-04</onset>\n    <aid>1</aid>\n    <aid>3</aid>\n    \
    <aid_reason>歩行のため</aid_reason>\n  </severity>\n</record>\n";

/// The same as CSV.
pub const HEAD: &str = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage,onset,aid,aid_reason\n";
pub const ROW: &str =
    "shitei-999,2024,new,2026-06-01,1950-04-01,1,1,10.5,1,2,2019-04,1;3,歩行のため\n";

/// The good record with one text replaced, which must be in it.
pub fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

fn library() -> Library {
    let root = tests::root().join("tests/editions/forms/shitei/999_test");
    let mut files = Files::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        files.insert(
            format!("shitei/999_test/{name}"),
            fs::read_to_string(&path).unwrap(),
        );
    }
    let forms = diseases(&files)
        .into_iter()
        .filter_map(|disease| compile(&files, &disease.path).program)
        .map(|program| Arc::new(Form::new(program).unwrap()));
    Library::new(forms).unwrap()
}

#[test]
fn every_file_gets_the_error_that_is_written_beside_it() {
    let cases: Vec<Case> = [
        xml::cases(),
        values::cases(),
        csv::cases(),
        zip::cases(),
        boxes::as_records(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let boxes = boxes::count();
    assert!(
        cases.len() + boxes >= 200,
        "only {} files",
        cases.len() + boxes
    );

    let folder = TempDir::new().unwrap();
    let mut expected = BTreeMap::new();
    for case in &cases {
        let path = folder.path().join(&case.name);
        assert!(!path.exists(), "{} twice", case.name);
        fs::write(&path, &case.bytes).unwrap();
        expected.insert(case.name.as_str(), case.expected);
    }
    fs::write(folder.path().join("zzz_good.xml"), GOOD).unwrap();
    let library = library();
    let options = Options {
        today: "2026-07-01".parse().unwrap(),
        threads: NonZeroUsize::new(2).unwrap(),
        normalise: false,
        keep_records: false,
    };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut good = 0;
    let begun = Instant::now();
    let summary = check_records(
        &[folder.path().to_owned()],
        &library,
        options,
        |_| {},
        |path, report| {
            // Files in a ZIP are listed under its name.
            let inside = path.strip_prefix(folder.path()).unwrap();
            let name = inside.components().next().unwrap();
            let name = name.as_os_str().to_str().unwrap().to_owned();
            good += usize::from(name == "zzz_good.xml" && report.findings.is_empty());
            let errors = report.findings.iter().filter(|f| f.level == Level::Error);
            let list = found.entry(name).or_default();
            list.extend(errors.map(|finding| finding.check.to_string()));
            for finding in &report.findings {
                assert!(finding.help.is_some(), "{inside:?}: {finding} has no help");
            }
            Ok(())
        },
    )
    .unwrap();
    eprintln!("{} files in {:?}", summary.files, begun.elapsed());
    assert_eq!(good, 1, "the last file is read as if it were alone");
    let mut wrong = Vec::new();
    for (name, expected) in expected {
        let mut checks = found.remove(name).unwrap_or_default();
        checks.sort();
        checks.dedup();
        let checks = checks.join(" ");
        if checks != expected {
            wrong.push(format!("{name}: expected `{expected}`, found `{checks}`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

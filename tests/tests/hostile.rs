//! The named corpus of hostile and broken files: each is answered with the error that is written
//! beside it, none keeps the others from being read, and no container among them is opened.
//!
//! The files are made by `tests/hostile`.

use kohyo_compiler::{Files, compile, diseases};
use kohyo_engine::Form;
use kohyo_engine::program::Level;
use kohyo_exchange::{Library, Options, check_records};
use kohyo_hostile::{DEFINITIONS, GOOD, TODAY, boxes};
use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

fn library() -> Library {
    let mut files = Files::new();
    for (path, text) in DEFINITIONS {
        files.insert(path, text);
    }
    let forms = diseases(&files)
        .into_iter()
        .filter_map(|disease| compile(&files, &disease.path).program)
        .map(|program| Arc::new(Form::new(program).unwrap()));
    Library::new(forms).unwrap()
}

#[test]
fn every_file_gets_the_error_that_is_written_beside_it() {
    let cases = kohyo_hostile::records();
    let boxes = boxes::cases().len();
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
        today: TODAY.parse().unwrap(),
        threads: NonZeroUsize::new(2).unwrap(),
        normalise: false,
        keep_records: false,
        except: &[],
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

#[test]
fn every_container_gets_the_error_that_is_written_beside_it_and_none_is_opened() {
    let platform = boxes::platform();
    let certificates = boxes::certificates();
    let register = boxes::register(&platform, certificates.iter().map(String::as_str));
    let open =
        |container: &[u8], now| boxes::open(Cursor::new(container), &platform, &register, now);
    let mut wrong = Vec::new();
    for case in boxes::cases() {
        let check = open(&case.bytes, boxes::OPENED).map_or_else(|check| check, |_| "opened");
        if check != case.expected {
            wrong.push(format!(
                "{}: expected `{}`, found `{check}`",
                case.name, case.expected
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let good = boxes::good(GOOD.as_bytes());
    assert_eq!(open(&good, boxes::SEALED), Ok(GOOD.as_bytes().to_vec()));
}

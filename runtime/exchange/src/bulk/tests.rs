//! Order, limits and broken files of the bulk check.

use super::*;
use crate::generate::{generate, heading};
use crate::samples;
use crate::write::{RecordWriter, RecordsWriter};
use insta::assert_snapshot;
use std::fmt::Write as _;
use std::fs;
use tempfile::TempDir;

fn options(threads: usize) -> Options {
    Options {
        today: "2026-07-01".parse().unwrap(),
        threads: NonZeroUsize::new(threads).unwrap(),
        normalise: false,
        keep_records: false,
    }
}

/// Checks and lists what was found; file names relative to the folder.
fn check(folder: &TempDir, paths: &[&str], threads: usize) -> (String, Summary) {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.path().join(path)).collect();
    let library = Library::new([samples::form()]).unwrap();
    let mut out = String::new();
    let mut last = Progress::default();
    let summary = check_records(
        &paths,
        &library,
        options(threads),
        |progress| last = progress,
        |file, report| {
            let file = file.strip_prefix(folder.path()).unwrap().display();
            let result = report.result.map_or("-", ResultKind::name);
            let checks: Vec<&str> = report.findings.iter().map(|f| f.check.as_ref()).collect();
            writeln!(
                out,
                "{file} {} {result} {}",
                report.number,
                checks.join(" ")
            )
            .unwrap();
            Ok(())
        },
    )
    .unwrap();
    assert_eq!(
        (last.files, last.records),
        (last.all_files, summary.records)
    );
    assert_eq!(last.files, summary.files);
    (out, summary)
}

fn one_record(seed: u64) -> Vec<u8> {
    let form = samples::form();
    let mut xml = Vec::new();
    RecordWriter::new(&form)
        .write(heading(), &generate(&form, seed), &mut xml)
        .unwrap();
    xml
}

fn many_records(count: u64) -> Vec<u8> {
    let form = samples::form();
    let writer = RecordWriter::new(&form);
    let mut records = RecordsWriter::new(Vec::new()).unwrap();
    for seed in 0..count {
        records
            .write(&writer, heading(), &generate(&form, seed))
            .unwrap();
    }
    records.finish().unwrap()
}

#[cfg(unix)]
#[test]
fn one_broken_file_never_stops_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    fs::create_dir_all(folder.path().join("in/deep")).unwrap();
    fs::create_dir_all(folder.path().join("empty")).unwrap();
    let mut xml = Vec::new();
    RecordWriter::new(&samples::form())
        .write(heading(), &samples::full(), &mut xml)
        .unwrap();
    write("in/good.xml", &xml);
    write("in/deep/GOOD.XML", &xml);
    write("in/notes.txt", b"no record");
    write("in/truncated.xml", &xml[..xml.len() / 2]);
    write(
        "in/sjis.xml",
        b"<?xml version='1.0' encoding='Shift_JIS'?><record/>",
    );
    write("in/utf16.xml", b"\xff\xfe<\0?\0");
    write(
        "in/two_roots.xml",
        &[xml.clone(), b"<record/>".to_vec()].concat(),
    );
    write("in/dtd.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>");
    write("in/not_xml.xml", b"PK\x03\x04");
    write("in/nested.xml", &b"<record>".repeat(6_250_000));
    write("secret.xml", &xml);
    let paths = ["in", "in/good.xml", "missing.xml", "empty", "secret.xml"];
    fs::set_permissions(
        folder.path().join("secret.xml"),
        fs::Permissions::from_mode(0o000),
    )
    .unwrap();
    let readable = File::open(folder.path().join("secret.xml")).is_ok();
    let begun = std::time::Instant::now();
    let (list, summary) = check(&folder, &paths, 2);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
    // The superuser may read everything.
    let list = if readable {
        list.replace("secret.xml 1 eligible ", "secret.xml 0 - file.unreadable")
    } else {
        list
    };
    assert_snapshot!(list, @r"
    empty 0 - file.no_xml
    in/deep/GOOD.XML 1 eligible 
    in/dtd.xml 0 - xml.dtd
    in/good.xml 1 eligible 
    in/nested.xml 1 - xml.unknown_namespace xml.too_deep
    in/not_xml.xml 0 - zip.broken
    in/sjis.xml 0 - file.encoding
    in/truncated.xml 1 - xml.truncated
    in/two_roots.xml 1 eligible 
    in/two_roots.xml 0 - xml.not_well_formed
    in/utf16.xml 0 - file.encoding
    missing.xml 0 - file.unreadable
    secret.xml 0 - file.unreadable
    ");
    assert_eq!(summary.files, 12);
}

#[test]
fn the_order_is_that_of_names_and_places_on_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    for number in 0..40 {
        let xml = if number % 7 == 0 {
            many_records(700)
        } else {
            one_record(number)
        };
        fs::write(folder.path().join(format!("{number:02}.xml")), xml).unwrap();
    }
    let (alone, summary) = check(&folder, &[""], 1);
    assert_eq!(summary.records, 6 * 700 + 34);
    assert_eq!(alone.lines().count() as u64, summary.records);
    assert_eq!((alone, summary), check(&folder, &[""], 4));
}

#[test]
fn a_failing_sink_stops_the_check() {
    let folder = TempDir::new().unwrap();
    for number in 0..30 {
        fs::write(
            folder.path().join(format!("{number}.xml")),
            many_records(600),
        )
        .unwrap();
    }
    let library = Library::new([samples::form()]).unwrap();
    let mut count = 0;
    let sink = |_: &Path, _: RecordReport| {
        count += 1;
        if count == 1000 {
            Err(io::Error::other("disk full"))
        } else {
            Ok(())
        }
    };
    let error = check_records(
        &[folder.path().to_owned()],
        &library,
        options(3),
        |_| {},
        sink,
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "disk full");
    assert_eq!(count, 1000);
}

#[cfg(unix)]
#[test]
fn pipes_and_links_in_a_circle_are_no_trap() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a.xml"), one_record(1)).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("circle")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.xml")).unwrap();
    let pipe = std::process::Command::new("mkfifo")
        .arg(folder.path().join("pipe.xml"))
        .status();
    let (list, _) = check(&folder, &[""], 2);
    assert!(list.contains("dangling.xml 0 - file.unreadable"), "{list}");
    if pipe.is_ok_and(|status| status.success()) {
        assert!(list.contains("pipe.xml 0 - file.unreadable"), "{list}");
    }
}

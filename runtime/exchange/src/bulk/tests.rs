//! Order, limits and broken files of the bulk check.

use super::*;
use crate::generate::{generate, heading};
use crate::samples;
use crate::{CsvWriter, RecordWriter, RecordsWriter};
use insta::assert_snapshot;
use std::fmt::Write as _;
use std::fs;
use tempfile::TempDir;

fn options(threads: usize) -> Options<'static> {
    Options {
        today: "2026-07-01".parse().unwrap(),
        threads: NonZeroUsize::new(threads).unwrap(),
        normalise: false,
        keep_records: false,
        except: &[],
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

/// Everything about every report, in order.
fn reports(path: &Path, threads: usize, library: &Library) -> String {
    let mut out = String::new();
    let options = Options {
        normalise: true,
        keep_records: true,
        except: &[],
        ..options(threads)
    };
    let sink = |file: &Path, report: RecordReport| {
        let RecordReport {
            number,
            result,
            findings,
            changes,
            record,
            ..
        } = report;
        writeln!(
            out,
            "{} {number} {result:?} {record:?} {changes:?} {findings:#?}",
            file.display()
        )
        .unwrap();
        Ok(())
    };
    let summary = check_records(&[path.to_owned()], library, options, |_| {}, sink).unwrap();
    writeln!(out, "{summary:?}").unwrap();
    out
}

/// A large file is read by several threads as if by one: whatever stands where it was cut.
#[test]
fn a_large_file_of_many_records_is_read_as_by_one_reader() {
    let good = String::from_utf8(many_records(200)).unwrap();
    assert!(good.len() > 100_000, "{}", good.len());
    let middle = good.char_indices().nth(60_000).unwrap().0;
    let middle = middle + good[middle..].find("</record>\n").unwrap();
    let behind = middle + "</record>\n".len();
    let put = |at: usize, what: &str| format!("{}{what}{}", &good[..at], &good[at..]);
    let empty_lines = "</record>\n".repeat(2_000);
    let mut files = vec![
        ("good", good.clone()),
        ("carriage returns", good.replace('\n', "\r\n")),
        ("no line ends", good.replace('\n', "")),
        (
            "cut",
            good[..good.floor_char_boundary(middle - 40)].to_owned(),
        ),
        ("cut behind a record", good[..behind].to_owned()),
        ("more behind the root", format!("{good}<record/>")),
        ("comment", put(behind, &format!("<!-- \n{empty_lines} -->"))),
        (
            "comment inside",
            put(middle, &format!("<!-- \n{empty_lines} -->")),
        ),
        (
            "section",
            put(
                behind,
                &format!("<x><![CDATA[\n{}]]></x>", &empty_lines[..40_000 / 2]),
            ),
        ),
        ("ends alone", put(behind, &empty_lines)),
        ("empty records", put(behind, &"<record/>\n".repeat(900))),
        (
            "nested",
            put(
                middle,
                &format!("<x>{}</x>", "<record>\n</record>\n".repeat(900)),
            ),
        ),
        ("text between", put(behind, "text\n")),
        ("a control character", put(middle, "\u{1}")),
        ("a wrong end", put(middle, "</x>")),
        ("wrong values", good.replace("<stage>", "<stage>x")),
        ("wrong dates", good.replace("-0", "/0")),
    ];
    let prefixed = good
        .replace("<record ", "<k:record ")
        .replace("</record>", "</k:record>");
    files.push(("an undeclared prefix", prefixed));
    let root = "<records xmlns=\"urn:kohyo:records\"";
    assert!(good.contains(root));
    let told = format!("<!-- a --><?b c?>\n{root} strange=\"1\" xmlns:y=\"urn:y\"");
    files.push(("attributes of the root", good.replace(root, &told)));
    let mut files: Vec<(&str, Vec<u8>)> = files
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .collect();
    for byte in [0x80, 0xff, 0xe3] {
        let mut bytes = good.clone().into_bytes();
        bytes.insert(behind, byte);
        files.push(("no UTF-8", bytes));
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.xml");
    let library = Library::new([samples::form()]).unwrap();
    for (name, bytes) in files {
        fs::write(&path, &bytes).unwrap();
        let alone = reports(&path, 1, &library);
        for threads in [2, 5] {
            let together = reports(&path, threads, &library);
            assert!(together == alone, "{name} on {threads} threads");
        }
    }
}

fn many_rows(count: u64) -> String {
    let form = samples::form();
    let mut writer = CsvWriter::new(&form, Vec::new()).unwrap();
    for seed in 0..count {
        writer.write(heading(), &generate(&form, seed)).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// A large CSV file likewise: whatever its rows hold, and wherever it is damaged.
#[test]
fn a_large_table_is_read_as_by_one_reader() {
    let good = many_rows(600);
    assert!(good.len() > 60_000, "{}", good.len());
    let (columns, rows) = good.split_once('\n').unwrap();
    let middle = good.char_indices().nth(good.chars().count() / 2).unwrap().0;
    let behind = middle + good[middle..].find('\n').unwrap() + 1;
    let first_cell = behind + good[behind..].find(',').unwrap();
    let put = |at: usize, what: &str| format!("{}{what}{}", &good[..at], &good[at..]);
    let (first, others) = rows.split_once('\n').unwrap();
    let texts = [
        ("good", good.clone()),
        ("a mark", format!("\u{feff}{good}")),
        ("line feeds", good.replace("\r\n", "\n")),
        ("carriage returns", good.replace("\r\n", "\r")),
        ("no end", good.trim_end().to_owned()),
        ("quoted", good.replace("shitei-006,", "\"shitei-006\",")),
        ("cut", good[..middle].to_owned()),
        ("cut behind a row", good[..behind].to_owned()),
        ("nothing but names", columns.to_owned()),
        ("comments", put(behind, &"# a \"b\"\n".repeat(900))),
        ("quoted comments", put(behind, "\"# a\nb\"\n")),
        ("empty lines", put(behind, &"\r\n".repeat(3_000))),
        ("rows of nothing", put(behind, ",,,\n , ,\n")),
        ("a comment first", format!("# \u{3042}\n\n{good}")),
        ("too few cells", put(behind, "shitei-006,2020\n")),
        ("a stray quote", put(behind + 3, "\"")),
        ("an open quote", put(behind, "\"")),
        (
            "a long cell",
            put(behind, &format!("\"{}\"\n", "a\r\nb\rc\n".repeat(5_000))),
        ),
        ("no text", put(behind, "\0")),
        (
            "another form",
            put(
                behind,
                &others[..others.find('\n').unwrap() + 1].replacen("006", "007", 1),
            ),
        ),
        (
            "another form first",
            good.replacen("shitei-006", "shitei-007", 1),
        ),
        (
            "a comment for a first record",
            format!("{columns}\n\"#\"\n{first}\n{others}"),
        ),
        (
            "an unknown column",
            good.replacen("form,", "form,strange", 1),
        ),
        (
            "a column less",
            format!("{}{}", &good[..first_cell], &good[first_cell + 1..]),
        ),
        ("wrong dates", good.replace("-0", "/0")),
        ("the names again", put(behind, &format!("{columns}\n"))),
        (
            "other names",
            put(
                behind,
                &format!("{}\n", columns.replacen("name,", "naem,", 1)),
            ),
        ),
        ("a strange value", {
            let named = good.replacen("\r\n", ",strange\r\n", 1);
            let (names, rows) = named.split_once("\r\n").unwrap();
            let rows = rows.replace("\r\nshitei", ",\r\nshitei");
            let at = rows.floor_char_boundary(rows.len() * 2 / 3);
            let at = at + rows[at..].find(",\r\n").unwrap() + 1;
            format!("{names}\r\n{}x{}", &rows[..at], &rows[at..])
        }),
    ];
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    for (name, text) in texts {
        let (other, _, lost) = encoding_rs::SHIFT_JIS.encode(&text);
        if !lost {
            files.push((name, other.into_owned()));
        }
        files.push((name, text.into_bytes()));
    }
    for (name, mut bytes) in files.split_off(0) {
        files.push((name, bytes.clone()));
        let at = bytes.len() * 2 / 3;
        for wrong in [0x80, 0xff, 0x82] {
            bytes.insert(at, wrong);
            files.push((name, bytes.clone()));
            bytes.remove(at);
        }
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.csv");
    let library = Library::new([samples::form()]).unwrap();
    for (name, bytes) in files {
        fs::write(&path, &bytes).unwrap();
        let alone = reports(&path, 1, &library);
        let together = reports(&path, 3, &library);
        assert!(together == alone, "{name}, {} bytes", bytes.len());
    }
}

/// The files of an archive are shared, and what is wrong with one of them stays with it.
#[test]
fn an_archive_is_read_as_by_one_reader() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.zip");
    let rows = many_rows(30);
    let files: Vec<(String, Vec<u8>)> = (0..300_u64)
        .map(|number| match number % 50 {
            7 => (format!("{number:03}.csv"), rows.clone().into_bytes()),
            9 => (format!("{number:03}.xml"), many_records(40)),
            11 => (format!("{number:03}.csv"), b"\"".to_vec()),
            13 => (format!("../{number:03}.xml"), one_record(number)),
            17 => (format!("{number:03}.zip"), b"PK".to_vec()),
            19 => (format!("{number:03}.txt"), b"text".to_vec()),
            23 => (
                format!("{number:03}.xml"),
                one_record(number)[..90].to_vec(),
            ),
            _ => (format!("{number:03}.xml"), one_record(number)),
        })
        .collect();
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    for (name, bytes) in &files {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(name, options).unwrap();
        io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap();
    let library = Library::new([samples::form()]).unwrap();
    let alone = reports(&path, 1, &library);
    for check in [
        "csv.unclosed_quote",
        "zip.name",
        "zip.nested",
        "xml.truncated",
    ] {
        assert!(alone.contains(check), "{check}");
    }
    for threads in [2, 5] {
        assert!(
            reports(&path, threads, &library) == alone,
            "{threads} threads"
        );
    }
    // Packed data that is damaged belongs to some file, which is the only one to suffer.
    let good = fs::read(&path).unwrap();
    for part in 1..8 {
        let mut bytes = good.clone();
        let at = bytes.len() * part / 10;
        bytes[at] ^= 0x55;
        fs::write(&path, &bytes).unwrap();
        assert!(
            reports(&path, 1, &library) == reports(&path, 3, &library),
            "damage at {at}"
        );
    }
    for useless in [
        vec![],
        vec![("[Content_Types].xml", "<Types/>")],
        vec![("a.txt", "text")],
    ] {
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in useless {
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        assert_eq!(reports(&path, 1, &library), reports(&path, 3, &library));
    }
}

/// The same for damage of any kind at any place.
#[test]
fn a_damaged_file_is_read_as_by_one_reader() {
    let good = many_records(90);
    assert!(good.len() > 40_000, "{} bytes are not cut", good.len());
    let folder = TempDir::new().unwrap();
    let library = Library::new([samples::form()]).unwrap();
    let table = many_rows(300).into_bytes();
    let (xml, csv) = (folder.path().join("a.xml"), folder.path().join("a.csv"));
    let mut dice = 1_u64;
    let mut below = |limit: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(dice >> 33).unwrap() % limit
    };
    let pieces: [&[u8]; 9] = [
        b"<",
        b">",
        b"\n",
        b"<!--",
        b"]]>",
        b"</record>\n",
        b"<record>",
        b"\"",
        b"\r#",
    ];
    for (path, good) in [(&xml, &good), (&csv, &table)]
        .into_iter()
        .cycle()
        .take(120)
    {
        let mut bytes = good.clone();
        for _ in 0..=below(3) {
            let (at, length) = (below(bytes.len()), below(30));
            let end = bytes.len().min(at + length);
            bytes.splice(at..end, pieces[below(pieces.len())].iter().copied());
        }
        fs::write(path, &bytes).unwrap();
        assert!(
            reports(path, 1, &library) == reports(path, 3, &library),
            "{bytes:?}"
        );
    }
}

#[test]
fn a_large_file_is_cut_into_stretches() {
    let folder = TempDir::new().unwrap();
    let cut = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let targets = targets(std::slice::from_ref(&path), &[]).targets;
        let mut pieces = Pieces::new(&targets, true);
        let mut count = 0;
        while let Some(piece) = pieces.next() {
            count += usize::from(matches!(piece.work, Work::Stretch(_) | Work::Rows(..)));
        }
        count
    };
    let many = many_records(100);
    assert!(cut("a.xml", &many) > 10);
    assert_eq!(cut("a.xml", &many_records(3)), 0);
    assert_eq!(cut("a.xml", &one_record(1).repeat(100)), 0);
    assert!(cut("a.csv", many_rows(400).as_bytes()) > 10);
    assert_eq!(cut("a.csv", many_rows(3).as_bytes()), 0);
}

#[test]
fn files_of_other_kinds_are_named_unless_nobody_means_them() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str| fs::write(folder.path().join(name), one_record(1)).unwrap();
    for inner in ["inner", ".hidden", "__MACOSX"] {
        fs::create_dir_all(folder.path().join("sk").join(inner)).unwrap();
    }
    for name in [
        "v0.xml",
        "患者2.xlsx",
        "患者3.txt",
        "inner/患者4.docx",
        "inner/README",
    ] {
        write(&format!("sk/{name}"));
    }
    for name in [
        ".DS_Store",
        ".hidden.txt",
        "~$患者2.xlsx",
        "Thumbs.db",
        "inner/Desktop.ini",
        "._v0.xml",
        "~$v0.csv",
        ".hidden/v0.xml",
        "__MACOSX/v0.xml",
    ] {
        write(&format!("sk/{name}"));
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("sk/elsewhere")).unwrap();
    let unread = |paths: &[&str]| {
        let (_, summary) = check(&folder, paths, 1);
        let name = |path: &String| {
            let path = Path::new(path).strip_prefix(folder.path()).unwrap();
            path.to_str().unwrap().to_owned()
        };
        (
            summary.records,
            summary.unread.iter().map(name).collect::<Vec<_>>(),
        )
    };
    let links: &[&str] = if cfg!(unix) { &["sk/elsewhere"] } else { &[] };
    let files = [
        "sk/inner/README",
        "sk/inner/患者4.docx",
        "sk/患者2.xlsx",
        "sk/患者3.txt",
    ];
    let all: Vec<String> = links
        .iter()
        .chain(&files)
        .map(ToString::to_string)
        .collect();
    assert_eq!(unread(&["sk"]), (1, all.clone()));
    // What is named by itself is read.
    assert_eq!(
        unread(&["sk", "sk/患者3.txt"]),
        (2, all[..all.len() - 1].to_vec())
    );
    assert_eq!(unread(&["sk/v0.xml"]), (1, Vec::new()));
}

#[test]
fn other_files_of_an_archive_are_named() {
    let folder = TempDir::new().unwrap();
    let mut zip = zip::ZipWriter::new(File::create(folder.path().join("a.zip")).unwrap());
    for name in [
        "b/患者2.xlsx",
        "v0.xml",
        "a.txt",
        "b/Thumbs.db",
        ".DS_Store",
    ] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        io::Write::write_all(&mut zip, &one_record(1)).unwrap();
    }
    zip.finish().unwrap();
    fs::write(folder.path().join("z.txt"), "").unwrap();
    for threads in [1, 3] {
        let (_, summary) = check(&folder, &["."], threads);
        let unread: Vec<&str> = summary
            .unread
            .iter()
            .filter_map(|path| path.split_once("/./").map(|(_, name)| name))
            .collect();
        assert_eq!(unread, ["a.zip/a.txt", "a.zip/b/患者2.xlsx", "z.txt"]);
        assert_eq!(summary.records, 1);
    }
}

#[test]
fn lists_that_are_being_written_are_not_named() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("v0.xml"), one_record(1)).unwrap();
    let list = folder.path().join("errors.html");
    fs::write(&list, "").unwrap();
    let library = Library::new([samples::form()]).unwrap();
    let summary = |except: &[PathBuf]| {
        let options = Options {
            except,
            ..options(1)
        };
        let paths = [folder.path().to_owned()];
        check_records(&paths, &library, options, |_| {}, |_, _| Ok(())).unwrap()
    };
    assert_eq!(summary(&[]).unread.len(), 1);
    assert_eq!(summary(std::slice::from_ref(&list)).unread.len(), 0);
}

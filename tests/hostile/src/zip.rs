//! Archives that lie, grow, nest or reach outside.

use super::{Case, GOOD, HEAD, ROW, case};
use ::zip::CompressionMethod;
use ::zip::write::{SimpleFileOptions, ZipWriter};
use std::io::{Cursor, Write};

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Every occurrence of a number of four bytes becomes another.
fn replaced(mut bytes: Vec<u8>, from: u32, to: u32) -> Vec<u8> {
    let (from, to) = (from.to_le_bytes(), to.to_le_bytes());
    let mut at = 0;
    let mut count = 0;
    while at + 4 <= bytes.len() {
        if bytes[at..at + 4] == from {
            bytes[at..at + 4].copy_from_slice(&to);
            count += 1;
            at += 4;
        } else {
            at += 1;
        }
    }
    assert!(count >= 2, "{count}");
    bytes
}

pub fn cases() -> Vec<Case> {
    let good = || archive(&[("a.xml", GOOD.as_bytes())]);
    let length = u32::try_from(GOOD.len()).unwrap();
    let mut all = vec![
        case("z_empty.zip", archive(&[]), "zip.no_records"),
        case("z_no_zip.zip", "no archive", "zip.broken"),
        case("z_zero_bytes.zip", "", "zip.broken"),
        case(
            "z_no_records.zip",
            archive(&[("a.txt", b"text")]),
            "zip.no_records",
        ),
        case(
            "z_nested.zip",
            archive(&[("in.zip", &good()), ("a.xml", GOOD.as_bytes())]),
            "zip.nested",
        ),
        case(
            "z_xlsx.zip",
            archive(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("xl/workbook.xml", b"<workbook/>"),
            ]),
            "file.office",
        ),
        case(
            "z_packed.zip",
            &b"7z\xbc\xaf\x27\x1c\0\x04"[..],
            "file.foreign",
        ),
        case(
            "z_size_smaller.zip",
            replaced(good(), length, 10),
            "zip.broken",
        ),
        case(
            "z_size_larger.zip",
            replaced(good(), length, length + 10),
            "zip.broken",
        ),
        case(
            "z_broken_record.zip",
            archive(&[("a.xml", &GOOD.as_bytes()[..200])]),
            "xml.truncated",
        ),
        case(
            "z_broken_csv.zip",
            archive(&[("a.csv", format!("{HEAD}\"").as_bytes())]),
            "csv.unclosed_quote",
        ),
        case(
            "z_bomb_xml.zip",
            archive(&[("a.xml", &[b' '; 30_000_000])]),
            "zip.bomb",
        ),
        case(
            "z_bomb_csv.zip",
            archive(&[("a.csv", &[b'\n'; 30_000_000])]),
            "zip.bomb",
        ),
        case(
            "z_bomb_record.zip",
            archive(&[(
                "a.xml",
                GOOD.replace("歩行のため", &" ".repeat(30_000_000))
                    .as_bytes(),
            )]),
            "file.too_large",
        ),
    ];
    for (name, trap) in [
        ("up", "../../etc/cron.d/a.xml"),
        ("up_inside", "a/../../b.xml"),
        ("root", "/abs/a.xml"),
        ("windows", "C:\\win\\a.xml"),
        ("windows_up", "..\\..\\a.xml"),
        ("share", "\\\\host\\share\\a.xml"),
    ] {
        let files: [(&str, &[u8]); 2] = [
            (trap, GOOD.as_bytes()),
            ("ok.csv", &[HEAD.as_bytes(), ROW.as_bytes()].concat()),
        ];
        all.push(case(
            format!("z_name_{name}.zip"),
            archive(&files),
            "zip.name",
        ));
    }
    // The end is missing, the beginning is missing, a byte of the packed data has changed.
    let whole = good();
    for part in 1..10 {
        let cut = whole.len() * part / 10;
        all.push(case(
            format!("z_cut_{part}.zip"),
            &whole[..cut],
            "zip.broken",
        ));
    }
    for part in 1..6 {
        let mut changed = whole.clone();
        changed[40 + part * 20] ^= 0x55;
        all.push(case(format!("z_changed_{part}.zip"), changed, "zip.broken"));
    }
    all.push(case("z_encrypted.zip", encrypted(), "zip.encrypted"));
    all.push(case("z_link.zip", link(), "zip.link"));
    all.push(case("z_twice.zip", twice(), "zip.duplicate_name"));
    all.push(case("z_many.zip", many(), "zip.too_many"));
    all.push(case("z_method.zip", other_method(), "zip.method"));
    all
}

/// The bit that says so is set; the data are not encrypted in earnest.
fn encrypted() -> Vec<u8> {
    let mut bytes = archive(&[("a.xml", GOOD.as_bytes())]);
    set_in_headers(&mut bytes, 6, 8, 1);
    bytes
}

/// LZMA, by number.
fn other_method() -> Vec<u8> {
    let mut bytes = archive(&[("a.xml", GOOD.as_bytes())]);
    set_in_headers(&mut bytes, 8, 10, 14);
    bytes
}

/// Sets a byte of the local and of the central header.
fn set_in_headers(bytes: &mut [u8], local: usize, central: usize, value: u8) {
    bytes[local] = value;
    let at = bytes.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    bytes[at + central] = value;
}

fn link() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink("a.xml", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    writer.finish().unwrap().into_inner()
}

/// Two entries of one name: the second name is changed in the finished bytes.
fn twice() -> Vec<u8> {
    let mut bytes = archive(&[("a.xml", GOOD.as_bytes()), ("b.xml", GOOD.as_bytes())]);
    for at in 0..bytes.len() - 5 {
        if &bytes[at..at + 5] == b"b.xml" {
            bytes[at] = b'a';
        }
    }
    bytes
}

/// An end that claims sixty thousand entries.
fn many() -> Vec<u8> {
    let mut bytes = archive(&[("a.xml", GOOD.as_bytes())]);
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
    bytes
}

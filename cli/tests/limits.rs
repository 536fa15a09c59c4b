//! `check-records` under a limit of memory that the system enforces: what exceeds it ends the process.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// Written memory of the whole process in KiB, stacks of its threads included.
const LIMIT: u32 = 64 * 1024;

fn forms() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms")
}

fn check_within(kib: u32, folder: &Path, input: &str) -> Output {
    Command::new("sh")
        .args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &kib.to_string()])
        .arg(env!("CARGO_BIN_EXE_kohyo"))
        .args(["check-records", input, "--csv", "errors.csv"])
        .args(["--threads", "2", "--on", kohyo_hostile::TODAY])
        .current_dir(folder)
        .env("KOHYO_FORMS", forms())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn ten_thousand_records_are_checked_within_the_limit() {
    let folder = TempDir::new().unwrap();
    let written = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .args(["generate-records", "999@2024", "--count", "10000"])
        .args(["--out", "many.xml"])
        .current_dir(folder.path())
        .env("KOHYO_FORMS", forms())
        .output()
        .unwrap();
    assert!(written.status.success(), "{}", said(&written));
    let checked = check_within(LIMIT, folder.path(), "many.xml");
    assert!(said(&checked).contains("10000 件"), "{}", said(&checked));
    // The limit is there: with less than a window of the reader takes, there is no answer.
    let starved = check_within(2 * 1024, folder.path(), "many.xml");
    assert!(!said(&starved).contains("10000 件"), "{}", said(&starved));
}

#[test]
fn every_hostile_file_is_answered_within_the_limit() {
    let folder = TempDir::new().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    let cases = kohyo_hostile::records();
    for case in &cases {
        fs::write(files.join(&case.name), &case.bytes).unwrap();
    }
    let checked = check_within(LIMIT, folder.path(), "files");
    assert_eq!(checked.status.code(), Some(1), "{}", said(&checked));
    let list = fs::read_to_string(folder.path().join("errors.csv")).unwrap();
    for bomb in ["z_bomb_xml.zip", "z_bomb_csv.zip", "z_bomb_record.zip"] {
        assert!(list.contains(bomb), "{bomb}");
    }
}

/// Half a list must not pass for the whole.
#[test]
fn a_list_that_finds_no_room_is_told() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
        .arg("list")
        .env("KOHYO_FORMS", forms())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(said(&output), @r"
    エラー: 結果を書き出せません: 空き容量がありません（OSエラー 28）
      書き出し先の空き容量を確認してください。途中までの出力は使わないでください
    ");
}

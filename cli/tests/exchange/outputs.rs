//! Outputs that would destroy something are refused before anything is written.

use super::{Desk, FIRST, OPEN, PLATFORM, key_issue, said};
use std::fs;

pub const RECORD: &str = "<record xmlns=\"urn:kohyo:form:shitei-999:2024\" application=\"new\" written=\"2026-06-01\">\
    <patient><birth_date>1950-04-01</birth_date></patient><diagnosis>\
    <tremor>1</tremor><rigidity>1</rigidity><marker>1.0</marker><new_marker>1</new_marker></diagnosis>\
    <severity><stage>2</stage></severity></record>";

impl Desk {
    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// The command refuses, with these words, and everything is as it was.
    fn refuses(&self, passphrase: &str, arguments: &[&str], words: &str) {
        let before = self.everything();
        let output = self.kohyo(passphrase, arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert_eq!(self.everything(), before, "{arguments:?}");
    }

    /// Every file with its content.
    fn everything(&self) -> Vec<(String, Vec<u8>)> {
        let mut folders = vec![self.path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => files.push((path.display().to_string(), fs::read(path).unwrap())),
                }
            }
        }
        files.sort();
        files
    }
}

const INPUT: &str = "読み込むファイルなので、出力先にできません";

#[test]
fn lists_replace_no_record() {
    let desk = Desk::new();
    desk.write("v.xml", RECORD);
    desk.write("in/v0.xml", RECORD);
    desk.write("in/v1.csv", "form\n");
    desk.write("notes.csv", "覚え書き\n");
    for option in ["--csv", "--json", "--xlsx", "--html"] {
        desk.refuses("", &["check-records", "v.xml", option, "v.xml"], INPUT);
        desk.refuses(
            "",
            &["check-records", "v.xml", option, "./in/../v.xml"],
            INPUT,
        );
        desk.refuses("", &["check-records", "in", option, "in/v0.xml"], INPUT);
        desk.refuses(
            "",
            &["check-records", "v.xml", option, "notes.csv"],
            "この一覧でないものがすでにあるため、上書きしません",
        );
    }
    let changes = [
        "check-records",
        "in",
        "--normalise",
        "--changes",
        "in/v1.csv",
    ];
    desk.refuses("", &changes, INPUT);
    let twice = [
        "check-records",
        "v.xml",
        "--csv",
        "same.x",
        "--json",
        "./same.x",
    ];
    desk.refuses("", &twice, "は同じファイルです");
}

#[test]
fn a_list_replaces_an_older_one_even_among_the_records() {
    let desk = Desk::new();
    desk.write("in/v0.xml", RECORD);
    desk.write("in/empty.json", "");
    let check = [
        "check-records",
        "in",
        "--csv",
        "in/errors.csv",
        "--json",
        "in/empty.json",
        "--xlsx",
        "errors.xlsx",
        "--html",
        "errors.html",
        "--on",
        "2026-07-01",
    ];
    for _ in 0..2 {
        let said = desk.works("", &check);
        assert!(said.contains("1 ファイル、1 件"), "{said}");
    }
    assert!(desk.read("in/errors.csv").starts_with("\u{feff}ファイル名"));
    assert!(desk.read("in/empty.json").starts_with("{\"findings\""));
}

#[test]
fn a_list_that_somebody_has_worked_on_is_kept() {
    let desk = Desk::new();
    desk.write("v0.xml", RECORD);
    let check = ["check-records", "v0.xml", "--csv", "errors.csv"];
    let convert = ["convert", "v0.xml", "--to", "csv", "--out", "c"];
    for (command, list) in [
        (&check[..], "errors.csv"),
        (&convert, "c/shitei-999-2024.csv"),
    ] {
        let copy = format!("{list}.bak");
        for _ in 0..2 {
            let said = desk.works("", command);
            assert!(!said.contains("に残しました"), "{said}");
        }
        let noted = format!("{}担当医に確認,,,\r\n", desk.read(list));
        desk.write(list, &noted);
        let said = desk.works("", command);
        assert!(said.contains(&format!("{copy} に残しました")), "{said}");
        assert_eq!(desk.read(&copy), noted);
        assert_ne!(desk.read(list), noted);
    }
}

#[test]
fn a_list_replaces_no_other_page_and_no_other_zip() {
    let desk = Desk::new();
    desk.write("v0.xml", RECORD);
    let page = "<!doctype html>\n<html lang=\"ja\"><head><title>別のページ</title>";
    // A ZIP begins with the name of its first file behind 30 bytes.
    let packed = format!("PK\u{3}\u{4}{}v0.xml", "\0".repeat(26));
    for (option, name, content) in [
        ("--html", "other.html", page),
        ("--xlsx", "records.zip", packed.as_str()),
    ] {
        desk.write(name, content);
        let check = ["check-records", "v0.xml", option, name];
        desk.refuses("", &check, "この一覧でないものがすでにある");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_list_that_cannot_be_written_to_its_end_leaves_the_older_one() {
    let desk = Desk::new();
    let broken = format!(
        "<records xmlns=\"urn:kohyo:records\">{}</records>",
        "<x/>".repeat(5_000)
    );
    desk.write("v.xml", &broken);
    let older = "\u{feff}ファイル名,レコード番号,以前の一覧\n";
    desk.write("errors.csv", older);
    let before = desk.everything();
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" check-records v.xml --csv errors.csv",
        ])
        .arg(env!("CARGO_BIN_EXE_kohyo"))
        .env(
            "KOHYO_FORMS",
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms"),
        )
        .current_dir(desk.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("errors.csv に書けません"),
        "{}",
        said(&output)
    );
    assert_eq!(desk.everything(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_check_that_is_stopped_leaves_nothing_behind() {
    use std::time::Duration;
    let desk = Desk::new();
    let many = RECORD.repeat(100_000);
    let many = format!("<records xmlns=\"urn:kohyo:records\">{many}</records>");
    desk.write("in/v.xml", &many);
    let names = || {
        let entries = fs::read_dir(desk.path()).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let before = names();
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(["check-records", "in", "--csv", "errors.csv"])
            .env(
                "KOHYO_FORMS",
                std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms"),
            )
            .env("KOHYO_KEYS", desk.path().join("keys"))
            .current_dir(desk.path())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        while names() == before {
            std::thread::sleep(Duration::from_millis(10));
        }
        std::thread::sleep(Duration::from_millis(500));
        let kill = std::process::Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(
            said.contains("中止しました。一覧は書いていません"),
            "{said}"
        );
        assert_eq!(names(), before);
    }
}

/// Opening the container to another place.
fn open(out: &str) -> Vec<&str> {
    let (_, most) = OPEN.split_last().unwrap();
    [most, &[out]].concat()
}

#[test]
fn containers_and_keys_are_never_replaced() {
    let desk = Desk::with_keys();
    desk.write("v.xml", RECORD);
    desk.refuses(FIRST, &["seal", "v.xml", "--out", "v.xml"], INPUT);
    let seal = [
        "seal",
        "v.xml",
        "--on",
        "2026-07-01",
        "--out",
        "june.kohyo-box",
    ];
    let own = super::OWN;
    desk.works(
        own,
        &[&seal[..], &["--csv", "errors.csv", "--list", "list.csv"]].concat(),
    );
    desk.refuses(own, &seal, "はすでにあります");
    let other = ["seal", "v.xml", "--out", "new.kohyo-box"];
    desk.refuses(own, &[&other[..], &["--csv", "v.xml"]].concat(), INPUT);
    desk.refuses(
        own,
        &[&other[..], &["--list", "new.kohyo-box"]].concat(),
        "は同じファイルです",
    );
    desk.refuses(
        own,
        &[&other[..], &["--csv", "-"]].concat(),
        "標準出力に書けません",
    );
    desk.refuses(
        own,
        &[&other[..], &["--list", "errors.csv"]].concat(),
        "この一覧でないもの",
    );
    desk.works(
        own,
        &[&other[..], &["--csv", "errors.csv", "--list", "list.csv"]].concat(),
    );

    desk.refuses(PLATFORM, &open("june.kohyo-box"), INPUT);
    for there in ["new.kohyo-box", "hospital.kohyo-key", "v.xml"] {
        desk.refuses(PLATFORM, &open(there), "はすでにあります");
    }
    desk.refuses(
        "",
        &["check-records", "v.xml", "--csv", "p/platform.kohyo-secret"],
        "鍵のファイル",
    );

    for out in ["hospital.kohyo-key", "p/platform.kohyo-secret", "v.xml"] {
        let issue = key_issue("1310000001", "東病院", "2099-03-31", out);
        desk.refuses(PLATFORM, &issue, out);
    }
    fs::remove_file(desk.path().join("p/platform.kohyo-secret")).unwrap();
    desk.refuses(
        PLATFORM,
        &["key", "new-platform", "--name", "別", "--out", "p"],
        "上書きしません",
    );
    desk.works("", &["release", "key", "--name", "配布元", "--out", "r"]);
    fs::remove_file(desk.path().join("r/release.kohyo-secret")).unwrap();
    desk.refuses(
        "",
        &["release", "key", "--name", "別", "--out", "r"],
        "上書きしません",
    );
}

#[test]
fn records_are_not_converted_printed_or_made_up_over_records() {
    let desk = Desk::new();
    desk.write("in/records.xml", RECORD);
    desk.refuses("", &["convert", "in", "--to", "xml", "--out", "in"], INPUT);
    for _ in 0..2 {
        desk.works(
            "",
            &["convert", "in/records.xml", "--to", "csv", "--out", "in"],
        );
    }
    desk.refuses(
        "",
        &["print", "in/records.xml", "--out", "in/records.xml"],
        INPUT,
    );
    let made = [
        "generate-records",
        "999@2024",
        "--count",
        "1",
        "--out",
        "in/records.xml",
    ];
    desk.refuses("", &made, "はすでにあります");
    let sent = ["send", "in/records.xml", "--server", "http://127.0.0.1:9"];
    desk.refuses(
        "",
        &[&sent[..], &["--csv", "in/records.xml"]].concat(),
        INPUT,
    );
    let receipt = ["--csv", "in/records.xml.receipt.json"];
    desk.refuses("", &[&sent[..], &receipt].concat(), "は同じファイルです");
}

#[test]
fn releases_and_kits_are_not_replaced_by_what_is_made_of_them() {
    let desk = Desk::new();
    desk.write("kit/index.json", "{}");
    let certify = [
        "certify",
        "--command",
        "x {file}",
        "--kit",
        "kit",
        "--report",
    ];
    desk.refuses("", &[&certify[..], &["kit/index.json"]].concat(), INPUT);
    desk.refuses(
        "",
        &[&certify[..], &["a", "--html", "a"]].concat(),
        "は同じファイルです",
    );
    desk.write("old.kohyo-release", "PK");
    desk.write("new.kohyo-release", "PK");
    let changes = ["changes", "old.kohyo-release", "new.kohyo-release"];
    desk.refuses(
        "",
        &[&changes[..], &["--html", "old.kohyo-release"]].concat(),
        INPUT,
    );
    desk.refuses(
        "",
        &[&changes[..], &["--html", "a", "--csv", "a"]].concat(),
        "は同じファイルです",
    );
    desk.works("", &["release", "key", "--name", "配布元", "--out", "r"]);
    let release = [
        "release",
        "--id",
        "1",
        "--key",
        "r/release.kohyo-secret",
        "--out",
    ];
    desk.refuses(
        "",
        &[&release[..], &["r/release.kohyo-secret"]].concat(),
        INPUT,
    );
    let next = ["old.kohyo-release", "--previous", "old.kohyo-release"];
    desk.refuses("", &[&release[..], &next].concat(), INPUT);
}

//! A vendor's checker against the kit, through the command as people call it.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use kohyo_compiler::kit::{Index, LeftOut};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_kohyo");
const PASSPHRASE: &str = "試験をする人の長いパスフレーズ";

fn kohyo(folder: &Path, arguments: &[&str]) -> Output {
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/kit");
    Command::new(BINARY)
        .args(arguments)
        .current_dir(folder)
        .env("KOHYO_FORMS", forms)
        .env("KOHYO_KEYS", folder.join("keys"))
        .env("KOHYO_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + text(&output.stderr).as_str()
}

/// A kit, a small deck and keys in a folder.
fn desk() -> TempDir {
    let desk = TempDir::new().unwrap();
    for arguments in [
        &["kit", "999", "--out", "out"][..],
        &[
            "kit", "999", "--out", "out", "--seed", "42", "--count", "12",
        ],
        &[
            "key",
            "new-platform",
            "--name",
            "試験をする人",
            "--out",
            "p",
        ],
    ] {
        let output = kohyo(desk.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
    desk
}

#[test]
fn kits_as_csv_and_fhir_expect_the_same_and_say_what_they_leave_out() {
    let desk = TempDir::new().unwrap();
    let own = format!("{BINARY} certify answer {{file}}");
    let folder = |format: &str| format!("{format}/kit/shitei-999-2020-{format}");
    for (format, extension) in [("csv", "csv"), ("fhir", "json")] {
        let kit = ["kit", "999", "--format", format, "--out", format];
        let thrown = ["--seed", "7", "--count", "10"];
        let made = kohyo(desk.path(), &kit);
        assert!(made.status.success(), "{}", said(&made));
        assert!(said(&made).contains("件（索引に理由）"), "{}", said(&made));
        let deck = kohyo(desk.path(), &[&kit[..], &thrown].concat());
        assert!(deck.status.success(), "{}", said(&deck));
        let index = desk.path().join(folder(format)).join("index.json");
        let index = Index::parse(&fs::read_to_string(index).unwrap()).unwrap();
        assert_eq!(index.format.name(), format);
        let ends = format!(".{extension}");
        assert!(
            index
                .records
                .iter()
                .all(|record| record.file.ends_with(&ends))
        );
        let reason = |check: &str| {
            let file = |left: &&LeftOut| left.file.contains(check);
            index
                .left_out
                .iter()
                .find(file)
                .map(|left| left.reason.clone())
        };
        let label = index.format.label();
        let of_xml = format!("XMLの書き方についての記録のため、{label}では書けません");
        assert_eq!(reason("xml-truncated"), Some(of_xml));
        let silent =
            format!("{label}では指摘が変わります（XML: xml.empty_element、{label}: なし）");
        assert_eq!(reason("xml-empty_element"), Some(silent));
        // What is about values is there.
        for layer in ["required.", "range.", "code.", "hidden.", "judgement."] {
            let purposes = index.records.iter().flat_map(|record| &record.purposes);
            let mut there = purposes.filter(|purpose| purpose.check.starts_with(layer));
            assert!(there.next().is_some(), "{format}: {layer}");
        }
        let certify = [
            "certify",
            "--command",
            &own,
            "--kit",
            format,
            "--timeout",
            "120",
        ];
        let output = kohyo(desk.path(), &certify);
        assert!(output.status.success(), "{}", said(&output));
        assert!(said(&output).contains(&format!("shitei-999-2020-7-{format}")));
    }
}

#[test]
fn our_own_checker_agrees_and_one_that_drops_a_check_is_caught_by_name() {
    let desk = desk();
    let own = format!("{BINARY} certify answer {{file}}");
    let output = kohyo(
        desk.path(),
        &[
            "certify",
            "--command",
            &own,
            "--kit",
            "out",
            "--report",
            "own.json",
            "--html",
            "own.html",
            "--documents",
            "docs",
            "--key",
            "p/platform.kohyo-secret",
            "--product",
            "個票くん",
            "--product-version",
            "3.2",
            "--timeout",
            "120",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        said(&output).contains("  プログラム 個票くん 3.2\n")
            && said(&output).contains("相違はありません"),
        "{}",
        said(&output)
    );
    let html = fs::read_to_string(desk.path().join("own.html")).unwrap();
    assert!(html.contains("相違はありません"), "{html}");
    let words = "<a href=\"docs/shitei-999-2020.html#required.tremor\">required.tremor</a><br><small>「振戦」が未記入です</small>";
    assert!(html.contains(words), "{html}");
    assert!(
        html.contains("試験をする人（鍵の指紋") && html.contains("kohyo certify verify own.json"),
        "{html}"
    );
    signature(desk.path());

    // A checker that knows every check but R001.
    let script = format!(
        "{BINARY} certify answer \"$1\" | sed -e 's/{{\"file\":\"[^\"]*\",\"record\":[0-9]*,\"check\":\"R001\"[^}}]*}},*//g' -e 's/,]/]/g'\n"
    );
    fs::write(desk.path().join("vendor.sh"), script).unwrap();
    let output = kohyo(
        desk.path(),
        &[
            "certify",
            "--command",
            "sh vendor.sh {file}",
            "--kit",
            "out/kit",
            "--report",
            "vendor.json",
            "--timeout",
            "120",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let text = fs::read_to_string(desk.path().join("vendor.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let wrong: Vec<&str> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["missed"] != 0 || line["false_alarms"] != 0)
        .map(|line| line["check"].as_str().unwrap())
        .collect();
    assert_eq!(wrong, ["R001"], "{text}");
    assert_eq!(report["summary"]["troubles"], 0, "{text}");
    assert_eq!(report["summary"]["wrong_verdicts"], 0, "{text}");
    assert!(said(&output).contains("見逃し"), "{}", said(&output));
}

/// The report of our own checker, verified, then changed.
fn signature(folder: &Path) {
    let verify = |report: &str| {
        kohyo(
            folder,
            &["certify", "verify", report, "--key", "p/platform.kohyo-pub"],
        )
    };
    let output = verify("own.json");
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("署名を確かめました: 試験をする人"));
    let text = fs::read_to_string(folder.join("own.json")).unwrap();
    let agreed = text.find("\"agreed\": ").unwrap() + "\"agreed\": ".len();
    let mut changed = text.clone();
    changed.insert(agreed, '1');
    fs::write(folder.join("changed.json"), changed).unwrap();
    let output = verify("changed.json");
    assert!(!output.status.success());
    assert!(
        said(&output).contains("署名が正しくありません"),
        "{}",
        said(&output)
    );
    let (body, _) = text.rsplit_once("\n,\"signature\"").unwrap();
    fs::write(folder.join("unsigned.json"), format!("{body}\n}}\n")).unwrap();
    let output = verify("unsigned.json");
    assert!(
        said(&output).contains("署名がありません"),
        "{}",
        said(&output)
    );
}

/// One program for all records, asked line by line.
#[test]
fn a_program_that_goes_on_is_asked_record_by_record() {
    let desk = desk();
    let script = format!(
        "echo begun >> begun.txt\nwhile read file; do {BINARY} certify answer \"$file\"; done\n"
    );
    fs::write(desk.path().join("vendor.sh"), script).unwrap();
    let run = |command: &str| {
        let own = ["certify", "--command", command, "--kit", "out", "--batch"];
        let more = ["--timeout", "120", "--threads", "1"];
        kohyo(desk.path(), &[&own[..], &more].concat())
    };
    let output = run("sh vendor.sh");
    assert!(output.status.success(), "{}", said(&output));
    let begun = fs::read_to_string(desk.path().join("begun.txt")).unwrap();
    // The first record is asked alone, to see whether the program starts at all.
    assert_eq!(begun.lines().count(), 2, "{begun}");
    let output = run("sh vendor.sh {file}");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("コマンドから {file} を除いてください"));
}

/// A program that prints the file it is given agrees with records that are their own answers.
#[test]
fn records_that_are_not_those_of_the_index_are_refused() {
    let desk = desk();
    let folder = desk.path().join("out/kit/shitei-999-2020");
    let index = Index::parse(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let record = &index.records[3].file;
    let answer = kohyo(desk.path(), &["certify", "answer", "none.xml"]);
    assert_eq!(answer.status.code(), Some(2));
    let path = format!("out/kit/shitei-999-2020/{record}");
    let answer = kohyo(desk.path(), &["certify", "answer", &path]);
    fs::write(desk.path().join(&path), answer.stdout).unwrap();
    let output = kohyo(
        desk.path(),
        &["certify", "--command", "cat {file}", "--kit", "out/kit"],
    );
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let told = format!("エラー: この検証キットの記録が変わっています: {path}\n");
    assert!(said(&output).contains(&told), "{}", said(&output));
}

/// A file that was not read to its end is named as `check-records` names it.
#[test]
fn an_answer_about_a_file_that_is_cut_says_so() {
    let desk = desk();
    let folder = desk.path().join("out/kit/shitei-999-2020");
    let index = Index::parse(&fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    let whole = fs::read_to_string(folder.join(&index.records[0].file)).unwrap();
    let cut = whole.split_at(whole.find("</").unwrap()).0;
    fs::write(desk.path().join("cut.xml"), cut).unwrap();
    let answer = kohyo(desk.path(), &["certify", "answer", "cut.xml"]);
    let answer: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap();
    let broken = &answer["summary"]["broken"];
    assert_eq!(broken[0]["file"], "cut.xml", "{answer}");
    assert_eq!(broken[0]["stopped"], true, "{answer}");
}

/// The kits of a report are those at hand, those of a release, or neither.
#[test]
fn a_report_is_compared_with_a_kit_and_a_release() {
    let desk = desk();
    let run = |arguments: &[&str]| kohyo(desk.path(), arguments);
    for arguments in [
        &["release", "key", "--name", "配布元", "--out", "k"][..],
        &[
            "release",
            "--id",
            "2026-12",
            "--key",
            "k/release.kohyo-secret",
            "--out",
            "r.kohyo-release",
            "--without-paper",
        ],
        &[
            "release",
            "extract",
            "r.kohyo-release",
            "kit",
            "--key",
            "k/release.kohyo-pub",
            "--out",
            "x",
        ],
    ] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
    let of_release = ["--release", "r.kohyo-release"];
    let of_release = [&of_release[..], &["--release-key", "k/release.kohyo-pub"]].concat();
    let certify = |kit: &str, report: &str, more: &[&str]| {
        let signed = ["--key", "p/platform.kohyo-secret", "--report", report];
        let own = ["certify", "--command", "echo {file}", "--kit", kit];
        run(&[&own[..], &signed, more].concat())
    };
    let verify = |report: &str, more: &[&str]| {
        let own = ["certify", "verify", report, "--key", "p/platform.kohyo-pub"];
        run(&[&own[..], more].concat())
    };
    // The kit of a release is the kit that is made from the same definitions.
    let output = certify("out/kit", "kit.json", &of_release);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("  リリース 2026-12（目録のSHA-256 "),
        "{}",
        said(&output)
    );
    let output = verify("kit.json", &of_release);
    assert!(
        said(&output).contains("キット shitei-999-2020 は、リリース 2026-12 のものです"),
        "{}",
        said(&output)
    );
    // As it was taken out of the release, in every format, the records in a ZIP.
    let own = format!("{BINARY} certify answer {{file}}");
    let out = ["certify", "--command", &own, "--kit", "x/kit"];
    let output = run(&[&out[..], &of_release].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    for kit in ["", "-csv", "-fhir"] {
        let told = format!("キット shitei-999-2020{kit}");
        assert!(said(&output).contains(&told), "{}", said(&output));
    }
    fs::write(desk.path().join("x/kit/shitei-999-2020/records.zip"), "PK").unwrap();
    let output = run(&[&out[..], &of_release].concat());
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("records.zip から記録を取り出せません: ZIPではないか"),
        "{}",
        said(&output)
    );
    // A publisher who is registered where the variable says needs not be named.
    let output = verify("kit.json", &["--release", "r.kohyo-release"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let output = run(&["release", "trust", "k/release.kohyo-pub"]);
    assert!(output.status.success(), "{}", said(&output));
    let output = verify("kit.json", &["--release", "r.kohyo-release"]);
    assert!(
        said(&output).contains("キット shitei-999-2020 は、リリース 2026-12 のものです"),
        "{}",
        said(&output)
    );
    let output = verify("kit.json", &["--kit", "out/kit"]);
    assert!(
        said(&output).contains("キット shitei-999-2020 は、手元のキットと同じです"),
        "{}",
        said(&output)
    );
    let output = verify("kit.json", &[]);
    assert!(said(&output).contains("キットは比べていません"));
    let output = verify("kit.json", &["--kit", "out/deck"]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains(
            "報告書のキット shitei-999-2020 は、示されたキット・リリースのどれとも違います"
        ),
        "{}",
        said(&output)
    );
    // A deck is in no release.
    let output = certify("out/deck", "deck.json", &of_release);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains(
            "キット shitei-999-2020-42 は、リリース 2026-12 に入っているものではありません"
        ),
        "{}",
        said(&output)
    );
}

#[test]
fn a_program_that_does_not_start_is_refused_at_once_and_an_unknown_form_is_told() {
    let desk = desk();
    let run = |more: &[&str]| {
        let arguments = [&["certify", "--kit", "out/kit"], more].concat();
        kohyo(desk.path(), &arguments)
    };
    let output = run(&["--command", "no-such-checker {file}", "--report", "r.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        said(&output).trim(),
        "エラー: 「no-such-checker」を起動できません: 見つかりません（OSエラー 2）\n  `--command` の最初に、実行できるプログラムの名前か場所を書いてください"
    );
    assert!(!desk.path().join("r.json").exists());

    fs::create_dir(desk.path().join("forms")).unwrap();
    let output = run(&["--command", "echo {file}", "--forms", "forms"]);
    assert!(
        said(&output).contains("警告: キットの様式 shitei-999 の2020年版（"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_kit_is_the_same_bytes_every_time() {
    let (one, two) = (desk(), desk());
    let index = |desk: &TempDir| {
        let path = desk.path().join("out/kit/shitei-999-2020/index.json");
        fs::read_to_string(path).unwrap()
    };
    assert_eq!(index(&one), index(&two));
    // What the kit says of an item and of the checks of the form, without what every form has.
    let table = fs::read_to_string(one.path().join("out/kit/shitei-999-2020/index.csv")).unwrap();
    let mut lines = String::new();
    for row in csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes()).records() {
        let row = row.unwrap();
        let (file, check) = (row.get(0).unwrap(), row.get(1).unwrap());
        if !file.is_empty() && (check.contains("albumin") || check.starts_with('R')) {
            lines += &row
                .iter()
                .collect::<Vec<_>>()
                .join(" | ")
                .replace('\n', "、");
            lines += "\n";
        }
    }
    insta::assert_snapshot!(lines);
    let deck = |desk: &TempDir| {
        let path = desk.path().join("out/deck/shitei-999-2020-42/index.json");
        fs::read_to_string(path).unwrap()
    };
    assert_eq!(deck(&one), deck(&two));
}

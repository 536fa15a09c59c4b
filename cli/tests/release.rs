//! A release from its making to the hospital that judges with it, through the command as people
//! call it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is the report of a test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const SECRET: &str = "kohyo-release-secret 1\nname: 試験配布元\nsign_with: 0707070707070707070707070707070707070707070707070707070707070707\n";

/// A form of the other list of diseases.
const CHILD: &str = r#"disease shoman 04-008 "子の病" {
  edition "2025" from 2025-04-01
  source notice "見本の通知"
  status draft
}
section symptoms "症状" {
  field cyanosis "チアノーゼ" : choice { 1 present "あり"; 2 absent "なし" } required
}
judgement diagnosis "診断" {
  category met "該当" when cyanosis is present
  otherwise none "該当しない"
  eligible met
}
"#;

/// A folder of definitions, keys and releases.
struct Desk {
    folder: TempDir,
}

impl Desk {
    /// With a copy of the small library, and the key of the publisher registered.
    fn new() -> Self {
        let desk = Self {
            folder: TempDir::new().unwrap(),
        };
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms");
        copy(&source, &desk.path("forms"));
        fs::write(desk.path("secret"), SECRET).unwrap();
        let public = {
            let key = kohyo_bundle::ReleaseKey::parse(SECRET).unwrap();
            key.public().to_text()
        };
        fs::write(desk.path("public"), public).unwrap();
        let said = desk.works(&["release", "trust", "public"]);
        assert!(said.contains("指紋: "), "{said}");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn kohyo(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("KOHYO_KEYS", self.path("keys"))
            .env_remove("KOHYO_FORMS")
            .env_remove("KOHYO_RELEASE")
            .output()
            .unwrap()
    }

    /// What the command said; it must have succeeded.
    fn works(&self, arguments: &[&str]) -> String {
        let output = self.kohyo(arguments);
        let said = said(&output);
        assert!(output.status.success(), "{arguments:?}: {said}");
        said
    }

    /// What the command said; it must not have been able to do its work.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.kohyo(arguments);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        said
    }

    fn release(&self, id: &str, more: &[&str]) -> Vec<u8> {
        let out = format!("{id}.kohyo-release");
        let arguments = [
            "release",
            "--id",
            id,
            "--key",
            "secret",
            "--published",
            "2026-11-26",
            "--from",
            "2026-12-01",
            "--out",
            &out,
        ];
        self.works(&[&arguments[..], more].concat());
        fs::read(self.path(&out)).unwrap()
    }

    /// Changes one definition.
    fn edit(&self, from: &str, to: &str) {
        let form = self.path("forms/shitei/999_test/form.kohyo");
        let text = fs::read_to_string(&form).unwrap();
        assert!(text.contains(from));
        fs::write(form, text.replace(from, to)).unwrap();
    }

    /// A record that is complete and eligible.
    fn record(&self) {
        let xml = r#"<record xmlns="urn:kohyo:form:shitei-999:2024" application="new" written="2026-12-05">
  <patient><birth_date>1960-04-01</birth_date></patient>
  <diagnosis><tremor>1</tremor><rigidity>1</rigidity><marker unit="U/mL">12</marker><new_marker>1</new_marker></diagnosis>
  <severity><stage>2</stage></severity>
</record>"#;
        fs::create_dir_all(self.path("records")).unwrap();
        fs::write(self.path("records/a.xml"), xml).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn the_same_definitions_give_the_same_release() {
    let desk = Desk::new();
    let first = desk.release("2026-12", &[]);
    assert_eq!(first, desk.release("2026-12", &[]));

    let said = desk.works(&["release", "verify", "2026-12.kohyo-release"]);
    assert!(said.contains("ファイルの内容を確かめました"), "{said}");
    assert!(said.contains("2027年11月30日 まで"), "{said}");

    let json = desk.works(&["release", "list", "2026-12.kohyo-release", "--json"]);
    let manifest: serde_json::Value = serde_json::from_str(&json).unwrap();
    let files = manifest["files"].as_array().unwrap();
    // One form, and what is there for all of them.
    let shown = |file: &&serde_json::Value| {
        let edition = file["form"]["edition"].as_str();
        edition.is_none_or(|edition| edition == "2024")
    };
    let lines: Vec<String> = files
        .iter()
        .filter(shown)
        .map(|file| {
            let form = file["form"]["key"]
                .as_str()
                .map(|key| format!("{key} {}", file["form"]["edition"].as_str().unwrap()));
            format!(
                "{} [{}]{}",
                file["path"].as_str().unwrap(),
                file["kind"].as_str().unwrap(),
                form.map(|form| format!(" {form}")).unwrap_or_default()
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));

    desk.works(&[
        "release",
        "extract",
        "2026-12.kohyo-release",
        "artefacts/xsd",
        "--out",
        "x",
    ]);
    assert!(desk.path("x/artefacts/xsd/shitei-999-2024.xsd").exists());
    assert!(!desk.path("x/programs").exists());
}

/// Vendors have no repository: whatever an artefact or a message sends them to is in the release.
#[test]
fn every_document_that_is_named_comes_along() {
    let desk = Desk::new();
    desk.release("2026-12", &["--without-kit", "--without-paper"]);
    desk.works(&[
        "release",
        "extract",
        "2026-12.kohyo-release",
        "--out",
        "all",
    ]);
    let mut texts = Vec::new();
    for folder in ["artefacts", "cards", "programs"] {
        texts_below(&desk.path("all").join(folder), &mut texts);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut sources = Vec::new();
    for folder in ["compiler/src", "runtime", "cli/src"] {
        texts_below(&root.join(folder), &mut sources);
    }
    texts.extend(sources.into_iter().map(|(path, text)| {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().filter(|line| {
            // Comments are for us, the pages on the language for authors.
            !line.trim_start().starts_with("//") && !line.contains("docs/language/")
        });
        (path, lines.collect::<Vec<_>>().join("\n"))
    }));
    let mut named = 0;
    for (path, text) in &texts {
        for rest in text.split("docs/").skip(1) {
            let is_path = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
            let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
            let name = rest[..end].trim_end_matches('.');
            assert!(
                desk.path("all/docs").join(name).exists(),
                "{} names docs/{name}, which is not in the release",
                path.display()
            );
            named += 1;
        }
    }
    assert!(named > 10, "only {named} were found");
}

/// Every text of a folder but what tests keep there.
fn texts_below(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let tests = ["tests", "tests.rs", "snapshots"]
            .iter()
            .any(|name| path.ends_with(name));
        if path.is_dir() && !tests {
            texts_below(&path, into);
        } else if let (false, Ok(text)) = (tests, fs::read_to_string(&path)) {
            into.push((path, text));
        }
    }
}

#[test]
fn a_hospital_judges_with_the_release_alone() {
    let desk = Desk::new();
    desk.release("2026-12", &["--without-kit", "--without-paper"]);
    desk.record();
    fs::remove_dir_all(desk.path("forms")).unwrap();
    let check = [
        "check-records",
        "records",
        "--release",
        "2026-12.kohyo-release",
        "--on",
        "2026-12-10",
        "--json",
        "list.json",
        "--html",
        "summary.html",
    ];
    let said = desk.works(&check);
    assert!(said.contains("認定基準を満たす 1"), "{said}");
    assert!(said.contains("リリース 2026-12（試験配布元"), "{said}");
    assert!(
        said.contains("架空の病気（shitei-999、2024年版） 1件"),
        "{said}"
    );
    let list: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.path("list.json")).unwrap()).unwrap();
    assert_eq!(list["forms"][0]["edition"], "2024");
    assert_eq!(list["forms"][0]["records"], 1);
    let release = list["release"].as_str().unwrap();
    assert!(release.starts_with("2026-12-"), "{release}");
    let page = fs::read_to_string(desk.path("summary.html")).unwrap();
    assert!(
        page.contains(release) && page.contains("shitei-999"),
        "{page}"
    );
}

/// Servers judge by the release in force: it has the program of the programme's form, its card, and
/// nothing that somebody could build records of it with.
#[test]
fn records_are_converted_and_printed_with_the_release_alone() {
    let desk = Desk::new();
    let child = desk.path("forms/shoman/04/008_test");
    fs::create_dir_all(&child).unwrap();
    fs::write(child.join("form.kohyo"), CHILD).unwrap();
    let release = [
        "release",
        "--id",
        "r",
        "--key",
        "secret",
        "--from",
        "2020-04-01",
        "--until",
        "2099-03-31",
    ];
    desk.works(&[&release[..], &["--out", "r.kohyo-release"]].concat());
    let head = desk.works(&["csv-template", "999@2024"]);
    let of_child = desk.works(&["csv-template", "04-008"]);
    fs::remove_dir_all(desk.path("forms")).unwrap();
    let by = ["--release", "r.kohyo-release"];
    let works = |arguments: &[&str]| desk.works(&[arguments, &by[..]].concat());
    assert_eq!(works(&["csv-template", "999@2024"]), head);
    for child in ["04-008", "shoman-04-008@2025"] {
        assert_eq!(works(&["csv-template", child]), of_child);
    }
    let case = ["print", "999", "--case", "どれでも", "--out", "a.pdf"];
    let case = desk.refused(&[&case[..], &by].concat());
    assert!(case.contains("環境変数 `KOHYO_RELEASE`"), "{case}");
    let none = desk.refused(&[&["csv-template", "998"][..], &by].concat());
    assert!(
        none.contains("リリースに「998」の様式がありません"),
        "{none}"
    );
    desk.record();
    works(&["convert", "records", "--to", "csv", "--out", "c"]);
    let csv = fs::read_to_string(desk.path("c/shitei-999-2024.csv")).unwrap();
    let csv = csv.replace("1960-04-01", "昭和35年4月1日");
    fs::write(desk.path("c/shitei-999-2024.csv"), csv).unwrap();
    let said = works(&[
        "convert",
        "c",
        "--to",
        "xml",
        "--out",
        "x",
        "--normalise",
        "--changes",
        "changes.csv",
    ]);
    assert!(said.contains("読み替えた値 1 件"), "{said}");
    let xml = fs::read_to_string(desk.path("x/records.xml")).unwrap();
    assert!(xml.contains("<birth_date>1960-04-01<"), "{xml}");
    let changes = fs::read_to_string(desk.path("changes.csv")).unwrap();
    assert!(changes.contains("昭和35年4月1日"), "{changes}");
    works(&["print", "records/a.xml", "--out", "a.pdf"]);
    assert!(fs::read(desk.path("a.pdf")).unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_form_of_the_programme_comes_with_its_program_and_card_alone() {
    let desk = Desk::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../forms/programme");
    copy(&source, &desk.path("forms/programme"));
    desk.release("2026-12", &["--without-kit", "--without-paper"]);
    let listed = desk.works(&["release", "list", "--files", "2026-12.kohyo-release"]);
    let files: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().last())
        .filter(|path| path.contains("high_cost"))
        .collect();
    assert_eq!(
        files,
        [
            "cards/programme-high_cost-2015.md",
            "programs/programme-high_cost-2015.json"
        ]
    );
    let record = r#"<record xmlns="urn:kohyo:form:programme-high_cost:2015" application="new" written="2026-12-01"></record>"#;
    fs::write(desk.path("record.xml"), record).unwrap();
    let checked = desk.kohyo(&[
        "check-records",
        "record.xml",
        "--release",
        "2026-12.kohyo-release",
        "--on",
        "2026-12-02",
        "--json",
        "list.json",
    ]);
    assert!(!checked.status.success(), "{}", said(&checked));
    let list = fs::read_to_string(desk.path("list.json")).unwrap();
    assert!(
        list.contains("様式「programme-high_cost」はありません"),
        "{list}"
    );
}

#[test]
fn what_is_not_signed_or_not_valid_does_not_judge() {
    let desk = Desk::new();
    let good = desk.release("2026-12", &["--without-kit", "--without-paper"]);
    desk.record();
    let check = |file: &str, on: &str| {
        desk.refused(&["check-records", "records", "--release", file, "--on", on])
    };
    let file = "2026-12.kohyo-release";
    for (day, words) in [
        ("2026-11-30", "から有効です"),
        ("2027-12-01", "の有効期間は"),
    ] {
        let said = check(file, day);
        assert!(said.contains(words) && said.contains("\n  "), "{said}");
    }
    // Another key than the one registered.
    let other = SECRET.replace("07", "08");
    fs::write(desk.path("secret"), other).unwrap();
    desk.release("other", &["--without-kit", "--without-paper"]);
    let said = check("other.kohyo-release", "2026-12-10");
    assert!(said.contains("登録されていない鍵"), "{said}");
    // Nobody is believed without a registered key.
    fs::remove_dir_all(desk.path("keys")).unwrap();
    let said = check(file, "2026-12-10");
    assert!(said.contains("kohyo release trust"), "{said}");
    desk.works(&["release", "trust", "public"]);
    // Cut off, and changed somewhere.
    fs::write(desk.path("cut"), &good[..good.len() / 2]).unwrap();
    let said = check("cut", "2026-12-10");
    assert!(said.contains("途中で切れています"), "{said}");
    let said = desk.refused(&["release", "verify", "cut"]);
    assert!(said.contains("［release.not_a_release］"), "{said}");
    // The program that the record needs: nothing that was judged counts.
    let name = b"programs/shitei-999-2024.json";
    let at = good.windows(name.len()).position(|w| w == name).unwrap();
    let mut changed = good.clone();
    changed[at + name.len() + 60] ^= 1;
    fs::write(desk.path("changed"), changed).unwrap();
    let said = check("changed", "2026-12-10");
    assert!(
        said.contains("リリースの様式 shitei-999 の2024年版を使えません"),
        "{said}"
    );
    // A changed byte anywhere is noticed, or stands in what the ZIP says of itself and changes nothing
    // that is given out.
    let given = |file: &str| {
        desk.works(&["release", "extract", file, "--out", "given"]);
        let files = contents(&desk.path("given"));
        fs::remove_dir_all(desk.path("given")).unwrap();
        files
    };
    let whole = given(file);
    let mut refused = 0;
    for at in (0..good.len()).step_by(good.len() / 40) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        fs::write(desk.path("changed"), changed).unwrap();
        let output = desk.kohyo(&["release", "verify", "changed"]);
        if output.status.success() {
            assert!(given("changed") == whole, "the byte at {at}");
        } else {
            refused += 1;
        }
    }
    assert!(refused >= 30, "only {refused} of 41 changes were noticed");
}

/// The files of a folder with what is in them.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn the_list_of_changes_comes_with_the_release_and_ids_do_not_vanish() {
    let desk = Desk::new();
    desk.release("2026-06", &["--without-kit", "--without-paper"]);
    desk.edit("3 wheelchair \"車椅子\"", "3 wheelchair \"車いす\"");
    desk.edit(
        "  field new_marker \"新しい検査\"   : finding required\n",
        "  field new_marker \"新しい検査\"   : finding required\n  field extra \"追加の項目\" : finding\n",
    );
    let asked = "  ask extra because \"追加\"\n";
    desk.edit("  ask new_marker", &format!("{asked}  ask new_marker"));
    desk.release(
        "2026-12",
        &[
            "--without-kit",
            "--without-paper",
            "--previous",
            "2026-06.kohyo-release",
        ],
    );
    // Releases in reversed order are told.
    let later = ["--published", "2027-05-20", "--from", "2027-06-01"];
    let made = [
        &["release", "--id", "2027-06", "--key", "secret"],
        &later[..],
    ]
    .concat();
    let made = [
        &made[..],
        &["--out", "later", "--without-kit", "--without-paper"],
    ]
    .concat();
    desk.works(&made);
    let output = desk.kohyo(&["changes", "later", "2026-12.kohyo-release"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("警告: 前のリリース 2027-06（2027年5月20日公表）"),
        "{said}"
    );
    let changes = ["changes", "2026-06.kohyo-release", "2026-12.kohyo-release"];
    let output = desk.kohyo(&changes);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stdout));
    desk.works(&[
        "release",
        "extract",
        "2026-12.kohyo-release",
        "changes.json",
        "changes.html",
        "changes.csv",
        "--out",
        "x",
    ]);
    let listed = desk.kohyo(&[&changes[..], &["--json"]].concat());
    assert_eq!(
        fs::read(desk.path("x/changes.json")).unwrap(),
        listed.stdout
    );

    desk.edit("  field extra \"追加の項目\" : finding\n", "");
    desk.edit(asked, "");
    let next = [
        "release",
        "--id",
        "2027-06",
        "--key",
        "secret",
        "--from",
        "2027-06-01",
        "--without-kit",
        "--without-paper",
        "--previous",
        "2026-12.kohyo-release",
        "--out",
        "2027-06.kohyo-release",
    ];
    let said = desk.refused(&next);
    let line = said.lines().find(|line| line.contains("id: \"extra\""));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    let file = desk.path("forms/withdrawn.yaml");
    fs::write(file, format!("withdrawn:\n{line}\n")).unwrap();
    desk.works(&next);
}

//! From the hospital's files to the platform's records, through the command as people call it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const PLATFORM: &str = "受付先の長いパスフレーズ2026";
const FIRST: &str = "最初の長いパスフレーズ2026年";
const OWN: &str = "病院の長いパスフレーズ2026年";

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn kohyo(&self, passphrase: &str, arguments: &[&str]) -> Output {
        let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/editions/forms");
        Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(arguments)
            .current_dir(self.path())
            .env("KOHYO_FORMS", forms)
            .env("KOHYO_KEYS", self.path().join("keys"))
            .env("KOHYO_PASSPHRASE", passphrase)
            .env("KOHYO_KEY_PASSPHRASE", FIRST)
            .env("KOHYO_NEW_PASSPHRASE", OWN)
            .output()
            .unwrap()
    }

    /// What the command said; it must have succeeded.
    fn works(&self, passphrase: &str, arguments: &[&str]) -> String {
        let output = self.kohyo(passphrase, arguments);
        let said = said(&output);
        assert!(output.status.success(), "{arguments:?}: {said}");
        said
    }

    /// What the command said; it must have failed.
    fn fails(&self, passphrase: &str, arguments: &[&str]) -> String {
        let output = self.kohyo(passphrase, arguments);
        let said = said(&output);
        assert!(!output.status.success(), "{arguments:?}: {said}");
        said
    }

    /// A platform, a key of a hospital, imported with a passphrase of its own.
    fn with_keys() -> Self {
        let desk = Self::new();
        let said = desk.works(
            PLATFORM,
            &["key", "new-platform", "--name", "試験受付", "--out", "p"],
        );
        assert!(said.contains("指紋: "), "{said}");
        desk.issue(&[]);
        desk.works(
            FIRST,
            &[
                "key",
                "import",
                "hospital.kohyo-key",
                "--platform",
                "p/platform.kohyo-pub",
                "--change-passphrase",
            ],
        );
        desk
    }

    /// Issues a key; gives its number.
    fn issue(&self, more: &[&str]) -> String {
        let arguments = [
            "key",
            "issue",
            "--platform",
            "p/platform.kohyo-secret",
            "--hospital",
            "1310000001",
            "--name",
            "東病院",
            "--to",
            "2099-03-31",
            "--register",
            "register",
            "--out",
            "hospital.kohyo-key",
        ];
        let said = self.works(PLATFORM, &[&arguments[..], more].concat());
        let kid = said.lines().find_map(|line| line.strip_prefix("鍵番号: "));
        kid.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|text| String::from_utf8_lossy(text))
        .concat()
}

const OPEN: &[&str] = &[
    "open",
    "june.kohyo-box",
    "--platform",
    "p/platform.kohyo-secret",
    "--register",
    "register",
    "--out",
    "opened.xml",
];

#[test]
fn records_travel_from_csv_to_the_platform() {
    let desk = Desk::with_keys();
    let verified = desk.works(OWN, &["key", "verify"]);
    assert!(verified.contains("東病院（1310000001）"), "{verified}");
    assert!(
        desk.fails(FIRST, &["key", "verify"])
            .contains("パスフレーズが違います")
    );

    let csv = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage,onset\n\
               shitei-999,2024,new,2026-06-01,昭和25年4月1日,1,1,10.5,1,2,平成30年4月\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,１,1,10.5,1,9,2019-04\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,7,1,10.5,1,2,2019-04\n";
    let (sjis, _, lossy) = encoding_rs::SHIFT_JIS.encode(csv);
    assert!(!lossy);
    fs::create_dir(desk.path().join("in")).unwrap();
    fs::write(desk.path().join("in/june.csv"), sjis).unwrap();

    let seal = [
        "seal",
        "in",
        "--out",
        "june.kohyo-box",
        "--normalise",
        "--changes",
        "changes.csv",
        "--csv",
        "errors.csv",
        "--list",
        "list.csv",
    ];
    let said = desk.fails(OWN, &seal);
    assert!(
        said.contains("封緘していません") && !desk.path().join("june.kohyo-box").exists(),
        "{said}"
    );
    let said = desk.works(OWN, &[&seal[..], &["--skip-errors"]].concat());
    assert!(
        said.contains("個票 2 件を june.kohyo-box に封緘しました"),
        "{said}"
    );
    let read = |name: &str| fs::read_to_string(desk.path().join(name)).unwrap();
    assert!(
        read("changes.csv").contains("平成30年4月,2018-04"),
        "{}",
        read("changes.csv")
    );
    assert!(
        read("errors.csv").contains("code.tremor"),
        "{}",
        read("errors.csv")
    );
    assert_eq!(
        read("list.csv").lines().skip(1).collect::<Vec<_>>(),
        ["1,in/june.csv,1", "2,in/june.csv,2"]
    );

    let said = desk.works(PLATFORM, OPEN);
    assert!(said.contains("東病院（1310000001）"), "{said}");
    let xml = read("opened.xml");
    assert!(
        xml.starts_with("<?xml") && xml.matches("<record ").count() == 2,
        "{xml}"
    );
    let said = desk.works(
        "",
        &["check-records", "opened.xml", "--json", "opened.json"],
    );
    assert!(
        said.contains("1 ファイル、2 件: エラーのある記録 0 件"),
        "{said}"
    );
}

#[test]
fn withdrawn_keys_and_broken_containers_are_refused() {
    let desk = Desk::with_keys();
    let key = desk.issue(&[]);
    desk.works(FIRST, &["key", "import", "hospital.kohyo-key"]);
    let record = "<record xmlns=\"urn:kohyo:form:shitei-999:2024\" application=\"new\" written=\"2026-06-01\">\
                  <patient><birth_date>1950-04-01</birth_date></patient><diagnosis>\
                  <tremor>1</tremor><rigidity>1</rigidity><marker>1.0</marker><new_marker>1</new_marker></diagnosis>\
                  <severity><stage>2</stage></severity></record>";
    fs::write(desk.path().join("one.xml"), record).unwrap();
    // Both keys end on the same day; remove the first so that the second is used.
    for entry in fs::read_dir(desk.path().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".kohyo-key") && !name.starts_with(&key) {
            fs::remove_file(path).unwrap();
        }
    }
    desk.works(FIRST, &["seal", "one.xml", "--out", "june.kohyo-box"]);
    desk.works(PLATFORM, OPEN);

    let new = desk.issue(&["--replaces", &key]);
    assert_ne!(new, key);
    desk.works(PLATFORM, OPEN); // sealed before
    desk.works(
        "",
        &[
            "key",
            "withdraw",
            &key,
            "--reason",
            "compromised",
            "--register",
            "register",
        ],
    );
    fs::remove_file(desk.path().join("opened.xml")).unwrap();
    let said = desk.fails(PLATFORM, OPEN);
    assert!(said.contains("漏えい"), "{said}");
    desk.works(
        "",
        &[
            "key",
            "withdraw",
            &key,
            "--reason",
            "reissued",
            "--register",
            "register",
        ],
    );
    let mut container = fs::read(desk.path().join("june.kohyo-box")).unwrap();
    *container.last_mut().unwrap() ^= 1;
    fs::write(desk.path().join("june.kohyo-box"), &container).unwrap();
    let said = desk.fails(PLATFORM, OPEN);
    assert!(said.contains("署名が合いません"), "{said}");
    assert!(!desk.path().join("opened.xml").exists());
}

#[test]
fn a_key_of_another_platform_is_not_imported() {
    let desk = Desk::with_keys();
    desk.works(
        PLATFORM,
        &["key", "new-platform", "--name", "別の受付", "--out", "q"],
    );
    let said = desk.fails(
        FIRST,
        &[
            "key",
            "import",
            "hospital.kohyo-key",
            "--platform",
            "q/platform.kohyo-pub",
        ],
    );
    assert!(
        said.contains("すでに取り込んだ受付先の公開鍵と違います"),
        "{said}"
    );
    let again = desk.fails(
        PLATFORM,
        &["key", "new-platform", "--name", "試験受付", "--out", "p"],
    );
    assert!(again.contains("上書きしません"), "{again}");
}

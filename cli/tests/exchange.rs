//! From the hospital's files to the platform's records, through the command as people call it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is the report of a test"
)]

#[path = "exchange/outputs.rs"]
mod outputs;

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
        // A key that was handed over before is not replaced.
        let _ = fs::remove_file(self.path().join("hospital.kohyo-key"));
        let arguments = key_issue("1310000001", "東病院", "2099-03-31", "hospital.kohyo-key");
        let said = self.works(PLATFORM, &[&arguments[..], more].concat());
        let kid = said.lines().find_map(|line| line.strip_prefix("鍵番号: "));
        kid.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

/// The command that issues a hospital's key.
fn key_issue<'a>(hospital: &'a str, name: &'a str, to: &'a str, out: &'a str) -> Vec<&'a str> {
    let secret = "p/platform.kohyo-secret";
    let of = ["key", "issue", "--platform", secret, "--hospital", hospital];
    let what = ["--name", name, "--to", to, "--register", "register"];
    [&of[..], &what, &["--out", out]].concat()
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
        said.contains("1 ファイル、2 件: エラーのある個票 0 件"),
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
    fs::remove_file(desk.path().join("opened.xml")).unwrap();

    // Times are whole seconds: a container of the second of the re-issue would not be one from before.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let new = desk.issue(&["--replaces", &key]);
    assert_ne!(new, key);
    desk.works(PLATFORM, OPEN); // sealed before
    fs::remove_file(desk.path().join("opened.xml")).unwrap();

    let whole = fs::read(desk.path().join("june.kohyo-box")).unwrap();
    let mut broken = whole.clone();
    *broken.last_mut().unwrap() ^= 1;
    fs::write(desk.path().join("june.kohyo-box"), &broken).unwrap();
    let said = desk.fails(PLATFORM, OPEN);
    assert!(
        said.contains("署名が合いません") && said.contains("（box.signature）"),
        "{said}"
    );
    fs::write(desk.path().join("june.kohyo-box"), &whole).unwrap();

    let state = || fs::read_to_string(desk.path().join(format!("register/{key}.state"))).unwrap();
    let withdraw = |reason: &str| {
        let what = ["key", "withdraw", &key, "--reason", reason];
        desk.works("", &[&what[..], &["--register", "register"]].concat())
    };
    // Of several re-issues the first counts.
    let reissued = state();
    let said = withdraw("reissued");
    assert!(said.contains("初めに登録した時刻は変わりません"), "{said}");
    assert_eq!(state(), reissued);
    // A new key does not make the one that leaked any safer.
    withdraw("compromised");
    let compromised = state();
    let said = withdraw("reissued");
    assert!(said.contains("「漏えいの届出あり」のままです"), "{said}");
    desk.issue(&["--replaces", &key]);
    assert_eq!(state(), compromised);
    let said = desk.fails(PLATFORM, OPEN);
    assert!(
        said.contains("漏えい") && said.contains("（box.key_compromised）"),
        "{said}"
    );
    assert!(!desk.path().join("opened.xml").exists());

    fs::write(desk.path().join(format!("register/{key}.state")), "?").unwrap();
    let withdraw = ["key", "withdraw", &key, "--reason", "reissued"];
    let said = desk.fails("", &[&withdraw[..], &["--register", "register"]].concat());
    assert!(said.contains("このファイルを消してから"), "{said}");
}

#[test]
fn a_key_is_issued_only_for_a_number_and_a_period_that_can_be() {
    let desk = Desk::new();
    desk.works(
        PLATFORM,
        &["key", "new-platform", "--name", "試験受付", "--out", "p"],
    );
    let issue = |hospital: &str, to: &str| {
        let issue = key_issue(hospital, "東病院", to, "hospital.kohyo-key");
        desk.fails(PLATFORM, &[&issue[..], &["--from", "2026-04-01"]].concat())
    };
    for number in [
        "abc",
        "131000000",
        "13100000011",
        "１３１０００００００1",
        "131000000x",
    ] {
        let said = issue(number, "2027-03-31");
        assert!(said.contains("半角の数字10桁で書いてください"), "{said}");
    }
    let said = issue("1310000001", "2026-03-31");
    let expected = "有効期間の終わり（2026-03-31 23:59）が、始まり（2026-04-01 00:00）より前です";
    assert!(said.contains(expected), "{said}");
    assert!(!desk.path().join("register").exists());
    assert!(!desk.path().join("hospital.kohyo-key").exists());
}

#[test]
fn one_list_goes_to_standard_output_if_asked_for() {
    let desk = Desk::new();
    fs::write(
        desk.path().join("one.xml"),
        "<records xmlns='urn:kohyo:records'/>",
    )
    .unwrap();
    let check = |lists: &[&str]| {
        let begin = ["check-records", "one.xml", "--on", "2026-07-01"];
        let arguments = [&begin[..], lists].concat();
        desk.kohyo("", &arguments)
    };
    let usual = check(&[]);
    let named = check(&["--csv", "-", "--json", "errors.json"]);
    assert_eq!(
        String::from_utf8_lossy(&named.stdout),
        String::from_utf8_lossy(&usual.stdout)
    );
    assert!(usual.stdout.starts_with("\u{feff}ファイル名,".as_bytes()));
    let json = check(&["--json", "-"]);
    assert_eq!(
        String::from_utf8_lossy(&json.stdout),
        fs::read_to_string(desk.path().join("errors.json")).unwrap()
    );
    assert!(!desk.path().join("-").exists());
    let both = check(&["--csv", "-", "--html", "-"]);
    assert_eq!(both.status.code(), Some(2), "{}", said(&both));
    assert!(said(&both).contains("標準出力（-）に書ける一覧は一つだけです"));
    assert!(both.stdout.is_empty());
    // The errors go there when no list is named.
    let changes = check(&["--normalise", "--changes", "-"]);
    assert_eq!(changes.status.code(), Some(2), "{}", said(&changes));
    assert!(changes.stdout.is_empty());
}

#[test]
fn of_several_keys_the_one_that_seals_is_said_and_another_can_be_chosen() {
    let desk = Desk::with_keys();
    let shown = desk.works("", &["key", "show"]);
    let kid = |shown: &str, hospital: &str| {
        let key = shown.split("\n\n").find(|key| key.contains(hospital));
        let key = key.unwrap_or_else(|| panic!("{shown}")).to_owned();
        let number = key.lines().find_map(|line| line.strip_prefix("鍵番号: "));
        (number.unwrap().to_owned(), key)
    };
    let (east, said) = kid(&shown, "東病院");
    assert!(
        said.contains("使えます（`kohyo seal` が使う鍵です）"),
        "{said}"
    );

    // Another hospital's, valid a year longer.
    let issue = key_issue("1310000002", "西病院", "2100-03-31", "w.kohyo-key");
    desk.works(PLATFORM, &issue);
    desk.works(FIRST, &["key", "import", "w.kohyo-key"]);
    let shown = desk.works("", &["key", "show"]);
    let (_, said) = kid(&shown, "西病院");
    assert!(
        said.contains("使えます（`kohyo seal` が使う鍵です）"),
        "{said}"
    );
    let (_, said) = kid(&shown, "東病院");
    assert!(
        said.contains(&format!("`kohyo seal --kid {east}`")),
        "{said}"
    );

    fs::write(desk.path().join("one.xml"), outputs::RECORD).unwrap();
    let seal = ["seal", "one.xml", "--on", "2026-07-01", "--out"];
    let said = desk.works(FIRST, &[&seal[..], &["west.kohyo-box"]].concat());
    assert!(said.contains("医療機関 西病院"), "{said}");
    let by = [&seal[..], &["east.kohyo-box", "--kid"]].concat();
    let said = desk.works(OWN, &[&by[..], &[&east]].concat());
    assert!(said.contains("医療機関 東病院"), "{said}");
    let verified = desk.works(OWN, &["key", "verify", "--kid", &east]);
    assert!(verified.contains("東病院"), "{verified}");
    let by = [&seal[..], &["none.kohyo-box", "--kid"]].concat();
    let said = desk.fails(OWN, &[&by[..], &["0123456789abcdef"]].concat());
    assert!(
        said.contains("に鍵 0123456789abcdef がありません"),
        "{said}"
    );
    assert!(
        desk.fails(OWN, &[&by[..], &["x"]].concat())
            .contains("鍵番号ではありません")
    );
}

#[test]
fn without_a_release_it_is_asked_for_and_unsigned_definitions_are_said() {
    let desk = Desk::with_keys();
    fs::write(desk.path().join("one.xml"), outputs::RECORD).unwrap();
    let seal = [
        "seal",
        "one.xml",
        "--out",
        "a.kohyo-box",
        "--on",
        "2026-07-01",
    ];
    for arguments in [&["check-records", "one.xml"][..], &["tool"], &seal] {
        let output = Command::new(env!("CARGO_BIN_EXE_kohyo"))
            .args(arguments)
            .current_dir(desk.path())
            .env_remove("KOHYO_FORMS")
            .env("KOHYO_KEYS", desk.path().join("keys"))
            .env("KOHYO_PASSPHRASE", OWN)
            .output()
            .unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        let release = said
            .find("`--release FILE`")
            .unwrap_or_else(|| panic!("{said}"));
        assert!(
            said.find("`--forms DIR`")
                .is_none_or(|forms| forms > release),
            "{said}"
        );
        assert!(
            said.contains("厚生労働省などの配布元が公表したリリースファイル"),
            "{said}"
        );
    }
    let words = "署名されたリリースではなく、定義のフォルダーによる";
    let check = [
        "check-records",
        "one.xml",
        "--on",
        "2026-07-01",
        "--html",
        "a.html",
    ];
    let said = desk.works("", &check);
    assert!(said.contains(words), "{said}");
    let page = fs::read_to_string(desk.path().join("a.html")).unwrap();
    assert!(page.contains(words), "{page}");
    let said = desk.works(OWN, &seal);
    assert!(said.contains(words), "{said}");
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

#[test]
fn files_that_are_passed_over_are_said() {
    let desk = Desk::with_keys();
    let at = |name: &str| desk.path().join(name);
    fs::create_dir(at("sk")).unwrap();
    for name in [
        "v0.xml",
        "患者2.xlsx",
        "患者3.txt",
        "a",
        "b",
        "c",
        "d",
        ".DS_Store",
    ] {
        fs::write(at(&format!("sk/{name}")), outputs::RECORD).unwrap();
    }
    let words = "読まなかったファイル 6 件: sk/a、sk/b、sk/c、sk/d、sk/患者2.xlsx、ほか 1 件";
    let on = ["--on", "2026-07-01"];
    let check = ["check-records", "sk", "--json", "list.json"];
    let said = desk.works("", &[&check[..], &on].concat());
    assert!(said.contains(words), "{said}");
    let list = fs::read_to_string(at("list.json")).unwrap();
    assert!(
        list.contains("\"sk/患者2.xlsx\",\"sk/患者3.txt\"]"),
        "{list}"
    );
    let said = desk.works(
        OWN,
        &[&["seal", "sk", "--out", "sk.kohyo-box"], &on[..]].concat(),
    );
    assert!(
        said.contains("個票 1 件を") && said.contains(words),
        "{said}"
    );
    let said = desk.works("", &["convert", "sk", "--to", "csv", "--out", "c"]);
    assert!(said.contains(words), "{said}");
}

/// One bad character must not drop the records behind it without a word.
#[test]
fn a_file_that_was_not_read_to_its_end_is_neither_sealed_nor_converted() {
    let desk = Desk::with_keys();
    let records = format!(
        "<records xmlns=\"urn:kohyo:records\">{}</records>",
        outputs::RECORD.repeat(3)
    );
    let row = "shitei-999,2024,new,2026-06-01,1950-04-01,1\n";
    let csv = format!("form,edition,application,written,birth_date,tremor\n{row}{row}");
    let (second, _) = records.match_indices("<record ").nth(1).unwrap();
    let broken = [
        ("amp.xml", records.replacen("1950", "A&B", 1).into_bytes()),
        ("cut.xml", records[..second + 60].into()),
        (
            "quote.csv",
            [csv.as_bytes(), b"\"shitei-999,2024\n"].concat(),
        ),
        (
            "mixed.csv",
            [csv.as_bytes(), b"\x8e\x52,\x81\xff\n"].concat(),
        ),
    ];
    fs::create_dir(desk.path().join("in")).unwrap();
    fs::write(desk.path().join("in/good.xml"), outputs::RECORD).unwrap();
    let seal = ["seal", "in", "--on", "2026-07-01", "--out", "a.kohyo-box"];
    let seal = [&seal[..], &["--skip-errors"]].concat();
    for (name, bytes) in broken {
        fs::write(desk.path().join("in").join(name), bytes).unwrap();
        let said = desk.fails(OWN, &seal);
        let place = format!("in/{name}: このファイルは途中までしか読めていません: ");
        assert!(said.contains(&place), "{said}");
        assert!(
            said.contains("封緘していません: 読み切れなかった"),
            "{said}"
        );
        assert!(!desk.path().join("a.kohyo-box").exists(), "{name}");
        let said = desk.fails("", &["check-records", "in", "--json", "list.json"]);
        assert!(said.contains(&place), "{said}");
        let said = desk.fails("", &["convert", "in", "--to", "csv", "--out", "c"]);
        assert!(said.contains("書いていません: 読み切れなかった"), "{said}");
        assert_eq!(fs::read_dir(desk.path().join("c")).unwrap().count(), 0);
        fs::remove_file(desk.path().join("in").join(name)).unwrap();
    }
    desk.works(OWN, &seal);
}

#[test]
fn values_in_a_misspelt_column_stop_converting() {
    let desk = Desk::new();
    let csv = "form,edition,application,written,birth_date,tremer\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,1\n";
    fs::write(desk.path().join("june.csv"), csv).unwrap();
    let told = desk.fails("", &["convert", "june.csv", "--to", "xml", "--out", "x"]);
    assert!(told.contains("書いていません: 読み切れなかった"), "{told}");
    assert!(
        told.contains(
            "2行43文字目: 様式 shitei-999 に「tremer」という項目はありませんが、値があります"
        ),
        "{told}"
    );
    assert!(
        !told.contains("件目は書きません") && !told.contains("件は書いていません"),
        "{told}"
    );
}

/// The same records in every format, each read again.
#[test]
fn records_are_converted_and_read_again() {
    let desk = Desk::new();
    let csv = "form,edition,application,written,birth_date,tremor,rigidity,marker,new_marker,stage,onset,aid\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,1,1,10.5,1,2,2019-04,1;2\n\
               shitei-999,2024,renewal,2026-06-02,1950-04,3,1,0.5,1,9,2019,\n\
               shitei-999,2024,new,2026-06-01,1950-04-01,7,1,10.5,1,2,2019-04,1\n";
    fs::write(desk.path().join("june.csv"), csv).unwrap();
    let told = desk.fails("", &["convert", "june.csv", "--to", "fhir", "--out", "f"]);
    assert!(told.contains("f に 2 件の個票を書きました"), "{told}");
    assert!(told.contains("june.csv の 3 件目は書きません"), "{told}");
    let responses = fs::read_to_string(desk.path().join("f/shitei-999-2024.ndjson")).unwrap();
    assert_eq!(responses.lines().count(), 2);
    assert!(responses.contains("\"valueDecimal\":10.5"), "{responses}");

    desk.works("", &["convert", "f", "--to", "xml", "--out", "x"]);
    desk.works("", &["convert", "x", "--to", "csv", "--out", "c"]);
    let again = fs::read_to_string(desk.path().join("c/shitei-999-2024.csv")).unwrap();
    let cells = |text: &str| -> Vec<Vec<String>> {
        let lines = text.trim_start_matches('\u{feff}').lines().skip(1);
        let mut rows: Vec<Vec<String>> = lines
            .take(2)
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect();
        for row in &mut rows {
            row.retain(|cell| !cell.is_empty());
        }
        rows
    };
    assert_eq!(cells(&again), cells(csv));
    let checked = desk.kohyo("", &["check-records", "f", "x", "c", "--on", "2026-07-01"]);
    assert!(
        said(&checked).contains("3 ファイル、6 件"),
        "{}",
        said(&checked)
    );
}

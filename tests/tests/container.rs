//! The page about the sealed container is enough to write another implementation: the sample in
//! Python, made from the page with other libraries, and `kohyo` open each other's containers.

use kohyo_exchange::seal::{
    Contents, KeyFile, NewKey, Passphrase, PlatformKeys, Register, SealedBox, State, seal,
};
use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tests::process::{answer, python_with};

const PASSPHRASE: &str = "二月の梅、三月の桃、四月の桜";

#[test]
fn the_sample_of_the_page_agrees_with_the_published_vectors() {
    let Some(python) = python() else { return };
    let output = Command::new(python)
        .args(["kohyo_box.py", "vectors", "vectors.txt"])
        .current_dir(page_folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(said.trim(), "ok: 39 values, 66 files");
}

#[test]
fn containers_of_the_sample_and_of_kohyo_open_each_other() {
    let Some(python) = python() else { return };
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = now.as_secs();
    let rng = &mut rand::rng();
    let passphrase = Passphrase::new(PASSPHRASE);
    let platform = PlatformKeys::generate("試験の受付", rng).unwrap();
    let new = NewKey {
        hospital: "1310000001".into(),
        name: "東病院".into(),
        not_before: now - 1,
        not_after: now + 1_000_000,
        tool_min_version: "0.1.0".into(),
    };
    let key_file = platform.issue(&new, &passphrase, rng).unwrap();
    let secret = platform.to_file(&passphrase, rng).unwrap();
    fs::write(path("key"), key_file.to_text()).unwrap();
    fs::write(path("pub"), platform.public().to_text()).unwrap();
    fs::write(path("secret"), secret.to_text()).unwrap();
    fs::write(path("cert"), key_file.certificate().to_text()).unwrap();
    let key = KeyFile::parse(&key_file.to_text(), platform.public())
        .unwrap()
        .unlock(&passphrase)
        .unwrap();
    let mut register = Register::default();
    register.set(key.certificate().clone(), State::Active);

    for length in [200, 16_383, 16_384, 16_385, 50_000] {
        let payload = three_records(length);
        fs::write(path("payload"), &payload).unwrap();

        let created = now.to_string();
        run(
            &python,
            folder.path(),
            &["seal", "key", "pub", "payload", "3", &created, "theirs"],
        );
        let theirs = fs::read(path("theirs")).unwrap();
        let mut verified = SealedBox::begin(Cursor::new(&theirs))
            .unwrap()
            .verify(&platform, &register, now)
            .unwrap_or_else(|error| panic!("{length}: {error}"));
        assert_eq!(verified.header().records, 3);
        let mut opened = Vec::new();
        verified
            .payload()
            .unwrap()
            .read_to_end(&mut opened)
            .unwrap();
        assert!(opened == payload, "{length}");

        let contents = Contents {
            payload: &payload,
            records: 3,
            created: now,
            tool: "kohyo",
            release: "test",
        };
        let mut ours = Vec::new();
        seal(&contents, &key, rng, &mut ours).unwrap();
        fs::write(path("ours"), &ours).unwrap();
        run(
            &python,
            folder.path(),
            &["open", "secret", "pub", "cert", "ours", "opened"],
        );
        assert!(fs::read(path("opened")).unwrap() == payload, "{length}");
    }
}

/// Record XML of exactly so many bytes.
fn three_records(length: usize) -> Vec<u8> {
    let record = "<record xmlns=\"urn:kohyo:form:shitei-006:2020\"/>";
    let xml = |space: &str| {
        let records = record.repeat(3);
        format!("<records xmlns=\"urn:kohyo:records\">{records}{space}</records>")
    };
    let space = length - xml("").len();
    xml(&" ".repeat(space)).into_bytes()
}

fn run(python: &Path, folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(python);
    command
        .arg(page_folder().join("kohyo_box.py"))
        .args(arguments)
        .current_dir(folder);
    answer(&mut command, &format!("{PASSPHRASE}\n"));
}

fn page_folder() -> PathBuf {
    tests::root().join("docs/exchange")
}

/// A Python with the libraries of the sample.
fn python() -> Option<PathBuf> {
    let module = "cryptography.hazmat.primitives.kdf.argon2"; // 44 or newer
    python_with(module, "the sample of containers did not run")
}
